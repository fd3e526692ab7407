from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.pages.pagetail import count
from crawler.text import compact, join_lines
from crawler.times import utc_text
from tests.crawler.pages.making import article, notice, reading

BODY = ["河边的芦苇已经割完了，一捆一捆地码在堤上。", "收芦苇的人说，今年的价钱比去年好。"]
TAIL = ["阅读", "微信扫一扫关注该公众号"]
MODERN = ["预览时标签不可点", "轻触阅读原文", "苇岸来信", "向上滑动看下一个"]


def dump(*parts: str | list[str]) -> str:
    return "\n".join(line for part in parts for line in ([part] if isinstance(part, str) else part)) + "\n"


@pytest.mark.parametrize(
    ("card", "alias", "intro"),
    [
        (["微信号", "weianlaixin", "功能介绍", "写给河流的信。"], "weianlaixin", "写给河流的信。"),
        (["", "微信号", "", "weianlaixin", "", "功能介绍", "", "写给河流的信。", ""], "weianlaixin", "写给河流的信。"),
        (["微信号：weianlaixin", "功能介绍：写给河流的信。"], "weianlaixin", "写给河流的信。"),
        (["微信号", "weianlaixin", "功能介绍", ""], "weianlaixin", None),
        (["微信号", "功能介绍", "写给河流的信。"], None, "写给河流的信。"),
        (["微信号weianlaixin功能介绍写给河流的信。"], "weianlaixin", "写给河流的信。"),
        (["微信号weianlaixin功能介绍", "写给河流的信。"], "weianlaixin", "写给河流的信。"),
        (["WeChat ID", "weianlaixin", "Introduction", "写给河流的信。"], "weianlaixin", "写给河流的信。"),
        (["微信號", "weianlaixin", "功能介紹", "写给河流的信。"], "weianlaixin", "写给河流的信。"),
    ],
)
def test_account_card(card: list[str], alias: str | None, intro: str | None) -> None:
    found = article(dump(card, BODY, TAIL))
    assert (found.account.alias, found.account.intro) == (alias, intro)
    assert found.full_text == join_lines([*BODY, *TAIL])
    assert (found.evidence, found.key[:5]) == ("dump", "text:")


def test_a_card_with_an_original_id() -> None:
    found = article(dump(["微信号", "gh_0123456789ab", "功能介绍", "写给河流的信。"], BODY))
    assert (found.account.ghid, found.account.alias) == ("gh_0123456789ab", None)


def test_a_card_glued_to_everything_loses_only_its_labels_and_values() -> None:
    found = article("苇岸来信微信号weianlaixin功能介绍" + "".join(BODY) * 9)
    assert (found.account.name, found.account.alias, found.account.intro) == ("苇岸来信", "weianlaixin", None)
    assert found.full_text == "".join(BODY) * 9


def test_a_long_line_after_the_card_is_text_and_no_introduction() -> None:
    body = "芦苇" * 200
    found = article(dump(["微信号", "weianlaixin", "功能介绍", body], TAIL))
    assert (found.account.intro, found.full_text.split("\n")[0]) == (None, body)


@pytest.mark.parametrize(
    "text", ["功能介绍\n一键导出\n" + BODY[0], "加我微信号\nabcdefg\n" + BODY[0], "微信号\nabcdefg\n" + BODY[0]]
)
def test_words_of_a_card_alone_are_text(text: str) -> None:
    found = article(text)
    assert (found.full_text, found.evidence, found.account.alias) == (join_lines(text.split("\n")), "text", None)


@pytest.mark.parametrize(
    "between",
    [
        ["前天"],
        ["昨天 08:15"],
        ["3天前"],
        ["3月1日"],
        ["收录于话题"],
        ["收录于话题", "#河流", "12个"],
        ["收录于合集 #河流 3个"],
        ["发表于"],
        ["原创： 舟子 苇岸来信 昨天"],
        ["原创： 舟子 苇岸来信 2018-07-27"],
        ["发表于", "湖南"],
        ["原创"],
        ["2020-03-01"],
        ["2020年3月1日 07:30"],
    ],
)
def test_what_stands_between_card_and_body_is_not_text(between: list[str]) -> None:
    found = article(dump(["微信号", "weianlaixin", "功能介绍", "写给河流的信。"], between, BODY))
    assert found.full_text == join_lines(BODY)


def test_values_between_card_and_body_are_read() -> None:
    between = ["收录于话题", "#河流", "#芦苇", "12个", "2020年3月1日 07:30", "发表于", "湖南"]
    found = article(dump(["微信号", "weianlaixin", "功能介绍", "写给河流的信。"], between, BODY))
    assert found.published_at is not None
    assert (utc_text(found.published_at), found.published_precision) == ("2020-02-29T16:00:00Z", "day")
    assert found.ip_region == "湖南"
    assert [album.title for album in found.albums] == ["河流", "芦苇"]


def test_a_relative_time_is_a_warning_and_no_date() -> None:
    read = reading(dump(["微信号", "weianlaixin", "功能介绍", "写给河流的信。", "前天"], BODY))
    assert getattr(read.found, "published_at", 0) is None
    assert read.warnings == ["the page prints no date but '前天'"]


def test_names_before_the_card() -> None:
    before = ["芦苇记", "2018-03-05", "原创", "舟子", "苇岸来信", "苇岸来信"]
    found = article(dump(before, ["微信号", "weianlaixin", "功能介绍", "写给河流的信。"], BODY))
    assert (found.title, found.author, found.account.name, found.is_original) == ("芦苇记", "舟子", "苇岸来信", True)
    assert found.full_text == join_lines(BODY)


@pytest.mark.parametrize(
    ("head", "author"),
    [
        (["芦苇记", "原创", "舟子", "舟子", "苇岸来信", "2025年1月2日 10:00"], "舟子"),
        (["芦苇记", "苇岸来信", "2025年1月2日 10:00", "湖南"], None),
        (["芦苇记", "舟子 苇岸来信 2025年1月2日 10:00"], "舟子"),
        (["芦苇记", "原创舟子舟子 苇岸来信", "2025年1月2日 10:00"], "舟子"),
        (["芦苇记", "原创", "舟子", "苇岸来信", "2025年1月2日 10:00 湖南"], "舟子"),
    ],
)
def test_head_of_a_page_without_a_card(head: list[str], author: str | None) -> None:
    found = article(dump(head, BODY, MODERN))
    assert (found.title, found.author, found.account.name) == ("芦苇记", author, "苇岸来信")
    assert found.published_at is not None
    assert (utc_text(found.published_at), found.published_precision) == ("2025-01-01T16:00:00Z", "day")
    assert found.full_text == join_lines([*BODY, *MODERN])


@pytest.mark.parametrize(
    "byline",
    [
        "原创 舟子 苇岸来信 2025-01-02 10:00 发表于湖南",
        "舟子 苇岸来信 2025年1月2日 10:00 湖南 原创",
        "舟子 苇岸来信 2025年1月2日 10:00 湖南 听全文",
    ],
)
def test_a_head_copied_with_the_text_is_read_though_nothing_of_the_page_stands_below(byline: str) -> None:
    found = article(dump(["芦苇记", byline], BODY))
    assert (found.title, found.author, found.account.name, found.ip_region) == ("芦苇记", "舟子", "苇岸来信", "湖南")
    assert found.published_at is not None
    assert (found.full_text, found.evidence) == (join_lines(BODY), "text")


@pytest.mark.parametrize(
    "line", ["讲座 2025-01-02 19:00 湖南", "舟子 2025-01-02 10:00", "原创歌会 2025-01-02 19:00 湖南"]
)
def test_the_time_and_place_of_something_else_stay(line: str) -> None:
    found = article(dump(["芦苇记", line], BODY))
    assert (found.full_text, found.published_at) == (join_lines(["芦苇记", line, *BODY]), None)


@pytest.mark.parametrize(
    ("byline", "author"),
    [("舟子 舟子  苇岸来信", "舟子"), ("舟子 1987 舟子 1987 苇岸来信", "舟子 1987"), ("舟子 舟子", "舟子")],
)
def test_an_author_who_stands_twice_before_the_account(byline: str, author: str) -> None:
    found = article(dump(["芦苇记", byline, "在小说阅读器读本章", "去阅读"], BODY, MODERN))
    assert (found.title, found.author, found.account.name) == ("芦苇记", author, "苇岸来信")


@pytest.mark.parametrize(
    "line", ["欢迎关注苇岸来信", "点击上方蓝字关注 苇岸来信", "活动日期 2025-01-02", "时间：2025-01-02", "发布会 昨天"]
)
def test_a_first_line_that_only_looks_like_a_byline_stays(line: str) -> None:
    card = ["苇岸来信", "微信号", "weianlaixin", "功能介绍", "写给河流的信。"]
    found = article(dump(card, line, BODY, MODERN))
    assert found.full_text == join_lines([line, *BODY, *MODERN])
    assert (found.author, found.published_at) == (None, None)


def test_a_page_without_a_head_keeps_its_first_lines() -> None:
    found = article(dump(BODY, MODERN))
    assert (found.title, found.account.name) == (None, "苇岸来信")
    assert found.full_text == join_lines([*BODY, *MODERN])


def test_the_title_stands_again_in_the_tail() -> None:
    tail = ["发送到看一看", "发送", "芦苇记", "最多200字，当前共字", "发送中"]
    found = article(dump(["微信号", "weianlaixin", "功能介绍", "写给河流的信。", "芦苇记"], BODY, tail))
    assert (found.title, found.full_text) == ("芦苇记", join_lines([*BODY, *tail]))


def test_readers_are_counted_where_the_page_says_so() -> None:
    found = article(dump(BODY, MODERN, ["阅读 2.1万", "赞 36"]))
    assert found.metrics is not None
    assert (found.metrics.reads, found.metrics.likes) == (21_000, 36)


def test_a_number_after_a_word_in_a_text_is_no_count() -> None:
    assert article(dump(BODY, ["阅读 30"])).metrics is None


@pytest.mark.parametrize(
    ("printed", "number"),
    [
        ("21130", 21130),
        ("10万+", 100_000),
        ("100000+", 100_000),
        ("1.2 万", 12_000),
        ("", None),
        (None, None),
        ("赞", None),
    ],
)
def test_counts(printed: str | None, number: int | None) -> None:
    assert count(printed) == number


def test_a_labelled_head_is_read_and_its_rule_dropped() -> None:
    found = article(dump(["标题：芦苇记", "", "公众号：苇岸来信", "作者：舟子", "========"], BODY))
    assert (found.title, found.account.name, found.author) == ("芦苇记", "苇岸来信", "舟子")
    assert (found.full_text, found.evidence) == (join_lines(BODY), "text")


@pytest.mark.parametrize(
    "head",
    [
        ["作者：舟子", "来源：县志"],
        ["作者：舟子"],
        ["时间:某年某月", "地点:河边"],
        ["日期：2020-01-01"],
        ["来源：https://example.org/a"],
    ],
)
def test_labels_that_only_credit_are_text(head: list[str]) -> None:
    found = article(dump(head, BODY))
    assert (found.full_text, found.author, found.published_at) == (join_lines([*head, *BODY]), None, None)


def test_a_label_for_the_text_ends_the_head() -> None:
    found = article(dump(["标题：芦苇记", "正文：" + BODY[0], BODY[1]]))
    assert (found.title, found.full_text) == ("芦苇记", join_lines(BODY))


def test_plain_text_is_its_own_full_text() -> None:
    found = article("  第一行  \r\n\r\n第二\u3000行\n")
    assert (found.full_text, found.evidence, found.template if hasattr(found, "template") else "") == (
        "第一行\n第二 行",
        "text",
        "",
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("该内容已被发布者删除", "deleted"),
        ("\n此内容因违规无法查看\n由用户投诉并经平台审核，涉嫌过度营销\n查看对应规则\n", "violation"),
        ("环境异常\n当前环境异常，完成验证后即可继续访问。\n去验证\n", "verification"),
    ],
)
def test_a_dump_of_a_notice_is_a_notice(text: str, reason: str) -> None:
    assert notice(text).reason == reason


@pytest.mark.parametrize(
    "text",
    [
        "内容审核中，这五个字他看了三天。第四天，他把电脑关了。",
        "参数错误，机器又停了。老船工踢了它一脚，它又转起来。",
        "请在微信客户端打开链接，这句话他对母亲说了三遍。",
        "该内容已被发布者删除，这是昨天夜里我看到的最后一句话。",
        "该内容已被发布者删除\n渡口的公告栏上贴着这样一张纸，没有人知道是谁贴的，也没有人去撕，到春天涨水才漂走。",
    ],
)
def test_a_short_text_that_says_more_than_a_notice_is_an_article(text: str) -> None:
    assert article(text).full_text == text


@pytest.mark.parametrize(
    "text",
    [
        "渡口夜话\n该公众号已迁移\n该公众号已迁移至新的帐号，原帐号已回收。若需访问原文章链接，请点击下方按钮。",
        "此帐号已被屏蔽, 内容无法查看\n平台规则",
        "Unable to view this content because it violates regulation(s)",
        "原帐号迁移时未将文章素材同步至新帐号，该链接已不可访问",
        "河边的一年，我们这样过\n此内容被投诉且经审核涉嫌侵权，无法查看。",
    ],
)
def test_a_notice_with_a_title_and_the_platforms_words_is_one(text: str) -> None:
    assert notice(text).detail


def test_a_text_that_quotes_a_notice_is_an_article() -> None:
    assert article(dump(BODY * 9, "该内容已被发布者删除")).evidence == "text"


@given(
    st.lists(
        st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs", "Cn", "Co"]), min_size=1, max_size=60),
        min_size=1,
        max_size=8,
    )
)
def test_nothing_of_a_plain_text_is_lost(lines: list[str]) -> None:
    """But for a head of labels, which needs a colon, all of a text without WeChat's marks is its full text."""
    text = "甲。" + "\n".join(lines).replace(":", "").replace("：", "") + "\n乙。"
    found = reading(text).found
    if (
        getattr(found, "evidence", None) == "text"
        and getattr(found, "title", None) is None
        and not getattr(found, "marks", None)
    ):
        assert compact(getattr(found, "full_text", "")) == compact(text)
