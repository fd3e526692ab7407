"""`crawler.pages.read` as a whole: whatever comes in, a reading comes out."""

from __future__ import annotations

import json
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler import pages
from crawler.items import Article, Hints, Listing, Notice, Reading, Rejected
from crawler.text import join_lines
from tests.crawler.pages.making import capture, reading, rejected

FIXTURES = sorted(
    path
    for folder in ("dumps", "text", "markdown", "records", "listings", "mhtml")
    for path in (Path(__file__).parents[3] / "fixtures" / folder).iterdir()
    if not path.name.endswith(".expected.json")
)


def check(read: Reading) -> None:
    """What holds for every reading."""
    found = read.found
    assert isinstance(found, (Article, Notice, Listing, Rejected))
    assert getattr(found, "reason", None) != "reader_error", found
    if isinstance(found, Article):
        assert found.key.startswith(("mp:", "short:", "text:"))
        assert found.full_text == join_lines(found.full_text.split("\n"))
        assert all(0 <= mark.start <= mark.end <= len(found.full_text) for mark in found.marks)
        assert (found.published_at is None) == (found.published_precision is None)
        assert (found.published_at is None) == (found.published_source is None)
    if isinstance(found, (Rejected, Notice)):
        assert found.reason


@given(st.binary(max_size=400))
def test_any_bytes(content: bytes) -> None:
    check(reading(content))


@given(st.text(max_size=400))
def test_any_text(content: str) -> None:
    check(reading(content))


@given(
    st.sampled_from(FIXTURES),
    st.integers(0, 5000),
    st.integers(0, 5000),
    st.sampled_from([b"", b"\n", b"\xff", b"\0", "原创\n".encode(), b"# ", b"---\n", b"<", b'"', "：".encode()]),
)
def test_any_damage_to_a_capture(path: Path, start: int, length: int, put: bytes) -> None:
    content = path.read_bytes()
    start %= len(content)
    check(reading(content[:start] + put + content[start + length :]))


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)
def test_the_name_tells_nothing(path: Path) -> None:
    content = path.read_bytes()
    one, other = (reading(content, name=name, media_type=None) for name in ("a.html", "b.zip"))
    assert one.found == other.found


def is_utf8(path: Path) -> bool:
    return "\ufffd" not in path.read_bytes().decode("utf-8", "replace")


@pytest.mark.parametrize("path", [path for path in FIXTURES if is_utf8(path)], ids=lambda path: path.name)
def test_line_ends_tell_nothing(path: Path) -> None:
    plain = path.read_bytes().decode("utf-8").replace("\r\n", "\n")
    assert reading(plain).found == reading(plain.replace("\n", "\r\n")).found


def test_what_the_source_could_not_give_is_passed_on() -> None:
    problem = Rejected(reason="unreadable", detail="permission denied")
    assert pages.read(capture(b"", problem=problem)).found is problem


def test_a_fault_of_ours_is_told_with_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_document: object) -> str:
        raise ZeroDivisionError("here")

    monkeypatch.setattr(pages, "kind_of", broken)
    found = rejected("甲")
    assert found.reason == "reader_error"
    assert "ZeroDivisionError: here" in found.detail
    assert "test_read.py" in found.detail
    assert "in broken" in found.detail


def test_nesting_beyond_the_interpreter_is_too_complex(monkeypatch: pytest.MonkeyPatch) -> None:
    def deep(document: object) -> str:
        return deep(document)

    monkeypatch.setattr(pages, "kind_of", deep)
    assert rejected("甲").reason == "too_complex"


def test_limits_are_the_callers() -> None:
    assert rejected("甲乙", pages.Limits(max_bytes=3)).reason == "oversize"


@pytest.mark.parametrize("content", ["a\n" * 99, "# t\n" + "[" * 99, json.dumps({"title": "t", "content": "a\n" * 99})])
def test_more_lines_or_markup_than_the_limit_is_too_complex(content: str) -> None:
    assert rejected(content, pages.Limits(max_nodes=50)).reason == "too_complex"
    assert isinstance(reading(content, pages.Limits(max_nodes=150)).found, Article)


def test_hints_reach_every_reader() -> None:
    given_hints = Hints(title="题", account="号")
    for content in (
        "一段文字。",
        "# \n\n![](https://example.org/a.png)\n\n一段",
        json.dumps({"url": "https://example.org", "content": "一段"}),
    ):
        found = reading(content, hints=given_hints).found
        assert isinstance(found, Article)
        assert (found.title, found.account.name) == ("题", "号")


def test_the_same_bytes_give_the_same_reading() -> None:
    for path in FIXTURES:
        content = path.read_bytes()
        assert zlib.crc32(repr(reading(content).found).encode()) == zlib.crc32(repr(reading(content).found).encode())
