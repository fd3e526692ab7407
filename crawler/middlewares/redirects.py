"""Redirects are followed hop by hop under the eyes of every other middleware, and never lose a request.

Scrapy's own middleware hands a redirected request back to the scheduler, where one that leads elsewhere, or to a URL
that was seen, vanishes without an answer. Here the request that was made gets the answer, or the reason why not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin

from crawler.middlewares.url_policy import policy_for
from crawler.network.errors import RefusedError, VerificationError
from crawler.network.policy import origin_of, shown
from crawler.urls import parse_article_url

if TYPE_CHECKING:
    from typing import Self

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

STATUSES = frozenset({301, 302, 303, 307, 308})
HOPS = "hops"  # in a request's meta: the URLs that led to it


class RedirectsMiddleware:
    """Follows at most REDIRECT_MAX_TIMES hops, to allowed URLs only, and to no verification page."""

    def __init__(self, crawler: Crawler, most: int) -> None:
        self.crawler = crawler
        self.most = most

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Reads REDIRECT_MAX_TIMES."""
        return cls(crawler, crawler.settings.getint("REDIRECT_MAX_TIMES"))

    async def process_response(self, request: Request, response: Response) -> Response:
        """The answer at the end of the chain.

        Raises:
            VerificationError: it leads to the site's verification page, which is not asked for.
            RefusedError: it leads to where nothing may be fetched, in circles, or on and on.
        """
        location = response.headers.get("Location")
        if response.status not in STATUSES or location is None:
            return response
        # Bytes beyond ASCII are escaped by the request that is made of it.
        target = urljoin(request.url, location.decode("utf-8", "replace").strip()).partition("#")[0]
        parsed = parse_article_url(target)
        if parsed is not None and parsed.form == "captcha":
            raise VerificationError("it leads to the site's verification page")
        # The target itself may hold a token; what is wrong with it says enough.
        if refusal := policy_for(self.crawler).refusal(target):
            raise RefusedError(f"it redirects to where nothing may be fetched: {refusal}", "forbidden_url")
        hops = [*request.meta.get(HOPS, []), request.url]
        next_request = request.replace(url=target, method="GET", body=b"", meta={**request.meta, HOPS: hops})
        if next_request.url in hops or len(hops) > self.most:
            what = "in a circle" if next_request.url in hops else f"more than {self.most} times"
            raise RefusedError(f"it redirects {what}: {shown(request.url.partition('?')[0])}", "too_many_redirects")
        if origin_of(next_request.url) != origin_of(request.url):
            next_request.headers.pop("Cookie", None)  # of one site, and of nobody else
        for name in ("download_latency", "download_slot"):
            next_request.meta.pop(name, None)
        assert self.crawler.engine is not None  # noqa: S101 - requests come from it
        return await self.crawler.engine.download_async(next_request)
