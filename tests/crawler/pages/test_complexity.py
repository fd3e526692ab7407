from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from crawler.pages import complexity, trial
from crawler.pages.complexity import has_many_attributes, is_surely_flat, too_complex
from crawler.pages.document import Limits

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

FEW = Limits(max_depth=20, max_nodes=5000)
NAMES = (  # noqa: SIM905 - a table of words
    "div span p b i a li ul table tr td tbody svg g title desc foreignObject style path form button object h1 h2 html "
    "section font textarea noscript template select math mi rt ruby option dd dl em caption input br image nobr body "
    "annotation-xml"
).split()
PIECES = [
    *(f"<{name}>" for name in NAMES),
    *(f"</{name}>" for name in NAMES),
    *(f"<{name}/>" for name in ("g", "path", "svg", "div", "title", "mi")),
    *("<b a=1>", "<b a=2>", "<a x='>'>", '<a b="', '">', "'>", "<!--", "-->", "<!-->", "--!>", "<![CDATA[", "]]>"),
    *("<!x ", "</ ", ">", "=", "x", "<font color=red>", '<p =x="', "<td x=</div>", "<DIV\f>", "<div\v>"),
    *("<script>", "</script>"),
]


def depth_and_size(html: bytes) -> tuple[int, int]:
    deepest = size = depth = 0
    node: LexborNode | None = LexborHTMLParser(html).root
    while node is not None:
        size += 1
        deepest = max(deepest, depth)
        if node.child is not None:
            node, depth = node.child, depth + 1
            continue
        while node is not None and node.next is None:
            node, depth = (node.parent, depth - 1) if depth else (None, 0)
        node = node.next if node is not None else None
    return deepest, size


def is_flat(html: bytes, limits: Limits = FEW) -> bool:
    return is_surely_flat(complexity._TOKEN.findall(html), limits)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from(PIECES), max_size=6),
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=7),
    st.lists(st.sampled_from(PIECES), max_size=4),
)
def test_what_is_let_through_is_flat_for_the_parser_too(head: list[str], piece: list[str], other: list[str]) -> None:
    html = ("".join(head) + "".join(piece) * 60 + "".join(other) * 60).encode()
    if is_flat(html):
        depth, size = depth_and_size(html)
        # A table's row stands three deeper than the table, and formatting elements in each level.
        assert depth <= 4 * FEW.max_depth
        assert size <= 2 * FEW.max_nodes + 4 * html.count(b"<")


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=8), st.integers(1, 40), st.integers(1, 60))
def test_the_short_way_says_the_same_as_the_long_one(pieces: list[str], times: int, depth: int) -> None:
    tokens = complexity._TOKEN.findall(("".join(pieces) * times).encode())
    limits = Limits(max_depth=depth, max_nodes=500)
    assert is_surely_flat(tokens, limits) is all(map(complexity._Nesting(limits).takes, tokens))


@pytest.mark.parametrize(
    "piece",
    [
        b"<div>",
        b"<div></span>",
        b"<span><div></span>",
        b"<div><!--</div>-->",
        b"<div><!x </div>>",
        b'<div><a b="</div>">',
        b'<div><a =x="></div>">',
        b"<div><style></div></style>",
        b"<div><![CDATA[ </div>",
        b"<svg><td>",
        b"<svg></p><g/>",
        b"<rt>",
        b"<form><div></form>",
        b"<b><div></b>",
        b"<ul><li></ol>",
    ],
)
def test_what_nests_without_end_is_refused(piece: bytes) -> None:
    assert too_complex(b'<html><body><div id="js_content">' + piece * 10_000, Limits()) is not None


def test_formatting_that_would_be_made_anew_in_every_paragraph_is_refused() -> None:
    begun = b"<p>" + b"".join(b"<b a%d>" % number for number in range(390)) + b"</p>"
    assert too_complex(begun + b"<p>x</p>" * 50_000, Limits()) is not None
    inside = begun.replace(b"</p>", b"<object>" + b"</b>" * 390 + b"</object></p>")
    assert too_complex(inside + b"<p>x</p>" * 50_000, Limits()) is not None


def test_sloppy_pages_are_tried_and_let_through() -> None:
    page = b"<body>" + b"<p><b><i>x</b></i>" * 500
    assert not is_flat(page)
    assert too_complex(page, FEW) is None


def test_an_honest_page_is_told_without_a_trial(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "verdict", lambda *_: pytest.fail("tried"))
    row = b"<tr><td>a<p>b<td><ul><li>c<li>d</ul></tr>"
    page = b"<html><body><table>" + row * 200 + b"</table>" + b"<svg><title>x</title><path d='1'/><g></g></svg>" * 300
    assert too_complex(page, FEW) is None


def test_a_trial_that_cannot_be_made_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    assert "could not be tried" in (trial.verdict(b"<p>", FEW) or "")


@pytest.mark.parametrize(
    ("tag", "more"),
    [
        (b"<p " + b"a=1 " * 30 + b">", True),
        (b"<p/" + b"a/" * 30 + b">", True),
        (b"<p x='>' " + b"a='<' " * 30 + b">", True),
        (b'<p x=">" ' + b"a\n" * 30, True),
        (b"<!-- <a b='--><p " + b"a " * 30 + b">", True),
        (b'<p title="' + b"a b " * 30 + b'">', False),
        (b"<p>" + b"some text " * 30 + b"</p>", False),
        (b"<p a=1 b=2>" * 30, False),
    ],
)
def test_attributes_are_counted_in_each_tag(tag: bytes, more: bool) -> None:
    tokens = complexity._TOKEN.findall(b"<html><body>" + tag)
    assert any(has_many_attributes(token[1] or token[4], 20) for token in tokens) is more


def test_an_element_of_far_too_many_attributes() -> None:
    answer = too_complex(b"<p " + b"a " * 100_000 + b">", Limits())
    assert answer is not None
    assert "attributes" in answer


def test_few_tags_are_let_through_however_they_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "verdict", lambda *_: "tried")
    few = complexity.FEW_TAGS * FEW.max_depth
    assert too_complex(b"<div>" * few, FEW) is None
    assert too_complex(b"<div>" * (few + 1), FEW) == "tried"
    # Of a long page of few tags the attributes are counted all the same.
    assert too_complex(b"<div>" * few + b"." * complexity.FEW_BYTES, FEW) is None
    assert too_complex(b"<p " + b"a " * complexity.FEW_BYTES + b">", FEW) is not None


@settings(deadline=None)
@given(st.binary(), st.integers(0, 3))
def test_any_bytes_are_judged(page: bytes, depth: int) -> None:
    assert is_flat(page, Limits(max_depth=depth)) in (True, False)


@pytest.mark.parametrize(
    "piece", [b"<a", b"<a ", b"<!--", b"<![CDATA[", b"<style>", b"<a b='", b"<a b=", b"<a =", b"</", b"<a\n\n\n\n"]
)
def test_a_flood_without_end_is_gone_through_in_the_end(piece: bytes) -> None:
    page = piece * (2_000_000 // len(piece))
    assert complexity._TOKEN.findall(page)
