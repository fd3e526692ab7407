"""HTML of documents: nothing in it runs or is loaded, and it reads back."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from crawler.items import Mark, MarkKind
from crawler.pages.content import read_content
from crawler.pages.exported_forms import BODY_ID
from crawler.text import join_lines
from pipelines.export.blocks import Block, Piece, blocks_of
from pipelines.export.document import Document
from pipelines.export.html import article_html, body_html, is_safe, page, render_html

KINDS: tuple[MarkKind, ...] = ("heading", "code", "quote", "list_item", "link")
HOSTILE = (
    "<script>alert(1)</script>",
    "</p></div></body><img src=x onerror=alert(1)>",
    "&lt;script&gt;",
    '"\' onmouseover=alert(1) x="',
    "<!-- --><![CDATA[",
    "\x1b[31m红\x00",
)


def document(text: str, marks: list[Mark] | None = None, **values: str) -> Document:
    return Document(
        title=values.get("title", ""),
        values=dict(values),
        text=text,
        blocks=blocks_of(text, marks or []),
        slip={"a": text},
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_markup(text: str) -> None:
    shown = document(text, title=text, account=text, author=text, url=text, status=text)
    made = render_html(shown)
    tree = LexborHTMLParser(made)
    assert tree.css("script, img, iframe, object, embed, form, link, base") == []
    assert all(not name.startswith("on") for node in tree.css("*") for name in node.attributes)
    assert "\x1b" not in made
    assert "\x00" not in made
    node = tree.css_first(f"#{BODY_ID}")
    assert node is not None
    assert read_content(node).full_text == join_lines([text])


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://example.org", True),
        ("http://example.org", True),
        ("mailto:a@example.org", True),
        ("javascript:alert(1)", False),
        ("JAVASCRIPT:alert(1)", False),
        ("java\nscript:alert(1)", False),
        (" javascript:alert(1)", False),
        ("data:text/html,<script>", False),
        ("vbscript:x", False),
        ("file:///etc/passwd", False),
        ("//example.org", False),
        ("http://[", False),
        ("", False),
    ],
)
def test_only_harmless_addresses_are_linked(url: str, safe: bool) -> None:
    assert is_safe(url) is safe
    made = "".join(body_html([Block(kind="paragraph", pieces=[Piece("link", "点我", url), Piece("image", url=url)])]))
    assert ("href=" in made) is safe
    assert "点我" in made


def test_nothing_is_loaded_unless_images_are_asked_for() -> None:
    shown = Document(
        title="",
        values={},
        text="",
        blocks=[Block(kind="figure", pieces=[Piece("image", url="https://a.example/1.png")])],
    )
    assert "<img" not in render_html(shown)
    assert "default-src 'none'" in render_html(shown)
    assert "img-src" not in render_html(shown)
    asked = render_html(shown, images=True)
    assert '<img src="https://a.example/1.png"' in asked
    assert "img-src" in asked
    for made in (render_html(shown), asked):
        assert re.findall(r"url\(|@import|<link|<script", made) == []


@settings(max_examples=500, deadline=None)
@given(st.lists(st.text("甲 a<>&\"'\n", max_size=12) | st.text(max_size=12), max_size=6), st.data())
def test_any_text_reads_back_the_same(given_: list[str], data: st.DataObject) -> None:
    text = join_lines(given_)
    marks = []
    for _ in range(data.draw(st.integers(0, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, len(text)))
        kind: MarkKind = data.draw(st.sampled_from(KINDS))
        marks.append(Mark(start=start, end=end, kind=kind, value="https://example.org" if kind == "link" else "3"))
    node = LexborHTMLParser(render_html(document(text, marks))).css_first(f"#{BODY_ID}")
    assert node is not None
    assert read_content(node).full_text == text


def test_structure_becomes_elements() -> None:
    blocks = [
        Block(kind="heading", level=6, pieces=[Piece("text", "题")]),
        Block(kind="item", level=1, pieces=[Piece("text", "一")]),
        Block(kind="item", level=2, pieces=[Piece("text", "二")]),
        Block(kind="item", level=1, is_quoted=True, pieces=[Piece("text", "三")]),
        Block(kind="code", lines=["a < b", "c"]),
        Block(kind="table", rows=[[[[Piece("text", "站")]], []], [[], [[Piece("text", "时")]]]]),
        Block(kind="divider"),
    ]
    assert "".join(body_html(blocks)) == (
        "<h6>题</h6><ul><li>一</li><ul><li>二</li></ul></ul><blockquote><ul><li>三</li></ul></blockquote>"
        "<pre>a &lt; b\nc</pre><table><tr><td>站</td><td></td></tr><tr><td></td><td>时</td></tr></table><hr>"
    )


def test_an_article_is_one_element_for_other_pages() -> None:
    shown = document("文", title="题", account="报", published_at="2024-05-01T08:00:00+08:00", status="deleted")
    shown.credits = [("编辑", "<b>林渡</b>"), ("", "县志")]
    made = article_html(shown)
    assert made.startswith('<article>\n<h1>题</h1>\n<p class="gzh-head">报 · 2024-05-01 08:00:00 · deleted</p>')
    assert "编辑 &lt;b&gt;林渡&lt;/b&gt; · 县志" in made
    assert made.rstrip().endswith("</article>")
    assert page("<t>", [made]).count("<article>") == 1
    assert "<title>&lt;t&gt;</title>" in page("<t>", [made])
