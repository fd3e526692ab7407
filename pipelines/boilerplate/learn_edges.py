"""The head and the tail of a text in pieces, for learn.py: lines, or the sentences of a line that varies."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from pipelines.boilerplate.fold import fold_core
from pipelines.boilerplate.units import sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from crawler.items import BoilerplateKind, Span

MOST_LINES = 40  # from the edge on
MOST_CHARACTERS = 2000
LONGEST = 600  # characters of a piece that can be learned
_NUMBERS = re.compile(r"\d+")
_MOST_NUMBERS = 4
_LEAST_LETTERS = 6  # beside the numbers, so that what is left still tells the line
_LONG_LINE = 3 * MOST_CHARACTERS
_ALIKE = 0.6
_COVERED = 0.8
_VERSION = re.compile(r"\d\.\d|[/@#]|cve")


@dataclass(frozen=True, slots=True)
class Piece:
    """A line, or a sentence of one."""

    text: str
    core: str  # folded, less the punctuation around it; what rules for lines are compared by
    cut: BoilerplateKind | None = None  # the kind as which other rules take it, or most of it
    is_line: bool = True


Edge = list[Piece]  # from the edge inwards


def pieces_of(full_text: str) -> list[Piece]:
    """Every line of `full_text`, and every sentence of the lines that have several."""
    found: list[Piece] = []
    for line in full_text.split("\n"):
        found += _in_line(line, 0, ())
    return found


def masked(core: str) -> str:
    """`core` with each number as U+0000; "" where it has none, or too little else to be told by."""
    if not any(character.isdecimal() for character in core) or _VERSION.search(core):
        return ""
    mask, count = _NUMBERS.subn("\0", core)
    letters = sum(character.isalpha() for character in mask)
    return mask if count <= _MOST_NUMBERS and letters >= max(_LEAST_LETTERS, 2 * count) else ""


def is_reworded(core: str, recurring: Iterable[str]) -> bool:
    """Whether `core` is nearly one of `recurring`: most of their pairs of characters are the same."""
    if "/" in core:
        return False  # the addresses of one site are alike and mean different pages
    pairs = set(pairwise(core))
    for other in recurring:
        if abs(len(other) - len(core)) <= len(core) * (1 - _ALIKE):
            others = set(pairwise(other))
            if len(pairs & others) >= _ALIKE * len(pairs | others) > 0:
                return True
    return False


def edge_of(full_text: str, cut: Sequence[Span], recurring: set[str], *, tail: bool) -> Edge:
    """The pieces of one end of a text, from the edge inwards.

    Args:
        full_text: one line a block.
        cut: what other rules take.
        recurring: cores that recur (masked ones too). A line that is one of them is one piece, another its sentences.
        tail: the end of the text, else its beginning.
    """
    lines: list[tuple[int, str]] = []
    start = 0
    for line in full_text.split("\n"):
        lines.append((start, line))
        start += len(line) + 1
    edge: Edge = []
    characters = 0
    for number, (offset, line) in enumerate(reversed(lines) if tail else lines):
        if number >= MOST_LINES or characters >= MOST_CHARACTERS:
            break
        characters += len(line)
        if len(line) > _LONG_LINE:  # the article on one line: its near end will do
            near = len(line) - MOST_CHARACTERS if tail else 0
            found = list(_in_line(line[near : near + MOST_CHARACTERS], offset + near, cut))
            edge += reversed(found[1:]) if tail else found[1:]
            continue
        found = list(_in_line(line, offset, cut))
        if not found:
            continue
        whole, *parts = found
        if parts and not whole.cut and whole.core not in recurring and masked(whole.core) not in recurring:
            edge += reversed(parts) if tail else parts
        else:
            edge.append(whole)
    return edge


def _in_line(line: str, offset: int, cut: Sequence[Span]) -> Iterator[Piece]:
    """The line as a piece, and its sentences where it has several."""
    if not line.strip():
        return
    stretches = [(0, len(line)), *sentences(line)]
    if len(stretches) == 2:
        stretches.pop()
    for start, end in stretches:
        text = line[start:end]
        core = fold_core(text) if len(text) <= LONGEST else text[:LONGEST]
        gone = _covered(offset + start, offset + end, cut)
        yield Piece(text, core, cut=gone, is_line=end - start == len(line))


def _covered(start: int, end: int, cut: Sequence[Span]) -> BoilerplateKind | None:
    """The kind of what takes more than four fifths of a stretch; None if nothing does."""
    inside = [
        (min(end, span.end) - max(start, span.start), span.kind)
        for span in cut
        if span.start < end and start < span.end
    ]
    if sum(length for length, _ in inside) <= _COVERED * (end - start):
        return None
    return max(inside)[1]
