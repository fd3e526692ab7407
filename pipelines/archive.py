"""The read API: an archive's articles for other people's code. Read-only; it never waits for a run.

    with Archive.open("articles.db") as archive:
        for article in archive.articles(account="集市小报", since="2024-01-01"):
            print(article.published_on, article.title, len(article.body))

What hangs on an article (revisions, captures, links, ...) is asked of the database when it is looked at, so a
record is of use while its archive is open. See docs/api.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.records import (
    AccountRecord,
    ArticleRecord,
    CaptureRecord,
    Removal,
    RevisionRecord,
    article_record,
)
from pipelines.store import lookup, search
from pipelines.store import reading as rows
from pipelines.store.database import connect
from pipelines.store.reading import Filters

if TYPE_CHECKING:
    from collections.abc import Iterator
    from sqlite3 import Connection
    from types import TracebackType
    from typing import Self

__all__ = [
    "AccountRecord",
    "Archive",
    "ArticleRecord",
    "CaptureRecord",
    "Filters",
    "Removal",
    "RevisionRecord",
    "SearchHit",
]


@dataclass(frozen=True, kw_only=True)
class SearchHit:
    """An article that a query found."""

    article: ArticleRecord
    snippet: str  # the piece of the body that shows it
    score: float  # the higher the better


class Archive:
    """A database of articles, opened for reading."""

    def __init__(self, connection: Connection) -> None:
        """See `open`. `connection`: made by `pipelines.store.database.connect`."""
        self._db = connection

    @classmethod
    def open(cls, path: str | Path) -> Self:
        """Opens the database at `path`.

        Raises:
            pipelines.store.database.DatabaseError: it is not there, damaged, or not one of ours.
        """
        return cls(connect(Path(path).expanduser(), read_only=True).conn)

    def close(self) -> None:
        """Closes the database; records can no longer be asked for more."""
        self._db.close()

    @property
    def connection(self) -> Connection:
        """The connection beneath, read-only, for queries of one's own."""
        return self._db

    def __enter__(self) -> Self:
        """For `with`."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Closes."""
        self.close()

    def article(self, reference: str) -> ArticleRecord | None:
        """The article that a key (a retired one too), a URL in any form or a row's id means; None where none."""
        number = lookup.article_id(self._db, reference)
        return None if number is None else self.article_by_id(number)

    def articles(self, filters: Filters | None = None, **terms: Any) -> Iterator[ArticleRecord]:
        """The articles for which all of the filters hold, by day, account and key, one at a time.

        `terms` are the fields of `Filters`: `archive.articles(account="集市小报", unique=True)`.
        """
        for number in rows.article_ids(self._db, filters or Filters(**terms)):
            yield self.article_by_id(number)

    def search(
        self, query: str, filters: Filters | None = None, *, limit: int | None = 20, **terms: Any
    ) -> list[SearchHit]:
        """What a full-text query finds (docs/search.md), the best first; `limit` None for all.

        Raises:
            pipelines.search.query.QueryError: the query asks for nothing, or for too much.
            pipelines.store.search.SearchIndexError: the index is not there, or another release made it.
        """
        chosen = filters or Filters(**terms)
        found = search.search(self._db, query, limit=limit if chosen == Filters() else None)
        allowed = None if chosen == Filters() else set(rows.article_ids(self._db, chosen))
        hits = [hit for hit in found.hits if allowed is None or hit.id in allowed]
        return [
            SearchHit(article=self.article_by_id(hit.id), snippet=hit.snippet.text, score=hit.score)
            for hit in hits[:limit]
        ]

    def article_by_id(self, number: int) -> ArticleRecord:
        """The article of a row's id. Raises KeyError."""
        return article_record(self._db, number)
