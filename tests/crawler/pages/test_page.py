"""A saved page opened."""

from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.pages.content import read_content
from crawler.pages.markup import take_out_scripts
from crawler.pages.page import Page
from tests.crawler.pages.making import article


def opened(body: str) -> Page:
    return Page(take_out_scripts(f"<html><body>{body}</body></html>".encode("utf-8", "replace")))


@given(st.text(max_size=40) | st.text(alphabet=" \n\t\u3000\u200b\u0301e字A", max_size=20))
def test_the_short_way_to_a_text_says_the_same_as_the_long_one(text: str) -> None:
    page = opened(f"<p id=x>{html.escape(text)}</p>")
    node = page.by_id("x")
    assert node is not None
    assert page.text(node) == read_content(node).full_text.replace("\n", " ")


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        ("", ""),
        (" \n ", ""),
        ("  甲  乙 ", "甲 乙"),
        ("甲<b>乙</b>", "甲乙"),
        ("甲<br>乙", "甲 乙"),
        ("甲<!-- 丙 -->乙", "甲乙"),
        ('甲<i style="display:none">丙</i>', "甲"),
    ],
)
def test_text_is_what_a_reader_sees_on_one_line(inside: str, text: str) -> None:
    page = opened(f"<p id=x>{inside}</p>")
    assert page.text(page.by_id("x")) == text


def test_of_nothing_there_is_no_text() -> None:
    assert opened("").text(None) == ""


def test_a_web_archives_address_is_the_pages_own() -> None:
    archived = "https://web.archive.org/web/20240502000000"
    page = (
        f'<html><head><title>门环</title><meta property="og:url" content="{archived}/https://mp.weixin.qq.com/s/Zm9yIHRlc3Rz">'
        f'<meta property="og:image" content="{archived}im_/https://mmbiz.qpic.cn/a/0"></head><body>'
        '<h1 id="activity-name">门环</h1><div id="js_content"><p>铜门环磨得发亮。</p></div></body></html>'
    )
    found = article(page)
    assert (found.url, found.cover_url) == ("https://mp.weixin.qq.com/s/Zm9yIHRlc3Rz", "https://mmbiz.qpic.cn/a/0")
