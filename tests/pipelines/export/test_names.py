"""Names of files: portable, stable, never too long, never two alike."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.export.names import LONGEST, names_of, portable


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("2024-05-01 集市小报 - 今天的集市", "2024-05-01 集市小报 - 今天的集市"),
        ('a/b\\c:d*e?f"g<h>i|j', "a／b＼c：d＊e？f＂g＜h＞i｜j"),
        ("CON", "_CON"),
        ("con.txt", "_con.txt"),
        ("console", "console"),
        ("lpt¹", "_lpt¹"),
        (".hidden.", "hidden"),
        ("..", "_"),
        ("", "_"),
        (" \u3000 ", "_"),
        ("一\n二\t三", "一 二 三"),
        ("\u202e反写\u200b", "反写"),
        ("\x1b[31m红", "[31m红"),
        ("e\u0301", "é"),
    ],
)
def test_names_are_portable(name: str, made: str) -> None:
    assert portable(name) == made


@given(st.text(max_size=200), st.integers(8, LONGEST))
@example("👨‍👩‍👧" * 30, 60)
@example("e\u0323\u0301" * 60, 61)
def test_any_name_is_portable(name: str, limit: int) -> None:
    made = portable(name, limit)
    assert 0 < len(made.encode()) <= limit
    assert unicodedata.is_normalized("NFC", made)
    assert not set(made) & set('/\\:*?"<>|\x00\n\r\t')
    assert made == made.strip(" .")
    assert portable(made, limit) == made


def test_names_tell_day_account_and_title() -> None:
    made = names_of([("k1", "2024-05-01", "集市小报", "集市"), ("k2", None, None, "无题")], ".md")
    assert made == {"k1": "2024-05-01 集市小报 - 集市.md", "k2": "undated 无题.md"}


def test_names_that_are_alike_get_a_suffix_of_their_key() -> None:
    rows = [
        ("k1", "2024-05-01", "报", "Title"),
        ("k2", "2024-05-01", "报", "TITLE"),
        ("k3", "2024-05-01", "报", "Ｔitle"),
    ]
    made = names_of(rows, ".md")
    assert len({name.casefold() for name in made.values()}) == 3
    assert made == names_of(rows[::-1], ".md")
    assert all(name.startswith("2024-05-01 报 - ") for name in made.values())


@given(
    st.lists(
        st.tuples(st.none() | st.just("2024-05-01"), st.none() | st.text(max_size=3), st.text("aA甲/", max_size=90)),
        max_size=8,
    )
)
def test_no_two_articles_share_a_name(rows: list[tuple[str | None, str | None, str]]) -> None:
    articles = [(f"text:{number}", *row) for number, row in enumerate(rows)]
    made = names_of(articles, ".html")
    assert len({unicodedata.normalize("NFKC", name).casefold() for name in made.values()}) == len(articles)
    assert all(len(name.encode()) <= LONGEST for name in made.values())
    assert made == names_of(articles[::-1], ".html")
