"""The frontier: which URLs are to be fetched, are being fetched, are answered.

A URL is `pending`; `leased` by a run while it is asked for; `done` in the transaction that stores its answer;
`failed` until it is asked for again; `dead` once it will not be. The lease of a process that died ends with it:
whoever holds the run lock may `adopt` it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from crawler.times import from_utc_text, utc_text
from pipelines.store import backoff

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime, timedelta
    from sqlite3 import Connection

    from pipelines.store.backoff import Failure

State = Literal["pending", "leased", "done", "failed", "dead"]
WAITING = "state IN ('pending', 'failed')"
# What is to be looked at again comes before what the user named, that before what was found.
FOUND, NAMED, LOOK_AGAIN = 0, 1, 2
MAX_ERROR = 300  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """URLs that are still to be fetched."""

    count: int
    due: int  # of them, those that may be asked for now
    next_at: datetime | None  # when the first of the others may be


def add(
    db: Connection,
    urls: Iterable[str],
    now: str,
    *,
    priority: int = 0,
    source_id: int | None = None,
    again: bool = False,
) -> int:
    """Puts URLs in, and says how many are new; one that is there keeps its state and its higher priority.

    With `again` those that were answered or given up are asked for once more, and those put off at once.
    """
    urls = list(urls)
    before = db.total_changes
    db.executemany(
        # A source may be removed while a run reads it.
        "INSERT OR IGNORE INTO frontier (url, priority, source_id, added_at, updated_at) "
        "VALUES (?, ?, (SELECT id FROM sources WHERE id = ?), ?, ?)",
        [(url, priority, source_id, now, now) for url in urls],
    )
    added = db.total_changes - before
    if priority:
        db.executemany(
            "UPDATE frontier SET priority = ? WHERE url = ? AND priority < ?",
            [(priority, url, priority) for url in urls],
        )
    if again:
        db.executemany(
            "UPDATE frontier SET state = 'pending', attempts = 0, not_before = NULL, leased_by = NULL, error = NULL, "
            "updated_at = ? WHERE url = ? AND state != 'leased'",
            [(now, url) for url in urls],
        )
    return added


def look_again(db: Connection, wanted: Iterable[tuple[str, str]], now: str, *, source_id: int | None) -> None:
    """Puts in URLs that are to be looked at again: (URL, since when, as UTC text).

    One that was answered or given up since then is left as it is, and one that failed keeps to its next time: a
    recheck asks no more often for what cannot be had than any other run.
    """
    wanted = list(wanted)
    add(db, [url for url, _ in wanted], now, priority=LOOK_AGAIN, source_id=source_id)
    db.executemany(
        "UPDATE frontier SET state = 'pending', attempts = 0, not_before = NULL, leased_by = NULL, error = NULL, "
        "updated_at = ? WHERE url = ? AND state IN ('done', 'dead') AND updated_at < ?",
        [(now, url, since) for url, since in wanted],
    )


def adopt(db: Connection, now: str) -> int:
    """Ends the leases of dead processes; the caller holds the run lock. Says how many there were."""
    return db.execute(
        "UPDATE frontier SET state = 'pending', leased_by = NULL, leased_until = NULL, updated_at = ?, "
        "error = 'the run that asked for it was ended' WHERE state = 'leased'",
        (now,),
    ).rowcount


def due(db: Connection, now: str, run_id: int, limit: int, *, closed_hosts: Sequence[str] = ()) -> list[str]:
    """URLs that may be asked for now and were not by this run: the most urgent first, then the longest untouched.

    None of `closed_hosts` is among them.
    """
    # All URLs of a host and no others lie between "https://host/" and "https://host0".
    elsewhere = "AND NOT (url >= ? AND url < ?) " * len(closed_hosts)
    bounds = [f"https://{host}{end}" for host in closed_hosts for end in "/0"]
    # The index is in this very order; the planner, left to itself, sorts all that wait, each time.
    rows = db.execute(
        f"SELECT url FROM frontier INDEXED BY frontier_due WHERE {WAITING} AND coalesce(not_before, '') <= ? "
        f"AND coalesce(leased_by, '') != ? {elsewhere}ORDER BY priority DESC, updated_at, url LIMIT ?",
        (now, str(run_id), *bounds, limit),
    )
    return [row[0] for row in rows]


def is_due(db: Connection, url: str, now: str, run_id: int) -> bool:
    """May this very URL be asked for now?"""
    row = db.execute(
        f"SELECT 1 FROM frontier WHERE url = ? AND {WAITING} AND coalesce(not_before, '') <= ? "
        "AND coalesce(leased_by, '') != ?",
        (url, now, str(run_id)),
    ).fetchone()
    return row is not None


def lease(db: Connection, url: str, now: str, *, run_id: int, lasts: timedelta) -> bool:
    """Marks a waiting URL as being asked for by a run; False where it does not wait."""
    until = utc_text(from_utc_text(now) + lasts)
    cursor = db.execute(
        f"UPDATE frontier SET state = 'leased', leased_by = ?, leased_until = ?, updated_at = ? "
        f"WHERE url = ? AND {WAITING}",
        (str(run_id), until, now, url),
    )
    return cursor.rowcount == 1


def finish(db: Connection, url: str, now: str) -> None:
    """Marks a URL as answered; in the transaction that stores the answer."""
    db.execute(
        "UPDATE frontier SET state = 'done', attempts = attempts + 1, not_before = NULL, leased_until = NULL, "
        "error = NULL, updated_at = ? WHERE url = ?",
        (now, url),
    )


def put_back(
    db: Connection, url: str, why: str, now: str, *, not_before: str | None = None, this_run: bool = False
) -> None:
    """Ends a lease without a try: the URL waits on, until `not_before` (UTC text) where that is given.

    With `this_run` the run that leased it may ask for it once more.
    """
    db.execute(
        "UPDATE frontier SET state = 'pending', not_before = coalesce(?, not_before), leased_until = NULL, error = ?, "
        f"leased_by = {'NULL' if this_run else 'leased_by'}, updated_at = ? WHERE url = ? AND state = 'leased'",
        (not_before, why[:MAX_ERROR], now, url),
    )


def fail(db: Connection, url: str, kind: Failure, detail: str, now: str, *, max_attempts: int) -> str | None:
    """Notes a try that failed; gives when the next is (UTC text), or None where there is none any more."""
    row = db.execute("SELECT attempts FROM frontier WHERE url = ?", (url,)).fetchone()
    attempts = (row[0] if row else 0) + 1
    wait = backoff.delay(kind, attempts, max_attempts)
    not_before = utc_text(from_utc_text(now) + wait) if wait is not None else None
    db.execute(
        "UPDATE frontier SET state = ?, attempts = ?, not_before = ?, leased_until = NULL, error = ?, updated_at = ? "
        "WHERE url = ?",
        ("failed" if not_before else "dead", attempts, not_before, f"{kind}: {detail}"[:MAX_ERROR], now, url),
    )
    return not_before


def refuse(db: Connection, url: str, why: str, now: str) -> None:
    """Gives up a URL that may not be fetched."""
    db.execute(
        "UPDATE frontier SET state = 'dead', not_before = NULL, error = ?, updated_at = ? WHERE url = ?",
        (f"forbidden_url: {why}"[:MAX_ERROR], now, url),
    )


def release(db: Connection, run_id: int, why: str, now: str) -> int:
    """Puts back what a run leased and got no answer for; says how many."""
    return db.execute(
        "UPDATE frontier SET state = 'pending', leased_until = NULL, error = ?, updated_at = ? "
        "WHERE state = 'leased' AND leased_by = ?",
        (why[:MAX_ERROR], now, str(run_id)),
    ).rowcount


def waiting(db: Connection, now: str) -> Waiting:
    """How many URLs wait, and for when."""
    count, is_due_now, next_at = db.execute(
        "SELECT count(*), coalesce(sum(coalesce(not_before, '') <= :now), 0), "
        f"min(CASE WHEN not_before > :now THEN not_before END) FROM frontier WHERE {WAITING}",
        {"now": now},
    ).fetchone()
    return Waiting(count=count, due=is_due_now, next_at=from_utc_text(next_at) if next_at else None)
