from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from running import Ended, page

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

KEY = "mp:MzAwMDAwMDAwMQ==:1001:1"
TEXT = "集市上来了一位卖糖人的老师傅，他一吹一捏，小猴子就活了过来。</p><p>围观的孩子有二十多个。</p><p>天黑才散。"


@pytest.fixture
def archive(crawl: Callable[..., Ended], tmp_path: Path) -> str:
    """An article that was edited, then saved once more with another prompt below it, then deleted."""
    folder = tmp_path / "captures"
    folder.mkdir()
    first = page(1, TEXT)
    texts = {
        "1.html": first,
        "2.html": first.replace("二十多个", "三十多个"),
        "3.html": first.replace("二十多个", "三十多个").replace("长按二维码关注我们", "点击上方蓝字关注我们"),
    }
    for day, (name, text) in enumerate(texts.items(), 1):
        (folder / name).write_text(text, "utf-8")
        os.utime(folder / name, (day * 86400, day * 86400))
    assert crawl(folder).report["revised"] == 1
    return f"DATABASE={tmp_path / 'articles.db'}"


def test_the_latest_edit_is_shown_and_what_is_none_says_so(scrapy: Callable[..., Ended], archive: str) -> None:
    ended = scrapy("diff", KEY, "-s", archive)
    assert ended.code == 0
    assert "revision 2  1970-01-03T00:00:00Z" in ended.out
    assert "~ 围观的孩子有[-二-]{+三+}十多个。" in ended.out
    assert "not an edit: the body is the same" in ended.out
    assert "点击上方" not in ended.out


def test_two_revisions_can_be_named_and_compared_in_full(scrapy: Callable[..., Ended], archive: str) -> None:
    assert "The bodies are equal." in scrapy("diff", KEY, "2", "3", "-s", archive).out
    full = scrapy("diff", KEY, "3", "--full", "-s", archive).out
    assert "~ [-长按二维码-]{+点击上方蓝字+}关注我们" in full
    assert "围观的孩子" not in full.split("+++")[1]


def test_one_text_alone_and_wrong_use(
    scrapy: Callable[..., Ended], crawl: Callable[..., Ended], tmp_path: Path
) -> None:
    folder = tmp_path / "one"
    folder.mkdir()
    (folder / "1.html").write_text(page(1), "utf-8")
    crawl(folder)
    database = f"DATABASE={tmp_path / 'articles.db'}"
    assert "nothing to compare" in scrapy("diff", KEY, "-s", database).out
    assert scrapy("diff", "mp:none:1:1", "-s", database).code == 1
    wrong = scrapy("diff", KEY, "7", "-s", database)
    assert (wrong.code, "there are 1 to 1" in wrong.err) == (2, True)
    assert scrapy("diff", "-s", database).code == 2
    assert scrapy("diff", KEY, "--bogus", "-s", database).code == 2
