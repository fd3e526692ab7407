"""An album (合集) that anybody may read: its pages one after another, to the end."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode, urlsplit

from crawler import processors
from crawler.exits import ArgumentError
from crawler.items import Listing, Rejected
from crawler.network.list_spider import ListTask
from crawler.network.policy import host_of, shown
from crawler.urls import HOST, parse_article_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy import Request

    from crawler.items import Reading
    from crawler.network.list_spider import ListSpider

PAGE = 20  # articles that one answer names
MOST_PAGES = 1000
_Place = tuple[str, str]


@dataclass(kw_only=True)
class AlbumTask(ListTask):
    """One album. `url` is any that names it."""

    url: str
    host: str = HOST
    source_id: int | None = None
    fetches: bool = False
    _seen: set[_Place] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Raises ArgumentError where the URL names no album."""
        parsed = parse_article_url(self.url)
        given = parse_qs(urlsplit(parsed.canonical).query) if parsed and parsed.form == "album" else {}
        self._album = next(iter(given.get("album_id", ())), "")
        self._biz = next(iter(given.get("__biz", ())), "")
        if not self._album:
            raise ArgumentError(
                f"{shown(self.url)} is no album: its URL is https://{HOST}/mp/appmsgalbum?...&album_id=..."
            )
        self.label = f"album {self._album}"

    def begin(self, spider: ListSpider) -> Request | None:
        """The request for the first page."""
        return self._page(spider, None)

    def _page(self, spider: ListSpider, after: _Place | None) -> Request | None:
        url = page_url(self._album, self._biz, after)
        return spider.ask_list(url, lambda reading: self._read(spider, reading))

    def _read(self, spider: ListSpider, reading: Reading) -> Iterator[Any]:
        found = reading.found
        if not isinstance(found, Listing) or found.kind != "album":
            detail = found.detail if isinstance(found, Rejected) else "what came is no album"
            spider.note_failure(host_of(self.url), None, "broken", f"the answer names no articles ({detail})")
            return
        yield reading
        spider.want_listed(found)
        if not found.has_more:
            return
        after = last_place(reading.capture.content)
        if after is None or after in self._seen or len(self._seen) >= MOST_PAGES:
            spider.note_problem("the site says that there is more, and gives no way on")
            return
        self._seen.add(after)
        if (request := self._page(spider, after)) is not None:
            yield request


def page_url(album_id: str, biz: str, after: _Place | None) -> str:
    """The URL of an album's page in JSON: the first, or the one after the article with that (msgid, itemidx)."""
    values = {"action": "getalbum", "__biz": biz, "album_id": album_id, "count": str(PAGE)}
    if after is not None:
        values |= {"begin_msgid": after[0], "begin_itemidx": after[1]}
    return f"https://{HOST}/mp/appmsgalbum?" + urlencode({k: v for k, v in values.items() if v} | {"f": "json"})


def last_place(content: bytes) -> _Place | None:
    """(msgid, itemidx) of the last article of a page, from which the next goes on; None where it names none."""
    try:
        articles = json.loads(content)["getalbum_resp"]["article_list"]
        last = articles[-1] if isinstance(articles, list) else articles
        msgid, itemidx = (processors.positive_number(last.get(name)) for name in ("msgid", "itemidx"))
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError):
        return None
    return (msgid, itemidx or "1") if msgid else None
