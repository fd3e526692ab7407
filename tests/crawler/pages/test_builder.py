from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.pages.builder import TextBuilder
from crawler.text import join_lines


def test_lines_are_tidy_and_empty_ones_forgotten() -> None:
    text = TextBuilder()
    for run in ("  早 ", " 上\n好", "\xa0"):
        text.add(run)
    text.end_line()
    text.add(" \u200b ")
    text.end_line()
    text.end_line()
    text.add("x")
    assert text.finish() == "早 上 好\nx"


def test_places_become_offsets() -> None:
    text = TextBuilder()
    text.add("一 ")
    start = text.here()
    text.add("二三")
    end = text.here()
    text.add(" ")
    text.end_line()
    text.end_line()
    after = text.behind()
    text.add("  四")
    assert text.finish() == "一 二三\n四"
    assert text.span(start, end) == (2, 4)
    assert text.span(start, after) == (2, 4)
    assert text.offset(text.here()) == len(text.text)


def test_a_place_in_a_forgotten_line_is_that_of_the_next() -> None:
    text = TextBuilder()
    text.add("\u200b")
    place = text.here()
    text.end_line()
    text.add("字")
    text.finish()
    assert text.offset(place) in (0, 1)
    assert text.span(place, place) is None


def test_offsets_hold_where_composition_shortens_a_line() -> None:
    text = TextBuilder()
    text.add("e\u0301a ")
    start = text.here()
    text.add("o\u0308!")
    end = text.here()
    assert text.finish() == "éa ö!"
    assert text.span(start, end) == (3, 5)


runs = st.lists(st.tuples(st.text(max_size=12), st.booleans()), max_size=20)


@settings(deadline=None)
@given(runs)
def test_the_text_is_that_of_join_lines(given_runs: list[tuple[str, bool]]) -> None:
    text = TextBuilder()
    lines = [""]
    for given_run, ends in given_runs:
        # A surrogate that another run completes cannot come from decoded text.
        run = given_run.encode("utf-8", "replace").decode()
        text.add(run)
        lines[-1] += run.replace("\n", " ")
        if ends:
            text.end_line()
            lines.append("")
    assert text.finish() == join_lines(lines)


@settings(deadline=None)
@given(runs)
def test_every_place_is_within_the_text_and_in_order(given_runs: list[tuple[str, bool]]) -> None:
    text = TextBuilder()
    places = [text.here()]
    for run, ends in given_runs:
        text.add(run)
        places += [text.here(), text.behind()]
        if ends:
            text.end_line()
            places += [text.behind(), text.here()]
    whole = text.finish()
    offsets = [text.offset(place) for place in places]
    assert all(0 <= offset <= len(whole) for offset in offsets)
    for start, end in pairwise(places):
        span = text.span(start, end)
        assert span is None or whole[span[0] : span[1]].strip() == whole[span[0] : span[1]] != ""
