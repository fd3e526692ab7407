"""The way to the run's one writing connection: it belongs to the last pipeline, and a second one would wait for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from pipelines.store.pipeline import StoreFailedError, StorePipeline

if TYPE_CHECKING:
    from collections.abc import Callable
    from sqlite3 import Connection

    from scrapy.crawler import Crawler

T = TypeVar("T")


def in_store(crawler: Crawler, work: Callable[[Connection, str], T]) -> T:
    """Does `work` (connection, time as UTC text) and commits it.

    Raises:
        StoreFailedError: the database fails, or the crawl has no store.
    """
    store = crawler.get_item_pipeline(StorePipeline)
    if store is None:
        raise StoreFailedError("the crawl runs without the pipeline that stores")
    return store.do(work)
