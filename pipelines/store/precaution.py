"""A copy of a database as an older release left it, made before the schema is changed."""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

logger = logging.getLogger(__name__)


class NoRoomError(Exception):
    """The copy cannot be made; the message says what to do."""


def copy_name(path: Path, version: int) -> Path:
    """Where the copy of a database of schema `version` is: `articles.db.schema-1.backup`."""
    return path.with_name(f"{path.name}.schema-{version}.backup")


def keep_copy(connection: sqlite3.Connection, version: int) -> Path | None:
    """Copies the database, which is of schema `version`, beside itself; the caller holds the run lock.

    Nothing is done for a database that was never finished (`version` 0), nor where that copy is there: then a
    migration was killed, and the copy is from before it.

    Raises:
        NoRoomError: no room, or no right to write there; nothing was changed.
        sqlite3.Error: the database cannot be read.
    """
    path = Path(connection.execute("PRAGMA database_list").fetchone()[2])
    target = copy_name(path, version)
    if version == 0 or target.exists():
        return None
    size = _pragma(connection, "page_count") * _pragma(connection, "page_size")
    free = shutil.disk_usage(path.parent).free
    # What is changed is written once more, to the log, before it reaches the database.
    if free < 2 * size:
        raise NoRoomError(
            f"{path} is of an older release (schema {version}) and is copied before it is changed: that takes "
            f"{2 * size:,} bytes, {path.parent} has {free:,} free; make room and run again, nothing has been changed"
        )
    partial = target.with_name(target.name + ".partial")
    try:
        partial.unlink(missing_ok=True)
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        with closing(sqlite3.connect(partial)) as made:
            connection.backup(made)
        os.chmod(partial, stat.S_IMODE(path.stat().st_mode))  # noqa: PTH101 - the mode is a number
        _flush(partial)
        partial.replace(target)
        _flush(target.parent)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise NoRoomError(f"{path} cannot be copied to {target} before it is changed: {error.strerror}") from error
    except sqlite3.Error:
        partial.unlink(missing_ok=True)
        raise
    logger.warning("%s was of schema %d; a copy of it as it was is %s", path, version, target)
    return target


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
