"""Every fixture reads as its NAME.expected.json says: one test a field.

A fixture without an expectation gets one written and fails until a person has looked at it. A container's
expectation is a list with one entry a member.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from crawler.items import Capture, Ignored
from crawler.pages import read
from crawler.pages.describe import describe
from crawler.sources.containers import Member, members

FIXTURES = Path(__file__).parent.parent / "fixtures"
SUFFIX = ".expected.json"
CAPTURED = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
# Not captures: notes for people, and what only tools read.
NO_FIXTURES = frozenset({".py", ".toml"})


def fixtures() -> list[Path]:
    return sorted(
        path
        for path in FIXTURES.rglob("*")
        if path.is_file()
        and not path.name.endswith(SUFFIX)
        and not path.name.startswith((".", "README"))
        and path.suffix not in NO_FIXTURES
    )


def expectation(fixture: Path) -> Path:
    """`a.html` -> `a.expected.json`; where another fixture has the same stem, `a.html.expected.json`."""
    twins = [path for path in fixture.parent.glob(f"{fixture.stem}.*") if not path.name.endswith(SUFFIX)]
    name = fixture.name if len(twins) > 1 else fixture.stem
    return fixture.with_name(name + SUFFIX)


@cache
def found(fixture: Path) -> Any:
    """What the fixture says now: an object, or for a container a list of them."""
    with fixture.open("rb") as file:
        held = [member for member in members(file, fixture.name) if not isinstance(member, Ignored)]
    described = [_described(fixture, member) for member in held]
    return described[0] if len(held) == 1 and not held[0].path else described


def _described(fixture: Path, member: Member) -> dict[str, Any]:
    name = "!/".join((fixture.relative_to(FIXTURES).as_posix(), *member.path))
    capture = Capture(
        uri=f"file:///fixtures/{name}",
        name=name,
        content=member.content,
        captured_at=member.captured_at or CAPTURED,
        captured_at_source="warc" if member.captured_at else "mtime",
        url=member.url,
        media_type=member.media_type,
        problem=member.problem,
    )
    inside = {"member": "!/".join(member.path)} if member.path else {}
    return inside | describe(read(capture))


def flat(described: Any, at: str = "") -> dict[str, Any]:
    """Path of a field -> its value, members of a container by their number."""
    if isinstance(described, list):
        return {k: v for i, entry in enumerate(described) for k, v in flat(entry, f"{i}.").items()}
    rows: dict[str, Any] = {}
    for name, value in described.items():
        if name in ("fields", "account"):
            rows |= {f"{at}{name}.{inner}": member for inner, member in value.items()}
        else:
            rows[at + name] = value
    return rows


@cache
def expected(fixture: Path) -> dict[str, Any]:
    path = expectation(fixture)
    return flat(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}


def cases() -> list[Any]:
    return [
        pytest.param(fixture, field, id=f"{fixture.relative_to(FIXTURES).as_posix()} {field}")
        for fixture in fixtures()
        for field in expected(fixture)
    ]


@pytest.mark.parametrize(("fixture", "field"), cases())
def test_field(fixture: Path, field: str) -> None:
    assert flat(found(fixture)).get(field) == expected(fixture)[field]


@pytest.mark.parametrize("fixture", fixtures(), ids=lambda path: path.relative_to(FIXTURES).as_posix())
def test_expectation_is_there_and_whole(fixture: Path) -> None:
    path = expectation(fixture)
    if not path.exists():
        path.write_text(json.dumps(found(fixture), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        pytest.fail(f"{path.name} was missing and is written now: review it, then run again")
    extra = flat(found(fixture)).keys() - expected(fixture).keys()
    assert not extra, f"read, but not in {path.name}"


def test_every_expectation_has_a_fixture() -> None:
    wanted = {expectation(fixture) for fixture in fixtures()}
    assert sorted(set(FIXTURES.rglob(f"*{SUFFIX}")) - wanted) == []


def test_there_are_fixtures() -> None:
    assert fixtures()
