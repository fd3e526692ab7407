"""What all pages have in common: the database they read, how long that may take, and pages that say what went wrong."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crawler.pages import Limits
from pipelines.store.database import DatabaseError, connect, explain

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from sqlite3 import Connection

_STEPS = 10_000  # of SQLite's machine between two looks at the clock


class PageError(Exception):
    """A page that cannot be given: the status of HTTP, and a sentence that says what to do."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """An archive to be shown."""

    path: Path
    seconds: float = 5.0  # that the questions of one page may take
    limits: Limits = field(default_factory=Limits)  # of reading a raw capture

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for one page, read-only. What goes wrong with it becomes a PageError."""
        try:
            with closing(connect(self.path, read_only=True)) as db:
                end = time.monotonic() + self.seconds
                db.conn.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
                yield db.conn
        except DatabaseError as error:
            raise PageError(503, str(error)) from error
        except sqlite3.OperationalError as error:
            if "interrupted" in str(error):
                raise PageError(
                    503,
                    f"This took longer than {self.seconds:g} seconds; ask for less, or give it more time: "
                    "scrapy browse -s BROWSE_SECONDS=60",
                ) from error
            raise PageError(503, explain(error, self.path)) from error
