"""robots.txt is read before anything else is asked of a host, and obeyed: here doubt means no."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.exceptions import NotConfigured
from scrapy.http.request import NO_CALLBACK

from crawler.middlewares.pace import PaceMiddleware
from crawler.network.errors import NotFetchedError, RobotsForbiddenError
from crawler.network.policy import shown
from crawler.network.robots import Robots, read_robots, unreadable
from crawler.network.telling import problem_of

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler

IS_ROBOTS = "is_robots_txt"  # in the meta of the request for robots.txt itself


class RobotsMiddleware:
    """Asks each host for its robots.txt once a run. Raises NotConfigured where ROBOTSTXT_OBEY is off."""

    def __init__(self, crawler: Crawler, agent: str) -> None:
        self.crawler = crawler
        self.agent = agent
        self._read: dict[str, Robots] = {}
        self._reading = asyncio.Lock()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Reads ROBOTSTXT_OBEY and BOT_NAME, the name that robots.txt knows us by."""
        if not crawler.settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        return cls(crawler, crawler.settings["BOT_NAME"])

    async def process_request(self, request: Request) -> None:
        """Raises RobotsForbiddenError where the host does not allow it, or does not say."""
        if request.url.startswith("data:") or request.meta.get(IS_ROBOTS):
            return
        parts = urlsplit(request.url)
        robots = await self._robots(f"{parts.scheme}://{parts.netloc}")
        if robots.allows(request.url, self.agent):
            return
        host = shown(parts.hostname or "")
        if robots.problem:
            raise RobotsForbiddenError(
                f"robots.txt of {host} could not be read ({robots.problem}), so nothing is fetched from there; "
                "the next run asks again",
                whole_host=True,
            )
        raise RobotsForbiddenError(
            f"robots.txt of {host} forbids {shown(parts.path) or '/'} to {self.agent}, so it is not fetched; "
            "if you have the right to fetch it, say so with -s ROBOTSTXT_OBEY=False",
            whole_host=False,
        )

    async def _robots(self, site: str) -> Robots:
        async with self._reading:
            if site not in self._read:
                self._read[site] = robots = await self._ask(site)
                pace = self.crawler.get_downloader_middleware(PaceMiddleware)
                if pace is not None:
                    pace.pace.at_least(urlsplit(site).hostname or "", robots.crawl_delay(self.agent))
            return self._read[site]

    async def _ask(self, site: str) -> Robots:
        request = Request(f"{site}/robots.txt", meta={IS_ROBOTS: True}, callback=NO_CALLBACK)
        assert self.crawler.engine is not None  # noqa: S101 - requests come from it
        try:
            response = await self.crawler.engine.download_async(request)
        except NotFetchedError:
            raise
        except Exception as error:  # whatever kept it from being read
            return unreadable(problem_of(error))
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        return read_robots(response.status, content_type, response.body)
