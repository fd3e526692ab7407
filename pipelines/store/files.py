"""Files that earlier runs have read to their end: what lets a run pass over them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite3 import Connection

    from crawler.items import FileSeen


def unchanged(db: Connection, uri: str, size: int, mtime_ns: int) -> int | None:
    """How many captures an earlier run made of the file, if its size and mtime are still those; else None."""
    row = db.execute(
        "SELECT captures FROM files WHERE uri = ? AND size = ? AND mtime_ns = ?", (uri, size, mtime_ns)
    ).fetchone()
    return int(row[0]) if row else None


def remember(db: Connection, seen: FileSeen, rejected: int, now: str) -> None:
    """Keeps the state of a file all of whose captures are stored; `rejected` of them were rejected."""
    db.execute(
        "INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (uri) DO UPDATE SET size = excluded.size, "
        "mtime_ns = excluded.mtime_ns, captures = excluded.captures, rejected = excluded.rejected, "
        "ignored = excluded.ignored, last_seen_at = excluded.last_seen_at",
        (seen.uri, seen.size, seen.mtime_ns, seen.captures, rejected, seen.ignored, now),
    )


def see_again(db: Connection, uri: str, now: str) -> tuple[int, int, int]:
    """Notes that an unchanged file was met again; its counts of captures, rejected and ignored members."""
    row = db.execute("SELECT captures, rejected, ignored FROM files WHERE uri = ?", (uri,)).fetchone()
    db.execute("UPDATE files SET last_seen_at = ? WHERE uri = ?", (now, uri))
    # "!0" ends the range of "!/": members of a container.
    db.execute(
        "UPDATE captures SET last_seen_at = ? WHERE uri = ? OR (uri >= ? AND uri < ?)",
        (now, uri, uri + "!/", uri + "!0"),
    )
    return (int(row[0]), int(row[1]), int(row[2])) if row else (0, 0, 0)
