"""Clusters: articles that are connected by exact and near pairs at or above a threshold, and who represents them.

A new article whose pairs are all of one cluster joins it. Any other change forms the clusters that it concerns anew
from their pairs; large ones wait for `settle`, so that thousands of copies of which each is earlier than the one
before do not each change all of them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.similarity.pairs import Likeness, compare
from pipelines.store import subjects

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from sqlite3 import Connection

    from pipelines.similarity.kinds import Kind
    from pipelines.store.similar import Changed, Pairs

LARGE = 50  # articles
# How often those that a template sets apart from their cluster's representative are looked at again.
ROUNDS = 8

# Earliest published, else best evidence, else smallest key: never the order of reading.
_ORDER = """published_at IS NULL, published_at,
  CASE evidence WHEN 'page' THEN 0 WHEN 'export' THEN 1 WHEN 'feed' THEN 2 WHEN 'record' THEN 3
                WHEN 'dump' THEN 4 ELSE 5 END, key"""
_COUNTS = "kind IN ('exact', 'near') AND similarity >= ?2"


@dataclass(frozen=True, slots=True)
class Link:
    """What an article's row says of the one that represents it."""

    duplicate_of: int | None = None
    kind: Kind | None = None
    similarity: float | None = None


_NO_LINK = Link()


class Clusters:
    """The tables `clusters` and `unsettled`, and what `articles` says of duplicates, in the caller's transaction."""

    def __init__(self, db: Connection, pairs: Pairs, threshold: float) -> None:
        self._db = db
        self._pairs = pairs
        self._threshold = threshold

    def follow(self, article_id: int, changed: Changed) -> None:
        """Brings clusters up to date after an article's pairs or its standing changed."""
        if changed.is_new and not changed.lost and self._joins(article_id):
            return
        self._form_or_wait({article_id, *changed.gained, *changed.lost})

    def leave(self, article_id: int, changed: Changed) -> None:
        """Takes out an article that is about to be deleted, and whose pairs are."""
        others = self._whole([article_id], most=LARGE) - {article_id} | changed.lost | changed.gained
        for table in ("clusters", "unsettled"):
            self._db.execute(f"DELETE FROM {table} WHERE article_id = ?", (article_id,))
        self._db.execute(
            "UPDATE articles SET duplicate_of = NULL, duplicate_kind = NULL, similarity = NULL WHERE duplicate_of = ?",
            (article_id,),
        )
        self._form_or_wait(others - {article_id})

    def settle(self) -> None:
        """Forms the clusters that wait for it."""
        waiting = [row[0] for row in self._db.execute("SELECT article_id FROM unsettled")]
        if waiting:
            self._db.execute("DELETE FROM unsettled")
            self._form(self._whole(waiting))

    def form_all(self) -> None:
        """Forms every cluster anew."""
        self._db.execute("DELETE FROM unsettled")
        ids = self._db.execute(
            "SELECT a FROM similar UNION SELECT b FROM similar UNION SELECT article_id FROM clusters"
        )
        self._form({row[0] for row in ids})

    def _form_or_wait(self, concerned: set[int]) -> None:
        whole = self._whole(concerned, most=LARGE)
        if len(whole) <= LARGE:
            self._form(whole)
        else:
            self._db.executemany("INSERT OR IGNORE INTO unsettled VALUES (?)", [(one,) for one in concerned])

    def _joins(self, article_id: int) -> bool:
        """Does a new article join the one cluster that all its pairs are of? If so, it is done."""
        partners = self._partners(article_id)
        if not partners:
            return True
        roots = self._roots(partners)
        if len(roots) < len(partners) or len(set(roots.values())) > 1:
            return False
        root = next(iter(roots.values()))
        if self._waits([root, *partners]) or self._ordered([root, article_id])[0] != root:
            return False
        link = self._links(root, [article_id])[article_id]
        if link is None:
            return False
        self._db.execute("INSERT INTO clusters VALUES (?, ?)", (article_id, root))
        self._write({article_id: link})
        return True

    def _form(self, concerned: set[int]) -> None:
        """Forms the clusters anew that these articles are in."""
        links: dict[int, Link] = {}
        roots: dict[int, int] = {}
        for component in self._components(concerned):
            ordered = self._ordered(component)
            if len(ordered) > 1:
                roots.update(dict.fromkeys(ordered, ordered[0]))
            links.update(dict.fromkeys(ordered, _NO_LINK) | self._represented(ordered))
        current = self._roots(links)
        gone = [(one,) for one in current if one not in roots]
        self._db.executemany("DELETE FROM clusters WHERE article_id = ?", gone)
        changed = [(one, root) for one, root in roots.items() if current.get(one) != root]
        self._db.executemany("INSERT OR REPLACE INTO clusters VALUES (?, ?)", changed)
        self._write(links)

    def _represented(self, ordered: list[int]) -> dict[int, Link]:
        """Who of a component is represented by whom.

        A template is never a duplicate: what only a chain of others connects with the representative is clustered
        again without it.
        """
        links: dict[int, Link] = {}
        groups = [ordered]
        for _ in range(ROUNDS):
            apart: set[int] = set()
            for first, *rest in groups:
                for one, link in self._links(first, rest).items():
                    if link is None:
                        apart.add(one)
                    else:
                        links[one] = link
            if not apart:
                break
            groups = [self._ordered(group) for group in self._components(apart, within=apart)]
        return links

    def _links(self, first: int, rest: Collection[int]) -> dict[int, Link | None]:
        """What each of `rest` is to `first`; None where they are but a template of each other."""
        known: dict[int, Likeness] = {}
        if len(rest) > 1:
            known = self._pairs.of(first)
        elif rest:
            known = self._pairs.between(first, next(iter(rest)))
        missing = [one for one in rest if one not in known]
        if missing:
            subject = next(subjects.load(self._db, subjects.places(self._db, [first]))).subject
            for other in subjects.load(self._db, subjects.places(self._db, missing)):
                known[other.article_id] = compare(subject, other.subject)
        return {
            one: None if known[one].kind == "template" else Link(first, known[one].kind, known[one].similarity)
            for one in rest
        }

    def _components(self, concerned: set[int], within: set[int] | None = None) -> list[set[int]]:
        """The connected components that these articles are in."""
        left = set(concerned)
        found = []
        while left:
            component = {left.pop()}
            pending = list(component)
            while pending:
                partners = self._partners(pending.pop()) - component
                if within is not None:
                    partners &= within
                component |= partners
                pending.extend(partners)
            left -= component
            found.append(component)
        return found

    def _partners(self, article_id: int) -> set[int]:
        rows = self._db.execute(
            f"SELECT b FROM similar WHERE a = ?1 AND {_COUNTS} "
            f"UNION ALL SELECT a FROM similar WHERE b = ?1 AND {_COUNTS}",
            (article_id, self._threshold),
        )
        return {row[0] for row in rows}

    def _whole(self, concerned: Iterable[int], most: int = -1) -> set[int]:
        """These articles and all that are in one cluster with them now; beyond `most`, as many as tell so."""
        ids = set(concerned)
        rows = self._db.execute(
            "SELECT article_id FROM clusters WHERE root IN "
            "(SELECT root FROM clusters WHERE article_id IN (SELECT value FROM json_each(?))) LIMIT ?",
            (json.dumps(list(ids)), most if most < 0 else most + 1),
        )
        return ids | {row[0] for row in rows}

    def _roots(self, article_ids: Iterable[int]) -> dict[int, int]:
        rows = self._db.execute(
            "SELECT article_id, root FROM clusters WHERE article_id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(article_ids)),),
        )
        return dict(rows.fetchall())

    def _waits(self, article_ids: list[int]) -> bool:
        row = self._db.execute(
            "SELECT 1 FROM unsettled WHERE article_id IN (SELECT value FROM json_each(?))", (json.dumps(article_ids),)
        ).fetchone()
        return row is not None

    def _ordered(self, article_ids: Collection[int]) -> list[int]:
        """The articles that are there, the one that represents the others first."""
        if len(article_ids) == 1:
            return list(article_ids)
        rows = self._db.execute(
            f"SELECT id FROM articles WHERE id IN (SELECT value FROM json_each(?)) ORDER BY {_ORDER}",
            (json.dumps(list(article_ids)),),
        )
        return [row[0] for row in rows]

    def _write(self, links: dict[int, Link]) -> None:
        rows = self._db.execute(
            "SELECT id, duplicate_of, duplicate_kind, similarity FROM articles "
            "WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(links)),),
        ).fetchall()
        self._db.executemany(
            "UPDATE articles SET duplicate_of = ?, duplicate_kind = ?, similarity = ? WHERE id = ?",
            [
                (link.duplicate_of, link.kind, link.similarity, one)
                for one, *current in rows
                if (link := links[one]) != Link(*current)
            ],
        )
