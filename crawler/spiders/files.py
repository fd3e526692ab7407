"""The main road: saved pages and text dumps in files, folders and containers."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy import Request, Spider

from crawler.exits import ArgumentError
from crawler.items import Capture, CaptureSeen, Reading
from crawler.looking import limits_of
from crawler.pages import read
from crawler.sources import FileSource, SourceLimits
from crawler.sources.captures import never_seen
from pipelines.store.ledger import Ledger
from pipelines.store.pipeline import STORE_ERROR

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from crawler.pages.document import Limits


class FilesSpider(Spider):
    """Reads captures from files.

    Arguments (`-a NAME=VALUE`): `path` a file, folder or glob; `list` a file that names more, one a line, `-`
    for standard input; `layout` a pattern that reads title, account and date from paths; `sidecar` a table
    that gives them.
    """

    name = "files"
    arguments = frozenset({"path", "list", "layout", "sidecar"})
    # The one request this spider makes is of no host: see `start`.
    custom_settings = {  # noqa: RUF012 - Scrapy's own convention
        "DOWNLOAD_HANDLERS": {
            "data": "scrapy.core.downloader.handlers.datauri.DataURIDownloadHandler",
            "file": None,
            "ftp": None,
            "s3": None,
        },
        "ROBOTSTXT_OBEY": False,
        "DOWNLOAD_DELAY": 0,
        "AUTOTHROTTLE_ENABLED": False,
    }

    def __init__(self, source: FileSource, limits: Limits, ledger: Ledger) -> None:
        super().__init__()
        self.source = source
        self.limits = limits
        self.ledger = ledger
        self.total: int | None = None  # files to read, where a person waits for them

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **arguments: str) -> Self:
        """Makes the spider from its arguments. Raises ArgumentError for one that cannot be used."""
        settings = crawler.settings
        limits = limits_of(settings)
        ledger = Ledger(Path(settings["DATABASE"]))
        # Not every shell expands a ~ behind a =.
        places = {
            name: str(Path(arguments[name]).expanduser()) for name in ("path", "list", "sidecar") if arguments.get(name)
        }
        path = places.get("path")
        if not path and not places.get("list"):
            raise ArgumentError("say what to read: -a path=FOLDER (or a file or a glob), or -a list=FILE")
        try:
            source = FileSource(
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
            ledger.close()
            raise ArgumentError(str(error)) from error
        spider = cls(source, limits, ledger)
        spider._set_crawler(crawler)
        if crawler.settings.getbool("PROGRESS_ENABLED") and sys.stderr.isatty():
            spider.total = source.total()
        return spider

    async def start(self) -> AsyncIterator[Any]:
        """Yields the one request whose callback yields everything: items of `start` itself would hang a stop."""
        yield Request("data:,", callback=self.parse, dont_filter=True)

    def parse(self, response: Response, **kwargs: Any) -> Iterator[Any]:
        """Yields a reading, or that it is known, for each capture; ends early when the crawl is stopped."""
        for found in self.source:
            if isinstance(found, Capture):
                yield self.look(found)
            else:
                yield found
            if not self.crawler.crawling or self.crawler.stats.get_value(STORE_ERROR):
                return

    def look(self, capture: Capture) -> Reading | CaptureSeen:
        """Reads `capture`, unless its very bytes are stored under its URI."""
        sha256 = hashlib.sha256(capture.content).hexdigest()
        known = self.ledger.capture(capture.uri, sha256, capture.hints)
        if known is not None:
            return CaptureSeen(
                uri=capture.uri, sha256=sha256, was_rejected=known == "rejected_known", file_uri=capture.file_uri
            )
        reading = read(capture, self.limits)
        reading.sha256 = sha256
        return reading

    def closed(self, reason: str) -> None:
        """Closes what the spider opened."""
        self.ledger.close()
