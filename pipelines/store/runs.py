"""Runs: one row for each, from its start to its exit code."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crawler.text import tidy_line
from crawler.urls import strip_reader

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from sqlite3 import Connection, Row

# Jobs that bring no captures of their own: none of them says that the crawls go well.
UPKEEP = frozenset({"renormalize", "merge", "learn", "reindex"})
MAX_DETAIL = 500  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One row of `runs`."""

    id: int
    spider: str
    arguments: dict[str, Any]
    started_at: str
    finished_at: str | None
    finish_reason: str | None
    exit_code: int | None
    counts: dict[str, Any]
    detail: str | None
    drift: list[dict[str, Any]]


def begin(db: Connection, spider: str, arguments: Mapping[str, object], now: str) -> int:
    """Makes the row of a run that starts `now` (UTC text); `arguments` must hold no credential."""
    row = db.execute(
        "INSERT INTO runs (spider, arguments, started_at) VALUES (?, ?, ?) RETURNING id",
        (spider, json.dumps(arguments, ensure_ascii=False, sort_keys=True, default=str), now),
    ).fetchone()
    return int(row[0])


def end(
    db: Connection,
    run_id: int,
    *,
    finish_reason: str,
    exit_code: int,
    counts: Mapping[str, object],
    now: str,
    detail: str = "",
    drift: Sequence[Mapping[str, object]] = (),
) -> None:
    """Completes a run's row. `detail` says for people why it ended so; `drift` is what `drift.look` gave."""
    db.execute(
        "UPDATE runs SET finished_at = ?, finish_reason = ?, exit_code = ?, counts = ?, detail = ?, drift = ? "
        "WHERE id = ?",
        (
            now,
            finish_reason,
            exit_code,
            json.dumps(counts, ensure_ascii=False),
            _line(detail) or None,
            json.dumps(drift, ensure_ascii=False),
            run_id,
        ),
    )


def bury(db: Connection, now: str) -> int:
    """Completes the rows of runs that ended without a word; the caller holds the run lock. Says how many."""
    cursor = db.execute("UPDATE runs SET finished_at = ?, finish_reason = 'killed' WHERE finished_at IS NULL", (now,))
    return cursor.rowcount


def recent(db: Connection, limit: int) -> list[Run]:
    """The latest `limit` runs, the latest first."""
    return [_run(row) for row in db.execute(f"{_SELECT} ORDER BY id DESC LIMIT ?", (limit,))]


def load(db: Connection, run_id: int) -> Run | None:
    """A run's row, or None where there is none of that number."""
    row = db.execute(f"{_SELECT} WHERE id = ?", (run_id,)).fetchone()
    return _run(row) if row else None


def rejected(db: Connection, run_id: int, limit: int) -> list[tuple[str, str, str]]:
    """Captures that this run met first and could not read: (name, reason, detail), at most `limit`."""
    return db.execute(
        "SELECT name, reason, coalesce(detail, '') FROM captures WHERE run_id = ? AND outcome = 'rejected' "
        "ORDER BY id LIMIT ?",
        (run_id, limit),
    ).fetchall()


_SELECT = (
    "SELECT id, spider, arguments, started_at, finished_at, finish_reason, exit_code, counts, detail, drift FROM runs"
)


def _run(row: Row | tuple[Any, ...]) -> Run:
    number, spider, arguments, started_at, finished_at, reason, code, counts, detail, drift = row
    return Run(
        id=number,
        spider=spider,
        arguments=json.loads(arguments),
        started_at=started_at,
        finished_at=finished_at,
        finish_reason=reason,
        exit_code=code,
        counts=json.loads(counts),
        detail=detail,
        drift=json.loads(drift),
    )


def _line(detail: str) -> str:
    """`detail` on one line, its URLs without what tells who was reading."""
    words = (strip_reader(word) if "//" in word else word for word in detail.split())
    return tidy_line(" ".join(words))[:MAX_DETAIL]
