"""What every spider of the network is built on: it takes URLs from the frontier, one after another, politely.

A URL is leased (and that committed) before it is asked for, and done in the transaction that stores its answer. One
that gets no answer waits for another run. The next is taken when the last is stored, so a stop finds nothing queued.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from scrapy import Request, Spider, signals
from scrapy.exceptions import CloseSpider, DontCloseSpider
from twisted.python.failure import Failure as TwistedFailure

from crawler.exits import ArgumentError
from crawler.items import Notice
from crawler.limits import limits_of
from crawler.middlewares.redirects import HOPS
from crawler.network.answers import Wait, capture_of, verdict
from crawler.network.ending import NOT_BEFORE, UNREAD, WAITING, tell_what_waits
from crawler.network.errors import NotFetchedError, failure_of
from crawler.network.hosts import Hosts
from crawler.network.identity import user_agent
from crawler.network.logs import guard_log
from crawler.network.policy import UrlPolicy, host_of, policy_of
from crawler.network.queue import UrlQueue
from crawler.network.settling import FAILED, Settling
from crawler.network.stopping import STOP_AT_ONCE, STOPPED_BY_SITE, is_stopping
from crawler.network.targets import named_urls
from crawler.network.telling import problem_of
from crawler.pages import read
from crawler.times import utc_text
from pipelines.store import frontier
from pipelines.store.pipeline import StoreFailedError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Iterator
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from crawler.items import Reading
    from pipelines.store.backoff import Failure

    Page = Callable[..., Iterable[Any]]

logger = logging.getLogger(__name__)

_CHUNK = 1000  # URLs that are put into the frontier at once


class NetworkSpider(Spider):
    """Fetches the URLs that the user names, else (`takes_due`) all that are due in the frontier.

    Subclasses add to `arguments`, and override `names`, `first_requests` or `page`. They ask with `ask` and put URLs
    into the frontier with `want`. What they yield goes through the same pipelines as captures of files.
    """

    arguments: frozenset[str] = frozenset({"again"})
    takes_due = False
    custom_settings = {  # noqa: RUF012 - Scrapy's own convention
        # An answer is committed before the next URL is asked for.
        "STORE_GROUP_SIZE": 1,
        # The frontier knows what was asked for; requests that vanish would leave it waiting.
        "DUPEFILTER_CLASS": "scrapy.dupefilters.BaseDupeFilter",
        # A failure is tried again by a later run, after a while.
        "RETRY_ENABLED": False,
        # Every status is an answer.
        "HTTPERROR_ALLOW_ALL": True,
    }

    def __init__(self, crawler: Crawler, arguments: dict[str, str]) -> None:
        """Raises ArgumentError for an argument or a setting that cannot be used."""
        super().__init__()
        self._set_crawler(crawler)
        settings = crawler.settings
        if settings.get("KEEP_RAW") not in {"all", "changed"}:
            raise ArgumentError(f"KEEP_RAW={settings.get('KEEP_RAW')!r}: say changed or all")
        if arguments.get("again", "no") not in {"yes", "no"}:
            raise ArgumentError(f"again={arguments['again']}: say yes or no")
        self.given = arguments
        self.again = arguments.get("again") == "yes"
        self.limits = limits_of(settings)
        # What may be fetched at all; every request is held against it, redirects too.
        self.policy: UrlPolicy = policy_of(settings)
        self.named: list[str] = self.names()
        self._hosts = Hosts(crawler)
        self._queue = UrlQueue(crawler, self.policy, self._hosts)
        self._settling = Settling(crawler, self._hosts, self._queue)
        self._not_again = 0
        self._has_looked_again = False  # with the latest request

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **arguments: str) -> Self:
        """Makes the spider from its arguments (`-a NAME=VALUE`). Raises ArgumentError."""
        guard_log()
        spider = cls(crawler, arguments)
        if spider.asks_somebody():
            crawler.settings.set("USER_AGENT", user_agent(crawler.settings), priority="spider")
        else:
            spider.policy = UrlPolicy(frozenset())
        crawler.signals.connect(spider._take_next, signals.spider_idle)
        return spider

    # --- what a subclass may say otherwise ------------------------------------------------------------------------

    def names(self) -> list[str]:
        """The URLs that the user names, as the frontier has them. It may widen `policy`. Raises ArgumentError."""
        return named_urls(self.given.get("url"), self.given.get("list"), self.policy)

    def asks_somebody(self) -> bool:
        """May this run ask a host? One that does not needs no CONTACT, and is let through to none."""
        return True

    def first_requests(self) -> Iterable[Request]:
        """What is asked for before anything is taken from the frontier; made with `ask`."""
        return ()

    def next_request(self) -> Request | None:
        """What is asked for before the next URL of the frontier; None where nothing is. One at a time."""
        return None

    def settled(self) -> None:
        """All that was asked for is answered and stored; the next request is about to be chosen."""

    def exhausted(self) -> None:
        """Nothing is left to be asked for in this run, or the site has ended it."""

    def is_end(self, reading: Reading) -> bool:
        """Does what was read tell to ask no more at once?"""
        return isinstance(reading.found, Notice) and reading.found.reason == "verification"

    def page(self, reading: Reading, **kwargs: Any) -> Iterable[Any]:
        """What a page that was read gives: items, and further requests made with `ask`. First of all the reading."""
        yield reading

    # --- what a subclass uses -------------------------------------------------------------------------------------

    def ask(self, url: str, then: Page | None = None, *, row: str | None = None, **kwargs: Any) -> Request:
        """A request for `url`, also one with parameters that are never stored; its page is read and given to `then`.

        `then` takes the reading and `kwargs`, like `page`, which is the default. `row`: the URL of the frontier, leased
        by this run, that the answer settles.
        """
        return Request(
            url,
            callback=self._answer,
            errback=self._fail,
            cb_kwargs={"row": row, "then": then or self.page, "kwargs": kwargs},
        )

    def want(
        self,
        urls: Iterable[str],
        *,
        priority: int = frontier.FOUND,
        source_id: int | None = None,
        now: bool = True,
    ) -> int:
        """Puts URLs (as `targets.frontier_url` writes them) into the frontier; this run fetches them too if `now`.

        Those that may not be fetched are left out. Gives how many are new. With the argument `again=yes` those that
        were answered are asked for once more.
        """
        return self._queue.add(urls, priority=priority, source_id=source_id, again=self.again, now=now)

    # --- taking URLs ----------------------------------------------------------------------------------------------

    async def start(self) -> AsyncIterator[Any]:
        """Ends the leases of dead runs, puts in what the user names, yields the first requests."""
        guard_log()  # once more: since the spider was made, Scrapy has put its own handler in anew
        for name in (FAILED, WAITING):
            self.crawler.stats.set_value(name, 0)
        try:
            self._queue.adopt()
            self._queue.set_aside()
            for begin in range(0, len(self.named), _CHUNK):
                self.want(self.named[begin : begin + _CHUNK], priority=frontier.NAMED)
                if is_stopping(self.crawler):
                    return
        except StoreFailedError:
            return
        self._not_again = len(self.named) - len(self._queue)
        for request in self.first_requests():
            yield request

    def _take_next(self) -> None:
        """Asks for the next URL when the engine has nothing to do. Raises DontCloseSpider where there is one."""
        request = None
        try:
            if not is_stopping(self.crawler):
                self.settled()
                request = self._next()
                if request is None:
                    self.exhausted()
            elif self.crawler.stats.get_value(STOP_AT_ONCE):
                self.settled()
                self.exhausted()
        except StoreFailedError:
            return
        except Exception:
            # The sender of signals would only write a log line, and the run would end as if all were done.
            logger.exception("the next URL could not be taken")
            self.crawler.signals.send_catch_log(
                signals.spider_error,
                failure=TwistedFailure(),  # type: ignore[no-untyped-call]
                spider=self,
            )
            return
        if request is not None and self.crawler.engine is not None:
            self.crawler.engine.crawl(request)
            raise DontCloseSpider
        if self.crawler.stats.get_value(STOPPED_BY_SITE):
            raise CloseSpider("stopped_by_site")

    def _next(self) -> Request | None:
        """The next request: a look again and anything else by turns, so that neither waits for all of the other."""
        if (repeated := self._settling.next_repeated()) is not None:
            return repeated
        if not self._has_looked_again and (url := self._queue.take_again()) is not None:
            self._has_looked_again = True
            return self.ask(url, row=url)
        self._has_looked_again = False
        if (request := self.next_request()) is not None:
            return request
        next_url = self._queue.take(any_due=self.takes_due and not self.named)
        return self.ask(next_url, row=next_url) if next_url is not None else None

    # --- answers --------------------------------------------------------------------------------------------------

    def _answer(self, response: Response, row: str | None, then: Page, kwargs: dict[str, Any]) -> Iterator[Any]:
        host = host_of(response.url)
        now = datetime.now(UTC)
        said = verdict(response.status, response.headers.get("Retry-After"), now)
        if isinstance(said, Wait):
            self._settling.wait(response, row, said)
            return
        if said is not None:
            self.note_failure(host, row, said, f"the site answered {response.status}")
            return
        capture = capture_of(
            row or response.meta.get(HOPS, [response.url])[0],
            response.body,
            now=now,
            date_header=response.headers.get("Date"),
            content_type=response.headers.get("Content-Type"),
            row=row,
        )
        reading = read(capture, self.limits)
        if self.is_end(reading):
            self._settling.verification(response.url, row, getattr(reading.found, "detail", ""))
            return
        self._hosts.note_answer(host)
        yield from then(reading, **kwargs)

    def _fail(self, failure: Any) -> None:
        """Takes what Scrapy gives where there was no answer."""
        request: Request = failure.request
        row: str | None = request.cb_kwargs["row"]
        error: BaseException = failure.value
        if isinstance(error, StoreFailedError):
            return
        if isinstance(error, NotFetchedError):
            self._settling.not_asked(request.url, row, error)
        else:
            self.note_failure(host_of(request.url), row, failure_of(error), problem_of(error))

    def note_failure(self, host: str, row: str | None, kind: Failure, detail: str) -> None:
        """Notes a try that failed; `row` is the URL of the frontier, None where it is of none."""
        self._settling.failed(host, row, kind, detail)

    def closed(self, reason: str) -> None:
        """Says what still waits."""
        stats = self.crawler.stats
        if self._hosts.has_refused():
            stats.inc_value(UNREAD)
        if (until := self._hosts.left_alone_until()) is not None:
            stats.set_value(NOT_BEFORE, utc_text(until))
        tell_what_waits(self.crawler, self._hosts, not_again=self._not_again)
