"""The first gate: only URLs that may be fetched go on, whoever made the request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.network.errors import RefusedError
from crawler.network.policy import UrlPolicy, policy_of

if TYPE_CHECKING:
    from typing import Self

    from scrapy import Request
    from scrapy.crawler import Crawler


def policy_for(crawler: Crawler) -> UrlPolicy:
    """The policy of the crawler's spider, which may allow the hosts that the user named; else that of the settings."""
    policy = getattr(crawler.spider, "policy", None)
    return policy if isinstance(policy, UrlPolicy) else policy_of(crawler.settings)


class UrlPolicyMiddleware:
    """Refuses every request, hops of redirects too, whose URL may not be fetched; knows no exceptions."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Reads ALLOWED_HOSTS and ALLOW_HTTP."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raises RefusedError. A `data:` URL asks nobody, and only the spider of files has a handler for it."""
        if request.url.startswith("data:"):
            return
        if refusal := policy_for(self.crawler).refusal(request.url):
            raise RefusedError(f"not fetched: {refusal}", "forbidden_url")
