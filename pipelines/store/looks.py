"""Looks over the network: each is a row, also one that showed nothing new.

A page differs in bytes at every fetch (nonces, times), so bytes alone do not tell. What a reader found tells: where it
is the very same as of an earlier look at the same URL, the row and the digest are kept, the bytes are not.

A page may also come back byte for byte, after a notice in between. When it was there is what a look tells, so that is
a row of its own: the earliest look has the URL as its `uri`, the others the URL, `#` and when they were.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from crawler.items import Article, Notice, Rejected
from crawler.times import utc_text

if TYPE_CHECKING:
    from sqlite3 import Connection

    from crawler.items import Capture, Reading


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
        (uri.partition("#")[0], found),
    ).fetchone()
    return row[0] if row else None


def placed(db: Connection, reading: Reading, sha256: str) -> Capture:
    """A reading's capture under the `uri` that its row has, or is to have; any but a look at a page stays as it is.

    Which look is the earliest is told by when each was made, whatever order they come in: one that is earlier than
    what is stored takes the place of it.
    """
    capture = reading.capture
    is_look = capture.captured_at_source == "http" and capture.url is not None
    if not is_look or not isinstance(reading.found, (Article, Notice)):
        return capture
    url = capture.uri.partition("#")[0]
    # "$" follows "#": what lies between is the URL with a mark, and nothing else.
    rows = db.execute(
        "SELECT id, uri, context FROM captures WHERE sha256 = ? AND (uri = ? OR (uri > ? || '#' AND uri < ? || '$'))",
        (sha256, url, url, url),
    ).fetchall()
    made = {_moment(context): (number, uri) for number, uri, context in rows}
    at = utc_text(capture.captured_at)
    if at in made:
        return replace(capture, uri=made[at][1])
    if not made:
        return replace(capture, uri=url)
    earliest = min(made)
    if at > earliest:
        return replace(capture, uri=f"{url}#{at}")
    db.execute("UPDATE captures SET uri = ? WHERE id = ?", (f"{url}#{earliest}", made[earliest][0]))
    return replace(capture, uri=url)


def _moment(context: str) -> str:
    """When the capture with this context was made (UTC text)."""
    return utc_text(datetime.fromisoformat(json.loads(context)["captured_at"]))
