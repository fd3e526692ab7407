"""Which captures are of one article: a pure function of the set of captures that are linked with each other.

A page (evidence `page`) proves the keys that it claims: all pages that share a key are one article. Any other
capture only says so (a labelled URL in a dump, in Markdown, in a record), and is believed where its text is a
version of what the key's pages say; without a page, where all that claim the key are versions of one text.
Otherwise the key is in conflict and each of them is an article of its own under `text:`.

A capture that has nothing but its text to go by is of a page's article where the page is of the same account and
has the same text within tolerance, and only one article has.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from crawler.text import compact, compact_hash
from pipelines.changes import SAME_TEXT
from pipelines.store.likeness import alike, shingles

if TYPE_CHECKING:
    from collections.abc import Iterable

_RANK = {"mp": 0, "short": 1, "text": 2}
# Below this, in code points of a compacted body, only an equal body is the same text; below the other, none is.
LEAST_NEAR = 100
LEAST_EQUAL = 20
# A dump's day is read from "yesterday" and the like; a page's is exact.
DAYS_APART = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One capture's say in whose capture it is."""

    capture_id: int
    proven: bool
    keys: frozenset[str]
    article_id: int | None
    full_text: str
    body: str = ""
    account_names: frozenset[str] = frozenset()  # as `textkeys.account_names` gives them
    title: str | None = None
    published_on: str | None = None  # YYYY-MM-DD

    @property
    def text_key(self) -> str:
        """The key of its own text, for want of a better."""
        return "text:" + compact_hash(self.full_text)

    @property
    def claims_only_text(self) -> bool:
        """Has it nothing but its text to go by?"""
        return all(key.startswith("text:") for key in self.keys)

    @property
    def is_page(self) -> bool:
        """Does it prove a key?"""
        return self.proven and not self.claims_only_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Captures of one article, and its key."""

    key: str
    claims: tuple[Claim, ...]

    @property
    def keys(self) -> set[str]:
        """Every key that the article goes by."""
        return {self.key} if self.key.startswith("text:") else _keys_of(self.claims)


def best_key(keys: frozenset[str] | set[str]) -> str:
    """The key that an article with all of `keys` goes by."""
    return min(keys, key=lambda key: (_RANK.get(key.split(":", 1)[0], 9), key))


def group_claims(claims: Iterable[Claim]) -> list[Group]:
    """Divides captures that are linked with each other into articles."""
    claims = list(claims)
    pages = _connected([claim for claim in claims if claim.is_page])
    members = [list(group) for group in pages]
    said = [claim for claim in claims if not claim.proven and not claim.claims_only_text]
    loose = [claim for claim in claims if claim.claims_only_text]
    strays = []
    for claim in said:
        homes = [number for number, group in enumerate(pages) if _shares_key(claim, group)]
        home = next((number for number in homes if _like_any(claim, pages[number])), None)
        if home is not None:
            members[home].append(claim)
        elif homes:
            loose.append(claim)
        else:
            strays.append(claim)
    for group in _connected(strays):
        if all(
            alike(a.full_text, b.full_text) for i, a in enumerate(group) for b in group[:i] if a.text_key != b.text_key
        ):
            members.append(group)
        else:
            loose.extend(group)
    by_text: dict[str, list[Claim]] = {}
    for claim in loose:
        by_text.setdefault(claim.text_key, []).append(claim)
    alone = []
    for key, group in sorted(by_text.items()):
        texts = [claim for claim in group if claim.claims_only_text]
        home = _only_home(texts, pages)
        if home is not None:
            members[home].extend(texts)
        # A claim that is in conflict has said of whom it is; its text alone makes it nobody else's.
        rest = group if home is None else [claim for claim in group if not claim.claims_only_text]
        if rest:
            alone.append(Group(key=key, claims=tuple(rest)))
    return [Group(key=best_key(_keys_of(group)), claims=tuple(group)) for group in members] + alone


def is_of_page(text: Claim, page: Claim) -> bool:
    """Is `text`, which has nothing but its text to go by, a capture of the article that `page` is of?"""
    if not text.claims_only_text or not page.is_page:
        return False
    if not text.account_names & page.account_names:
        return False
    if not _titles_agree(text.title, page.title) or _days_apart(text.published_on, page.published_on) > DAYS_APART:
        return False
    one, other = compact(text.body), compact(page.body)
    if one == other:
        return len(one) >= LEAST_EQUAL
    if min(len(one), len(other)) < LEAST_NEAR:
        return False
    a, b = shingles(one), shingles(other)
    return len(a & b) >= SAME_TEXT * len(a | b)


def _only_home(group: list[Claim], pages: list[list[Claim]]) -> int | None:
    """The one article of `pages` that texts are captures of; of several the one with the very same body."""
    homes = [n for n, own in enumerate(pages) if any(is_of_page(text, page) for text in group for page in own)]
    if len(homes) > 1:
        bodies = {compact(text.body) for text in group}
        homes = [number for number in homes if any(compact(page.body) in bodies for page in pages[number])]
    return homes[0] if len(homes) == 1 else None


def _titles_agree(one: str | None, other: str | None) -> bool:
    if one is None or other is None:
        return True
    a, b = compact(one), compact(other)
    return a in b or b in a


def _days_apart(one: str | None, other: str | None) -> int:
    if one is None or other is None:
        return 0
    return abs((date.fromisoformat(one) - date.fromisoformat(other)).days)


def _keys_of(claims: Iterable[Claim]) -> set[str]:
    """What pages prove; without pages, what is said."""
    claims = list(claims)
    proven = [claim for claim in claims if claim.is_page]
    return {key for claim in proven or claims for key in claim.keys}


def _shares_key(claim: Claim, group: list[Claim]) -> bool:
    return any(claim.keys & other.keys for other in group)


def _like_any(claim: Claim, group: list[Claim]) -> bool:
    return any(alike(claim.full_text, other.full_text) for other in group)


def _connected(claims: list[Claim]) -> list[list[Claim]]:
    """Claims that share keys, directly or through others, together; in the order of their smallest key."""
    groups: list[tuple[set[str], list[Claim]]] = []
    for claim in claims:
        keys, members = set(claim.keys), [claim]
        apart = []
        for other_keys, others in groups:
            if other_keys & keys:
                keys |= other_keys
                members = others + members
            else:
                apart.append((other_keys, others))
        groups = [*apart, (keys, members)]
    return [members for _, members in sorted(groups, key=lambda group: min(group[0]))]
