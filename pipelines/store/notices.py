"""Which article a notice is about: the one that has its key, whichever of the two came first."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from sqlite3 import Connection


def link(db: Connection, keys: Iterable[str]) -> bool:
    """Ties notices to the articles that have their keys now, whichever came first; says whether there were any."""
    found = False
    for key in keys:
        if db.execute("SELECT 1 FROM notices WHERE key = ? LIMIT 1", (key,)).fetchone() is None:
            continue
        found = True
        db.execute(
            "UPDATE notices SET article_id = (SELECT article_id FROM keys WHERE keys.key = notices.key) WHERE key = ?",
            (key,),
        )
        db.execute(
            "UPDATE captures SET article_id = (SELECT article_id FROM notices WHERE capture_id = captures.id) "
            "WHERE id IN (SELECT capture_id FROM notices WHERE key = ?)",
            (key,),
        )
    return found
