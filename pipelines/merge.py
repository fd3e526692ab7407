"""Joins other archives into one, as if all their captures had been read into it.

Their captures are derived anew with this project's readers and rules, in several processes; this process alone
writes. What is there already is passed over, so that a merge that was stopped goes on when it is run again.
"""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from crawler.times import utc_text
from pipelines.derive import Recipe
from pipelines.store import foreign, joining, writer
from pipelines.store.foreign import DamagedError, ForeignCapture
from pipelines.workers import Loss, in_order

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from scrapy.settings import BaseSettings

    from crawler.items import Reading
    from pipelines.derive import Deriver

# Captures that share a transaction.
GROUP = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a worker needs to read another archive's captures; picklable."""

    sources: tuple[Path, ...]
    recipe: Recipe


def plan_of(sources: Sequence[Path], settings: BaseSettings, rule_files: Sequence[Path]) -> Plan:
    """The plan that the project's settings make."""
    return Plan(sources=tuple(sources), recipe=Recipe.from_settings(settings, rule_files))


@dataclass(slots=True, kw_only=True)
class Merged:
    """What a merge did: captures by outcome, and rows that could not be taken."""

    counts: Counter[str] = field(default_factory=Counter)
    damaged: list[str] = field(default_factory=list)

    def add(self, other: Merged) -> None:
        """Adds what `other` did."""
        self.counts += other.counts
        self.damaged += other.damaged


@dataclass(frozen=True, slots=True, kw_only=True)
class _Taken:
    """One capture of another archive, read anew, or why it cannot be."""

    found: ForeignCapture | None = None
    reading: Reading | None = None
    damage: str = ""


class _Worker:
    """The state of a worker process, made once."""

    sources: list[foreign.ForeignConnection]
    deriver: Deriver
    max_bytes: int


def _start(plan: Plan) -> None:
    _Worker.max_bytes = plan.recipe.limits.max_bytes
    _Worker.sources = [foreign.open_foreign(path, max_bytes=_Worker.max_bytes) for path in plan.sources]
    _Worker.deriver = plan.recipe.deriver()


def _take(task: tuple[int, int]) -> _Taken:
    number, capture_id = task
    try:
        found = foreign.load(_Worker.sources[number], capture_id, max_bytes=_Worker.max_bytes)
    except DamagedError as error:
        return _Taken(damage=str(error))
    return _Taken(found=found, reading=_Worker.deriver.derive(found.capture))


def _lost(task: tuple[int, int], _loss: Loss) -> _Taken:
    return _Taken(damage=f"capture {task[1]} of database {task[0] + 1}: the process that read it died")


def merge(
    db: sqlite3.Connection,
    plan: Plan,
    merged: Merged,
    *,
    jobs: int,
    run_id: int | None,
    progress: Callable[[int, int], None],
) -> None:
    """Takes all captures of the plan's archives into `db`, then what they know of files, sources and the frontier.

    `merged` tells at any time what is done and committed. `progress` is told, from time to time, how many captures
    are done and how many there are. The caller holds the run lock, and rolls back where this raises.

    Raises:
        DatabaseError: a file is no archive that can be trusted; nothing has been taken then.
        sqlite3.Error: one of the databases failed.
    """
    sources = [foreign.open_foreign(path, max_bytes=plan.recipe.limits.max_bytes) for path in plan.sources]
    try:
        tasks = [(n, capture_id) for n, source in enumerate(sources) for capture_id in foreign.capture_ids(source)]
        done = 0
        pending = Merged()
        with closing(in_order(_start, plan, _take, tasks, jobs, lost=_lost)) as results:
            for taken in results:
                _begin(db)
                _write(db, taken, pending, run_id)
                done += 1
                if done % GROUP == 0:
                    db.commit()
                    merged.add(pending)
                    pending = Merged()
                    progress(done, len(tasks))
        _begin(db)
        for source in sources:
            joining.join_rest(db, source)
        db.commit()
        merged.add(pending)
        progress(done, len(tasks))
    finally:
        for source in sources:
            source.close()


def _begin(db: sqlite3.Connection) -> None:
    if not db.in_transaction:
        db.execute("BEGIN IMMEDIATE")


def _write(db: sqlite3.Connection, taken: _Taken, merged: Merged, run_id: int | None) -> None:
    if taken.found is None or taken.reading is None:
        merged.damaged.append(taken.damage)
        return
    now = utc_text(datetime.now(UTC))
    found = taken.found
    taken.reading.sha256 = found.sha256
    written = writer.write(db, taken.reading, now=now, run_id=run_id)
    outcome = "rejected_known" if written.outcome == "rejected" and found.was_rejected else written.outcome
    merged.counts[outcome] += 1
    if found.first_seen_at:
        joining.seen_since(db, written.uri, found.sha256, found.first_seen_at)
