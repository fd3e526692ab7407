"""When a source is read next: an interval after it was read to its end; sooner, and then less and less soon, else.

How often it failed in a row is kept in the table `state`, in the transaction that moves its time.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.durations import interval
from crawler.times import from_utc_text, utc_text
from pipelines.store import backoff

if TYPE_CHECKING:
    from datetime import datetime
    from sqlite3 import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How the reading of a source ended."""

    is_whole: bool  # it was read to its end
    may_pass: bool = True  # another try may find it otherwise without anybody doing something
    not_before: datetime | None = None  # its host wants to be left alone until then


def next_due(db: Connection, source_id: int, every: str, ending: Ending, *, started_at: str, now: str) -> str:
    """When (UTC text) a source is read next; notes the failure, or forgets all, in the caller's transaction.

    Args:
        db: the connection.
        source_id: the source.
        every: how often it is read.
        ending: how its reading ended.
        started_at: when that was begun (UTC text).
        now: UTC text.
    """
    scheduled = from_utc_text(started_at) + interval(every)
    if ending.is_whole:
        forget(db, source_id)
        return utc_text(scheduled)
    failed = failures(db, source_id) + 1
    db.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", (_name(source_id), json.dumps({"failures": failed})))
    if not ending.may_pass:
        return utc_text(scheduled)
    again = min(from_utc_text(now) + backoff.source_delay(failed), max(scheduled, from_utc_text(now)))
    return utc_text(max(again, ending.not_before) if ending.not_before else again)


def failures(db: Connection, source_id: int) -> int:
    """How often in a row a source was not read to its end."""
    row = db.execute("SELECT value FROM state WHERE name = ?", (_name(source_id),)).fetchone()
    try:
        return max(0, int(json.loads(row[0])["failures"])) if row else 0
    except (ValueError, LookupError, TypeError, RecursionError):
        return 0


def forget(db: Connection, source_id: int) -> None:
    """Forgets the failures of a source."""
    db.execute("DELETE FROM state WHERE name = ?", (_name(source_id),))


def _name(source_id: int) -> str:
    return f"failures of source {source_id}"
