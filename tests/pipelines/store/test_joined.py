"""Captures joined by their text alone, and parted again when what joined them is gone."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from readings import BIZ, NOW, article_reading, notice_reading, rejected_reading

from crawler.items import Account
from pipelines.store import lookup
from pipelines.store.database import open_for_writing
from pipelines.store.projection import projection
from pipelines.store.writer import rewrite, write

if TYPE_CHECKING:
    from pathlib import Path

    from sqlite_utils import Database

    from crawler.items import Reading

RIVER = (
    "清晨的河面上起了薄雾，渡船慢慢靠了岸，卖菜的人挑着担子上了船，船家数着铜板，说今年的水比去年低了一尺。"
    "对岸的茶棚刚刚生火，水汽混着柴烟往柳树上飘，两个孩子蹲在石阶上数鸭子，数到一半就忘了。"
    "等太阳照到第三级台阶，头一班船就该回去了，船家解开缆绳，冲茶棚喊了一声，明天还来。"
)
NOODLES = "牛肉面的汤要慢慢熬，面要手工拉，葱花和香菜等出锅了再撒，辣子油另外盛一小碟，谁要谁自己加。" * 3
PAPER = Account(biz=BIZ, name="某报", alias="somepaper")
KEY, OTHER = f"mp:{BIZ}:100:1", f"mp:{BIZ}:200:1"


def page(name: str = "page", text: str = RIVER, key: str = KEY, day: int = 1) -> Reading:
    return article_reading(name, text, key=key, account=PAPER, title="渡口", day=day)


def dump(name: str = "dump", text: str = RIVER, day: int = 2) -> Reading:
    return article_reading(name, text, evidence="dump", account=Account(name="某报"), day=day, tail="阅读原文")


def put(db: Database, *readings: Reading) -> None:
    for reading in readings:
        write(db.conn, reading, now=NOW, run_id=None)


def groups(db: Database) -> dict[str, list[str]]:
    rows = db.execute(
        "SELECT a.key, c.name FROM captures AS c JOIN articles AS a ON a.id = c.article_id ORDER BY c.name"
    ).fetchall()
    found: dict[str, list[str]] = {}
    for key, name in rows:
        found.setdefault(key, []).append(name)
    return found


def again(db: Database, name: str, reading: Reading) -> None:
    """Reads a stored capture as something else, as new readers or rules would."""
    capture_id = db.execute("SELECT id FROM captures WHERE name = ?", (name,)).fetchone()[0]
    db.conn.execute("BEGIN IMMEDIATE")
    rewrite(db.conn, capture_id, reading, now=NOW)
    db.conn.commit()


def test_a_dump_and_a_page_meet_in_either_order(db: Database) -> None:
    put(db, dump())
    text_key = db.execute("SELECT key FROM articles").fetchone()[0]
    put(db, page())
    assert groups(db) == {KEY: ["dump", "page"]}
    row = db.execute("SELECT evidence, title, body FROM articles").fetchone()
    assert row == ("page", "渡口", RIVER)
    assert lookup.article_id(db.conn, text_key) == lookup.article_id(db.conn, KEY)
    assert db.execute("SELECT number, change FROM revisions ORDER BY number").fetchall() == [
        (1, "first"),
        (2, "boilerplate"),
    ]


def test_what_a_dump_was_told_of_follows_it(db: Database) -> None:
    put(db, dump(), notice_reading("gone", "deleted", key=KEY, day=9))
    assert db.execute("SELECT article_id FROM notices").fetchone() == (None,)
    put(db, page())
    assert groups(db) == {KEY: ["dump", "gone", "page"]}
    assert db.execute("SELECT status, body FROM articles").fetchone() == ("deleted", RIVER)


def test_a_dump_leaves_a_page_whose_text_is_another_now(db: Database) -> None:
    put(db, page(), dump())
    again(db, "page", page(text=NOODLES))
    found = groups(db)
    assert found.pop(KEY) == ["page"]
    assert list(found.values()) == [["dump"]]


def test_a_dump_finds_its_page_when_the_other_that_had_its_text_is_gone(db: Database) -> None:
    put(db, page(), page("resent", key=OTHER), dump())
    assert sorted(map(len, groups(db).values())) == [1, 1, 1]
    again(db, "resent", rejected_reading("resent"))
    assert groups(db) == {KEY: ["dump", "page"]}


def test_a_dump_whose_page_is_gone_goes_by_its_own_text(db: Database) -> None:
    put(db, page(), dump())
    again(db, "page", rejected_reading("page"))
    ((key, names),) = groups(db).items()
    assert (key.split(":")[0], names) == ("text", ["dump"])
    assert lookup.article_id(db.conn, KEY) is None


def test_reading_all_again_changes_nothing(db: Database) -> None:
    put(db, page(), page("resent", key=OTHER), dump(), dump("near", "图片" + RIVER), dump("noodles", NOODLES))
    before = list(projection(db.conn))
    for name, reading in (
        ("dump", dump()),
        ("page", page()),
        ("near", dump("near", "图片" + RIVER)),
        ("resent", page("resent", key=OTHER)),
    ):
        again(db, name, reading)
        assert list(projection(db.conn)) == before


def test_what_an_older_release_did_not_join_is_joined_when_a_run_opens_it(db: Database, tmp_path: Path) -> None:
    def readings() -> list[Reading]:
        return [page(), page("edited", RIVER + "补记：船票涨价。", day=5), dump("near", "图片" + RIVER, day=7)]

    put(db, *readings())
    db.execute("DELETE FROM text_keys")
    put(db, dump())
    assert len(groups(db)) == 2
    db.execute("DELETE FROM text_keys")
    db.execute("DELETE FROM state WHERE name = 'identity'")
    db.execute("UPDATE revisions SET change = 'first'")
    with closing(open_for_writing(tmp_path / "articles.db")) as again:
        assert groups(again) == {KEY: ["dump", "edited", "near", "page"]}
        joined = list(projection(again.conn))
    with closing(open_for_writing(tmp_path / "fresh.db")) as fresh:
        put(fresh, *readings(), dump())
        assert list(projection(fresh.conn)) == joined
