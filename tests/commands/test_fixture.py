from __future__ import annotations

import json
from typing import TYPE_CHECKING

from running import page

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from running import Ended


def test_a_page_becomes_a_fixture_with_its_expectation(scrapy: Callable[..., Ended], tmp_path: Path) -> None:
    (tmp_path / "集市.html").write_text(page(1), "utf-8")
    ended = scrapy("fixture", tmp_path / "集市.html", "--output", tmp_path / "out", "--name", "market")
    assert ended.code == 0, ended.err
    assert ended.report["same_shape"] is True
    made = (tmp_path / "out" / "market.html").read_text("utf-8")
    assert "集市" not in made
    assert "长按二维码关注" in made
    expected = json.loads((tmp_path / "out" / "market.expected.json").read_text("utf-8"))
    assert expected["outcome"] == "article"
    assert expected["fields"]["title"] in made
    assert set(expected["account"]) == {"biz", "ghid", "name"}


def test_the_name_tells_nothing_and_nothing_is_written_over(scrapy: Callable[..., Ended], tmp_path: Path) -> None:
    (tmp_path / "secret.html").write_text(page(1), "utf-8")
    words = ("fixture", tmp_path / "secret.html", "--output", tmp_path / "out")
    first = scrapy(*words)
    assert first.code == 0, first.err
    assert "secret" not in first.report["fixture"]
    again = scrapy(*words)
    assert again.code == 1
    assert "--force" in again.err
    assert scrapy(*words, "--force").code == 0


def test_the_rules_in_force_decide_which_wording_stays(scrapy: Callable[..., Ended], tmp_path: Path) -> None:
    text = "今天的集市上来了一位卖糖人的老师傅。"
    (tmp_path / "a.html").write_text(page(1, f"{text}</p><p>小报天天见呀么天天见"), "utf-8")
    (tmp_path / "my.toml").write_text(
        'kind = "follow_prompt"\n[[rule]]\nid = "follow_prompt.mine"\nline = "小报天天见呀么天天见"\n', "utf-8"
    )
    words = ("fixture", tmp_path / "a.html", "--output", tmp_path, "--name")
    assert scrapy(*words, "without").code == 0
    assert "天天见呀么" not in (tmp_path / "without.html").read_text("utf-8")
    kept = scrapy(*words, "kept", "--keep", "小报天天见呀么天天见")
    assert kept.code == 0, kept.err
    assert "小报天天见呀么天天见" in (tmp_path / "kept.html").read_text("utf-8")
    ruled = scrapy(*words, "ruled", "-s", f"RULES={tmp_path / 'my.toml'}")
    assert ruled.code == 0, ruled.err


def test_wrong_use_is_told(scrapy: Callable[..., Ended], tmp_path: Path) -> None:
    assert scrapy("fixture").code == 2
    assert scrapy("fixture", tmp_path / "none.html").code == 2
    assert scrapy("fixture", "--wrong", "x").code == 2
    (tmp_path / "two.jsonl").write_text('{"title": "一", "content": "甲"}\n{"title": "二", "content": "乙"}\n', "utf-8")
    several = scrapy("fixture", tmp_path / "two.jsonl")
    assert several.code == 2
    assert "2 captures" in several.err


def test_what_is_no_text_is_refused(scrapy: Callable[..., Ended], tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(b"%PDF-1.7\n\x00\x01\x02")
    ended = scrapy("fixture", tmp_path / "a.html", "--output", tmp_path / "out")
    assert ended.code == 5
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_written_is_told(scrapy: Callable[..., Ended], tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(page(1), "utf-8")
    (tmp_path / "file").write_text("", "utf-8")
    ended = scrapy("fixture", tmp_path / "a.html", "--output", tmp_path / "file" / "out")
    assert ended.code == 1
    assert "could not be written" in ended.err
