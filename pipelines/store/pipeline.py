"""The last stage: readings go into the database in groups, each group in one transaction."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from scrapy import signals
from scrapy.exceptions import DropItem

from crawler.grouping import for_each
from crawler.items import CaptureSeen, FileSeen, Group, Ignored, Reading, Rejected
from crawler.times import utc_text
from pipelines.store import backoff, capture_rows, duplicates, files, frontier, writer
from pipelines.store.database import explain, open_for_writing

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

    from scrapy.crawler import Crawler
    from sqlite_utils import Database

logger = logging.getLogger(__name__)
T = TypeVar("T")

# Faults of one record or of the code; every other sqlite3.Error is the database's.
_RECORD_FAULTS = (
    sqlite3.IntegrityError,
    sqlite3.InterfaceError,
    sqlite3.ProgrammingError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
)
STAT = "archive/{}"  # stats of committed work: archive/stored, archive/rejected, ...
STORE_ERROR = STAT.format("store_error")  # why the database failed; set once it has


class StoreFailedError(Exception):
    """The database has failed; the crawl is being stopped."""


class StorePipeline:
    """Writes readings; commits every `STORE_GROUP_SIZE` items or `STORE_GROUP_SECONDS`, and at the end.

    Counts become stats only when their transaction is committed. A database that fails stops the crawl; the
    stat `archive/store_error` then says why.
    """

    def __init__(self, crawler: Crawler, path: Path, group_size: int, group_seconds: float) -> None:
        self.crawler = crawler
        self.path = path
        self.group_size = group_size
        self.group_seconds = group_seconds
        self.run_id: int | None = crawler.settings.getint("RUN_ID") or None
        self.keep_unchanged = crawler.settings.get("KEEP_RAW") == "all"
        self.max_attempts = crawler.settings.getint("MAX_ATTEMPTS")
        self.db: Database | None = None
        self.failed = False
        self.duplicates_before = 0
        self.closing: asyncio.Task[None] | None = None  # referred to, so that it is not collected
        self.counts: Counter[str] = Counter()
        self.group_started: float | None = None
        self.in_group = 0
        # For each file that is being read: how many of its captures are written, and how many were rejected.
        self.progress: dict[str, list[int]] = {}
        self.finished: dict[str, FileSeen] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Reads DATABASE and the STORE_ settings."""
        settings = crawler.settings
        pipeline = cls(
            crawler,
            Path(settings["DATABASE"]),
            settings.getint("STORE_GROUP_SIZE"),
            settings.getfloat("STORE_GROUP_SECONDS"),
        )
        crawler.signals.connect(pipeline.spider_idle, signals.spider_idle)
        return pipeline

    def open_spider(self) -> None:
        """Opens the database. Raises DatabaseError."""
        settings = self.crawler.settings
        self.db = open_for_writing(
            self.path,
            max_bytes=settings.getint("MAX_DATABASE_BYTES"),
            duplicate_similarity=settings.getfloat("DUPLICATE_SIMILARITY"),
        )
        self.duplicates_before = duplicates.count(self.db.conn)

    def close_spider(self) -> None:
        """Commits what is open and closes the database."""
        if self.db is None:
            return
        try:
            self._guard(self._release)
            self._guard(self._commit)
            self._guard(self._count_duplicates)
            if not self.failed:
                self._guard(self._optimize)
        finally:
            self.db.close()
            self.db = None

    def spider_idle(self) -> None:
        """Commits while the crawl waits, so that a slow site leaves nothing uncommitted for long."""
        self._guard(self._commit)

    def process_item(self, item: Any) -> Any:
        """Writes one item, or each of a group.

        Raises:
            DropItem: the database has failed, now or before; nothing is written from then on.
            Exception: what a stage failed on, after the rest of the group was written.
        """
        for_each(item, self._write_item)
        if self.failed:
            raise DropItem("the database has failed; this is not written", log_level="DEBUG")
        if isinstance(item, Group) and item.faults:
            first, *others = item.faults
            for fault in others:
                logger.error("An item could not be processed", exc_info=fault)
            raise first
        return item

    def _write_item(self, item: Any) -> None:
        self._guard(lambda: self._put(item))

    def do(self, work: Callable[[sqlite3.Connection, str], T]) -> T:
        """Does a spider's own work (connection, time as UTC text) in the one connection that writes, and commits it.

        Raises:
            StoreFailedError: the database fails, or has failed before; the crawl is being stopped.
        """
        made: list[T] = []

        def done() -> None:
            self._begin()
            made.append(work(self._connection, utc_text(datetime.now(UTC))))
            self._commit()

        self._guard(done)
        if self.failed or not made:
            raise StoreFailedError
        return made[0]

    def _guard(self, work: Any) -> None:
        """Runs `work`; an error of the database rolls the group back and stops the crawl."""
        if self.failed or self.db is None:
            return
        try:
            work()
        except sqlite3.Error as error:
            self.failed = True
            message = explain(error, self.path)
            logger.debug("The database failed: %s", message, exc_info=True)
            self.crawler.stats.set_value(STORE_ERROR, message)
            self.counts.clear()
            if self.db.conn.in_transaction:
                self.db.conn.rollback()
            if self.crawler.engine is not None and self.crawler.crawling:
                closing = self.crawler.engine.close_spider_async(reason="store_error")
                self.closing = asyncio.get_running_loop().create_task(closing)

    def _put(self, item: Any) -> None:
        now = utc_text(datetime.now(UTC))
        self._begin()
        match item:
            case Reading():
                self._put_reading(item, now)
            case CaptureSeen():
                self._put_seen(item, now)
            case FileSeen():
                self._put_file(item, now)
            case Ignored(count=count):
                self.counts["ignored"] += count
            case _:
                raise TypeError(f"an item that no pipeline knows: {type(item).__name__}")
        self.in_group += 1
        age = time.monotonic() - (self.group_started or 0)
        if self.in_group >= self.group_size or age >= self.group_seconds:
            self._commit()

    def _put_reading(self, reading: Reading, now: str) -> None:
        try:
            written = self._write(reading, now)
        except _RECORD_FAULTS as fault:
            # One record that cannot be written must not take its group, or its trace, with it.
            logger.exception("%s could not be stored", reading.capture.name)
            is_rule = isinstance(fault, sqlite3.IntegrityError | OverflowError | UnicodeError)
            reading.found = Rejected(
                reason="invalid" if is_rule else "reader_error",
                detail=f"{type(fault).__name__}: {fault}; please report this page",
            )
            written = self._write(reading, now)
        self.counts[written.outcome] += 1
        if reading.capture.frontier_url is not None:
            self._settle(reading.capture.frontier_url, reading, now)
        for warning in written.warnings:
            logger.warning("%s: %s", reading.capture.name, warning)
        self._count_capture(reading.capture.file_uri, written.outcome)

    def _settle(self, url: str, reading: Reading, now: str) -> None:
        """Marks a URL as answered in the transaction of its answer; what may pass is asked for again later."""
        failure = backoff.failure_of(reading.found)
        if failure is None and not reading.is_cut:
            frontier.finish(self._connection, url, now)
        else:
            detail = getattr(reading.found, "detail", "")
            if failure is None:
                # Kept for what it has; another look may show the rest.
                failure, detail = "broken", "the page ends in the middle"
                self.counts["failed"] += 1
            frontier.fail(self._connection, url, failure, detail, now, max_attempts=self.max_attempts)

    def _write(self, reading: Reading, now: str) -> writer.Written:
        connection = self._connection
        connection.execute("SAVEPOINT reading")
        try:
            written = writer.write(connection, reading, now=now, run_id=self.run_id, keep_unchanged=self.keep_unchanged)
        except _RECORD_FAULTS:
            connection.execute("ROLLBACK TO reading")
            connection.execute("RELEASE reading")
            raise
        connection.execute("RELEASE reading")
        return written

    def _put_seen(self, seen: CaptureSeen, now: str) -> None:
        capture_rows.see_again(self._connection, seen.uri, seen.sha256, now)
        outcome = "rejected_known" if seen.was_rejected else "seen_before"
        self.counts[outcome] += 1
        self._count_capture(seen.file_uri, outcome)

    def _count_capture(self, file_uri: str | None, outcome: str) -> None:
        if file_uri is None:
            return
        counts = self.progress.setdefault(file_uri, [0, 0])
        counts[0] += 1
        counts[1] += outcome in ("rejected", "rejected_known")
        if file_uri in self.finished:
            self._finish_file(self.finished[file_uri], utc_text(datetime.now(UTC)))

    def _put_file(self, seen: FileSeen, now: str) -> None:
        if seen.again:
            captures, rejected, ignored = files.see_again(self._connection, seen.uri, now)
            self.counts["seen_before"] += captures - rejected
            self.counts["rejected_known"] += rejected
            self.counts["ignored"] += ignored
            return
        self.counts["ignored"] += seen.ignored
        self.finished[seen.uri] = seen
        self._finish_file(seen, now)

    def _finish_file(self, seen: FileSeen, now: str) -> None:
        """Remembers a file once all its captures are written; one that failed on the way is read again."""
        written, rejected = self.progress.get(seen.uri, (0, 0))
        if written >= seen.captures:
            files.remember(self._connection, seen, rejected, now)
            self.progress.pop(seen.uri, None)
            self.finished.pop(seen.uri, None)

    @property
    def _connection(self) -> sqlite3.Connection:
        if self.db is None:
            raise RuntimeError("the database is not open")
        return self.db.conn

    def _begin(self) -> None:
        if not self._connection.in_transaction:
            self._connection.execute("BEGIN IMMEDIATE")
            self.group_started = time.monotonic()
            self.in_group = 0

    def _commit(self) -> None:
        if self._connection.in_transaction:
            self._connection.commit()
        for name, count in self.counts.items():
            self.crawler.stats.inc_value(STAT.format(name), count)
        self.counts.clear()

    def _release(self) -> None:
        """Puts back what the run leased and got no answer for: nothing may wait for a run that is over."""
        if self.run_id is not None:
            self._begin()
            why = "the run that asked for it got no answer"
            frontier.release(self._connection, self.run_id, why, utc_text(datetime.now(UTC)))

    def _count_duplicates(self) -> None:
        linked = duplicates.count(self._connection) - self.duplicates_before
        self.crawler.stats.set_value(STAT.format("duplicates_linked"), max(0, linked))

    def _optimize(self) -> None:
        self._connection.execute("PRAGMA optimize")
