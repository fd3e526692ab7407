from __future__ import annotations

import signal
import sqlite3
import subprocess
import time
from typing import TYPE_CHECKING

from running import PROJECT, SCRAPY, Ended, environment, page

from pipelines.store.database import connect
from pipelines.store.projection import projection

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def told(database: Path) -> list[str]:
    db = connect(database, read_only=True)
    try:
        return list(projection(db.conn))
    finally:
        db.close()


def test_with_the_same_readers_and_rules_nothing_changes(
    crawl: Callable[..., Ended], scrapy: Callable[..., Ended], folder: Path, tmp_path: Path
) -> None:
    (folder / "report.pdf").write_bytes(b"%PDF-1.7\n")
    crawl(folder)
    before = told(tmp_path / "articles.db")
    ended = scrapy("renormalize", "-s", f"DATABASE={tmp_path / 'articles.db'}")
    assert (ended.code, ended.report["derived"], ended.report["rejected"]) == (0, 5, 1)
    assert told(tmp_path / "articles.db") == before
    dry = scrapy("renormalize", "--dry-run", "-s", f"DATABASE={tmp_path / 'articles.db'}")
    assert " 0 bodies would change" in dry.out


def test_with_a_new_rule_it_equals_a_crawl_with_that_rule(
    crawl: Callable[..., Ended], scrapy: Callable[..., Ended], folder: Path, tmp_path: Path
) -> None:
    rules = tmp_path / "mine.toml"
    rules.write_text(
        '[[rule]]\nid = "mine.aside"\nkind = "promotion"\nwhere = "tail"\nunit = "line"\n'
        'line = "集市上的糖人，三元一个。"\nexample = "集市上的糖人，三元一个。"\n',
        "utf-8",
    )
    for number in range(3):
        text = f"第{number}篇：清晨的河面上起了薄雾，渡船慢慢靠了岸。</p><p>集市上的糖人，三元一个。"
        (folder / f"{number}.html").write_text(page(number, text), "utf-8")
    old, new = tmp_path / "articles.db", tmp_path / "new.db"
    crawl(folder)
    crawl(folder, "-s", f"RULES={rules}", database=new)
    assert told(old) != told(new)
    dry = scrapy("renormalize", "--dry-run", "--rules", rules, "-s", f"DATABASE={old}")
    assert " 3 bodies would change" in dry.out
    assert "集市上的糖人" in dry.out
    assert scrapy("renormalize", "-s", f"DATABASE={old}", "-s", f"RULES={rules}").code == 0
    assert told(old) == told(new)


def test_a_killed_job_leaves_each_article_whole_and_goes_on(
    crawl: Callable[..., Ended], scrapy: Callable[..., Ended], tmp_path: Path
) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(1500):
        (folder / f"{number:04}.html").write_text(page(number), "utf-8")
    database = tmp_path / "articles.db"
    crawl(folder)
    before = told(database)
    job = subprocess.Popen(
        [*SCRAPY, "renormalize", "-s", f"DATABASE={database}"],
        cwd=PROJECT,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    with sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True) as db:
        for _ in range(1000):
            if db.execute("SELECT count(*) FROM state WHERE name = 'renormalize'").fetchone()[0]:
                break
            time.sleep(0.01)
    db.close()
    job.send_signal(signal.SIGKILL)
    job.communicate(timeout=10)
    assert told(database) == before
    ended = scrapy("renormalize", "-s", f"DATABASE={database}")
    assert ended.code == 0
    assert 0 < ended.report["derived"] < 1500, "it went on where it was stopped"
    assert told(database) == before


def test_an_id_that_names_nothing_is_told(
    scrapy: Callable[..., Ended], crawl: Callable[..., Ended], folder: Path, tmp_path: Path
) -> None:
    where = ("-s", f"DATABASE={tmp_path / 'articles.db'}", "-s", "DISABLED_RULES=decoration.ende,decoration.divider")
    said = "DISABLED_RULES names decoration.ende, which is no rule"
    crawl(folder)
    for words in (["renormalize", "--dry-run"], ["doctor"], ["read", str(next(folder.glob("*.html")))]):
        ended = scrapy(*words, *where)
        assert said in ended.err, words
        assert "decoration.divider" not in ended.err
    assert said in scrapy("crawl", "files", "-a", f"path={folder}", *where).err


def test_a_bad_file_of_rules_is_told_by_name(
    scrapy: Callable[..., Ended], crawl: Callable[..., Ended], folder: Path, tmp_path: Path
) -> None:
    rules = tmp_path / "bad.toml"
    rules.write_text('[[rule]]\nid = "bad.rule"\nkind = "nonsense"\nwhere = "tail"\npattern = "x("\n', "utf-8")
    crawl(folder)
    ended = scrapy("renormalize", "-s", f"DATABASE={tmp_path / 'articles.db'}", "-s", f"RULES={rules}")
    assert ended.code == 1
    assert "bad.toml" in ended.err
    assert "Traceback" not in ended.err
