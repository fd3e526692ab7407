"""The disk and the files that the database is in."""

from __future__ import annotations

import shutil
import stat
import sys
from typing import TYPE_CHECKING

from pipelines.store.database import network_file_system
from pipelines.store.doctor_case import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pipelines.store.doctor_case import Case

# Room for a night's work, and for what a migration writes beside the tables it changes.
LEAST_FREE = 256 * 2**20  # bytes
LEAST_SHARE = 0.1  # of the database's size
MOST_LOG = 256 * 2**20  # bytes: a run's own commits keep the log far below


def disk(case: Case) -> Iterator[Finding]:
    """Is there room for what comes?"""
    size = case.path.stat().st_size
    free = shutil.disk_usage(case.path.parent).free
    if free < max(LEAST_FREE, LEAST_SHARE * size):
        yield Finding(
            check="disk",
            fact=f"{_megabytes(free)} are free beside a database of {_megabytes(size)}",
            remedy="make room before the next run, which would stop with exit code 4",
        )


def file_system(case: Case) -> Iterator[Finding]:
    """Is it on a disk of this machine?"""
    if kind := network_file_system(case.path.parent):
        yield Finding(
            check="file system",
            fact=f"{case.path.parent} is on a network file system ({kind}), where two machines may write at once",
            remedy="move it to a local disk; copies made by `scrapy backup` may be kept there",
            is_fatal=True,
        )


def permissions(case: Case) -> Iterator[Finding]:
    """Can others than the owner change it? A group of the owner's own is the owner."""
    for path in _files(case.path):
        status = path.stat()
        who = []
        if status.st_mode & stat.S_IWOTH:
            who.append("everybody")
        if status.st_mode & stat.S_IWGRP and not _is_own_group(status.st_uid, status.st_gid):
            who.append("its group")
        if who:
            yield Finding(
                check="permissions",
                fact=f"{path} can be changed by {' and '.join(who)}",
                remedy="`chmod go-w` it, unless that is meant",
            )


def write_ahead_log(case: Case) -> Iterator[Finding]:
    """Has the log been emptied? A reader that stays open keeps it growing."""
    log = case.path.with_name(case.path.name + "-wal")
    size = log.stat().st_size if log.exists() else 0
    if size > MOST_LOG and case.holder is None:
        yield Finding(
            check="write-ahead log",
            fact=f"{log} has {_megabytes(size)}, and no run is writing",
            remedy="close whatever keeps the database open (a Datasette, a shell); the next run then empties it",
        )


def _files(path: Path) -> list[Path]:
    names = (path.name, path.name + "-wal", path.name + "-shm", path.name + ".lock")
    return [file for name in names if (file := path.with_name(name)).exists()]


def _is_own_group(uid: int, gid: int) -> bool:
    """Is the group that user's alone, as systems that write files as 664 make one for each?"""
    if sys.platform == "win32":
        return True
    import grp  # noqa: PLC0415 - not on every system
    import pwd  # noqa: PLC0415

    try:
        user, group = pwd.getpwuid(uid), grp.getgrgid(gid)
    except KeyError:
        return False
    return user.pw_gid == gid and not set(group.gr_mem) - {user.pw_name}


def _megabytes(size: int) -> str:
    return f"{size / 2**20:,.0f} MiB"
