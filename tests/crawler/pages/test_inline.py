from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.pages import inline
from crawler.text import tidy_line

PLAIN = {
    "甲**乙**丙": "甲乙丙",
    "**漏洞情况**********": "漏洞情况",
    "**0x05****水位****状态**": "0x05水位状态",
    "甲 **粗****体** 乙 138****0000": "甲 粗体 乙 138****0000",
    "**电话138****0000**": "电话138****0000",
    "*斜*与_斜_": "斜与_斜_",
    "与 _斜_ 与": "与 斜 与",
    "~~删~~ 与 ~5": "删 与 ~5",
    "a_b_c 与 2**3 与 2 * 3 * 4": "a_b_c 与 2**3 与 2 * 3 * 4",
    r"\*不斜\* 与 C\:\\x": "*不斜* 与 C:\\x",
    "`**码**` 与 ``a`b``": "**码** 与 a`b",
    "没有关的 ` 号": "没有关的 ` 号",
    "&lt;甲&gt;&nbsp;乙 &amp 丙 &unknown;": "<甲> 乙 &amp 丙 &unknown;",
    "![图](https://example.org/a.png)后": "后",
    "![图](data:image/svg+xml,%3Csvg width='1px' d='translate(-2.0, 1)'%3E)后": "后",
    "周一![[01_raw/a_b*c*.png||20]]后，见![[乙]]": "周一后，见![[乙]]",
    "`$a^`乙`b$` 与 \\$x^{*}\\$": "$a^乙b$ 与 $x^{*}$",
    "$y_{j}^{*}$ 为乙，$z_k^{*}$ 与 *斜*": "$y_{j}^{*}$ 为乙，$z_k^{*}$ 与 斜",
    r"$\{a\}$ 与 \{b\}，$5 与 *斜* $": r"$\{a\}$ 与 {b}，$5 与 斜 $",
    "[甲](https://example.org/a_(b)?c=1 \"题\")乙": "甲乙",
    "[甲] (不是链接)": "[甲] (不是链接)",
    "[甲](a b)": "[甲](a b)",
    "数组 a[0](1) 与 [": "数组 a0 与 [",
    "<https://example.org/>": "https://example.org/",
    "<span style=\"color:red\">红</span><br>": "红",
    "说的是 <script>alert(1)</script> 与 <b>": "说的是 <script>alert(1)</script> 与 <b>",
    "1 <!-- 藏 --> 2": "1 2",
    "[[甲](https://example.org/1)](https://example.org/2)": "甲",
}  # fmt: skip


@pytest.mark.parametrize(("source", "text"), PLAIN.items())
def test_markup_goes_and_text_stays(source: str, text: str) -> None:
    assert inline.parse(source).text == text


def test_links_are_marked_with_where_they_lead() -> None:
    line = inline.parse("见 [旧文](https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv) 与 [ 站 ](//example.org/a).")
    assert [(link.text, link.kind, link.url) for link in line.links] == [
        ("旧文", "article", "https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv"),
        ("站", "link", "https://example.org/a"),
    ]
    assert [(mark.kind, line.text[mark.start : mark.end]) for mark in line.marks] == [
        ("article_link", "旧文"),
        ("link", "站"),
    ]


def test_an_image_inside_a_link_is_an_image_and_the_link_is_kept_without_text() -> None:
    line = inline.parse("甲[![](https://example.org/a.png)](https://example.org/b)乙")
    assert line.text == "甲乙"
    assert [medium.url for medium in line.media] == ["https://example.org/a.png"]
    assert [(link.url, link.text) for link in line.links] == [("https://example.org/b", "")]
    assert [(mark.kind, mark.start, mark.end) for mark in line.marks] == [("image", 1, 1)]


@pytest.mark.parametrize(
    "url", ["javascript:void(0);", "javascript:;", r"javascript:void\(0\);", r"javascript:void\(0\\);", "javascript:"]
)
def test_a_link_of_the_page_itself_tells_the_account(url: str) -> None:
    line = inline.parse(f"原创 作者甲 [ 账号乙 ]({url})")
    assert (line.text, line.profile, line.links) == ("原创 作者甲 账号乙", "账号乙", [])


def test_html_images_and_links_are_read() -> None:
    line = inline.parse(
        '<img data-src="https://example.org/a.png" alt=""><a href="https://example.org/?a=1&amp;b=2">甲</a>'
    )
    assert [medium.url for medium in line.media] == ["https://example.org/a.png"]
    assert [(link.url, link.text) for link in line.links] == [("https://example.org/?a=1&b=2", "甲")]


MARKUP = st.lists(
    st.sampled_from([*"[]()!*_`~<>&\\ \t甲ab:/\"'\u0301", "](", "![", "http://e.org/", "</a>", "<a href='x'>"]),
    max_size=40,
).map("".join)


@given(MARKUP)
def test_marks_hold_what_links_say_on_any_line(source: str) -> None:
    line = inline.parse(source)
    assert all(0 <= mark.start <= mark.end <= len(line.text) for mark in line.marks)
    shown = [line.text[mark.start : mark.end] for mark in line.marks if mark.kind in ("link", "article_link")]
    assert shown == [link.text for link in line.links if link.text]


@given(
    st.text(
        alphabet=st.characters(exclude_characters="[]()!*_`~<>&\\", exclude_categories=["Cc", "Cs", "Cn"]), max_size=60
    )
)
def test_text_without_markup_stays_as_it_is(source: str) -> None:
    assert inline.parse(source).text == tidy_line(source)
