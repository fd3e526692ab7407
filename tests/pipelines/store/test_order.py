"""The same captures in any order, and twice, give the same database."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from readings import BIZ, NOW, START, article_reading, listing_reading, notice_reading, rejected_reading

from crawler.items import Account, ListedArticle
from pipelines.store.database import open_for_writing
from pipelines.store.projection import projection
from pipelines.store.writer import write

if TYPE_CHECKING:
    from crawler.items import Reading

FLOWERS = "今天天气很好，我们去公园看花，路上遇到了老朋友，一起喝茶聊天，直到太阳下山才回家。" * 3
FLOWERS_EDITED = FLOWERS + "补记：第二天又去了一次。"
FLOWERS_SPACED = FLOWERS.replace("，", "， ")
NOODLES = "这是一篇完全不同的文章，讲的是如何在家里做一碗好吃的牛肉面，汤要慢慢熬，面要手工拉。" * 3
KEY, OTHER, THIRD = (f"mp:{BIZ}:{mid}:1" for mid in (100, 200, 300))
LONG = f"https://mp.weixin.qq.com/s?__biz={BIZ}&mid=100&idx=1"
SHORT_ID = "AbCdEfGhIjKlMnOpQrStUv"
SHORT = f"https://mp.weixin.qq.com/s/{SHORT_ID}"
PAPER = Account(biz=BIZ, name="某报", alias="somepaper", intro="每日新闻")


def look(reading: Reading, day: int, content: bytes) -> Reading:
    """A reading as a look over the network, so many days after the first of May 2024."""
    made = replace(
        reading.capture,
        uri=SHORT,
        url=SHORT,
        content=content,
        captured_at=START + timedelta(days=day),
        captured_at_source="http",
        file_uri=None,
    )
    return replace(reading, capture=made)


def looks() -> list[Reading]:
    """A page that went and came back byte for byte, was edited, was edited back, and went again."""
    page = article_reading("look", FLOWERS, key=KEY, urls=((SHORT, "short"),), account=PAPER)
    edited = article_reading("look", FLOWERS_EDITED, key=KEY, urls=((SHORT, "short"),), account=PAPER)
    gone = notice_reading("look", "deleted", key=f"short:{SHORT_ID}")
    return [
        *(look(page, day, b"page") for day in (20, 22, 24)),
        look(edited, 23, b"edited"),
        *(look(gone, day, b"gone") for day in (21, 25)),
    ]


def captures() -> list[Reading]:
    """Pages, dumps, records and notices whose keys, texts and accounts overlap in every way that matters."""
    return [
        article_reading(
            "page",
            FLOWERS,
            key=KEY,
            urls=((LONG, "long"), (SHORT, "short")),
            day=1,
            account=PAPER,
            title="标题",
            tail="点击关注",
        ),
        article_reading(
            "edited", FLOWERS_EDITED, key=KEY, urls=((LONG, "long"),), day=5, account=Account(biz=BIZ, name="某新报")
        ),
        article_reading("spaced", FLOWERS_SPACED, key=KEY, day=2, evidence="export"),
        article_reading(
            "short-only",
            FLOWERS,
            key=f"short:{SHORT_ID}",
            urls=((SHORT, "short"),),
            evidence="export",
            account=Account(name="某报"),
        ),
        article_reading("false-claim", NOODLES, key=KEY, urls=((LONG, "long"),), day=2, evidence="record"),
        article_reading("no-claim", NOODLES, day=3, evidence="text", account=Account(alias="somepaper")),
        article_reading("reprint", FLOWERS, key=OTHER, day=4, published=START),
        article_reading("contested-1", FLOWERS, key=THIRD, day=4, evidence="record"),
        article_reading("contested-2", NOODLES, key=THIRD, day=4, evidence="record"),
        article_reading("greeting-1", "早安！", day=1, evidence="dump", account=Account(ghid="gh_0123456789ab")),
        article_reading("greeting-2", "早安！", key=f"mp:{BIZ}:400:1", account=PAPER),
        article_reading(
            "namesake",
            NOODLES + "加葱。",
            key="mp:MzAwMDAwMDAwMA==:1:1",
            account=Account(biz="MzAwMDAwMDAwMA==", alias="somepaper"),
        ),
        notice_reading("deleted", "deleted", key=KEY, day=9),
        notice_reading("expired", "expired", key=f"short:{SHORT_ID}", day=10),
        notice_reading("nobody", "violation", key=f"mp:{BIZ}:999:1", day=1),
        listing_reading(
            "listing",
            [
                ListedArticle(url=LONG, key=KEY, title="标题"),
                ListedArticle(url=None, key=f"mp:{BIZ}:999:1", title="无"),
            ],
            account=Account(biz=BIZ, ghid="gh_0123456789ab"),
        ),
        rejected_reading("pdf"),
        *looks(),
    ]


def database_of(readings: list[Reading]) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        db = open_for_writing(Path(folder) / "articles.db")
        try:
            db.conn.execute("BEGIN IMMEDIATE")
            for reading in readings:
                write(db.conn, reading, now=NOW, run_id=None)
            db.conn.commit()
            assert db.conn.execute("PRAGMA foreign_key_check").fetchall() == []
            return list(projection(db.conn))
        finally:
            db.close()


IN_ORDER = database_of(captures())


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.permutations(range(len(captures()))))
def test_any_order_gives_the_same_database(order: list[int]) -> None:
    given_captures = captures()
    assert database_of([given_captures[number] for number in order]) == IN_ORDER


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_any_subset_in_any_order_and_again_gives_the_same_database(data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.sampled_from(range(len(captures()))), min_size=1, unique=True))
    shuffled = data.draw(st.permutations(chosen))
    again = data.draw(st.lists(st.sampled_from(chosen)))
    all_captures = captures()
    one = database_of([all_captures[number] for number in chosen])
    other = database_of([all_captures[number] for number in [*shuffled, *again]])
    assert one == other


def test_the_projection_tells_databases_apart() -> None:
    assert database_of(captures()[:-1]) != IN_ORDER
