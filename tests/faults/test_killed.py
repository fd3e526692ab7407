"""SIGKILL at many moments, each told by how many statements SQLite has been given: what is left is whole."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

from running import PROJECT, environment

from pipelines.store.database import connect, open_for_writing, schema_version
from pipelines.store.precaution import copy_name
from pipelines.store.projection import projection_digest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

# Runs a command in a process that kills itself before the statement of a given number; 0: it prints how many there are.
DYING = """
import os, signal, sys
from pipelines.store import database

last, count = int(sys.argv[1]), 0
connect = database.connect

def traced(path, **options):
    db = connect(path, **options)
    def trace(statement):
        global count
        count += 1
        if count == last:
            os.kill(os.getpid(), signal.SIGKILL)
    db.conn.set_trace_callback(trace)
    return db

database.connect = traced
if sys.argv[2] == "migrate":
    from pathlib import Path
    database.open_for_writing(Path(sys.argv[3])).close()
else:
    from scrapy.cmdline import execute
    try:
        execute(["scrapy", *sys.argv[2:]])
    except SystemExit as ended:
        if ended.code not in (0, 5):
            raise
print(f"statements {count}")
"""
POINTS = 5


def dying(last: int, *words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", DYING, str(last), *map(str, words)],
        cwd=PROJECT,
        env=environment(PYTHONPATH=str(PROJECT)),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def statements(*words: str | Path) -> int:
    """How many statements a run that nothing stops takes."""
    ended = dying(0, *words)
    assert ended.returncode == 0, ended.stderr
    return int(ended.stdout.rpartition("statements ")[2])


def digest(database: Path) -> str:
    with closing(connect(database, read_only=True)) as db:
        assert db.conn.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert db.conn.execute("PRAGMA foreign_key_check").fetchall() == []
        return projection_digest(db.conn)


def moments(count: int) -> list[int]:
    """So many moments, spread over the whole run, the last ones among them."""
    return sorted({max(1, count * number // POINTS) for number in range(1, POINTS)} | {count - 1})


def test_a_crawl_killed_anywhere_goes_on_and_ends_with_the_same_database(tmp_path: Path, pages: Path) -> None:
    words = ("crawl", "files", "-a", f"path={pages}", "-s", "STORE_GROUP_SIZE=7", "-s")
    count = statements(*words, f"DATABASE={tmp_path / 'whole.db'}")
    expected = digest(tmp_path / "whole.db")
    for moment in moments(count):
        database = tmp_path / f"{moment}.db"
        assert dying(moment, *words, f"DATABASE={database}").returncode == -signal.SIGKILL
        assert dying(0, *words, f"DATABASE={database}").returncode == 0
        assert digest(database) == expected, moment


def test_a_renormalisation_killed_anywhere_is_completed_by_the_next(tmp_path: Path, pages: Path) -> None:
    made = tmp_path / "made.db"
    assert dying(0, "crawl", "files", "-a", f"path={pages}", "-s", f"DATABASE={made}").returncode == 0
    with closing(sqlite3.connect(made)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    words = ("renormalize", "--jobs", "1", "-s", "DISABLED_RULES=follow_prompt.scan_to_follow", "-s")
    shutil.copy(made, tmp_path / "whole.db")
    count = statements(*words, f"DATABASE={tmp_path / 'whole.db'}")
    expected = digest(tmp_path / "whole.db")
    assert expected != digest(made)
    for moment in moments(count):
        database = tmp_path / f"{moment}.db"
        shutil.copy(made, database)
        assert dying(moment, *words, f"DATABASE={database}").returncode == -signal.SIGKILL
        assert dying(0, *words, f"DATABASE={database}").returncode == 0
        assert digest(database) == expected, moment


def test_a_merge_killed_anywhere_is_completed_by_the_next(tmp_path: Path, pages: Path) -> None:
    one, other = tmp_path / "one.db", tmp_path / "other.db"
    for database, glob in ((one, "[0-2]*.html"), (other, "[3-5]*.html")):
        assert dying(0, "crawl", "files", "-a", f"path={pages / glob}", "-s", f"DATABASE={database}").returncode == 0
    words = ("merge", one, other, "-s")
    count = statements(*words, f"DATABASE={tmp_path / 'whole.db'}")
    expected = digest(tmp_path / "whole.db")
    for moment in moments(count):
        database = tmp_path / f"{moment}.db"
        assert dying(moment, *words, f"DATABASE={database}").returncode == -signal.SIGKILL
        assert dying(0, *words, f"DATABASE={database}").returncode == 0
        assert digest(database) == expected, moment


def test_a_migration_killed_anywhere_is_completed_and_the_copy_is_of_before(
    tmp_path: Path, older: Callable[[str], Path]
) -> None:
    whole = older("whole.db")
    count = statements("migrate", whole)
    expected = digest(whole)
    for moment in moments(count):
        database = older(f"{moment}.db")
        assert dying(moment, "migrate", database).returncode == -signal.SIGKILL
        open_for_writing(database).close()
        assert digest(database) == expected, moment
        with closing(sqlite3.connect(copy_name(database, 1))) as copy:
            assert copy.execute("PRAGMA user_version").fetchone() == (1,)
            assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert copy.execute("SELECT count(*) FROM _sqlite_migrations").fetchone() == (1,)


def test_no_copy_is_made_where_nothing_changes(tmp_path: Path) -> None:
    open_for_writing(tmp_path / "a.db").close()
    open_for_writing(tmp_path / "a.db").close()
    assert list(tmp_path.glob("*.backup*")) == []


def test_a_migration_says_where_the_copy_is(older: Callable[[str], Path], caplog: pytest.LogCaptureFixture) -> None:
    database = older("a.db")
    mode = database.stat().st_mode
    open_for_writing(database).close()
    copy = copy_name(database, 1)
    assert str(copy) in caplog.text
    assert copy.stat().st_mode == mode
    with closing(sqlite3.connect(database)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (schema_version(),)
