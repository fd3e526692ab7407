"""Character shingles: what the likeness of two texts is measured in."""

from __future__ import annotations

from operator import itemgetter

SHINGLE = 5  # code points
LONGEST = 50_000  # code points of a text that are looked at
# So many are cut without going back to Python in between, which takes longer than cutting one.
_AT_ONCE = 256
_first_of = itemgetter(*(slice(i, i + SHINGLE) for i in range(_AT_ONCE)))


def shingle_list(compacted: str) -> list[str]:
    """The runs of `SHINGLE` code points of a compacted text, in order (the text itself if it is shorter)."""
    text = compacted[:LONGEST]
    if len(text) <= SHINGLE:
        return [text]
    whole = (len(text) - SHINGLE + 1) // _AT_ONCE * _AT_ONCE
    shingles: list[str] = []
    for start in range(0, whole, _AT_ONCE):
        shingles += _first_of(text[start : start + _AT_ONCE + SHINGLE - 1])
    shingles += [text[i : i + SHINGLE] for i in range(whole, len(text) - SHINGLE + 1)]
    return shingles


def jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    """The Jaccard similarity of two sets of shingles, 0 to 1."""
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared)
