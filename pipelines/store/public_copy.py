"""A copy of a database that can be published: no raw bytes, no local paths, no tokens of whoever was reading.

What becomes of each column is data (`public_copy.toml`); every text besides is freed of reader's tokens. Ids stay,
rows are written in the order of their primary keys, and nothing of the time of copying gets in: the same database
gives the same bytes.
"""

from __future__ import annotations

import re
import tomllib
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.urls import is_private
from pipelines.store import duplicates, raw, search_index
from pipelines.store.database import open_for_writing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from sqlite3 import Connection

_DATA = tomllib.loads(Path(__file__).with_name("public_copy.toml").read_text("utf-8"))
EMPTIED: frozenset[str] = frozenset(_DATA["emptied"]["tables"])
INTERNAL: frozenset[str] = frozenset(_DATA["internal"]["tables"])
_COLUMNS: dict[str, dict[str, str]] = _DATA["columns"]
_PACKED: dict[str, list[str]] = _DATA["packed"]
_CHOSEN: dict[str, str] = _DATA["chosen"]["special"]
_CHOSEN_BY: dict[str, str] = _DATA["chosen"]["by"]
_URL = re.compile(r"https?(?::|%3a)[^\s\"'<>]+", re.IGNORECASE)
_PARAMETER = re.compile(
    r"(?P<before>[?&;]|\\u0026|%26|%3[fF])(?P<name>[A-Za-z_]{2,30})(?P<equals>=|%3[dD])(?P<value>[^&\s\"'<>#\\%]+)"
)
_WECHAT = re.compile(r"[./](?:qq|wechat)\.com|%2f(?:[a-z.]*\.)?(?:qq|wechat)\.com", re.IGNORECASE)
MASK = "x"


def public_text(text: str) -> str:
    """`text` with the values of reader's tokens in its URLs as `x`, as many as they were: offsets stay right."""
    if "=" not in text and "%3" not in text:
        return text
    return _URL.sub(_masked_url, text)


def _masked_url(match: re.Match[str]) -> str:
    wechat = bool(_WECHAT.search(match[0]))

    def masked(found: re.Match[str]) -> str:
        if not is_private(found["name"], wechat=wechat):
            return found[0]
        return found["before"] + found["name"] + found["equals"] + MASK * len(found["value"])

    return _PARAMETER.sub(masked, match[0])


def tables(db: Connection) -> dict[str, list[tuple[str, str]]]:
    """Table -> its columns (name, declared type), of every table but the search index and SQLite's own."""
    names = [
        row[0]
        for row in db.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
            "AND name NOT LIKE '\\_sqlite%' ESCAPE '\\' AND name NOT LIKE 'search\\_%' ESCAPE '\\' ORDER BY name"
        )
    ]
    return {name: [(row[1], row[2]) for row in db.execute(f"PRAGMA table_info({name})")] for name in names}


def table_rows(db: Connection, table: str, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """The rows of a table in the order of its primary key."""
    names = ", ".join(f't."{column}"' for column in columns)
    return iter(db.execute(f"SELECT {names} FROM {table} AS t ORDER BY {_order(db, table)}"))


def count_rows(db: Connection, table: str) -> int:
    """How many rows a table has."""
    return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def schema_of(db: Connection) -> int:
    """The version of the schema."""
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def make(db: Connection, path: Path, *, ids: Sequence[int] | None, progress: Callable[[int, int], None]) -> None:
    """Writes the copy of `db` to `path`, which is not there; of the articles with `ids` only, if given.

    Of a part, what points at an article outside it points at nothing. Raises sqlite3.Error, DatabaseError.
    """
    with closing(open_for_writing(path)) as opened:
        copy = opened.conn
        copy.execute("PRAGMA foreign_keys=OFF")
        chosen = None
        if ids is not None:
            chosen = "SELECT id FROM temp.chosen"
            for connection in (db, copy):
                connection.execute("CREATE TEMP TABLE chosen (id INTEGER PRIMARY KEY)")
                connection.executemany("INSERT INTO temp.chosen VALUES (?)", [(number,) for number in ids])
        copy.execute("BEGIN IMMEDIATE")
        for trigger in search_index.TRIGGERS:
            copy.execute(f"DROP TRIGGER {trigger}")
        there, ours = tables(db), tables(copy)
        names = [name for name in ours if name in there and name not in EMPTIED]
        for done, name in enumerate(names, 1):
            columns = [column for column in dict(ours[name]) if column in dict(there[name])]
            _copy_table(db, copy, name, columns, chosen)
            progress(done, len(names) + 1)
        _copy_state(db, copy, is_part=chosen is not None)
        copy.commit()
        search_index.rebuild(copy)
        progress(len(names) + 1, len(names) + 1)
        copy.execute("PRAGMA journal_mode=DELETE")
        copy.execute("VACUUM")
        if ids is not None:
            db.execute("DROP TABLE temp.chosen")


def _copy_table(db: Connection, copy: Connection, table: str, columns: Sequence[str], chosen: str | None) -> None:
    replaced = _COLUMNS.get(table, {}) | (_part_columns(columns) if chosen else {})
    packed = [columns.index(name) for name in _PACKED.get(table, ()) if name in columns]
    selected = ", ".join(f'{replaced[c]} AS "{c}"' if c in replaced else f't."{c}"' for c in columns)
    where = f"WHERE {_condition(table, columns)}" if chosen else ""
    rows = db.execute(f"SELECT {selected} FROM {table} AS t {where} ORDER BY {_order(db, table)}")
    names = ", ".join(f'"{column}"' for column in columns)
    marks = ", ".join("?" * len(columns))
    copy.execute(f"DELETE FROM {table}")
    copy.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", (_public_row(row, packed) for row in rows))


def _public_row(row: tuple[Any, ...], packed: Sequence[int]) -> list[Any]:
    values: list[Any] = [public_text(value) if isinstance(value, str) else value for value in row]
    for column in packed:
        if values[column] is not None:
            text = raw.unpack(values[column]).decode("utf-8", "surrogatepass")
            values[column] = raw.pack(public_text(text).encode("utf-8", "surrogatepass"))
    return values


def _part_columns(columns: Sequence[str]) -> dict[str, str]:
    """A duplicate of an article outside the part is none inside it."""
    if "duplicate_of" not in columns:
        return {}
    is_inside = "t.duplicate_of IN (SELECT id FROM temp.chosen)"
    return {name: f"iif({is_inside}, t.{name}, NULL)" for name in ("duplicate_of", "duplicate_kind", "similarity")}


def _condition(table: str, columns: Sequence[str]) -> str:
    if table in _CHOSEN:
        return _CHOSEN[table]
    return next((condition for column, condition in _CHOSEN_BY.items() if column in columns), "1")


def _order(db: Connection, table: str) -> str:
    keys = sorted((row[5], row[1]) for row in db.execute(f"PRAGMA table_info({table})") if row[5])
    return ", ".join(f't."{name}"' for _, name in keys) or "t.rowid"


def _copy_state(db: Connection, copy: Connection, *, is_part: bool) -> None:
    """What says how likeness was derived (of a part it has to be derived anew), and when the schema was made."""
    copy.execute("DELETE FROM state WHERE name = ?", (duplicates.STATE,))
    if not is_part:
        rows = db.execute("SELECT name, value FROM state WHERE name = ?", (duplicates.STATE,)).fetchall()
        copy.executemany("INSERT INTO state VALUES (?, ?)", rows)
    first = db.execute("SELECT min(applied_at) FROM _sqlite_migrations").fetchone()[0]
    copy.execute("UPDATE _sqlite_migrations SET applied_at = ?", (first,))
