"""Pages that something else stands around: a server's directive, a header, a programmer's quotes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.items import Article
from crawler.pages import literals, read
from tests.crawler.pages.making import capture

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE = (Path(__file__).parents[3] / "fixtures" / "pages" / "article-2018.html").read_bytes()
WITHOUT_DOCTYPE = PAGE.partition(b"\n")[2]  # begins with WeChat's comment that has tags in it
UNDONE = ["it was stored as a string literal; that was undone"]

AROUND: dict[str, Callable[[bytes], bytes]] = {
    "no doctype": lambda page: page.partition(b"\n")[2],
    "comments": lambda page: b"<!-- saved > here --><!-- and -- there -->\n" + page,
    "byte order mark below empty lines": lambda page: b"\n\n\xef\xbb\xbf" + page,
    "directive of a server": lambda page: b'<%@ page language="java" pageEncoding="UTF-8" %>\n' + page,
    "code of a server": lambda page: b"<?php include 'head.php'; ?>\n" + page,
    "warning of a server": lambda page: b"\nWarning: Undefined index: id in /srv/a.php on line 3\n" + page,
    "template of JavaScript": lambda page: b"var page = `" + page + b"`;\n",
    "header of a response": lambda page: b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page,
}
WRITTEN: dict[str, Callable[[bytes], str]] = {
    "bytes of Python": repr,
    "text of Python": lambda page: repr(page.decode()),
    "JSON": lambda page: json.dumps(page.decode()),
    "JSON, not escaped": lambda page: json.dumps(page.decode(), ensure_ascii=False) + "\n",
}


def read_article(content: bytes) -> tuple[Article, list[str]]:
    """The article, and what was warned of."""
    reading = read(capture(content))
    assert isinstance(reading.found, Article)
    return reading.found, reading.warnings


@pytest.mark.parametrize("around", AROUND.values(), ids=AROUND.keys())
def test_what_stands_around_a_page_is_no_matter(around: Callable[[bytes], bytes]) -> None:
    assert read_article(around(PAGE)) == read_article(PAGE)


@pytest.mark.parametrize("written", WRITTEN.values(), ids=WRITTEN.keys())
def test_a_page_written_as_a_literal_is_read(written: Callable[[bytes], str]) -> None:
    assert read_article(written(WITHOUT_DOCTYPE).encode()) == (read_article(PAGE)[0], UNDONE)


def test_a_literal_that_is_cut_off_is_left_as_it_is() -> None:
    assert literals.undo(repr(PAGE)[:-40].encode()) is None
    assert literals.undo(json.dumps(PAGE.decode())[:-40].encode()) is None


@pytest.mark.parametrize(
    "text", ["'<' 比它小", "“<甲>”说", "b'abc'", '"引文"', "'<p>甲</p>' + x", "'<p>甲</p>', '<p>乙</p>'"]
)
def test_other_text_in_quotes_is_no_page(text: str) -> None:
    assert literals.undo(text.encode()) is None


@given(st.binary(max_size=60), st.sampled_from([b"", b"b'<", b'"<', b"'<", b'b"<p>']))
def test_any_bytes_can_be_asked(content: bytes, start: bytes) -> None:
    undone = literals.undo(start + content)
    assert undone is None or isinstance(undone, bytes)


def test_a_text_about_pages_is_no_page() -> None:
    text = (
        "正文在这个元素里，取它的文字就行：\n"
        '<div class="rich_media_content" id="js_content">\n' + "雨下了一夜，水车还在转。" * 20
    )
    found, _ = read_article(text.encode())
    assert "js_content" in found.full_text


def test_the_inside_of_an_article_alone_is_one() -> None:
    inside = b'<section><p>%s</p><img data-src="https://mmbiz.qpic.cn/a/0?wx_fmt=png"></section>'
    found, _ = read_article(inside % "水车停了三天。".encode())
    assert (found.full_text, found.evidence, len(found.media)) == ("水车停了三天。", "export", 1)
