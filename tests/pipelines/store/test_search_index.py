"""The index is at any moment what a rebuild would make, or it says that it is not."""

from __future__ import annotations

import io
import logging
import random
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import zstandard
from datasette.utils import detect_fts
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from readings import BIZ, NOW, article_reading
from searching import archive, index_content, store

from crawler.items import Account
from pipelines.search.fold import fold
from pipelines.store import search_index, writer
from pipelines.store.database import connect, open_for_writing
from pipelines.store.search import SearchIndexError, article_ids, search
from pipelines.store.search_check import verify

if TYPE_CHECKING:
    from sqlite3 import Connection

    from sqlite_utils import Database

    from crawler.items import Reading

SCHEMA_1 = Path(__file__).resolve().parents[2] / "databases" / "schema-1.sql.zst"
KEY = f"mp:{BIZ}:1:1"


def rebuilt(db: Connection) -> list[tuple[object, ...]]:
    search_index.rebuild(db)
    return index_content(db)


def test_an_empty_archive_has_an_index(db: Database) -> None:
    assert search_index.made_by(db.conn) == search_index.version()
    assert search(db.conn, "扶贫").total == 0
    assert verify(db.conn) == []


def test_revisions_retitled_and_retired_articles_leave_the_index_that_a_rebuild_makes(db: Database) -> None:
    conn = db.conn
    url, short = (
        f"https://mp.weixin.qq.com/s?__biz={BIZ}&mid=1&idx=1",
        "https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv",
    )
    text = "今天天气很好，我们去公园看花，路上遇到了老朋友，一起喝茶聊天。" * 4
    store(conn, [article_reading("a", text, key="short:AbCdEfGhIjKlMnOpQrStUv", urls=((short, "short"),), title="一")])
    assert len(article_ids(conn, "公园")) == 1
    store(
        conn, [article_reading("b", text + "后来又补了一句。", key=KEY, urls=((url, "long"), (short, "short")), day=2)]
    )
    assert article_ids(conn, "补了一句") == [row[0] for row in conn.execute("SELECT id FROM articles")]
    assert search_index.pending(conn) == 0
    assert verify(conn) == []
    before = index_content(conn)
    assert before
    assert before == rebuilt(conn)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 5), st.booleans()), max_size=25))
def test_random_writes_leave_the_index_that_a_rebuild_makes(steps: list[tuple[int, int, bool]]) -> None:
    with tempfile.TemporaryDirectory() as folder, closing(open_for_writing(Path(folder) / "a.db")) as db:
        conn = db.conn
        for number, (place, version, commits) in enumerate(steps):
            if not conn.in_transaction:
                conn.execute("BEGIN IMMEDIATE")
            writer.write(conn, one(place, version, number), now=NOW, run_id=None)
            if commits:
                conn.commit()
        if conn.in_transaction:
            conn.commit()
        assert index_content(conn) == rebuilt(conn)


def one(place: int, version: int, number: int) -> Reading:
    text = "春江潮水连海平，海上明月共潮生。滟滟随波千万里。" * 3 + "又" * version
    return article_reading(
        f"{number}",
        text,
        key=f"mp:{BIZ}:{place}:1",
        day=number,
        title=f"第{version}版",
        account=Account(biz=BIZ, name=f"报{version}"),
    )


def test_a_group_that_is_rolled_back_is_not_found(db: Database) -> None:
    conn = db.conn
    store(conn, archive(5))
    before = index_content(conn)
    conn.execute("BEGIN IMMEDIATE")
    writer.write(conn, article_reading("x", "没有提交的扶贫。" * 5), now=NOW, run_id=None)
    conn.rollback()
    assert index_content(conn) == before
    assert verify(conn) == []


def test_what_does_not_change_is_not_indexed_again(db: Database) -> None:
    store(db.conn, [article_reading("a", "一篇不变的文章。" * 5, key=KEY)])
    changes = db.conn.total_changes
    db.conn.execute("BEGIN IMMEDIATE")
    db.conn.execute("UPDATE articles SET body = body, title = title, status = 'deleted'")
    assert search_index.pending(db.conn) == 0
    db.conn.commit()
    assert db.conn.total_changes == changes + 1


def test_what_another_program_writes_is_said_and_found_after_the_next_run(db: Database, tmp_path: Path) -> None:
    store(db.conn, archive(5))
    path = tmp_path / "articles.db"
    with closing(sqlite3.connect(path)) as other, other:
        other.execute("UPDATE articles SET title = '外面改的' WHERE id = 2")
    with closing(connect(path, read_only=True)) as reader:
        assert search(reader.conn, "外面改的").total == 0
        assert search(reader.conn, "外面改的").pending == 1
        assert "1 changed articles" in verify(reader.conn)[0]
    open_for_writing(path).close()
    with closing(connect(path, read_only=True)) as reader:
        assert article_ids(reader.conn, "外面改的") == [2]
        assert verify(reader.conn) == []


@pytest.mark.parametrize(
    "damage",
    [
        "DROP TRIGGER search_article_changed",
        "DROP TABLE search_pending",
        "DROP TABLE search_spaced",
        "DELETE FROM state WHERE name = 'search'",
        """UPDATE state SET value = '{"version": "0"}' WHERE name = 'search'""",
    ],
)
def test_an_index_of_another_making_is_refused_and_made_anew_by_the_next_run(
    db: Database, tmp_path: Path, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    store(db.conn, archive(8))
    before = index_content(db.conn)
    db.conn.execute(damage)
    db.close()
    path = tmp_path / "articles.db"
    with closing(connect(path, read_only=True)) as reader:
        with pytest.raises(SearchIndexError, match="scrapy reindex"):
            search(reader.conn, "春")
        assert "scrapy reindex" in verify(reader.conn)[0]
    with caplog.at_level(logging.WARNING), closing(open_for_writing(path)) as writing:
        assert "made anew" in caplog.text
        assert verify(writing.conn) == []
        assert index_content(writing.conn) == before


def test_a_database_of_the_first_schema_gets_an_index(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path)) as old:
        with SCHEMA_1.open("rb") as packed, zstandard.ZstdDecompressor().stream_reader(packed) as stream:
            old.executescript(io.TextIOWrapper(stream, "utf-8").read())
        count = old.execute("SELECT count(*) FROM articles").fetchone()[0]
    assert count
    with closing(connect(path, read_only=True)) as reader, pytest.raises(SearchIndexError, match="scrapy reindex"):
        search(reader.conn, "的")
    with closing(open_for_writing(path)) as db:
        assert verify(db.conn) == []
        bodies = db.conn.execute("SELECT id FROM articles WHERE instr(body, '的')").fetchall()
        assert {row[0] for row in bodies} <= set(article_ids(db.conn, "的"))
        assert bodies


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (
            "INSERT INTO search_spaced (rowid, title, author, body) VALUES (999, '', '', '多')",
            "1 articles that are gone",
        ),
        ("DELETE FROM search_spaced_docsize WHERE id = 3", "1 articles are not in the search index"),
        ("DELETE FROM search_spaced_data WHERE id > 10", "damaged"),
    ],
)
def test_faults_are_told(db: Database, damage: str, sentence: str) -> None:
    store(db.conn, archive(8))
    db.conn.execute(damage)
    assert sentence in "\n".join(verify(db.conn))


def test_another_text_than_the_articles_is_told(db: Database) -> None:
    store(db.conn, archive(8))
    body, title, author = db.conn.execute("SELECT body, title, author FROM articles WHERE id = 1").fetchone()
    spaced = [search_index.spaced(text) for text in (body, title, author)]
    db.conn.execute(search_index._DELETE, (1, *spaced))
    rng = random.Random(1)
    shuffled = " ".join(rng.sample(spaced[0].split(), len(spaced[0].split())))
    db.conn.execute(search_index._INSERT, (1, shuffled, *spaced[1:]))
    assert "another text than 1" in verify(db.conn)[0]


def test_no_tool_offers_a_search_that_would_find_nothing(db: Database) -> None:
    store(db.conn, archive(3))
    for name in (*db.table_names(), *db.view_names()):
        assert detect_fts(db.conn, name) is None, name
        assert name in db.view_names() or db.table(name).detect_fts() is None, name


def test_ranking_by_rank_in_plain_sql_is_the_projects(db: Database) -> None:
    store(db.conn, archive(40))
    query = "SELECT rowid FROM search_spaced WHERE search_spaced MATCH '\"春\"' ORDER BY {}, rowid"
    by_rank = db.conn.execute(query.format("rank")).fetchall()
    assert by_rank == db.conn.execute(query.format("bm25(search_spaced, 1.0, 10.0, 5.0)")).fetchall()
    assert by_rank != db.conn.execute(query.format("bm25(search_spaced, 1.0, 1.0, 1.0)")).fetchall()


@pytest.mark.parametrize("text", ["", "，", "a", "扶 贫\n😀", "人人，愛看ＡＢ①ﬁ。" * 50, "\u200b" * 300])
def test_what_is_indexed_has_a_blank_between_every_two_characters(text: str) -> None:
    assert search_index.spaced(text) == " ".join(fold(text))
    assert search_index.spaced(None) == ""
