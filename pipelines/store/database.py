"""Opens the database: connection, pragmas, schema and migrations."""

from __future__ import annotations

import os
import sqlite3
import sys
from datetime import UTC, datetime
from pathlib import Path

from sqlite_utils import Database, Migrations

from crawler.times import utc_text
from pipelines.store import duplicates, identity, search_index
from pipelines.store.precaution import NoRoomError, keep_copy
from pipelines.store.schema import statements

# "GZHA", so that `file` and others can tell an archive from any SQLite database.
APPLICATION_ID = 0x475A4841
BUSY_TIMEOUT = 30.0  # seconds
NETWORK_FILE_SYSTEMS = frozenset({"nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afpfs", "9p", "sshfs"})

migrations = Migrations("archive")


class DatabaseError(Exception):
    """The database cannot be written or trusted; the message says what to do."""


def _run(db: Database, name: str) -> None:
    for statement in statements(name):
        db.conn.execute(statement)


@migrations()
def m001_initial(db: Database) -> None:
    """Every table of the first release."""
    _run(db, "001_initial.sql")


@migrations()
def m002_likeness(db: Database) -> None:
    """What near-duplicates, joined captures and kinds of change need."""
    _run(db, "002_likeness.sql")


@migrations()
def m003_search(db: Database) -> None:
    """The search index."""
    _run(db, "003_search.sql")


@migrations()
def m004_network(db: Database) -> None:
    """Hosts and their budgets; looks whose bytes are not kept."""
    _run(db, "004_network.sql")


@migrations()
def m005_operation(db: Database) -> None:
    """What an operator is told of a run after it."""
    _run(db, "005_operation.sql")


class WritingConnection(sqlite3.Connection):
    """A connection whose every commit() first does what waits for it, in one transaction: clusters, search index."""

    def commit(self) -> None:
        """Commits. Raises sqlite3.Error: then nothing is, and the caller rolls back."""
        if self.in_transaction and search_index.is_there(self):
            duplicates.settle(self)
            search_index.update(self)
        super().commit()


def schema_version() -> int:
    """The version that this code writes: how many migrations there are."""
    return len(migrations._migrations)  # there is no public count of them


def connect(path: Path, *, read_only: bool = False) -> Database:
    """A connection with this project's pragmas; `read_only` ones never create, migrate or wait for a lock.

    Raises:
        DatabaseError: `path` is no database of this project, or not one that this code understands.
    """
    if read_only and not path.exists():
        raise DatabaseError(f"no database at {path}; `scrapy crawl files -a path=FOLDER` makes one")
    uri = path.absolute().as_uri() + ("?mode=ro" if read_only else "")
    try:
        factory = sqlite3.Connection if read_only else WritingConnection
        connection = sqlite3.connect(uri, uri=True, timeout=BUSY_TIMEOUT, isolation_level=None, factory=factory)
        db = Database(connection, strict=True, execute_plugins=False)
        connection.execute(f"PRAGMA busy_timeout={int(BUSY_TIMEOUT * 1000)}")
        _check_identity(db, path)
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA trusted_schema=OFF")
        if not read_only:
            connection.execute("PRAGMA synchronous=NORMAL")
            # In a large database a group of commits touches thousands of pages, scattered over the indexes.
            connection.execute("PRAGMA cache_size=-65536")
            connection.execute("PRAGMA wal_autocheckpoint=8000")
            connection.execute("PRAGMA temp_store=MEMORY")
    except sqlite3.Error as error:
        raise DatabaseError(explain(error, path)) from error
    return db


def open_for_writing(path: Path, *, max_bytes: int = 0, duplicate_similarity: float | None = None) -> Database:
    """Opens `path`, made or migrated to this code's schema. The caller holds the run lock.

    With `max_bytes` the database does not grow beyond it: writing more is an error, as on a full disk.
    `duplicate_similarity` is the threshold of duplicates from now on; without one that in force stays.

    Raises:
        DatabaseError: see `connect`; also a folder that is not there, a network file system, no room.
        ValueError: a threshold below the least similarity of pairs, or above 1.
    """
    check_place(path)
    db = connect(path)
    try:
        _use_wal(db, path)
        migrate(db)
        search_index.ensure(db.conn)
        duplicates.prepare(db.conn, duplicate_similarity)
        identity.ensure(db.conn, utc_text(datetime.now(UTC)))
        if max_bytes:
            page_size = db.conn.execute("PRAGMA page_size").fetchone()[0]
            db.conn.execute(f"PRAGMA max_page_count={max(1, max_bytes // page_size)}")
    except sqlite3.Error as error:
        db.close()
        raise DatabaseError(explain(error, path)) from error
    except DatabaseError:
        db.close()
        raise
    return db


def check_place(path: Path) -> None:
    """Can a database be at `path`? Raises DatabaseError: no such folder, or on a network file system."""
    if not path.parent.is_dir():
        raise DatabaseError(f"there is no folder {path.parent}; make it, or name another DATABASE")
    if (kind := network_file_system(path.parent)) is not None:
        raise DatabaseError(
            f"{path.parent} is on a network file system ({kind}); a database in WAL mode needs shared memory: "
            "keep it on a local disk"
        )


def _use_wal(db: Database, path: Path) -> None:
    mode = db.conn.execute("PRAGMA journal_mode=WAL").fetchone()[0]
    if mode != "wal":
        raise DatabaseError(f"{path} cannot use write-ahead logging (it stays in {mode} mode); use a local disk")


def migrate(db: Database) -> None:
    """Applies what is pending and makes the views anew, after a copy was made of what an older release left.

    Raises:
        sqlite3.Error: nothing is left half done.
        DatabaseError: there is no room for the copy.
    """
    version = db.conn.execute("PRAGMA user_version").fetchone()[0]
    if version == schema_version():
        return
    try:
        keep_copy(db.conn, version)
    except NoRoomError as error:
        raise DatabaseError(str(error)) from error
    migrations.apply(db)
    # In a transaction of its own: a run killed before its end finds the old version and comes here again.
    db.conn.execute("BEGIN IMMEDIATE")
    with db.conn:
        for view in db.view_names():
            db.conn.execute(f'DROP VIEW "{view}"')
        _run(db, "views.sql")
        db.conn.execute(f"PRAGMA user_version={schema_version()}")
        db.conn.execute(f"PRAGMA application_id={APPLICATION_ID}")


def _check_identity(db: Database, path: Path) -> None:
    application = db.conn.execute("PRAGMA application_id").fetchone()[0]
    version = db.conn.execute("PRAGMA user_version").fetchone()[0]
    if application == APPLICATION_ID:
        if version > schema_version():
            raise DatabaseError(
                f"{path} was written by a newer release (schema {version}, this one knows {schema_version()}); "
                "update the project, the database has not been touched"
            )
        return
    others = set(db.table_names()) - {migrations.migrations_table}
    begun = {row.name for row in migrations.applied(db)}
    if others and not begun:
        raise DatabaseError(f"{path} is a database of something else; name another DATABASE")


# What SQLite's message has in it, and what that means for an operator.
_MEANINGS = (
    (("not a database", "malformed"), "{path} is damaged or no SQLite database ({text}); restore it from a backup"),
    (
        ("disk is full",),
        "{path} cannot grow: the disk is full, or MAX_DATABASE_BYTES is reached; what was stored is safe, make room",
    ),
    (
        ("readonly", "unable to open"),
        "{path} cannot be written ({text}); check its permissions and those of its folder",
    ),
    (
        ("is locked", "is busy"),
        "{path} is locked by another program ({text}); close what has it open for writing, and run again",
    ),
    (
        ("disk I/O error",),
        "the disk of {path} fails ({text}); look at the disk, then at the database: `scrapy doctor`",
    ),
    (
        ("no such table", "no such column"),
        "{path} is of an older release ({text}); any run that writes brings it up to date: `scrapy reindex`",
    ),
)


def explain(error: sqlite3.Error, path: Path) -> str:
    """What an operator can do about `error`."""
    text = str(error)
    for parts, meaning in _MEANINGS:
        if any(part in text for part in parts):
            return meaning.format(path=path, text=text)
    return f"{path}: {text}"


def network_file_system(folder: Path) -> str | None:
    """The type of the network file system that `folder` is on, or None (also where this cannot be known)."""
    if not sys.platform.startswith("linux"):
        return None
    best, kind = "", None
    try:
        mounts = Path("/proc/self/mounts").read_text("utf-8", "replace").splitlines()
        target = os.path.realpath(folder)
    except OSError:
        return None
    for line in mounts:
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        point = fields[1].replace("\\040", " ")
        inside = target == point or target.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind = point, fields[2]
    if kind is None:
        return None
    return kind if kind.removeprefix("fuse.") in NETWORK_FILE_SYSTEMS else None
