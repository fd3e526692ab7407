"""Search finds what brute force finds, whatever is asked, and ranks, filters and shows it."""

from __future__ import annotations

import random
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from readings import BIZ, START, article_reading, notice_reading
from searching import PIECES, archive, fields_of, holds, store

from crawler.items import Account, Capture
from crawler.pages.document import Limits
from crawler.sources import FileSource
from pipelines.boilerplate.ruleset import load_rules
from pipelines.derive import Deriver
from pipelines.search.fold import fold
from pipelines.search.query import FIELDS, LONGEST_QUERY, QueryError, parse, quoted
from pipelines.store.database import connect, open_for_writing
from pipelines.store.search import accounts_named, article_ids, search, statement
from pipelines.store.search_sql import Filters

if TYPE_CHECKING:
    from collections.abc import Iterator
    from sqlite3 import Connection

    from sqlite_utils import Database

    from crawler.items import Reading

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures"
QUERIES = st.lists(
    st.sampled_from(
        [*PIECES, "山水", "日报", " OR ", " AND ", " NOT ", " -", "(", ")", '"', "*", " title:", " account:", " "]
    ),
    min_size=1,
    max_size=12,
).map("".join)


def read_fixtures() -> list[Reading]:
    deriver = Deriver(Limits(), load_rules())
    return [deriver.derive(found) for found in FileSource([FIXTURES]) if isinstance(found, Capture)]


@pytest.fixture(scope="module")
def mixed() -> Iterator[Connection]:
    """The fixtures and two hundred invented articles, read-only."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "articles.db"
        with closing(open_for_writing(path)) as db:
            store(db.conn, [*read_fixtures(), *archive(200)])
        with closing(connect(path, read_only=True)) as db:
            yield db.conn


def substrings(db: Connection, count: int) -> list[str]:
    """Parts of titles and bodies as they are written, 1 to 12 characters long, with something to see."""
    rng = random.Random(5)
    texts = [text for row in db.execute("SELECT title, body FROM articles") for text in row if text]
    made: list[str] = []
    while len(made) < count:
        text = rng.choice(texts)
        start = rng.randrange(len(text))
        part = text[start : start + 1 + len(made) % 12]
        if fold(part):
            made.append(part)
    return made


def brute(db: Connection, query: str) -> list[int]:
    tree = parse(query)
    return sorted(number for number, fields in fields_of(db).items() if holds(tree, fields))


def test_any_part_of_any_text_is_found_where_brute_force_finds_it(mixed: Connection) -> None:
    articles = fields_of(mixed)
    for part in substrings(mixed, 500):
        expected = [n for n, fields in articles.items() if any(fold(part) in one for f in FIELDS for one in fields[f])]
        assert expected
        assert article_ids(mixed, quoted(part)) == sorted(expected), part


def test_what_is_nowhere_is_not_found(mixed: Connection) -> None:
    rng = random.Random(6)
    everything = "\n".join(one for fields in fields_of(mixed).values() for values in fields.values() for one in values)
    absent = ["".join(rng.sample(part, len(part))) for part in substrings(mixed, 2000) if len(part) > 3]
    absent = [part for part in absent if fold(part) and fold(part) not in everything]
    assert len(absent) >= 200
    for part in absent[:200]:
        assert article_ids(mixed, quoted(part)) == [], part


@pytest.fixture(scope="module")
def small() -> Iterator[Connection]:
    """Forty invented articles, read-only."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "articles.db"
        with closing(open_for_writing(path)) as db:
            store(db.conn, archive(40, seed=2))
        with closing(connect(path, read_only=True)) as db:
            yield db.conn


@settings(max_examples=300, deadline=None)
@given(QUERIES | st.text(max_size=50))
def test_any_query_is_answered_as_brute_force_answers_it(small: Connection, query: str) -> None:
    db = small
    try:
        expected = brute(db, query)
    except QueryError:
        with pytest.raises(QueryError):
            search(db, query)
        return
    assert article_ids(db, query) == expected
    found = search(db, query, limit=None)
    assert sorted(hit.id for hit in found.hits) == expected
    assert found.total == len(expected)
    rows = db.execute(statement(db, query, limit=None)).fetchall()
    assert [row[0] for row in rows] == [hit.key for hit in found.hits]


@pytest.fixture
def some(db: Database) -> Connection:
    """A few articles to rank and to filter."""
    paper, other = Account(biz=BIZ, name="集市小报"), Account(name="河边晚报")
    store(
        db.conn,
        [
            article_reading("1", "村里开会，讲到扶贫。" + "水" * 60, title="开会", account=paper, published=START),
            article_reading("2", "村里又开会。" + "山" * 60, title="扶貧的事", account=paper),
            article_reading(
                "3", "扶贫扶贫扶贫，说了三遍。" + "风" * 50, account=other, published=START.replace(year=2020)
            ),
            article_reading("4", "没有那个词的一篇。" + "雨" * 50, title="GPT-4o 与 CVE-2024-38077", account=other),
            article_reading("5", "说了三遍。" + "雪" * 50, key=f"mp:{BIZ}:5:1", title="删了的扶贫", account=paper),
            notice_reading("6", "deleted", key=f"mp:{BIZ}:5:1", day=3),
        ],
    )
    return db.conn


def titles(db: Connection, query: str, **options: object) -> list[str]:
    return [hit.title.text for hit in search(db, query, **options).hits]  # type: ignore[arg-type]


def test_a_hit_in_the_title_is_above_one_in_the_body(some: Connection) -> None:
    assert set(titles(some, "扶贫")[:2]) == {"扶貧的事", "删了的扶贫"}
    assert len(titles(some, "扶贫")) == 4


def test_by_date_the_latest_is_first_and_what_has_none_last(some: Connection) -> None:
    assert titles(some, "扶贫", sort="date")[:2] == ["开会", "扶贫扶贫扶贫，说了三遍。"]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(since="2021-01-01"), {"开会"}),
        (Filters(until="2021-01-01"), {"扶贫扶贫扶贫，说了三遍。"}),
        (Filters(since="2020-05-01", until="2020-05-01"), {"扶贫扶贫扶贫，说了三遍。"}),
        (Filters(statuses=("deleted",)), {"删了的扶贫"}),
        (
            Filters(statuses=("deleted", "available"), kinds=("article",)),
            {"开会", "扶貧的事", "扶贫扶贫扶贫，说了三遍。", "删了的扶贫"},
        ),
        (Filters(kinds=("video",)), set()),
    ],
)
def test_filters(some: Connection, filters: Filters, expected: set[str]) -> None:
    assert set(titles(some, "扶贫", filters=filters)) == expected


def test_accounts_are_found_by_any_of_their_names_and_filter(some: Connection) -> None:
    (paper,) = accounts_named(some, "集市小報")
    assert accounts_named(some, BIZ) == [paper]
    assert accounts_named(some, "集市") == []
    assert len(titles(some, "扶贫", filters=Filters(accounts=(paper,)))) == 3
    assert set(titles(some, "account:晚报")) == {"扶贫扶贫扶贫，说了三遍。", "GPT-4o 与 CVE-2024-38077"}
    assert titles(some, "account:晚报 扶贫") == ["扶贫扶贫扶贫，说了三遍。"]
    assert titles(some, "晚报 -扶贫") == ["GPT-4o 与 CVE-2024-38077"]


def test_an_account_that_is_renamed_is_found_by_both_names(some: Connection) -> None:
    former = len(titles(some, "account:集市小报"))
    store(some, [article_reading("7", "改名以后的一篇。" * 5, day=9, account=Account(biz=BIZ, name="集市大报"))])
    assert len(titles(some, "account:集市小报")) == len(titles(some, "account:集市大报")) == former + 1


def test_a_query_that_only_excludes_gives_all_others(some: Connection) -> None:
    assert set(titles(some, "-扶贫")) == {"GPT-4o 与 CVE-2024-38077"}
    assert set(titles(some, "NOT account:小报 -三遍")) == {"GPT-4o 与 CVE-2024-38077"}


def test_fields(some: Connection) -> None:
    assert set(titles(some, "扶贫", fields=frozenset({"title"}))) == {"扶貧的事", "删了的扶贫"}
    assert titles(some, "title:gpt") == ["GPT-4o 与 CVE-2024-38077"]
    assert titles(some, "body:gpt") == []


def test_duplicates_are_left_out_on_demand(db: Database) -> None:
    text = "同一篇文章，讲的是扶贫，两个号都发了，一个字也没有改。" * 8
    store(db.conn, [article_reading(str(n), text, key=f"mp:{BIZ}:{n}:1", published=START) for n in (1, 2)])
    hits = search(db.conn, "扶贫").hits
    assert [hit.duplicate_of for hit in hits] in ([None, hits[0].key], [hits[1].key, None])
    assert [hit.duplicate_of for hit in search(db.conn, "扶贫", filters=Filters(unique=True)).hits] == [None]


def test_pages_follow_each_other(some: Connection) -> None:
    whole = titles(some, "扶贫", limit=None)
    pages = [search(some, "扶贫", limit=3, offset=start) for start in (0, 3, 6)]
    assert [hit.title.text for page in pages for hit in page.hits] == whole
    assert [page.total for page in pages] == [4, 4, 4]


def test_hits_say_where(some: Connection) -> None:
    hit = search(some, "title:扶贫 开会").hits[0]
    assert [hit.title.text[a:b] for a, b in hit.title.marks] == ["扶貧"]
    assert [hit.snippet.text[a:b] for a, b in hit.snippet.marks] == ["开会"]
    assert (hit.account, hit.kind, hit.status) == ("集市小报", "article", "available")


def test_the_same_hits_in_the_same_order_whatever_was_read_first() -> None:
    def ranked(readings: list[Reading]) -> list[str]:
        with tempfile.TemporaryDirectory() as folder, closing(open_for_writing(Path(folder) / "a.db")) as db:
            store(db.conn, [replace(reading) for reading in readings])
            return [hit.key for word in ("春", "扶贫", "-春", "，") for hit in search(db.conn, word, limit=None).hits]

    readings = archive(30)
    assert ranked(readings) == ranked(readings[::-1])


def test_the_longest_query_is_answered(mixed: Connection) -> None:
    number, body = mixed.execute("SELECT id, body FROM articles ORDER BY length(body) DESC LIMIT 1").fetchone()
    query = quoted(body.replace('"', "")[:LONGEST_QUERY] if '"' in body else body[: LONGEST_QUERY - 2])
    assert article_ids(mixed, query) == brute(mixed, query)
    assert number in brute(mixed, quoted(body[:100]))
    assert article_ids(mixed, " ".join(["，", *(f"没有{n}" for n in range(30))])) == []
    assert article_ids(mixed, " OR ".join(["春", *(f"没有{n}" for n in range(30))])) == article_ids(mixed, "春")


def test_a_statement_is_plain_sql(some: Connection, tmp_path: Path) -> None:
    sql = statement(some, '扶貧 -"o\'clock"', filters=Filters(kinds=("article",), since="2000-01-01"), limit=5)
    path = some.execute("PRAGMA database_list").fetchone()[2]
    with closing(sqlite3.connect(path)) as plain:
        assert {row[3] for row in plain.execute(sql)} == {"开会", "扶贫扶贫扶贫，说了三遍。"}
