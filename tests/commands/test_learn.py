from __future__ import annotations

import json
import sqlite3
import tomllib
from typing import TYPE_CHECKING

from filelock import FileLock

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from running import Ended

TAIL = "渡口小报，河边的人写给河边的人"
LINES = ("清晨的河面上起了薄雾", "渡船慢慢靠了岸", "卖鱼的老人收起了网", "孩子们沿着堤岸跑远了", "傍晚又下起了小雨")


def column(folder: Path) -> Path:
    """Six dumps of one account, with a line of its own under each."""
    folder.mkdir()
    for number, line in enumerate((*LINES, "桥上的灯一盏一盏亮了")):
        body = f"第{number}天的日记：{line}，{line[::-1]}，这一天的事情就这样记下来了。"
        dump = f"微信号\nferrypaper\n功能介绍\n河边的事\n{body}\n{body[5:]}\n{TAIL}\n"
        (folder / f"{number}.txt").write_text(dump, "utf-8")
    return folder


def bodies(database: Path) -> list[str]:
    with sqlite3.connect(database) as db:
        found = [row[0] for row in db.execute("SELECT body FROM articles")]
    db.close()
    return found


def test_what_recurs_is_learned_shown_counted_and_applied_by_renormalize(
    crawl: Callable[..., Ended], scrapy: Callable[..., Ended], tmp_path: Path
) -> None:
    learned, database = tmp_path / "learned.toml", tmp_path / "articles.db"
    options = ("-s", f"DATABASE={database}", "-s", f"LEARNED_RULES={learned}")
    crawl(column(tmp_path / "dumps"), *options)
    assert all(TAIL in body for body in bodies(database))
    ended = scrapy("learn", *options)
    assert ended.code == 0, ended.err
    report = json.loads(ended.out)
    assert (report["rules"], report["file"], report["articles_changed"]) == (1, str(learned), 6)
    rule = tomllib.loads(learned.read_text("utf-8"))["rule"][0]
    assert (rule["line"], rule["support"], rule["of"]) == (TAIL, 6, 6)
    assert all(TAIL in body for body in bodies(database)), "learning changes no body"
    assert scrapy("renormalize", *options).code == 0
    assert not any(TAIL in body for body in bodies(database))
    again = json.loads(scrapy("learn", *options).out)
    assert (again["rules"], again["articles_changed"]) == (1, 0), "what was learned before is learned again"


def test_learning_waits_for_no_other_run(
    crawl: Callable[..., Ended], scrapy: Callable[..., Ended], tmp_path: Path
) -> None:
    crawl(column(tmp_path / "dumps"))
    with FileLock(tmp_path / "articles.db.lock"):
        ended = scrapy("learn", "-s", f"DATABASE={tmp_path / 'articles.db'}")
    assert ended.code == 75
    assert "another run" in ended.err
