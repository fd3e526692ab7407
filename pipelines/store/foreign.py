"""Somebody else's archive, read as hostile: only what was captured is taken, and all of it is checked.

Nothing derived is believed (articles, bodies, hashes): it is made anew from the raw bytes. The file's own views,
triggers and functions have no say: tables must be plain ones, an authorizer allows nothing but reading them.
"""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args

import msgspec
import zstandard

from crawler.items import Capture, Rejected, RejectReason
from crawler.urls import strip_reader
from pipelines.store import raw
from pipelines.store.capture_rows import Context
from pipelines.store.database import APPLICATION_ID, DatabaseError, explain, schema_version

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# What is read, with the columns that it takes.
TABLES = {
    "captures": ("id", "uri", "name", "outcome", "reason", "detail", "sha256", "url", "context", "first_seen_at"),
    "raw": ("sha256", "size", "encoding", "bytes"),
    "files": ("uri", "size", "mtime_ns", "captures", "rejected", "ignored", "last_seen_at"),
    "frontier": ("url", "state", "priority", "attempts", "not_before", "error", "added_at", "updated_at"),
    "sources": ("kind", "target", "every", "next_due", "paused", "options", "added_at"),
}
_ALLOWED = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_TRANSACTION}
_HIDDEN_PLAIN = 0
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\Z")
_DIGEST = re.compile(r"[0-9a-f]{64}\Z")
_context = msgspec.json.Decoder(Context)


class ForeignConnection(sqlite3.Connection):
    """A connection to another archive."""

    # The column that tells which bytes stand for those of a look that showed nothing new; older schemas keep all.
    read_as = "NULL"


class DamagedError(Exception):
    """A row that this project did not write, or that has been damaged since."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignCapture:
    """A capture of another archive, its bytes checked against their digest."""

    capture: Capture
    sha256: str
    was_rejected: bool
    first_seen_at: str | None  # UTC text


def open_foreign(path: Path, *, max_bytes: int) -> ForeignConnection:
    """Opens an archive to read from; no value in it may be longer than `max_bytes` and a margin.

    Raises:
        DatabaseError: it is not there, no archive, or one whose tables are not what they should be.
    """
    if not path.is_file():
        raise DatabaseError(f"no database at {path}")
    try:
        uri = f"{path.absolute().as_uri()}?mode=ro"
        db = sqlite3.connect(uri, uri=True, isolation_level=None, factory=ForeignConnection)
        try:
            _check(db, path)
        except (sqlite3.Error, DatabaseError):
            db.close()
            raise
    except sqlite3.Error as error:
        raise DatabaseError(explain(error, path)) from error
    db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, max_bytes + 2**20)
    db.set_authorizer(_authorize)
    return db


def _authorize(action: int, table: str | None, *_: Any) -> int:
    if action == sqlite3.SQLITE_READ:
        return sqlite3.SQLITE_OK if table in TABLES else sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY


def _check(db: ForeignConnection, path: Path) -> None:
    for pragma in ("trusted_schema=OFF", "cell_size_check=ON", "query_only=ON"):
        db.execute(f"PRAGMA {pragma}")
    if db.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise DatabaseError(f"{path} is no archive of this project")
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if not 1 <= version <= schema_version():
        raise DatabaseError(
            f"{path} has schema {version}, this release knows 1 to {schema_version()}; update the project"
        )
    for table, columns in TABLES.items():
        row = db.execute("SELECT type, sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()
        if row is None or row[0] != "table" or not str(row[1]).startswith("CREATE TABLE"):
            raise DatabaseError(f"{path} has no table {table} of its own; nothing of it was taken")
        plain = {row[1] for row in db.execute(f"PRAGMA table_xinfo({table})") if row[6] == _HIDDEN_PLAIN}
        if missing := set(columns) - plain:
            raise DatabaseError(f"{path}: table {table} lacks {', '.join(sorted(missing))}; nothing of it was taken")
        if table == "captures" and "read_as" in plain:
            db.read_as = "read_as"


def capture_ids(db: sqlite3.Connection) -> list[int]:
    """The ids of all captures, in order."""
    return [row[0] for row in db.execute("SELECT id FROM captures ORDER BY id")]


def load(db: ForeignConnection, capture_id: int, *, max_bytes: int) -> ForeignCapture:
    """One capture with its bytes.

    Raises:
        DamagedError: it is not what this project writes.
        sqlite3.Error: the file cannot be read.
    """
    try:
        row = db.execute(
            f"SELECT uri, name, outcome, reason, detail, sha256, url, context, first_seen_at, {db.read_as} "
            "FROM captures WHERE id = ?",
            (capture_id,),
        ).fetchone()
    except sqlite3.OperationalError as error:
        raise DamagedError(f"capture {capture_id}: {error}") from error
    uri, name, outcome, reason, detail, sha256, url, packed, first_seen_at, read_as = row
    for value in (uri, name, outcome, sha256, packed):
        if not isinstance(value, str) or not value:
            raise DamagedError(f"capture {capture_id} lacks its uri, name, outcome, digest or context")
    try:
        context = _context.decode(packed)
    except msgspec.DecodeError as error:
        raise DamagedError(f"capture {capture_id} ({name}): its context cannot be read: {error}") from error
    if context.captured_at.tzinfo is None:
        raise DamagedError(f"capture {capture_id} ({name}): its time of capture has no zone")
    if not _DIGEST.match(sha256):
        raise DamagedError(f"capture {capture_id} ({name}): {sha256[:80]!r} is no digest")
    kept = sha256 if read_as is None else str(read_as)
    content = _content(db, kept, max_bytes)
    if content is not None and raw.digest(content) != kept:
        raise DamagedError(f"capture {capture_id} ({name}): its bytes are not those of its digest")
    problem = None
    if content is None:
        if outcome != "rejected" or reason not in get_args(RejectReason):
            raise DamagedError(f"capture {capture_id} ({name}): its bytes are missing")
        problem = Rejected(reason=reason, detail=str(detail))
    return ForeignCapture(
        capture=Capture(
            uri=uri,
            name=name,
            content=content or b"",
            captured_at=context.captured_at,
            captured_at_source=context.captured_at_source,
            url=strip_reader(url) if isinstance(url, str) else None,
            media_type=context.media_type,
            hints=context.hints,
            problem=problem,
            read_as=None if read_as is None or content is None else kept,
        ),
        sha256=sha256,
        was_rejected=outcome == "rejected",
        first_seen_at=first_seen_at if isinstance(first_seen_at, str) and _TIME.match(first_seen_at) else None,
    )


def _content(db: sqlite3.Connection, sha256: str, max_bytes: int) -> bytes | None:
    """The bytes kept under a digest, unpacked within the limit; None where there are none."""
    if not _DIGEST.match(sha256):
        raise DamagedError(f"{sha256[:80]!r} is no digest")
    row = db.execute("SELECT encoding, bytes FROM raw WHERE sha256 = ?", (sha256,)).fetchone()
    if row is None:
        return None
    encoding, packed = row
    if not isinstance(packed, bytes):
        raise DamagedError(f"the bytes of {sha256} are none")
    if encoding == "identity":
        return packed
    try:
        size = zstandard.frame_content_size(packed)
        if not 0 <= size <= max_bytes:
            raise DamagedError(f"the bytes of {sha256} unpack to {size}, the limit is {max_bytes}")
        return raw.unpack(packed)
    except zstandard.ZstdError as error:
        raise DamagedError(f"the bytes of {sha256} cannot be unpacked: {error}") from error


def rows(db: sqlite3.Connection, table: str) -> Iterator[dict[str, Any]]:
    """The rows of one of `TABLES`, by column."""
    columns = TABLES[table]
    for row in db.execute(f"SELECT {', '.join(columns)} FROM {table}"):
        yield dict(zip(columns, row, strict=True))
