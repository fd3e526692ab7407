"""The run lock: one writing run a database. It dies with the process and is inherited by no worker."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from crawler.text import tidy_line

if TYPE_CHECKING:
    from collections.abc import Iterator


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """The process that holds a run lock."""

    pid: int  # 0 where it runs in another container
    command: str  # its command line, empty where it may not be seen


def holder(database: Path) -> Holder | None:
    """Who holds the run lock of `database`; None where nobody does, or where the system does not tell (not Linux).

    It only looks: to try the lock would make a run that starts just then give up.
    """
    try:
        inode = str(lock_path(database).stat().st_ino)
        held = Path("/proc/locks").read_text("ascii", "replace").splitlines()
    except OSError:
        return None
    # 1: FLOCK  ADVISORY  WRITE 4711 08:01:131077 0 EOF
    for fields in map(str.split, held):
        if len(fields) > 5 and fields[1] == "FLOCK" and fields[5].rpartition(":")[2] == inode:
            pid = max(0, int(fields[4]))
            return Holder(pid=pid, command=_command(pid))
    return None


def _command(pid: int) -> str:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode("utf-8", "replace").split("\0")
    except OSError:
        return ""
    return tidy_line(" ".join(words))
