"""Duplicates: articles with another key and the same body. Linked, never dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite3 import Connection

# Greetings and captions of a few words recur without being copies.
LEAST_LENGTH = 20  # code points of a compacted body

# Earliest published, else best evidence, else smallest key: never the order of reading.
_ORDER = """published_at IS NULL, published_at,
  CASE evidence WHEN 'page' THEN 0 WHEN 'export' THEN 1 WHEN 'feed' THEN 2 WHEN 'record' THEN 3
                WHEN 'dump' THEN 4 ELSE 5 END, key"""


def link(db: Connection, article_id: int, former_hash: str) -> None:
    """Brings the clusters that an article is in, and was in, up to date after its row was written."""
    current = db.execute("SELECT content_hash FROM articles WHERE id = ?", (article_id,)).fetchone()[0]
    if former_hash not in ("", current):
        leave(db, article_id)
        _cluster(db, former_hash)
    _cluster(db, current)


def count(db: Connection) -> int:
    """How many articles are duplicates of another."""
    return int(db.execute("SELECT count(*) FROM articles WHERE duplicate_of IS NOT NULL").fetchone()[0])


def leave(db: Connection, article_id: int) -> None:
    """Takes an article out of its cluster; `_cluster` of its former body is to follow."""
    _unlink(db, [article_id])
    db.execute(
        "UPDATE articles SET duplicate_of = NULL, duplicate_kind = NULL, similarity = NULL WHERE duplicate_of = ?",
        (article_id,),
    )


def remove(db: Connection, article_id: int) -> None:
    """Takes an article that is about to be deleted out of its cluster."""
    content_hash = db.execute("SELECT content_hash FROM articles WHERE id = ?", (article_id,)).fetchone()[0]
    leave(db, article_id)
    db.execute("UPDATE articles SET content_hash = '' WHERE id = ?", (article_id,))
    _cluster(db, content_hash)


def _cluster(db: Connection, content_hash: str) -> None:
    """Links the articles of one body to their representative; writes nothing where all is as it should be."""
    rows = db.execute(
        f"SELECT id, duplicate_of FROM articles WHERE content_hash = ? AND char_count >= ? ORDER BY {_ORDER}",
        (content_hash, LEAST_LENGTH),
    ).fetchall()
    if not rows or (rows[0][1] is None and all(row[1] == rows[0][0] for row in rows[1:])):
        return
    first = rows[0][0]
    members = [row[0] for row in rows[1:]]
    _unlink(db, [first, *members])
    db.executemany(
        "UPDATE articles SET duplicate_of = ?, duplicate_kind = 'exact', similarity = 1.0 WHERE id = ?",
        [(first, member) for member in members],
    )
    db.executemany(
        "INSERT INTO similar VALUES (?, ?, 1.0, 'exact')",
        [(min(first, member), max(first, member)) for member in members],
    )


def _unlink(db: Connection, article_ids: list[int]) -> None:
    db.executemany(
        "UPDATE articles SET duplicate_of = NULL, duplicate_kind = NULL, similarity = NULL WHERE id = ?",
        [(article_id,) for article_id in article_ids],
    )
    db.executemany(
        "DELETE FROM similar WHERE kind = 'exact' AND ? IN (a, b)",
        [(article_id,) for article_id in article_ids],
    )
