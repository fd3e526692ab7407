"""Markdown of blocks: what is escaped, and that reading it back gives the same lines."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crawler.items import Mark, MarkKind
from crawler.pages import frontmatter, lines, markdown_blocks
from crawler.text import join_lines
from pipelines.export.blocks import Block, Piece, blocks_of
from pipelines.export.document import Document
from pipelines.export.markdown import body_lines, escape, opened, render_book_entry, render_markdown

# Signs of Markdown, YAML and HTML, words between them, and a few Chinese characters.
SIGNS = "\\`*_[]<>&~!#|+-=.()$%:\"' 1a甲，。▶"
texts = st.text(st.sampled_from(SIGNS), max_size=24) | st.text(max_size=24)
KINDS: tuple[MarkKind, ...] = (
    "heading",
    "code",
    "quote",
    "table",
    "list_item",
    "link",
    "article_link",
    "image",
    "divider",
)


def read_back(source: list[str]) -> str:
    return lines.join(markdown_blocks.parse(source))[0]


@st.composite
def marked_texts(draw: st.DrawFn) -> tuple[str, list[Mark]]:
    text = join_lines(draw(st.lists(texts, max_size=8)))
    starts = [match.start() for match in re.finditer("^", text, re.MULTILINE)]
    ends = [match.start() for match in re.finditer("$", text, re.MULTILINE)]
    marks = []
    for _ in range(draw(st.integers(0, 6))):
        kind: MarkKind = draw(st.sampled_from(KINDS))
        whole = draw(st.booleans())
        start = draw(st.sampled_from(starts) if whole else st.integers(0, len(text)))
        end = start
        if kind not in ("image", "divider"):
            end = max(start, draw(st.sampled_from(ends) if whole else st.integers(start, len(text))))
        value = {
            "heading": draw(st.sampled_from(["", "1", "3", "6"])),
            "link": "https://example.org/a_(b)?c=d&e",
            "article_link": "https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv",
            "image": draw(st.sampled_from(["https://example.org/1.png", "data:image/png;base64,", ""])),
            "table": f"{draw(st.integers(1, 2))}.{draw(st.integers(1, 3))}.{draw(st.integers(1, 3))}",
        }.get(kind, "")
        marks.append(Mark(start=start, end=end, kind=kind, value=value))
    return text, marks


def compacted(text: str) -> str:
    return "".join(text.split())


@settings(max_examples=1500, deadline=None)
@given(marked_texts())
@example(("[", []))
@example(("- ---|---\na|b", [Mark(start=0, end=9, kind="list_item")]))
def test_any_text_with_any_marks_reads_back_the_same(given_: tuple[str, list[Mark]]) -> None:
    text, marks = given_
    source = body_lines(blocks_of(text, marks))
    assert compacted(read_back(source)) == compacted(text)
    if not any(mark.kind == "table" for mark in marks):
        # Only a table joins what stands in one of its rows.
        assert read_back(source) == text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("# 不是标题", "\\# 不是标题"),
        ("#话题# 照写", "#话题# 照写"),
        ("- 不是列表", "\\- 不是列表"),
        ("1. 不是列表", "1\\. 不是列表"),
        ("> 不是引用", "\\> 不是引用"),
        ("---", "\\---"),
        ("====", "\\==\\=="),
        ("每天3~5次，10~20分钟", "每天3\\~5次，10\\~20分钟"),
        ("snake_case 和 _斜_", "snake_case 和 \\_斜\\_"),
        ("<script>alert(1)</script>", "&lt;script>alert(1)&lt;/script>"),
        ("3 < 5", "3 < 5"),
        ("&amp; 与 & 之", "\\&amp; 与 & 之"),
        ("[1]: https://example.org", "\\[1\\]: https://example.org"),
        ("$5 与 $6", "\\$5 与 \\$6"),
    ],
)
def test_what_would_be_markup_is_escaped_and_nothing_else(text: str, written: str) -> None:
    assert opened(escape(text)) == written
    assert read_back([written]) == text


def test_structure_survives() -> None:
    text = "一\n二\n丙\n丁\nx = 1\nif x:\n引\n站 时\n北岸 六点"
    at = {line: text.index(line) for line in text.split("\n")}

    def mark(line: str, kind: MarkKind, value: str = "") -> Mark:
        return Mark(start=at[line], end=at[line] + len(line), kind=kind, value=value)

    first, second = at["站 时"], at["北岸 六点"]
    marks = [
        mark("一", "heading", "2"),
        Mark(start=at["二"], end=at["二"], kind="image", value="https://example.org/1.png"),
        mark("丙", "list_item"),
        mark("丁", "list_item"),
        Mark(start=at["x = 1"], end=at["if x:"] + 5, kind="code"),
        mark("引", "quote"),
        Mark(start=first, end=first + 1, kind="table", value="1.1.1"),
        Mark(start=first + 2, end=first + 3, kind="table", value="1.1.2"),
        Mark(start=second, end=second + 2, kind="table", value="1.2.1"),
        Mark(start=second + 3, end=second + 5, kind="table", value="1.2.2"),
    ]
    source = body_lines(blocks_of(text, marks))
    assert "\n".join(source) == (
        "## 一\n\n![](https://example.org/1.png)\n\n二\n\n- 丙\n- 丁\n\n```\nx = 1\nif x:\n```\n\n> 引\n\n"
        "| 站 | 时 |\n| --- | --- |\n| 北岸 | 六点 |"
    )
    back = lines.join(markdown_blocks.parse(source))
    kept = [(m.kind, m.value) for m in back[1] if m.kind not in ("code", "quote")]
    assert back[0] == text
    assert kept == [(m.kind, m.value) for m in marks if m.kind not in ("code", "quote")]


def test_a_fence_is_longer_than_any_in_the_code() -> None:
    block = Block(kind="code", lines=["```", "````x"])
    assert body_lines([block]) == ["`````", "```", "````x", "`````"]
    assert read_back(body_lines([block])) == "```\n````x"


def test_players_are_shown_and_no_text() -> None:
    block = Block(kind="figure", pieces=[Piece("player", text="[海]", url="javascript:alert(1)")])
    assert body_lines([block]) == ["[▶ \\[海\\]]"]
    assert body_lines([Block(kind="paragraph", pieces=[Piece("text", "前"), Piece("player", text="海")])]) == ["前"]


def test_only_web_addresses_become_links() -> None:
    pieces = [Piece("link", "点我", "javascript:alert(1)"), Piece("image", url="file:///etc/passwd")]
    assert body_lines([Block(kind="paragraph", pieces=pieces)]) == ["点我"]


@settings(max_examples=300)
@given(st.text(max_size=60))
def test_front_matter_holds_any_value(text: str) -> None:
    value = join_lines([text])
    document = Document(title="", values={"title": value, "is_original": True}, text="", blocks=[])
    source = render_markdown(document).splitlines()
    assert dict(frontmatter.split(source)[0])["title"] == value


def test_a_slip_cannot_end_its_comment() -> None:
    document = Document(title="", values={"key": "a"}, text="", blocks=[], slip={"x": "--> <script> --!>"})
    comment = render_markdown(document).splitlines()[-1]
    assert comment.startswith("<!-- ")
    assert comment.index("-->") == len(comment) - 3
    assert "--" not in comment[4:-3]
    assert "<script" not in comment


def test_an_entry_of_a_book_has_title_and_who() -> None:
    document = Document(title="# 题", values={"account": "*报*"}, text="", blocks=blocks_of("文", []))
    assert render_book_entry(document) == "# # 题\n\n*\\*报\\**\n\n文\n"
