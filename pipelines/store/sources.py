"""Where captures come from again and again: one row a source, how often it is read, and when it is next due.

A row is short work: it is written without the run lock, in a transaction of its own. A crawl commits every second, so
the busy timeout is long enough; nothing a run does depends on the rows it has not read yet.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from crawler.durations import parse_duration, parse_every
from crawler.times import from_utc_text, utc_text
from pipelines.store import retries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from sqlite3 import Connection


T = TypeVar("T")

_LONG_AGO = "2012-01-01T00:00:00Z"


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
    failures: int  # how often in a row it was not read to its end


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
        retries.forget(db, int(row[0]))
    return int(row[0]), known is None


def pause(db: Connection, source_id: int, *, paused: bool) -> bool:
    """Pauses a source, or lets it go on. Says whether it is there."""
    with _transaction(db):
        return db.execute("UPDATE sources SET paused = ? WHERE id = ?", (paused, source_id)).rowcount > 0


def remove(db: Connection, source_id: int) -> bool:
    """Forgets a source; what it brought stays. Says whether it was there."""
    with _transaction(db):
        db.execute("UPDATE frontier SET source_id = NULL WHERE source_id = ?", (source_id,))
        retries.forget(db, source_id)
        return db.execute("DELETE FROM sources WHERE id = ?", (source_id,)).rowcount > 0


def load(db: Connection) -> list[Source]:
    """Every source, by its number."""
    found = db.execute(
        "SELECT s.id, s.kind, s.target, s.every, s.next_due, s.paused, s.options, s.added_at, s.last_run_id, "
        "r.started_at, r.exit_code FROM sources AS s LEFT JOIN runs AS r ON r.id = s.last_run_id ORDER BY s.id"
    ).fetchall()
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
            failures=retries.failures(db, row[0]),
        )
        for row in found
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


@contextmanager
def _transaction(db: Connection) -> Iterator[None]:
    db.execute("BEGIN IMMEDIATE")
    with db:
        yield
