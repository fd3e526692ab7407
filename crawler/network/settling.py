"""What becomes of a URL and its host when there is no page: a failure, a wait, a page that asks for verification."""

from __future__ import annotations

import logging
from collections import deque
from typing import TYPE_CHECKING

from crawler.middlewares.redirects import HOPS
from crawler.network.errors import RobotsForbiddenError, VerificationError
from crawler.network.policy import host_of, shown
from crawler.network.stopping import STOP_AT_ONCE
from crawler.times import utc_text

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from crawler.network.answers import Wait
    from crawler.network.errors import NotFetchedError
    from crawler.network.hosts import Hosts
    from crawler.network.queue import UrlQueue
    from pipelines.store.backoff import Failure

logger = logging.getLogger(__name__)

FAILED = "archive/failed"  # stats: URLs that could not be fetched now
_MOST_WAITS = 3  # short ones that a host may ask for in one run


class Settling:
    """Writes what a run learns into the frontier and the hosts. A `row` is a URL of it, or None."""

    def __init__(self, crawler: Crawler, hosts: Hosts, queue: UrlQueue) -> None:
        settings = crawler.settings
        self._crawler = crawler
        self._hosts = hosts
        self._queue = queue
        self._longest_wait = settings.getfloat("RETRY_AFTER_MAX")
        self._throttled_pause = settings.getfloat("TOO_MANY_REQUESTS_PAUSE")
        self._verification_pause = settings.getfloat("VERIFICATION_PAUSE")
        self._repeated: deque[Request] = deque()  # of no row, which the site asked to wait for

    def next_repeated(self) -> Request | None:
        """A request of no row that is to be made once more, after a short wait."""
        return self._repeated.popleft() if self._repeated else None

    def failed(self, host: str, row: str | None, kind: Failure, detail: str) -> None:
        """Notes a try that failed."""
        logger.info("%s: %s", shown(row or host), detail)
        self._crawler.stats.inc_value(FAILED)
        self._crawler.stats.inc_value(f"{FAILED}/{kind}")
        self._queue.fail(row, kind, detail)
        self._hosts.note_failure(host, kind, detail)

    def not_asked(self, url: str, row: str | None, error: NotFetchedError) -> None:
        """The request was not made, or not answered: its URL waits for another run."""
        host = host_of(url)
        if isinstance(error, VerificationError):
            self.verification(url, row, str(error))
            return
        self._queue.put_back(row, str(error))
        if isinstance(error, RobotsForbiddenError):
            self._hosts.note_stop(host, str(error), is_final=not error.whole_host)
            if error.whole_host or not self._hosts.has_answered(host):
                self._hosts.close(host, str(error))

    def wait(self, response: Response, row: str | None, wait: Wait) -> None:
        """Keeps to what the site asks for: a short wait within this run, a long one without it."""
        host = host_of(response.url)
        is_short = wait.seconds is not None and wait.seconds <= self._longest_wait
        if is_short and self._hosts.note_wait(host) <= _MOST_WAITS:
            # The pace of requests holds the host for so long.
            if row is None and response.request is not None:
                first = response.meta.get(HOPS, [response.url])[0]
                self._repeated.append(response.request.replace(url=first, meta={}))
            self._queue.put_first(row, f"the site asked to wait {wait.seconds:.0f} s")
            return
        seconds = wait.seconds if wait.seconds is not None else self._throttled_pause
        until = utc_text(self._hosts.pause(response.url, seconds, f"it answered {response.status}"))
        self._queue.put_back(row, f"the site answered {response.status}", not_before=until)
        self._hosts.close(host, f"{host} answered {response.status} and is left alone until {until}", by_site=True)

    def verification(self, url: str, row: str | None, detail: str) -> None:
        """Ends the run: whoever goes on asking is kept out for longer."""
        host = host_of(url)
        until = utc_text(self._hosts.pause(url, self._verification_pause, "it asked for verification"))
        self._queue.put_back(row, "the site asked for verification", not_before=until)
        self._hosts.note_stop(
            host,
            f"{host} asks for verification ({shown(detail)}): wait until {until}, or open an article in a browser on "
            "this network, answer what is asked, and run again with -s IGNORE_PAUSE=True",
        )
        self._crawler.stats.set_value(STOP_AT_ONCE, True)
