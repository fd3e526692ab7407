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
