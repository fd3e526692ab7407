"""Which characters begin a pattern's matches, and the search that looks for them first."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.boilerplate.firsts import compile_search, first_characters, longest_match


@pytest.mark.parametrize(
    ("pattern", "characters"),
    [
        ("甲乙", "甲"),
        ("甲?乙", "甲乙"),
        ("(?:甲|[乙丙])丁", "甲乙丙"),
        ("(?<!己)[a-c]{0,3}(?!庚)戊", "abc戊"),
        ("(甲+|乙*)丙", "甲乙丙"),
        ("甲*", ""),  # may match nothing
        (".甲", ""),
        ("[^甲]乙", ""),
        (r"\w甲", ""),
        ("(?i:k)", "kK\u212a"),
        ("(?i:[S甲])", "sS甲\u017f"),
        ("(?i:[Sß])", ""),
        ("(?s:k)", ""),
        ("(?i)k", ""),
        ("[一-龥]", ""),
    ],
)
def test_first_characters(pattern: str, characters: str) -> None:
    assert first_characters(pattern) == frozenset(characters)


def test_white_space_is_spelled_out() -> None:
    assert {" ", "\u3000", "\n", "甲"} <= first_characters(r"\s?甲")


def test_what_is_no_pattern_is_refused() -> None:
    with pytest.raises(re.error):
        first_characters("(甲")


@given(
    st.lists(
        st.sampled_from(["甲", "乙?", "(?:丙|丁甲)", "[甲-]{0,2}", "|", r"\s?", "(?<!甲)", "[^乙]", "(乙)*", "丁$"]),
        min_size=1,
        max_size=5,
    ),
    st.text(alphabet="甲乙丙丁- ", max_size=12),
)
def test_the_search_finds_what_the_pattern_finds(parts: list[str], text: str) -> None:
    pattern = "".join(parts)
    wanted = [match.span() for match in re.finditer(pattern, text)]
    assert [match.span() for match in compile_search(pattern).finditer(text)] == wanted


@given(st.text(alphabet="kKsSiIäÄßẞςσΣ\u0130\u0131\u017f\u212a", min_size=1, max_size=3), st.characters())
def test_whatever_matches_in_either_case_is_told(inside: str, other: str) -> None:
    pattern = f"(?i:[{inside}])"
    known = first_characters(pattern)
    for character in {*inside, *inside.lower(), *inside.upper(), *"kKsSiI\u0130\u0131\u017f\u212aßẞςσΣ", other}:
        if known and re.fullmatch(pattern, character):
            assert character in known


@pytest.mark.parametrize(("pattern", "length"), [("甲乙", 2), ("甲{0,3}(?:乙|丙丁)", 5), ("(?=.*甲)乙?", 1)])
def test_the_longest_match_of_a_pattern(pattern: str, length: int) -> None:
    assert longest_match(pattern) == length


def test_a_pattern_without_end_may_match_any_length() -> None:
    assert longest_match("甲+") > 1_000_000
