"""When sources are read: what is due, what a run that has ended has read, when the next try is."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from crawler.durations import interval
from crawler.times import from_utc_text, utc_text
from pipelines.store import rechecks, retries
from pipelines.store.sources import KINDS, arguments_of, load

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from sqlite3 import Connection

    from pipelines.store.rechecks import Recheck
    from pipelines.store.retries import Ending
    from pipelines.store.sources import Source

# Exit codes of a run that has come to its end: done, and done with something new rejected.
COMPLETED = (0, 5)
# What a run of the spider `due` may be confined to.
RECHECKS, FAILED = "rechecks", "failed"
PARTS = (FAILED, RECHECKS)
# A source whose own run has not come, or was killed, counts as failed after half its interval, at most so long.
_GRACE = timedelta(hours=2)
# Arguments that say how something is read, not what.
_HOW = frozenset({"jobs", "again"})
_OF_RECHECKS = frozenset({("only", RECHECKS), ("fetch", "yes"), ("fetch", "no")})


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What a source asks for now. A pure function of the database and the time: asking twice gives the same."""

    source_id: int
    kind: str
    spider: str
    arguments: dict[str, str]
    due_at: str
    articles: tuple[Recheck, ...] = field(default=())  # of a recheck: what is to be looked at again


def due(db: Connection, now: datetime, parts: frozenset[str] = frozenset()) -> list[Work]:
    """What is due `now`, the longest due first: sources that are not paused, by the time that was set for them.

    A recheck is due whenever one of its articles is; its work names them. Cron never comes to the second, so
    anything within a tenth of its interval counts; what failed waits for the very moment. `parts`, of `PARTS`,
    confines it to rechecks, or to what failed; without any it is everything.
    """
    work = []
    for source in load(db):
        if source.is_paused or source.kind not in KINDS or not _is_part(source, parts, now):
            continue
        articles: tuple[Recheck, ...] = ()
        if source.kind == "recheck":
            articles = tuple(rechecks.due(db, source.target, source.options.get("at") or rechecks.DEFAULT_AT, now))
            due_at = min((one.due_at for one in articles), default=None)
        else:
            due_at = source.next_due or source.added_at
            slack = timedelta() if source.failures else interval(source.every) / 10
            if from_utc_text(due_at) > now + slack:
                due_at = None
        if due_at is not None:
            work.append(
                Work(
                    source_id=source.id,
                    kind=source.kind,
                    spider=KINDS[source.kind].spider,
                    arguments=arguments_of(source),
                    due_at=due_at,
                    articles=articles,
                )
            )
    return sorted(work, key=lambda one: (one.due_at, one.source_id))


def _is_part(source: Source, parts: frozenset[str], now: datetime) -> bool:
    if not parts or (RECHECKS in parts and source.kind == "recheck"):
        return True
    if FAILED not in parts or source.next_due is None:
        return False
    late = now - from_utc_text(source.next_due)
    return late >= timedelta() and (source.failures > 0 or late > min(interval(source.every) / 2, _GRACE))


def note_run(
    db: Connection, spider: str, arguments: Mapping[str, str], run_id: int, ending: Ending | None, now: str
) -> None:
    """Notes a run that has ended with the sources that it read, in the caller's transaction.

    See `retries.next_due` for when they are read next. `ending` is None of a run that was told to stop: they stay due.
    A source that a run of `due` reads is noted when it is read; here only its rechecks are.
    """
    for source in _read_by(load(db), spider, arguments):
        _note(db, source, run_id, ending, now)


def note_read(db: Connection, source_id: int, run_id: int, ending: Ending, now: str) -> None:
    """Notes a source that a run of the spider `due` has read, in the caller's transaction."""
    for source in load(db):
        if source.id == source_id:
            _note(db, source, run_id, ending, now)


def _note(db: Connection, source: Source, run_id: int, ending: Ending | None, now: str) -> None:
    next_due = source.next_due
    if ending is not None:
        started_at = db.execute("SELECT started_at FROM runs WHERE id = ?", (run_id,)).fetchone()[0]
        next_due = retries.next_due(db, source.id, source.every, ending, started_at=started_at, now=now)
    db.execute("UPDATE sources SET last_run_id = ?, next_due = ? WHERE id = ?", (run_id, next_due, source.id))


def next_try(db: Connection, spider: str, arguments: Mapping[str, str], now: datetime, *, run_id: int) -> str | None:
    """When (UTC text) the schedule reads again what the run with these arguments has read; None where none says."""
    known = load(db)
    read = [source for source in known if source.last_run_id == run_id] or _read_by(known, spider, arguments)
    times = [
        _after(now, from_utc_text(source.next_due), interval(source.every))
        for source in read
        if source.next_due and not source.is_paused
    ]
    return utc_text(min(times)) if times else None


def to_look_at(db: Connection, until: datetime) -> list[str]:
    """The URLs of articles that rechecks want to be looked at again by a moment."""
    return [
        article.url
        for source in load(db)
        if source.kind == "recheck" and not source.is_paused
        for article in rechecks.due(db, source.target, source.options.get("at") or rechecks.DEFAULT_AT, until)
    ]


def overdue(db: Connection, now: datetime) -> list[Source]:
    """Sources that should have been read by now twice over, and were not to their end."""
    return [
        source
        for source in load(db)
        if not source.is_paused
        and source.next_due
        and now - from_utc_text(source.next_due) > max(interval(source.every), timedelta(hours=1))
    ]


def _after(now: datetime, first: datetime, step: timedelta) -> datetime:
    """The first of `first`, `first` + `step`, ... that is later than `now`."""
    return first if first > now else first + ((now - first) // step + 1) * step


def _read_by(known: Sequence[Source], spider: str, arguments: Mapping[str, str]) -> list[Source]:
    """The sources that a run of `spider` with `arguments` reads."""
    return [
        source
        for source in known
        if source.kind in KINDS
        and KINDS[source.kind].spider == spider
        and (_comparable(source.kind, arguments_of(source)) == _comparable(source.kind, arguments))
    ]


def _comparable(kind: str, arguments: Mapping[str, str]) -> dict[str, str]:
    return {
        name: os.path.abspath(os.path.expanduser(value)) if name in KINDS[kind].paths else value  # noqa: PTH100, PTH111
        for name, value in arguments.items()
        if name not in _HOW and not (kind == "recheck" and (name, value) in _OF_RECHECKS)
    }
