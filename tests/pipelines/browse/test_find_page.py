"""What readers fill in on the search page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.browse.find import Asked, asked, find
from pipelines.browse.site import PageError, Site

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ("q", "account", "since", "until", "kind", "status", "unique", "sort", "page")


@given(st.dictionaries(st.sampled_from(NAMES), st.text(max_size=30)))
def test_whatever_is_filled_in_is_understood_or_refused_with_a_sentence(given_: dict[str, str]) -> None:
    try:
        what = asked(given_)
    except PageError as error:
        refusal = error
    else:
        assert asked({name: str(value) for name, value in what.terms.items()}) == what
        return
    assert (refusal.status, bool(str(refusal))) == (400, True)


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ({}, Asked()),
        ({"q": " 渡口 "}, Asked(q="渡口")),
        ({"since": "2024", "until": "2024"}, Asked(since="2024-01-01", until="2024-12-31")),
        ({"since": "2024-02-03", "sort": "date"}, Asked(since="2024-02-03", sort="date")),
        ({"page": "3", "unique": "1", "kind": "video"}, Asked(page=3, unique=True, kind="video")),
    ],
)
def test_what_is_filled_in(terms: dict[str, str], expected: Asked) -> None:
    assert asked(terms) == expected


@pytest.mark.parametrize(
    "terms",
    [
        {"page": "0"},
        {"page": "501"},
        {"page": "9" * 400},
        {"page": "²"},
        {"kind": "novel"},
        {"status": "gone' OR 1"},
        {"since": "yesterday"},
        {"until": "2024-13-01"},
        {"q": "长" * 501},
    ],
)
def test_nonsense_is_refused(terms: dict[str, str]) -> None:
    with pytest.raises(PageError):
        asked(terms)


def test_filters_narrow_a_search_and_the_counts_say_where_to(database: Path) -> None:
    with Site(path=database).reading() as db:
        found = find(db, asked({"q": "渡"}))
        assert (found["total"], len(found["hits"]), found["after"]) == (30, 20, "/-/find?q=%E6%B8%A1&page=2")
        years = {value: (number, path) for value, number, path in found["facets"]["year"]}
        number, path = years["2024"]
        assert path == "/-/find?q=%E6%B8%A1&since=2024-01-01&until=2024-12-31"
        assert find(db, asked({"q": "渡", "since": "2024", "until": "2024"}))["total"] == number
        assert set(found["facets"]) == {"year"}, "what does not tell articles apart is no facet"
        last = find(db, asked({"q": "渡", "page": "2"}))
        assert (len(last["hits"]), last["after"], last["before"]) == (10, "", "/-/find?q=%E6%B8%A1")


def test_without_words_the_latest_come_first(database: Path) -> None:
    with Site(path=database).reading() as db:
        listed = find(db, asked({}))["listed"]
        days = [one.published_on for one in listed]
        assert (len(days), days) == (20, sorted(days, reverse=True))
        paper = find(db, asked({"account": "集市小报"}))
        assert [one.account for one in paper["listed"]] == ["集市小报"]
        assert "<svg" in paper["chart"]


def test_an_account_that_is_not_there_is_said_with_those_that_are_like_it(database: Path) -> None:
    with Site(path=database).reading() as db:
        assert find(db, asked({"account": "江边"}))["problem"] == "No account is called 江边. Did you mean 江边晨报?"
        assert find(db, asked({"account": "无此号"}))["problem"] == "No account is called 无此号."


def test_a_query_that_asks_for_nothing_is_said(database: Path) -> None:
    with Site(path=database).reading() as db:
        found = find(db, asked({"q": "\u200b"}))
        assert found["problem"]
        assert found["hits"] == []
