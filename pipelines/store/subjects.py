"""Articles as far as their likeness goes: loaded many at a time, their bodies only where they are compared."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from pipelines.similarity.pairs import Subject
from pipelines.similarity.shape import Shape, Shapes, shape_of
from pipelines.store.bands import Place, level_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from sqlite3 import Connection

_AT_ONCE = 400  # articles looked up in one query
# Of bodies by their hash: what is at hand is the same whichever database it came from.
_shapes = Shapes()

_COLUMNS = "a.id, a.content_hash, a.char_count, a.title, a.published_on"


@dataclass(frozen=True, slots=True)
class Known:
    """One article, and where it is in the index of bands."""

    article_id: int
    subject: Subject
    place: Place


@dataclass(frozen=True, slots=True)
class Current:
    """An article as its row has it now, with digests of what its pairs and its cluster depend on."""

    known: Known
    inputs: bytes
    standing: bytes


def current(db: Connection, article_id: int) -> Current:
    """An article as its row has it now."""
    *columns, signature, key, published_at, evidence = db.execute(
        f"SELECT {_COLUMNS}, r.signature, a.key, a.published_at, a.evidence FROM articles AS a "
        "LEFT JOIN revisions AS r ON r.id = a.revision_id WHERE a.id = ?",
        (article_id,),
    ).fetchone()
    known = Known(article_id, _subject(db, *columns), Place(signature or b"", level_of(key)))
    inputs = (*columns[1:], known.place.level, known.place.signature.hex())
    return Current(known, _digest(inputs), _digest((published_at, evidence, key)))


def places(db: Connection, article_ids: Iterable[int]) -> dict[int, Place]:
    """Where articles are in the index of bands."""
    query = "SELECT article_id, signature, level FROM likeness WHERE article_id IN ({})"
    return {number: Place(signature, level) for number, signature, level in _rows(db, query, article_ids)}


def load(db: Connection, found: Mapping[int, Place]) -> Iterator[Known]:
    """Articles with these places, as their rows have them now."""
    for row in _rows(db, f"SELECT {_COLUMNS} FROM articles AS a WHERE a.id IN ({{}})", found):
        yield Known(row[0], _subject(db, *row), found[row[0]])


def _rows(db: Connection, query: str, article_ids: Iterable[int]) -> Iterator[tuple[Any, ...]]:
    ids = list(article_ids)
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        yield from db.execute(query.format(",".join("?" * len(some))), some).fetchall()


def at_hand_first(known: Iterable[Known]) -> list[Known]:
    """Articles in an order in which as few bodies as possible have to be had anew."""
    return sorted(known, key=lambda one: _shapes.get(one.subject.content_hash) is None)


def _subject(
    db: Connection, article_id: int, content_hash: str, char_count: int, title: str | None, published_on: str | None
) -> Subject:
    return Subject(
        content_hash=content_hash,
        char_count=char_count,
        title=title,
        published_on=published_on,
        shape=partial(_shape, db, article_id, content_hash),
    )


def _shape(db: Connection, article_id: int, content_hash: str) -> Shape:
    shape = _shapes.get(content_hash)
    if shape is None:
        shape = shape_of(db.execute("SELECT body FROM articles WHERE id = ?", (article_id,)).fetchone()[0])
        _shapes.put(content_hash, shape)
    return shape


def _digest(values: object) -> bytes:
    return hashlib.blake2b(repr(values).encode("utf-8", "surrogatepass"), digest_size=16).digest()
