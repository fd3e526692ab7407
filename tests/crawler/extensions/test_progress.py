from __future__ import annotations

import io
import sys
from types import SimpleNamespace

import pytest
from rich.console import Console
from scrapy.exceptions import NotConfigured
from scrapy.statscollectors import MemoryStatsCollector
from scrapy.utils.test import get_crawler

from crawler.extensions.progress import Progress
from crawler.items import FileSeen, Group


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def seen(number: int) -> FileSeen:
    return FileSeen(uri=f"file:///{number}", size=1, mtime_ns=1, captures=1)


def shown(total: int | None) -> str:
    """What stands on the terminal after two files."""
    terminal = Terminal()
    stats = MemoryStatsCollector(get_crawler())
    stats.set_value("archive/stored", 7)
    progress = Progress(stats, Console(file=terminal, force_terminal=True, width=100))
    progress.opened(SimpleNamespace(total=total))  # type: ignore[arg-type]
    progress.passed(seen(1))
    progress.passed(seen(2))
    progress.passed(object())
    progress.closed()
    return terminal.getvalue()


def test_it_shows_files_and_outcomes() -> None:
    assert "2/5" in shown(5)
    assert "stored 7" in shown(5)
    assert "rejected" not in shown(5)


def test_files_of_a_group_are_counted_one_by_one() -> None:
    terminal = Terminal()
    progress = Progress(MemoryStatsCollector(get_crawler()), Console(file=terminal, force_terminal=True, width=100))
    progress.opened(SimpleNamespace(total=5))  # type: ignore[arg-type]
    progress.passed(Group(members=[seen(1), seen(2), seen(3)]))
    progress.closed()
    assert "3/5" in terminal.getvalue()


def test_a_total_that_is_not_known() -> None:
    assert "2/?" in shown(None)


@pytest.mark.parametrize(("is_on", "stream"), [(True, io.StringIO()), (False, Terminal())])
def test_it_is_off_in_a_log_and_where_the_user_says_so(
    monkeypatch: pytest.MonkeyPatch, is_on: bool, stream: io.StringIO
) -> None:
    monkeypatch.setattr(sys, "stderr", stream)
    with pytest.raises(NotConfigured):
        Progress.from_crawler(get_crawler(settings_dict={"PROGRESS_ENABLED": is_on}))


def test_it_is_on_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())
    crawler = get_crawler(settings_dict={"PROGRESS_ENABLED": True})
    assert isinstance(Progress.from_crawler(crawler), Progress)
