from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.text import storable
from pipelines.search.fold import fold
from pipelines.search.query import (
    FIELDS,
    LONGEST_QUERY,
    MOST_WORDS,
    All,
    AnyOf,
    Field,
    Node,
    Not,
    QueryError,
    Word,
    parse,
    quoted,
    words,
)

EVERYWHERE = frozenset(FIELDS)
# Pieces that are syntax somewhere.
SYNTAX = st.lists(
    st.sampled_from(
        ["扶贫", "a", "AND", "OR", "NOT", "-", "(", ")", '"', "*", "title:", "body:", ":", " ", "　", "\\", "^"]
    ),
    max_size=40,
).map("".join)


def word(text: str, *fields: Field) -> Word:
    return Word(fold(text), frozenset(fields) or EVERYWHERE)


A, B, C = word("a"), word("b"), word("c")


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("a", A),
        ("a b", All((A, B))),
        ("a　b", All((A, B))),
        ("a AND b", All((A, B))),
        ("a OR b", AnyOf((A, B))),
        ("a b OR c", AnyOf((All((A, B)), C))),
        ("a (b OR c)", All((A, AnyOf((B, C))))),
        ("a -b", All((A, Not(B)))),
        ("a NOT b", All((A, Not(B)))),
        ("a AND NOT b", All((A, Not(B)))),
        ("a OR NOT b", AnyOf((A, Not(B)))),
        ("-a", Not(A)),
        ("NOT -a", A),
        ("-(a b)", Not(All((A, B)))),
        ('"a b"', word("a b")),
        ('-"a b"', Not(word("a b"))),
        ('"a ""b"" c"', word('a "b" c')),
        ("title:a b", All((word("a", "title"), B))),
        ('author:"a b"', word("a b", "author")),
        ("account:(a OR title:b)", AnyOf((word("a", "account"), word("b", "title")))),
        ("-body:a", Not(word("a", "body"))),
        ("a*", A),
        ("a a", A),
        ("((a))", A),
    ],
)
def test_syntax(query: str, tree: Node) -> None:
    assert parse(query) == tree


@pytest.mark.parametrize(
    ("query", "literal"),
    [
        ("GPT-4o", ["gpt-4o"]),
        ("2+X", ["2+x"]),
        ("CVE-2024-38077", ["cve-2024-38077"]),
        ("f(x)", ["f(x)"]),
        ("f(x) g", ["f(x)", "g"]),
        ("(a", ["(a"]),
        ("a)", ["a)"]),
        ("((a)", ["((a)"]),
        ("()", ["()"]),
        (":)", [":)"]),
        ('"a', ['"a']),
        ("OR", ["or"]),
        ("a OR", ["a", "or"]),
        ("AND a", ["and", "a"]),
        ("NOT", ["not"]),
        ("or a and b", ["or", "a", "and", "b"]),
        ("http://example.org", ["http://example.org"]),
        ("title:", ["title:"]),
        ("标题:a", ["标题:a"]),
        ("-", ["-"]),
        ("--json", ["--json"]),
        ("*", ["*"]),
        ("“引号”", ["“引号”"]),
        ("'); DROP TABLE articles; --", ["');", "drop", "table", "articles;", "--"]),
        ("NEAR(a b)", ["near(a", "b)"]),
        ("{title} : a", ["{title}", ":", "a"]),
    ],
)
def test_everything_else_is_taken_as_it_stands(query: str, literal: list[str]) -> None:
    assert [one.folded for one in words(parse(query))] == literal
    assert all(one.fields == EVERYWHERE for one in words(parse(query)))


@pytest.mark.parametrize("query", ["", "  ", '""', "\u200b", '" "', "-\u200b", "\x00"])
def test_nothing_to_search_for(query: str) -> None:
    with pytest.raises(QueryError, match="nothing to search for"):
        parse(query)


def test_too_much_to_search_for() -> None:
    with pytest.raises(QueryError, match=str(LONGEST_QUERY)):
        parse("扶" * (LONGEST_QUERY + 1))
    with pytest.raises(QueryError, match=str(MOST_WORDS)):
        parse(" ".join(f"w{number}" for number in range(MOST_WORDS + 1)))
    assert isinstance(parse("扶" * LONGEST_QUERY), Word)


def test_fields_are_those_asked_for_unless_the_query_says_otherwise() -> None:
    assert parse("a title:b", frozenset({"body"})) == All((word("a", "body"), word("b", "title")))


def nodes(tree: Node) -> list[Node]:
    match tree:
        case Word():
            return [tree]
        case Not(operand=operand):
            return [tree, *nodes(operand)]
        case All(operands=operands) | AnyOf(operands=operands):
            return [tree, *(node for operand in operands for node in nodes(operand))]


@given(SYNTAX | st.text(max_size=200))
def test_every_text_is_a_query_or_too_little(query: str) -> None:
    try:
        tree = parse(query)
    except QueryError:
        # Then nothing of it can be seen; no query that is drawn here is too long.
        assert not fold(re.sub(r'[()"*-]|NOT|AND|OR|title:|body:', "", storable(query)))
        return
    for node in nodes(tree):
        assert not isinstance(node, Word) or (node.folded and node.fields)
        assert not isinstance(node, All | AnyOf) or len(node.operands) > 1


@pytest.mark.parametrize("query", ["(" * 2000, ")" * 2000, "(a" * 600, "-(" * 900 + "a", "NOT " * 31 + "a", '"' * 1999])
def test_deep_and_broken_queries_are_read(query: str) -> None:
    assert parse(query)


@given(st.text(max_size=100))
def test_a_quoted_text_is_looked_for_as_it_stands(text: str) -> None:
    folded = fold(storable(text))
    if folded:
        assert parse(quoted(text)) == Word(folded, EVERYWHERE)
