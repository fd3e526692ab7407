"""Whatever of the table `sources` is due, one source after the other in one run."""

from __future__ import annotations

import os
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.exits import ArgumentError
from crawler.items import Group
from crawler.network.account_task import AccountTask
from crawler.network.album_task import AlbumTask
from crawler.network.credentials import credentials
from crawler.network.feed_hosts import allowing
from crawler.network.feed_task import FeedTask
from crawler.network.list_spider import ListSpider, ListTask, asking_nobody
from crawler.network.stopping import is_stopping
from crawler.network.storing import in_store
from crawler.parallel import look_here
from crawler.spiders.feed import FeedSpider
from crawler.spiders.files import source_of
from crawler.urls import HOST
from pipelines.store import schedule
from pipelines.store.database import connect
from pipelines.store.ledger import Ledger
from pipelines.store.retries import Ending

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy import Request
    from scrapy.crawler import Crawler

    from pipelines.store.rechecks import Recheck
    from pipelines.store.schedule import Work


class DueSpider(ListSpider):
    """Reads every source that is due; one that fails is tried again later and does not stop the next.

    Articles that are to be looked at again and the other sources take turns; what is pending comes last. A source is
    due until all that it asked for is stored: a run that is killed before has it read once more, and none passed over.

    Arguments (`-a NAME=VALUE`): `only=rechecks` looks again at articles and reads nothing else; `only=failed` reads
    what an earlier run could not read; `fetch=yes` fetches the articles that lists name, too.
    """

    name = "due"
    arguments = ListSpider.arguments | {"only"}
    custom_settings = FeedSpider.custom_settings

    def __init__(self, crawler: Crawler, arguments: dict[str, str]) -> None:
        """Raises ArgumentError for an argument or a setting that cannot be used."""
        only = arguments.get("only")
        if only is not None and only not in schedule.PARTS:
            raise ArgumentError(f"only={only}: say {' or '.join(schedule.PARTS)}, or leave it out for all that is due")
        self._parts = frozenset({only} if only else ())
        self._read: list[ListTask] = []  # what they asked for is not yet all stored
        self._unreadable: list[int] = []  # sources that cannot be read as things are
        super().__init__(crawler, arguments)

    def tasks(self) -> Iterator[ListTask]:
        """One task a source: rechecks, which only say what they want, then the longest due first."""
        with closing(connect(Path(self.settings["DATABASE"]), read_only=True)) as db:
            due = schedule.due(db.conn, datetime.now(UTC), self._parts)
        for work in sorted(due, key=lambda one: one.kind != "recheck"):
            try:
                task = self._task(work)
            except ArgumentError as error:
                self._refuse(work, str(error))
            else:
                task.source_id = work.source_id
                task.fetches = task.fetches or work.arguments.get("fetch") == "yes"
                yield task

    def _task(self, work: Work) -> ListTask:
        """Raises ArgumentError where the source cannot be read as things are."""
        target = next(iter(work.arguments.values()), "")
        match work.kind:
            case "album":
                return AlbumTask(url=target)
            case "feed":
                self.policy = allowing(self.policy, target, self.settings.getlist("FEED_HOSTS"))
                return FeedTask(url=target)
            case "account":
                session = credentials(self.settings.get("CREDENTIALS") or "", os.environ)
                return AccountTask(biz=target, session=session)
            case "files":
                return FilesTask(arguments=work.arguments)
            case "recheck":
                return RecheckTask(articles=work.articles)
            case _:
                return PendingTask()

    def _refuse(self, work: Work, why: str) -> None:
        self.refused.append(f"source {work.source_id} ({work.kind}): {why}")
        self._unreadable.append(work.source_id)

    def look_again(self, articles: tuple[Recheck, ...], source_id: int | None) -> None:
        """Looks again at articles, by turns with everything else."""
        self._queue.look_again(articles, source_id)

    def settled(self) -> None:
        """Moves a source's time on once all that it asked for is committed; if it has articles fetched, they too."""
        task = self.current
        super().settled()
        if task is None:
            return
        self._read.append(task)
        if not task.fetches and not self.fetches:
            self._note(task)

    def exhausted(self) -> None:
        """Moves on the time of the sources whose articles are fetched, too, and of those that cannot be read."""
        for task in list(self._read):
            self._note(task)
        while self._unreadable:
            self._write(self._unreadable.pop(), Ending(is_whole=False))

    def _note(self, task: ListTask) -> None:
        self._read.remove(task)
        # What a recheck has seen tells when it is due again.
        if task.source_id is None or isinstance(task, RecheckTask):
            return
        self._write(task.source_id, self._ending(task))

    def _write(self, source_id: int, ending: Ending) -> None:
        run_id = self.settings.getint("RUN_ID")
        in_store(self.crawler, lambda db, now: schedule.note_read(db, source_id, run_id, ending, now))

    def _ending(self, task: ListTask) -> Ending:
        asked = {task.host, HOST} if task.fetches or self.fetches else {task.host}
        until = [moment for host in asked if (moment := self._hosts.left_alone_until(host)) is not None]
        return Ending(
            is_whole=not task.failed and not any(map(self._hosts.has_refused, asked)),
            may_pass=not task.is_final and not any(map(self._hosts.is_forbidden, asked)),
            not_before=max(until, default=None),
        )


@dataclass(kw_only=True)
class RecheckTask(ListTask):
    """Articles that are to be looked at again."""

    articles: tuple[Recheck, ...]
    host: str = HOST

    def begin(self, spider: ListSpider) -> Request | None:
        """Puts them into the frontier."""
        assert isinstance(spider, DueSpider)  # noqa: S101 - nobody else makes one
        spider.look_again(self.articles, self.source_id)
        return None


@dataclass(kw_only=True)
class PendingTask(ListTask):
    """What is pending in the frontier."""

    host: str = HOST
    fetches: bool = True

    def begin(self, spider: ListSpider) -> Request | None:
        """Lets the run take all that is due."""
        spider.takes_due = True
        return None


@dataclass(kw_only=True)
class FilesTask(ListTask):
    """Files, read as the spider `files` reads them, in this process."""

    arguments: dict[str, str]

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
            for members in look_here(source, ledger, spider.limits):
                yield Group(members=members)
                if is_stopping(spider.crawler):
                    self.failed = True
                    return
