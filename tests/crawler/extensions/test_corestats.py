from __future__ import annotations

from scrapy.exceptions import DropItem
from scrapy.statscollectors import MemoryStatsCollector
from scrapy.utils.spider import DefaultSpider
from scrapy.utils.test import get_crawler

from crawler.extensions.corestats import GroupStats
from crawler.items import Group, Ignored


def test_a_group_counts_as_what_it_holds() -> None:
    stats = MemoryStatsCollector(get_crawler())
    counting = GroupStats(stats)
    spider = DefaultSpider()
    group = Group(members=[Ignored(), Ignored(), Ignored()])
    counting.item_scraped(group, spider)
    counting.item_scraped(Ignored(), spider)
    counting.item_dropped(group, spider, DropItem("full"))
    assert stats.get_stats() == {
        "item_scraped_count": 4,
        "item_dropped_count": 3,
        "item_dropped_reasons_count/DropItem": 3,
    }
