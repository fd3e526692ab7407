from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from running import Ended


@pytest.fixture
def doctor(scrapy: Callable[..., Ended], crawled: Path) -> Callable[..., Ended]:
    """Runs `scrapy doctor WORDS...` on a database that a crawl has made."""

    def run(*words: str) -> Ended:
        return scrapy("doctor", *words, "-s", f"DATABASE={crawled}")

    return run


def test_all_well_is_0_and_quiet_says_nothing(doctor: Callable[..., Ended]) -> None:
    ended = doctor("--max-age", "8d", "--full")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("All is well")
    quiet = doctor("--quiet")
    assert (quiet.code, quiet.out, quiet.err) == (0, "", "")
    assert doctor("--json").report["findings"] == []


def test_what_needs_attention_is_5_and_a_line(doctor: Callable[..., Ended], tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "articles.db")) as db, db:
        db.execute("UPDATE articles SET body = body || ?, rules_version = 'old'", ("\x1b[31m",))
    ended = doctor("--quiet")
    assert ended.code == 5
    lines = ended.out.splitlines()
    assert [line.partition(":")[0] for line in lines] == ["search index", "texts", "texts", "rules"]
    assert all("`scrapy " in line for line in lines)
    assert "\x1b" not in ended.out
    report = doctor("--json").report
    assert (report["exit_code"], len(report["findings"])) == (5, 4)


def test_what_cannot_be_trusted_is_4(doctor: Callable[..., Ended], tmp_path: Path) -> None:
    database = tmp_path / "articles.db"
    with closing(sqlite3.connect(database)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        page = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'captures_article'").fetchone()[0]
    with database.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 4096)
    ended = doctor()
    assert (ended.code, "scrapy backup" in ended.out) == (4, True)
    database.write_bytes(b"this is no database at all" * 1000)
    ended = doctor()
    assert (ended.code, "damaged" in ended.err, "Traceback" in ended.err) == (4, True, False)


def test_a_newer_database_is_4_and_an_older_one_is_told(doctor: Callable[..., Ended], tmp_path: Path) -> None:
    for version, code, said in ((999, 4, "newer release"), (1, 5, "older release")):
        with closing(sqlite3.connect(tmp_path / "articles.db")) as db, db:
            db.execute(f"PRAGMA user_version={version}")
        ended = doctor()
        assert (ended.code, said in ended.out + ended.err) == (code, True)


def test_who_holds_the_lock_is_said_and_no_finding(doctor: Callable[..., Ended], tmp_path: Path) -> None:
    with FileLock(tmp_path / "articles.db.lock"):
        ended = doctor()
        assert (ended.code, "A run is going on: process " in ended.out) == (0, True)
        assert doctor("--json").report["run_lock"]["pid"] > 0


def test_the_digest_is_the_same_for_the_same_captures(
    doctor: Callable[..., Ended], scrapy: Callable[..., Ended], crawl: Callable[..., Ended], crawled_once: Path
) -> None:
    digest = doctor("--digest").out.strip()
    assert len(digest) == 64
    second = crawled_once.with_name("second.db")
    crawl(crawled_once.parent / "*.html", database=second)
    assert scrapy("doctor", "--digest", "-s", f"DATABASE={second}").out.strip() == digest


@pytest.mark.parametrize(
    ("words", "said"), [(["x"], "no words"), (["--bogus"], "--bogus"), (["--max-age", "8"], "90m, 6h, 8d or 2w")]
)
def test_wrong_use_is_2(doctor: Callable[..., Ended], words: list[str], said: str) -> None:
    ended = doctor(*words)
    assert (ended.code, said in ended.err) == (2, True)


def test_it_may_be_too_long_ago(doctor: Callable[..., Ended], tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "articles.db")) as db, db:
        db.execute("UPDATE runs SET started_at = '2020-01-01T00:00:00Z', finished_at = '2020-01-01T00:00:01Z'")
    ended = doctor("--max-age", "8d", "--quiet")
    assert (ended.code, ended.out.startswith("last success: no run was completed for ")) == (5, True)
    loaded = json.loads(doctor("--max-age", "36500d", "--json").out)
    assert loaded["exit_code"] == 0
