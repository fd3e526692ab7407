"""Makes every account anew from what the captures say: exact, whatever was noted under which key before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from crawler.items import Account
from pipelines.store import accounts, articles
from pipelines.store.fold import fold

if TYPE_CHECKING:
    from sqlite3 import Connection

_decoder = msgspec.json.Decoder(Account)
# Notices and listings keep their account by id; which table, by outcome.
_TABLES = {"notice": "notices", "listing": "listed"}


def rebuild_accounts(db: Connection, now: str) -> None:
    """Replaces all accounts, in the caller's transaction; costs a look at every capture."""
    for table in ("articles", "notices", "listed"):
        db.execute(f"UPDATE {table} SET account_id = NULL")
    for table in ("account_keys", "account_names", "account_values", "accounts"):
        db.execute(f"DELETE FROM {table}")
    rows = db.execute("SELECT id, account, captured_at, outcome FROM captures WHERE account IS NOT NULL").fetchall()
    said = [(_decoder.decode(packed), at, capture_id, outcome) for capture_id, packed, at, outcome in rows]
    # The strongest identities first: then no key is ever taken from an account that has been noted under it.
    said.sort(key=lambda row: tuple(value or "~" for value in (row[0].biz, row[0].ghid, row[0].alias)))
    for account, at, _, _ in said:
        accounts.observe(db, account, at)
    for account, _, capture_id, outcome in said:
        if outcome in _TABLES:
            db.execute(
                f"UPDATE {_TABLES[outcome]} SET account_id = ? WHERE capture_id = ?",
                (accounts.find(db, account), capture_id),
            )
    for (article_id,) in db.execute("SELECT id FROM articles").fetchall():
        seen = articles.observations(db, article_id)
        if seen:
            db.execute(
                "UPDATE articles SET account_id = ?, updated_at = ? WHERE id = ?",
                (accounts.find(db, fold(seen).account), now, article_id),
            )
