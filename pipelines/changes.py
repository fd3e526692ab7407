"""What kind of change lies between two texts that one article had: an edit by its author, or nothing of the kind."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from crawler.text import compact
from pipelines.store.likeness import shingles

if TYPE_CHECKING:
    from crawler.items import Evidence

Change = Literal[
    "first",  # the first text that is known
    "edit",  # the author changed the title or the body
    "form",  # the same text in another form of capture: a dump shows a page a little otherwise
    "boilerplate",  # the body is the same; prompts, cards or page chrome around it are not
    "noise",  # the same letters: width of characters, ligatures, marks without meaning
]
# A dump and a page of one text differ in captions and cards that one of them shows; an edit of a few words within
# another form of capture is not told from that.
SAME_TEXT = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One text of an article, as a capture of this evidence shows it."""

    evidence: Evidence
    title: str | None
    body: str


def change_between(before: Version, after: Version) -> Change:
    """What happened from `before` to `after`, two texts whose full texts differ in more than white space."""
    one, other = compact(before.body), compact(after.body)
    is_other_form = before.evidence != after.evidence
    if _titles_agree(before.title, after.title, is_other_form=is_other_form):
        if one == other:
            return "boilerplate"
        if _letters(one) == _letters(other):
            return "noise"
        if is_other_form and _nearly_equal(one, other):
            return "form"
    return "edit"


def _titles_agree(before: str | None, after: str | None, *, is_other_form: bool) -> bool:
    # A dump often has no title; the same form of capture loses one only when the author takes it away.
    if is_other_form and (before is None or after is None):
        return True
    return _letters(compact(before or "")) == _letters(compact(after or ""))


def _letters(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _nearly_equal(one: str, other: str) -> bool:
    a, b = shingles(one), shingles(other)
    return len(a & b) >= SAME_TEXT * len(a | b)
