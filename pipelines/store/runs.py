"""Runs: one row for each, from its start to its exit code."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from sqlite3 import Connection


def begin(db: Connection, spider: str, arguments: Mapping[str, object], now: str) -> int:
    """Makes the row of a run that starts `now` (UTC text); `arguments` must hold no credential."""
    row = db.execute(
        "INSERT INTO runs (spider, arguments, started_at) VALUES (?, ?, ?) RETURNING id",
        (spider, json.dumps(arguments, ensure_ascii=False, sort_keys=True, default=str), now),
    ).fetchone()
    return int(row[0])


def end(
    db: Connection, run_id: int, *, finish_reason: str, exit_code: int, counts: Mapping[str, object], now: str
) -> None:
    """Completes a run's row."""
    db.execute(
        "UPDATE runs SET finished_at = ?, finish_reason = ?, exit_code = ?, counts = ? WHERE id = ?",
        (now, finish_reason, exit_code, json.dumps(counts, ensure_ascii=False), run_id),
    )


def bury(db: Connection, now: str) -> int:
    """Completes the rows of runs that ended without a word; the caller holds the run lock. Says how many."""
    cursor = db.execute("UPDATE runs SET finished_at = ?, finish_reason = 'killed' WHERE finished_at IS NULL", (now,))
    return cursor.rowcount
