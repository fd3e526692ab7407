"""Listings, and what is no page of an article at all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.items import Article
from crawler.pages.document import Limits
from crawler.text import join_lines
from tests.reading import listing, page, read_html, rejected

HEAD = '<html><head><link href="//res.wx.qq.com/a.css"><title>河湾街坊</title></head><body>'
MESSAGE = {
    "app_msg_ext_info": {
        "title": "甲 &amp; 乙",
        "digest": "摘要",
        "content_url": "/s?__biz=MzkwMDAxMDAwMQ==&amp;mid=7&amp;idx=1&amp;sn=0123456789abcdef",
        "multi_app_msg_item_list": [{"title": "丙", "content_url": ""}, "not an object"],
    },
    "comm_msg_info": {"datetime": 1535328000},
}


OTHER_SITE = (
    '<html><head><meta property="og:url" content="https://blog.example.com/1"></head><body><main>'
    '<p>转自<a href="https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv">这里</a></p>'
    '<img src="https://mmbiz.qpic.cn/a/0"></main></body></html>'
)


def test_an_accounts_history() -> None:
    messages = json.dumps({"list": [MESSAGE, {"comm_msg_info": {}}, 7]}, ensure_ascii=False)
    found = listing(
        f'{HEAD}<div class="page_profile_info"></div><script>var msgList = {messages};</script></body></html>'
    )
    assert found.kind == "history"
    assert [(entry.title, entry.key) for entry in found.entries] == [
        ("甲 & 乙", "mp:MzkwMDAxMDAwMQ==:7:1"),
        ("丙", None),
    ]


def test_a_history_in_a_string() -> None:
    messages = json.dumps({"list": [MESSAGE]}, ensure_ascii=False).replace("&amp;", "&amp;amp;").replace('"', "&quot;")
    found = listing(f"{HEAD}<script>var msgList = '{messages}'; var nickname = \"河湾街坊\";</script></body></html>")
    assert [entry.title for entry in found.entries] == ["甲 & 乙", "丙"]
    assert found.account.name == "河湾街坊"


def test_a_profile_without_articles() -> None:
    found = listing(
        f'{HEAD}<div class="page_profile_info"><strong class="profile_nickname">河湾街坊</strong>'
        '<p class="profile_account">微信号: hewan-jiefang</p></div></body></html>'
    )
    assert (found.kind, found.account.name, found.account.alias, found.entries) == (
        "profile",
        "河湾街坊",
        "hewan-jiefang",
        [],
    )


def test_an_album_names_each_article_once() -> None:
    item = (
        '<li class="album__list-item js_album_item" data-title="甲" '
        'data-link="http://mp.weixin.qq.com/s?__biz=MzkwMDAxMDAwMQ==&amp;mid=7&amp;idx=1&amp;sn=0123456789abcdef"></li>'
    )
    found = listing(f'{HEAD}<div id="js_tag_name">#合集</div><ul class="album__list">{item}{item}</ul></body></html>')
    assert (found.kind, len(found.entries)) == ("album", 1)
    assert found.album is not None
    assert found.album.title == "合集"


def test_a_listing_that_makes_no_sense_is_none() -> None:
    broken = f'{HEAD}<div class="page_profile_info"></div><script>var msgList = "{{broken";</script></body></html>'
    assert rejected(broken).reason == "no_content"


def test_a_page_of_wechat_without_content() -> None:
    found = rejected(page("", title="空空的一页"))
    assert (found.reason, "空空的一页" in found.detail) == ("no_content", True)


def test_a_page_that_ends_before_its_content() -> None:
    whole = page("<p>字</p>")
    for end in ("<h1", '<div class="rich_media_content'):
        assert rejected(whole[: whole.index(end)]).reason == "truncated"
    assert rejected(whole[: whole.index("MzkwMDAx")]).reason in ("truncated", "foreign")


@pytest.mark.parametrize(
    "content",
    [
        "<html><body><article><h1>菜谱</h1><p>黄瓜两根。</p></article></body></html>",
        OTHER_SITE,
        '<html><body><div id="js_content">别的站也用这个名字</div></body></html>',
        "<html></html>",
        "not html at all",
        "",
    ],
)
def test_pages_of_other_sites(content: str) -> None:
    assert rejected(content).reason == "foreign"


def test_limits() -> None:
    few = Limits(max_nodes=50, max_depth=10)
    assert rejected(page("<p>字</p>" * 30), limits=few).reason == "too_complex"
    assert rejected(page("<section>" * 100), limits=Limits(max_depth=10)).reason == "too_complex"
    # Tags in scripts are none.
    assert read_html(page("<p>字</p>", scripts='var x = "' + "<p>" * 500 + '";'), limits=few).template == "page-2018"


def test_a_page_nested_without_end_is_refused_before_it_is_parsed() -> None:
    assert rejected(page("<div>" * 100_000)).reason == "too_complex"
    assert rejected(page("<p>字" * 1_000_000)).reason == "too_complex"


def test_a_page_of_few_tags_is_read_however_deep_they_stand() -> None:
    deep = 1900
    article = read_html(page("<section>" * deep + "字" + "</section>" * deep)).found
    assert isinstance(article, Article)
    assert article.full_text == "字"


FIXTURE = page(
    '<p>一<a href="https://example.com/">二</a></p><img data-src="https://mmbiz.qpic.cn/a/0">',
    scripts="window.cgiDataNew = { title: JsDecode('\\x3c题\\x3e'), item_show_type: '0' * 1 }; var ct = '1583060645';",
).encode()


FILES = sorted((Path(__file__).parents[3] / "fixtures" / "pages").glob("*.html"))


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_nothing_raises_on_any_bytes(content: bytes) -> None:
    assert read_html(content).found is not None


@settings(deadline=None)
@given(st.sampled_from(FILES), st.floats(0, 1))
def test_nothing_raises_on_a_page_cut_anywhere(file: Path, part: float) -> None:
    content = file.read_bytes()
    assert read_html(content[: int(len(content) * part)]).found is not None


@settings(deadline=None)
@given(
    st.sampled_from([FIXTURE, *(file.read_bytes() for file in FILES)]),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), st.binary(max_size=12)), max_size=8),
)
def test_nothing_raises_on_a_page_changed_anywhere(content: bytes, changes: list[tuple[float, int, bytes]]) -> None:
    for part, length, new in changes:
        start = int(len(content) * part)
        content = content[:start] + new + content[start + length :]
    reading = read_html(content)
    found = reading.found
    if isinstance(found, Article):
        assert all(0 <= mark.start <= mark.end <= len(found.full_text) for mark in found.marks)
        assert found.full_text == join_lines(found.full_text.split("\n"))
    assert type(found).__name__ in {"Article", "Notice", "Listing", "Rejected"}


def test_there_are_pages_to_change() -> None:
    assert len(FILES) > 40
