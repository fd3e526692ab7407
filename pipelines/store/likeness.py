"""Whether two texts can be versions of one article: shared by identity, whatever order texts come in."""

from __future__ import annotations

from crawler.text import compact

SHINGLE = 5  # code points
LONGEST = 50_000  # code points of a text that are looked at
# Edits keep most of a text, other texts under the same URL share a few phrases: in between is little.
LEAST_SHARED = 0.3


def shingles(text: str) -> frozenset[str]:
    """The distinct runs of `SHINGLE` code points of the compacted text (the text itself if it is shorter)."""
    compacted = compact(text)[:LONGEST]
    if len(compacted) <= SHINGLE:
        return frozenset([compacted])
    return frozenset(compacted[i : i + SHINGLE] for i in range(len(compacted) - SHINGLE + 1))


def alike(one: str, other: str) -> bool:
    """Do the texts share so much of the shorter one that they can be versions of one article?"""
    a, b = shingles(one), shingles(other)
    return len(a & b) >= LEAST_SHARED * min(len(a), len(b))
