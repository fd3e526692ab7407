"""Where captures come from again and again: one row a source, how often it is read, and when it is next due.

A row is short work: it is written without the run lock, in a transaction of its own. A crawl commits every second, so
the busy timeout is long enough; nothing a run does depends on the rows it has not read yet.
"""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from crawler.durations import interval, parse_duration, parse_every
from crawler.times import from_utc_text, utc_text
from pipelines.store import rechecks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime
    from sqlite3 import Connection

    from pipelines.store.rechecks import Recheck

T = TypeVar("T")

# Arguments that say how something is read, not what.
_HOW = frozenset({"jobs", "again"})
_LONG_AGO = "2012-01-01T00:00:00Z"
# Exit codes of a run that has read its source to the end: done, and done with something new rejected.
COMPLETED = (0, 5)


class Kind(NamedTuple):
    """How a kind of source is read."""

    spider: str
    target: str | None  # the spider's argument that the target is given as; None where it takes none
    options: tuple[str, ...] = ()  # options that are arguments of the spider too
    paths: tuple[str, ...] = ()  # arguments that are paths of this machine


KINDS: dict[str, Kind] = {
    "files": Kind("files", "path", ("layout", "sidecar"), ("path", "sidecar")),
    "articles": Kind("articles", None),  # what is pending in the frontier
    "album": Kind("album", "url", ("fetch",)),
    "account": Kind("account", "biz", ("fetch",)),
    "feed": Kind("feed", "url", ("fetch",)),
    "recheck": Kind("due", None),  # articles of an account, looked at again
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One row of `sources`, with how its last run ended."""

    id: int
    kind: str
    target: str
    every: str
    next_due: str | None
    is_paused: bool
    options: dict[str, Any]
    added_at: str
    last_run_id: int | None
    last_started_at: str | None
    last_exit_code: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What a source asks for now. A pure function of the database and the time: asking twice gives the same."""

    source_id: int
    kind: str
    spider: str
    arguments: dict[str, str]
    due_at: str
    articles: tuple[Recheck, ...] = field(default=())  # of a recheck: what is to be looked at again


def add(db: Connection, kind: str, target: str, every: str, options: Mapping[str, Any], now: str) -> tuple[int, bool]:
    """Adds a source that is due at once, or changes the one with that kind and target. Gives (id, is it new?)."""
    with _transaction(db):
        known = db.execute("SELECT id FROM sources WHERE kind = ? AND target = ?", (kind, target)).fetchone()
        row = db.execute(
            "INSERT INTO sources (kind, target, every, next_due, options, added_at) VALUES (?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (kind, target) DO UPDATE SET every = excluded.every, options = excluded.options, "
            "next_due = excluded.next_due RETURNING id",
            (kind, target, every, now, json.dumps(options, ensure_ascii=False, sort_keys=True), now),
        ).fetchone()
    return int(row[0]), known is None


def pause(db: Connection, source_id: int, *, paused: bool) -> bool:
    """Pauses a source, or lets it go on. Says whether it is there."""
    with _transaction(db):
        return db.execute("UPDATE sources SET paused = ? WHERE id = ?", (paused, source_id)).rowcount > 0


def remove(db: Connection, source_id: int) -> bool:
    """Forgets a source; what it brought stays. Says whether it was there."""
    with _transaction(db):
        db.execute("UPDATE frontier SET source_id = NULL WHERE source_id = ?", (source_id,))
        return db.execute("DELETE FROM sources WHERE id = ?", (source_id,)).rowcount > 0


def load(db: Connection) -> list[Source]:
    """Every source, by its number."""
    rows = db.execute(
        "SELECT s.id, s.kind, s.target, s.every, s.next_due, s.paused, s.options, s.added_at, s.last_run_id, "
        "r.started_at, r.exit_code FROM sources AS s LEFT JOIN runs AS r ON r.id = s.last_run_id ORDER BY s.id"
    )
    return [
        Source(
            id=row[0],
            kind=row[1],
            target=row[2],
            every=_usable(parse_every, row[3], "daily"),
            next_due=_usable(_moment, row[4], None),
            is_paused=bool(row[5]),
            options=_usable(_options, row[6], {}),
            added_at=_usable(_moment, row[7], _LONG_AGO),
            last_run_id=row[8],
            last_started_at=row[9],
            last_exit_code=row[10],
        )
        for row in rows
    ]


def _usable(read: Callable[[str], T], stored: str | None, default: T) -> T:
    """What is stored, as `read` gives it: a merged archive may have held anything."""
    try:
        return default if stored is None else read(stored)
    except (ValueError, RecursionError):
        return default


def _moment(text: str) -> str:
    return utc_text(from_utc_text(text))


def _options(text: str) -> dict[str, Any]:
    options = json.loads(text)
    if not isinstance(options, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004 - read as any other value that cannot be used
    ages = options.get("at", [])
    if not isinstance(ages, list):
        raise ValueError("ages that are no list")  # noqa: TRY004 - the same
    for age in ages:
        parse_duration(str(age))
    return options


def arguments_of(source: Source) -> dict[str, str]:
    """The spider arguments that read a source of a known kind."""
    kind = KINDS[source.kind]
    named = {kind.target: source.target} if kind.target else {}
    return named | {name: str(source.options[name]) for name in kind.options if source.options.get(name)}


def due(db: Connection, now: datetime) -> list[Work]:
    """What is due `now`, the longest due first: sources that are not paused, by the time that was set for them.

    A recheck is due whenever one of its articles is; its work names them. Cron never comes to the second, so
    anything within a tenth of its interval counts.
    """
    work = []
    for source in load(db):
        if source.is_paused or source.kind not in KINDS:
            continue
        articles: tuple[Recheck, ...] = ()
        if source.kind == "recheck":
            articles = tuple(rechecks.due(db, source.target, source.options.get("at") or rechecks.DEFAULT_AT, now))
            due_at = min((one.due_at for one in articles), default=None)
        else:
            due_at = source.next_due or source.added_at
            if from_utc_text(due_at) > now + interval(source.every) / 10:
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


def note_run(db: Connection, spider: str, arguments: Mapping[str, str], run_id: int, exit_code: int) -> None:
    """Notes a run that has ended with the sources that it read, in the caller's transaction.

    A run that was completed sets the next time; after any other the source stays due. `due` reads every recheck.
    """
    started_at = db.execute("SELECT started_at FROM runs WHERE id = ?", (run_id,)).fetchone()[0]
    for source in _read_by(load(db), spider, arguments):
        next_due = source.next_due
        if exit_code in COMPLETED:
            next_due = utc_text(from_utc_text(started_at) + interval(source.every))
        db.execute("UPDATE sources SET last_run_id = ?, next_due = ? WHERE id = ?", (run_id, next_due, source.id))


def note_read(db: Connection, source_id: int, run_id: int, now: str, *, is_whole: bool) -> None:
    """Notes a source that a run of the spider `due` has read, in the caller's transaction.

    One that was read to its end is next due an interval from `now`; any other stays due.
    """
    for source in load(db):
        if source.id == source_id:
            next_due = utc_text(from_utc_text(now) + interval(source.every)) if is_whole else source.next_due
            db.execute("UPDATE sources SET last_run_id = ?, next_due = ? WHERE id = ?", (run_id, next_due, source_id))


def next_try(db: Connection, spider: str, arguments: Mapping[str, str], now: datetime) -> str | None:
    """When (UTC text) the schedule reads again what a run with these arguments reads; None where none says."""
    times = [
        _after(now, from_utc_text(source.next_due), interval(source.every))
        for source in _read_by(load(db), spider, arguments)
        if source.next_due and not source.is_paused
    ]
    return utc_text(min(times)) if times else None


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
        if name not in _HOW
    }


@contextmanager
def _transaction(db: Connection) -> Iterator[None]:
    db.execute("BEGIN IMMEDIATE")
    with db:
        yield
