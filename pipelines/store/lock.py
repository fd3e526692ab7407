"""The run lock: one writing run a database. It dies with the process and is inherited by no worker."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class DatabaseLockedError(Exception):
    """Another run holds the lock."""


def lock_path(database: Path) -> Path:
    """The lock's own file, beside the database; it stays there, empty, between runs."""
    return database.with_name(database.name + ".lock")


@contextmanager
def run_lock(database: Path, *, wait: float = 0.0) -> Iterator[None]:
    """Holds the run lock of `database` for the block; waits for it at most `wait` seconds.

    Raises:
        DatabaseLockedError: another run holds it.
        OSError: the lock's file cannot be made.
    """
    lock = FileLock(lock_path(database), timeout=wait, fallback_to_soft=False, preserve_lock_file=True)
    try:
        lock.acquire()
    except Timeout:
        raise DatabaseLockedError(
            f"another run is writing {database}; try again when it has ended, or queue for it with -s LOCK_WAIT=SECONDS"
        ) from None
    try:
        yield
    finally:
        lock.release()
