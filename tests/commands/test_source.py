from __future__ import annotations

import json
import os
import shlex
import sqlite3
import subprocess
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock
from running import PROJECT, environment, page
from scrapy.settings import Settings
from scrapy.spiderloader import get_spider_loader

from pipelines.store.sources import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from running import Ended

ALBUM = "https://mp.weixin.qq.com/mp/appmsgalbum?__biz=MzAwMDAwMDAwMQ==&action=getalbum&album_id=1234567890123456789"


@pytest.fixture
def source(scrapy: Callable[..., Ended], tmp_path: Path) -> Callable[..., Ended]:
    """Runs `scrapy source WORDS...` on a database of the test's own."""

    def run(*words: str | Path) -> Ended:
        return scrapy("source", *words, "-s", f"DATABASE={tmp_path / 'articles.db'}")

    return run


def rows(database: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(database)) as db:
        return db.execute("SELECT kind, target, every, paused, options FROM sources ORDER BY id").fetchall()


def test_every_kind_is_added_listed_and_has_one_form(
    source: Callable[..., Ended], folder: Path, tmp_path: Path
) -> None:
    table = tmp_path / "table.csv"
    table.write_text("file,title\n", "utf-8")
    for words in (
        ("files", f"{folder}/../{folder.name}", "--every", "24h", "--layout", "{title}", "--sidecar", table),
        ("album", ALBUM + "&scene=21&pass_ticket=secret#wechat_redirect", "--every", "weekly"),
        ("account", "MzAwMDAwMDAwMQ", "--every", "6h"),
        ("feed", "https://rss.example.org/gzh", "--every", "hourly", "--fetch"),
        ("articles", "--every", "30m"),
        ("recheck", "--at", "7d,24h"),
    ):
        ended = source("add", *words)
        assert (ended.code, "added" in ended.out, ended.err) == (0, True, "")
    assert rows(tmp_path / "articles.db") == [
        ("files", str(folder), "daily", 0, json.dumps({"layout": "{title}", "sidecar": str(table)})),
        (
            "album",
            ALBUM.replace("?__biz", "?action=getalbum&__biz").replace("&action=getalbum&album", "&album"),
            "weekly",
            0,
            "{}",
        ),
        ("account", "MzAwMDAwMDAwMQ==", "6h", 0, "{}"),
        ("feed", "https://rss.example.org/gzh", "1h", 0, '{"fetch": "yes"}'),
        ("articles", "", "30m", 0, "{}"),
        ("recheck", "*", "daily", 0, json.dumps({"at": ["1d", "7d"]})),
    ]
    listed = source("list").out.splitlines()
    assert len(listed) == 7
    assert listed[1].split("\t")[:4] == ["1", "files", str(folder), "daily"]
    objects = [json.loads(line) for line in source("list", "--json").out.splitlines()]
    assert [one["kind"] for one in objects] == ["files", "album", "account", "feed", "articles", "recheck"]


def test_adding_again_changes_and_the_rest_goes_by_number(
    source: Callable[..., Ended], folder: Path, tmp_path: Path
) -> None:
    source("add", "files", folder)
    assert "source 1 changed" in source("add", "files", folder, "--every", "weekly").out
    assert source("pause", "1").code == 0
    assert rows(tmp_path / "articles.db")[0][2:4] == ("weekly", 1)
    assert "paused" in source("list").out
    assert source("resume", "1").code == 0
    assert rows(tmp_path / "articles.db")[0][3] == 0
    assert source("remove", "1").code == 0
    again = source("remove", "1")
    assert (again.code, "no source 1" in again.err) == (1, True)
    assert rows(tmp_path / "articles.db") == []


def test_a_recheck_keeps_the_strongest_key_of_the_account_that_is_meant(
    source: Callable[..., Ended], crawled: Path
) -> None:
    assert source("add", "recheck", "--account", "集市小报").code == 0
    assert rows(crawled)[0][:2] == ("recheck", "biz:MzAwMDAwMDAwMQ==")
    assert "集市小报 (biz:MzAwMDAwMDAwMQ==)" in source("list").out
    unknown = source("add", "recheck", "--account", "nobody")
    assert (unknown.code, "nobody" in unknown.err) == (2, True)


def test_the_spider_of_a_kind_takes_what_its_sources_say() -> None:
    loader = get_spider_loader(Settings({"SPIDER_MODULES": ["crawler.spiders"]}))
    known = set(loader.list())
    assert {"files", "articles", "album", "account", "feed"} <= known
    for kind in KINDS.values():
        if kind.spider in known:
            arguments: frozenset[str] = loader.load(kind.spider).arguments  # type: ignore[attr-defined]
            assert {*filter(None, [kind.target]), *kind.options, *kind.paths} <= arguments


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "say what to do"),
        (["drop"], "say what to do"),
        (["add"], "of which kind"),
        (["add", "table", "x"], "of which kind"),
        (["add", "files"], "takes one target"),
        (["add", "articles", "x"], "takes no target"),
        (["add", "files", "a", "--every", "5h"], "choose from"),
        (["add", "files", "a", "--layout", "{colour}"], "colour"),
        (["add", "files", "a", "--sidecar", "/no/such/table.csv"], "/no/such/table.csv"),
        (["add", "articles", "--fetch"], "--fetch is not for articles"),
        (["add", "files", "a", "--account", "x"], "--account is not for files"),
        (["add", "recheck", "--at", "soon"], "90m, 6h, 8d or 2w"),
        (["add", "album", "https://mp.weixin.qq.com/s/abcdefghijklmnopqrstuv"], "is no album"),
        (["add", "account", "somepaper"], "base64"),
        (["add", "feed", "file:///etc/passwd"], "https://"),
        (["add", "feed", "https://me:secret@rss.example.org/"], "no name and password"),
        (["pause"], "number of one source"),
        (["remove", "x"], "number of one source"),
        (["list", "x"], "takes no words"),
        (["list", "--bogus"], "--bogus"),
    ],
)
def test_wrong_use_is_2_and_says_what_is_right(
    source: Callable[..., Ended], tmp_path: Path, words: list[str], said: str
) -> None:
    ended = source(*words)
    assert (ended.code, said in ended.err) == (2, True), ended.err
    assert "secret" not in ended.out
    assert not (tmp_path / "articles.db").exists() or rows(tmp_path / "articles.db") == []


def test_a_run_is_not_waited_for_but_a_database_is_made_only_under_its_lock(
    source: Callable[..., Ended], folder: Path, tmp_path: Path
) -> None:
    with FileLock(tmp_path / "articles.db.lock"):
        assert source("add", "files", folder).code == 75
        assert not (tmp_path / "articles.db").exists()
    assert source("add", "files", folder).code == 0
    with FileLock(tmp_path / "articles.db.lock"):
        assert source("add", "articles").code == 0
        assert source("pause", "1").code == 0


def test_without_a_database_only_add_makes_one(scrapy: Callable[..., Ended], tmp_path: Path) -> None:
    for words in (["list"], ["pause", "1"], ["remove", "1"]):
        ended = scrapy("source", *words, "-s", f"DATABASE={tmp_path / 'none.db'}")
        assert (ended.code, "no database" in ended.err) == (4, True)
    assert not list(tmp_path.glob("none.db"))


def test_the_crontab_runs_as_it_is_printed_and_the_next_run_is_noted(
    scrapy: Callable[..., Ended], source: Callable[..., Ended], tmp_path: Path
) -> None:
    captures = tmp_path / "100% mine"
    captures.mkdir()
    (captures / "1.html").write_text(page(1), "utf-8")
    copies = tmp_path / "copies"
    copies.mkdir()
    where = f"DATABASE={tmp_path / 'articles.db'}"
    source("add", "files", captures)
    source("add", "files", tmp_path / "off")
    source("pause", "2")
    ended = scrapy("schedule", "--backup", copies, "--keep", "2", "-s", where)
    assert (ended.code, ended.err) == (0, "")
    lines = [line for line in ended.out.splitlines() if line and not line.startswith("#")]
    assert [line.split("/scrapy ")[1].split()[0] for line in lines] == ["crawl", "doctor", "backup"]
    for line in lines:
        *_, command = line.split(" ", 5)
        done = subprocess.run(
            ["/bin/sh", "-c", command.replace("\\%", "%")],
            cwd="/",
            env=environment(PATH="/usr/bin:/bin"),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert (done.returncode, done.stdout, done.stderr) == (0, "", ""), shlex.quote(line)
    assert len(list(copies.glob("articles-*.db"))) == 1
    assert (tmp_path / "articles.db.log").exists()
    (one, _) = [json.loads(line) for line in source("list", "--json").out.splitlines()]
    assert (one["last_run_id"], one["last_exit_code"]) == (1, 0)
    assert one["next_due"] > one["added_at"]
    # What a run that goes wrong tells when it is tried again.
    (captures / "report.pdf").write_bytes(b"%PDF-1.7\n")
    failed = scrapy("crawl", "files", "-a", f"path={captures}", "--quiet", "-s", where)
    assert failed.code == 5
    assert f"Next try: {one['next_due'][:11]}" in failed.err
    assert len((failed.err + failed.out).splitlines()) <= 10


def test_a_kind_that_this_release_cannot_read_is_said_and_never_run(
    scrapy: Callable[..., Ended], source: Callable[..., Ended], tmp_path: Path
) -> None:
    source("add", "articles")
    with closing(sqlite3.connect(tmp_path / "articles.db")) as db, db:
        db.execute("UPDATE sources SET kind = 'tape', target = 'x' || char(10) || '* * * * * rm -rf /'")
    out = scrapy("schedule", "-s", f"DATABASE={tmp_path / 'articles.db'}").out
    assert "no spider for it" in out
    assert not [line for line in out.splitlines() if "rm -rf" in line and not line.startswith("#")]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["x"], "no words"),
        (["--backup", "/no/such/folder"], "no folder"),
        (["--backup", ".", "--keep", "0"], "--keep"),
    ],
)
def test_schedule_refuses_what_it_cannot_do(
    scrapy: Callable[..., Ended], source: Callable[..., Ended], tmp_path: Path, words: list[str], said: str
) -> None:
    source("add", "articles")
    ended = scrapy("schedule", *words, "-s", f"DATABASE={tmp_path / 'articles.db'}")
    assert (ended.code, said in ended.err) == (2, True)


def test_schedule_has_json_and_says_when_there_is_nothing(
    scrapy: Callable[..., Ended], source: Callable[..., Ended], tmp_path: Path
) -> None:
    where = f"DATABASE={tmp_path / 'articles.db'}"
    source("add", "articles")
    objects = [json.loads(line) for line in scrapy("schedule", "--json", "-s", where).out.splitlines()]
    assert [(one["source"], bool(one["line"])) for one in objects] == [
        (1, True),
        (None, True),
        (None, True),
        (None, False),
    ]
    assert "only=failed" in objects[1]["line"]
    assert str(PROJECT) in objects[0]["line"]
    source("remove", "1")
    ended = scrapy("schedule", "-s", where)
    assert (ended.code, "no source yet" in ended.err) == (0, True)
    assert os.linesep in ended.out
