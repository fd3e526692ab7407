"""Pairs of articles that are alike: found by their bands, verified exactly, kept while what they rest on stays."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipelines.similarity.pairs import LEAST_SIMILARITY, Likeness, compare
from pipelines.similarity.signature import agreement
from pipelines.store import subjects
from pipelines.store.bands import Buckets, Place, Shift

if TYPE_CHECKING:
    from collections.abc import Iterable
    from sqlite3 import Connection

    from pipelines.store.subjects import Known

# Signatures that agree in fewer slots are of texts below `LEAST_SIMILARITY`, but for one pair in some ten thousand.
LEAST_AGREEMENT = 0.36


@dataclass(slots=True)
class Changed:
    """What became of pairs: the articles that won or lost one that is no template, and whether others came before."""

    is_new: bool = False  # the article was in no pair before
    has_moved: bool = False  # it may come before others now, or after them
    gained: set[int] = field(default_factory=set)
    lost: set[int] = field(default_factory=set)

    @property
    def concerns_clusters(self) -> bool:
        """May any cluster be another one now?"""
        return bool(self.gained or self.lost or self.has_moved)


class Pairs:
    """The table `similar`, in the caller's transaction."""

    def __init__(self, db: Connection) -> None:
        self._db = db
        self._buckets = Buckets(db)

    def update(self, article_id: int) -> Changed:
        """Brings an article's pairs up to date after its row was written."""
        now = subjects.current(self._db, article_id)
        former = self._db.execute(
            "SELECT signature, level, inputs, standing FROM likeness WHERE article_id = ?", (article_id,)
        ).fetchone()
        if former and former[2:] == (now.inputs, now.standing):
            return Changed()
        place = now.known.place
        self._db.execute(
            "INSERT OR REPLACE INTO likeness VALUES (?, ?, ?, ?, ?)",
            (article_id, place.signature, place.level, now.inputs, now.standing),
        )
        changed = Changed(is_new=former is None, has_moved=former is not None and former[3] != now.standing)
        if former and former[2] == now.inputs:
            return changed
        before = Place(*former[:2]) if former else None
        shifts = self._buckets.move(article_id, before, place) if before != place else []
        found = self._verified(now.known, self._buckets.partners(article_id, place))
        self._replace(article_id, found, changed)
        self._follow(article_id, shifts, changed)
        return changed

    def remove(self, article_id: int) -> Changed:
        """Takes out an article that is about to be deleted."""
        changed = Changed()
        former = self._db.execute(
            "SELECT signature, level FROM likeness WHERE article_id = ?", (article_id,)
        ).fetchone()
        if former is None:
            return changed
        shifts = self._buckets.move(article_id, Place(*former), None)
        self._replace(article_id, {}, changed)
        self._follow(article_id, shifts, changed)
        self._db.execute("DELETE FROM likeness WHERE article_id = ?", (article_id,))
        return changed

    def _verified(self, known: Known, others: Iterable[int]) -> dict[int, Likeness]:
        """Which of the other articles are alike, and how."""
        found = {}
        signature = known.place.signature
        likely = {
            other: place
            for other, place in subjects.places(self._db, others).items()
            if agreement(signature, place.signature) >= LEAST_AGREEMENT
        }
        for other in subjects.at_hand_first(subjects.load(self._db, likely)):
            likeness = compare(known.subject, other.subject)
            if likeness.similarity >= LEAST_SIMILARITY:
                found[other.article_id] = likeness
        return found

    def of(self, article_id: int) -> dict[int, Likeness]:
        """An article's pairs, by the other article."""
        rows = self._db.execute(
            "SELECT b, similarity, kind FROM similar WHERE a = ?1 "
            "UNION ALL SELECT a, similarity, kind FROM similar WHERE b = ?1",
            (article_id,),
        )
        return {other: Likeness(similarity=similarity, kind=kind) for other, similarity, kind in rows}

    def between(self, one: int, other: int) -> dict[int, Likeness]:
        """The pair of two articles, by the other one, if they are one."""
        row = self._db.execute(
            "SELECT similarity, kind FROM similar WHERE a = ? AND b = ?", (min(one, other), max(one, other))
        ).fetchone()
        return {other: Likeness(similarity=row[0], kind=row[1])} if row else {}

    def _replace(self, article_id: int, found: dict[int, Likeness], changed: Changed) -> None:
        """Makes `found` an article's pairs."""
        before = {} if changed.is_new else self.of(article_id)
        for other, likeness in before.items():
            if found.get(other) != likeness:
                self._delete(article_id, other)
                if likeness.kind != "template":
                    changed.lost.update((article_id, other))
        for other, likeness in found.items():
            if before.get(other) != likeness:
                self._insert(article_id, other, likeness, changed)

    def _insert(self, one: int, other: int, likeness: Likeness, changed: Changed) -> None:
        self._db.execute(
            "INSERT INTO similar VALUES (?, ?, ?, ?)",
            (min(one, other), max(one, other), likeness.similarity, likeness.kind),
        )
        if likeness.kind != "template":
            changed.gained.update((one, other))

    def _delete(self, one: int, other: int) -> None:
        self._db.execute("DELETE FROM similar WHERE a = ? AND b = ?", (min(one, other), max(one, other)))

    def _follow(self, article_id: int, shifts: list[Shift], changed: Changed) -> None:
        """Drops the pairs of others that no bucket makes candidates any more, adds those that one does now."""
        tiers: dict[int, int] = {}
        for shift in shifts:
            low, high = sorted((shift.before, shift.now))
            # Pairs with a member above are candidates before and after, pairs of members below neither.
            concerned = [row[0] for row in self._buckets.members(shift.value, least=low, most=high - 1)]
            there = subjects.places(self._db, concerned)
            there.pop(article_id, None)
            if shift.now > shift.before:
                for number, place in there.items():
                    self._drop(number, place, article_id, tiers, changed)
            else:
                for known in subjects.load(self._db, there):
                    self._add(known, shift, article_id, changed)

    def _drop(self, number: int, place: Place, moved: int, tiers: dict[int, int], changed: Changed) -> None:
        pairs = self.of(number)
        pairs.pop(moved, None)
        for other, its in subjects.places(self._db, pairs).items():
            if self._buckets.are_candidates(place, its, tiers):
                continue
            self._delete(number, other)
            if pairs[other].kind != "template":
                changed.lost.update((number, other))

    def _add(self, known: Known, shift: Shift, moved: int, changed: Changed) -> None:
        pairs = self.of(known.article_id)
        others = {row[0] for row in self._buckets.members(shift.value, most=shift.before - 1)}
        others -= {moved, known.article_id, *pairs}
        for other, likeness in self._verified(known, others).items():
            self._insert(known.article_id, other, likeness, changed)
