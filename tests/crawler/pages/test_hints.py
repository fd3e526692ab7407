from __future__ import annotations

from typing import Any

import pytest

from crawler.items import Hints
from crawler.times import utc_text
from tests.crawler.pages.making import article, notice, reading

URL = "https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv"
TEXT = "渡口的灯亮了一夜。"
LABELLED = f"标题：灯\n公众号：渡口\n发布时间：2020-03-01 10:00\n原文链接：{URL}\n\n{TEXT}"


def hints(**values: Any) -> Hints:
    return Hints(**values)


def test_hints_fill_what_a_text_leaves_open() -> None:
    given = hints(
        title=" 灯 ",
        account="渡口",
        published="2020-03-01",
        url=URL,
        sources=(("published", "path"), ("title", "sidecar")),
    )
    read = reading(TEXT, hints=given)
    found = article(TEXT, hints=given)
    assert (found.title, found.account.name, found.key) == ("灯", "渡口", "short:AbCdEfGhIjKlMnOpQrStUv")
    assert found.published_at is not None
    assert (utc_text(found.published_at), found.published_precision, found.published_source) == (
        "2020-02-29T16:00:00Z",
        "day",
        "path",
    )
    assert read.sources["title"] == "sidecar"
    assert read.warnings == []


def test_hints_never_overrule_and_a_conflict_is_a_warning() -> None:
    other = "https://mp.weixin.qq.com/s/ZyXwVuTsRqPoNmLkJiHgFe"
    given = hints(title="另一题", account="另一号", published="2021-01-01", url=other, sources=(("title", "path"),))
    read = reading(LABELLED, hints=given)
    found = article(LABELLED, hints=given)
    assert (found.title, found.account.name, found.key) == ("灯", "渡口", "short:AbCdEfGhIjKlMnOpQrStUv")
    assert found.published_at is not None
    assert utc_text(found.published_at) == "2020-03-01T02:00:00Z"
    assert len(read.warnings) == 4
    assert read.warnings[0].startswith("path says the title is")


@pytest.mark.parametrize(
    "given",
    [
        hints(title="灯", account="渡口", published="2020-03-01 23:59", url=URL + "?scene=1"),
        hints(published="1583028000"),
        hints(),
    ],
)
def test_hints_that_agree_are_silent(given: Hints) -> None:
    assert reading(LABELLED, hints=given).warnings == []


@pytest.mark.parametrize(
    ("hint", "title"),
    [
        ("题目_一_ 副题", "题目：一？ 副题"),
        ("这是一个被文件系统截短的很长的", "这是一个被文件系统截短的很长的标题"),
        ("题目", "题 目"),
    ],
)
def test_a_title_that_only_suffered_as_a_file_name_agrees(hint: str, title: str) -> None:
    assert reading(f"标题：{title}\n公众号：甲\n\n正文", hints=hints(title=hint)).warnings == []


@pytest.mark.parametrize("given", [hints(published="某天"), hints(url="https://example.org/")])
def test_hints_that_mean_nothing_are_warnings(given: Hints) -> None:
    assert len(reading(TEXT, hints=given).warnings) == 1


def test_a_hint_tells_which_article_a_notice_is_about() -> None:
    assert notice("该内容已被发布者删除", hints=hints(url=URL)).key == "short:AbCdEfGhIjKlMnOpQrStUv"
