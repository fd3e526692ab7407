"""Derives everything derived again from the raw captures: on all cores, a unit (an article) at a time.

Workers read and normalise; this process alone writes. A unit is written in one transaction, so that an article
is either old or new. Where the job was stopped is kept in the database, in the transaction of the work.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from crawler.times import utc_text
from pipelines.derive import Recipe, body_of
from pipelines.store import rederive, writer
from pipelines.store.database import connect
from pipelines.store.reaccount import rebuild_accounts
from pipelines.workers import Loss, in_order

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence
    from pathlib import Path
    from sqlite3 import Connection

    from scrapy.settings import BaseSettings
    from sqlite_utils import Database

    from crawler.items import Reading
    from pipelines.derive import Deriver

# Units that share a transaction.
GROUP = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a worker needs to derive; picklable."""

    database: Path
    recipe: Recipe
    compare: bool = False  # also say what the captures' bodies are now


def plan_of(database: Path, settings: BaseSettings, rule_files: Sequence[Path]) -> Plan:
    """The plan that the project's settings make, with these files of rules."""
    return Plan(database=database, recipe=Recipe.from_settings(settings, rule_files))


@dataclass(slots=True, kw_only=True)
class Derived:
    """One unit, read anew."""

    cursor: int
    readings: list[tuple[int, Reading]]  # capture id, reading (without the capture's bytes)
    # Of a comparison: key, body now, body then, for each capture of an article.
    bodies: list[tuple[str, str, str | None]] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Changes:
    """What a job did, or would do."""

    units: int = 0
    changed: int = 0  # captures whose body is, or would be, another
    rejected: int = 0  # captures that no reader takes
    gained: int = 0  # code points
    lost: int = 0  # code points
    examples: list[tuple[str, str, str]] = field(default_factory=list)  # key, lost line, gained line


class _Worker:
    """The state of a worker process, made once."""

    database: Database
    deriver: Deriver
    compare: bool


def _start(plan: Plan) -> None:
    _Worker.database = connect(plan.database, read_only=True)
    _Worker.deriver = plan.recipe.deriver()
    _Worker.compare = plan.compare


def _derive(unit: tuple[int, list[int]]) -> Derived:
    cursor, members = unit
    derived = Derived(cursor=cursor, readings=[])
    db = _Worker.database.conn
    for capture_id in members:
        capture = rederive.load_capture(db, capture_id)
        if capture is None:
            continue
        reading = _Worker.deriver.derive(capture)
        reading.capture = replace(capture, content=b"")
        derived.readings.append((capture_id, reading))
        if _Worker.compare and (stored := rederive.stored_text(db, capture_id)) is not None:
            key, text = stored
            derived.bodies.append((key, text.body, body_of(reading)))
    return derived


def derive_all(plan: Plan, units: Iterator[tuple[int, list[int]]], jobs: int) -> Generator[Derived, None, None]:
    """Derives `units` in their order in `jobs` processes, a bounded number of them ahead."""
    return in_order(_start, plan, _derive, units, jobs, lost=_leave_as_it_is)


def _leave_as_it_is(unit: tuple[int, list[int]], _loss: Loss) -> Derived:
    return Derived(cursor=unit[0], readings=[])


def renormalize(
    connection: Connection,
    plan: Plan,
    changes: Changes,
    *,
    jobs: int,
    version: str,
    restart: bool,
    progress: Callable[[int, int], None],
) -> None:
    """Derives every unit anew and writes it; goes on where a job of the same `version` was stopped.

    `changes` tells at any time what is done and committed. `progress` is told, from time to time, how many units
    are done and how many there are. The caller holds the run lock, and rolls back where this raises.
    """
    after = 0 if restart else rederive.cursor(connection, version)
    total = rederive.count_units(connection, after)
    done = rejected = 0
    with closing(derive_all(plan, rederive.units(connection, after), jobs)) as results:
        for derived in results:
            if not connection.in_transaction:
                connection.execute("BEGIN IMMEDIATE")
            now = utc_text(datetime.now(UTC))
            for capture_id, reading in derived.readings:
                written = writer.rewrite(connection, capture_id, reading, now=now)
                rejected += written.outcome == "rejected"
            rederive.advance(connection, version, derived.cursor)
            done += 1
            if done % GROUP == 0:
                connection.commit()
                changes.units, changes.rejected = done, rejected
                progress(done, total)
    if not connection.in_transaction:
        connection.execute("BEGIN IMMEDIATE")
    rebuild_accounts(connection, utc_text(datetime.now(UTC)))
    rederive.finish(connection)
    connection.commit()
    changes.units, changes.rejected = done, rejected
    progress(done, total)


def compare(db: Connection, plan: Plan, *, jobs: int, progress: Callable[[int, int], None]) -> Changes:
    """What `renormalize` would change in bodies, with at most ten examples; writes nothing."""
    total = rederive.count_units(db, 0)
    changes = Changes()
    for derived in derive_all(replace(plan, compare=True), rederive.units(db, 0), jobs):
        changes.units += 1
        for key, now, then in derived.bodies:
            if then is None:
                changes.rejected += 1
            elif now != then:
                _note(changes, key, now, then)
        if changes.units % GROUP == 0:
            progress(changes.units, total)
    progress(changes.units, total)
    return changes


def _note(changes: Changes, key: str, now: str, then: str) -> None:
    before, after = now.splitlines(), then.splitlines()
    lost = [line for line in before if line not in set(after)]
    gained = [line for line in after if line not in set(before)]
    changes.changed += 1
    changes.lost += sum(map(len, lost))
    changes.gained += sum(map(len, gained))
    if len(changes.examples) < 10:
        changes.examples.append((key, lost[0] if lost else "", gained[0] if gained else ""))
