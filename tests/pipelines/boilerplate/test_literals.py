"""Which words a pattern needs, and finding them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.boilerplate.literals import LiteralScanner, required_literals


@pytest.mark.parametrize(
    ("pattern", "literals"),
    [
        ("关注我们", {"关注我们"}),
        (".{0,9}(?:扫码|长按).{0,9}", {"扫码", "长按"}),
        ("(?:点击)?关注", {"关注", "点击关注"} & {"关注"}),
        ("[甲乙]丙", {"甲丙", "乙丙"}),
        ("(?=.*联系).*", {"联系"}),
        (".*", set()),
        ("(?:甲|.)", set()),
        (r"\d{4}", set()),
    ],
)
def test_required_literals(pattern: str, literals: set[str]) -> None:
    assert required_literals(pattern) == literals


# One character beyond U+FFFF among them: offsets are of characters. A pattern may name what no folded text holds.
WORDS = st.lists(st.text(alphabet="甲乙𠮷\ud800", min_size=1, max_size=5), max_size=6)


@given(WORDS, st.text(alphabet="甲乙𠮷丁", max_size=30))
def test_every_literal_is_found_and_no_other(words: list[str], text: str) -> None:
    scanner = LiteralScanner(words)
    assert scanner.find(text) == {word for word in words if word in text}
    places = scanner.places(text)
    assert [place for place, _ in places] == sorted(place for place, _ in places)
    assert set(places) == {(i, w) for w in words for i in range(len(text)) if text.startswith(w, i)}


@given(
    st.lists(st.sampled_from(["甲", "(?:乙|丙丁)", "[丙丁]", "戊?", ".", "(?:己庚)+"]), min_size=1, max_size=5),
    st.text(alphabet="甲乙丙丁戊己庚", max_size=12),
)
def test_where_a_pattern_matches_one_of_its_literals_stands(parts: list[str], text: str) -> None:
    pattern = "".join(parts)
    literals = required_literals(pattern)
    if literals and re.fullmatch(pattern, text):
        assert any(literal in text for literal in literals)
