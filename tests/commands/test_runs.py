from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock
from running import page

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from running import Ended


@pytest.fixture
def runs(scrapy: Callable[..., Ended], tmp_path: Path) -> Callable[..., Ended]:
    """Runs `scrapy runs WORDS...` on the database of the test's crawls."""

    def run(*words: str) -> Ended:
        return scrapy("runs", *words, "-s", f"DATABASE={tmp_path / 'articles.db'}")

    return run


def test_the_latest_runs_come_first_with_what_came_of_them_and_why_they_ended(
    crawl: Callable[..., Ended], runs: Callable[..., Ended], folder: Path
) -> None:
    crawl(folder)
    (folder / "report.pdf").write_bytes(b"%PDF-1.7\n")
    crawl(folder)
    ended = runs()
    assert ended.code == 0
    head, second, first = (line.split("\t") for line in ended.out.splitlines())
    assert head == ["run", "started (UTC)", "took", "spider", "what", "outcomes", "exit", "why"]
    assert first[:1] + first[3:] == ["1", "files", f"path={folder}", "stored 4, ignored 1", "0", "done"]
    assert second[0] == "2"
    assert second[5:] == ["rejected 1, seen_before 4, ignored 1", "5", "something new was rejected"]
    assert len(runs("--limit", "1").out.splitlines()) == 2
    objects = [json.loads(line) for line in runs("--json").out.splitlines()]
    assert [(one["id"], one["exit_code"], one["state"]) for one in objects] == [(2, 5, "ended"), (1, 0, "ended")]


def test_one_run_in_full_says_what_could_not_be_read_and_what_to_do(
    crawl: Callable[..., Ended], runs: Callable[..., Ended], folder: Path
) -> None:
    (folder / "report.pdf").write_bytes(b"%PDF-1.7\n")
    crawl(folder)
    out = runs("1").out
    assert "rejected: report.pdf: foreign: " in out
    for line in ("exit_code: 5", "stored: 4", f"arguments: path={folder}", "To do: see why: sqlite3 ", "Next try: "):
        assert line in out
    assert json.loads(runs("1", "--json").out)["counts"]["stored"] == 4


def test_why_a_run_failed_is_kept(crawl: Callable[..., Ended], runs: Callable[..., Ended], folder: Path) -> None:
    failed = crawl(folder, "-s", "MAX_DATABASE_BYTES=100000")
    assert failed.code == 4
    why = runs().out.splitlines()[1].split("\t")[-1]
    assert "full" in why
    assert f"detail: {why.rstrip('…')}" in runs("1").out


def test_a_run_that_was_killed_or_goes_on_is_told_as_such(
    crawl: Callable[..., Ended], runs: Callable[..., Ended], folder: Path, tmp_path: Path
) -> None:
    crawl(folder)
    with closing(sqlite3.connect(tmp_path / "articles.db")) as db, db:
        db.execute("UPDATE runs SET finished_at = NULL, exit_code = NULL")
    assert runs().out.splitlines()[1].split("\t")[-1] == "killed: it ended without a word"
    with FileLock(tmp_path / "articles.db.lock"):
        assert runs().out.splitlines()[1].split("\t")[-1] == "running"
    crawl(folder)
    assert runs().out.splitlines()[2].split("\t")[-1] == "killed: it ended without a word"


def test_a_change_of_the_sites_pages_is_5_and_runs_shows_it(
    crawl: Callable[..., Ended], runs: Callable[..., Ended], tmp_path: Path
) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    for number in range(20):
        (pages / f"{number}.html").write_text(page(number), "utf-8")
    first = crawl(pages)
    assert (first.code, first.report["drift"]) == (0, [])
    for number in range(20, 26):
        (pages / f"{number}.html").write_text(page(number).replace("var ct =", "var created ="), "utf-8")
    ended = crawl(pages, "--quiet")
    assert ended.code == ended.report["exit_code"] == 5
    sentence = "gave published_at in 100% of its captures before, in 0% of 6 now."
    assert sentence in ended.report["drift"][0]
    assert sentence in ended.err
    assert "scrapy renormalize" in ended.err
    assert len((ended.out + ended.err).splitlines()) <= 10
    assert "drift: Template " in runs().out.splitlines()[1]
    assert sentence in runs("2").out
    assert crawl(pages).code == 0


def test_a_page_of_an_unknown_kind_is_5_and_named(crawl: Callable[..., Ended], tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    text = page(1).replace("var ct =", 'var item_show_type = "42";var ct =')
    (pages / "1.html").write_text(text, "utf-8")
    ended = crawl(pages)
    assert ended.code == 5
    assert "1 pages are of a kind that is not known here (item_show_type 42)." in ended.err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["x"], 2, "by its number"),
        (["1", "2"], 2, "expected"),
        (["--bogus"], 2, "--bogus"),
        (["--limit", "0"], 2, "--limit"),
        (["99"], 1, "no run 99"),
        (["9" * 40], 1, "no run"),
    ],
)
def test_wrong_use_is_told(crawled: Path, runs: Callable[..., Ended], words: list[str], code: int, said: str) -> None:
    ended = runs(*words)
    assert (ended.code, said in ended.err) == (code, True), ended.err


def test_a_database_of_an_older_release_is_4_with_what_to_do(crawled: Path, runs: Callable[..., Ended]) -> None:
    with closing(sqlite3.connect(crawled)) as db, db:
        db.execute("ALTER TABLE runs DROP COLUMN detail")
    ended = runs()
    assert (ended.code, "scrapy reindex" in ended.err, "Traceback" in ended.err) == (4, True, False)
