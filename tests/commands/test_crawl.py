from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import time
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock
from running import PROJECT, SCRAPY, Ended, environment, page

from crawler.exits import OUTCOMES
from pipelines.store.database import APPLICATION_ID, connect
from pipelines.store.projection import projection_digest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def digest(database: Path) -> str:
    db = connect(database, read_only=True)
    try:
        return projection_digest(db.conn)
    finally:
        db.close()


def test_a_folder_becomes_a_database_and_the_report_counts_every_file(
    crawl: Callable[..., Ended], folder: Path, tmp_path: Path
) -> None:
    ended = crawl(folder)
    assert (ended.code, ended.err) == (0, "")
    report = ended.report
    assert report["database"] == str(tmp_path / "articles.db")
    assert (report["stored"], report["ignored"], report["rejected"]) == (4, 1, 0)
    assert sum(report[name] for name in OUTCOMES) == 5
    db = sqlite3.connect(tmp_path / "articles.db")
    run = db.execute("SELECT spider, exit_code, finish_reason, json_extract(counts, '$.stored') FROM runs").fetchall()
    assert run == [("files", 0, "finished", 4)]
    assert db.execute("SELECT count(*) FROM articles WHERE key LIKE 'mp:MzAwMDAwMDAwMQ==:%'").fetchone() == (3,)
    assert db.execute("SELECT body FROM articles WHERE body LIKE '%关注%'").fetchall() == []
    db.close()


def test_the_same_run_again_stores_nothing_and_changes_nothing(
    crawl: Callable[..., Ended], folder: Path, tmp_path: Path
) -> None:
    crawl(folder)
    before = digest(tmp_path / "articles.db")
    report = crawl(folder).report
    assert (report["stored"], report["seen_before"], report["ignored"]) == (0, 4, 1)
    assert digest(tmp_path / "articles.db") == before


def test_files_that_were_touched_are_known_by_their_bytes(crawl: Callable[..., Ended], folder: Path) -> None:
    crawl(folder)
    for file in folder.iterdir():
        os.utime(file, (1, 1))
    report = crawl(folder).report
    assert (report["stored"], report["seen_before"]) == (0, 4)


def test_a_new_rejection_is_5_once_and_then_known(crawl: Callable[..., Ended], folder: Path) -> None:
    (folder / "report.pdf").write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n")
    first = crawl(folder)
    assert first.code == first.report["exit_code"] == 5
    assert first.report["rejected"] == 1
    assert "rejected" in first.err
    again = crawl(folder)
    assert again.code == 0
    assert again.report["rejected_known"] == 1


def test_quiet_prints_nothing_when_all_is_well_and_ten_lines_at_most_when_not(
    crawl: Callable[..., Ended], folder: Path
) -> None:
    assert crawl(folder, "--quiet") == Ended(0, "", "")
    (folder / "report.pdf").write_bytes(b"%PDF-1.7\n")
    ended = crawl(folder, "--quiet")
    assert ended.code == 5
    assert 1 < len((ended.err + ended.out).splitlines()) <= 10


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["crawl"], "one spider"),
        (["crawl", "files", "more", "-a", "path=."], "one spider"),
        (["crawl", "files", "-a", "paht=."], "no argument 'paht'"),
        (["crawl", "files", "-a", "path=a", "-a", "path=b"], "given twice"),
        (["crawl", "files", "-a", "path"], "NAME=VALUE"),
        (["crawl", "files", "--bogus", "-a", "path=."], "--bogus"),
        (["crawl", "files"], "-a path=FOLDER"),
        (["crawl", "files", "-a", "path=/no/such/folder"], "/no/such/folder"),
        (["crawl", "files", "-a", "path=.", "-a", "layout={colour}"], "colour"),
    ],
)
def test_wrong_use_is_2_and_says_what_is_right(
    scrapy: Callable[..., Ended], tmp_path: Path, words: list[str], said: str
) -> None:
    ended = scrapy(*words, "-s", f"DATABASE={tmp_path / 'articles.db'}")
    assert ended.code == 2
    assert said in ended.err + ended.out
    assert "Traceback" not in ended.err


def test_an_unknown_spider_is_1_and_the_known_are_named(scrapy: Callable[..., Ended], tmp_path: Path) -> None:
    ended = scrapy("crawl", "nosuch", "-s", f"DATABASE={tmp_path / 'a.db'}")
    assert ended.code == 1
    assert "files" in ended.err


def test_another_run_is_75_and_nothing_is_touched(crawl: Callable[..., Ended], folder: Path, tmp_path: Path) -> None:
    with FileLock(tmp_path / "articles.db.lock"):
        ended = crawl(folder)
    assert ended.code == ended.report["exit_code"] == 75
    assert "another run" in ended.err
    assert not (tmp_path / "articles.db").exists()


def test_databases_that_are_not_ours_newer_or_broken_are_4_and_left_alone(
    crawl: Callable[..., Ended], folder: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"this is no database, but it is long enough to look at" * 100)
    newer, other = tmp_path / "newer.db", tmp_path / "other.db"
    with sqlite3.connect(newer) as db:
        db.execute(f"PRAGMA application_id={APPLICATION_ID}")
        db.execute("PRAGMA user_version=999")
    db.close()
    with sqlite3.connect(other) as db:
        db.execute("CREATE TABLE recipes (name TEXT)")
    db.close()
    for path, said in ((broken, "damaged"), (newer, "newer release"), (other, "something else")):
        before = path.read_bytes()
        ended = crawl(folder, database=path)
        assert (ended.code, said in ended.err) == (4, True), ended.err
        assert path.read_bytes() == before
    missing = crawl(folder, database=tmp_path / "no" / "such" / "a.db")
    assert (missing.code, "no folder" in missing.err) == (4, True)


def test_a_home_folder_that_no_shell_expanded_is_found(
    scrapy: Callable[..., Ended], folder: Path, tmp_path: Path
) -> None:
    where = f"DATABASE={tmp_path / 'articles.db'}"
    ended = scrapy("crawl", "files", "-a", f"path=~/{folder.name}", "-s", where, HOME=str(folder.parent))
    assert ended.report["stored"] == 4


def test_a_sidecar_given_later_fills_what_was_missing(
    crawl: Callable[..., Ended], folder: Path, tmp_path: Path
) -> None:
    crawl(folder)
    table = tmp_path / "table.csv"
    table.write_text("file,title,published_at\ndump.txt,渡船,2020-03-01 07:30\n", "utf-8")
    report = crawl(folder, "-a", f"sidecar={table}").report
    assert (report["seen_before"], report["stored"], report["unchanged"]) == (3, 0, 1)
    with sqlite3.connect(tmp_path / "articles.db") as db:
        row = db.execute(
            "SELECT title, published_on, published_source FROM articles WHERE evidence = 'dump'"
        ).fetchall()
    db.close()
    assert row == [("渡船", "2020-03-01", "sidecar")]
    assert crawl(folder, "-a", f"sidecar={table}").report["seen_before"] == 4
    for words in ([], ["-a", "layout={year}/{title}"], ["-a", "layout=nothing/{title}"]):
        assert crawl(folder, *words).report["exit_code"] == 0
        db = sqlite3.connect(tmp_path / "articles.db")
        told = db.execute("SELECT title, published_on, published_source FROM articles WHERE title = '渡船'").fetchall()
        db.close()
        assert told == row, "what an earlier crawl was told stays"


def test_a_layout_that_fits_nothing_is_told(crawl: Callable[..., Ended], folder: Path, tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text("file,title\nnobody.txt,渡船\n", "utf-8")
    ended = crawl(folder, "-a", "layout=nothing/{title}", "-a", f"sidecar={table}")
    assert ended.code == 0
    assert "the layout tells of none of the 4 files" in ended.err
    assert "the sidecar tells of none of the 4 files" in ended.err
    assert crawl(folder, "-a", "layout={title}").err == ""


def test_the_environment_names_the_database(scrapy: Callable[..., Ended], folder: Path, tmp_path: Path) -> None:
    ended = scrapy("crawl", "files", "-a", f"path={folder}", DATABASE=str(tmp_path / "named.db"))
    assert ended.report["database"] == str(tmp_path / "named.db")


def many(folder: Path, count: int) -> Path:
    for number in range(count):
        (folder / f"m{number:05}.html").write_text(page(number), "utf-8")
    return folder


def started(folder: Path, database: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*SCRAPY, "crawl", "files", "-a", f"path={folder}", "-s", f"DATABASE={database}"],
        cwd=PROJECT,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def wait_for_rows(database: Path) -> None:
    """Until the run has committed something."""
    for _ in range(600):
        time.sleep(0.02)
        if database.exists():
            try:
                with sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True) as db:
                    if db.execute("SELECT count(*) FROM captures").fetchone()[0]:
                        return
            except sqlite3.Error:
                continue
    raise AssertionError("the run stored nothing")


@pytest.mark.parametrize(
    ("signum", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)]
)
def test_a_run_that_is_stopped_frees_the_lock_and_the_next_completes_it(
    crawl: Callable[..., Ended], tmp_path: Path, signum: signal.Signals, code: int
) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    many(folder, 3000)
    database = tmp_path / "articles.db"
    run = started(folder, database)
    wait_for_rows(database)
    run.send_signal(signum)
    run.communicate(timeout=5)
    assert run.returncode == code
    done = crawl(folder)
    assert done.code == 0, done.err
    assert done.report["stored"] + done.report["seen_before"] == 3000
    assert 0 < done.report["stored"] < 3000, "the signal came too early or too late to test anything"
    with sqlite3.connect(database) as db:
        assert db.execute("SELECT count(*) FROM articles").fetchone() == (3000,)
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        reasons = [row[0] for row in db.execute("SELECT finish_reason FROM runs ORDER BY id")]
    db.close()
    assert reasons == ["killed" if signum == signal.SIGKILL else "shutdown", "finished"]


def test_a_full_disk_is_4_and_the_next_run_completes(
    crawl: Callable[..., Ended], scrapy: Callable[..., Ended], tmp_path: Path
) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    many(folder, 400)
    ended = crawl(folder, "-s", "MAX_DATABASE_BYTES=400000")
    assert (ended.code, "disk" in ended.err) == (4, True), ended.err
    with sqlite3.connect(tmp_path / "articles.db") as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    db.close()
    assert crawl(folder).code == 0
