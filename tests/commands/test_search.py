from __future__ import annotations

import csv
import io
import json
import os
import pty
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from running import PROJECT, SCRAPY, Ended, environment, page

from pipelines.store.lock import run_lock

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE = PROJECT / "docs" / "search.md"
KEY = "mp:MzAwMDAwMDAwMQ==:1001:1"
STEERING = "\u202e[bold]=HYPERLINK[/bold]\u2066，糖人翻了个跟头。"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of three pages, a dump, and a page that would like to steer; made once."""
    folder = tmp_path_factory.mktemp("search")
    captures = folder / "captures"
    captures.mkdir()
    for number in range(3):
        (captures / f"{number}.html").write_text(page(number), "utf-8")
    (captures / "dump.txt").write_text(
        "微信号\nsomepaper\n功能介绍\n每日新闻\n清晨的河面上起了薄雾，渡船靠了岸。\n阅读原文", "utf-8"
    )
    (captures / "steering.html").write_text(page(9, STEERING).replace("第9篇集市见闻", "=SUM(A1)的集市"), "utf-8")
    command = [*SCRAPY, "crawl", "files", "-a", f"path={captures}", "-s", f"DATABASE={folder / 'articles.db'}"]
    subprocess.run(command, cwd=PROJECT, env=environment(), check=True, capture_output=True, timeout=60)
    return folder / "articles.db"


@pytest.fixture
def database(made: Path, tmp_path: Path) -> Path:
    """A copy, for tests that change it."""
    copy = tmp_path / "articles.db"
    with closing(sqlite3.connect(made)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    return copy


@pytest.fixture
def search(scrapy: Callable[..., Ended], made: Path) -> Callable[..., Ended]:
    """`scrapy search WORDS...`."""
    return lambda *words: scrapy("search", "-s", f"DATABASE={made}", *words)


def keys(ended: Ended) -> list[str]:
    return [line.split("\t")[0] for line in ended.out.splitlines()]


def test_lines_have_key_day_account_title_and_what_was_found(search: Callable[..., Ended]) -> None:
    ended = search("老師傅", "第1只")
    assert (ended.code, ended.err) == (0, "")
    (line,) = ended.out.splitlines()
    key, day, account, title, snippet = line.split("\t")
    assert (key, day, account, title) == (KEY, "2018-05-01", "集市小报", "第1篇集市见闻")
    assert "⟦老师傅⟧，他一吹一捏，⟦第1只⟧小猴子" in snippet


def test_json_is_a_list_of_objects_with_marks(search: Callable[..., Ended]) -> None:
    (found,) = json.loads(search("--json", "第1只").out)
    assert found["key"] == KEY
    assert found["url"] == "https://mp.weixin.qq.com/s?__biz=MzAwMDAwMDAwMQ==&mid=1001&idx=1"
    assert [found["snippet"][a:b] for a, b in found["marks"]] == ["第1只"]
    assert json.loads(search("--json", "没有的词").out) == []


def test_nothing_of_an_article_steers_a_terminal_or_a_spreadsheet(search: Callable[..., Ended]) -> None:
    for words in ((), ("--json",)):
        out = search(*words, "跟头").out
        assert "[bold]" in out
        assert not set(out) & set("\u202e\u2066\x1b")
    (found,) = json.loads(search("--json", "跟头").out)
    assert STEERING in found["snippet"]
    table = search("--csv", "跟头").out
    assert table.startswith("\ufeffkey,title,")
    (row,) = csv.DictReader(io.StringIO(table.removeprefix("\ufeff")))
    assert row["title"] == "'=SUM(A1)的集市"
    assert "⟦跟头⟧" in row["snippet"]


def test_a_terminal_gets_a_table(made: Path) -> None:
    ours, theirs = pty.openpty()
    command = [*SCRAPY, "search", "-s", f"DATABASE={made}", "跟头"]
    subprocess.run(
        command, cwd=PROJECT, env=environment(COLUMNS="80", TERM="xterm"), stdout=theirs, check=True, timeout=60
    )
    os.close(theirs)
    out = os.read(ours, 100_000).decode()
    os.close(ours)
    assert "\x1b[1;31m跟头\x1b[0m" in out
    assert "[bold]" in out
    assert "\t" not in out
    assert not set(out) & set("\u202e\u2066")


def test_urls_are_one_a_line_and_what_has_none_is_said(search: Callable[..., Ended]) -> None:
    ended = search("--urls", "薄雾", "OR", "第2只")
    assert ended.out == "https://mp.weixin.qq.com/s?__biz=MzAwMDAwMDAwMQ==&mid=1002&idx=1\n"
    assert "1 articles without a URL" in ended.err


def test_sql_is_what_sqlite3_can_run(search: Callable[..., Ended], made: Path) -> None:
    ended = search("--sql", "--since", "2018-01-01", "糖人", "OR", "account:小报")
    with closing(sqlite3.connect(made)) as plain:
        found = [row[0] for row in plain.execute(ended.out)]
    assert found == keys(search("--since", "2018-01-01", "糖人", "OR", "account:小报"))
    assert len(found) == 4


@pytest.mark.parametrize(
    ("words", "count"),
    [
        (("集市",), 4),
        (("--limit", "2", "集市"), 2),
        (("--limit", "0", "--offset", "1", "集市"), 3),
        (("--account", "集市小報", "集市"), 4),
        (("--until", "2018-04-30", "集市"), 0),
        (("--kind", "article", "--kind", "video", "--status", "available", "集市"), 4),
        (("--kind", "video", "集市"), 0),
        (("--fields", "body", "跟头"), 1),
        (("--fields", "title, author", "跟头"), 0),
        (("--unique", "--sort", "date", "集市"), 4),
        (("--", "集市", "-糖人翻"), 3),
        (("集市 NOT 糖人翻",), 3),
        (("--", "-集市"), 1),
    ],
)
def test_options(search: Callable[..., Ended], words: tuple[str, ...], count: int) -> None:
    ended = search(*words)
    assert ended.code == 0
    assert len(ended.out.splitlines()) == count
    assert ("nothing found" in ended.err) == (count == 0)
    assert ("of 4 articles" in ended.err) == ("--limit" in words)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), "[--] WORDS"),
        (("-糖人",), "come after --"),
        (("--bogus", "糖人"), "unknown option --bogus"),
        (("--json", "--csv", "糖人"), "not allowed with"),
        (("--since", "2018", "糖人"), "write it as 2024-05-01"),
        (("--limit", "-1", "糖人"), "--limit"),
        (("--kind", "blog", "糖人"), "invalid choice"),
        (("--fields", "title,digest", "糖人"), "no field digest"),
        (("--account", "集市", "糖人"), "did you mean 集市小报?"),
        (('""',), "nothing to search for"),
        (("字" * 2001,), "at most 2000 characters"),
    ],
)
def test_wrong_use_is_2_and_says_what_is_right(
    search: Callable[..., Ended], words: tuple[str, ...], sentence: str
) -> None:
    ended = search(*words)
    assert (ended.code, ended.out) == (2, "")
    assert sentence in ended.err


def test_an_index_that_cannot_be_trusted_is_4_until_reindex(scrapy: Callable[..., Ended], database: Path) -> None:
    where = ("-s", f"DATABASE={database}")
    found = scrapy("search", *where, "集市").out
    with closing(sqlite3.connect(database)) as other, other:
        other.execute("""UPDATE state SET value = '{"version": "0"}' WHERE name = 'search'""")
    ended = scrapy("search", *where, "集市")
    assert (ended.code, ended.out) == (4, "")
    assert "scrapy reindex" in ended.err
    done = scrapy("reindex", *where)
    assert (done.code, done.report["articles"]) == (0, 5)
    assert scrapy("search", *where, "集市").out == found != ""


def test_searching_waits_for_nobody_and_reindexing_for_the_lock(scrapy: Callable[..., Ended], database: Path) -> None:
    where = ("-s", f"DATABASE={database}")
    assert scrapy("reindex", *where).code == 0  # which turns write-ahead logging on again
    with closing(sqlite3.connect(database)) as other, run_lock(database):
        other.execute("BEGIN IMMEDIATE")
        assert scrapy("search", *where, "集市").code == 0
        assert scrapy("reindex", *where).code == 75
        other.rollback()


def test_an_article_that_another_program_wrote_is_said(scrapy: Callable[..., Ended], database: Path) -> None:
    with closing(sqlite3.connect(database)) as other, other:
        other.execute("UPDATE articles SET title = '改了' WHERE id = 1")
    assert "1 articles that another program wrote" in scrapy("search", "-s", f"DATABASE={database}", "集市").err


def test_without_a_database(scrapy: Callable[..., Ended], tmp_path: Path) -> None:
    for words in (("search", "集市"), ("reindex",)):
        ended = scrapy(*words, "-s", f"DATABASE={tmp_path / 'none.db'}")
        assert (ended.code, "scrapy crawl files" in ended.err) == (4, True)
    assert list(tmp_path.glob("none.db")) == []
    assert scrapy("reindex", "now").code == 2


def test_a_reader_that_has_seen_enough_is_no_fault(made: Path) -> None:
    command = shlex.join([*SCRAPY, "search", "-s", f"DATABASE={made}", "--json", "集市"])
    words = ["bash", "-o", "pipefail", "-c", f"{command} | true"]
    done = subprocess.run(words, cwd=PROJECT, env=environment(), capture_output=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")


def examples() -> list[str]:
    """The commands of the page on search."""
    blocks = re.findall(r"```console\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    lines = [line.removeprefix("$ ") for block in blocks for line in block.splitlines()]
    return [line.split("  # ")[0].rstrip() for line in lines if "scrapy reindex" not in line]


@pytest.mark.parametrize("example", examples())
def test_the_examples_of_the_page_find_something(made: Path, tmp_path: Path, example: str) -> None:
    if "sqlite3" in example and shutil.which("sqlite3") is None:
        pytest.skip("there is no sqlite3 here")
    command = example.replace("articles.db", shlex.quote(str(made))).replace(
        "found.csv", shlex.quote(str(tmp_path / "found.csv"))
    )
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        cwd=PROJECT,
        env=environment(DATABASE=str(made), PATH=path),
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    found = done.stdout or (tmp_path / "found.csv").read_bytes()
    assert "糖人" in found.decode() or "渡船" in found.decode() or "集市" in found.decode()


def test_the_pages_sql_finds_something(made: Path) -> None:
    (sql,) = re.findall(r"```sql\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    with closing(sqlite3.connect(made)) as plain:
        assert len(plain.execute(sql).fetchall()) == 4
        # And what the page warns of.
        assert plain.execute(sql.replace("糖 人", "糖人")).fetchall() == []
