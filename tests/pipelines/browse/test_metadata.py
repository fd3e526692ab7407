"""What is said of tables and columns is said of every one that there is, and of no other."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from running import PROJECT

from pipelines.browse import metadata
from pipelines.store.database import open_for_writing
from pipelines.store.schema import named_queries, relations, view_names

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlite_utils import Database

# Parts of the search index and of SQLite itself.
INTERNAL = re.compile(r"search_spaced_|sqlite_")


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = open_for_writing(tmp_path_factory.mktemp("metadata") / "articles.db")
    yield database
    database.close()


def tables_of(db: Database) -> dict[str, list[str]]:
    return {name: columns for name, columns in relations(db.conn).items() if not INTERNAL.match(name)}


def test_every_table_and_view_has_a_title_and_a_description_and_no_other_has(db: Database) -> None:
    described = metadata.described_tables()
    assert set(described) == set(tables_of(db))
    assert [name for name, words in described.items() if not (words["title"] and words["description"])] == []


def test_every_column_is_described_and_no_table_describes_one_that_it_has_not(db: Database) -> None:
    for table, columns in tables_of(db).items():
        meanings = metadata.described_columns(table)
        assert [column for column in columns if not meanings.get(column)] == [], table
        words = metadata.described_tables()[table]
        named = {*words.get("columns", ()), *words.get("facets", ()), *words.get("hidden_columns", ())}
        named |= {words[key] for key in ("sort_desc", "label_column") if key in words}
        assert named <= set(columns), table


def test_columns_that_are_described_everywhere_are_somewhere(db: Database) -> None:
    columns = {column for names in tables_of(db).values() for column in names}
    assert set(metadata.described_columns("")) <= columns


def test_the_documentation_names_every_table_and_column_that_is_shown(db: Database) -> None:
    told = set(re.findall(r"[a-z_0-9]+", (PROJECT / "docs" / "database.md").read_text("utf-8")))
    shown = {n: c for n, c in tables_of(db).items() if not metadata.described_tables()[n].get("hidden")}
    assert set(shown) - told == set()
    views = set(view_names(db.conn))
    columns = {column for name, names in shown.items() if name not in views for column in names}
    assert columns - told == set()


def test_columns_of_packed_values_and_long_texts_are_not_shown_at_first(db: Database) -> None:
    for table, columns in tables_of(db).items():
        types = dict(db.execute("SELECT name, type FROM pragma_table_info(?)", (table,)).fetchall())
        hidden = metadata.hidden_columns().get(table, ())
        is_table_hidden = metadata.described_tables()[table].get("hidden")
        heavy = {c for c in columns if types[c] == "BLOB" or c in ("body", "full_text")}
        assert is_table_hidden or heavy <= set(hidden), table


def test_queries_have_names_of_their_own_and_can_be_asked(db: Database) -> None:
    queries = named_queries()
    assert not set(queries) & set(relations(db.conn))
    for name, query in queries.items():
        assert query["title"], name
        assert query["description"], name
        names = re.findall(r":([a-z]+)", query["sql"])
        assert db.execute(query["sql"], dict.fromkeys(names, "")).fetchall() == []


def test_the_contents_page_leaves_out_what_is_hidden(db: Database) -> None:
    found = metadata.contents(relations(db.conn), view_names(db.conn))
    assert found["views"][0][:2] == ("article_list", "Articles")
    tables = {name for name, _, _ in found["tables"]}
    assert {"articles", "captures", "runs"} <= tables
    assert not {"bands", "search_spaced", "search_spaced_data", "article_list"} & tables


def test_a_table_of_a_later_release_does_not_break_the_pages(db: Database, tmp_path: Path) -> None:
    described = metadata.metadata({"articles": ["id", "brand_new"], "unheard_of": ["x"]})
    tables = described["databases"][metadata.DATABASE]["tables"]
    assert tables["articles"]["facets"] == []
    assert tables["unheard_of"] == {"columns": {}, "facets": [], "hidden": False}
