from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from crawler.pages.content import Content, read_content, read_fragment
from crawler.text import join_lines

if TYPE_CHECKING:
    from crawler.items import Mark


def text(fragment: str) -> list[str]:
    return read_fragment(fragment).full_text.split("\n")


def marked(content: Content, kind: str) -> list[tuple[str, str]]:
    return [(content.full_text[m.start : m.end], m.value) for m in content.marks if m.kind == kind]


@pytest.mark.parametrize(
    ("fragment", "lines"),
    [
        ("<p>一</p><p>二</p>", ["一", "二"]),
        ("<p>一<br>二<br/><br/>三</p>", ["一", "二", "三"]),
        ("<span>一</span><span>二</span><strong>三</strong>", ["一二三"]),
        ("<section><section><p>一</p></section>二</section>三", ["一", "二", "三"]),
        ("<p>  a \n b&nbsp;&nbsp;c </p>", ["a b c"]),
        ("<p>一<span style='display:none'>无</span>二</p>", ["一二"]),
        ("<p>一</p><p style='visibility: hidden;'>无</p>", ["一"]),
        ("<p>一<span style='display:block'>二</span>三</p>", ["一", "二", "三"]),
        ("<p>\u200b</p><p>&nbsp;</p>", [""]),
        ("<p>一</p><script>var a</script><style>p{}</style><noscript>x</noscript>", ["一"]),
        ("<p>e\u0301</p>", ["é"]),
        ("<ul><li>一</li><li><p>二</p></li></ul>", ["一", "二"]),
        ("<pre>a\n  b\nc</pre>", ["a", "b", "c"]),
        ("<pre><code>a</code><code>b<br></code></pre>", ["a", "b"]),
        ("<p>用 <code>a\nb</code> 写</p>", ["用 a b 写"]),
        ("<svg><title>无</title><text>一</text><text>二</text></svg>", ["一", "二"]),
        ("<p>一<img alt='图' src='https://example.com/a'>二</p>", ["一二"]),
        ("<textarea>x</textarea><button>x</button><p>一</p>", ["一"]),
    ],
)
def test_lines_are_those_that_a_reader_sees(fragment: str, lines: list[str]) -> None:
    assert text(fragment) == lines


def test_line_numbers_of_code_are_left_out() -> None:
    fragment = (
        '<section class="code-snippet__fix"><ul class="code-snippet__line-index"><li>1</li><li>2</li></ul>'
        '<pre class="code-snippet__js"><code><span>def f():</span></code><code><span>  return 1</span></code></pre>'
        "</section>"
    )
    content = read_fragment(fragment)
    assert content.full_text == "def f():\nreturn 1"
    assert marked(content, "code") == [("def f():\nreturn 1", "")]


def test_a_table_of_data_has_a_line_a_row_and_one_of_layout_does_not() -> None:
    data = "<table><tr><th>站</th><th>时</th></tr><tr><td><p>北岸</p></td><td><p>六点</p></td></tr></table>"
    assert text(data) == ["站 时", "北岸 六点"]
    assert [cell for cell, _ in marked(read_fragment(data), "table")] == ["站", "时", "北岸", "六点"]
    layout = f"<table><tr><td><p>一</p><p>{'长' * 130}</p></td><td>二</td></tr></table>"
    assert text(layout) == ["一", "长" * 130, "二"]
    assert text("<table><tr><td><p>一</p><p>二</p></td></tr></table>") == ["一", "二"]


def test_what_the_page_hides_until_it_is_ready_is_shown() -> None:
    tree = LexborHTMLParser('<div id="a" style="visibility: hidden; opacity: 0; "><p>一</p></div>')
    node = tree.css_first("#a")
    assert node is not None
    assert read_content(node).full_text == "一"


def test_links_and_their_marks() -> None:
    content = read_fragment(
        '<p>看<a href="https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv"> 这 篇 </a>和<a href="https://example.com/?a=1&amp;b=2">那里</a>，'
        '<a href="javascript:;">不是</a><a href="https://example.com/i"><img src="https://example.com/i.png"></a></p>'
    )
    assert content.full_text == "看 这 篇 和那里，不是"
    assert [(link.kind, link.text, link.url) for link in content.links] == [
        ("article", "这 篇", "https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv"),
        ("link", "那里", "https://example.com/?a=1&b=2"),
        ("link", "", "https://example.com/i"),
    ]
    assert marked(content, "article_link") == [("这 篇", "https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv")]
    assert marked(content, "link") == [("那里", "https://example.com/?a=1&b=2")]


def test_cards_of_accounts_and_programs() -> None:
    content = read_fragment(
        '<p>一</p><mp-common-profile data-id="MzkwMDAxMDAwMQ==" data-nickname="河湾街坊"></mp-common-profile>'
        '<mp-common-profile data-id="MzkwMDAxMDAwMQ==" data-nickname="河湾街坊"><div>河湾街坊</div><div>写街巷</div>'
        "</mp-common-profile>"
        '<mp-miniprogram data-miniprogram-appid="wx1" data-miniprogram-nickname="潮汐表"></mp-miniprogram><p>二</p>'
    )
    assert content.full_text == "一\n河湾街坊\n写街巷\n二"
    assert marked(content, "account_card") == [("河湾街坊\n写街巷", "河湾街坊"), ("", "河湾街坊")]
    assert marked(content, "program_card") == [("", "潮汐表")]
    assert [(link.kind, link.text) for link in content.links] == [
        ("account", "河湾街坊"),
        ("account", "河湾街坊"),
        ("program", "潮汐表"),
    ]


def test_media_in_reading_order_at_their_places() -> None:
    content = read_fragment(
        '<p>一<img data-src="https://mmbiz.qpic.cn/a/0"></p>'
        '<p><mpvoice name="雨" voice_encode_fileid="f1" play_length="60000"></mpvoice></p>'
        '<section style="background-image:url(https://mmbiz.qpic.cn/b/0)">二</section>'
        '<p><iframe class="video_iframe" data-mpvid="wxv_1"></iframe></p>'
        '<p><qqmusic musicid="7" music_name="江"></qqmusic></p>'
        '<p><span class="video_iframe" data-mpvid="wxv_2">重播</span></p><iframe src="https://example.com/map"></iframe>'
    )
    assert content.full_text == "一\n二"
    assert [(item.kind, item.media_id) for item in content.media] == [
        ("image", None),
        ("voice", "f1"),
        ("image", None),
        ("video", "wxv_1"),
        ("music", "7"),
        ("video", "wxv_2"),
    ]
    assert [(m.start, m.end, m.kind) for m in content.marks] == [
        (1, 1, "image"),
        (2, 2, "image"),
        (2, 2, "media"),
        (3, 3, "media"),
        (3, 3, "media"),
        (3, 3, "media"),
    ]


def test_headings_by_tag_and_by_look() -> None:
    content = read_fragment(
        "<h2>一</h2><p style='font-size:20px'><strong>二</strong></p><p style='font-size:15px'>正文正文正文正文正文</p>"
        "<p><strong>粗但不大，所以不是标题</strong></p>"
    )
    assert marked(content, "heading") == [("一", "2"), ("二", "")]


def test_small_is_what_stands_back_from_the_body() -> None:
    content = read_fragment(
        "<p style='font-size:16px;color:#333'>正文正文正文正文正文正文<span style='font-size:12px'>注</span></p>"
        "<p style='font-size:16px;color:#999'>图：某处</p><p style='font-size:14px'>只小一点点</p>"
    )
    assert [found for found, _ in marked(content, "small")] == ["注", "图：某处", "只小一点点"]
    assert not marked(read_fragment("<p style='font-size:10px'>全都一样小</p>"), "small")


def test_quotes_lists_and_lines() -> None:
    content = read_fragment(
        "<blockquote><p>一</p><p>二</p></blockquote><ul><li>三</li></ul><hr>"
        "<section style='border-top: 1px solid #ccc'><br></section><p style='border-top: 1px solid'>四</p>"
    )
    assert marked(content, "quote") == [("一\n二", "")]
    assert marked(content, "list_item") == [("三", "")]
    assert [(m.start, m.end) for m in content.marks if m.kind == "divider"] == [(6, 6), (6, 6)]


def test_parts_of_the_page_around_the_content_are_left_out_on_demand() -> None:
    page = '<div id="x"><h1 id="activity-name">题</h1><div class="rich_media_meta_list">日期</div><p>一</p></div>'
    node = LexborHTMLParser(page).css_first("#x")
    assert node is not None
    assert read_content(node, outer=True).full_text == "一"
    assert read_content(node).full_text == "题\n日期\n一"


tags = st.sampled_from(
    [
        "p",
        "div",
        "span",
        "a href=https://example.com/x",
        "strong",
        "li",
        "td",
        "tr",
        "table",
        "pre",
        "code",
        "blockquote",
        "h2",
        "section",
        "mp-common-profile data-nickname=n data-id=MzkwMDAxMDAwMQ==",
        "a href='https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv'",
        "span style='font-size:9px;color:#999'",
        "p style='display:none'",
        "svg",
        "text",
        "mp-miniprogram data-miniprogram-appid=w",
        "ul",
    ]
)
pieces = st.one_of(
    tags.map(lambda tag: f"<{tag}>"),
    tags.map(lambda tag: f"</{tag.split(' ', 1)[0]}>"),
    st.sampled_from(
        [
            "<br>",
            "<hr>",
            "<img src=https://example.com/i>",
            " ",
            "\n",
            "&nbsp;",
            "\u200b",
            "e\u0301",
            "\u0301",
            "\u1100\u1161",
        ]
    ),
    st.text(max_size=6).map(lambda given_text: given_text.replace("<", "&lt;")),
)


@settings(deadline=None)
@given(st.lists(pieces, max_size=40).map("".join))
@example("<a href=https://example.com/x><p>e</p></a>\u0301")
def test_offsets_are_exact_whatever_the_markup(fragment: str) -> None:
    content = read_fragment(fragment)
    whole = content.full_text
    assert whole == join_lines(whole.split("\n"))
    for mark in content.marks:
        assert 0 <= mark.start <= mark.end <= len(whole)
        stretch = whole[mark.start : mark.end]
        assert stretch == stretch.strip()
        if mark.kind in ("image", "media", "divider"):
            assert mark.start == mark.end
    assert content.marks == sorted(content.marks, key=_order)
    _links_have_their_text(content)


def _order(mark: Mark) -> tuple[int, int, str]:
    return (mark.start, -mark.end, mark.kind)


def _links_have_their_text(content: Content) -> None:
    texts = [link.text for link in content.links if link.text and link.kind in ("link", "article")]
    marks = [m for m in content.marks if m.kind in ("link", "article_link")]
    assert sorted(texts) == sorted(content.full_text[m.start : m.end].replace("\n", " ") for m in marks)


@settings(deadline=None)
@given(st.text() | st.binary().map(lambda data: data.decode("utf-8", "replace")))
def test_nothing_raises(fragment: str) -> None:
    assert isinstance(read_fragment(fragment.encode("utf-8", "replace").decode()).full_text, str)


def test_a_deep_area_does_not_exhaust_the_stack() -> None:
    root = LexborHTMLParser("<section>" * 5000 + "x").body
    assert root is not None
    assert read_content(root).full_text == "x"


def test_a_fragment_beyond_the_limits_is_not_parsed() -> None:
    assert not read_fragment("<section>" * 100_000 + "x")
    assert not read_fragment("<p " + "a " * 100_000 + ">x")
    assert read_fragment("<p>字").full_text == "字"
