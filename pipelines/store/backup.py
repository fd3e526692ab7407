"""A consistent copy of a database, made while a run may be writing it.

The copy is of one moment: a reading transaction is held to its end, because SQLite's backup begins anew whenever
another process commits, and a crawl commits every second. Writers do not wait; the write-ahead log grows meanwhile.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import stat
import time
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING

from pipelines.store.apart import WorkStoppedError, apart
from pipelines.store.database import DatabaseError, explain

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

_PAGES = 2_048  # copied in one step: 8 MiB of the usual pages
_PARTIAL = ".partial"
_STALE = 86_400.0  # seconds: what a copy that was killed has left is removed after a day
_STAMP = r"[0-9]{8}T[0-9]{6}Z"


def dated_name(database: Path, now: datetime) -> str:
    """The name of a copy made `now` (aware, UTC): `articles-20240501T031500Z.db`; names sort by time."""
    return f"{database.stem}-{now.strftime('%Y%m%dT%H%M%SZ')}{database.suffix}"


def dated_copies(folder: Path, database: Path) -> list[Path]:
    """The copies of `database` in `folder` that have such names, the oldest first; nothing else."""
    name = re.compile(re.escape(database.stem) + "-" + _STAMP + re.escape(database.suffix) + r"\Z")
    return sorted(path for path in folder.iterdir() if name.match(path.name) and path.is_file())


def rotate(folder: Path, database: Path, keep: int) -> list[Path]:
    """Removes all dated copies of `database` but the latest `keep`, and what killed copies left. Gives what went.

    Raises:
        OSError: one cannot be removed.
    """
    gone = dated_copies(folder, database)[:-keep]
    for path in gone:
        path.unlink()
    _remove_stale(folder, database)
    return gone


def copy(database: Path, target: Path, *, progress: Callable[[int, int], None]) -> int:
    """Copies `database` to `target`, which is replaced at once or not at all. Says how many bytes it has.

    It is written under another name, verified, flushed to the disk, and renamed; it is one file, without a log beside
    it, with the permissions of the original. `progress` is told, from another thread, how many pages are copied and how
    many there are. A signal whose handler raises ends the copy within a second or two, wherever it stands.

    Raises:
        DatabaseError: the original or its copy is damaged, or cannot be read.
        OSError: the folder cannot be written, or has no room.
    """
    status = database.stat()
    log = database.with_name(database.name + "-wal")
    needed = status.st_size + (log.stat().st_size if log.exists() else 0)
    free = shutil.disk_usage(target.parent).free
    if free < needed:
        raise OSError(f"{target.parent} has {free:,} bytes free, the copy needs {needed:,}; make room")
    with _partial(target) as partial:
        os.chmod(partial, stat.S_IMODE(status.st_mode))  # noqa: PTH101
        with suppress(PermissionError):
            os.chown(partial, status.st_uid, status.st_gid)
        try:
            apart(lambda stopped: _fill(database, partial, progress, stopped))
        except sqlite3.Error as error:
            raise DatabaseError(explain(error, database)) from error
        apart(lambda _: _flush(partial))
        size = partial.stat().st_size
        partial.replace(target)
    _flush(target.parent)
    return size


def _fill(database: Path, partial: Path, progress: Callable[[int, int], None], stopped: threading.Event) -> None:
    def tell(_: int, left: int, total: int) -> None:
        if stopped.is_set():
            raise WorkStoppedError
        progress(total - left, total)

    uri = database.absolute().as_uri() + "?mode=ro"
    with (
        closing(sqlite3.connect(uri, uri=True, isolation_level=None, timeout=30)) as source,
        closing(sqlite3.connect(partial, isolation_level=None)) as made,
    ):
        # Without it a copy in WAL mode needs shared memory, which its file system may not have.
        made.execute("PRAGMA locking_mode=EXCLUSIVE")
        source.execute("BEGIN")
        source.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
        source.backup(made, pages=_PAGES, sleep=0, progress=tell)
        expected = _summary(source)
        source.execute("ROLLBACK")
        made.execute("PRAGMA journal_mode=DELETE")
        faults = [row[0] for row in made.execute("PRAGMA quick_check(3)") if row[0] != "ok"]
        if faults:
            raise DatabaseError(f"the copy of {database} is damaged, as the original may be: {'; '.join(faults)}")
        if _summary(made) != expected:
            raise DatabaseError(f"the copy of {database} has not as many rows as the original; do it again")


def _summary(db: sqlite3.Connection) -> list[tuple[str, int]]:
    """How many rows the tables have that all others follow from."""
    tables = ("captures", "raw", "articles", "revisions", "runs")
    return [(name, db.execute(f"SELECT count(*) FROM {name}").fetchone()[0]) for name in tables]


@contextmanager
def _partial(target: Path) -> Iterator[Path]:
    """A new, empty file beside `target`, readable by its owner alone, that does not outlive the block."""
    partial = target.with_name(f".{target.name}.{os.getpid()}{_PARTIAL}")
    partial.unlink(missing_ok=True)
    os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        yield partial
    finally:
        for suffix in ("", "-journal", "-wal", "-shm"):
            partial.with_name(partial.name + suffix).unlink(missing_ok=True)


def _remove_stale(folder: Path, database: Path) -> None:
    name = re.compile(
        r"\." + re.escape(database.stem) + "-" + _STAMP + re.escape(database.suffix) + r"\.[0-9]+\.partial"
    )
    for path in folder.iterdir():
        if name.match(path.name) and time.time() - path.stat().st_mtime > _STALE:
            path.unlink(missing_ok=True)


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
