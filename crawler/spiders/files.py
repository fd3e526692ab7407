"""The main road: saved pages and text dumps in files, folders and containers."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy import Request, Spider

from crawler.exits import NOTE, ArgumentError
from crawler.items import Group
from crawler.limits import limits_of
from crawler.parallel import look_at_all, look_here, plan_of
from crawler.sources import FileSource, SourceLimits
from crawler.sources.captures import never_seen
from pipelines.store.ledger import Ledger
from pipelines.store.pipeline import STORE_ERROR

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.settings import BaseSettings

    from crawler.pages.document import Limits


# Of processes that read: one writer keeps up with far fewer.
MOST_JOBS = 64


class FilesSpider(Spider):
    """Reads captures from files.

    Arguments (`-a NAME=VALUE`): `path` a file, folder or glob; `list` a file that names more, one a line, `-`
    for standard input; `layout` a pattern that reads title, account and date from paths; `sidecar` a table
    that gives them; `jobs` in how many processes captures are read (1: in this one).
    """

    name = "files"
    arguments = frozenset({"path", "list", "layout", "sidecar", "jobs"})
    # The one request this spider makes is of no host (see `start`). What others need is not even loaded: that would
    # take longer than reading a small archive.
    custom_settings = {  # noqa: RUF012 - Scrapy's own convention
        "DOWNLOAD_HANDLERS": {
            "data": "scrapy.core.downloader.handlers.datauri.DataURIDownloadHandler",
            "http": None,
            "https": None,
            "file": None,
            "ftp": None,
            "s3": None,
        },
        "DOWNLOADER_MIDDLEWARES": {},
        "DOWNLOADER_MIDDLEWARES_BASE": {},
        "ROBOTSTXT_OBEY": False,
        "DOWNLOAD_DELAY": 0,
        "AUTOTHROTTLE_ENABLED": False,
    }

    def __init__(self, source: FileSource, limits: Limits, ledger: Ledger, jobs: int = 1) -> None:
        super().__init__()
        self.jobs = jobs
        self.source = source
        self.limits = limits
        self.ledger = ledger
        self.total: int | None = None  # files to read, where a person waits for them

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **arguments: str) -> Self:
        """Makes the spider from its arguments. Raises ArgumentError for one that cannot be used."""
        settings = crawler.settings
        jobs = arguments.get("jobs", "1")
        if not jobs.isdecimal() or not 1 <= int(jobs) <= MOST_JOBS:
            raise ArgumentError(f"jobs={jobs}: say how many processes are to read, from 1 to {MOST_JOBS}")
        limits = limits_of(settings)
        ledger = Ledger(Path(settings["DATABASE"]))
        try:
            source = source_of(arguments, settings, limits, ledger)
        except ArgumentError:
            ledger.close()
            raise
        spider = cls(source, limits, ledger, int(jobs))
        spider._set_crawler(crawler)
        if crawler.settings.getbool("PROGRESS_ENABLED") and sys.stderr.isatty():
            spider.total = source.total()
        return spider

    async def start(self) -> AsyncIterator[Any]:
        """Yields the one request whose callback yields everything: items of `start` itself would hang a stop."""
        yield Request("data:,", callback=self.parse, dont_filter=True)

    def parse(self, response: Response, **kwargs: Any) -> Iterator[Any]:
        """Yields what becomes of the captures, in groups; ends early when the crawl is stopped."""
        if self.jobs > 1:
            looked = look_at_all(self.source, plan_of(self.settings), self.jobs)
        else:
            looked = look_here(self.source, self.ledger, self.limits)
        with closing(looked):
            for members in looked:
                yield Group(members=members)
                if not self.crawler.crawling or self.crawler.stats.get_value(STORE_ERROR):
                    return

    def closed(self, reason: str) -> None:
        """Closes what the spider opened, and says what was of no use."""
        self.ledger.close()
        if unused := self.source.unused():
            self.crawler.stats.set_value(NOTE, "\n".join(unused))


def source_of(arguments: Mapping[str, str], settings: BaseSettings, limits: Limits, ledger: Ledger) -> FileSource:
    """The files that a spider's arguments name. Raises ArgumentError for one that cannot be used."""
    # Not every shell expands a ~ behind a =.
    places = {
        name: str(Path(arguments[name]).expanduser()) for name in ("path", "list", "sidecar") if arguments.get(name)
    }
    path = places.get("path")
    if not path and not places.get("list"):
        raise ArgumentError("say what to read: -a path=FOLDER (or a file or a glob), or -a list=FILE")
    try:
        return FileSource(
            [path] if path else [],
            list_file=places.get("list"),
            layout=arguments.get("layout"),
            sidecar=places.get("sidecar"),
            limits=SourceLimits(max_bytes=limits.max_bytes, max_members=settings.getint("MAX_CONTAINER_MEMBERS")),
            # What a layout or a sidecar says may have changed where the files have not.
            known=never_seen if arguments.keys() & {"layout", "sidecar"} else ledger.file_captures,
            skip=[settings["DATABASE"]],
        )
    except (ValueError, OSError) as error:
        raise ArgumentError(str(error)) from error
