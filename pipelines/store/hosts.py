"""Hosts: how much was asked of each today, and until when it asked to be left alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crawler.times import beijing_day, from_utc_text, utc_text

if TYPE_CHECKING:
    from datetime import datetime
    from sqlite3 import Connection


class Pause(NamedTuple):
    """A host is to be left alone for a time."""

    until: datetime
    reason: str


def spend(db: Connection, host: str, now: str, budget: int) -> bool:
    """Counts a request that is about to be made; False, and none counted, where the day's budget is used up.

    The day is Beijing's.
    """
    day = beijing_day(from_utc_text(now))
    row = db.execute(
        "INSERT INTO hosts (host, day, requests, last_request_at) SELECT :host, :day, 1, :now WHERE :budget > 0 "
        "ON CONFLICT (host) DO UPDATE SET requests = iif(day = excluded.day, requests, 0) + 1, day = excluded.day, "
        "last_request_at = excluded.last_request_at WHERE day != excluded.day OR requests < :budget RETURNING 1",
        {"host": host, "day": day, "now": now, "budget": budget},
    ).fetchone()
    return row is not None


def spent(db: Connection, host: str, now: str) -> int:
    """How many requests were made of a host on the day in Beijing that `now` is in."""
    row = db.execute(
        "SELECT requests FROM hosts WHERE host = ? AND day = ?", (host, beijing_day(from_utc_text(now)))
    ).fetchone()
    return int(row[0]) if row else 0


def last_request_at(db: Connection, host: str) -> datetime | None:
    """When the last request of any run was made of a host."""
    row = db.execute("SELECT last_request_at FROM hosts WHERE host = ?", (host,)).fetchone()
    return from_utc_text(row[0]) if row else None


def pause(db: Connection, host: str, until: datetime, reason: str, now: str) -> None:
    """Leaves a host alone until a moment."""
    db.execute(
        "INSERT INTO hosts (host, day, requests, last_request_at, not_before, reason) VALUES (?, ?, 0, ?, ?, ?) "
        "ON CONFLICT (host) DO UPDATE SET not_before = excluded.not_before, reason = excluded.reason",
        (host, beijing_day(from_utc_text(now)), now, utc_text(until), reason),
    )


def paused(db: Connection, host: str, now: str) -> Pause | None:
    """Until when, and why, a host is to be left alone; None where it is not."""
    row = db.execute("SELECT not_before, reason FROM hosts WHERE host = ? AND not_before > ?", (host, now)).fetchone()
    return Pause(from_utc_text(row[0]), row[1] or "") if row else None
