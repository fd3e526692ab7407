"""A link around several lines of Markdown is one on each of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.pages import markdown_blocks
from crawler.pages.markdown_links import link_each_line

URL = "https://mp.weixin.qq.com/s/Zm9yIHRlc3Rz"
NO_CODE: frozenset[int] = frozenset()


@pytest.mark.parametrize(
    ("source", "linked"),
    [
        (["[老街的", f"裁缝铺]({URL})"], [f"[老街的]({URL})", f"[裁缝铺]({URL})"]),
        (["见[老街的", "", f"裁缝铺]({URL})一文"], [f"见[老街的]({URL})", "", f"[裁缝铺]({URL})一文"]),
        (["[", "![](https://a.example/1.png)", "### 裁缝铺", f"]({URL} \"题\")"],
         ["", "![](https://a.example/1.png)", f"### [裁缝铺]({URL} \"题\")", ""]),
        (["[1] 某书", f"[2]({URL})"], ["[1] 某书", f"[2]({URL})"]),
        (["a[0", f"b[1]({URL})"], ["a[0", f"b[1]({URL})"]),
        (["a[0", "b](甲)"], ["a[0", "b](甲)"]),
        (["a\\[0", f"b]({URL})"], ["a\\[0", f"b]({URL})"]),
        (["[甲", *["乙"] * 40, f"丙]({URL})"], ["[甲", *["乙"] * 40, f"丙]({URL})"]),
    ],
)  # fmt: skip
def test_each_line_is_linked(source: list[str], linked: list[str]) -> None:
    assert link_each_line(source, NO_CODE) == linked


def test_code_stays_as_it_is() -> None:
    source = ["[甲", f"乙]({URL})"]
    assert link_each_line(source, frozenset({0, 1})) == source
    fenced = ["```", *source, "```"]
    assert [line.text for line in markdown_blocks.parse(fenced)] == source


def test_the_lines_lead_to_the_article() -> None:
    lines = markdown_blocks.parse(["[老街的  ", f"裁缝铺]({URL})"])
    assert [(line.text, line.links[0].url) for line in lines] == [("老街的", URL), ("裁缝铺", URL)]


@given(st.lists(st.text(alphabet=f'[]()!#>-甲\\ "{URL}', max_size=40), max_size=12))
def test_lines_keep_their_number(source: list[str]) -> None:
    assert len(link_each_line(source, NO_CODE)) == len(source)
