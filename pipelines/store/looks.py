"""Looks over the network that showed nothing new: another capture's bytes stand for theirs.

A page differs in bytes at every fetch (nonces, times), so bytes alone do not tell. What a reader found tells: where it
is the very same as of an earlier look at the same URL, the row and the digest are kept, the bytes are not.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from crawler.items import Rejected

if TYPE_CHECKING:
    from sqlite3 import Connection

    from crawler.items import Reading


def found_hash(reading: Reading) -> str | None:
    """SHA-256 (hex) of all that the reader found; None of a capture that is not from the network, or was rejected."""
    if reading.capture.captured_at_source != "http" or isinstance(reading.found, Rejected):
        return None
    found = [type(reading.found).__name__, reading.found, reading.template, reading.media_type, reading.capture.url]
    return hashlib.sha256(msgspec.json.encode(found)).hexdigest()


def stand_in(db: Connection, uri: str, found: str) -> str | None:
    """Digest of the kept bytes of the earliest look at `uri` that showed the same, or None."""
    row = db.execute(
        "SELECT sha256 FROM captures JOIN raw USING (sha256) WHERE uri = ? AND found_hash = ? AND read_as IS NULL "
        "ORDER BY captured_at, sha256 LIMIT 1",
        (uri, found),
    ).fetchone()
    return row[0] if row else None
