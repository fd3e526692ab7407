from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crawler import text as forms
from crawler.items import Mark
from crawler.pages import lines

CHARACTERS = st.text(alphabet=st.sampled_from("ab中\u0301\u1100\u1161 \t\u3000\u200b\x01é"), max_size=30)


@st.composite
def marked(draw: st.DrawFn) -> tuple[str, list[Mark]]:
    raw = draw(CHARACTERS)
    edges = draw(st.lists(st.tuples(st.integers(0, len(raw)), st.integers(0, len(raw))), max_size=5))
    return raw, [Mark(start=min(edge), end=max(edge), kind="link", value=str(i)) for i, edge in enumerate(edges)]


def test_marks_follow_the_text_through_tidying() -> None:
    text, marks = lines.tidy(
        "  甲 \t 乙\u3000丙 ", [Mark(start=2, end=3, kind="link"), Mark(start=3, end=9, kind="quote")]
    )
    assert text == "甲 乙 丙"
    assert [text[mark.start : mark.end] for mark in marks] == ["甲", "乙 丙"]


def test_a_mark_over_nothing_to_see_is_dropped_and_a_place_stays() -> None:
    text, marks = lines.tidy("甲   ", [Mark(start=1, end=3, kind="link"), Mark(start=4, end=4, kind="image")])
    assert text == "甲"
    assert marks == [Mark(start=1, end=1, kind="image")]


def test_join_leaves_out_empty_lines_but_keeps_their_places() -> None:
    image = lines.Line(text="", marks=[Mark(start=0, end=0, kind="image", value="u")])
    text, marks = lines.join([lines.plain("甲"), image, lines.plain("乙"), image])
    assert text == "甲\n乙"
    assert marks == [Mark(start=2, end=2, kind="image", value="u"), Mark(start=3, end=3, kind="image", value="u")]


@given(marked())
def test_text_is_tidy_and_marks_are_inside(given_line: tuple[str, list[Mark]]) -> None:
    raw, marks = given_line
    text, moved = lines.tidy(raw, marks)
    assert text == forms.tidy_line(raw)
    assert all(0 <= mark.start <= mark.end <= len(text) for mark in moved)


@given(st.lists(marked(), max_size=5))
def test_full_text_is_made_of_the_lines(rows: list[tuple[str, list[Mark]]]) -> None:
    made = []
    for raw, marks in rows:
        text, moved = lines.tidy(raw, marks)
        made.append(lines.Line(text=text, marks=moved))
    text, marks = lines.join(made)
    assert text == forms.join_lines(raw for raw, _ in rows)
    assert all(0 <= mark.start <= mark.end <= len(text) for mark in marks)
