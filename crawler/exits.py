"""Exit codes that cron can trust, and what each one means for a person (a contract)."""

from __future__ import annotations

import signal
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

OUTCOMES = (
    "stored",
    "revised",
    "unchanged",
    "notice",
    "listing",
    "rejected",
    "rejected_known",
    "seen_before",
    "ignored",
)


class Exit(IntEnum):
    """How a run ended."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    STOPPED_BY_SITE = 3
    DATABASE = 4
    REJECTED = 5
    LOCKED = 75
    INTERRUPTED = 128 + signal.SIGINT
    TERMINATED = 128 + signal.SIGTERM


class ArgumentError(ValueError):
    """A spider argument (`-a`) that cannot be used; the message says what to do."""


def exit_code(
    counts: Mapping[str, int], *, store_error: bool, faults: int, signum: int | None, stopped_by_site: bool
) -> int:
    """The code of a run from what happened in it. When several hold: 4, 1, a signal, 3, 5."""
    if store_error:
        return Exit.DATABASE
    if faults:
        return Exit.FAILED
    if signum is not None:
        return 128 + signum
    if stopped_by_site:
        return Exit.STOPPED_BY_SITE
    return Exit.REJECTED if counts.get("rejected") else Exit.DONE


def explain(code: int, counts: Mapping[str, int], detail: str, database: str) -> list[str]:
    """At most eight lines for the operator: what happened, what was lost, what to do."""
    kept = "What was read up to then is stored; nothing is lost. Run the same command again to go on."
    rejected = [
        f"{counts.get('rejected', 0)} captures could not be read; everything else is stored.",
        f"See why: sqlite3 {database} 'SELECT name, reason, detail FROM rejected ORDER BY first_seen_at DESC'",
        "The same bytes will not raise this alarm again.",
    ]
    lines: dict[int, list[str]] = {
        Exit.DONE: [],
        Exit.REJECTED: rejected,
        Exit.DATABASE: [f"The database failed: {detail}", kept],
        Exit.FAILED: [f"The run failed: {detail or 'see the log'}", kept],
        Exit.STOPPED_BY_SITE: [f"The site stopped the run: {detail}", kept],
        Exit.INTERRUPTED: ["The run was told to stop.", kept],
        Exit.TERMINATED: ["The run was told to stop.", kept],
    }
    return lines.get(code, [detail])
