from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.items import Article
from crawler.pages import markdown_blocks
from crawler.times import utc_text
from tests.crawler.pages.making import article, notice, reading

URL = "https://mp.weixin.qq.com/s/Zm9yIHRlc3Rz"
IMAGE = "![](https://mmbiz.qpic.cn/mmbiz_png/a/640?wx_fmt=png)"


def text_of(source: str) -> list[str]:
    return [line.text for line in markdown_blocks.parse(source.split("\n")) if line.text]


def marks_of(source: str) -> list[tuple[str, str, str]]:
    found = markdown_blocks.parse(source.split("\n"))
    return [(mark.kind, mark.value, line.text[mark.start : mark.end]) for line in found for mark in line.marks]


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("# 一\n## 二 ##\n###三\n#\n# ", ["一", "二", "###三"]),
        ("一\n===\n二\n------\n三\n---\n四", ["一", "二", "三", "四"]),
        ("- 甲\n* 乙\n+ 丙\n-\n1. 丁\n2) 戊\n-己", ["甲", "乙", "丙", "1. 丁", "2) 戊", "-己"]),
        ("> 甲\n>> 乙\n>\n> - 丙", ["甲", "乙", "丙"]),
        ("***\n* * *\n- - -\n___\n甲", ["甲"]),
        ("```python\n# 注\n**a**\n```\n**乙**", ["# 注", "**a**", "乙"]),
        ("```\n没有关的\n**乙**", ["没有关的", "乙"]),
        ("~~~~\na\n~~~\nb\n~~~~\nc", ["a", "~~~", "b", "c"]),
        ("甲\n\n    x = a_b_c * d_e_f\n\n乙", ["甲", "x = a_b_c * d_e_f", "乙"]),
        ("| 甲 | **乙** |\n|---|:-:|\n| 1 | a\\|b |\n丙", ["甲 乙", "1 a|b", "丙"]),
        ("a | b\n没有表", ["a | b", "没有表"]),
        ("<!-- 藏\n起来 -->\n甲", ["甲"]),
        ("<!-- 没有关的\n甲", ["<!-- 没有关的", "甲"]),
        ("甲<br>乙<br/>丙", ["甲", "乙", "丙"]),
        ("[\n\n![](https://example.org/a.png)\n\n甲\n\n](https://example.org/b)", ["甲"]),
    ],
)
def test_blocks(source: str, lines: list[str]) -> None:
    assert text_of(source) == lines


def test_html_that_was_left_is_broken_where_a_page_would_break_it() -> None:
    source = "<table><tbody><tr><td><p>甲</p></td><td>乙<br/>丙</td></tr></tbody></table>\n## 后\n<T>丁</T>"
    assert text_of(source) == ["甲", "乙", "丙", "后", "<T>丁</T>"]
    assert marks_of(source) == [("table", "", "甲"), ("table", "", "乙"), ("table", "", "丙"), ("heading", "2", "后")]
    assert text_of("****<table><tr><td>甲</td></tr></table>\n****乙") == ["甲", "乙"]


def test_block_marks_cover_their_lines() -> None:
    assert marks_of("## 一\n> 二\n- 三\n---\n```\n四\n```") == [
        ("heading", "2", "一"), ("quote", "", "二"), ("list_item", "", "三"), ("divider", "", ""), ("code", "", "四"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("byline", "author", "account", "original"),
    [
        ("原创 甲乙  丙丁号   2024-01-02 03:04  ", "甲乙", "丙丁号", True),
        ("原创 甲 乙  丙 丁 号   2024-01-02 03:04", "甲 乙", "丙 丁 号", True),
        ("甲乙  丙丁号   2024-01-02 03:04", "甲乙", "丙丁号", None),
        (" 丙丁号   2024-01-02 03:04", None, "丙丁号", None),
        ("原创者  丙丁号   2024-01-02 03:04", "者", "丙丁号", True),
    ],
)
def test_converters_byline(byline: str, author: str | None, account: str, original: bool | None) -> None:
    found = article(f"#  题目 | 副题   \n{byline}\n  \n正文一。  \n正文二。  \n")
    assert (found.title, found.author, found.account.name, found.is_original) == (
        "题目 | 副题",
        author,
        account,
        original,
    )
    assert found.published_at is not None
    assert (utc_text(found.published_at), found.published_precision, found.published_source) == (
        "2024-01-01T19:04:00Z", "minute", "header",
    )  # fmt: skip
    assert (found.evidence, found.full_text) == ("export", "正文一。\n正文二。")


@pytest.mark.parametrize("names", ["石磊  渡槽人家", "渡槽人家"])
def test_a_byline_over_two_lines_names_the_author_on_the_first(names: str) -> None:
    found = article(f"# 题目\n原创 石磊\n          {names}   2026-02-11 07:20\n\n{IMAGE}\n\n正文。")
    assert (found.author, found.account.name, found.is_original) == ("石磊", "渡槽人家", True)
    assert found.full_text == "正文。"


def test_words_like_the_first_line_of_a_byline_are_text_where_none_follows() -> None:
    found = article("# 题目\n原创 石磊\n石磊写的不是这一篇。\n\n正文。")
    assert found.full_text == "原创 石磊\n石磊写的不是这一篇。\n正文。"
    assert found.is_original is None


def test_an_article_without_a_byline_keeps_its_first_lines() -> None:
    found = article(f"# 题目\n\n2024-01-02 开会通知\n\n{IMAGE}\n\n**作者：甲**\n\n正文。")
    assert found.full_text == "2024-01-02 开会通知\n作者：甲\n正文。"
    assert (found.title, found.author, found.published_at, found.evidence) == ("题目", None, None, "export")


def test_a_lower_heading_right_above_the_accounts_own_link_is_the_title() -> None:
    found = article(f"## 题目\n\n[渡口夜话](javascript:void(0);) *今天*\n\n{IMAGE}\n\n正文。")
    assert (found.title, found.account.name, found.author) == ("题目", "渡口夜话", None)
    assert found.full_text == "正文。"
    assert article(f"## 缘起\n\n正文。\n\n{IMAGE}").full_text == "缘起\n正文。", "a heading of the text"


FRONT = f"---\ntitle: 题目\nurl: {URL}\n---\n"


@pytest.mark.parametrize(
    "head",
    [
        "本周要闻\n\n甲公司 2026-05-14",
        "## 背景\n\n2026年5月14日",
        "## 更新日志\n\nv1.0 2026-05-14",
        "| 作者 | 月某 |\n|---|---|\n| 发布日期 | 2026-05-14 |",
        "- 渡口\n- 讲座 2026-05-14 19:00",
        "截止时间: 2026-05-14 19:00",
    ],
)
def test_a_date_in_a_text_is_no_byline(head: str) -> None:
    found = article(f"{FRONT}\n{head}\n\n正文。")
    assert (found.account.name, found.author, found.published_at) == (None, None, None)
    shown = [line for line in text_of(head) if line]
    assert found.full_text.split("\n") == [*shown, "正文。"]


@pytest.mark.parametrize(
    ("byline", "time"),
    [
        ("Original 石磊 渡口夜话 *2022-05-14 20:00* *Posted on 重庆*", "2022-05-14T12:00:00Z"),
        ("原创 石磊 渡口夜话 *2022年5月14日 20:00* *发表于 重庆*", "2022-05-14T12:00:00Z"),
        ("Original 石磊 渡口夜话 *Sep 23, 2026, 12:37 PM*", "2026-09-23T04:37:00Z"),
        ("石磊 渡口夜话 2022-05-14 20:00", "2022-05-14T12:00:00Z"),
    ],
)
def test_bylines_of_clippers(byline: str, time: str) -> None:
    found = article(f"{FRONT}\n{byline}\n\n正文。")
    assert (found.author, found.account.name, found.full_text) == ("石磊", "渡口夜话", "正文。")
    assert found.published_at is not None
    assert utc_text(found.published_at) == time


def test_a_time_alone_below_the_names_is_the_pages() -> None:
    found = article(f"{FRONT}\n石磊\n\n渡口夜话\n\n*2024年5月1日 10:30*\n\n*北京*\n\n正文。")
    assert (found.author, found.account.name, found.ip_region) == ("石磊", "渡口夜话", "北京")
    assert found.full_text == "正文。"


def test_a_sentence_that_ends_with_an_english_date_is_text() -> None:
    line = "ICML Vienna July 21, 2024 9:30"
    found = article(f"{FRONT}\n{line}\n\n正文。")
    assert (found.author, found.account.name, found.full_text) == (None, None, f"{line}\n正文。")


def test_a_clippers_anchors_prove_the_page() -> None:
    found = article('# 题目\n\n<a id="profileBt"></a><a id="js_name"></a>渡口夜话 *2022-03-02 09:02*\n\n正文。')
    assert (found.account.name, found.full_text) == ("渡口夜话", "正文。")


@pytest.mark.parametrize(
    "link", ["[Read on Omnivore](https://omnivore.app/me/x)\n[Read Original]({})", "原文地址 [mp.weixin.qq.com]({})"]
)
def test_a_clippers_link_is_the_address(link: str) -> None:
    found = article(f"# 题目\n\n{link.format(URL)}\n\n正文。")
    assert (found.url, found.full_text) == (URL, "正文。")


def test_a_readers_callout_names_account_and_time() -> None:
    found = article(f"{FRONT}\n> [!info] 渡口夜话 · Inbox · 2026-10-09 13:16 · [原文]({URL})\n\n正文。")
    assert (found.account.name, found.full_text) == ("渡口夜话", "正文。")
    assert found.published_at is not None
    assert utc_text(found.published_at) == "2026-10-09T05:16:00Z"


def test_a_title_in_brackets_ends_on_its_line() -> None:
    found = article(f"---\ntitle: [渡口] 第二章\nurl: {URL}\ndate: 2026-01-26\ntags: [a,\n  b]\n---\n\n正文。")
    assert (found.title, found.url, found.full_text) == ("[渡口] 第二章", URL, "正文。")


def test_a_front_matter_in_toml() -> None:
    head = '+++\ntitle = "题目"\ndate = 2022-06-17T10:00:00+08:00\nauthor = "石磊"\ntags = ["a", "b"]\n+++\n'
    found = article(f"{head}\n正文。")
    assert (found.title, found.author, found.full_text) == ("题目", "石磊", "正文。")
    assert found.published_at is not None
    assert utc_text(found.published_at) == "2022-06-17T02:00:00Z"
    assert "+++" in article("+++\ntitle = 没有引号\n+++\n\n正文。").full_text, "not TOML: it is text"


def test_a_note_apps_mark_and_its_labels_are_no_text() -> None:
    url = "https://mp.weixin.qq.com/s/Zm9yIHRlc3Rz"
    labels = (
        f"## 来源\n[原文链接]({url})\n## 正文\n公众号名称：渡口夜话\n\n作者名称：石磊\n\n发布时间：2026-07-18 20:24\n\n"
    )
    found = article(f"# 题目\n#笔记同步助手\n{labels}正文。")
    assert (found.account.name, found.author, found.full_text) == ("渡口夜话", "石磊", "正文。")
    assert found.url == URL
    assert article("# 题目\n## 来源\n河的来源在山里。\n\n正文。").full_text.startswith("来源\n"), "without its mark"


def test_an_authors_name_of_several_words_names_no_account() -> None:
    head = "---\ntitle: 题目\nauthor: Lin 石磊\nurl: https://mp.weixin.qq.com/s/Zm9yIHRlc3Rz\n---\n"
    found = article(f"{head}Lin 石磊 *2026年3月27日 19:07*\n\n正文。")
    assert (found.author, found.account.name, found.full_text) == ("Lin 石磊", None, "正文。")
    assert found.published_at is not None


def test_a_second_heading_is_text() -> None:
    assert article("# 题目\n\n# 一、缘起\n\n正文。").full_text == "一、缘起\n正文。"


def test_a_text_without_marks_of_wechat_is_only_text() -> None:
    assert article("# 题目\n\n- 甲\n").evidence == "text"


def test_a_labelled_header_of_unknown_labels_in_a_quote_goes_with_it() -> None:
    link = "https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv"
    found = article(f"# 题\n\n> 公众号: 甲号\n> 归档人: 乙\n> 原文链接: {link}\n\n> 引文\n")
    assert (found.account.name, found.key, found.full_text) == ("甲号", "short:AbCdEfGhIjKlMnOpQrStUv", "引文")


def test_a_quote_that_looks_like_a_label_but_tells_nothing_stays() -> None:
    assert article("# 题\n\n> 备注: 此文写于夏天\n\n正文").full_text == "备注: 此文写于夏天\n正文"


def test_a_link_in_the_text_gives_no_identity() -> None:
    found = article("# 题\n\n往期：[甲](https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv)\n\n正文")
    assert found.key.startswith("text:")
    assert [link.kind for link in found.links] == ["article"]


def test_a_labelled_link_in_the_tail_gives_identity_and_stays_in_the_text() -> None:
    found = article("# 题\n\n正文\n\n原文链接：https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv\n")
    assert found.key == "short:AbCdEfGhIjKlMnOpQrStUv"
    assert found.full_text.endswith("StUv")


@pytest.mark.parametrize(
    "head",
    [
        "title: 题\nurl: https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv",
        "标题: 题\n原文链接: 'https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv'",
        'Title: "题"\nsource: "https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv?scene=1"\ntags:\n  - a\n  - b',
        'title: "题"\ntags: [\n  "甲",\n  "乙"\n]\nurl: https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv',
        "title: >-\n  题\nlink: <https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv>",
    ],
)
def test_front_matter(head: str) -> None:
    found = article(f"---\n{head}\n---\n\n# 题\n\n正文")
    assert (found.title, found.key, found.full_text) == ("题", "short:AbCdEfGhIjKlMnOpQrStUv", "正文")


def test_a_source_that_is_no_url_is_no_identity() -> None:
    found = article("---\ntitle: 题\nsource: 某个来源\nurl: https://example.org/a\n---\n正文")
    assert (found.url, found.key[:5]) == (None, "text:")


def test_a_lone_divider_is_no_front_matter() -> None:
    found = article("---\n\n一句话。\n\n---\n\n![](https://example.org/a.png)\n")
    assert found.full_text == "一句话。"


@pytest.mark.parametrize("author", ["[[Weixin Official Accounts Platform]]", "微信公众平台", "null"])
def test_what_tools_write_for_nothing_is_nothing(author: str) -> None:
    found = article(f'---\ntitle: 题\nauthor:\n  - "{author}"\n---\n正文')
    assert found.author is None


def test_a_title_that_only_names_the_platform_is_replaced_by_the_heading() -> None:
    header = "Title: Weixin Official Accounts Platform\n\nURL Source: https://example.org\n\nMarkdown Content:\n"
    assert article(header + "# 真的题目\n\n正文").title == "真的题目"


def test_a_page_that_the_tool_was_refused_is_a_notice_of_its_url() -> None:
    found = notice(
        "---\ntitle: 题\nurl: https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv\n---\n\n# 题\n\n该内容已被发布者删除\n"
    )
    assert (found.reason, found.key) == ("deleted", "short:AbCdEfGhIjKlMnOpQrStUv")


def test_an_article_about_notices_is_an_article() -> None:
    text = "# 题\n\n点开只有一句“该内容已被发布者删除”，" + "于是我写了这篇长长的文章。" * 30
    assert article(text).title == "题"


def test_a_header_and_nothing_else_has_no_content() -> None:
    found = reading("#  题   \n 号   2024-01-02 03:04  \n  \n").found
    assert getattr(found, "reason", None) == "no_content"


@given(
    st.lists(
        st.sampled_from([*"#>-*_`~|[]()<>!&\\ \n\t:：1.甲a\u0301", "原创", "标题：", "---\n", "```\n"]), max_size=120
    ).map("".join)
)
def test_marks_and_links_agree_with_the_text_on_any_markdown(source: str) -> None:
    found = reading("# 题\n" + source).found
    if isinstance(found, Article):
        assert all(0 <= mark.start <= mark.end <= len(found.full_text) for mark in found.marks)
        shown = [found.full_text[m.start : m.end] for m in found.marks if m.kind in ("link", "article_link")]
        assert shown == [link.text for link in found.links if link.text]
