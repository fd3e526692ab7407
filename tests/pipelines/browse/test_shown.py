from __future__ import annotations

import re
import unicodedata
from html import unescape
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.items import Span
from pipelines.browse.cells import cell, spreadsheet_rows
from pipelines.browse.shown import (
    article_path,
    beijing,
    count,
    external,
    find_path,
    harmless,
    is_external,
    marked,
    with_removed,
)
from pipelines.search.snippet import Marked


class Outline(HTMLParser):
    """The elements and attributes of a piece of markup."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


@given(st.text())
def test_nothing_that_steers_is_left_in_a_harmless_text(text: str) -> None:
    shown = harmless(text)
    assert not [c for c in shown if unicodedata.bidirectional(c) in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI"}]
    assert not [c for c in shown if unicodedata.category(c) == "Cc" and not c.isspace()]


@given(st.text(), st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20))))
def test_marks_add_elements_of_their_own_and_none_of_the_text(text: str, ranges: list[tuple[int, int]]) -> None:
    ordered: list[tuple[int, int]] = []
    for start, end in sorted((min(r), max(r)) for r in ranges):
        if end <= len(text) and (not ordered or start > ordered[-1][1]):
            ordered.append((start, end))
    outline = Outline(marked(Marked(text=text, marks=tuple(ordered))))
    assert outline.tags <= {"mark"}
    assert not outline.attributes


@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs", "Cf", "Cn"])))
def test_a_text_with_removed_spans_has_every_letter_of_it(text: str) -> None:
    middle = len(text) // 2
    spans = [Span(start=middle, end=len(text), kind="credits", rule='x" onclick="y')] if middle < len(text) else []
    markup = with_removed(text, spans)
    assert unescape(re.sub(r"<[^>]*>", "", str(markup))) == text
    assert Outline(markup).attributes <= {"data-kind", "title"}


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "vbscript:x",
        "//example.org",
        "/-/find",
        "https:",
        "http://[bad",
        "mailto:a@b",
        "https://exa mple.org/",
        "",
        None,
    ],
)
def test_what_is_not_of_the_web_is_no_link(url: str | None) -> None:
    assert not is_external(url)
    assert "a" not in Outline(external(url)).tags


def test_a_link_out_tells_nobody_where_from_and_cannot_leave_its_attribute() -> None:
    link = str(external('https://example.org/?q="><script>x</script>', "去 & 看\u202e"))
    assert link.startswith('<a href="https://example.org/?q=&#34;&gt;&lt;script')
    assert 'rel="noreferrer noopener"' in link
    assert ">去 &amp; 看</a>" in link


@given(st.text(min_size=1))
def test_the_path_of_an_article_is_one_segment_that_gives_the_key_back(key: str) -> None:
    try:
        key.encode()
    except UnicodeEncodeError:
        return
    path = article_path(key)
    assert path.count("/") == 3
    assert not set(path) & set(" ?#<>\"'")
    assert unquote(path.removeprefix("/-/article/")) == key


def test_times_are_shown_in_beijing_and_nonsense_as_it_stands() -> None:
    assert ">2024-03-01 00:30</time>" in beijing("2024-02-29T16:30:00Z")
    assert str(beijing("<b>soon")) == "&lt;b&gt;soon"
    assert str(beijing(None)) == ""


def test_paths_of_searches_leave_out_what_is_empty() -> None:
    assert find_path(q="渡 口", account="", page=None, unique=False) == "/-/find?q=%E6%B8%A1+%E5%8F%A3"
    assert find_path() == "/-/find"


def test_counts_agree_in_number() -> None:
    assert [count(n, "article") for n in (0, 1, 2345)] == ["0 articles", "1 article", "2,345 articles"]


def test_cells_lead_to_pages_and_other_values_are_left_to_datasette() -> None:
    assert '<a href="/-/article/mp:a==:1:1">' in str(cell("key", "mp:a==:1:1"))
    assert '<a href="/-/raw/0123' in str(cell("sha256", "0123" * 16))
    assert 'rel="noreferrer noopener"' in str(cell("url", "https://example.org/" + "x" * 200))
    assert str(cell("title", "红\u202e<b>倒")) == "红&lt;b&gt;倒"
    for column, value in (("key", "name:某"), ("title", "平常的标题"), ("id", 3), ("reading", b"\x00"), ("url", None)):
        assert cell(column, value) is None


@given(st.text(), st.text())
def test_no_cell_becomes_an_element_of_the_text(column: str, value: str) -> None:
    found = cell(column, value)
    if found is not None:
        outline = Outline(found)
        assert outline.tags <= {"a"}
        assert outline.attributes <= {"href", "rel", "title"}


def test_spreadsheets_get_no_formula_and_numbers_stay_numbers() -> None:
    rows = 'key,title,change\r\na,"=cmd|\' /C calc\'!A0, 再见",-12\r\nb,+1,3\r\nc,"@x\r\ny",-1.5\r\n'
    expected = "key,title,change\r\na,\"'=cmd|' /C calc'!A0, 再见\",-12\r\nb,'+1,3\r\nc,\"'@x\r\ny\",-1.5\r\n"
    assert spreadsheet_rows(rows) == expected
