"""A disk without room, a damaged file, a lock that is held, a clock that goes backwards: each has its sentence."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections import namedtuple
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from readings import article_reading
from running import page, scrapy

from pipelines.store import database as store
from pipelines.store import writer
from pipelines.store.database import DatabaseError, connect, network_file_system, open_for_writing
from pipelines.store.projection import projection

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Usage = namedtuple("Usage", "total used free")


def test_no_room_for_the_copy_before_a_migration(older: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    database = older("a.db")
    before = database.read_bytes()
    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage(10**9, 10**9, 1000))
    with pytest.raises(DatabaseError, match="make room and run again, nothing has been changed"):
        open_for_writing(database)
    assert database.read_bytes() == before
    assert [path.name for path in database.parent.glob("*.backup*")] == []


def test_a_copy_that_cannot_be_written_leaves_the_database_alone(
    older: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    database = older("a.db")

    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.open", refuse)
    with pytest.raises(DatabaseError, match="cannot be copied"):
        open_for_writing(database)
    with closing(sqlite3.connect(database)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (1,)


def test_a_full_disk_keeps_what_was_stored_and_the_next_run_goes_on(tmp_path: Path, pages: Path) -> None:
    database = tmp_path / "a.db"
    ended = scrapy(
        "crawl", "files", "-a", f"path={pages}", "-s", f"DATABASE={database}", "-s", "MAX_DATABASE_BYTES=700000"
    )
    assert ended.code == 4
    assert "make room" in ended.err
    again = scrapy("crawl", "files", "-a", f"path={pages}", "-s", f"DATABASE={database}")
    assert again.code == 0
    assert again.report["stored"] + again.report["seen_before"] == 60


def test_a_damaged_database_is_neither_read_nor_written(tmp_path: Path, pages: Path) -> None:
    database = tmp_path / "a.db"
    assert scrapy("crawl", "files", "-a", f"path={pages}", "-s", f"DATABASE={database}").code == 0
    with closing(sqlite3.connect(database)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with database.open("r+b") as file:
        file.write(b"\x00" * 4096)
    for command in (("crawl", "files", "-a", f"path={pages}"), ("summary",)):
        ended = scrapy(*command, "-s", f"DATABASE={database}")
        assert ended.code == 4
        assert "restore it from a backup" in ended.err
        assert "Traceback" not in ended.err


def test_a_log_that_is_damaged_costs_only_what_it_held(tmp_path: Path, pages: Path) -> None:
    database = tmp_path / "a.db"
    db = open_for_writing(database)
    copy = tmp_path / "b.db"
    db.conn.execute("BEGIN IMMEDIATE")
    writer.write(db.conn, article_reading("a", "晨雾" * 40), now="2026-01-01T00:00:00Z", run_id=None)
    db.conn.commit()
    for suffix in ("", "-wal"):
        shutil.copy(f"{database}{suffix}", f"{copy}{suffix}")
    db.close()
    log = copy.with_name("b.db-wal")
    with log.open("r+b") as file:
        file.seek(-3000, os.SEEK_END)
        file.write(b"\xaa" * 3000)
    with closing(open_for_writing(copy)) as opened:
        assert opened.conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    ended = scrapy("crawl", "files", "-a", f"path={pages}", "-s", f"DATABASE={copy}")
    assert (ended.code, ended.report["stored"]) == (0, 60)


def test_a_newer_database_is_left_alone(tmp_path: Path, pages: Path) -> None:
    database = tmp_path / "a.db"
    open_for_writing(database).close()
    with closing(sqlite3.connect(database)) as db:
        db.execute("PRAGMA user_version=9999")
    ended = scrapy("crawl", "files", "-a", f"path={pages}", "-s", f"DATABASE={database}")
    assert ended.code == 4
    assert "newer release" in ended.err
    assert "has not been touched" in ended.err


def test_what_another_program_locks_is_waited_for_and_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = tmp_path / "a.db"
    open_for_writing(database).close()
    monkeypatch.setattr(store, "BUSY_TIMEOUT", 0.1)
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with closing(connect(database)) as db, pytest.raises(sqlite3.OperationalError) as locked:
            db.conn.execute("BEGIN IMMEDIATE")
    assert "close what has it open for writing" in store.explain(locked.value, database)


def test_a_reader_that_holds_the_database_open_stops_no_run(tmp_path: Path, pages: Path) -> None:
    database = tmp_path / "a.db"
    open_for_writing(database).close()
    with closing(sqlite3.connect(database, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM captures").fetchone() == (0,)
        ended = scrapy("crawl", "files", "-a", f"path={pages}", "-s", f"DATABASE={database}")
        assert (ended.code, ended.report["stored"]) == (0, 60)
        assert reader.execute("SELECT count(*) FROM captures").fetchone() == (0,)


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only for root")
def test_a_database_that_may_only_be_read(tmp_path: Path, pages: Path) -> None:
    database = tmp_path / "closed" / "a.db"
    database.parent.mkdir()
    open_for_writing(database).close()
    database.chmod(0o400)
    database.parent.chmod(0o500)
    try:
        ended = scrapy("crawl", "files", "-a", f"path={pages}", "-s", f"DATABASE={database}")
    finally:
        database.parent.chmod(0o700)
    assert ended.code == 4
    assert "ermission" in ended.err


def test_the_sentence_for_a_database_that_may_only_be_read(tmp_path: Path) -> None:
    said = store.explain(sqlite3.OperationalError("attempt to write a readonly database"), tmp_path / "a.db")
    assert "check its permissions" in said


def test_a_clock_that_goes_backwards_changes_nothing_but_times_of_reading(tmp_path: Path) -> None:
    nights = ["2026-01-03T00:00:00Z", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"]
    found = []
    for name, clock in (("forwards.db", sorted(nights)), ("backwards.db", nights)):
        with closing(open_for_writing(tmp_path / name)) as db:
            for now, reading in zip(
                clock, [article_reading(n, f"{n}晨雾" * 20, day=i) for i, n in enumerate("abc")], strict=True
            ):
                db.conn.execute("BEGIN IMMEDIATE")
                writer.write(db.conn, reading, now=now, run_id=None)
                writer.write(db.conn, reading, now=now, run_id=None)
                db.conn.commit()
            found.append(list(projection(db.conn)))
    assert found[0] == found[1]


def test_a_run_begun_before_the_last_one_ended_by_the_clock(tmp_path: Path, pages: Path) -> None:
    database = tmp_path / "a.db"
    open_for_writing(database).close()
    with closing(sqlite3.connect(database)) as db:
        db.execute(
            "INSERT INTO runs (spider, arguments, started_at, finished_at, finish_reason, exit_code) "
            "VALUES ('files', '{}', '2199-01-01T00:00:00Z', '2199-01-01T00:00:01Z', 'finished', 0)"
        )
        db.commit()
    ended = scrapy("crawl", "files", "-a", f"path={pages}", "-s", f"DATABASE={database}")
    assert (ended.code, ended.report["stored"]) == (0, 60)


@pytest.mark.parametrize(
    ("mounts", "kind"),
    [
        ("server:/x {folder} nfs4 rw 0 0\n", "nfs4"),
        ("//nas/x {folder} cifs rw 0 0\n", "cifs"),
        ("nas {folder} fuse.sshfs rw 0 0\n", "fuse.sshfs"),
        ("/dev/sda1 {folder} ext4 rw 0 0\n", None),
        ("server:/x / nfs4 rw 0 0\n/dev/sda1 {folder} xfs rw 0 0\n", None),
    ],
)
def test_a_network_file_system_is_told_by_the_mounts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mounts: str, kind: str | None
) -> None:
    monkeypatch.setattr("pathlib.Path.read_text", lambda *_: mounts.format(folder=tmp_path))
    assert network_file_system(tmp_path) == kind
    if kind:
        with pytest.raises(DatabaseError, match="keep it on a local disk"):
            store.check_place(tmp_path / "a.db")


def test_a_capture_that_vanishes_while_it_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "captures"
    folder.mkdir()
    (folder / "a.html").write_text(page(1), "utf-8")
    (folder / "b.html").symlink_to(folder / "gone.html")
    (folder / "loop").symlink_to(folder)
    ended = scrapy("crawl", "files", "-a", f"path={folder}", "-s", f"DATABASE={tmp_path / 'a.db'}")
    assert (ended.code, ended.report["stored"], ended.report["rejected"]) == (5, 1, 1)
