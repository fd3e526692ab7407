from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from scrapy.exceptions import DropItem
from scrapy.utils.test import get_crawler

from crawler.items import Article, Capture, Group, Reading
from crawler.pages import read
from pipelines.boilerplate.ruleset import load_rules
from pipelines.dedupe import DedupePipeline
from pipelines.normalize import NormalizePipeline
from pipelines.store.database import connect, open_for_writing
from pipelines.store.pipeline import STORE_ERROR, StorePipeline
from pipelines.validate import ValidatePipeline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy.crawler import Crawler


def reading(number: int) -> Reading:
    return read(
        Capture(
            uri=f"file:///{number}.txt",
            name=f"{number}.txt",
            content=f"第{number}篇\n\n今天的雨下得很大，河边没有人。\n".encode(),
            captured_at=datetime(2026, 1, 1, tzinfo=UTC),
            captured_at_source="mtime",
        )
    )


@pytest.fixture
def crawler(tmp_path: Path) -> Crawler:
    settings = {
        "DATABASE": str(tmp_path / "a.db"),
        "DUPLICATE_SIMILARITY": 0.8,
        "STORE_GROUP_SIZE": 500,
        "STORE_GROUP_SECONDS": 60.0,
    }
    return get_crawler(settings_dict=settings)


@pytest.fixture
def store(crawler: Crawler) -> Iterator[StorePipeline]:
    open_for_writing(path_of(crawler)).close()
    pipeline = StorePipeline.from_crawler(crawler)
    pipeline.open_spider()
    yield pipeline
    pipeline.close_spider()


def path_of(crawler: Crawler) -> Path:
    return Path(crawler.settings["DATABASE"])


def stored(crawler: Crawler) -> list[str]:
    with closing(connect(path_of(crawler), read_only=True)) as db:
        return [row[0] for row in db.conn.execute("SELECT name FROM captures ORDER BY id")]


def test_a_group_goes_through_every_stage_in_its_order(crawler: Crawler, store: StorePipeline) -> None:
    item: object = Group(members=[reading(number) for number in range(3)])
    for stage in (ValidatePipeline(), NormalizePipeline(load_rules()), DedupePipeline(), store):
        item = stage.process_item(item)
    store.close_spider()
    assert stored(crawler) == ["0.txt", "1.txt", "2.txt"]
    assert crawler.stats.get_value("archive/stored") == 3


def test_what_a_stage_fails_on_is_told_after_the_others_are_stored(crawler: Crawler, store: StorePipeline) -> None:
    broken = reading(1)
    assert isinstance(broken.found, Article)
    broken.found.published_at = "yesterday"  # type: ignore[assignment]
    item: object = Group(members=[reading(0), broken, reading(2)])
    for stage in (ValidatePipeline(), NormalizePipeline(load_rules()), DedupePipeline()):
        item = stage.process_item(item)
    with pytest.raises(TypeError):
        store.process_item(item)
    store.close_spider()
    assert stored(crawler) == ["0.txt", "2.txt"]


def test_a_database_that_fails_takes_the_whole_group(crawler: Crawler, store: StorePipeline) -> None:
    assert store.db is not None
    store.db.conn.execute("PRAGMA max_page_count=1")
    item: object = Group(members=[reading(number) for number in range(400)])
    for stage in (ValidatePipeline(), NormalizePipeline(load_rules()), DedupePipeline()):
        item = stage.process_item(item)
    with pytest.raises(DropItem):
        store.process_item(item)
    with pytest.raises(DropItem):
        store.process_item(Group(members=[reading(500)]))
    assert "disk" in crawler.stats.get_value(STORE_ERROR)
    store.close_spider()
    assert stored(crawler) == []
    assert not crawler.stats.get_value("archive/stored")


def test_a_single_item_goes_the_same_way(crawler: Crawler, store: StorePipeline) -> None:
    item: object = reading(7)
    for stage in (ValidatePipeline(), NormalizePipeline(load_rules()), DedupePipeline(), store):
        item = stage.process_item(item)
    assert isinstance(item, Reading)
    store.close_spider()
    assert stored(crawler) == ["7.txt"]


def test_an_item_that_nobody_knows_is_an_error_of_its_own(store: StorePipeline) -> None:
    with pytest.raises(TypeError, match="no pipeline knows"):
        store.process_item(object())
    with pytest.raises(TypeError, match="no pipeline knows"):
        store.process_item(Group(members=[object()]))  # type: ignore[list-item]
