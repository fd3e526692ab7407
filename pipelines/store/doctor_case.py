"""What is examined, and what an examination finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime, timedelta
    from pathlib import Path
    from sqlite3 import Connection

    from pipelines.store.lock import Holder

SAMPLE = 200  # articles, and contents, that are looked at where not all are


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that needs attention."""

    check: str
    fact: str
    remedy: str  # what to do; empty where the fact says so
    is_fatal: bool = False  # the database cannot be trusted

    def line(self) -> str:
        """Fact and remedy on one line."""
        return f"{self.check}: {self.fact}" + (f"; {self.remedy}" if self.remedy else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A database that is examined."""

    db: Connection  # reads only
    path: Path
    now: datetime
    rules_version: str  # of the rules in force
    holder: Holder | None  # of the run lock
    max_age: timedelta | None = None  # how old the last success may be
    is_full: bool = False  # every article and every content, not a sample

    def stride(self, table: str) -> int:
        """One row in so many of `table` makes a sample that is spread over all."""
        if self.is_full:
            return 1
        return max(1, int(self.db.execute(f"SELECT coalesce(max(rowid), 0) FROM {table}").fetchone()[0]) // SAMPLE)
