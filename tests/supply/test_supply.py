from __future__ import annotations

from typing import TYPE_CHECKING

import licences
import locks
import pytest

if TYPE_CHECKING:
    from pathlib import Path


def test_the_locks_give_what_is_asked_for_with_hashes_and_name_no_place() -> None:
    assert list(locks.faults()) == []


def test_every_package_and_its_licence_are_listed() -> None:
    listed = licences.PAGE.read_text("utf-8").splitlines()
    # A package that was not installed where the page was written may be here.
    elsewhere = {line.split(" | ")[0] for line in listed if licences.ELSEWHERE in line}
    assert [row for row in licences.rows().values() if row not in listed and row.split(" | ")[0] not in elsewhere] == []


def test_no_licence_is_unknown_or_forbids_use_beside_ours() -> None:
    told = {name: row.split(" | ")[1] for name, row in licences.rows().items()}
    assert [name for name, text in told.items() if text == "not told" or "AGPL" in text or "Proprietary" in text] == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("scrapy==2.19.0\n", "scrapy has no hash"),
        ("--index-url x\n", "is no pinned package"),
        ("scrapy>=2.19\n", "is no pinned package"),
        (f"scrapy==1.0 \\\n    --hash=sha256:{'0' * 64}\n", "the lock has 1.0"),
        (f"scrapy==2.19.0 \\\n    --hash=sha256:{'0' * 64}\n", "asks for msgspec>=0.22, which the lock has not"),
    ],
)
def test_a_lock_that_is_wrong_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, fault: str) -> None:
    wrong = tmp_path / "requirements.lock"
    wrong.write_text(text, "utf-8")
    monkeypatch.setattr(locks, "RUNTIME", wrong)
    try:
        found = " ".join(locks.faults())
    except ValueError as error:
        found = str(error)
    assert fault in found
