"""Character shingles: what the likeness of two texts is measured in."""

from __future__ import annotations

SHINGLE = 5  # code points
LONGEST = 50_000  # code points of a text that are looked at


def shingle_list(compacted: str) -> list[str]:
    """The runs of `SHINGLE` code points of a compacted text, in order (the text itself if it is shorter)."""
    text = compacted[:LONGEST]
    if len(text) <= SHINGLE:
        return [text]
    return [text[i : i + SHINGLE] for i in range(len(text) - SHINGLE + 1)]


def jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    """The Jaccard similarity of two sets of shingles, 0 to 1."""
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared)
