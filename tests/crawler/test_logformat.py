"""Log lines about items."""

from __future__ import annotations

import pytest
from scrapy import Spider
from scrapy.exceptions import DropItem

from crawler.logformat import LONGEST, ShortLogFormatter, short


class Long:
    """An item whose text holds what no terminal should see."""

    def __repr__(self) -> str:
        return "Long(\x1b[31m" + "字" * 500 + ")"


@pytest.mark.parametrize(("level", "is_told"), [("DEBUG", True), (10, True), ("INFO", False), ("WARNING", False)])
def test_an_item_is_told_where_its_line_is_shown(level: int | str, is_told: bool) -> None:
    told = ShortLogFormatter(level).scraped(Long(), None, Spider(name="files"))
    assert (told is not None) is is_told


def test_an_item_is_one_short_line() -> None:
    assert len(short(Long())) == LONGEST
    assert short(Long()).isprintable()


def test_what_fails_or_is_dropped_is_always_told() -> None:
    formatter = ShortLogFormatter("ERROR")
    assert formatter.dropped(Long(), DropItem("no", log_level="INFO"), None, Spider(name="files"))
    assert formatter.item_error(Long(), ValueError("no"), None, Spider(name="files"))
