"""Finds articles and captures by what people have of them: a key, a URL, an id, a digest."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crawler.urls import key_of, parse_article_url
from pipelines.store import revisions

if TYPE_CHECKING:
    from sqlite3 import Connection

    from pipelines.store.revisions import RevisionText

_DIGEST = re.compile(r"[0-9a-f]{8,64}\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What proves a revision: enough for a citation."""

    key: str
    revision: int
    sha256: str
    uri: str
    captured_at: str
    rules_version: str


def article_id(db: Connection, reference: str) -> int | None:
    """The article that `reference` means: a key (retired ones too), a URL in any form, or a row's id."""
    queries: list[tuple[str, str | int | None]] = [("SELECT article_id FROM keys WHERE key = ?", reference)]
    parsed = parse_article_url(reference)
    if parsed is not None:
        queries.append(("SELECT article_id FROM keys WHERE key = ?", key_of(parsed)))
        queries.append(("SELECT article_id FROM urls WHERE url = ? ORDER BY article_id", parsed.canonical))
    if reference.isdecimal() and len(reference) < 19:
        queries.append(("SELECT id FROM articles WHERE id = ?", int(reference)))
    for query, value in queries:
        row = db.execute(query, (value,)).fetchone()
        if row:
            return int(row[0])
    return None


def article(db: Connection, number: int) -> dict[str, Any]:
    """The row of an article, with its account's name as `account`."""
    cursor = db.execute(
        "SELECT a.*, ac.label AS account, d.key AS duplicate_of_key FROM articles AS a "
        "LEFT JOIN accounts AS ac ON ac.id = a.account_id LEFT JOIN articles AS d ON d.id = a.duplicate_of "
        "WHERE a.id = ?",
        (number,),
    )
    names = [column[0] for column in cursor.description]
    return dict(zip(names, cursor.fetchone(), strict=True))


def current_text(db: Connection, number: int) -> RevisionText:
    """The text of an article's current revision."""
    revision_id = db.execute("SELECT revision_id FROM articles WHERE id = ?", (number,)).fetchone()[0]
    return revisions.load(db, revision_id)


def evidence(db: Connection, number: int) -> Evidence:
    """What proves the current revision of an article."""
    row = db.execute(
        "SELECT a.key, r.number, c.sha256, c.uri, c.captured_at, r.rules_version FROM articles AS a "
        "JOIN revisions AS r ON r.id = a.revision_id JOIN captures AS c ON c.id = r.capture_id WHERE a.id = ?",
        (number,),
    ).fetchone()
    return Evidence(key=row[0], revision=row[1], sha256=row[2], uri=row[3], captured_at=row[4], rules_version=row[5])


def digests(db: Connection, reference: str) -> list[str]:
    """The digests of raw captures that `reference` means: a digest or its beginning, else an article's evidence."""
    if _DIGEST.match(reference):
        rows = db.execute(
            "SELECT sha256 FROM raw WHERE sha256 >= ? AND sha256 < ? ORDER BY sha256", (reference, reference + "g")
        ).fetchall()
        if rows:
            return [row[0] for row in rows]
    number = article_id(db, reference)
    return [] if number is None else [evidence(db, number).sha256]
