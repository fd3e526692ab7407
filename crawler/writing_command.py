"""What the commands that write a database have in common (not in commands/, where Scrapy would list it).

A writing command holds the run lock, has a row in `runs` from its start to its exit code, and ends when it is told
to with everything kept that was committed.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy.exceptions import UsageError

from crawler.exits import Exit
from crawler.given import ProjectCommand
from crawler.stopping import StoppedError, stop_signals
from crawler.terminal import progress_bar, until_reader_leaves
from crawler.times import utc_text
from pipelines.boilerplate import RuleError
from pipelines.store import runs
from pipelines.store.database import DatabaseError, check_place, connect, explain, open_for_writing
from pipelines.store.lock import DatabaseLockedError, run_lock
from pipelines.workers import WorkerError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Mapping
    from sqlite3 import Connection

    from scrapy.settings import BaseSettings

    Progress = Callable[[int, int], None]


class WritingCommand(ProjectCommand):
    """A command that does one job in the database, with the run lock and a row in `runs`."""

    default_settings = {"LOG_ENABLED": False}  # noqa: RUF012 - Scrapy's own convention
    words = ""  # what the command expects besides options, as its usage shows it
    doing = "working"  # what its progress bar says
    makes_database = False  # may it begin with a database that is not there?

    database: Path
    job_name: str

    def syntax(self) -> str:
        """The words after the command's name."""
        return f"[options] {self.words}".strip()

    @property
    def known_settings(self) -> BaseSettings:
        """The project's settings."""
        settings: Any = self.settings
        return settings  # type: ignore[no-any-return]

    @until_reader_leaves()
    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Does the job and leaves its exit code in `exitcode`."""
        unknown = [word for word in args if word.startswith("-")]
        if unknown or (args and not self.words):
            raise UsageError(f"unknown words: {' '.join(unknown or args)}")
        self.job_name = type(self).__module__.rpartition(".")[2]
        settings = self.known_settings
        self.database = Path(settings["DATABASE"]).expanduser().resolve()
        try:
            self.prepare(args, opts)
            if self.is_only_looking(opts):
                self.exitcode = int(self.look(opts))
                return
            check_place(self.database)
            if not self.makes_database:
                connect(self.database, read_only=True).close()  # an error where there is none; writing would make it
            with run_lock(self.database, wait=settings.getfloat("LOCK_WAIT")):
                report = self._do(opts)
            if report["exit_code"] == Exit.DONE:
                report |= self.after(opts)
            self.exitcode = int(report["exit_code"])
            with until_reader_leaves():
                sys.stdout.write(json.dumps(report, ensure_ascii=False) + "\n")
        except BrokenPipeError:
            raise
        except (RuleError, WorkerError, OSError) as error:
            self._fail(Exit.FAILED, error)
        except DatabaseLockedError as error:
            self._fail(Exit.LOCKED, error)
        except DatabaseError as error:
            self._fail(Exit.DATABASE, error)

    def _fail(self, code: Exit, error: Exception) -> None:
        sys.stderr.write(f"{error}\n")
        self.exitcode = int(code)

    def _do(self, opts: argparse.Namespace) -> dict[str, Any]:
        started = time.monotonic()
        try:
            similarity = self.known_settings.getfloat("DUPLICATE_SIMILARITY")
            opened = open_for_writing(self.database, duplicate_similarity=similarity)
        except ValueError as error:
            raise UsageError(str(error), print_help=False) from error
        with closing(opened) as db, progress_bar(self.doing) as bar:
            runs.bury(db.conn, _now())
            run_id = runs.begin(db.conn, self.job_name, self.arguments(opts), _now())
            reason = "finished"
            try:
                with stop_signals():
                    self.work(db.conn, opts, run_id, bar)
                code = int(self.verdict())
            except StoppedError as stopped:
                code, reason = stopped.exit_code, "shutdown"
            except sqlite3.Error as error:
                code, reason = int(Exit.DATABASE), explain(error, self.database)
            except BaseException as error:
                self._end(db.conn, run_id, f"{type(error).__name__}: {error}", Exit.FAILED)
                raise
            self._end(db.conn, run_id, reason, code)
        self.tell(code)
        if code == Exit.DATABASE:
            sys.stderr.write(f"{reason}\n")
        if reason != "finished":
            sys.stderr.write("What was done up to then is kept. Run the same command again to go on.\n")
        seconds = round(time.monotonic() - started, 3)
        head = {"database": str(self.database), "spider": self.job_name}
        return head | dict(self.counts()) | {"seconds": seconds, "exit_code": code}

    def _end(self, db: Connection, run_id: int, reason: str, code: int) -> None:
        if db.in_transaction:
            db.rollback()
        runs.end(db, run_id, finish_reason=reason, exit_code=int(code), counts=self.counts(), now=_now())

    # --- what a command says of itself -----------------------------------------------------------------------------

    def prepare(self, args: list[str], opts: argparse.Namespace) -> None:
        """Checks words and options before anything is locked. May raise UsageError, RuleError, DatabaseError."""

    def is_only_looking(self, opts: argparse.Namespace) -> bool:
        """Do the options ask for something that writes nothing?"""
        return False

    def look(self, opts: argparse.Namespace) -> int:
        """Does what writes nothing, without the lock; gives the exit code."""
        raise NotImplementedError

    def arguments(self, opts: argparse.Namespace) -> Mapping[str, object]:
        """What the row in `runs` says that was asked for."""
        return {}

    def work(self, db: Connection, opts: argparse.Namespace, run_id: int, progress: Progress) -> None:
        """Does the job; what it has committed when it is stopped is in `counts`."""
        raise NotImplementedError

    def counts(self) -> Mapping[str, object]:
        """What was done and committed so far."""
        return {}

    def verdict(self) -> int:
        """The exit code of a job that came to its end."""
        return Exit.DONE

    def tell(self, code: int) -> None:
        """Says on standard error what the operator has to know beside the report."""

    def after(self, opts: argparse.Namespace) -> Mapping[str, object]:
        """Does what follows a job that is done, without the lock; gives what the report says of it."""
        return {}


def _now() -> str:
    return utc_text(datetime.now(UTC))
