"""What Datasette is told of the archive: titles, descriptions, facets, queries by name, columns not shown at first.

The words are in metadata.toml, the queries in pipelines/store/sql/queries.toml; both are plain data.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.store.schema import named_queries

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

DATABASE = "archive"  # what the database is called in URLs, whatever its file is called
# What the words of one table may be, besides its columns.
_HIDDEN_COLUMNS = "hidden_columns"


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("metadata.toml").read_text("utf-8"))


def described_columns(table: str) -> dict[str, str]:
    """The meanings of column names in `table`: its own, and before them those that are the same everywhere."""
    words = _words()
    shared: dict[str, str] = words["columns"]
    own: dict[str, str] = words["tables"].get(table, {}).get("columns", {})
    return shared | own


def described_tables() -> dict[str, dict[str, Any]]:
    """Every table and view that is described: `title`, `description`, `facets`, `columns`, ..."""
    tables: dict[str, dict[str, Any]] = _words()["tables"]
    return tables


def hidden_columns() -> dict[str, tuple[str, ...]]:
    """Of each table the columns that are shown only when they are asked for: texts, packed values."""
    tables = described_tables()
    return {name: tuple(words[_HIDDEN_COLUMNS]) for name, words in tables.items() if _HIDDEN_COLUMNS in words}


def metadata(relations: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Datasette's metadata for an archive that has these tables and views (name -> columns)."""
    words = _words()
    return {
        "title": words["title"],
        "description": words["description"],
        "databases": {
            DATABASE: {
                "title": "Tables and queries",
                "description": words["description"],
                "tables": {name: _table(name, columns) for name, columns in relations.items()},
                "queries": named_queries(),
            }
        },
    }


def _table(name: str, columns: Sequence[str]) -> dict[str, Any]:
    given = {key: value for key, value in described_tables().get(name, {}).items() if key != _HIDDEN_COLUMNS}
    meanings = described_columns(name)
    shown = {column: meanings[column] for column in columns if column in meanings}
    facets = [column for column in given.get("facets", ()) if column in columns]
    return given | {"columns": shown, "facets": facets, "hidden": _is_hidden(name)}


def contents(relations: Mapping[str, Sequence[str]], views: Sequence[str]) -> dict[str, list[tuple[str, str, str]]]:
    """What there is to look at: `queries`, `views` and `tables`, each as name, title, description; no hidden ones."""
    described = described_tables()

    def entries(names: Iterable[str]) -> list[tuple[str, str, str]]:
        shown = [(name, described.get(name, {})) for name in names]
        return [(name, words.get("title", name), words.get("description", "")) for name, words in shown]

    tables = [name for name in relations if name not in views and not _is_hidden(name)]
    order = {name: place for place, name in enumerate(described)}
    queries = [(name, query["title"], query["description"]) for name, query in named_queries().items()]
    return {
        "queries": queries,
        "views": entries(sorted(views, key=lambda name: order.get(name, len(order)))),
        "tables": entries(sorted(tables, key=lambda name: order.get(name, len(order)))),
    }


def _is_hidden(table: str) -> bool:
    return bool(described_tables().get(table, {}).get("hidden", table.startswith(("search_", "sqlite_"))))
