from __future__ import annotations

import os
import signal
import sqlite3
import stat
import threading
import time
from collections import namedtuple
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from readings import NOW, article_reading

from pipelines.store import backup, runs
from pipelines.store.database import DatabaseError, connect, open_for_writing
from pipelines.store.projection import projection_digest
from pipelines.store.writer import write

if TYPE_CHECKING:
    from pathlib import Path

    from sqlite_utils import Database

TEXT = "春天来了，河边的柳树发了新芽，孩子们在草地上放风筝。"
Usage = namedtuple("Usage", "total used free")


def quiet(done: int, total: int) -> None:
    assert 0 <= done <= total


def put(db: Database, name: str) -> None:
    db.execute("BEGIN IMMEDIATE")
    write(db.conn, article_reading(name, TEXT + name, tail="长按关注"), now=NOW, run_id=None)
    db.conn.commit()


@pytest.fixture
def database(db: Database, tmp_path: Path) -> Path:
    for number in range(5):
        put(db, f"page{number}")
    return tmp_path / "articles.db"


def digest(path: Path) -> str:
    db = connect(path, read_only=True)
    try:
        return projection_digest(db.conn)
    finally:
        db.close()


def test_a_copy_says_the_same_is_one_file_and_has_the_permissions_of_the_original(
    database: Path, tmp_path: Path
) -> None:
    database.chmod(0o640)
    folder = tmp_path / "copies"
    folder.mkdir()
    size = backup.copy(database, folder / "copy.db", progress=quiet)
    assert [path.name for path in folder.iterdir()] == ["copy.db"]
    assert stat.S_IMODE((folder / "copy.db").stat().st_mode) == 0o640
    assert (folder / "copy.db").stat().st_size == size
    with sqlite3.connect(f"{(folder / 'copy.db').as_uri()}?mode=ro&immutable=1", uri=True) as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    db.close()
    assert digest(folder / "copy.db") == digest(database)
    open_for_writing(folder / "copy.db").close()


def test_a_copy_is_of_one_moment_however_fast_others_write(database: Path, tmp_path: Path) -> None:
    with sqlite3.connect(database) as big:
        big.execute("INSERT INTO raw VALUES ('big', 0, 'identity', zeroblob(60000000))")
    big.close()
    stop, steps = threading.Event(), []

    def write_runs() -> None:
        writer = sqlite3.connect(database, isolation_level=None, timeout=30)
        while not stop.is_set():
            runs.begin(writer, "files", {}, NOW)
        writer.close()

    def note(done: int, total: int) -> None:
        steps.append((done, total))
        time.sleep(0.02)
        assert len(steps) < 50, "it begins anew whenever somebody writes"

    writing = threading.Thread(target=write_runs)
    writing.start()
    try:
        backup.copy(database, tmp_path / "copy.db", progress=note)
    finally:
        stop.set()
        writing.join()
    with sqlite3.connect(tmp_path / "copy.db") as made, sqlite3.connect(database) as now:
        assert made.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        count = "SELECT count(*) FROM runs"
        assert made.execute(count).fetchone() < now.execute(count).fetchone(), "they went on writing meanwhile"
    made.close()
    now.close()
    assert len(steps) > 3
    assert len({total for _, total in steps}) == 1


def test_a_damaged_database_is_not_copied_over_a_good_copy(database: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    backup.copy(database, copy, progress=quiet)
    before = copy.read_bytes()
    with sqlite3.connect(database) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        page = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'captures_article'").fetchone()[0]
    db.close()
    with database.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 4096)
    with pytest.raises(DatabaseError, match="damaged"):
        backup.copy(database, copy, progress=quiet)
    assert copy.read_bytes() == before
    assert not list(tmp_path.glob(".*partial*"))


def test_a_copy_that_is_stopped_leaves_nothing(database: Path, tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        backup.copy(database, tmp_path / "copy.db", progress=stop)
    assert not (tmp_path / "copy.db").exists()
    assert not list(tmp_path.glob(".*"))


def test_without_room_nothing_is_begun(database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda *_: Usage(10**9, 10**9 - 1000, 1000))
    with pytest.raises(OSError, match="make room"):
        backup.copy(database, tmp_path / "copy.db", progress=quiet)
    assert not list(tmp_path.glob("*copy*"))


def test_names_tell_the_time_and_only_such_copies_are_rotated(tmp_path: Path) -> None:
    database = tmp_path / "articles.db"
    assert backup.dated_name(database, datetime(2026, 5, 1, 3, 15, 7, tzinfo=UTC)) == "articles-20260501T031507Z.db"
    dated = [f"articles-2026050{day}T031500Z.db" for day in range(1, 6)]
    others = ["articles.db", "articles-20260501.db", "articles-20260501T031500Z.db.old", "other-20260501T031500Z.db"]
    killed, writing = ".articles-20260501T031500Z.db.4711.partial", ".articles-20260505T031500Z.db.4712.partial"
    for name in (*reversed(dated), *others, killed, writing):
        (tmp_path / name).write_bytes(b"")
    os.utime(tmp_path / killed, (1, 1))
    (tmp_path / "articles-20260401T031500Z.db").mkdir()
    assert [path.name for path in backup.rotate(tmp_path, database, 2)] == dated[:3]
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {*dated[3:], *others, writing, "articles-20260401T031500Z.db"}
    assert backup.rotate(tmp_path, database, 2) == []


def test_a_copy_that_is_stopped_in_its_long_check_ends_at_once_and_leaves_nothing(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What Python's own handlers of signals cannot interrupt: one step of SQLite that takes as long as it takes."""
    checking = threading.Event()
    at_work: list[sqlite3.Connection] = []

    def summary(_: sqlite3.Connection) -> list[tuple[str, int]]:
        with closing(sqlite3.connect(":memory:")) as endless:
            at_work.append(endless)
            checking.set()
            endless.execute("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n")
        return []

    def end(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(backup, "_summary", summary)
    before = signal.signal(signal.SIGUSR1, end)

    def tell() -> None:
        checking.wait(60)
        os.kill(os.getpid(), signal.SIGUSR1)

    threading.Thread(target=tell).start()
    try:
        with pytest.raises(KeyboardInterrupt):
            backup.copy(database, tmp_path / "copy.db", progress=quiet)
    finally:
        signal.signal(signal.SIGUSR1, before)
        at_work[0].interrupt()
    assert not list(tmp_path.glob("*copy*"))
