from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.pages.escapes import Unescaped, unescape_js
from crawler.pages.script import MAX_DEPTH, LazyObject, Value, descend, read_expression


def value(text: str) -> Value:
    return read_expression(text, 0)[0]


@pytest.mark.parametrize(
    ("expression", "meant"),
    [
        ('"" || "a" || "b"', "a"),
        ('""||""|| "2650000218";', "2650000218"),
        ("'1762338600' * 1", "1762338600"),
        ("'' * 1 || 0", "0"),
        ("'灯 &amp; 塔'.html(false)", "灯 & 塔"),
        ("'a&amp;amp;b'.html(false).html(false)", "a&b"),
        ('htmlDecode("R&amp;D")', "R&D"),
        (r"JsDecode('\x3cp\x3e')", "<p>"),
        (r"JsDecode('a\x5cx26b')", "a&b"),
        ("xml ? getXmlValue('bizuin.DATA') || getXmlValue('__biz') : 'MzI=' || ''", "MzI="),
        ("(xml ? getXmlValue('nick_name.DATA') : '名 &amp; 字').html(false)", "名 & 字"),
        ('"1" ? 1 : 0', "1"),
        ('"" ? 1 : 0', "0"),
        ("'true' === 'true'", True),
        ("'' === 'true'", False),
        ("'a' + 'b'", "ab"),
        ("'a'.replace(/\\n/g, '<br>').trim()", "a"),
        ("null", None),
        ("undefined", None),
        ("!0", False),
        ("-12.5", "-12.5"),
        ("window.location.href", None),
        ("function () { return 'x'; }", None),
        ("/* why */ 'a' // because", "a"),
        ('"it\\"s"', 'it"s'),
        ("`back tick`", "back tick"),
    ],
)
def test_expressions(expression: str, meant: Value) -> None:
    assert value(expression) == meant


def test_what_the_pages_code_unescapes_is_marked_so() -> None:
    assert isinstance(value("'a'.html(false)"), Unescaped)
    assert not isinstance(value("'a'"), Unescaped)


def test_objects_and_arrays() -> None:
    assert value("{a: 'x', 'b c': [1, {d: true}, ], e: f(1, {g: 2}), 7: 'seven',}") == {
        "a": "x",
        "b c": ["1", {"d": True}],
        "e": None,
        "7": "seven",
    }


def test_an_expression_ends_before_the_next() -> None:
    text = "'a' || 'b', c = 'd'; e"
    assert read_expression(text, 0) == ("a", text.index(","))


@pytest.mark.parametrize("text", ["", "{", "[", "(", "'", "{a", "{a:", "[1,", "{a: 'b", "{'a", "xml ? 'a'", "f(", "!"])
def test_what_breaks_off_is_read_as_far_as_it_goes(text: str) -> None:
    found, end = read_expression(text, 0)
    assert end <= len(text) + 1
    assert found in (None, "", True, {}, [], ["1"], {"a": None}, {"a": "b"}) or found == "a"


def test_a_lazy_object_reads_what_is_asked_for() -> None:
    text = r"x = {a: {b: JsDecode('\x26')}, list: [1], title: 't', title: 'second', empty: ''}; y"
    found = LazyObject(text, text.index("{"))
    assert found.get("a.b") == "&"
    assert found.text("title") == "t"
    assert found.text("empty") is None
    assert found.get("list") == ["1"]
    assert found.get("list.b") is None
    assert found.get("absent.b") is None
    assert "a" in found
    assert "absent" not in found
    assert text[found.end :] == "; y"


def test_braces_in_strings_do_not_count() -> None:
    text = r"{a: '}{', b: 'it\'s }', c: 1}"
    assert value(text) == {"a": "}{", "b": "it's }", "c": "1"}


def test_descend_stops_where_nothing_is() -> None:
    assert descend({"a": {"b": "c"}}, "a.b") == "c"
    assert descend({"a": "b"}, "a.b") is None
    assert descend("a", "") == "a"


def test_nesting_beyond_the_limit_is_passed_over() -> None:
    deep = "[" * (MAX_DEPTH * 3) + "'x'" + "]" * (MAX_DEPTH * 3)
    assert read_expression(deep + ";", 0)[1] == len(deep)
    assert value("!" * 100_000) in (True, False)
    assert value("(" * 100_000) is None


# Taking time with the square of the length, these would run for hours.
@pytest.mark.parametrize(
    "text",
    [
        "[" + "/*," * 200_000,
        "'" + "\\" * 400_001,
        "{" + "a:{" * 200_000,
        "a" + " " * 400_000 + "b",
        "'a'" + "+'a'" * 200_000,
        "'a'" + "||''" * 200_000,
        "{" + "'k'" * 200_000,
        "x" + ".y" * 200_000,
        "{a: " + "'b' " * 200_000,
    ],
    ids=lambda text: text[:8],
)
def test_hostile_text_is_read_in_one_pass(text: str) -> None:
    assert read_expression(text, 0)[1] <= len(text) + 1
    assert LazyObject("{" + text, 0).end <= len(text) + 1


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@settings(deadline=None)
@given(json_values)
def test_json_reads_as_itself(given_value: Any) -> None:
    assert value(json.dumps(given_value)) == given_value


@settings(deadline=None)
@given(json_values)
def test_json_in_ascii_or_not_is_the_same(given_value: Any) -> None:
    assert value(json.dumps(given_value, ensure_ascii=False)) == given_value


@settings(deadline=None)
@given(st.text(alphabet="{}[]()'\"`\\,;:.?|&!=+-*/ \nabxml01", max_size=200), st.integers(0, 20))
def test_nothing_raises_and_no_place_is_outside(text: str, start: int) -> None:
    end = read_expression(text, min(start, len(text)))[1]
    assert end <= len(text) + 1
    assert isinstance(LazyObject("{" + text, 0).get("a"), (str, bool, list, dict, type(None)))


@settings(deadline=None)
@given(st.text())
def test_a_quoted_text_is_that_text(text: str) -> None:
    quoted = "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
    assert value(quoted) == unescape_js(quoted[1:-1])
