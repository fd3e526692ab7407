"""Where the words of a query stand in a text, and the piece of it that shows them best: never a letter added."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.search.fold import fold, fold_with_places

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

LENGTH = 80  # code points of a piece
CUT = "…"  # at an end where the text goes on
# A long text is looked through in parts of so many code points, as the way back from a normal form is slow; each
# reaches into the next by more than the longest word and what white space it may be spread over.
_STEP = 2_000
_OVERLAP = 3  # times that word
# Of one word in one text: more are not needed to choose a piece.
_MOST_PLACES = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """Text and the ranges in it (code points, half-open, in order, apart from each other) that a query found."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()


def mark(text: str, words: Collection[str]) -> Marked:
    """The whole of `text`, marked where the folded `words` stand."""
    return Marked(text=text, marks=_merged(place[:2] for place in _places(text, words)))


def snippet(text: str, words: Collection[str], length: int = LENGTH) -> Marked:
    """A piece of about `length` code points where most of the folded `words` stand, the first of equals.

    Where none stands in `text`, its beginning.
    """
    start, part = _best_part(text, words)
    places = [(start + first, start + last, word) for first, last, word in _places(part, words)]
    first, last = _window(places, length, len(text))
    marks = ((max(a, first) - first, min(b, last) - first) for a, b, _ in places if a < last and b > first)
    before, after = CUT if first else "", CUT if last < len(text) else ""
    shifted = tuple((a + len(before), b + len(before)) for a, b in _merged(marks))
    return Marked(text=f"{before}{text[first:last]}{after}", marks=shifted)


def _best_part(text: str, words: Collection[str]) -> tuple[int, str]:
    """Where the part of `text` begins in which most of `words` stand, the first of equals, and that part."""
    length = _STEP + _OVERLAP * max(map(len, words), default=0)
    best, most = 0, -1
    for start in range(0, max(1, len(text)), _STEP):
        folded = fold(text[start : start + length])
        count = sum(word in folded for word in words)
        if count > most:
            best, most = start, count
        if count == len(words):
            break
    return best, text[best : best + length]


def _places(text: str, words: Collection[str]) -> list[tuple[int, int, int]]:
    """Where `words` stand in `text`, in order: start, end, which word."""
    folded = fold_with_places(text)
    places = []
    for number, word in enumerate(words):
        at = folded.text.find(word)
        for _ in range(_MOST_PLACES):
            if at < 0:
                break
            places.append((*folded.original(at, at + len(word)), number))
            at = folded.text.find(word, at + 1)
    return sorted(places)


def _window(places: list[tuple[int, int, int]], length: int, size: int) -> tuple[int, int]:
    """The range of a text of `size` that holds most different words, with some of what stands before them."""
    if not places:
        return 0, min(length, size)
    starts = [place[0] for place in places]
    best, most = 0, 0
    for number, start in enumerate(starts):
        within = bisect_left(starts, start + length * 2 // 3)
        different = len({place[2] for place in places[number:within]})
        if different > most:
            best, most = number, different
    first = max(0, places[best][0] - length // 4)
    last = min(size, max(first + length, places[best][1]))
    return max(0, min(first, last - length)), last


def _merged(ranges: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Ranges in order, those that meet made one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
