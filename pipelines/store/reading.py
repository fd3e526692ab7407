"""Questions that the read API and exports ask: an article's row, what hangs on it, and which articles there are."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crawler.items import Album, Repost
from pipelines.store import lookup
from pipelines.store.search import accounts_named

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from sqlite3 import Connection

_ARTICLE = """
SELECT a.*, d.key AS duplicate_of_key, ac.label AS account_label, ac.name AS account_name, ac.alias AS account_alias,
       ac.ghid AS account_ghid, ac.biz AS account_biz, ac.intro AS account_intro, r.number AS revision,
       r.capture_id, r.text_hash, c.sha256, c.captured_at
FROM articles AS a
JOIN revisions AS r ON r.id = a.revision_id
JOIN captures AS c ON c.id = r.capture_id
LEFT JOIN accounts AS ac ON ac.id = a.account_id
LEFT JOIN articles AS d ON d.id = a.duplicate_of
WHERE a.id = ?"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which articles are meant: those for which all that is given holds.

    Days are Beijing's, `YYYY-MM-DD`, both included; an article without a day is outside any range.
    """

    account: str | None = None  # name (a former one too), 微信号, biz or ghid
    since: str | None = None
    until: str | None = None
    kinds: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    unique: bool = False  # no duplicates: of each cluster its representative
    keys: tuple[str, ...] = ()  # retired ones too
    changed_since: str | None = None  # UTC text: only rows that were written at that moment or later

    def where(self, accounts: Sequence[int]) -> tuple[str, dict[str, object]]:
        """The condition on `articles AS a`, and its parameters. `accounts`: the ids that `account` means."""
        terms: list[str] = []
        values: dict[str, object] = {}
        if self.account is not None:
            terms.append(f"a.account_id IN ({', '.join(map(str, accounts))})")
        plain = {
            "since": "a.published_on >= :since",
            "until": "a.published_on <= :until",
            "changed_since": "a.updated_at >= :changed_since",
        }
        for name, term in plain.items():
            if (value := getattr(self, name)) is not None:
                terms.append(term)
                values[name] = value
        lists = {"kinds": "a.kind IN ({})", "statuses": "a.status IN ({})", "keys": _BY_KEYS}
        for name, term in lists.items():
            given: tuple[str, ...] = getattr(self, name)
            if given:
                terms.append(term.format(", ".join(f":{name}{number}" for number in range(len(given)))))
                values |= {f"{name}{number}": value for number, value in enumerate(given)}
        if self.unique:
            terms.append("a.duplicate_of IS NULL")
        return " AND ".join(terms) or "1", values


_BY_KEYS = "a.id IN (SELECT article_id FROM keys WHERE key IN ({}))"


@contextmanager
def snapshot(db: Connection) -> Iterator[None]:
    """All that is read inside is of one moment, whatever a run writes meanwhile."""
    db.execute("BEGIN")
    try:
        yield
    finally:
        db.rollback()


def article_ids(db: Connection, filters: Filters) -> list[int]:
    """The ids of articles, by time of publication, account and key; those without a day last."""
    where, values = filters.where(accounts_named(db, filters.account) if filters.account is not None else ())
    rows = db.execute(
        f"SELECT a.id FROM articles AS a LEFT JOIN accounts AS ac ON ac.id = a.account_id WHERE {where} "
        "ORDER BY a.published_on IS NULL, a.published_at, ac.label, a.key",
        values,
    )
    return [row[0] for row in rows]


def article_row(db: Connection, number: int) -> dict[str, Any]:
    """An article's columns, its account's as `account_*`, its current revision's and best capture's. KeyError."""
    cursor = db.execute(_ARTICLE, (number,))
    row = cursor.fetchone()
    if row is None:
        raise KeyError(number)
    return dict(zip((column[0] for column in cursor.description), row, strict=True))


def rows_of(
    db: Connection, table: str, columns: Sequence[str], owner: str, number: int, order: str
) -> list[tuple[Any, ...]]:
    """The rows of a table that belong to the `number` in its column `owner`. Names are the code's own."""
    names = ", ".join(f'"{column}"' for column in columns)
    return db.execute(f"SELECT {names} FROM {table} WHERE {owner} = ? ORDER BY {order}", (number,)).fetchall()


def albums(db: Connection, number: int) -> list[Album]:
    """The albums that an article belongs to."""
    rows = db.execute(
        "SELECT b.album_id, b.title, b.url, b.size, p.position FROM album_articles AS p "
        "JOIN albums AS b ON b.id = p.album_id WHERE p.article_id = ? ORDER BY b.key",
        (number,),
    )
    return [Album(album_id=row[0], title=row[1], url=row[2], size=row[3], position=row[4]) for row in rows]


def repost(db: Connection, number: int) -> Repost | None:
    """What an article says that it was reposted from."""
    row = db.execute(
        "SELECT kind, source_key, source_url, source_account, source_ghid, source_author, source_title, source_biz "
        "FROM reposts WHERE article_id = ?",
        (number,),
    ).fetchone()
    if row is None:
        return None
    _, biz, mid, idx = row[1].split(":") if row[1] else ("", row[7], None, None)
    return Repost(
        kind=row[0], biz=biz, mid=mid, idx=idx, url=row[2], account=row[3], ghid=row[4], author=row[5], title=row[6]
    )


def name_parts(db: Connection) -> Iterator[tuple[str, str | None, str | None, str]]:
    """Of every article: key, day, account, headline. What its file is called after."""
    return iter(
        db.execute(
            "SELECT a.key, a.published_on, ac.label, a.headline FROM articles AS a "
            "LEFT JOIN accounts AS ac ON ac.id = a.account_id ORDER BY a.key"
        )
    )


def latest_change(db: Connection) -> str | None:
    """When a row of articles was last written."""
    row = db.execute("SELECT max(updated_at) FROM articles").fetchone()
    return None if row is None else row[0]


def current_key(db: Connection, key: str) -> str | None:
    """The key that an article goes by now, whatever key of it is given; None where there is none."""
    row = db.execute(
        "SELECT a.key FROM keys AS k JOIN articles AS a ON a.id = k.article_id WHERE k.key = ?", (key,)
    ).fetchone()
    return None if row is None else str(row[0])


def key_of_reference(db: Connection, reference: str) -> str | None:
    """The key of the article that a key (a retired one too), a URL or a row's id means."""
    number = lookup.article_id(db, reference)
    row = None if number is None else db.execute("SELECT key FROM articles WHERE id = ?", (number,)).fetchone()
    return None if row is None else str(row[0])


def article_id(db: Connection, key: str) -> int | None:
    """The row's id of the article that goes by `key` now."""
    row = db.execute("SELECT id FROM articles WHERE key = ?", (key,)).fetchone()
    return None if row is None else int(row[0])


def rules_versions(db: Connection) -> list[str]:
    """The versions of rules that made the bodies."""
    return [row[0] for row in db.execute("SELECT DISTINCT rules_version FROM articles ORDER BY 1")]
