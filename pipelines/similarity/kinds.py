"""Of what kind the likeness of two bodies is: the same text, or the same frame with other contents.

Calling a copy a template loses nothing; calling a bulletin a copy hides an article. So what is in doubt is a template.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Literal

from pipelines.similarity.changes import Change, changes_of, plain_title, skeleton
from pipelines.similarity.differences import differences
from pipelines.similarity.shingles import SHINGLE, shingle_list

if TYPE_CHECKING:
    from pipelines.similarity.differences import Difference
    from pipelines.similarity.shape import Shape

Kind = Literal["exact", "near", "template"]

# Differences that are looked at; two texts that have more are not told apart better by the rest.
MOST_DIFFERENCES = 400
# Other numbers or names make a template where they are several, or in a fair share of the sentences.
SEVERAL = 3
FAIR_SHARE = 0.05
LARGE_SHARE = 0.15
PHRASE = 4  # code points of a name on both sides that no slips explain
# Other words in so small a share of a long text are an editor's.
EDITED_SHARE = 0.02
# Prose for other prose, more than a sentence that was put otherwise: code points, shares of the shorter text.
SENTENCE_LENGTH = 30
SENTENCE_SHARE = 0.06
PASSAGE_SHARE = 0.025
# What each text has and the other has not, headers and footers too: more are two contents in one frame.
APART_LENGTH = 50
SHORT_APART_SHARE = 0.12
APART_SHARE = 0.07
LEAST_MOVED = 24  # code points
# Texts of which more was moved have the same words and letters, but not the same text.
MOST_MOVED = 0.6
MOVED = 0.6  # share of the shingles of a passage that stand elsewhere in the other text
# The same where the titles have little in common: then the edges are what the articles are about.
RETITLED_EDGE_SHARE = 0.08
RETITLED_EDGE_LENGTH = 20
LEAST_TITLE_SHARED = 0.2  # of the pairs of letters of the shorter title


@dataclass(slots=True)
class Findings:
    """What was found between two texts; what was only moved is no difference."""

    counts: Counter[Change] = field(default_factory=Counter)
    names: Counter[tuple[str, str]] = field(default_factory=Counter)  # what stands for what
    phrases: int = 0  # names that are too long for two slips side by side
    facts: int = 0  # another number of another name, in one place
    passages: int = 0  # code points of prose that stands for other prose, inside
    edges: int = 0  # the same, at head and foot
    own: int = 0  # of prose that the first text has and the other has not, anywhere
    others: int = 0  # the reverse
    moved: int = 0  # of the first text that stands elsewhere in the other

    def add(self, difference: Difference, one: Shape, other: Shape) -> None:
        """Takes one more difference into account."""
        size, other_size = _size(difference.one, other), _size(difference.other, one)
        shorter = min(size, other_size)
        first, second = difference.one if size else "", difference.other if other_size else ""
        changes = changes_of(first, second)
        if difference.one and not first:
            self.counts.update(_changes_within(difference.one, other))
            self.moved += len(difference.one)
        at_edge = difference.place != "inside"
        if at_edge or "passage" in changes or "addition" in changes:
            self.own, self.others = self.own + size, self.others + other_size
        if at_edge:
            self.edges += shorter
            # Another header or footer tells nothing; another number in the same words does.
            if changes in (["number"], ["digit"]):
                self.counts.update(changes)
            return
        self.counts.update(changes)
        self.facts += changes.count("number") == changes.count("name") == 1
        if "passage" in changes:
            self.passages += shorter
        if changes == ["name"]:
            self.names[first, second] += 1
            self.phrases += shorter >= PHRASE

    def has_other_contents(self, length: int, *, unlike_titles: bool) -> bool:
        """Is there so much prose for other prose that the frame alone is the same?"""
        if self.counts["passage"] > 1 or self.moved > MOST_MOVED * length:
            return True
        if self.passages > max(min(SENTENCE_LENGTH, SENTENCE_SHARE * length), PASSAGE_SHARE * length):
            return True
        if min(self.own, self.others) > max(min(APART_LENGTH, SHORT_APART_SHARE * length), APART_SHARE * length):
            return True
        return unlike_titles and self.edges > max(RETITLED_EDGE_LENGTH, RETITLED_EDGE_SHARE * length)

    def has_certain_values(self, sentences: int) -> bool:
        """Do numbers and names differ that no slip of the pen explains?"""
        certain = self.counts["number"] + self.phrases
        share = certain / sentences
        if certain >= SEVERAL or (certain > 1 and share >= FAIR_SHARE) or share >= LARGE_SHARE:
            return True
        return self.facts > 0 or max(self.names.values(), default=0) > 1

    def has_values(self, sentences: int) -> bool:
        """Do numbers and names differ in a fair share of the sentences, more than slips explain?"""
        values = self.counts["number"] + self.counts["name"] + self.counts["digit"]
        # Where letters were changed all over, digits were too, and some of the changed letters stand side by side.
        if values * 2 <= self.counts["slip"]:
            return False
        share = values / sentences
        return share >= FAIR_SHARE or (values >= SEVERAL and share >= EDITED_SHARE)


def _changes_within(passage: str, other: Shape) -> list[Change]:
    """What is another in a passage that was moved, where it stands in the other text."""
    found: list[Change] = []
    start = None
    missing = [shingle not in other.distinct for shingle in shingle_list(passage)]
    for place, is_missing in enumerate([*missing, False]):
        if is_missing and start is None:
            start = place
        elif not is_missing and start is not None:
            # What every one of these shingles holds was changed; what the first or last alone holds is its context.
            changed = passage[start + SHINGLE - 1 : place]
            if any(map(str.isdecimal, changed)):
                found.append("number")
            elif changed:
                found.append("name" if len(changed) > 1 else "slip")
            start = None
    return found


def kind_of(one: Shape, other: Shape, title: str | None, other_title: str | None) -> Kind:
    """`near` or `template`, of two unlike bodies that share most of their shingles; the same either way round."""
    titles = title or "", other_title or ""
    if numbered_alike(*titles):
        return "template"
    if other.text < one.text:
        one, other = other, one
    length, sentences = min(one.end - one.start, other.end - other.start), min(one.sentences, other.sentences)
    unlike_titles = unlike(*titles)
    found = Findings()
    for difference in islice(differences(one, other), MOST_DIFFERENCES):
        found.add(difference, one, other)
        # What is seen once cannot be unseen by what follows.
        if found.has_other_contents(length, unlike_titles=unlike_titles) or found.has_certain_values(sentences):
            return "template"
    return "template" if found.has_values(sentences) else "near"


def _size(passage: str, other: Shape) -> int:
    """How much of a passage (code points) stands nowhere in the other text; 0 if it was moved as a whole."""
    if len(passage) < LEAST_MOVED:
        return len(passage)
    shingles = shingle_list(passage)
    moved = sum(shingle in other.distinct for shingle in shingles)
    size = len(passage) - moved
    return 0 if moved >= MOVED * len(shingles) and size <= SENTENCE_LENGTH else size


def numbered_alike(title: str, other_title: str) -> bool:
    """Do titles differ in nothing but numbers, dates, issues?"""
    if plain_title(title) == plain_title(other_title):
        return False
    bare = skeleton(title)
    return len(bare) >= 2 and bare == skeleton(other_title)


def unlike(title: str, other_title: str) -> bool:
    """Have two titles, both known, next to nothing in common?"""
    one, other = _pieces(title), _pieces(other_title)
    return bool(one and other) and len(one & other) < LEAST_TITLE_SHARED * min(len(one), len(other))


def _pieces(title: str) -> set[str]:
    plain = plain_title(title)
    return {plain[i : i + 2] for i in range(len(plain) - 1)}
