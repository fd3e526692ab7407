"""Cuts become spans: sorted, apart, with the white space that belongs to them; the text can be rebuilt."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.text import join_lines
from pipelines.boilerplate.spans import Cut, body_of, make_spans, rebuild

TEXT = "甲段。\n乙段。\n丙段。"


def cut(text: str, part: str, kind: str = "contact", rule: str = "contact.a") -> Cut:
    start = text.index(part)
    return Cut(start, start + len(part), kind, rule)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "parts", "body"),
    [
        (TEXT, ["甲段。"], "乙段。\n丙段。"),
        (TEXT, ["乙段。"], "甲段。\n丙段。"),
        (TEXT, ["丙段。"], "甲段。\n乙段。"),
        (TEXT, ["甲段。", "乙段。"], "丙段。"),
        (TEXT, ["乙段。", "丙段。"], "甲段。"),
        (TEXT, ["甲段。", "乙段。", "丙段。"], ""),
        ("甲 乙 丙", ["乙"], "甲 丙"),
        ("甲乙 丙", ["乙"], "甲 丙"),
        ("甲 乙丙", ["乙"], "甲 丙"),
        ("甲乙丙", ["乙"], "甲丙"),
        ("甲 乙\n丙", ["乙"], "甲\n丙"),
        ("甲\n乙 丙", ["乙"], "甲\n丙"),
    ],
)
def test_white_space_goes_with_the_cut(text: str, parts: list[str], body: str) -> None:
    spans = make_spans(text, [cut(text, part) for part in parts])
    assert body_of(text, spans) == body


def test_spans_on_different_lines_stay_apart() -> None:
    spans = make_spans(TEXT, [cut(TEXT, "乙段。"), cut(TEXT, "丙段。")])
    assert [TEXT[s.start : s.end].strip() for s in spans] == ["乙段。", "丙段。"]


def test_touching_spans_of_one_kind_in_one_line_become_one() -> None:
    text = "正文。电话：1 地址：2 编辑：甲"
    cuts = [
        cut(text, "电话：1", rule="contact.a"),
        cut(text, "地址：2", rule="contact.b"),
        cut(text, "编辑：甲", "credits", "credits.a"),
    ]
    spans = make_spans(text, cuts)
    assert [(s.kind, s.rule) for s in spans] == [("contact", "contact.a+contact.b"), ("credits", "credits.a")]
    assert body_of(text, spans) == "正文。"


def test_a_rule_is_named_once() -> None:
    text = "一二三"
    spans = make_spans(text, [Cut(0, 1, "contact", "contact.a"), Cut(1, 2, "contact", "contact.a")])
    assert [s.rule for s in spans] == ["contact.a"]


def test_cuts_outside_the_text_and_overlapping_ones_are_clipped() -> None:
    spans = make_spans(
        "一二三四",
        [Cut(-2, 1, "contact", "contact.a"), Cut(0, 3, "credits", "credits.a"), Cut(2, 99, "contact", "contact.b")],
    )
    assert [(s.start, s.end) for s in spans] == [(0, 1), (1, 3), (3, 4)]


lines = st.lists(st.text(alphabet="甲乙 。ab\u3000", max_size=8), max_size=8)
ranges = st.lists(
    st.tuples(st.integers(0, 70), st.integers(0, 70), st.sampled_from(["contact", "credits"])), max_size=8
)


@given(lines=lines, ranges=ranges)
def test_body_and_spans_rebuild_the_full_text(lines: list[str], ranges: list[tuple[int, int, str]]) -> None:
    text = join_lines(lines)
    spans = make_spans(text, [Cut(a, b, kind, f"{kind}.x") for a, b, kind in ranges])  # type: ignore[arg-type]
    body = body_of(text, spans)
    assert rebuild(body, [(s.start, s.end, text[s.start : s.end]) for s in spans]) == text
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert all(s.start < s.end for s in spans)
    if spans:
        assert body == body.strip()
        assert "\n\n" not in body
        assert "  " not in body


@given(st.text(), ranges)
def test_any_text_is_rebuilt(text: str, ranges: list[tuple[int, int, str]]) -> None:
    spans = make_spans(text, [Cut(a, b, kind, f"{kind}.x") for a, b, kind in ranges])  # type: ignore[arg-type]
    removed = [(s.start, s.end, text[s.start : s.end]) for s in spans]
    assert rebuild(body_of(text, spans), removed) == text


@pytest.mark.parametrize("removed", [[(0, 2, "一")], [(5, 6, "一")], [(0, 1, "一"), (0, 1, "二")]])
def test_pieces_that_do_not_fit_are_refused(removed: list[tuple[int, int, str]]) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        rebuild("正文", removed)
