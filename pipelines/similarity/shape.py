"""What is compared of a body: its compacted text, its shingles, and where the text proper begins and ends."""

from __future__ import annotations

import re
import tomllib
from collections import Counter, OrderedDict
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from crawler.text import compact
from pipelines.similarity.shingles import LONGEST, shingle_list

# Lines about the article at either edge: so many, so long (code points).
EDGE_LINES = 4
EDGE_LINE_LENGTH = 40
# Code points of the texts whose shapes are kept at hand; a shape takes about 250 bytes for each.
KEPT = 200_000
_SENTENCE_ENDS = re.compile(r"[。！？!?；;…]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One body, ready to be compared; of a very long one its first `LONGEST` code points."""

    text: str  # compacted
    shingles: list[str]  # the one that begins at each code point
    distinct: frozenset[str]
    once: dict[str, int]  # where those are that occur once
    start: int  # of the text proper, less lines about the article at its edges; half-open, code points of `text`
    end: int
    sentences: int  # how many there are, at least 1


def shape_of(body: str) -> Shape:
    """The shape of a body."""
    lines = [line for line in map(compact, body.split("\n")) if line]
    text = "".join(lines)[:LONGEST]
    shingles = shingle_list(text)
    head = _edge(lines[:EDGE_LINES])
    foot = _edge(lines[: -EDGE_LINES - 1 : -1])
    start, end = head, len(text) - foot if len(text) < LONGEST else len(text)
    if start >= end:
        start, end = 0, len(text)
    ends = len(_SENTENCE_ENDS.findall(text))
    return Shape(
        text=text,
        shingles=shingles,
        distinct=frozenset(shingles),
        once=places_once(shingles, 0, len(shingles)),
        start=start,
        end=end,
        sentences=max(1, ends, len(lines) // 2),
    )


def places_once(shingles: list[str], start: int, end: int) -> dict[str, int]:
    """Where those of the shingles `start` to `end` (half-open) are that occur once among them."""
    part = shingles[start:end] if end > start else []
    places = dict(zip(part, range(start, start + len(part)), strict=True))
    if len(places) < len(part):
        for shingle, count in Counter(part).items():
            if count > 1:
                del places[shingle]
    return places


def _edge(lines: list[str]) -> int:
    """The length of the lines about the article that `lines`, from an edge inwards, begin with."""
    length = 0
    for line in lines:
        if not is_metadata(line):
            break
        length += len(line)
    return length


def is_metadata(line: str) -> bool:
    """Does a compacted line only tell when, where, by whom or how often something was published or read?"""
    return len(line) <= EDGE_LINE_LENGTH and bool(_metadata().fullmatch(line))


@cache
def _metadata() -> re.Pattern[str]:
    words = tomllib.loads(Path(__file__).with_name("metadata.toml").read_text("utf-8"))
    labels = "|".join(sorted(map(re.escape, words["labels"]), key=len, reverse=True))
    known = "|".join(sorted(map(re.escape, words["labels"] + words["units"]), key=len, reverse=True))
    return re.compile(rf"[\W_]*(?:{labels})[:：丨|/].*|(?:[\W\d_]|{known})++")


class Shapes:
    """Shapes of the bodies that were compared last: those of a series are compared again and again."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._held = 0
        self._shapes: OrderedDict[str, Shape] = OrderedDict()

    def get(self, content_hash: str) -> Shape | None:
        """The shape of the body with this hash, where it is at hand."""
        shape = self._shapes.get(content_hash)
        if shape is not None:
            self._shapes.move_to_end(content_hash)
        return shape

    def put(self, content_hash: str, shape: Shape) -> None:
        """Keeps a shape; lets go of those that were not asked for longest."""
        if content_hash in self._shapes:
            return
        self._shapes[content_hash] = shape
        self._held += len(shape.text)
        while self._held > self._kept and len(self._shapes) > 1:
            _, gone = self._shapes.popitem(last=False)
            self._held -= len(gone.text)
