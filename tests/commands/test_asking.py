"""Commands that ask a database, or look at a capture without one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from running import Ended

KEY = "mp:MzAwMDAwMDAwMQ==:1001:1"
URL = "https://mp.weixin.qq.com/s?__biz=MzAwMDAwMDAwMQ==&amp;mid=1001&amp;idx=1&amp;scene=21#rd"


@pytest.fixture
def database(crawl: Callable[..., Ended], folder: Path, tmp_path: Path) -> Path:
    assert crawl(folder).code == 0
    return tmp_path / "articles.db"


def test_show_finds_an_article_by_key_url_and_id(scrapy: Callable[..., Ended], database: Path) -> None:
    shown = {scrapy("show", word, "-s", f"DATABASE={database}").out for word in (KEY, URL)}
    assert len(shown) == 1
    out = shown.pop()
    assert "第1篇集市见闻" in out
    assert "长按" not in out
    by_id = scrapy("show", "1", "-s", f"DATABASE={database}")
    assert (by_id.code, "集市小报" in by_id.out) == (0, True)


def test_show_full_marks_what_was_removed_by_kind_and_rule(scrapy: Callable[..., Ended], database: Path) -> None:
    out = scrapy("show", KEY, "--full", "-s", f"DATABASE={database}").out
    assert "⟦follow_prompt " in out
    assert "长按二维码关注我们⟧" in out


def test_cite_says_what_proves_the_text_and_raw_gives_the_bytes(
    scrapy: Callable[..., Ended], database: Path, folder: Path
) -> None:
    cited = json.loads(scrapy("show", KEY, "--cite", "-s", f"DATABASE={database}").out)
    assert cited["key"] == KEY
    assert cited["uri"] == (folder / "1.html").as_uri()
    assert set(cited) == {"key", "revision", "sha256", "uri", "captured_at", "rules_version"}
    for word in (cited["sha256"], cited["sha256"][:12], KEY):
        assert scrapy("raw", word, "-s", f"DATABASE={database}").out == (folder / "1.html").read_text("utf-8")


@pytest.mark.parametrize("command", ["show", "raw"])
def test_what_is_not_there_is_1_with_a_sentence(scrapy: Callable[..., Ended], database: Path, command: str) -> None:
    ended = scrapy(command, "mp:no:1:1", "-s", f"DATABASE={database}")
    assert (ended.code, ended.out) == (1, "")
    assert "mp:no:1:1" in ended.err


@pytest.mark.parametrize("words", [["show"], ["show", "a", "b"], ["show", "--bogus", "a"], ["summary", "x"], ["read"]])
def test_wrong_use_is_2(scrapy: Callable[..., Ended], database: Path, words: list[str]) -> None:
    assert scrapy(*words, "-s", f"DATABASE={database}").code == 2


def test_without_a_database_they_say_how_to_make_one(scrapy: Callable[..., Ended], tmp_path: Path) -> None:
    for words in (["summary"], ["show", KEY], ["raw", KEY], ["renormalize"], ["learn"]):
        ended = scrapy(*words, "-s", f"DATABASE={tmp_path / 'none.db'}")
        assert (ended.code, "scrapy crawl files" in ended.err) == (4, True)
    assert list(tmp_path.glob("*.db")) == []


def test_summary_shows_what_there_is_and_three_ways_to_ask(scrapy: Callable[..., Ended], database: Path) -> None:
    ended = scrapy("summary", "-s", f"DATABASE={database}")
    assert ended.code == 0
    for word in ("stored", "集市小报", "sqlite3 ", "sqlite-utils ", "scrapy browse "):
        assert word in ended.out


def test_read_shows_fields_with_their_sources_and_removed_spans(scrapy: Callable[..., Ended], folder: Path) -> None:
    ended = scrapy("read", folder / "1.html")
    assert ended.code == 0
    assert "title: 第1篇集市见闻" in ended.out
    assert "[var msg_title]" in ended.out
    assert "⟦follow_prompt " in ended.out


def test_read_from_standard_input_as_json_and_body(scrapy: Callable[..., Ended], folder: Path) -> None:
    content = (folder / "1.html").read_bytes()
    told = json.loads(scrapy("read", "-", "--json", stdin=content).out)
    assert (told["found"], told["values"]["title"]) == ("Article", "第1篇集市见闻")
    body = scrapy("read", "-", "--body", stdin=content).out
    assert body.startswith("第1篇：今天的集市上")
    assert "长按" not in body


def test_read_says_why_something_is_rejected(scrapy: Callable[..., Ended]) -> None:
    ended = scrapy("read", "-", stdin=b"%PDF-1.7\n")
    assert ended.code == 5
    assert "foreign" in ended.out
    assert scrapy("read", "/no/such/file").code == 2
