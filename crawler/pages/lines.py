"""Full text made line by line, with marks whose offsets stay exact through tidying."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from crawler import text as forms

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crawler.items import Link, Mark, Media

_WHITE_SPACE = re.compile(r"\s+")


@dataclass(slots=True, kw_only=True)
class Line:
    """One line of a full text, tidy; marks have offsets within it."""

    text: str
    marks: list[Mark] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    media: list[Media] = field(default_factory=list)
    profile: str = ""  # text of a link that WeChat's page has on an account's name
    raw: str = ""  # the line of the source, where its spacing tells something

    def level(self) -> int:
        """The heading's level, 1 to 6; 0 for other lines."""
        return next((int(m.value) for m in self.marks if m.kind == "heading" and m.value.isdigit()), 0)


def plain(text: str) -> Line:
    """A line of `text` (made tidy) without marks."""
    return Line(text=forms.tidy_line(text))


def tidy(raw: str, marks: Iterable[Mark] = ()) -> tuple[str, list[Mark]]:
    """`raw` as `crawler.text.tidy_line` makes it, and `marks` (offsets in `raw`) moved along.

    A mark that covered text and covers none any more is dropped; zero-width ones always stay.
    """
    marks = list(marks)
    if not marks:
        return forms.tidy_line(raw), []
    edges = sorted({0, len(raw), *(m.start for m in marks), *(m.end for m in marks)})
    moved = {0: 0}
    out = ""
    pieces: list[str] = []
    length = 0
    open_end = True  # nothing yet, or white space last: further white space is dropped
    for start, end in pairwise(edges):
        piece = _WHITE_SPACE.sub(" ", forms.storable(raw[start:end]))
        if open_end and piece.startswith(" "):
            piece = piece[1:]
        if piece:
            open_end = piece.endswith(" ")
            pieces.append(piece)
            length += len(piece)
        moved[end] = length
    out = "".join(pieces)
    placed = [(m, *_shrunk(out, moved[m.start], moved[m.end])) for m in marks]
    out = out.rstrip(" ")
    if not unicodedata.is_normalized("NFC", out):
        out, placed = _composed(out, placed)
    kept = [
        replace(m, start=min(start, len(out)), end=min(end, len(out)))
        for m, start, end in placed
        if start < min(end, len(out)) or m.start == m.end
    ]
    return out, kept


def _shrunk(text: str, start: int, end: int) -> tuple[int, int]:
    """The range without a space at either end."""
    if start < end and text[start] == " ":
        start += 1
    if start < end and text[end - 1] == " ":
        end -= 1
    return start, end


def _composed(text: str, placed: list[tuple[Mark, int, int]]) -> tuple[str, list[tuple[Mark, int, int]]]:
    """`text` in NFC, ranges moved; where a character composes across a range's edge it is the left part's."""
    last = len(text)
    edges = sorted({0, last, *(min(p[1], last) for p in placed), *(min(p[2], last) for p in placed)})
    moved, length = {0: 0}, 0
    for start, end in pairwise(edges):
        length += len(unicodedata.normalize("NFC", text[start:end]))
        moved[end] = length
    return unicodedata.normalize("NFC", text), [
        (m, moved[min(start, last)], moved[min(end, last)]) for m, start, end in placed
    ]


def join(lines: Iterable[Line]) -> tuple[str, list[Mark]]:
    """The full text of `lines` and its marks; lines with nothing to see leave only their zero-width marks."""
    out: list[str] = []
    marks: list[Mark] = []
    offset = 0
    for line in lines:
        visible = forms.is_visible(line.text)
        for mark in line.marks:
            if visible:
                marks.append(replace(mark, start=mark.start + offset, end=mark.end + offset))
            elif mark.start == mark.end:
                marks.append(replace(mark, start=offset, end=offset))
        if visible:
            out.append(line.text)
            offset += len(line.text) + 1
    text = "\n".join(out)
    end = len(text)
    return text, [m if m.end <= end else replace(m, start=min(m.start, end), end=end) for m in marks]
