"""Figures of a database for people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlite3 import Connection

Rows = list[tuple[Any, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """What a database holds, table by table."""

    outcomes: Rows  # outcome, captures
    kinds: Rows  # kind, articles, with a date, duplicates, characters
    accounts: Rows  # account, articles, first day, last day
    rejected: Rows  # reason, captures


def overview(db: Connection) -> Overview:
    """The figures of `db`."""
    return Overview(
        outcomes=db.execute("SELECT outcome, count(*) FROM captures GROUP BY outcome ORDER BY 2 DESC").fetchall(),
        kinds=db.execute(
            "SELECT kind, count(*), count(published_on), count(duplicate_of), sum(char_count) FROM articles "
            "GROUP BY kind ORDER BY 2 DESC"
        ).fetchall(),
        accounts=db.execute(
            "SELECT account, articles, first_published_on, last_published_on FROM account_summary "
            "WHERE articles > 0 ORDER BY articles DESC, account LIMIT 10"
        ).fetchall(),
        rejected=db.execute(
            "SELECT reason, count(*) FROM captures WHERE outcome = 'rejected' GROUP BY reason ORDER BY 2 DESC"
        ).fetchall(),
    )
