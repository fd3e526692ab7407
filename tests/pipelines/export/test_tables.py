"""All tables: the same bytes from the same archive, and nothing in them that is not to be published."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import sqlite3
import sys
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest
from archives import capture_of, make_database
from hypothesis import given
from hypothesis import strategies as st
from running import page

from crawler.items import Hints
from pipelines.archive import Archive, Filters
from pipelines.export.tables import FORMATS, TablesError, export_tables
from pipelines.store import raw
from pipelines.store.database import connect, open_for_writing
from pipelines.store.public_copy import INTERNAL, public_text
from pipelines.store.search import search

if TYPE_CHECKING:
    from pathlib import Path

PRIVATE = "/home/geheim/ordner"
SECRETS = ("geheim", "gehim-token", "vertraulich")


@pytest.fixture(scope="module")
def private(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two pages whose captures tell where they lay and who was reading."""
    reader = "pass_ticket=vertraulich&uin=vertraulich&key=vertraulich&sharer_shareid=vertraulich"
    captures = []
    for number in range(2):
        text = (
            f"<p>第{number}篇：原文在 https://mp.weixin.qq.com/s?__biz=MzAwMDAwMDAwMQ==&amp;mid=9&amp;idx=1&amp;"
            f"{reader.replace('&', '&amp;')} 这里。今天的集市上来了一位卖糖人的老师傅，第{number}只小猴子活了。</p>"
        )
        capture = capture_of(page(number, text), f"{number}.html", url=f"https://mp.weixin.qq.com/s?__biz=a&{reader}")
        captures.append(
            replace(
                capture,
                uri=f"file://{PRIVATE}/{number}.html",
                name=f"geheim/{number}.html",
                hints=Hints(title="geheim", sources=(("title", "path"),)),
            )
        )
    captures.append(replace(capture_of(b"%PDF-1.7", "x.pdf"), uri=f"file://{PRIVATE}/x.pdf", name="geheim/x.pdf"))
    path = make_database(tmp_path_factory.mktemp("private") / "a.db", captures)
    with closing(open_for_writing(path)) as db:
        db.execute(
            "INSERT INTO runs (spider, arguments, started_at) VALUES ('files', ?, '2026-01-01T00:00:00Z')",
            (json.dumps({"path": PRIVATE}),),
        )
        db.execute("INSERT INTO files VALUES (?, 1, 1, 1, 0, 0, '2026-01-01T00:00:00Z')", (f"file://{PRIVATE}/0.html",))
        db.execute("INSERT INTO state VALUES ('merge', ?)", (json.dumps({"from": PRIVATE}),))
        db.conn.commit()
    return path


def quiet(done: int, total: int) -> None:
    """No progress is shown."""


def export(database: Path, folder: Path, form: str, **terms: Any) -> dict[str, Any]:
    db = connect(database, read_only=True)
    try:
        return export_tables(db.conn, folder, form, filters=Filters(**terms), progress=quiet)  # type: ignore[arg-type]
    finally:
        db.close()


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_archive_gives_the_same_bytes(database: Path, tmp_path: Path, form: str) -> None:
    made = []
    for name in ("one", "two"):
        export(database, tmp_path / name, form)
        made.append({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()})
    assert made[0] == made[1]
    assert all(not name.startswith(".") for name in made[0])


@pytest.mark.parametrize("form", FORMATS)
def test_the_manifest_tells_what_there_is(database: Path, tmp_path: Path, form: str) -> None:
    report = export(database, tmp_path, form)
    manifest = json.loads((tmp_path / "manifest.json").read_text("utf-8"))
    with closing(sqlite3.connect(database)) as db:
        assert manifest["schema"] == db.execute("PRAGMA user_version").fetchone()[0]
        assert manifest["rules_versions"] == [db.execute("SELECT max(rules_version) FROM articles").fetchone()[0]]
        for name in ("articles", "revisions", "boilerplate", "captures", "links"):
            assert manifest["tables"][name]["rows"] == db.execute(f"SELECT count(*) FROM {name}").fetchone()[0] > 0
    assert report["tables"] == len(manifest["tables"])
    assert manifest["filter"] == {}
    for name, told in manifest["files"].items():
        content = (tmp_path / name).read_bytes()
        assert (told["bytes"], told["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    assert {path.name for path in tmp_path.iterdir()} == {*manifest["files"], "manifest.json"}
    assert "raw" not in manifest["tables"]
    assert (INTERNAL & set(manifest["tables"]) == set()) is (form != "sqlite")


def test_parquet_and_csv_hold_the_same_rows(database: Path, tmp_path: Path) -> None:
    export(database, tmp_path, "csv")
    export(database, tmp_path, "parquet")
    with closing(sqlite3.connect(database)) as db:
        wanted = db.execute(
            "SELECT id, key, title, char_count, similarity, is_original, body FROM articles ORDER BY id"
        ).fetchall()
    columns = ["id", "key", "title", "char_count", "similarity", "is_original", "body"]
    table = pq.read_table(tmp_path / "articles.parquet", columns=columns)
    assert [tuple(row.values()) for row in table.to_pylist()] == wanted
    text = (tmp_path / "articles.csv").read_text("utf-8-sig")
    rows = [[row[name] for name in columns] for row in csv.DictReader(io.StringIO(text, newline=""))]
    assert rows == [["" if value is None else str(value) for value in row] for row in wanted]


def everything(path: Path) -> str:
    """All that is in a database, packed columns opened."""
    found = []
    with closing(sqlite3.connect(path)) as db:
        for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
            for row in db.execute(f'SELECT * FROM "{name}"'):
                for value in row:
                    packed = isinstance(value, bytes) and value[:4] == b"\x28\xb5\x2f\xfd"
                    found.append(raw.unpack(value) if packed else value)
    return "\n".join(value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value) for value in found)


def test_no_path_and_no_token_survives(private: Path, tmp_path: Path) -> None:
    before = everything(private)
    assert PRIVATE in before
    assert "vertraulich" in before
    for form in FORMATS:
        folder = tmp_path / form
        export(private, folder, form)
        for path in folder.iterdir():
            content = path.read_bytes() if path.suffix != ".parquet" else str(pq.read_table(path).to_pylist()).encode()
            if path.suffix == ".db":
                content += everything(path).encode()
            for secret in SECRETS:
                assert secret.encode() not in content, (path.name, secret)
            assert b"file://" not in content


def test_the_copy_is_an_archive_that_can_be_searched(private: Path, tmp_path: Path) -> None:
    export(private, tmp_path, "sqlite")
    with Archive.open(tmp_path / "articles.db") as archive:
        articles = list(archive.articles())
        assert len(articles) == 2
        assert articles[0].raw() is None
        assert articles[0].marks() == []
        assert search(archive.connection, "糖人").total == 2
        offsets = [(r.start, r.end) for r in articles[0].boilerplate]
        assert all(
            articles[0].full_text[a:b] == r.text for (a, b), r in zip(offsets, articles[0].boilerplate, strict=True)
        )
        assert len(articles[0].body) == len(next(Archive.open(private).articles()).body)
        assert archive.connection.execute("SELECT count(*) FROM article_list").fetchone() == (2,)
    with closing(sqlite3.connect(tmp_path / "articles.db")) as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_part_holds_nothing_of_the_rest(database: Path, tmp_path: Path) -> None:
    with Archive.open(database) as archive:
        article = next(a for a in archive.articles(kinds=("article",)) if a.account and a.boilerplate)
        assert article.account is not None
        others = [a for a in archive.articles() if a.key != article.key and len(a.body) > 40]
    export(database, tmp_path, "sqlite", keys=(article.key,))
    manifest = json.loads((tmp_path / "manifest.json").read_text("utf-8"))
    assert manifest["filter"] == {"keys": [article.key]}
    assert manifest["tables"]["articles"]["rows"] == 1
    with Archive.open(tmp_path / "articles.db") as copy:
        part = copy.article(article.key)
        assert part is not None
        assert (part.body, part.account, part.boilerplate) == (article.body, article.account, article.boilerplate)
        assert copy.connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert copy.connection.execute("SELECT count(*) FROM accounts").fetchone() == (1,)
    found = everything(tmp_path / "articles.db")
    assert [a.key for a in others if a.body[:40] in found and a.body[:40] not in article.full_text] == []


def test_without_pyarrow_it_says_what_to_do(database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(TablesError, match=r"pip install.*csv"):
        export(database, tmp_path / "out", "parquet")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("https://mp.weixin.qq.com/s?a=1&pass_ticket=abc&b=2", "https://mp.weixin.qq.com/s?a=1&pass_ticket=xxx&b=2"),
        ("https://mp.weixin.qq.com/s?uin=abc#rd", "https://mp.weixin.qq.com/s?uin=xxx#rd"),
        ("http://mp.weixin.qq.com/s?a=1&amp;key=abc 后", "http://mp.weixin.qq.com/s?a=1&amp;key=xxx 后"),
        ("https://example.org/?key=abc", "https://example.org/?key=abc"),
        ("https://example.org/?pass_ticket=abc", "https://example.org/?pass_ticket=xxx"),
        (
            "https%3A%2F%2Fmp.weixin.qq.com%2Fs%3Fuin%3Dabc%26a%3D1",
            "https%3A%2F%2Fmp.weixin.qq.com%2Fs%3Fuin%3Dxxx%26a%3D1",
        ),
        ("key=value 不是链接", "key=value 不是链接"),
    ],
)
def test_only_tokens_of_readers_are_masked(text: str, made: str) -> None:
    assert public_text(text) == made


@given(st.text(st.sampled_from("https://mp.weixin.qq.com/s?&=uinkey%26abc 甲"), max_size=60))
def test_masking_keeps_every_offset(text: str) -> None:
    assert len(public_text(text)) == len(text)
    assert public_text(public_text(text)) == public_text(text)
