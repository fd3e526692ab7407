"""A bar on a terminal while files are read. It does nothing where standard error is a file or a pipe."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from scrapy import signals
from scrapy.exceptions import NotConfigured

from crawler.grouping import members_of
from crawler.items import CaptureSeen, FileSeen, Reading

if TYPE_CHECKING:
    from typing import Self

    from rich.console import Console
    from scrapy import Spider
    from scrapy.crawler import Crawler
    from scrapy.statscollectors import StatsCollector

# Counted by the store; shown when there is something to show.
_SHOWN = ("stored", "revised", "unchanged", "notice", "rejected")


class Progress:
    """Shows files done of the spider's `total` (None where it is not known), captures a second, and outcomes.

    Raises NotConfigured where PROGRESS_ENABLED is off or standard error is no terminal.
    """

    def __init__(self, stats: StatsCollector, console: Console) -> None:
        # Loaded only where a person waits: it takes longer than a small archive.
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415
        from rich.progress import Progress as Bar  # noqa: PLC0415

        self._stats = stats
        self._captures = 0
        self._bar = Bar(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[outcomes]}"),
            console=console,
            transient=True,
        )
        self._files = self._bar.add_task("files", total=None, outcomes="")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Connects a bar on standard error to the crawler's signals."""
        if not crawler.settings.getbool("PROGRESS_ENABLED") or not sys.stderr.isatty():
            raise NotConfigured
        from rich.console import Console  # noqa: PLC0415 - as above

        assert crawler.stats is not None  # noqa: S101 - Scrapy makes it before its extensions
        extension = cls(crawler.stats, Console(stderr=True))
        crawler.signals.connect(extension.opened, signals.spider_opened)
        crawler.signals.connect(extension.passed, signals.item_scraped)
        crawler.signals.connect(extension.closed, signals.spider_closed)
        return extension

    def opened(self, spider: Spider) -> None:
        """Starts the bar."""
        self._bar.update(self._files, total=getattr(spider, "total", None))
        self._bar.start()

    def passed(self, item: Any) -> None:
        """Counts what is through all pipelines."""
        members = members_of(item)
        files = sum(isinstance(one, FileSeen) for one in members)
        captures = sum(isinstance(one, (Reading, CaptureSeen)) for one in members)
        self._captures += captures
        # A single file may hold very many captures.
        if files or self._captures % 100 < captures:
            self._bar.update(self._files, advance=files, outcomes=self._outcomes())

    def closed(self) -> None:
        """Takes the bar off the terminal."""
        self._bar.stop()

    def _outcomes(self) -> str:
        seconds = self._bar.tasks[0].elapsed or 0
        rate = f"{self._captures / seconds:.0f} a second" if seconds > 1 else ""
        counts = ((name, self._stats.get_value(f"archive/{name}", 0)) for name in _SHOWN)
        return "  ".join([*(f"{name} {count}" for name, count in counts if count), rate]).strip()
