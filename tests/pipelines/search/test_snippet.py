from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipelines.search.fold import fold
from pipelines.search.snippet import CUT, LENGTH, Marked, mark, snippet

TEXT = "精準\n扶貧工作会议在县城召开，干部们讨论了产业扶贫的资金，也讨论了道路。"


def found(marked: Marked) -> list[str]:
    return [marked.text[start:end] for start, end in marked.marks]


def test_marks_stand_on_the_letters_as_they_are_written() -> None:
    assert found(mark(TEXT, [fold("准扶贫")])) == ["準\n扶貧"]
    assert found(mark(TEXT, [fold("扶贫"), fold("贫的")])) == ["扶貧", "扶贫的"]
    assert mark(TEXT, [fold("没有")]) == Marked(text=TEXT)


def test_a_short_text_is_shown_whole() -> None:
    assert snippet(TEXT, [fold("资金")]).text == TEXT


def test_a_piece_is_cut_out_where_most_words_stand() -> None:
    text = "道路" + "。" * 500 + TEXT + "。" * 500
    shown = snippet(text, [fold("道路"), fold("资金")])
    assert found(shown) == ["资金", "道路"]
    assert shown.text.startswith(CUT)
    assert shown.text.endswith(CUT)
    assert len(shown.text) <= LENGTH + 2


def test_a_hit_far_into_a_long_text_is_shown() -> None:
    text = "早安，" * 40_000 + "GPT - ４ o 来了" + "，晚安" * 1000
    assert found(snippet(text, [fold("GPT-4o")])) == ["GPT - ４ o"]


def test_without_a_hit_it_is_the_beginning() -> None:
    text = "春" * 300
    assert snippet(text, [fold("夏")]) == Marked(text="春" * LENGTH + CUT)
    assert snippet("", [fold("夏")]) == Marked(text="")
    assert snippet(text, []).marks == ()


def test_a_hit_longer_than_a_piece_is_shown_whole() -> None:
    text = "一" + "二三四五六七八九十" * 30 + "末"
    word = text[5:200]
    assert found(snippet(text, [word])) == [word]


@given(st.text("扶贫貧 \nab1，ＡＢ　", min_size=1, max_size=600), st.data())
def test_a_snippet_is_a_piece_of_the_text_with_nothing_put_in(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    word = fold(text[start : start + data.draw(st.integers(1, 12))])
    shown = snippet(text, [word] if word else [])
    assert shown.text.removeprefix(CUT).removesuffix(CUT) in text
    assert list(shown.marks) == sorted(shown.marks)
    if word:
        assert shown.marks
    for one in found(shown):
        assert word in fold(one)
