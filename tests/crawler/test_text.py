from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from crawler.text import compact, compact_hash, is_visible, join_lines, storable, tidy_line

TEXT = st.text(st.characters(), max_size=60)
ODD = st.text(st.sampled_from(" \t\n\u3000\u200b\ufeff\xad\x00\x07\ud800\ufdd0e\u0301汉"), max_size=30)


@given(st.one_of(TEXT, ODD))
def test_a_tidy_line_is_storable_and_stays_as_it_is(text: str) -> None:
    line = tidy_line(text)
    line.encode("utf-8")
    assert tidy_line(line) == line
    assert not re.search(r"[\n\t\x00]|  ", line)
    assert line == line.strip()


@given(st.one_of(TEXT, ODD))
def test_compacting_drops_what_cannot_be_seen_and_nothing_else_counts(text: str) -> None:
    assert compact(compact(text)) == compact(text)
    assert compact(f" {text}\u200b\n") == compact(text)
    assert compact_hash(text) == compact_hash(f"\ufeff{text} ")
    assert is_visible(text) == bool(compact(text))


@given(st.lists(st.one_of(TEXT, ODD), max_size=8))
def test_a_full_text_has_no_empty_line_and_is_stable(lines: list[str]) -> None:
    joined = join_lines(lines)
    assert all(is_visible(line) for line in joined.split("\n")) or joined == ""
    assert join_lines(joined.split("\n")) == joined


def test_what_no_database_holds_is_left_out_and_the_rest_kept() -> None:
    assert storable("a\x00b\x07c\ud800d") == "abc\ufffdd"
    assert tidy_line(" 一\u3000二\t三 ") == "一 二 三"
    assert tidy_line("e\u0301") == "\xe9"
    assert compact("👨\u200d👩") == "👨👩"


def test_a_mark_that_comes_to_its_letter_by_compacting_composes_with_it() -> None:
    assert compact("A\u200b\u0300") == compact("A \u0300") == compact("A\u0300") == "\xc0"


def test_every_character_without_width_is_dropped_wherever_it_stands() -> None:
    # Of the Unicode character database's Default_Ignorable_Code_Point, less variation selectors and tags.
    ranges = (
        *((0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180E)),
        *((0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0)),
    )
    for first, last in ranges:
        for code in range(first, last + 1):
            assert compact(f"汉{chr(code)}字") == "汉字", hex(code)
            assert compact(f"a{chr(code)}b") == "ab", hex(code)
