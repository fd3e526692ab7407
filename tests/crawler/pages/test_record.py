from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.items import Article
from crawler.times import utc_text
from tests.crawler.pages.making import article, listing, notice, reading, rejected

URL = "https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv"


def record(**values: Any) -> str:
    return json.dumps({"title": "门环", "content": "铜门环磨得发亮。\n敲门的人换了三代。"} | values, ensure_ascii=False)


def test_name_account_title_content() -> None:
    found = article(record(name="檐下", account="yanxiayuedu"))
    assert (found.title, found.account.name, found.account.alias) == ("门环", "檐下", "yanxiayuedu")
    assert (found.evidence, found.full_text) == ("record", "铜门环磨得发亮。\n敲门的人换了三代。")


@pytest.mark.parametrize(
    ("values", "name", "alias"),
    [
        ({"nickname": "檐下", "wechat_num": "yanxiayuedu"}, "檐下", "yanxiayuedu"),
        ({"account": "檐下"}, "檐下", None),
        ({"account": "檐下", "account_name": "檐下二号"}, "檐下二号", None),
        ({"公众号名称": "檐下", "微信号": "yanxiayuedu"}, "檐下", "yanxiayuedu"),
        ({"mpName": "檐下"}, "檐下", None),
    ],
)
def test_who_published_it(values: dict[str, str], name: str, alias: str | None) -> None:
    found = article(record(**values))
    assert (found.account.name, found.account.alias) == (name, alias)


def test_an_original_id_is_no_name() -> None:
    assert article(record(account="gh_0123456789ab")).account.ghid == "gh_0123456789ab"


def test_a_name_without_a_title_is_the_title() -> None:
    assert article(json.dumps({"name": "门环", "content": "铜。"})).title == "门环"


@pytest.mark.parametrize(
    ("value", "at", "precision"),
    [
        (1583020800, "2020-03-01T00:00:00Z", "second"),
        ("1583020800", "2020-03-01T00:00:00Z", "second"),
        (1583020800000, "2020-03-01T00:00:00Z", "second"),
        ("2020-03-01 08:00", "2020-03-01T00:00:00Z", "minute"),
        ("2020/3/1", "2020-02-29T16:00:00Z", "day"),
        ("昨天", None, None),
        (True, None, None),
        (12, None, None),
        (43891, "2020-02-29T16:00:00Z", "day"),  # a spreadsheet's days
        (43891.5, "2020-03-01T04:00:00Z", "second"),
        ("43891.3333333333", "2020-03-01T00:00:00Z", "second"),
        (40908, None, None),
        (73051, None, None),
        (1e300, None, None),
    ],
)
def test_when_it_was_published(value: object, at: str | None, precision: str | None) -> None:
    found = article(record(publish_time=value))
    assert (found.published_at and utc_text(found.published_at), found.published_precision) == (at, precision)
    assert found.published_source == (at and "record")


def test_the_first_time_that_can_be_read_is_taken() -> None:
    found = article(record(publish_time="刚刚", date="2020-03-01"))
    assert found.published_precision == "day"


def test_ids_and_url() -> None:
    found = article(record(biz="MzAwMDAwMDAwMQ==", mid=2247480001, idx="2", url=URL))
    assert found.key == "mp:MzAwMDAwMDAwMQ==:2247480001:2"
    assert [url.form for url in found.urls] == ["short", "long"]


def test_another_sites_url_is_no_identity() -> None:
    found = article(record(url="https://example.org/a", source_url="https://example.org/b"))
    assert (found.url, found.source_url, found.key[:5]) == (None, "https://example.org/b", "text:")


def test_a_source_url_of_wechat_is_the_articles_own() -> None:
    assert article(record(source_url=URL)).key == "short:AbCdEfGhIjKlMnOpQrStUv"


def test_content_in_html_is_read_as_html() -> None:
    found = article(record(content='<p>铜<b>门环</b></p><p><img src="https://example.org/a.png">旧</p>'))
    assert found.full_text == "铜门环\n旧"
    assert [medium.url for medium in found.media] == ["https://example.org/a.png"]


def test_content_in_markdown_is_read_as_markdown() -> None:
    assert article(record(content="## 材料\n\n**铜**的\n\n![](https://example.org/a.png)")).full_text == "材料\n铜的"


def test_a_code_sample_is_no_html() -> None:
    text = "过滤 <script> 之后，<b 不会生效。"
    assert article(record(content=text)).full_text == text


def test_a_dump_in_a_record_gives_its_card_too() -> None:
    found = article(
        record(content="微信号\nyanxiayuedu\n功能介绍\n屋檐下读书。\n铜门环磨得发亮。\n微信扫一扫关注该公众号")
    )
    assert (found.account.alias, found.account.intro, found.evidence) == ("yanxiayuedu", "屋檐下读书。", "record")
    assert found.full_text.startswith("铜门环")


def test_the_record_wins_over_its_content() -> None:
    found = article(record(title="记录的题", content="标题：正文的题\n公众号：檐下\n\n铜门环。"))
    assert found.title == "记录的题"


def test_content_that_is_a_notice_is_one() -> None:
    found = notice(record(content="该内容已被发布者删除", url=URL))
    assert (found.reason, found.key) == ("deleted", "short:AbCdEfGhIjKlMnOpQrStUv")


PAGE = (
    '<!DOCTYPE html><html><head></head><body><div id="js_article"><h1 id="activity-name">页面的题</h1>'
    '<div class="rich_media_content" id="js_content"><p>铜门环。</p></div></div>'
    '<script>var ct = "1583020800"; var nickname = "檐下";</script></body></html>'
)


def test_a_whole_page_in_a_record_is_read_as_the_page() -> None:
    found = article(record(content=None, html=PAGE, title="记录的题", author="石见", url=URL))
    assert (found.full_text, found.evidence, found.published_source) == ("铜门环。", "page", "page")
    assert (found.title, found.account.name) == ("页面的题", "檐下")
    assert (found.author, found.url) == ("石见", URL)


def test_the_records_time_fills_that_of_a_page_without_one() -> None:
    found = article(record(html=PAGE.replace("var ct", "var other"), publish_time="2020-03-01"))
    assert (found.published_precision, found.published_source) == ("day", "record")


def test_a_page_in_a_record_may_be_a_notice() -> None:
    page = (
        '<!DOCTYPE html><html><head></head><body><div class="weui-msg"><h2 class="weui-msg__title">'
        '该内容已被发布者删除</h2></div><script src="https://res.wx.qq.com/a.js"></script></body></html>'
    )
    found = notice(record(title="门环", html=page, url=URL))
    assert (found.reason, found.key) == ("deleted", "short:AbCdEfGhIjKlMnOpQrStUv")


def test_another_sites_page_in_a_record_is_its_text() -> None:
    page = "<html><head><title>站点</title></head><body><p>铜门环。</p><p>三代人。</p></body></html>"
    found = article(record(html=page))
    assert (found.evidence, found.full_text.splitlines()[-2:]) == ("record", ["铜门环。", "三代人。"])


@pytest.mark.parametrize(
    "wrapped",
    [
        {"data": {"title": "门环", "content": "铜。"}},
        [{"title": "门环", "content": "铜。"}],
        {"code": 0, "data": [{"title": "门环", "content": "铜。"}]},
    ],
)
def test_a_wrapped_record_is_unwrapped(wrapped: object) -> None:
    assert article(json.dumps(wrapped)).title == "门环"


def test_when_it_was_captured() -> None:
    read = reading(record(crawl_time="2021-01-01T00:00:00Z"))
    assert read.captured_at is not None
    assert (utc_text(read.captured_at), read.captured_at_source) == ("2021-01-01T00:00:00Z", "record")


def test_paragraphs_in_a_list_are_lines() -> None:
    assert article(record(content=["甲", "乙"])).full_text == "甲\n乙"


def test_a_link_without_a_content_is_a_listing_of_one() -> None:
    found = listing(json.dumps({"title": "门环", "link": URL, "create_time": 1583020800, "nickname": "檐下"}))
    assert [(entry.key, entry.title) for entry in found.entries] == [("short:AbCdEfGhIjKlMnOpQrStUv", "门环")]
    assert (found.kind, found.account.name) == ("history", "檐下")


@pytest.mark.parametrize("content", ["", " ", None, []])
def test_a_link_whose_content_was_not_fetched_is_a_listing_too(content: object) -> None:
    found = listing(json.dumps({"title": "门环", "url": URL, "content": content}))
    assert [entry.title for entry in found.entries] == ["门环"]


def test_names_that_are_known_are_not_called_unknown() -> None:
    assert "no text" in rejected('{"title": "没有正文"}').detail
    assert "no article's" in rejected('{"station": "北坡"}').detail


@pytest.mark.parametrize("published", [1577934245.0, "1577934245.0", 1577934245.5, 1577934245000.0, "1577934245"])
def test_unix_times_in_any_number(published: object) -> None:
    found = article(record(published_at=published))
    assert found.published_at is not None
    assert utc_text(found.published_at) == "2020-01-02T03:04:05Z"


def test_a_time_that_cannot_be_read_is_a_warning() -> None:
    read = reading(record(published_at="昨天"))
    assert isinstance(read.found, Article)
    assert read.found.published_at is None
    assert [warning for warning in read.warnings if "昨天" in warning]


@pytest.mark.parametrize("nothing", [math.nan, "nan", "NaN", "N/A", "null"])
def test_an_empty_cell_of_a_table_is_no_account(nothing: object) -> None:
    found = article(record(account=nothing, author=nothing))
    assert (found.account.name, found.author) == (None, None)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"title": "a", "url": "https://example.org/"}', "unknown"),
        ('{"station": "北坡"}', "unknown"),
        ('{"title": "没有正文"}', "unknown"),
        ('{"content": "只有正文"}', "unknown"),
        ('{"title": "a", "content": [{"b": 1}]}', "unknown"),
        ('{"title": "a", "content": null}', "unknown"),
        ("{}", "unknown"),
        ("[]", "unknown"),
        ("[1, 2]", "unknown"),
        ('{"a": 1}\n{"a": 2}', "unknown"),
        ('{"a": 1}\n{"a": ', "corrupt"),
        ("[" * 100_000 + "]" * 100_000, "too_complex"),
        (record(content="<p>" * 500_000), "too_complex"),
        (record(content=" \n "), "no_content"),
    ],
)
def test_what_is_no_record_is_rejected(text: str, reason: str) -> None:
    assert rejected(text).reason == reason


def test_an_unknown_object_is_described_by_its_names() -> None:
    assert "'station'" in rejected('{"station": "北坡"}').detail


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
NAMES = [
    *(
        "title",
        "content",
        "html",
        "url",
        "name",
        "account",
        "publish_time",
        "mid",
        "read_num",
        "item_show_type",
        "data",
    ),
    *("is_original", "list", "general_msg_list", "app_msg_ext_info", "comm_msg_info", "publish_page", "publish_list"),
    *("article_list", "base_resp", "ret"),
]


@given(st.dictionaries(st.sampled_from(NAMES), JSON, max_size=8))
def test_any_object_under_known_names_is_read_or_refused(value: dict[str, object]) -> None:
    read = reading(json.dumps(value))
    assert getattr(read.found, "reason", None) != "reader_error", read.found
    if isinstance(read.found, Article):
        assert read.found.key


@pytest.mark.parametrize(
    "content",
    [
        "&lt;p&gt;第一段。&lt;/p&gt;&lt;p&gt;第二段。&amp;nbsp;&lt;/p&gt;",
        r"\x3cp\x3e第一段。\x3c/p\x3e\x3cp\x3e第二段。\x3c/p\x3e",
    ],
)
def test_html_whose_tags_are_escaped(content: str) -> None:
    assert article(record(content=content)).full_text == "第一段。\n第二段。"


def test_an_article_about_tags_keeps_them() -> None:
    text = "&lt;p&gt; 开始一段，&lt;/p&gt; 结束它。"
    assert "结束它" in article(record(content=text)).full_text
    assert "&lt;p&gt;" in article(record(content=text)).full_text
    assert article(record(content=f"<p>{text}</p><p>后。</p>")).full_text == "<p> 开始一段，</p> 结束它。\n后。"
