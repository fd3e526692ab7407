"""An article's revisions, in the order of their capture, for who wants to compare them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.store import revisions

if TYPE_CHECKING:
    from sqlite3 import Connection

    from pipelines.changes import Change
    from pipelines.store.revisions import RevisionText


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One text of an article, and the capture that shows it best."""

    number: int
    change: Change
    seen_at: str  # UTC text: when it was first captured
    evidence: str
    capture: str  # its readable name
    sha256: str
    text: RevisionText


def history(db: Connection, article_id: int) -> list[Revision]:
    """Every revision of an article, by number."""
    rows = db.execute(
        "SELECT r.id, r.number, r.change, r.seen_at, c.evidence, c.name, c.sha256 FROM revisions AS r "
        "JOIN captures AS c ON c.id = r.capture_id WHERE r.article_id = ? ORDER BY r.number",
        (article_id,),
    ).fetchall()
    return [
        Revision(
            number=row[1],
            change=row[2],
            seen_at=row[3],
            evidence=row[4],
            capture=row[5],
            sha256=row[6],
            text=revisions.load(db, row[0]),
        )
        for row in rows
    ]


def statuses(db: Connection, article_id: int) -> list[tuple[str, str]]:
    """The turns in an article's availability: (status, when it was seen so), in order."""
    return db.execute(
        "SELECT status, seen_at FROM status_history WHERE id = ? ORDER BY seen_at", (article_id,)
    ).fetchall()
