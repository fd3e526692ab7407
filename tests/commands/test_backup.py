from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from running import PROJECT, SCRAPY, environment, page

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from running import Ended


@pytest.fixture
def backup(scrapy: Callable[..., Ended], crawled: Path) -> Callable[..., Ended]:
    """Runs `scrapy backup WORDS...` of a database that a crawl has made."""

    def run(*words: str | Path) -> Ended:
        return scrapy("backup", *words, "-s", f"DATABASE={crawled}")

    return run


def test_a_copy_says_the_same_and_is_not_overwritten_unless_it_is_meant(
    backup: Callable[..., Ended], scrapy: Callable[..., Ended], tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    ended = backup(copy)
    assert (ended.code, ended.report["backup"], ended.report["bytes"]) == (0, str(copy), copy.stat().st_size)
    digests = {scrapy("doctor", "--digest", "-s", f"DATABASE={path}").out for path in (copy, tmp_path / "articles.db")}
    assert len(digests) == 1
    refused = backup(copy)
    assert (refused.code, "--force" in refused.err) == (2, True)
    forced = backup(copy, "--force", "--quiet")
    assert (forced.code, forced.out, forced.err) == (0, "", "")


def test_dated_copies_rotate(backup: Callable[..., Ended], tmp_path: Path) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    for day in (1, 2, 3):
        (folder / f"articles-2020010{day}T000000Z.db").write_bytes(b"old")
    ended = backup(folder, "--keep", "2")
    assert ended.code == 0
    assert len(ended.report["removed"]) == 2
    left = sorted(path.name for path in folder.iterdir())
    assert left[0] == "articles-20200103T000000Z.db"
    assert left[1:] == [ended.report["backup"].rpartition("/")[2]]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "FILE or FOLDER"),
        (["a", "b"], "FILE or FOLDER"),
        (["--bogus"], "--bogus"),
        (["--keep", "0", "{tmp}"], "1 or more"),
        (["--keep", "2", "{tmp}/file.db"], "--keep is for copies in a folder"),
        (["{tmp}/no/such/copy.db"], "no folder"),
        (["{tmp}/articles.db", "--force"], "the database itself"),
    ],
)
def test_wrong_use_is_2(backup: Callable[..., Ended], tmp_path: Path, words: list[str], said: str) -> None:
    ended = backup(*(word.replace("{tmp}", str(tmp_path)) for word in words))
    assert (ended.code, said in ended.err) == (2, True), ended.err


def test_what_is_no_database_is_4_and_leaves_no_copy(
    backup: Callable[..., Ended], scrapy: Callable[..., Ended], tmp_path: Path
) -> None:
    (tmp_path / "articles.db").write_bytes(b"this is no database at all" * 1000)
    ended = backup(tmp_path / "copy.db")
    assert (ended.code, "damaged" in ended.err) == (4, True)
    missing = scrapy("backup", tmp_path / "copy.db", "-s", f"DATABASE={tmp_path / 'none.db'}")
    assert (missing.code, "no database" in missing.err) == (4, True)
    assert not list(tmp_path.glob("*copy*"))


def test_a_copy_is_made_while_a_crawl_runs(backup: Callable[..., Ended], tmp_path: Path) -> None:
    many = tmp_path / "many"
    many.mkdir()
    for number in range(400):
        (many / f"{number}.html").write_text(page(number + 10), "utf-8")
    database = tmp_path / "articles.db"
    words = ["crawl", "files", "-a", f"path={many}", "-s", f"DATABASE={database}", "-s", "STORE_GROUP_SIZE=1"]
    crawling = subprocess.Popen([*SCRAPY, *words], cwd=PROJECT, env=environment(), stdout=subprocess.PIPE)
    try:
        for _ in range(600):
            with closing(sqlite3.connect(database)) as db:
                if db.execute("SELECT count(*) FROM captures").fetchone()[0] > 5:
                    break
            time.sleep(0.02)
        crawling.send_signal(signal.SIGSTOP)
        stopped = backup(tmp_path / "stopped.db")
        crawling.send_signal(signal.SIGCONT)
        running = backup(tmp_path / "running.db")
        out, _ = crawling.communicate(timeout=120)
    finally:
        crawling.kill()
    assert (stopped.code, running.code, json.loads(out)["exit_code"]) == (0, 0, 0), stopped.err + running.err
    for name in ("stopped.db", "running.db"):
        with closing(sqlite3.connect(tmp_path / name)) as db:
            assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert db.execute("PRAGMA foreign_key_check").fetchall() == []
            counts = db.execute("SELECT count(*), count(article_id) FROM captures").fetchone()
            assert counts[0] == counts[1]
