"""Which articles may be alike: those that share a band of their signatures, a bucket.

In a bucket of up to `LIMIT` articles every pair is a candidate. In a larger one, say of a daily bulletin, only pairs
with an *anchor* are: an article whose level (the trailing zero bits of a hash of its key) reaches the bucket's tier,
which rises by one whenever the bucket doubles. So a bucket of n articles has about `LIMIT`/2 to `LIMIT` anchors and
no more than n times as many candidates, and which they are depends on the set of articles alone.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.similarity.signature import band_values

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from sqlite3 import Connection

LIMIT = 32
_HIGHEST = 40


@dataclass(frozen=True, slots=True)
class Place:
    """Where an article is in the index of bands."""

    signature: bytes  # b"": nowhere
    level: int

    @property
    def values(self) -> tuple[int, ...]:
        """The buckets that it is in."""
        return band_values(self.signature) if self.signature else ()


@dataclass(frozen=True, slots=True)
class Shift:
    """A bucket whose tier is another one now."""

    value: int
    before: int
    now: int


def level_of(key: str) -> int:
    """The level of the article with this key: k or more for one of 2**k articles."""
    number = int.from_bytes(hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
    return (number & -number).bit_length() - 1 if number else _HIGHEST


def tier_of(members: int) -> int:
    """The level that makes an anchor in a bucket of so many members."""
    return max(0, (max(1, members) - 1) // LIMIT).bit_length()


class Buckets:
    """The index of bands, in the caller's transaction."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def move(self, article_id: int, before: Place | None, now: Place | None) -> list[Shift]:
        """Takes an article from one place to another (None: none); says which buckets' tiers are others after it."""
        old = dict.fromkeys(before.values, before.level) if before else {}
        new = dict.fromkeys(now.values, now.level) if now else {}
        joined, left = new.keys() - old.keys(), old.keys() - new.keys()
        sizes = self.sizes(joined | left)
        gone = [(value, level, article_id) for value, level in old.items() if new.get(value) != level]
        come = [(value, level, article_id) for value, level in new.items() if old.get(value) != level]
        if gone:
            self._db.executemany("DELETE FROM bands WHERE (value, level, article_id) = (?, ?, ?)", gone)
        self._db.executemany("INSERT INTO bands VALUES (?, ?, ?)", come)
        shifts = []
        for value, size in sizes.items():
            now_size = size + (1 if value in joined else -1)
            if size <= LIMIT and now_size <= LIMIT:
                continue  # as nearly all are: no crowd, of tier 0
            self._note(value, size, now_size)
            if tier_of(size) != tier_of(now_size):
                shifts.append(Shift(value, tier_of(size), tier_of(now_size)))
        return shifts

    def _note(self, value: int, before: int, now: int) -> None:
        if now > LIMIT:
            self._db.execute("INSERT OR REPLACE INTO crowds VALUES (?, ?)", (value, now))
        elif before > LIMIT:
            self._db.execute("DELETE FROM crowds WHERE value = ?", (value,))

    def sizes(self, values: Iterable[int]) -> dict[int, int]:
        """How many members the buckets have."""
        sizes = dict.fromkeys(values, 0)
        sizes.update(self._rows("SELECT value, members FROM crowds WHERE value IN ({})", sizes))
        few = [value for value, size in sizes.items() if not size]
        sizes.update(self._rows("SELECT value, count(*) FROM bands WHERE value IN ({}) GROUP BY value", few))
        return sizes

    def tiers(self, values: Iterable[int]) -> dict[int, int]:
        """The tiers of those of the buckets that have one above 0."""
        return {
            value: tier_of(members)
            for value, members in self._rows("SELECT value, members FROM crowds WHERE value IN ({})", values)
        }

    def partners(self, article_id: int, place: Place) -> set[int]:
        """The articles with which the one at `place` makes candidates."""
        tiers = self.tiers(place.values)
        open_to = [value for value in place.values if tiers.get(value, 0) <= place.level]
        rows = self._rows("SELECT article_id, 0 FROM bands WHERE value IN ({})", open_to)
        found = {row[0] for row in rows}
        for value, tier in tiers.items():
            if tier > place.level:
                found |= {row[0] for row in self.members(value, least=tier)}
        found.discard(article_id)
        return found

    def members(self, value: int, *, least: int = 0, most: int = _HIGHEST) -> list[tuple[int, int]]:
        """The members (id, level) of a bucket whose level is in this range, inclusive."""
        return self._db.execute(
            "SELECT article_id, level FROM bands WHERE value = ? AND level BETWEEN ? AND ?", (value, least, most)
        ).fetchall()

    def are_candidates(self, one: Place, other: Place, known: dict[int, int]) -> bool:
        """Does any bucket make a pair of these two? `known` holds the tiers that were looked up, and is added to."""
        shared = [value for value, its in zip(one.values, other.values, strict=False) if value == its]
        unknown = [value for value in shared if value not in known]
        if unknown:
            known.update(dict.fromkeys(unknown, 0) | self.tiers(unknown))
        return any(known[value] <= max(one.level, other.level) for value in shared)

    def _rows(self, query: str, values: Iterable[int]) -> Iterator[tuple[int, int]]:
        parameters = tuple(values)
        return iter(self._db.execute(query.format(",".join("?" * len(parameters))), parameters).fetchall())
