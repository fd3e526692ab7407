"""A run that has been told to stop makes no more requests and waits for none."""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from crawler.network.errors import RunEndingError
from pipelines.store.pipeline import STORE_ERROR

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any

    from scrapy.crawler import Crawler

T = TypeVar("T")

STOPPED_BY_SITE = "archive/stopped_by_site"  # stat: the sentence that says why
FORBIDDEN = "archive/forbidden"  # true once the site has refused what another try would find refused, too
STOP_AT_ONCE = "archive/stop_at_once"  # stat: true once the site has ended the run
_LOOK = 0.2  # seconds: how often it is looked whether the run goes on


def is_stopping(crawler: Crawler) -> bool:
    """Has a signal, the site or the database ended the run?"""
    stats = crawler.stats
    return not crawler.crawling or bool(stats.get_value(STORE_ERROR) or stats.get_value(STOP_AT_ONCE))


async def pause(crawler: Crawler, seconds: float) -> None:
    """Waits. Raises RunEndingError as soon as the run is ending."""
    until = monotonic() + seconds
    while not is_stopping(crawler):
        left = until - monotonic()
        if left <= 0:
            return
        await asyncio.sleep(min(left, _LOOK))
    raise RunEndingError("the run was told to stop")


async def unless_stopped(crawler: Crawler, work: Coroutine[Any, Any, T]) -> T:
    """Does `work`, and gives it up with RunEndingError as soon as the run is ending."""
    task = asyncio.ensure_future(work)
    try:
        while not task.done():
            await asyncio.wait({task}, timeout=_LOOK)
            if not task.done() and is_stopping(crawler):
                raise RunEndingError("the run was told to stop")
    finally:
        if not task.done():
            task.cancel()
            await asyncio.wait({task})
    return task.result()
