"""What is told by its wording, as the commands store it, show why, and take it back."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from running import scrapy

if TYPE_CHECKING:
    from pathlib import Path

BODY = "\n".join(
    [
        "窑建在河边，烧的是后山的松枝，一窑要烧三天三夜。",
        "师傅七十岁，耳朵不好，看火却从来不用温度计。",
        "开窑那天下着小雨，窑顶冒着白气，人们站在屋檐下等。",
        "第一只碗拿出来，釉面上有一道弯弯的裂纹，像河。",
    ]
)
FOOT = "窑边夜话，专注分享手艺人的故事\n新朋友可以在菜单栏里找到往期的全部文章\n也欢迎把我们推荐给身边喜欢手作的朋友"


def stored(database: Path) -> tuple[str, list[str]]:
    """The body of the only article and the rules of what was taken out of it."""
    with closing(sqlite3.connect(database)) as db:
        (body,) = db.execute("SELECT body FROM articles").fetchone()
        return body, [rule for (rule,) in db.execute("SELECT DISTINCT rule FROM boilerplate")]


def test_it_is_stored_explained_and_undone(tmp_path: Path) -> None:
    (tmp_path / "窑.txt").write_text(f"第一窑\n\n窑边夜话\n\n{BODY}\n{FOOT}\n", encoding="utf-8")
    database = tmp_path / "articles.db"
    on = ("-s", f"DATABASE={database}")
    ended = scrapy("crawl", "files", "-a", f"path={tmp_path / '窑.txt'}", *on)
    assert ended.code == 0, ended.err
    body, rules = stored(database)
    assert FOOT not in body
    assert BODY.splitlines()[-1] in body
    assert any(rule.endswith(".by_wording") for rule in rules)

    assert ".by_wording (" in scrapy("show", "1", "--full", *on).out

    off = scrapy("renormalize", "-s", "DISABLED_RULES=by_wording", *on)
    assert off.code == 0, off.err
    body, rules = stored(database)
    assert FOOT in body
    assert not any(rule.endswith(".by_wording") for rule in rules)

    assert scrapy("renormalize", *on).code == 0
    assert FOOT not in stored(database)[0]
