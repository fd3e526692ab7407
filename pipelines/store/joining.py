"""What a merge takes from another archive beside its captures: files, sources, the frontier, first sights.

Each rule gives the same whichever archive comes first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.urls import strip_reader
from pipelines.store import foreign

if TYPE_CHECKING:
    from sqlite3 import Connection

# Of two states of a URL the one that is further on; a lease dies with its process.
_STATES = ("pending", "failed", "dead", "done")


def seen_since(db: Connection, uri: str, sha256: str, at: str) -> None:
    """Notes that a capture was first read at `at` (UTC text), if that is earlier than what is known."""
    db.execute(
        "UPDATE captures SET first_seen_at = min(first_seen_at, ?) WHERE uri = ? AND sha256 = ?", (at, uri, sha256)
    )


def join_rest(db: Connection, source: Connection) -> None:
    """Takes the files, the sources and the frontier of `source`, in the caller's transaction."""
    _join_files(db, source)
    _join_sources(db, source)
    _join_frontier(db, source)


def _join_files(db: Connection, source: Connection) -> None:
    """A file is as the archive knows it that has read its latest state."""
    db.executemany(
        "INSERT INTO files VALUES (:uri, :size, :mtime_ns, :captures, :rejected, :ignored, :last_seen_at) "
        "ON CONFLICT (uri) DO UPDATE SET size = excluded.size, mtime_ns = excluded.mtime_ns, "
        "captures = excluded.captures, rejected = excluded.rejected, ignored = excluded.ignored, "
        "last_seen_at = max(last_seen_at, excluded.last_seen_at) "
        "WHERE (excluded.mtime_ns, excluded.size) > (mtime_ns, size)",
        foreign.rows(source, "files"),
    )


def _join_sources(db: Connection, source: Connection) -> None:
    """A source is what the archive says that knew it first; it is paused if either says so."""
    db.executemany(
        "INSERT INTO sources (kind, target, every, next_due, paused, options, added_at) "
        "VALUES (:kind, :target, :every, :next_due, :paused, :options, :added_at) "
        "ON CONFLICT (kind, target) DO UPDATE SET "
        "every = iif((excluded.added_at, excluded.every) < (added_at, every), excluded.every, every), "
        "options = iif((excluded.added_at, excluded.options) < (added_at, options), excluded.options, options), "
        "next_due = min(coalesce(next_due, excluded.next_due), coalesce(excluded.next_due, next_due)), "
        "paused = max(paused, excluded.paused), added_at = min(added_at, excluded.added_at)",
        foreign.rows(source, "sources"),
    )


def _join_frontier(db: Connection, source: Connection) -> None:
    for row in foreign.rows(source, "frontier"):
        row["url"] = strip_reader(str(row["url"]))
        row["state"] = "pending" if row["state"] == "leased" else row["state"]
        if not row["url"].startswith(("https://", "http://")) or row["state"] not in _STATES:
            continue
        known = db.execute("SELECT state FROM frontier WHERE url = ?", (row["url"],)).fetchone()
        if known is None:
            db.execute(
                "INSERT INTO frontier (url, state, priority, attempts, not_before, error, added_at, updated_at) "
                "VALUES (:url, :state, :priority, :attempts, :not_before, :error, :added_at, :updated_at)",
                row,
            )
        elif known[0] in _STATES and _STATES.index(row["state"]) > _STATES.index(known[0]):
            db.execute(
                "UPDATE frontier SET state = :state, attempts = :attempts, not_before = :not_before, error = :error, "
                "updated_at = :updated_at WHERE url = :url",
                row,
            )
