"""What `learn` asks of the database: each account's articles, one account at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.boilerplate.learn import LearnArticle

if TYPE_CHECKING:
    from collections.abc import Iterator
    from sqlite3 import Connection


def accounts_to_learn(db: Connection) -> list[tuple[int, str]]:
    """Id and name (else alias) of every account that has articles and a name that rules can use."""
    rows = db.execute(
        "SELECT id, coalesce(name, alias) FROM accounts WHERE coalesce(name, alias) IS NOT NULL "
        "AND id IN (SELECT account_id FROM articles) ORDER BY 2, coalesce(biz, ghid, alias, name)"
    )
    return [(int(row[0]), str(row[1])) for row in rows]


def articles_of(db: Connection, account_id: int, name: str) -> Iterator[LearnArticle]:
    """The current text of each of an account's articles that is no copy of another."""
    rows = db.execute(
        "SELECT a.key, r.full_text, a.title, a.evidence FROM articles AS a "
        "JOIN revisions AS r ON r.id = a.revision_id WHERE a.account_id = ? AND a.duplicate_of IS NULL ORDER BY a.key",
        (account_id,),
    )
    for key, full_text, title, evidence in rows:
        yield LearnArticle(key=key, account=name, full_text=full_text, title=title, evidence=evidence)
