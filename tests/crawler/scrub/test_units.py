from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.scrub.units import plain, units, written


@given(st.text(max_size=200))
def test_units_are_the_whole_text(text: str) -> None:
    assert "".join(unit.raw for unit in units(text)) == text
    assert "".join(unit.char for unit in units(text)) == plain(text)


@pytest.mark.parametrize(
    ("raw", "meant"),
    [
        (r"\x26amp;渡", "&渡"),
        ("&nbsp;渡", "\xa0渡"),
        (r"\u6e21口", "渡口"),
        ("&#x6e21;&#21475;", "渡口"),
        (r"a\nb", "a b"),
        ("&amp;quot;", '"'),
        ("&notanent;", " "),
    ],
)
def test_escapes_are_undone(raw: str, meant: str) -> None:
    assert plain(raw) == meant


@pytest.mark.parametrize(("raw", "made"), [(r"\u6e21", r"\u6865"), ("&#x6e21;", "&#x6865;"), ("&#28193;", "&#26725;")])
def test_a_fake_is_escaped_like_what_it_replaces(raw: str, made: str) -> None:
    (unit,) = units(raw)
    assert written(unit, "桥") == made
    assert written(unit, "渡") == raw
