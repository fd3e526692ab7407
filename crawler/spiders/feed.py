"""Feeds (RSS, Atom, JSON Feed, OPML): entries that carry their article are stored, the others wait in the frontier."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from crawler.exits import ArgumentError
from crawler.network.feed_hosts import allowing
from crawler.network.feed_task import FeedFileTask, FeedTask
from crawler.network.feeds import FeedError, parse
from crawler.network.list_spider import ListSpider
from crawler.settings import DOWNLOAD_HANDLERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.network.feeds import Feed
    from crawler.network.list_spider import ListTask


class FeedSpider(ListSpider):
    """Reads feeds.

    Arguments (`-a NAME=VALUE`): `url` one URL, or several with blanks between; `path` a file; either may be an OPML.
    `fetch=yes` fetches the articles whose entries carry no content, too.
    """

    name = "feed"
    arguments = ListSpider.arguments | {"url", "path"}
    custom_settings = (ListSpider.custom_settings or {}) | {
        # A file is read in a callback like everything else; `data:` asks nobody.
        "DOWNLOAD_HANDLERS": DOWNLOAD_HANDLERS
        | {"data": "scrapy.core.downloader.handlers.datauri.DataURIDownloadHandler"},
    }

    def tasks(self) -> Iterator[ListTask]:
        """The feeds that the user names, each allowing its own host for this run. Raises ArgumentError."""
        urls = (self.given.get("url") or "").split()
        path = self.given.get("path")
        if not urls and not path:
            raise ArgumentError("say which feed: -a url=https://host/feed.xml, or -a path=FILE (an OPML too)")
        for url in urls:
            self._allow(url)
            yield FeedTask(url=url)
        if path:
            file = Path(path).expanduser()
            feed = self._parsed(file)
            if feed.kind == "opml":
                yield from self._listed(feed, file)
            else:
                yield FeedFileTask(path=file, feed=feed)

    def _allow(self, url: str) -> None:
        self.policy = allowing(self.policy, url, self.settings.getlist("FEED_HOSTS"))

    def _parsed(self, path: Path) -> Feed:
        try:
            with path.open("rb") as file:
                body = file.read(self.limits.max_bytes + 1)
        except OSError as error:
            raise ArgumentError(f"path={path} cannot be read: {error.strerror or error}") from error
        if len(body) > self.limits.max_bytes:
            raise ArgumentError(f"path={path} has more than {self.limits.max_bytes} bytes (MAX_CAPTURE_BYTES)")
        try:
            return parse(body)
        except FeedError as error:
            raise ArgumentError(f"path={path} cannot be read: {error}") from error

    def _listed(self, feed: Feed, path: Path) -> Iterator[ListTask]:
        if not feed.feeds:
            raise ArgumentError(f"path={path} is an OPML that names no feed")
        for url in feed.feeds:
            try:
                self._allow(url)
            except ArgumentError as error:
                self.refused.append(str(error))
                continue
            yield FeedTask(url=url, may_list=False)
