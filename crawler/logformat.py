"""Log lines about items: short, on one line, whatever the item's text holds."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from scrapy.logformatter import LogFormatter

from crawler.text import tidy_line

if TYPE_CHECKING:
    from typing import Self

    from scrapy import Spider
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.logformatter import LogFormatterResult
    from twisted.python.failure import Failure

LONGEST = 200  # code points of an item in a log line


def short(item: Any) -> str:
    """One short line for `item`, without control characters."""
    line = tidy_line(repr(item))
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


class ShortLogFormatter(LogFormatter):
    """Scrapy's messages about items, with the item cut short."""

    def __init__(self, level: int | str = logging.DEBUG) -> None:
        # Scrapy's handlers drop what is below their level, but only after a record has been made of it.
        self._tells_items = logging.getLevelNamesMapping().get(str(level), level) == logging.DEBUG

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Reads LOG_LEVEL."""
        return cls(crawler.settings["LOG_LEVEL"])

    def scraped(  # type: ignore[override]  # Scrapy takes None for no line
        self, item: Any, response: Response | Failure | None, spider: Spider
    ) -> LogFormatterResult | None:
        """A DEBUG line for an item that was yielded; None where nobody would see it."""
        return super().scraped(short(item), None, spider) if self._tells_items else None

    def dropped(
        self, item: Any, exception: BaseException, response: Response | Failure | None, spider: Spider
    ) -> LogFormatterResult:
        """A line for an item that a pipeline dropped."""
        return super().dropped(short(item), exception, None, spider)

    def item_error(
        self, item: Any, exception: BaseException, response: Response | Failure | None, spider: Spider
    ) -> LogFormatterResult:
        """An ERROR line for an item that a pipeline failed on."""
        return super().item_error(short(item), exception, None, spider)
