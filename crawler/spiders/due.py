"""Whatever of the table `sources` is due, one source after the other in one run."""

from __future__ import annotations

import os
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.exits import ArgumentError
from crawler.items import Capture
from crawler.network.account_task import AccountTask
from crawler.network.album_task import AlbumTask
from crawler.network.credentials import credentials
from crawler.network.feed_hosts import allowing
from crawler.network.feed_task import FeedTask
from crawler.network.list_spider import ListSpider, ListTask, asking_nobody
from crawler.network.stopping import is_stopping
from crawler.network.storing import in_store
from crawler.pages import read
from crawler.parallel import look
from crawler.spiders.feed import FeedSpider
from crawler.spiders.files import source_of
from pipelines.store import sources
from pipelines.store.database import connect
from pipelines.store.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scrapy import Request

    from pipelines.store.sources import Work


class DueSpider(ListSpider):
    """Reads every source that is due; one that fails stays due and does not stop the next.

    Arguments (`-a NAME=VALUE`): `fetch=yes` fetches the articles that lists name, too.
    """

    name = "due"
    custom_settings = FeedSpider.custom_settings

    def tasks(self) -> Iterator[ListTask]:
        """One task a source: the longest due first."""
        with closing(connect(Path(self.settings["DATABASE"]), read_only=True)) as db:
            due = sources.due(db.conn, datetime.now(UTC))
        for work in due:
            try:
                yield self._task(work)
            except ArgumentError as error:
                self.refused.append(f"source {work.source_id} ({work.kind}): {error}")

    def _task(self, work: Work) -> ListTask:
        """Raises ArgumentError where the source cannot be read as things are."""
        target = next(iter(work.arguments.values()), "")
        match work.kind:
            case "album":
                return AlbumTask(url=target, source_id=work.source_id)
            case "feed":
                self.policy = allowing(self.policy, target, self.settings.getlist("FEED_HOSTS"))
                return FeedTask(url=target, source_id=work.source_id)
            case "account":
                session = credentials(self.settings.get("CREDENTIALS") or "", os.environ)
                return AccountTask(biz=target, session=session, source_id=work.source_id)
            case "files":
                return FilesTask(arguments=work.arguments, source_id=work.source_id)
            case "recheck":
                return UrlsTask(urls=[one.url for one in work.articles], source_id=work.source_id)
            case _:
                return PendingTask(source_id=work.source_id)

    def again_now(self, urls: Iterable[str], source_id: int | None) -> None:
        """Asks once more for URLs that were answered, after the lists."""
        self._queue.add(urls, source_id=source_id, again=True, now=True)

    def _end_current(self) -> None:
        """Moves the source's time on, once all that it gave is committed."""
        task = self.current
        super()._end_current()
        # What a recheck has seen tells when it is due again.
        if task is None or task.source_id is None or isinstance(task, UrlsTask):
            return
        source_id, run_id, is_whole = task.source_id, self.settings.getint("RUN_ID"), not task.failed
        in_store(self.crawler, lambda db, now: sources.note_read(db, source_id, run_id, now, is_whole=is_whole))


@dataclass(kw_only=True)
class UrlsTask(ListTask):
    """Articles that are to be looked at again."""

    urls: list[str]
    source_id: int | None = None

    def begin(self, spider: ListSpider) -> Request | None:
        """Puts them into the frontier; the run fetches them after its lists."""
        assert isinstance(spider, DueSpider)  # noqa: S101 - nobody else makes one
        spider.again_now(self.urls, self.source_id)
        return None


@dataclass(kw_only=True)
class PendingTask(ListTask):
    """What is pending in the frontier."""

    source_id: int | None = None

    def begin(self, spider: ListSpider) -> Request | None:
        """Lets the run take all that is due."""
        spider.takes_due = True
        return None


@dataclass(kw_only=True)
class FilesTask(ListTask):
    """Files, read as the spider `files` reads them, in this process."""

    arguments: dict[str, str]
    source_id: int | None = None

    def __post_init__(self) -> None:
        """Its name is the path."""
        self.label = self.arguments.get("path", "files")

    def begin(self, spider: ListSpider) -> Request | None:
        """A request that asks nobody: items come from a callback."""
        return asking_nobody(lambda: self._read(spider))

    def _read(self, spider: ListSpider) -> Iterator[Any]:
        with closing(Ledger(Path(spider.settings["DATABASE"]))) as ledger:
            try:
                source = source_of(self.arguments, spider.settings, spider.limits, ledger)
            except ArgumentError as error:
                spider.note_problem(str(error))
                return
            for found in source:
                if isinstance(found, Capture):
                    yield look(found, ledger, lambda capture: read(capture, spider.limits))
                else:
                    yield found
                if is_stopping(spider.crawler):
                    self.failed = True
                    return
