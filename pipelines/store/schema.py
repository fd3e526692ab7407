"""The SQL of the schema, kept as files in `sql/`, and what a schema consists of."""

from __future__ import annotations

import sqlite3
import tomllib
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from sqlite3 import Connection


def statements(name: str) -> Iterator[str]:
    """The statements of a file in `sql/`, one by one (executescript() would commit the transaction that it is in)."""
    statement = ""
    for line in files(__package__).joinpath("sql", name).read_text("utf-8").splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def named_queries() -> dict[str, dict[str, str]]:
    """Queries that people ask of an archive, by name: `title`, `description`, `sql`."""
    return tomllib.loads(files(__package__).joinpath("sql", "queries.toml").read_text("utf-8"))


def relations(db: Connection) -> dict[str, list[str]]:
    """The tables and views of a database, and the columns of each."""
    names = db.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY name").fetchall()
    query = "SELECT name FROM pragma_table_info(?) ORDER BY cid"
    return {name: [row[0] for row in db.execute(query, (name,))] for (name,) in names}


def view_names(db: Connection) -> list[str]:
    """The views of a database, in the order in which they were made."""
    return [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'view' ORDER BY rowid")]
