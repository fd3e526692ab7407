from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.pages.escapes import js_decode, unescape_html, unescape_js


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"a\x26b\x22", 'a&b"'),
        (r"\u4e2d\u6587", "中文"),
        (r"\u{1F600}", "😀"),
        (r"\ud83d\ude00", "😀"),
        (r"line\nnext\ttab", "line\nnext\ttab"),
        ("one\\\n two", "one two"),
        (r"\'quoted\'", "'quoted'"),
        (r"\\x26", r"\x26"),
        ("plain", "plain"),
        (r"\u{FFFFFFFF}", "u{FFFFFFFF}"),
        (r"\u{110000}", "\ufffd"),
        ("ends with \\", "ends with \\"),
    ],
)
def test_the_inside_of_a_string_literal(written: str, meant: str) -> None:
    assert unescape_js(written) == meant


def test_js_decode_undoes_the_layer_that_the_literal_leaves() -> None:
    assert js_decode(unescape_js(r"a\x5cx26b")) == "a&b"
    assert js_decode("nothing to do") == "nothing to do"


@pytest.mark.parametrize(
    ("escaped", "meant"),
    [
        ("a &amp; b", "a & b"),
        ("&quot;quoted&quot; &#39;too&#39;", "\"quoted\" 'too'"),
        ("twice &amp;quot;escaped&amp;quot;", 'twice "escaped"'),
        ("meant &amp;lt;b&amp;gt;", "meant &lt;b&gt;"),
        ("s?a=1&timestamp=2&lt=3", "s?a=1&timestamp=2&lt=3"),
        ("a&nbsp;b", "a b"),
        ("&#x4e2d;", "中"),
        ("&unknown;", "&unknown;"),
        ("&#1114112;", "\ufffd"),
    ],
)
def test_entities_are_undone_once_and_no_url_is_broken(escaped: str, meant: str) -> None:
    assert unescape_html(escaped) == meant


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_what_json_writes_is_read_back(text: str) -> None:
    assert unescape_js(json.dumps(text)[1:-1]) == text


@settings(deadline=None)
@given(st.text())
def test_nothing_raises(text: str) -> None:
    assert isinstance(unescape_html(unescape_js(text)), str)
    assert isinstance(js_decode(text), str)
