"""Compares two articles: how alike their bodies are, and of what kind the likeness is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.similarity.changes import plain_title
from pipelines.similarity.kinds import kind_of, numbered_alike
from pipelines.similarity.shingles import jaccard

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipelines.similarity.kinds import Kind
    from pipelines.similarity.shape import Shape

# To be raised when the same two articles are to be judged otherwise: an archive's pairs are then made anew.
RELEASE = 1
LEAST_SIMILARITY = 0.6
# Code points of a body below which equal texts may be a formula (a greeting, a caption): more has to agree.
SHORT = 100
LEAST_TITLE = 6  # letters of a title that tells one short article from others
# Below so many, equal bodies under titles that are numbered otherwise are a column's standing words.
STANDING = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What of an article, beside its body, its likeness to others depends on."""

    content_hash: str
    char_count: int  # code points of the compacted body
    title: str | None
    published_on: str | None  # day in Beijing
    shape: Callable[[], Shape]  # of the body, had only where it is needed


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """How alike two articles are."""

    similarity: float  # Jaccard similarity of their bodies' shingles, 0 to 1
    kind: Kind


def compare(one: Subject, other: Subject) -> Likeness:
    """How alike two articles are, the same either way round.

    The kind says something only where the similarity is at least `LEAST_SIMILARITY`.
    """
    if one.content_hash == other.content_hash:
        return Likeness(similarity=1.0, kind=_kind_of_equals(one, other))
    first, second = one.shape(), other.shape()
    similarity = jaccard(first.distinct, second.distinct)
    if min(one.char_count, other.char_count) < SHORT:
        return Likeness(similarity=similarity, kind="template")
    if similarity < LEAST_SIMILARITY:
        return Likeness(similarity=similarity, kind="near")
    return Likeness(similarity=similarity, kind=kind_of(first, second, one.title, other.title))


def _kind_of_equals(one: Subject, other: Subject) -> Kind:
    if one.char_count < SHORT:
        return "exact" if _same_occasion(one, other) else "template"
    if one.char_count < STANDING and numbered_alike(one.title or "", other.title or ""):
        return "template"
    return "exact"


def _same_occasion(one: Subject, other: Subject) -> bool:
    """Is it plain that two equal short texts are one article, met twice?

    A greeting or a caption comes again on another day, or under another title.
    """
    title = plain_title(one.title or "")
    if len(title) < LEAST_TITLE or title != plain_title(other.title or ""):
        return False
    return one.published_on == other.published_on or not one.published_on or not other.published_on
