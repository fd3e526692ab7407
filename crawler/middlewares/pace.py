"""Requests wait here until their host may be asked."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from crawler.network.errors import RunEndingError
from crawler.network.pace import Pace, pace_of
from crawler.network.policy import host_of
from crawler.network.replaying import asked_host, replay_of
from crawler.network.retry_after import retry_after
from crawler.network.stopping import pause
from crawler.network.storing import in_store
from crawler.times import from_utc_text
from pipelines.store import hosts
from pipelines.store.pipeline import StoreFailedError

if TYPE_CHECKING:
    from sqlite3 import Connection
    from typing import Self

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response


class PaceMiddleware:
    """Spaces the requests of a host, those of earlier runs included; see `crawler.network.pace`."""

    def __init__(self, crawler: Crawler, pace: Pace) -> None:
        self.crawler = crawler
        self.pace = pace
        self.longest_hold = crawler.settings.getfloat("RETRY_AFTER_MAX")
        self.replay = replay_of(crawler.settings)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Reads DOWNLOAD_DELAY, DELAY_JITTER, RETRY_AFTER_MAX and the AUTOTHROTTLE_ settings."""
        return cls(crawler, pace_of(crawler.settings))

    async def process_request(self, request: Request) -> None:
        """Waits. Raises RunEndingError when the run is told to stop meanwhile."""
        if request.url.startswith("data:"):
            return
        host = host_of(request.url)
        if not self.pace.knows(host):
            self._resume(host, request.url)
        await pause(self.crawler, self.pace.reserve(host))

    def process_response(self, request: Request, response: Response) -> Response:
        """Learns from how long the answer took, and holds the host where it asks for a short wait."""
        host = host_of(request.url)
        latency = request.meta.get("download_latency")
        if isinstance(latency, float):
            self.pace.learn(host, latency, is_good=response.status == 200)
        if response.status in {429, 503}:
            wanted = retry_after(response.headers.get("Retry-After"), datetime.now(UTC))
            if wanted is not None and wanted <= self.longest_hold:
                self.pace.hold(host, wanted)
        return response

    def _resume(self, host: str, url: str) -> None:
        """Keeps the delay to the last request of an earlier run, whose time is known to the second."""
        if not self.pace.delay:
            return

        def since(db: Connection, now: str) -> float | None:
            last = hosts.last_request_at(db, asked_host(self.replay, url))
            return (from_utc_text(now) - last).total_seconds() if last else None

        try:
            passed = in_store(self.crawler, since)
        except StoreFailedError:
            raise RunEndingError("the database failed") from None
        if passed is not None and passed >= 0:
            self.pace.hold(host, self.pace.delay + 1 - passed)
