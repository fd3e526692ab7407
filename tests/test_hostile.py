"""What must be rejected is rejected, each file with its reason, and nothing of it is stored as an article."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path
from typing import get_args

import pytest

from crawler.items import Capture, Rejected, RejectReason
from crawler.pages import read
from crawler.sources import FileSource, SourceLimits

HOSTILE = Path(__file__).parent / "hostile"
EXPECTED: dict[str, str] = json.loads((HOSTILE / "expected.json").read_text(encoding="utf-8"))
# These give what is readable before the damage.
WITH_A_READABLE_PART = {"truncated.zip", "truncated.json"}


def outcomes(path: Path, limits: SourceLimits | None = None) -> list[str]:
    """The reason of each rejected capture of a file; of others what they were read as."""
    readings = [read(entry) for entry in FileSource([path], limits=limits) if isinstance(entry, Capture)]
    return [
        reading.found.reason if isinstance(reading.found, Rejected) else type(reading.found).__name__
        for reading in readings
    ]


@pytest.mark.parametrize(("name", "reason"), EXPECTED.items())
def test_a_hostile_file_is_rejected_with_its_reason(name: str, reason: str) -> None:
    expected = ["Article", reason] if name in WITH_A_READABLE_PART else [reason]
    assert outcomes(HOSTILE / name) == expected


def test_every_hostile_file_has_its_reason() -> None:
    assert {path.name for path in HOSTILE.iterdir()} == {*EXPECTED, "expected.json"}
    assert set(EXPECTED.values()) <= set(get_args(RejectReason))


@pytest.mark.parametrize("name", EXPECTED)
def test_a_rejection_says_what_is_wrong(name: str) -> None:
    found = [read(entry).found for entry in FileSource([HOSTILE / name]) if isinstance(entry, Capture)]
    rejected = [entry for entry in found if isinstance(entry, Rejected)]
    assert all(len(entry.detail) > 10 for entry in rejected)
    assert str(HOSTILE) not in "".join(entry.detail for entry in rejected)


@pytest.mark.parametrize(("name", "advice"), [("feed.xml", "scrapy crawl feed"), ("database.sql", ".csv or .jsonl")])
def test_what_holds_articles_in_another_form_says_what_to_do(name: str, advice: str) -> None:
    found = [read(entry).found for entry in FileSource([HOSTILE / name]) if isinstance(entry, Capture)]
    assert [advice in entry.detail for entry in found if isinstance(entry, Rejected)] == [True]


def test_an_html_page_nested_far_too_deep(tmp_path: Path) -> None:
    path = tmp_path / "deep.html"
    path.write_bytes(b'<html><body><div id="js_content">' + b"<div>" * 100_000 + b"x")
    assert outcomes(path) == ["too_complex"]


def test_an_html_page_of_far_too_many_elements(tmp_path: Path) -> None:
    path = tmp_path / "many.html"
    path.write_bytes(b'<html><body><div id="js_content">' + b"<p>x" * 1_000_000)
    assert outcomes(path) == ["too_complex"]


def test_json_nested_far_too_deep(tmp_path: Path) -> None:
    path = tmp_path / "deep.json"
    path.write_bytes(b'{"content":' * 100_000)
    (reason,) = outcomes(path)
    assert reason in get_args(RejectReason)


def test_a_file_over_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "large.html"
    with path.open("wb") as file:
        file.truncate(SourceLimits().max_bytes + 1)
    assert outcomes(path) == ["oversize"]


def test_a_page_that_unpacks_to_far_too_much(tmp_path: Path) -> None:
    path = tmp_path / "bomb.html.gz"
    path.write_bytes(gzip.compress(b"\n" * (SourceLimits().max_bytes + 1)))
    assert outcomes(path) == ["oversize"]


def test_a_zip_that_unpacks_to_far_too_much(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(40):
            archive.writestr(f"{number}.txt", b"\n" * 1_000_000)
    path = tmp_path / "bomb.zip"
    path.write_bytes(out.getvalue())
    found = outcomes(path, SourceLimits(max_total=5_000_000, max_ratio=10))
    assert found == ["empty"] * 5 + ["oversize"]
