from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.pages import fields, frontmatter


@pytest.mark.parametrize(
    ("line", "pairs"),
    [
        ("标题：甲", [("标题", "甲")]),
        ("Title: 甲: 乙", [("Title", "甲: 乙")]),
        ("- **发布时间**：2020-03-01 10:00", [("发布时间**", "2020-03-01 10:00")]),
        (
            "公众号: 甲 | 发布时间: 2020 | 原文链接: https://e.org/?a|b",
            [("公众号", "甲"), ("发布时间", "2020"), ("原文链接", "https://e.org/?a|b")],
        ),
        ("标题: 甲 | 乙", [("标题", "甲 | 乙")]),
        ("标题：", [("标题", "")]),
        ("他说：标题很重要", []),
        ("https://example.org/", []),
        ("一句没有冒号的话", []),
        ("标题：" + "长" * 3000, []),
    ],
)
def test_labelled_lines(line: str, pairs: list[tuple[str, str]]) -> None:
    assert fields.labelled(line) == pairs


@pytest.mark.parametrize(
    "name", ["publish_time", "publishTime", "Publish Time", "PUBLISH-TIME", "**发布时间**", "【发布时间】"]
)
def test_a_name_is_known_however_it_is_written(name: str) -> None:
    values = fields.Values()
    assert values.add(name, "2020-03-01") == "published"


def test_the_more_trusted_name_comes_first_whatever_the_order() -> None:
    values = fields.Values()
    for name in ("date", "publish_time", "发布时间"):
        values.add(name, name)
    assert [value for _, value in values.all("published")] == ["publish_time", "发布时间", "date"]


def test_unknown_names_are_kept_apart() -> None:
    values = fields.Values()
    assert values.add("气温", "3") is None
    assert values.unknown == ["气温"]


OWN = ("原文链接", "https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv")
DAY = ("发布时间", "2025-04-05")


@pytest.mark.parametrize(
    ("rows", "account"),
    [
        ([("来源", "微信公众号「河谷来信」")], "河谷来信"),
        ([("来源", "公众号：河谷来信")], "河谷来信"),
        ([("来源", "河谷来信公众号")], "河谷来信"),
        ([("来源", "河谷来信公众号专辑「水车」")], "河谷来信"),
        ([("来源", "河谷来信"), OWN, DAY], "河谷来信"),
        ([("source", "河谷来信"), OWN, DAY], None),  # a feed's name as often
        ([("来源", "Cubox"), OWN, DAY], None),  # the tool
        ([("来源", "微信公众平台"), OWN, DAY], None),
        ([("来源", "河谷来信"), OWN, ("发布时间", "")], "河谷来信"),
        ([("来源", "河谷晚报"), OWN], None),  # where the text comes from
        ([("来源", "河谷晚报"), DAY], None),
        ([("来源", "微信公众号"), OWN, DAY], None),
        ([("来源", "https://a.example/p"), OWN, DAY], None),
        ([("source", "某个订阅源"), OWN, DAY], None),  # of a feed, as a rule
    ],
)
def test_the_account_that_a_header_names_as_the_source(rows: list[tuple[str, str]], account: str | None) -> None:
    values = fields.Values()
    for name, value in rows:
        values.add(name, value)
    assert fields.account_as_source(values) == account


@pytest.mark.parametrize(
    ("source", "pairs"),
    [
        ('---\ntitle: "a \\"b\\": c"\n---', [("title", 'a "b": c')]),
        ("---\ntitle: 'it''s'\nnone:\n---", [("title", "it's"), ("none", "")]),
        ("---\n# note\ntags: [a, 'b']\nlist:\n  - x\n  - y\n...", [("tags", ["a", "b"]), ("list", ["x", "y"])]),
        (
            "---\nauthor:\n  name: 甲\n  link: https://a.example\ntags: [\n  'x',\n  'y'\n]\n---",
            [("author", "甲"), ("tags", ["x", "y"])],
        ),
        ("---\nauthor:\n  link: https://a.example\n  name: 甲\n---", [("author", "甲")]),
        ("---\ntext: |\n  一\n  二\nfolded: >-\n  三\n---", [("text", "一 二"), ("folded", "三")]),
        ("\n---\n键: 值\n---", [("键", "值")]),
        ("---\n正文一行\n---", []),
        ("---\ntitle: 没有关\n", []),
        ("title: 没有开\n---", []),
        ("---\n---", []),
        ("---\ntitle: a\n一行散文\n---", []),
    ],
)
def test_front_matter(source: str, pairs: list[tuple[str, object]]) -> None:
    assert frontmatter.split(source.split("\n"))[0] == pairs


@given(st.lists(st.text(alphabet=st.sampled_from("-: 'ab\"[]|#\t甲.")), max_size=12))
def test_a_front_matter_ends_before_the_text(rows: list[str]) -> None:
    pairs, start = frontmatter.split(["---", *rows])
    assert 0 <= start <= len(rows) + 1
    assert bool(pairs) == (start > 0)
