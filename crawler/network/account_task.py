"""An account's publications, through the user's own session: page by page, until nothing new comes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from crawler.items import Listing
from crawler.network.account_answers import answer_of, next_begin, page_url
from crawler.network.list_spider import ListTask
from crawler.network.policy import shown
from crawler.network.storing import in_store
from crawler.pages import read
from crawler.text import tidy_line
from crawler.times import utc_text
from crawler.urls import HOST
from pipelines.store import progress

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy import Request

    from crawler.items import Reading
    from crawler.network.credentials import Credentials
    from crawler.network.list_spider import ListSpider

MOST_PAGES = 5000


@dataclass(kw_only=True)
class AccountTask(ListTask):
    """The list of one account."""

    biz: str
    session: Credentials
    to_the_end: bool = False  # also beyond what is known
    host: str = HOST
    source_id: int | None = None
    fetches: bool = False
    _pages: int = 0
    _is_whole: bool = False  # an earlier run has read the list to its end

    def __post_init__(self) -> None:
        """Its name is the biz."""
        self.label = f"account {self.biz}"
        self._form = self.session.form or ""
        self._state = f"list of account {self.biz}"

    def begin(self, spider: ListSpider) -> Request | None:
        """The request for the newest page."""
        self._is_whole = in_store(spider.crawler, lambda db, _: progress.is_whole(db, self._state))
        return self._page(spider, 0)

    def is_end(self, spider: ListSpider, reading: Reading) -> bool:
        """A page that asks for verification; an answer that refuses the list is told otherwise."""
        return reading.media_type == "text/html" and super().is_end(spider, reading)

    def _page(self, spider: ListSpider, begin: int) -> Request | None:
        self._pages += 1
        url = page_url(self._form, self.biz, begin, self.session.values)
        return spider.ask_list(
            url, lambda reading: self._read(spider, reading, begin), headers=self.session.headers or None
        )

    def _read(self, spider: ListSpider, reading: Reading, begin: int) -> Iterator[Any]:
        kind, why = answer_of(reading.capture.content)
        reading = self._without_secrets(spider, reading)
        if kind != "list" or not isinstance(reading.found, Listing):
            self._refused(spider, kind, why or "what came is no list")
            return
        yield reading
        added = spider.want_listed(reading.found)
        after = next_begin(self._form, reading.capture.content, begin)
        is_known = added == 0 and self._is_whole and not self.to_the_end
        if after is None or is_known:
            in_store(spider.crawler, lambda db, _: progress.note(db, self._state, is_whole=True))
            return
        if self._pages >= MOST_PAGES:
            spider.note_problem("the list has no end")
            return
        if self._is_whole:
            # Until the gap between this page and what is known is read.
            in_store(spider.crawler, lambda db, _: progress.note(db, self._state, is_whole=False))
        if (request := self._page(spider, after)) is not None:
            yield request

    def _without_secrets(self, spider: ListSpider, reading: Reading) -> Reading:
        """The reading of the same answer less what it may repeat of the session."""
        content = reading.capture.content
        for secret in self.session.secrets():
            content = content.replace(secret, b"")
        if content == reading.capture.content:
            return reading
        return read(replace(reading.capture, content=content), spider.limits)

    def _refused(self, spider: ListSpider, kind: str, why: str) -> None:
        if kind == "expired":
            spider.end_by_site(
                f"the session for {self.label} has ended ({why}): log in again, renew the credentials, run again",
                host=HOST,
                is_final=True,
            )
        elif kind == "throttled":
            seconds = spider.settings.getfloat("TOO_MANY_REQUESTS_PAUSE")
            until = utc_text(spider.pause_host(f"https://{HOST}/", seconds, f"it throttled a list ({why})"))
            spider.end_by_site(f"{HOST} gives no more lists for now ({why}): it is left alone until {until}", host=HOST)
        else:
            spider.note_failure(HOST, None, "refused", shown(tidy_line(f"no list came ({why})")))
