"""What is thrown at readers: fixtures cut, spliced and damaged, and words of each format strung together."""

from __future__ import annotations

import io
import tomllib
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from crawler.items import Article, Capture, Rejected
from crawler.pages import read
from crawler.pages.document import Limits
from crawler.sources import containers
from crawler.sources.limits import SourceLimits
from pipelines.boilerplate.ruleset import load_rules
from pipelines.derive import Deriver

if TYPE_CHECKING:
    from collections.abc import Callable

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
HOSTILE = Path(__file__).resolve().parents[1] / "hostile"
LIMITS = Limits(max_bytes=2**20, max_nodes=20_000, max_depth=200)
SOURCE_LIMITS = SourceLimits(max_bytes=2**20, max_members=200, max_total=2**22, max_ratio=50, max_inner_zip=2**20)
_TABLE = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
# Words that lead deep into a reader, by folder of fixtures.
WORDS: dict[str, tuple[bytes, ...]] = {
    folder: (*map(str.encode, table.get("words", ())), *map(bytes.fromhex, table.get("bytes", ())))
    for folder, table in _TABLE.items()
}


@cache
def seeds(folder: str) -> tuple[bytes, ...]:
    """The captures of a folder of fixtures."""
    files = sorted(file for file in (FIXTURES / folder).iterdir() if not file.name.endswith(".expected.json"))
    return tuple(file.read_bytes() for file in files)


@st.composite
def captures(draw: st.DrawFn, folder: str) -> bytes:
    """A capture of one kind: words strung together, or a fixture with pieces cut out, put in, doubled, replaced."""
    words = st.one_of(st.sampled_from(WORDS[folder]), st.binary(max_size=6))
    if draw(st.integers(0, 3)) == 0:
        return b"".join(draw(st.lists(words, max_size=40)))
    content = bytearray(draw(st.sampled_from(seeds(folder))))
    for _ in range(draw(st.integers(0, 6))):
        start = draw(st.integers(0, len(content)))
        end = min(len(content), start + draw(st.integers(0, 300)))
        match draw(st.integers(0, 5)):
            case 0:
                del content[start:end]
            case 1:
                content[start:end] = b"".join(draw(st.lists(words, max_size=8)))
            case 2:
                content[start:start] = bytes(content[start:end]) * draw(st.integers(1, 40))
            case 3:
                other = draw(st.sampled_from(seeds(folder)))
                at = draw(st.integers(0, len(other)))
                content[start:end] = other[at : at + 300]
            case 4:
                del content[start:]
            case _:
                content[start : start + 1] = draw(st.binary(min_size=1, max_size=1))
    return bytes(content)


def capture_of(content: bytes) -> Capture:
    """A capture from nowhere."""
    return Capture(
        uri="file:///x",
        name="x",
        content=content,
        captured_at=datetime(2024, 1, 1, tzinfo=UTC),
        captured_at_source="mtime",
    )


@cache
def deriver() -> Deriver:
    """The whole way up to the store."""
    return Deriver(LIMITS, load_rules())


def check_reader(content: bytes) -> None:
    """Whatever it is: read without a fault of ours, storable, and rebuilt from its parts. Raises AssertionError."""
    first = read(capture_of(content), LIMITS)
    reading = deriver().derive(capture_of(content))
    found = reading.found
    if isinstance(found, Rejected):
        assert found.reason != "reader_error", found.detail
        found.detail.encode("utf-8")
        return
    assert type(first.found) is type(found)
    if not isinstance(found, Article):
        return
    assert found.key
    found.full_text.encode("utf-8")
    assert reading.normalized is not None
    text, at, parts = found.full_text, 0, []
    for span in reading.normalized.spans:
        assert at <= span.start < span.end <= len(text)
        parts.append(text[at : span.start])
        at = span.end
    assert "".join([*parts, text[at:]]) == reading.normalized.body
    for mark in found.marks:
        assert 0 <= mark.start <= mark.end <= len(text)


def check_container(content: bytes) -> None:
    """Whatever it is: its members come, or a problem with a reason; nothing raises, nothing is beyond the limits."""
    for number, member in enumerate(containers.members(io.BytesIO(content), "x", SOURCE_LIMITS)):
        assert number <= SOURCE_LIMITS.max_members + 1
        if isinstance(member, containers.Member):
            assert len(member.content) <= SOURCE_LIMITS.max_bytes
            assert ".." not in "/".join(member.path).split("/")
            "".join(member.path).encode("utf-8")


TARGETS: dict[str, Callable[[bytes], None]] = {
    **{folder: check_reader for folder in WORDS if folder != "containers"},
    "containers": check_container,
}
