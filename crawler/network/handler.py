"""The last gate before the network: nothing that is fetched passes by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler

from crawler.middlewares.url_policy import policy_for
from crawler.network.errors import BudgetSpentError, RefusedError, RunEndingError
from crawler.network.policy import host_of
from crawler.network.replaying import asked_host, replay_of
from crawler.network.stopping import is_stopping, unless_stopped
from crawler.network.storing import in_store
from pipelines.store import hosts
from pipelines.store.pipeline import StoreFailedError

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response


class NetworkDownloadHandler(HTTP11DownloadHandler):
    """Counts every request against its host's budget, sends it to REPLAY_SERVER if there is one, ends with the run."""

    lazy = True

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.replay = replay_of(crawler.settings)
        self.budget = crawler.settings.getint("DAILY_BUDGET")

    async def download_request(self, request: Request) -> Response:
        """The answer to `request`, under the URL that was asked for.

        Raises:
            RunEndingError: the run was told to stop.
            BudgetSpentError: DAILY_BUDGET requests were made of the host today.
            RefusedError: the URL may not be fetched.
        """
        if is_stopping(self.crawler):
            raise RunEndingError("the run was told to stop")
        if refusal := policy_for(self.crawler).refusal(request.url):
            raise RefusedError(f"not fetched: {refusal}", "forbidden_url")
        self._spend(request)
        if self.replay is None:
            return await unless_stopped(self.crawler, super().download_request(request))
        mapped = request.replace(url=self.replay.mapped(request.url))
        mapped.headers["Host"] = host_of(request.url)
        mapped.meta.pop("proxy", None)
        response = await unless_stopped(self.crawler, super().download_request(mapped))
        request.meta["download_latency"] = mapped.meta.get("download_latency", 0.0)
        return response.replace(url=request.url)

    def _spend(self, request: Request) -> None:
        host = asked_host(self.replay, request.url)
        budget = self.budget
        try:
            is_left = in_store(self.crawler, lambda db, now: hosts.spend(db, host, now, budget))
        except StoreFailedError:
            raise RunEndingError("the database failed") from None
        if not is_left:
            raise BudgetSpentError(f"{budget} requests were made of {host} today")
