"""Whether two texts can be versions of one article: shared by identity, whatever order texts come in."""

from __future__ import annotations

from crawler.text import compact
from pipelines.similarity.shingles import shingle_list

# Edits keep most of a text, other texts under the same URL share a few phrases: in between is little.
LEAST_SHARED = 0.3


def shingles(text: str) -> frozenset[str]:
    """The distinct shingles of the compacted text."""
    return frozenset(shingle_list(compact(text)))


def alike(one: str, other: str) -> bool:
    """Do the texts share so much of the shorter one that they can be versions of one article?"""
    a, b = shingles(one), shingles(other)
    return len(a & b) >= LEAST_SHARED * min(len(a), len(b))
