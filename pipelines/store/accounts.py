"""Accounts: told by biz, then ghid, then alias; a name alone is an account of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite3 import Connection

    from crawler.items import Account


def account_keys(account: Account) -> list[str]:
    """The keys by which `account` is found, strongest first; a name counts only where there is nothing else."""
    keys = [
        f"{field}:{value}"
        for field, value in (("biz", account.biz), ("ghid", account.ghid), ("alias", account.alias))
        if value
    ]
    return keys or ([f"name:{account.name}"] if account.name else [])


def find(db: Connection, account: Account) -> int | None:
    """The row of `account`, by its strongest key that is known."""
    for key in account_keys(account):
        row = db.execute("SELECT account_id FROM account_keys WHERE key = ?", (key,)).fetchone()
        if row:
            return int(row[0])
    return None


def observe(db: Connection, account: Account, at: str) -> tuple[int | None, bool]:
    """Takes note that a capture of time `at` shows `account`; makes or joins rows as it proves.

    Returns:
        the account's id (None where nothing tells it), and whether a key now means another account than it did:
        what was noted under it cannot be told apart any more, and all accounts are to be made anew
        (`reaccount.rebuild_accounts`).
    """
    keys = account_keys(account)
    if not keys:
        return None, False
    holders = {
        key: int(row[0])
        for key in keys
        if (row := db.execute("SELECT account_id FROM account_keys WHERE key = ?", (key,)).fetchone())
    }
    target = holders.get(keys[0])
    if target is None:
        target = _adopt(db, keys, holders, account, at)
    new = [key for key in keys if key not in holders]
    db.executemany("INSERT INTO account_keys VALUES (?, ?)", [(key, target) for key in new])
    has_moved = False
    others = {key: holder for key, holder in holders.items() if holder != target}
    for key, holder in others.items():
        has_moved |= _settle(db, key, holder, target)
    if new or others:
        _take_ids(db, target)
    _note(db, target, account, at)
    return target, has_moved


def _adopt(db: Connection, keys: list[str], holders: dict[str, int], account: Account, at: str) -> int:
    """The row for an account whose strongest key is new: one known by a weaker key only, or a new one."""
    for key in keys[1:]:
        if key in holders and _rank(db, holders[key]) > _rank_of_key(keys[0]):
            return holders[key]
    label = account.name or account.alias or account.ghid or account.biz or ""
    row = db.execute(
        "INSERT INTO accounts (label, first_seen_at, last_seen_at) VALUES (?, ?, ?) RETURNING id",
        (label, at, at),
    ).fetchone()
    return int(row[0])


def _rank_of_key(key: str) -> int:
    return ("biz", "ghid", "alias", "name").index(key.split(":", 1)[0])


def _rank(db: Connection, account_id: int) -> int:
    """How strongly a row is told: 0 by biz, 1 by ghid, 2 by alias, 3 by name."""
    keys = db.execute("SELECT key FROM account_keys WHERE account_id = ?", (account_id,))
    return min((_rank_of_key(row[0]) for row in keys), default=3)


def _settle(db: Connection, key: str, holder: int, target: int) -> bool:
    """Two rows claim `key`: they are one, or (two accounts that used one alias) the smaller identity has it.

    Says whether the key went from one account to another.
    """
    held, own = _identity(db, holder), _identity(db, target)
    two_accounts = held[0] and own[0] and held[0] != own[0]
    if not two_accounts and (key.startswith("ghid:") or held == (None, None)):
        _merge(db, holder, target)
        return False
    if tuple(value or "~" for value in own) >= tuple(value or "~" for value in held):
        return False
    db.execute("UPDATE account_keys SET account_id = ? WHERE key = ?", (target, key))
    _take_ids(db, holder)
    return True


def _identity(db: Connection, account_id: int) -> tuple[str | None, str | None]:
    """The smallest biz and the smallest ghid among a row's keys; an account has one of each, but pages may err."""
    keys = [row[0] for row in db.execute("SELECT key FROM account_keys WHERE account_id = ?", (account_id,))]
    biz = min((key[4:] for key in keys if key.startswith("biz:")), default=None)
    return biz, min((key[5:] for key in keys if key.startswith("ghid:")), default=None)


def _take_ids(db: Connection, account_id: int) -> None:
    db.execute("UPDATE accounts SET biz = ?, ghid = ? WHERE id = ?", (*_identity(db, account_id), account_id))


def _merge(db: Connection, loser: int, winner: int) -> None:
    """One row of two; everything that pointed at `loser` points at `winner`."""
    for table in ("articles", "notices", "listed", "account_keys"):
        db.execute(f"UPDATE {table} SET account_id = ? WHERE account_id = ?", (winner, loser))
    rows = db.execute("SELECT name, first_seen_at, last_seen_at FROM account_names WHERE account_id = ?", (loser,))
    for name, first, last in rows.fetchall():
        _note_name(db, winner, name, first, last)
    values = db.execute(
        "SELECT field, value, first_seen_at, last_seen_at FROM account_values WHERE account_id = ?", (loser,)
    )
    for field, value, first, last in values.fetchall():
        _note_value(db, winner, field, value, first, last)
    first, last = db.execute("SELECT first_seen_at, last_seen_at FROM accounts WHERE id = ?", (loser,)).fetchone()
    for table, column in (("account_names", "account_id"), ("account_values", "account_id"), ("accounts", "id")):
        db.execute(f"DELETE FROM {table} WHERE {column} = ?", (loser,))
    db.execute(
        "UPDATE accounts SET first_seen_at = min(first_seen_at, ?), last_seen_at = max(last_seen_at, ?) WHERE id = ?",
        (first, last, winner),
    )


def _note(db: Connection, account_id: int, account: Account, at: str) -> None:
    """Keeps what this capture says of the account, and brings its row up to date."""
    if account.name:
        _note_name(db, account_id, account.name, at, at)
    for field, value in (("alias", account.alias), ("intro", account.intro)):
        if value:
            _note_value(db, account_id, field, value, at, at)
    db.execute(
        """UPDATE accounts SET
             first_seen_at = min(first_seen_at, :at), last_seen_at = max(last_seen_at, :at),
             name = (SELECT name FROM account_names WHERE account_id = :id ORDER BY last_seen_at DESC, name LIMIT 1),
             alias = (SELECT value FROM account_values WHERE account_id = :id AND field = 'alias'
                      ORDER BY last_seen_at DESC, value LIMIT 1),
             intro = (SELECT value FROM account_values WHERE account_id = :id AND field = 'intro'
                      ORDER BY last_seen_at DESC, value LIMIT 1)
           WHERE id = :id""",
        {"id": account_id, "at": at},
    )
    db.execute("UPDATE accounts SET label = coalesce(name, alias, ghid, biz, label) WHERE id = ?", (account_id,))


def _note_name(db: Connection, account_id: int, name: str, first: str, last: str) -> None:
    db.execute(
        "INSERT INTO account_names VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
        "first_seen_at = min(first_seen_at, excluded.first_seen_at), "
        "last_seen_at = max(last_seen_at, excluded.last_seen_at)",
        (account_id, name, first, last),
    )


def _note_value(db: Connection, account_id: int, field: str, value: str, first: str, last: str) -> None:
    db.execute(
        "INSERT INTO account_values VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
        "first_seen_at = min(first_seen_at, excluded.first_seen_at), "
        "last_seen_at = max(last_seen_at, excluded.last_seen_at)",
        (account_id, field, value, first, last),
    )
