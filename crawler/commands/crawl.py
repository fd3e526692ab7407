"""`scrapy crawl`: Scrapy's own, with a run lock, a row for the run, and an exit code that is true."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
import sys
import threading
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy import signals
from scrapy.commands.crawl import Command as ScrapyCrawl
from scrapy.exceptions import UsageError

from crawler import exits
from crawler.exits import ArgumentError, Exit
from crawler.given import check_given
from crawler.network.ending import NOT_BEFORE, UNREAD
from crawler.network.stopping import FORBIDDEN
from crawler.network.targets import without_tokens
from crawler.terminal import until_reader_leaves
from crawler.times import from_utc_text, utc_text
from pipelines.store import drift, runs, schedule
from pipelines.store.database import DatabaseError, check_place, connect, explain, open_for_writing
from pipelines.store.lock import DatabaseLockedError, run_lock
from pipelines.store.pipeline import STORE_ERROR
from pipelines.store.retries import Ending
from pipelines.workers import begin_loading

if TYPE_CHECKING:
    import argparse
    from types import FrameType

    from scrapy.crawler import AsyncCrawlerProcess, Crawler

# A run that has been told to stop and is not over after so many seconds is ended where it stands.
PATIENCE = 4.5


class Command(ScrapyCrawl):
    """Runs one spider into the database."""

    def __init__(self) -> None:
        super().__init__()
        self.signum: int | None = None
        self.faults: list[str] = []
        self.note = ""
        self.run_id = 0

    def syntax(self) -> str:
        """The words after the command's name."""
        return "[options] <spider>"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Run a spider into the database (files: -a path=FOLDER)"

    def long_desc(self) -> str:
        """What --help says first."""
        return (
            "Run a spider into the database. `files` reads saved pages and text dumps: -a path=FOLDER, "
            "-a list=FILE, -a layout=PATTERN, -a sidecar=TABLE. -s DATABASE=FILE says where to. "
            "The last line on standard output is a JSON object that counts what happened. Exit codes: 0 done, "
            "1 failed, 2 wrong use, 3 stopped by the site, 4 the database failed, 5 done but something new was "
            "rejected, 75 another run is writing."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Adds --quiet to Scrapy's own options."""
        super().add_options(parser)
        parser.add_argument("--quiet", action="store_true", help="print nothing unless something went wrong")

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Refuses a repeated -a, of which Scrapy would keep the last without a word."""
        names = [pair.split("=", 1)[0] for pair in opts.spargs]
        for name in sorted({name for name in names if names.count(name) > 1}):
            raise UsageError(f"-a {name}=... is given twice; a glob or -a list=FILE names several", print_help=False)
        check_given(opts.set)
        super().process_options(args, opts)
        jobs = opts.spargs.get("jobs", "")
        if jobs.isdecimal() and int(jobs) > 1:
            # As early as can be: this process is still to load as much itself.
            begin_loading("crawler.ready")
        if opts.quiet:
            self._settings.set("PROGRESS_ENABLED", False, priority="cmdline")
            if not self._settings.get("LOG_FILE"):
                self._settings.set("LOG_ENABLED", False, priority="cmdline")

    @property
    def _settings(self) -> Any:
        return self.settings

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Runs the spider and leaves its exit code in `exitcode`."""
        self._check_usage(args, opts)
        for signum in (signal.SIGINT, signal.SIGTERM):
            signal.signal(signum, self._leave)
        started = time.monotonic()
        database = Path(self._settings["DATABASE"]).expanduser().resolve()
        self._settings.set("DATABASE", str(database), priority="cmdline")
        report: dict[str, Any] = {"database": str(database), "spider": args[0]} | dict.fromkeys(exits.OUTCOMES, 0)
        report |= {"duplicates_linked": 0, "drift": []}
        try:
            check_place(database)
            with run_lock(database, wait=self._settings.getfloat("LOCK_WAIT")):
                code, detail = self._crawl(args[0], opts.spargs, database, report, started)
        except DatabaseLockedError as error:
            code, detail = Exit.LOCKED, str(error)
        except sqlite3.Error as error:
            code, detail = Exit.DATABASE, explain(error, database)
        except (DatabaseError, OSError) as error:
            code, detail = Exit.DATABASE, str(error)
        self.exitcode = int(code)
        with until_reader_leaves():
            self._report(report, code, detail, started, opts)

    def _check_usage(self, args: list[str], opts: argparse.Namespace) -> None:
        if len(args) != 1:
            raise UsageError(f"one spider, and nothing else: {' '.join(args) or 'none given'}")
        if args[0].startswith("-"):
            raise UsageError(f"unknown option {args[0]}")
        try:
            spider = self._process.spider_loader.load(args[0])
        except KeyError:
            names = ", ".join(sorted(self._process.spider_loader.list()))
            sys.stderr.write(f"there is no spider {args[0]!r}; there are: {names}\n")
            raise SystemExit(Exit.FAILED) from None
        known: frozenset[str] = getattr(spider, "arguments", frozenset())
        for name in opts.spargs:
            if name not in known:
                raise UsageError(
                    f"spider {args[0]} has no argument {name!r}; it has: {', '.join(sorted(known))}", print_help=False
                )

    @property
    def _process(self) -> AsyncCrawlerProcess:
        process: Any = self.crawler_process
        return process  # type: ignore[no-any-return]

    def _crawl(
        self, spider: str, arguments: dict[str, str], database: Path, report: dict[str, Any], started: float
    ) -> tuple[int, str]:
        """Runs the engine between the two writes of the run's row; the lock is held."""
        with closing(open_for_writing(database)) as db:
            now = utc_text(datetime.now(UTC))
            runs.bury(db.conn, now)
            run_id = runs.begin(db.conn, spider, without_tokens(arguments), now)
        self.run_id = run_id
        self._settings.set("RUN_ID", run_id, priority="cmdline")
        crawler = self._create_crawler(spider)
        crawler.signals.connect(self._note_fault, signals.spider_error)
        crawler.signals.connect(self._note_fault, signals.item_error)
        crawler.signals.connect(self._stop_if_told, signals.engine_started)
        asyncio.get_event_loop().call_soon(self._take_signals)
        task = self._process.crawl(crawler, **arguments)
        self._process.start()
        failure = task.exception() if task.done() and not task.cancelled() else None
        code, detail = self._outcome(crawler, failure, report)
        reason = str(crawler.stats.get_value("finish_reason") or "failed") if code != Exit.USAGE else "wrong use"
        names = (*exits.OUTCOMES, "duplicates_linked", "failed", "waiting")
        counts = {name: report[name] for name in names if name in report}
        counts["seconds"] = round(time.monotonic() - started, 3)
        try:
            with closing(open_for_writing(database)) as db:
                now = utc_text(datetime.now(UTC))
                db.conn.execute("BEGIN IMMEDIATE")
                found = drift.look(db.conn, run_id)
                if found and code == Exit.DONE:
                    code = Exit.REJECTED
                runs.end(
                    db.conn,
                    run_id,
                    finish_reason=reason,
                    exit_code=code,
                    counts=counts,
                    now=now,
                    detail=detail,
                    drift=drift.as_json(found),
                )
                schedule.note_run(db.conn, spider, arguments, run_id, _ending(crawler, code), now)
                db.conn.commit()
                report["drift"] = [one.sentence() for one in found]
        except (DatabaseError, sqlite3.Error) as error:
            # The run's row is left as it was begun; the next run completes it. What was committed is safe.
            code, detail = Exit.DATABASE, detail or str(error)
        return code, detail

    def _outcome(self, crawler: Crawler, failure: BaseException | None, report: dict[str, Any]) -> tuple[int, str]:
        if isinstance(failure, ArgumentError):
            return Exit.USAGE, str(failure)
        if isinstance(failure, DatabaseError):
            return Exit.DATABASE, str(failure)
        stats = crawler.stats.get_stats()
        for name in (*exits.OUTCOMES, "duplicates_linked"):
            report[name] = int(stats.get(f"archive/{name}", 0))
        # Only of a run on the network: URLs that failed, and that are still to be fetched.
        report |= {name: stats[f"archive/{name}"] for name in ("failed", "waiting") if f"archive/{name}" in stats}
        self.note = str(stats.get(exits.NOTE, ""))
        store_error = stats.get(STORE_ERROR)
        if failure is not None:
            self.faults.append(f"{type(failure).__name__}: {failure}")
        code = exits.exit_code(
            report,
            store_error=store_error is not None,
            faults=len(self.faults),
            signum=self.signum,
            stopped_by_site=stats.get("archive/stopped_by_site") is not None,
        )
        detail = store_error or (self.faults[0] if self.faults else "") or stats.get("archive/stopped_by_site") or ""
        # What failed is told in the note; a list has no row to look at.
        return code, str(detail or (self.note if report.get("failed") else ""))

    def _report(self, report: dict[str, Any], code: int, detail: str, started: float, opts: argparse.Namespace) -> None:
        report["seconds"] = round(time.monotonic() - started, 3)
        report["exit_code"] = int(code)
        if opts.quiet and code == Exit.DONE:
            return
        next_try = _next_try(Path(report["database"]), report["spider"], opts.spargs, self.run_id)
        for line in exits.explain(code, report, detail, report["database"], drift=report["drift"], next_try=next_try):
            sys.stderr.write(line + "\n")
        if self.note:
            sys.stderr.write(self.note + "\n")
        sys.stderr.flush()
        print(json.dumps(report, ensure_ascii=False), flush=True)

    # --- signals: before the engine runs they end the process, then they ask it to stop ---------------------------

    def _leave(self, signum: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + signum)

    def _take_signals(self) -> None:
        """Puts our handler before the engine's: it keeps which signal it was, and a watch on the time."""
        for signum in (signal.SIGINT, signal.SIGTERM):
            handler = signal.getsignal(signum)

            def handle(number: int, frame: FrameType | None, then: Any = handler) -> None:
                if self.signum is None:
                    self.signum = number
                    watch = threading.Timer(PATIENCE, os._exit, (128 + number,))
                    watch.daemon = True
                    watch.start()
                    then(number, frame)

            signal.signal(signum, handle)

    def _stop_if_told(self) -> None:
        """A signal that came while the engine was being started has not been heard by it."""
        if self.signum is not None:
            self._stopping = asyncio.get_running_loop().create_task(self._process.stop())

    def _note_fault(self, **kwargs: Any) -> None:
        failure = kwargs.get("failure")
        self.faults.append(str(getattr(failure, "value", failure)))


def _ending(crawler: Crawler, code: int) -> Ending | None:
    """How a run ended for the sources that it read; None where it was told to stop."""
    if code in (Exit.INTERRUPTED, Exit.TERMINATED):
        return None
    if code == Exit.USAGE:
        return Ending(is_whole=False, may_pass=False)
    stats = crawler.stats
    until = stats.get_value(NOT_BEFORE)
    # `due` notes its sources itself, each as it ended; what is left are its rechecks.
    unread = 0 if crawler.spidercls.name == "due" else stats.get_value(UNREAD)
    return Ending(
        is_whole=code in schedule.COMPLETED and not unread,
        may_pass=not stats.get_value(FORBIDDEN),
        not_before=from_utc_text(until) if until else None,
    )


def _next_try(database: Path, spider: str, arguments: dict[str, str], run_id: int) -> str | None:
    """When a schedule reads again what this run was to read; None where none says, or the database cannot."""
    try:
        with closing(connect(database, read_only=True)) as db:
            return schedule.next_try(db.conn, spider, arguments, datetime.now(UTC), run_id=run_id)
    except (DatabaseError, sqlite3.Error):
        return None
