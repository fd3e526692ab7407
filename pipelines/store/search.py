"""Full-text search: what a query finds, ranked, with the piece of each text that shows it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal, get_args

from pipelines.search.fold import fold
from pipelines.search.query import FIELDS, parse, words
from pipelines.search.snippet import Marked, mark, snippet
from pipelines.store import search_index
from pipelines.store.search_sql import Filters, with_found, written_out

if TYPE_CHECKING:
    from collections.abc import Callable
    from sqlite3 import Connection
    from typing import Any

    from pipelines.search.query import Field, Word

Sort = Literal["rank", "date"]
SORTS: tuple[Sort, ...] = get_args(Sort)
ALL_FIELDS: frozenset[Field] = frozenset(FIELDS)
EVERYTHING = Filters()
_ORDERS: dict[Sort, str] = {
    "rank": "score DESC, a.published_at DESC, a.key",
    "date": "a.published_at DESC, score DESC, a.key",
}
_COLUMNS = """a.key, ac.label AS account, a.published_on, a.headline AS title, a.author, a.kind, a.status, a.url,
  (SELECT key FROM articles WHERE id = a.duplicate_of) AS duplicate_of, score, found.id"""


class SearchIndexError(Exception):
    """The index cannot be asked; the message says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An article that was found."""

    id: int
    key: str
    title: Marked  # the title, or the first sentence where there is none
    account: str | None
    author: str | None
    published_on: str | None  # day in Beijing
    kind: str
    status: str
    url: str | None
    duplicate_of: str | None  # key
    snippet: Marked  # of the body
    score: float  # BM25, the higher the better; 0 where an account's name alone was found


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a query found."""

    total: int
    hits: list[Hit]
    pending: int  # articles that something else than this project wrote, and that are not in the index yet


def search(
    db: Connection,
    query: str,
    *,
    filters: Filters = EVERYTHING,
    fields: frozenset[Field] = ALL_FIELDS,
    sort: Sort = "rank",
    limit: int | None = 20,
    offset: int = 0,
) -> Found:
    """The articles that `query` finds, the best (or the latest) first; `limit` None for all.

    Raises:
        QueryError: the query asks for nothing, or for too much.
        SearchIndexError: the index is not there, or another release made it.
    """
    _check(db)
    tree = parse(query, fields)
    found = with_found(tree, filters, _accounts_of(db), ranked=True)
    sql = _statement(found.sql, f"{_COLUMNS}, (SELECT count(*) FROM found)", sort, limit, offset)
    rows = db.execute(sql, found.parameters).fetchall()
    if rows or not offset:
        total = rows[0][-1] if rows else 0
    else:
        total = db.execute(f"{found.sql} SELECT count(*) FROM found", found.parameters).fetchone()[0]
    sought = words(tree)
    return Found(total=total, hits=[_hit(db, row[:-1], sought) for row in rows], pending=search_index.pending(db))


def article_ids(
    db: Connection, query: str, *, filters: Filters = EVERYTHING, fields: frozenset[Field] = ALL_FIELDS
) -> list[int]:
    """The ids of all articles that `query` finds, ascending. Raises as `search` does."""
    _check(db)
    found = with_found(parse(query, fields), filters, _accounts_of(db), ranked=False)
    return [row[0] for row in db.execute(f"{found.sql} SELECT id FROM found ORDER BY id", found.parameters)]


def statement(
    db: Connection,
    query: str,
    *,
    filters: Filters = EVERYTHING,
    fields: frozenset[Field] = ALL_FIELDS,
    sort: Sort = "rank",
    limit: int | None = 20,
    offset: int = 0,
) -> str:
    """The SELECT that finds what `search` finds, for any tool that has SQLite with FTS5. Raises as `search` does.

    Accounts that the query names stand in it by id, as they are called now.
    """
    _check(db)
    found = with_found(parse(query, fields), filters, _accounts_of(db), ranked=True)
    return written_out(_statement(found.sql, _COLUMNS, sort, limit, offset), found.parameters) + ";"


def accounts_named(db: Connection, name: str) -> list[int]:
    """The ids of the accounts that are, or were, called `name`, or have it as 微信号, biz or ghid."""
    wanted = fold(name)
    return [number for number, names in _account_names(db).items() if wanted in names]


def account_labels(db: Connection, part: str) -> list[str]:
    """The labels of accounts that have `part` in one of their names, in order."""
    numbers = _accounts_of(db)(fold(part))
    rows = db.execute(f"SELECT label FROM accounts WHERE id IN ({', '.join(map(str, numbers))}) ORDER BY label")
    return [row[0] for row in rows]


def _check(db: Connection) -> None:
    made_by = search_index.made_by(db)
    if made_by is None:
        raise SearchIndexError("this database has no search index; `scrapy reindex` makes it")
    if made_by != search_index.version():
        raise SearchIndexError(
            "the search index was made by another release and would miss articles; `scrapy reindex` makes it anew"
        )


def _statement(found: str, columns: str, sort: Sort, limit: int | None, offset: int) -> str:
    window = "" if limit is None and not offset else f"\nLIMIT {-1 if limit is None else limit}"
    window += f" OFFSET {offset}" if offset else ""
    return (
        f"{found}\nSELECT {columns}\nFROM found JOIN articles AS a USING (id) "
        f"LEFT JOIN accounts AS ac ON ac.id = a.account_id\nORDER BY {_ORDERS[sort]}{window}"
    )


def _hit(db: Connection, row: tuple[Any, ...], sought: list[Word]) -> Hit:
    key, account, published_on, title, author, kind, status, url, duplicate_of, score, number = row
    body = db.execute("SELECT body FROM articles WHERE id = ?", (number,)).fetchone()[0]
    return Hit(
        id=number,
        key=key,
        title=mark(title, _of(sought, "title")),
        account=account,
        author=author,
        published_on=published_on,
        kind=kind,
        status=status,
        url=url,
        duplicate_of=duplicate_of,
        snippet=snippet(body, _of(sought, "body")),
        score=score,
    )


def _of(sought: list[Word], field: Field) -> list[str]:
    return list(dict.fromkeys(word.folded for word in sought if field in word.fields))


def _account_names(db: Connection) -> dict[int, set[str]]:
    """For each account what it is, or was, called, in normal form."""
    names: dict[int, set[str]] = {}
    rows = db.execute(
        "SELECT id, label FROM accounts UNION SELECT account_id, name FROM account_names "
        "UNION SELECT account_id, value FROM account_values WHERE field = 'alias' "
        "UNION SELECT id, biz FROM accounts WHERE biz IS NOT NULL "
        "UNION SELECT id, ghid FROM accounts WHERE ghid IS NOT NULL"
    )
    for number, name in rows:
        names.setdefault(number, set()).add(fold(name))
    return names


def _accounts_of(db: Connection) -> Callable[[str], list[int]]:
    """What tells the ids of the accounts that have a folded word in one of their names; reads them once, if asked."""

    @cache
    def names() -> list[tuple[int, str]]:
        # A line feed is in no normal form: no word reaches from one name into the next.
        return [(number, "\n".join(sorted(own))) for number, own in sorted(_account_names(db).items())]

    return lambda word: [number for number, own in names() if word in own]
