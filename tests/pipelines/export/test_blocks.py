"""Blocks of a text: no character is lost, images stand where they stood, tables only where there is data."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.items import Mark, MarkKind, Span
from crawler.pages.content import read_fragment
from crawler.text import join_lines
from pipelines.boilerplate.spans import body_of
from pipelines.export.blocks import Block, blocks_of, cut

KINDS: tuple[MarkKind, ...] = (
    "heading",
    "code",
    "quote",
    "table",
    "list_item",
    "link",
    "image",
    "media",
    "divider",
    "small",
    "account_card",
)


def text_of(blocks: list[Block]) -> str:
    """Every character that the blocks show, in order."""
    shown = []
    for block in blocks:
        shown += block.lines
        shown += [
            piece.text for piece in (*block.pieces, *block.cell_pieces()) if piece.kind not in ("image", "player")
        ]
    return "".join("".join(shown).split())


@st.composite
def marked_texts(draw: st.DrawFn) -> tuple[str, list[Mark]]:
    text = join_lines(draw(st.lists(st.text("甲乙 ab`|", max_size=8), max_size=8)))
    marks = []
    for _ in range(draw(st.integers(0, 8))):
        kind = draw(st.sampled_from(KINDS))
        start = draw(st.integers(0, len(text)))
        end = start if kind in ("image", "media", "divider") else draw(st.integers(start, len(text)))
        value = f"1.{draw(st.integers(1, 3))}.{draw(st.integers(1, 3))}" if kind == "table" else "2"
        marks.append(Mark(start=start, end=end, kind=kind, value=value))
    return text, marks


@settings(max_examples=1000, deadline=None)
@given(marked_texts())
def test_every_character_is_shown_once_and_in_order(given_: tuple[str, list[Mark]]) -> None:
    text, marks = given_
    tables = [mark for mark in marks if mark.kind == "table"]
    in_order = sorted(tables, key=lambda m: tuple(map(int, m.value.split(".")))) == sorted(
        tables, key=lambda m: m.start
    )
    shown = text_of(blocks_of(text, marks))
    assert sorted(shown) == sorted("".join(text.split()))
    if in_order:
        assert shown == "".join(text.split())


@settings(max_examples=500)
@given(marked_texts(), st.data())
def test_cutting_moves_marks_with_their_text(given_: tuple[str, list[Mark]], data: st.DataObject) -> None:
    text, marks = given_
    edges = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6, unique=True)))
    spans = [
        Span(start=a, end=b, kind="contact", rule="contact.x") for a, b in zip(edges[::2], edges[1::2], strict=False)
    ]
    body, moved = cut(text, marks, spans)
    assert body == body_of(text, spans)
    for mark in moved:
        assert 0 <= mark.start <= mark.end <= len(body)
    kept = {offset for offset in range(len(text)) if not any(s.start <= offset < s.end for s in spans)}
    ranged = [mark for mark in marks if mark.start < mark.end and kept & set(range(mark.start, mark.end))]
    assert [m.kind for m in moved if m.start < m.end] == [m.kind for m in ranged]
    for before, after in zip(ranged, (m for m in moved if m.start < m.end), strict=True):
        inside = "".join(text[i] for i in range(before.start, before.end) if i in kept)
        assert body[after.start : after.end] == inside


def test_an_image_that_stood_in_what_was_cut_is_gone() -> None:
    image = Mark(start=3, end=3, kind="image", value="https://example.org/qr.png")
    span = Span(start=1, end=6, kind="follow_prompt", rule="follow_prompt.x")
    assert cut("文\n扫码关注", [image], [span]) == ("文", [])


def test_images_stand_before_their_line_in_it_or_at_the_end() -> None:
    content = read_fragment(
        "<p><img src='https://example.org/0.png'></p><p>甲<img src='https://example.org/1.png'>乙</p>"
        "<hr><p>丙</p><p><img src='https://example.org/2.png'></p>"
    )
    shown = [(b.kind, [p.url or p.text for p in b.pieces]) for b in blocks_of(content.full_text, content.marks)]
    assert shown == [
        ("figure", ["https://example.org/0.png"]),
        ("paragraph", ["甲", "https://example.org/1.png", "乙"]),
        ("divider", []),
        ("paragraph", ["丙"]),
        ("figure", ["https://example.org/2.png"]),
    ]


def table(*rows: str) -> str:
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"


def test_a_table_keeps_rows_columns_and_empty_cells() -> None:
    content = read_fragment(
        "<p>前</p>"
        + table("<th>站</th><th>时</th><th>注</th>", "<td>北岸</td><td></td><td><p>一</p><p>二</p></td>")
        + "<p>后</p>"
    )
    blocks = blocks_of(content.full_text, content.marks)
    assert [block.kind for block in blocks] == ["paragraph", "table", "paragraph"]
    cells = [[["".join(p.text for p in line) for line in cell] for cell in row] for row in blocks[1].rows]
    assert cells == [[["站"], ["时"], ["注"]], [["北岸"], [], ["一 二"]]]


@pytest.mark.parametrize(
    "markup",
    [
        table("<td>一栏</td><td>又一栏</td>"),  # one row
        table("<td>甲</td>", "<td>乙</td>"),  # one column
        table(f"<td>{'长' * 500}</td><td>乙</td>", "<td>丙</td><td>丁</td>"),  # columns of a page
    ],
)
def test_a_table_of_layout_is_none(markup: str) -> None:
    content = read_fragment(markup)
    assert {block.kind for block in blocks_of(content.full_text, content.marks)} == {"paragraph"}


def test_a_table_inside_a_cell_is_text_of_the_outer_one() -> None:
    inner = table("<td>一</td><td>二</td>", "<td>三</td><td>四</td>")
    content = read_fragment(table(f"<td>{inner}</td><td>乙</td>", "<td>丙</td><td>丁</td>"))
    blocks = blocks_of(content.full_text, content.marks)
    assert [block.kind for block in blocks] == ["table"]
    assert text_of(blocks) == "一二三四乙丙丁"


def test_many_nested_quotes_over_many_lines_are_no_burden() -> None:
    text = "\n".join("行" for _ in range(20_000))
    marks = [Mark(start=0, end=len(text), kind="quote") for _ in range(2_000)]
    assert len(blocks_of(text, marks)) == 20_000
