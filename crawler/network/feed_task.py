"""A feed, from its URL or from a file: read, its entries with content stored, the others left in the frontier."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from crawler.exits import ArgumentError
from crawler.items import Article, Ignored
from crawler.network.feed_captures import captures_of
from crawler.network.feed_secrets import filled
from crawler.network.feeds import Feed, FeedError, parse
from crawler.network.list_spider import ListTask, asking_nobody
from crawler.network.policy import host_of, shown
from crawler.network.targets import without_token
from crawler.pages import read

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scrapy import Request

    from crawler.items import CapturedAtSource, Reading
    from crawler.network.list_spider import ListSpider

_CHARSET = re.compile(r"charset=[\"']?([-A-Za-z0-9_.]{1,40})")


@dataclass(kw_only=True)
class FeedTask(ListTask):
    """A feed at a URL; in an OPML that is found there, feeds that may be asked for too."""

    url: str
    source_id: int | None = None
    fetches: bool = False
    may_list: bool = True  # an OPML is followed, one in an OPML is not

    def __post_init__(self) -> None:
        """Its name is its URL without a query, which may hold a key."""
        self.host = host_of(self.url)
        self.label = shown(without_token(self.url).partition("?")[0])

    def begin(self, spider: ListSpider) -> Request | None:
        """The request for the feed, the keys of its URL filled in."""
        try:
            url = filled(self.url, spider.settings.get("CREDENTIALS") or "", os.environ)
        except ArgumentError as error:
            spider.note_problem(str(error))
            return None
        return spider.ask_list(url, lambda reading: self._read(spider, reading))

    def is_end(self, spider: ListSpider, reading: Reading) -> bool:
        """Never: what a feed's entries say is not said by its host."""
        return False

    def _read(self, spider: ListSpider, reading: Reading) -> Iterator[Any]:
        capture = reading.capture
        charset = _CHARSET.search(capture.media_type or "")
        try:
            feed = parse(capture.content, self.url, charset[1] if charset else None)
        except FeedError as error:
            spider.note_failure(host_of(self.url), None, "broken", str(error))
            return
        if feed.kind == "opml":
            self._follow(spider, feed)
            return
        uri = without_token(self.url).partition("?")[0]
        yield from readings_of(spider, feed, uri, uri.partition("//")[2], capture.captured_at, "http")

    def _follow(self, spider: ListSpider, feed: Feed) -> None:
        for url in feed.feeds if self.may_list else ():
            refusal = spider.policy.refusal(url)
            if refusal:
                spider.note_problem(f"names {shown(without_token(url))}, which is not asked for: {refusal}")
            else:
                spider.todo.append(FeedTask(url=url, source_id=self.source_id, fetches=self.fetches, may_list=False))


@dataclass(kw_only=True)
class FeedFileTask(ListTask):
    """A feed in a file, read and parsed already."""

    path: Path
    feed: Feed

    def __post_init__(self) -> None:
        """Its name is that of the file."""
        self.label = self.path.name

    def begin(self, spider: ListSpider) -> Request | None:
        """A request that asks nobody: items come from a callback."""
        return asking_nobody(lambda: self._read(spider))

    def _read(self, spider: ListSpider) -> Iterator[Any]:
        modified = datetime.fromtimestamp(self.path.stat().st_mtime, UTC)
        yield from readings_of(spider, self.feed, self.path.resolve().as_uri(), self.path.name, modified, "mtime")


def readings_of(
    spider: ListSpider, feed: Feed, uri: str, name: str, captured_at: datetime, source: CapturedAtSource
) -> Iterator[Any]:
    """The readings of a feed's entries and of its list; what has no content goes into the frontier."""
    kept = captures_of(feed, uri, name, captured_at, source)
    for capture, url in kept.entries:
        reading = read(capture, spider.limits)
        if isinstance(reading.found, Article):
            # It is had: nobody need fetch it.
            reading.capture = replace(capture, frontier_url=url)
        yield reading
    if kept.listing is not None:
        yield read(kept.listing, spider.limits)
    if kept.foreign:
        yield Ignored(count=kept.foreign)
    spider.want_named(kept.without_content)
    if feed.entries and kept.foreign == len(feed.entries):
        spider.notes.append(f"{name}: none of its entries leads to an article of WeChat's")
