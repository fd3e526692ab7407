"""From bytes to rows: any order, and any division into archives that are then merged, gives the same database."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from running import page

from crawler.items import Capture, Hints
from crawler.pages.document import Limits
from pipelines import merge
from pipelines.boilerplate.ruleset import load_rules
from pipelines.derive import Deriver, Recipe
from pipelines.store.database import connect, open_for_writing
from pipelines.store.projection import projection
from pipelines.store.writer import write

if TYPE_CHECKING:
    from collections.abc import Iterable
    from random import Random

    from sqlite_utils import Database

NOW = "2026-01-01T00:00:00Z"
LIMITS = Limits(max_bytes=2**20)
MARKET = (
    "渡槽下面的集市逢三开张，卖竹编的老人总是第一个到，他把筲箕一只一只摆开，像摆一盘没有下完的棋。"
    "卖红薯粉的大姐说，今年的粉比去年白，因为井水清了；她的秤杆上刻着她爷爷的名字，谁也不敢说它不准。"
    "到了晌午，桥洞里只剩下风，和几片被人踩过的菜叶，下一个集，要再等十天。"
)
LOOM = (
    "织布的声音停了三年，祠堂里的那台木机还立着，梭子挂在墙上，落了一层薄灰，没有人舍得去擦。"
    "会织的人只剩两个，一个眼睛花了，一个去了城里带孙子，过年回来的时候，她们会一起坐一坐，不说话。"
)
URL = "https://mp.weixin.qq.com/s?__biz=MzAwMDAwMDAwMQ==&mid=1001&idx=1"
SHORT = "https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv"
GONE = """<!DOCTYPE html><html><head><title></title></head><body id="activity-detail" class="zh_CN discuss_tab">
<div class="weui-msg"><div class="weui-msg__text-area"><div class="weui-msg__title warn">该内容已被发布者删除</div>
</div></div></body></html>"""
CARD = "微信号\nfairpaper\n功能介绍\n每日新闻\n"
# A page's own short URL, where a share card of it would have it.
WITH_SHORT = page(1, MARKET).replace("</script>", f'var msg_link = "{SHORT}";</script>')


def _capture(name: str, content: str, day: int, *, url: str | None = None, account: str | None = None) -> Capture:
    return Capture(
        uri=f"file:///archive/{name}",
        name=name,
        content=content.encode(),
        captured_at=datetime(2024, 5, 1, tzinfo=UTC) + timedelta(days=day),
        captured_at_source="mtime",
        url=url,
        hints=Hints(account=account, sources=(("account", "path"),)) if account else Hints(),
        file_uri=f"file:///archive/{name}",
    )


def _look(content: str, day: int) -> Capture:
    """A look over the network at one URL."""
    return replace(_capture("look", content, day, url=SHORT), uri=SHORT, captured_at_source="http", file_uri=None)


def captures() -> list[Capture]:
    """Pages, dumps, records and notices of five texts, whose keys, texts and accounts overlap."""
    market = page(1, MARKET)
    return [
        _capture("page.html", market, 1),
        _capture("again.html", market.replace("<p>长按", "<p> 长按"), 2),
        _capture("edited.html", page(1, MARKET + "（补记：集市改到逢五。）"), 5),
        _capture("short.html", WITH_SHORT, 6),
        _capture("resent.html", page(2, MARKET), 7),
        _capture("loom.html", page(3, LOOM), 3),
        _capture("dump.txt", CARD + MARKET + "\n阅读原文", 4, account="集市小报"),
        _capture("dump-loom.txt", CARD + "图片\n" + LOOM + "\n阅读原文", 4, account="集市小报"),
        _capture("dump-other.txt", CARD + LOOM + "\n阅读原文", 4, account="别家小报"),
        _capture("gone.html", GONE, 8, url=URL),
        _capture("gone-short.html", GONE, 9, url=SHORT),
        _capture("record.json", f'{{"title": "集市", "url": "{SHORT}", "content": "{MARKET}"}}', 2),
        _capture("liar.json", f'{{"title": "织布", "url": "{URL}", "content": "{LOOM}"}}', 2),
        _capture("report.pdf", "%PDF-1.7\n", 1),
        # Gone, back byte for byte, and gone again.
        *(_look(WITH_SHORT, day) for day in (20, 22)),
        *(_look(GONE, day) for day in (21, 23)),
    ]


@cache
def deriver() -> Deriver:
    return Deriver(LIMITS, load_rules())


@cache
def empty() -> bytes:
    """A database with this release's schema and nothing in it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.db"
        open_for_writing(path).close()
        with closing(connect(path)) as db:
            db.execute("PRAGMA journal_mode=DELETE")
        return path.read_bytes()


def archive(path: Path, chosen: Iterable[Capture]) -> Database:
    path.write_bytes(empty())
    db = connect(path)
    db.execute("PRAGMA synchronous=OFF")
    db.execute("BEGIN IMMEDIATE")
    for capture in chosen:
        write(db.conn, deriver().derive(capture), now=NOW, run_id=None)
    db.execute("COMMIT")
    return db


def told(db: Database) -> list[str]:
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    return list(projection(db.conn))


@cache
def in_one() -> tuple[str, ...]:
    with tempfile.TemporaryDirectory() as folder, closing(archive(Path(folder) / "one.db", captures())) as db:
        return tuple(told(db))


MANY = settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.generate,))


@MANY
@given(st.randoms(use_true_random=False))
def test_any_order_and_some_twice_gives_the_same_rows(random: Random) -> None:
    shuffled = captures() + random.sample(captures(), 3)
    random.shuffle(shuffled)
    with tempfile.TemporaryDirectory() as folder, closing(archive(Path(folder) / "a.db", shuffled)) as db:
        assert tuple(told(db)) == in_one()


@MANY
@given(st.randoms(use_true_random=False), st.integers(1, 4))
def test_any_division_merged_in_any_order_gives_the_same_rows(random: Random, parts: int) -> None:
    piles: list[list[Capture]] = [[] for _ in range(parts)]
    for capture in random.sample(captures(), len(captures())):
        for pile in random.sample(piles, random.choice((1, 1, 1, min(2, parts)))):
            pile.append(capture)
    home = Path(tempfile.mkdtemp())
    try:
        paths = [home / f"{number}.db" for number in range(parts)]
        for path, pile in zip(paths, piles, strict=True):
            archive(path, pile).close()
        # The first is the one that the others are taken into.
        with closing(connect(paths[0])) as db:
            plan = merge.Plan(sources=tuple(paths[1:]), recipe=Recipe(limits=LIMITS))
            merge.merge(db.conn, plan, merge.Merged(), jobs=0, run_id=None, progress=lambda *_: None)
            assert tuple(told(db)) == in_one()
    finally:
        shutil.rmtree(home)


def test_the_captures_meet_in_every_way_that_they_were_made_for() -> None:
    with tempfile.TemporaryDirectory() as folder, closing(archive(Path(folder) / "one.db", captures())) as db:
        articles = dict(
            db.execute(
                "SELECT a.key, group_concat(c.name, ' ') FROM (SELECT * FROM captures ORDER BY name) AS c "
                "JOIN articles AS a ON a.id = c.article_id GROUP BY a.id"
            ).fetchall()
        )
    names = {frozenset(words.split()) for words in articles.values()}
    assert frozenset({"dump-loom.txt", "loom.html"}) in names
    assert frozenset({"dump-other.txt"}) in names
    assert frozenset({"liar.json"}) in names
    assert any({"page.html", "edited.html", "short.html", "gone.html"} <= group for group in names)
    # Two articles have the dump's very text: it is of neither.
    assert not any({"dump.txt", "page.html"} <= group or {"dump.txt", "resent.html"} <= group for group in names)
