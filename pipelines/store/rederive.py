"""What `renormalize` asks of the database: captures to read again, and where it was stopped."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import msgspec

from crawler.items import Capture
from pipelines.store import raw, revisions
from pipelines.store.capture_rows import Context

if TYPE_CHECKING:
    from collections.abc import Iterator
    from sqlite3 import Connection

    from pipelines.store.revisions import RevisionText

JOB = "renormalize"
_context = msgspec.json.Decoder(Context)


def units(db: Connection, after: int) -> Iterator[tuple[int, list[int]]]:
    """What is derived anew in one transaction: (cursor, ids of captures), in the order of the cursor.

    The captures of one article are a unit, whose cursor is its first capture's id; any other capture is one.
    A look that showed nothing new is read as the one that stands for it; a capture without any bytes is left as it is.
    """
    rows = db.execute(
        "SELECT min(c.id) AS first, group_concat(c.id) FROM captures AS c "
        "JOIN raw AS r ON r.sha256 = coalesce(c.read_as, c.sha256) "
        "GROUP BY CASE WHEN c.evidence IS NULL THEN -c.id ELSE c.article_id END HAVING first > ? ORDER BY first",
        (after,),
    ).fetchall()
    for first, members in rows:
        yield first, sorted(int(member) for member in members.split(","))


def count_units(db: Connection, after: int) -> int:
    """How many units there are beyond the cursor."""
    row = db.execute(
        "SELECT count(*) FROM (SELECT min(c.id) AS first FROM captures AS c "
        "JOIN raw AS r ON r.sha256 = coalesce(c.read_as, c.sha256) "
        "GROUP BY CASE WHEN c.evidence IS NULL THEN -c.id ELSE c.article_id END HAVING first > ?)",
        (after,),
    ).fetchone()
    return int(row[0])


def load_capture(db: Connection, capture_id: int) -> Capture | None:
    """A stored capture as its source gave it, or None where its bytes are not kept."""
    row = db.execute(
        "SELECT uri, name, coalesce(read_as, sha256), url, context, read_as FROM captures WHERE id = ?", (capture_id,)
    ).fetchone()
    content = raw.load(db, row[2]) if row else None
    if content is None:
        return None
    context = _context.decode(row[4])
    return Capture(
        uri=row[0],
        name=row[1],
        content=content,
        captured_at=context.captured_at,
        captured_at_source=context.captured_at_source,
        url=row[3],
        media_type=context.media_type,
        hints=context.hints,
        read_as=row[5],
    )


def stored_text(db: Connection, capture_id: int) -> tuple[str, RevisionText] | None:
    """The article's key and the text that a capture has now, or None where it is of no article."""
    row = db.execute(
        "SELECT a.key FROM captures AS c JOIN articles AS a ON a.id = c.article_id "
        "WHERE c.id = ? AND c.evidence IS NOT NULL",
        (capture_id,),
    ).fetchone()
    return (row[0], revisions.captured_text(db, capture_id)) if row else None


def cursor(db: Connection, version: str) -> int:
    """Where a job of the same version was stopped; 0 where none was."""
    row = db.execute("SELECT value FROM state WHERE name = ?", (JOB,)).fetchone()
    if row is None:
        return 0
    state = json.loads(row[0])
    return int(state["cursor"]) if state["version"] == version else 0


def advance(db: Connection, version: str, reached: int) -> None:
    """Notes how far the job has come; in the transaction of the work itself."""
    value = json.dumps({"version": version, "cursor": reached})
    db.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", (JOB, value))


def finish(db: Connection) -> None:
    """Forgets the job: it is done."""
    db.execute("DELETE FROM state WHERE name = ?", (JOB,))
