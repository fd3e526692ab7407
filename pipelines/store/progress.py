"""Which lists were read to their end, so that the next run may stop at what is known. Kept in the table `state`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite3 import Connection


def is_whole(db: Connection, name: str) -> bool:
    """Was the list `name` read to its end, with no gap since?"""
    row = db.execute("SELECT value FROM state WHERE name = ?", (name,)).fetchone()
    return row is not None and json.loads(row[0]) == {"whole": True}


def note(db: Connection, name: str, *, is_whole: bool) -> None:
    """Notes whether the list `name` was read to its end; in the caller's transaction."""
    db.execute(
        "INSERT INTO state (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (name, json.dumps({"whole": is_whole})),
    )
