"""The search index: every character of title, author and body a token of its own, so that any part can be found.

`search_spaced` is an FTS5 table that keeps no text. Triggers on `articles` note in `search_pending` what changed, with
the text that the index still holds of it; `update` brings the index up to date. The store's connections do that at
every commit(), in the transaction of the change: nothing that writes articles can forget it, an article that is
folded many times in one group is indexed once, and what another tool wrote is found at the next run.
"""

from __future__ import annotations

import json
import logging
import sys
from array import array
from typing import TYPE_CHECKING

from pipelines.search.fold import fold
from pipelines.search.letters import normal_form_version
from pipelines.store.schema import statements

if TYPE_CHECKING:
    from collections.abc import Callable
    from sqlite3 import Connection

logger = logging.getLogger(__name__)

STATE = "search"
# To be raised when the columns of the index, or what is put into them, change.
RELEASE = 1
TRIGGERS = ("search_article_added", "search_article_changed", "search_article_removed")
_WIDE = "utf-32-le" if sys.byteorder == "little" else "utf-32-be"
_BLANK = " ".encode(_WIDE)
_GROUP = 500  # articles whose text is held in memory at once
_INSERT = "INSERT INTO search_spaced (rowid, body, title, author) VALUES (?, ?, ?, ?)"
_DELETE = "INSERT INTO search_spaced (search_spaced, rowid, body, title, author) VALUES ('delete', ?, ?, ?, ?)"


def version() -> str:
    """What makes the index: this code's release, and what the normal form of text depends on."""
    return f"{RELEASE} letters-{normal_form_version()}"


def is_there(db: Connection) -> bool:
    """Is there an index with all that keeps it up to date?"""
    names = ("search_spaced", "search_pending", *TRIGGERS)
    query = f"SELECT count(*) FROM sqlite_master WHERE name IN ({', '.join('?' * len(names))})"
    return bool(db.execute(query, names).fetchone()[0] == len(names))


def made_by(db: Connection) -> str | None:
    """The `version` that made the index; None where there is no index, or none that was made to its end."""
    if not is_there(db):
        return None
    row = db.execute("SELECT value FROM state WHERE name = ?", (STATE,)).fetchone()
    return str(json.loads(row[0])["version"]) if row else None


def spaced(text: str | None) -> str:
    """What the index is given of `text`: its normal form, a blank between every two characters."""
    folded = fold(text) if text else ""
    if not folded:
        return ""
    # " ".join(folded), several times faster: each character is four bytes, as wide as the blanks between them.
    made = array("I", _BLANK * (2 * len(folded) - 1))
    made[::2] = array("I", folded.encode(_WIDE))
    return made.tobytes().decode(_WIDE)


def update(db: Connection) -> int:
    """Indexes what changed, in the caller's transaction, before it is committed. Says how many articles."""
    count = 0
    while rows := db.execute(f"SELECT article_id, body, title, author FROM search_pending LIMIT {_GROUP}").fetchall():
        db.executemany(_DELETE, [(number, *map(spaced, former)) for number, *former in rows if former[0] is not None])
        db.executemany(_INSERT, _rows(db, [row[0] for row in rows]))
        db.executemany("DELETE FROM search_pending WHERE article_id = ?", [(row[0],) for row in rows])
        count += len(rows)
    return count


def pending(db: Connection) -> int:
    """How many articles changed and are not indexed: none, unless something else than this project wrote them."""
    return int(db.execute("SELECT count(*) FROM search_pending").fetchone()[0])


def ensure(db: Connection) -> None:
    """Makes the index as this code makes it, where it is not; the database is open for writing, in no transaction."""
    former = made_by(db)
    if former == version():
        if pending(db):
            db.execute("BEGIN IMMEDIATE")
            with db:
                logger.info("%d articles that something else wrote are now in the search index", update(db))
        return
    if db.execute("SELECT 1 FROM articles LIMIT 1").fetchone():
        logger.warning("The search index is missing, or another release made it; it is made anew")
    rebuild(db)


def rebuild(db: Connection, progress: Callable[[int, int], None] | None = None) -> int:
    """Makes the index anew, in one transaction of its own; says of how many articles.

    `progress` is told, from time to time, how many articles are done and how many there are.
    """
    db.execute("BEGIN IMMEDIATE")
    with db:
        for trigger in TRIGGERS:
            db.execute(f"DROP TRIGGER IF EXISTS {trigger}")
        for table in ("search_spaced", "search_pending"):
            db.execute(f"DROP TABLE IF EXISTS {table}")
        for statement in statements("003_search.sql"):
            db.execute(statement)
        numbers = [row[0] for row in db.execute("SELECT id FROM articles ORDER BY id")]
        for start in range(0, len(numbers), _GROUP):
            db.executemany(_INSERT, _rows(db, numbers[start : start + _GROUP]))
            if progress:
                progress(min(start + _GROUP, len(numbers)), len(numbers))
        db.execute("INSERT INTO search_spaced (search_spaced) VALUES ('optimize')")
        db.execute(
            "INSERT INTO state VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (STATE, json.dumps({"version": version()})),
        )
    return len(numbers)


def _rows(db: Connection, numbers: list[int]) -> list[tuple[int, str, str, str]]:
    """What is indexed of the articles among `numbers` that are there."""
    articles = db.execute(
        "SELECT id, body, title, author FROM articles WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(numbers),),
    )
    return [(number, spaced(body), spaced(title), spaced(author)) for number, body, title, author in articles]
