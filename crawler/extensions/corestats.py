"""Scrapy's own statistics, in which a group counts as what it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.extensions.corestats import CoreStats

from crawler.grouping import members_of

if TYPE_CHECKING:
    from scrapy import Spider


class GroupStats(CoreStats):
    """`item_scraped_count` and `item_dropped_count` are of captures and files, in groups or not."""

    def item_scraped(self, item: Any, spider: Spider) -> None:
        """Counts what is through all pipelines."""
        self.stats.inc_value("item_scraped_count", len(members_of(item)))

    def item_dropped(self, item: Any, spider: Spider, exception: BaseException) -> None:
        """Counts what a pipeline dropped, and why."""
        count = len(members_of(item))
        self.stats.inc_value("item_dropped_count", count)
        self.stats.inc_value(f"item_dropped_reasons_count/{type(exception).__name__}", count)
