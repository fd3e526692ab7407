"""Questions that the pages of `scrapy browse` ask: figures of the archive, and what surrounds an article.

Counts over all articles read indexes alone: whatever stands behind a row's body costs the reading of the body.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipelines.store.search_sql import conditions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from sqlite3 import Connection

    from pipelines.store.search_sql import Filters

# Months of articles that say when they were published, at most so many: the latest.
MOST_MONTHS = 240
_LIST = "SELECT a.id, a.key, a.headline, ac.label, a.published_on, a.kind, a.status"
_FROM = "FROM articles AS a LEFT JOIN accounts AS ac ON ac.id = a.account_id"
_EXCERPT = 120  # code points of a body in a list


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An article in a list."""

    id: int
    key: str
    headline: str
    account: str | None
    published_on: str | None
    kind: str
    status: str
    excerpt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFigures:
    """An account and how much of it there is."""

    id: int
    label: str
    alias: str | None
    articles: int
    last_on: str | None
    months: dict[str, int]  # YYYY-MM -> articles


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run and what came of it."""

    id: int
    spider: str
    started_at: str
    finished_at: str | None
    exit_code: int | None
    counts: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One capture of an article."""

    uri: str
    name: str
    outcome: str
    reason: str | None
    template: str | None
    evidence: str | None
    media_type: str | None
    captured_at: str
    captured_at_source: str
    sha256: str
    size: int | None  # bytes; None where they are not kept
    revision: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A revision of an article, less its text."""

    id: int
    number: int
    change: str
    seen_at: str
    char_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Another article that has nearly the same text."""

    key: str
    headline: str
    account: str | None
    published_on: str | None
    kind: str  # exact, near or template
    similarity: float


def latest(db: Connection, filters: Filters, *, limit: int, offset: int = 0) -> list[Listed]:
    """Articles that pass `filters`, the latest first, those without a day last."""
    terms, values = conditions(filters)
    where = f" WHERE {' AND '.join(terms)}" if terms else ""
    columns = f"{_LIST}, substr(a.body, 1, {_EXCERPT})"
    sql = f"{columns} {_FROM}{where} ORDER BY a.published_on DESC, a.id DESC LIMIT ? OFFSET ?"
    return [_listed(row) for row in db.execute(sql, (*values, limit, offset))]


def gone(db: Connection, *, limit: int) -> list[tuple[Listed, str]]:
    """Articles that are no longer available, what disappeared last first, each with when that was seen (UTC text)."""
    sql = (
        f"{_LIST}, '', a.status_at {_FROM} WHERE a.status < 'available' OR a.status > 'available' "
        "ORDER BY a.status_at DESC, a.id DESC LIMIT ?"
    )
    return [(_listed(row), row[8]) for row in db.execute(sql, (limit,))]


def totals(db: Connection) -> dict[str, int]:
    """How many articles, duplicates among them, accounts with articles, captures, and articles that are gone."""
    queries = {
        "articles": "SELECT count(*) FROM articles",
        "duplicates": "SELECT count(*) FROM articles WHERE duplicate_of IS NOT NULL",
        "accounts": "SELECT count(DISTINCT account_id) FROM articles",
        "captures": "SELECT count(*) FROM captures",
        "gone": "SELECT count(*) FROM articles WHERE status < 'available' OR status > 'available'",
    }
    return {name: int(db.execute(sql).fetchone()[0]) for name, sql in queries.items()}


def months(db: Connection, accounts: Sequence[int] = ()) -> dict[str, int]:
    """Articles published in each month (Beijing's, YYYY-MM), in order; of these accounts, or of all."""
    chosen = f"AND account_id IN ({', '.join('?' * len(accounts))})" if accounts else ""
    sql = (
        f"SELECT substr(published_on, 1, 7), count(*) FROM articles WHERE published_on IS NOT NULL {chosen} "
        f"GROUP BY 1 ORDER BY 1 DESC LIMIT {MOST_MONTHS}"
    )
    return dict(reversed(db.execute(sql, tuple(accounts)).fetchall()))


def accounts(db: Connection, *, limit: int, offset: int = 0) -> list[AccountFigures]:
    """Accounts with articles, those with most first."""
    found = db.execute(
        "SELECT n.account_id, ac.label, ac.alias, n.articles, n.last_on FROM ("
        "SELECT account_id, count(*) AS articles, max(published_on) AS last_on "
        "FROM articles WHERE account_id IS NOT NULL GROUP BY account_id) AS n "
        "JOIN accounts AS ac ON ac.id = n.account_id ORDER BY n.articles DESC, ac.label, ac.id LIMIT ? OFFSET ?",
        (limit, offset),
    ).fetchall()
    return [
        AccountFigures(
            id=row[0],
            label=row[1],
            alias=row[2],
            articles=row[3],
            last_on=row[4],
            months=months(db, (row[0],)),
        )
        for row in found
    ]


def labels(db: Connection, *, limit: int) -> list[str]:
    """What accounts are called, in order."""
    return [row[0] for row in db.execute("SELECT DISTINCT label FROM accounts ORDER BY label LIMIT ?", (limit,))]


def runs(db: Connection, *, limit: int) -> list[Run]:
    """The latest runs, the latest first."""
    found = db.execute(
        "SELECT id, spider, started_at, finished_at, exit_code, counts FROM runs ORDER BY id DESC LIMIT ?", (limit,)
    )
    return [
        Run(id=row[0], spider=row[1], started_at=row[2], finished_at=row[3], exit_code=row[4], counts=_counts(row[5]))
        for row in found
    ]


def facets(db: Connection, numbers: Sequence[int], *, most: int) -> dict[str, list[tuple[str, int]]]:
    """Of the articles with these ids: how many by account, year, kind and status; of each the `most` frequent."""
    listed = json.dumps(list(numbers))
    chosen = f"{_FROM} WHERE a.id IN (SELECT value FROM json_each(?))"
    columns = {"account": "ac.label", "year": "substr(a.published_on, 1, 4)", "kind": "a.kind", "status": "a.status"}
    return {
        name: db.execute(
            f"SELECT {column} AS v, count(*) {chosen} GROUP BY 1 HAVING v IS NOT NULL ORDER BY 2 DESC, 1 LIMIT ?",
            (listed, most),
        ).fetchall()
        for name, column in columns.items()
    }


def looks(db: Connection, article_id: int) -> list[Look]:
    """Every capture of an article, notices included, the latest first."""
    found = db.execute(
        "SELECT c.uri, c.name, c.outcome, c.reason, c.template, c.evidence, c.media_type, c.captured_at, "
        "c.captured_at_source, c.sha256, w.size, r.number FROM captures AS c LEFT JOIN raw AS w ON w.sha256 = c.sha256 "
        "LEFT JOIN revisions AS r ON r.id = c.revision_id "
        "WHERE c.article_id = :id OR c.id IN (SELECT capture_id FROM notices WHERE article_id = :id) "
        "ORDER BY c.captured_at DESC, c.sha256, c.uri",
        {"id": article_id},
    )
    names = tuple(Look.__dataclass_fields__)
    return [Look(**dict(zip(names, row, strict=True))) for row in found]


def versions(db: Connection, article_id: int) -> list[Version]:
    """The revisions of an article, by number."""
    found = db.execute(
        "SELECT id, number, change, seen_at, char_count FROM revisions WHERE article_id = ? ORDER BY number",
        (article_id,),
    )
    return [Version(id=row[0], number=row[1], change=row[2], seen_at=row[3], char_count=row[4]) for row in found]


def alike(db: Connection, article_id: int, *, limit: int) -> list[Alike]:
    """Articles whose text is the same or nearly so, the most alike first."""
    found = db.execute(
        "SELECT a.key, a.headline, ac.label, a.published_on, s.kind, s.similarity FROM ("
        "SELECT b AS other, kind, similarity FROM similar WHERE a = :id "
        "UNION ALL SELECT a, kind, similarity FROM similar WHERE b = :id) AS s "
        "JOIN articles AS a ON a.id = s.other LEFT JOIN accounts AS ac ON ac.id = a.account_id "
        "ORDER BY s.similarity DESC, a.published_at, a.key LIMIT :limit",
        {"id": article_id, "limit": limit},
    )
    names = tuple(Alike.__dataclass_fields__)
    return [Alike(**dict(zip(names, row, strict=True))) for row in found]


def metrics(db: Connection, article_id: int) -> list[tuple[Any, ...]]:
    """Seen at, reads, likes, shares, comments: as captures of the article show them, the latest first."""
    return db.execute(
        "SELECT seen_at, reads, likes, shares, comments FROM metrics WHERE article_id = ? ORDER BY seen_at DESC",
        (article_id,),
    ).fetchall()


def _listed(row: Sequence[Any]) -> Listed:
    return Listed(
        id=row[0],
        key=row[1],
        headline=row[2],
        account=row[3],
        published_on=row[4],
        kind=row[5],
        status=row[6],
        excerpt=row[7],
    )


def _counts(text: str) -> dict[str, int]:
    """The numbers of a run's counts; of what is no JSON object none."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return {k: v for k, v in found.items() if isinstance(v, int)} if isinstance(found, dict) else {}
