"""Is the search index what it should be? Every sentence that is given back is a fault, with what to do."""

from __future__ import annotations

import sqlite3
from itertools import repeat
from typing import TYPE_CHECKING

from pipelines.search.fold import fold
from pipelines.store import search_index
from pipelines.store.search_sql import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from sqlite3 import Connection

REMEDY = "`scrapy reindex` makes it anew"
SAMPLE = 1_000  # articles the lengths of whose texts are compared
_EVERY = 40  # of them, one in so many is compared letter by letter: asking for long phrases takes a while
_PARTS = 3  # of each text, spread over it
_PART = 40  # characters of each


def verify(db: Connection, sample: int = SAMPLE) -> list[str]:
    """The faults of the index, none where it is whole. Compares the texts of `sample` articles, spread over all."""
    made_by = search_index.made_by(db)
    if made_by is None:
        return [f"there is no search index: {REMEDY}"]
    if made_by != search_index.version():
        return [f"the search index was made by {made_by}, this is {search_index.version()}: {REMEDY}"]
    try:
        return list(_faults(db, sample))
    except sqlite3.DatabaseError as error:
        return [f"the search index is damaged ({error}): {REMEDY}"]


def _faults(db: Connection, sample: int) -> Iterator[str]:
    _check_structure(db)
    waiting = "SELECT article_id FROM search_pending"
    for sentence, query in (
        (
            "{} articles are not in the search index",
            "SELECT id FROM articles EXCEPT SELECT id FROM search_spaced_docsize",
        ),
        (
            "the search index has {} articles that are gone",
            "SELECT id FROM search_spaced_docsize EXCEPT SELECT id FROM articles",
        ),
    ):
        count = db.execute(f"SELECT count(*) FROM ({query} EXCEPT {waiting})").fetchone()[0]
        if count:
            yield f"{sentence.format(count)}: {REMEDY}"
    pending = search_index.pending(db)
    if pending:
        yield f"{pending} changed articles are not indexed yet: the next run that writes, or `scrapy reindex`, does it"
    wrong = [key for key in _sample(db, sample) if key is not None]
    if wrong:
        yield f"the search index holds another text than {len(wrong)} of {sample} articles, {wrong[0]} first: {REMEDY}"


def _check_structure(db: Connection) -> None:
    """FTS5's own check. Raises sqlite3.DatabaseError; on a connection that only reads it cannot be had."""
    try:
        db.execute("INSERT INTO search_spaced (search_spaced) VALUES ('integrity-check')")
    except sqlite3.OperationalError as error:
        if "readonly" not in str(error):
            raise


def _sample(db: Connection, sample: int) -> Iterator[str | None]:
    """For articles spread over all: the key where the index does not hold the article's text, else None."""
    rows = db.execute(
        "SELECT id, key, body, title, author FROM articles WHERE id NOT IN (SELECT article_id FROM search_pending) "
        "AND id IN (SELECT id FROM search_spaced_docsize) "
        "AND id % (SELECT max(1, count(*) / ?) FROM articles) = 0 LIMIT ?",
        (sample, sample),
    )
    for place, (number, key, *texts) in enumerate(rows):
        folded = [fold(text or "") for text in texts]
        sizes = _sizes(db.execute("SELECT sz FROM search_spaced_docsize WHERE id = ?", (number,)).fetchone()[0])
        is_same = sizes == [len(text) for text in folded]
        if is_same and place % _EVERY == 0:
            is_same = all(map(_has, repeat(db), repeat(number), COLUMNS, folded))
        yield None if is_same else key


def _has(db: Connection, number: int, column: str, text: str) -> bool:
    """Does the index find parts from the beginning to the end of `text` in that column of that article?"""
    for part in range(_PARTS if text else 0):
        start = max(0, len(text) - _PART) * part // (_PARTS - 1)
        tokens = " ".join(text[start : start + _PART]).replace('"', '""')
        row = db.execute(
            "SELECT 1 FROM search_spaced WHERE search_spaced MATCH ? AND rowid = ?",
            (f'{column} : "{tokens}"', number),
        ).fetchone()
        if row is None:
            return False
    return True


def _sizes(packed: bytes) -> list[int]:
    """The numbers of tokens by column, which FTS5 keeps as varints: seven bits a byte, the highest first."""
    sizes, value = [], 0
    for byte in packed:
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            sizes.append(value)
            value = 0
    return sizes
