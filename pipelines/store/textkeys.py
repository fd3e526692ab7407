"""The index by which a capture that has only its text to go by and the pages that it may be of find each other.

Each has a few values, made of its account's name or alias and of its body's MinHash (its body's hash where that is
too short to have one). Texts that are the same within tolerance share one of them nearly always, others seldom; what
is found is then compared in full. Pages look among texts and texts among pages.
"""

from __future__ import annotations

import hashlib
import unicodedata
from typing import TYPE_CHECKING, Literal

from crawler.text import compact

if TYPE_CHECKING:
    from sqlite3 import Connection

    from crawler.items import Account, Fingerprint

Role = Literal["page", "text"]
# Of two bodies that share nine tenths of their shingles, 1 - (1 - 0.9**3)**6 = 99.96 % share a value.
VALUES = 6
ROWS = 3
_ROW_BYTES = 4  # a MinHash is 32 bits


def account_names(account: Account) -> frozenset[str]:
    """By what a dump and a page tell that they are of one account: its name, its alias, as far as each is known."""
    said = {"name": account.name, "alias": account.alias}
    return frozenset(
        f"{field}:{unicodedata.normalize('NFKC', compact(value)).casefold()}" for field, value in said.items() if value
    )


def put(db: Connection, capture_id: int, role: Role, names: frozenset[str], print_: Fingerprint) -> None:
    """Notes the values of a capture that has none yet."""
    values = _values(role, names, print_)
    db.executemany("INSERT OR IGNORE INTO text_keys VALUES (?, ?)", [(value, capture_id) for value in values])


def find(db: Connection, role: Role, names: frozenset[str], print_: Fingerprint) -> set[int]:
    """The captures of `role` that may have the text of `print_`, of an account with one of `names`."""
    values = _values(role, names, print_)
    marks = ",".join("?" * len(values))
    return {row[0] for row in db.execute(f"SELECT capture_id FROM text_keys WHERE value IN ({marks})", values)}


def _values(role: Role, names: frozenset[str], print_: Fingerprint) -> list[int]:
    signature = print_.signature
    width = ROWS * _ROW_BYTES
    parts = [signature[at : at + width] for at in range(0, VALUES * width, width)] if signature else []
    parts = parts or [bytes.fromhex(print_.content_hash)]
    return [
        _value(f"{role}\0{name}\0{number}\0".encode("utf-8", "surrogatepass") + part)
        for name in sorted(names)
        for number, part in enumerate(parts)
    ]


def _value(content: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(content, digest_size=8).digest(), "big", signed=True)
