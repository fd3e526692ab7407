from __future__ import annotations

import sqlite3
from collections import namedtuple
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from readings import BIZ, NOW, article_reading, notice_reading, rejected_reading

from crawler.times import utc_text
from pipelines.store import doctor, doctor_place, frontier, runs, sources
from pipelines.store.database import connect
from pipelines.store.doctor_case import Case, Finding
from pipelines.store.lock import Holder, holder, run_lock
from pipelines.store.writer import write

if TYPE_CHECKING:
    from pathlib import Path

    from sqlite_utils import Database

TEXT = "春天来了，河边的柳树发了新芽，孩子们在草地上放风筝，老人们坐在长椅上晒太阳。"
AT = datetime(2026, 5, 1, 3, 15, tzinfo=UTC)
Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def path(db: Database, tmp_path: Path) -> Path:
    """A database of every kind of capture, with a run that went well."""
    db.execute("BEGIN IMMEDIATE")
    run_id = runs.begin(db.conn, "files", {}, utc_text(AT))
    for number in range(6):
        key = f"mp:{BIZ}:{number + 1}:1"
        write(
            db.conn,
            article_reading(str(number), f"{TEXT}第{number}篇。" * 3, key=key, title=f"第{number}篇", tail="长按关注"),
            now=NOW,
            run_id=run_id,
        )
    write(db.conn, notice_reading("gone", "deleted", key=f"mp:{BIZ}:1:1", day=3), now=NOW, run_id=run_id)
    write(db.conn, rejected_reading("empty", content=b""), now=NOW, run_id=run_id)
    runs.end(db.conn, run_id, finish_reason="finished", exit_code=0, counts={}, now=utc_text(AT))
    db.conn.commit()
    return tmp_path / "articles.db"


def examine(path: Path, **changes: Any) -> list[Finding]:
    with closing(connect(path, read_only=True)) as db:
        values: dict[str, Any] = {"now": AT, "rules_version": "test", "holder": None} | changes
        return doctor.examine(Case(db=db.conn, path=path, **values))


def spoil(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        for statement in statements:
            db.execute(statement)


@pytest.mark.parametrize("is_full", [False, True])
def test_a_database_that_is_well_has_no_findings(path: Path, is_full: bool) -> None:
    assert examine(path, is_full=is_full, max_age=timedelta(days=8)) == []


DEFECTS: list[tuple[str, str, str, bool]] = [
    ("orphans", "belong to no capture: 1", "INSERT INTO raw VALUES ('00', 1, 'identity', x'00')", False),
    ("orphans", "have lost their bytes: 1", "DELETE FROM raw WHERE rowid = 2", False),
    ("orphans", "without a capture whose bytes are kept: 1", "DELETE FROM raw WHERE rowid = 2", False),
    ("orphans", "without a revision: 1", "UPDATE articles SET revision_id = NULL WHERE id = 2", False),
    ("orphans", "not found by their own key: 1", "DELETE FROM keys WHERE article_id = 3", False),
    ("orphans", "no capture is there: 1", "INSERT INTO files VALUES ('file:///x', 1, 1, 1, 0, 0, '')", False),
    (
        "texts",
        "do not give back their full text: 1 of 6",
        "UPDATE articles SET body = body || '。' WHERE id = 2",
        False,
    ),
    (
        "texts",
        "do not give back their full text: 1 of 6",
        "UPDATE boilerplate SET text = '别的' WHERE article_id = 2",
        False,
    ),
    (
        "texts",
        "hash or length is not that of their text: 1 of 6",
        "UPDATE articles SET content_hash = '0' WHERE id = 2",
        False,
    ),
    (
        "texts",
        "hash or length is not that of their text: 1 of 6",
        "UPDATE articles SET char_count = 1 WHERE id = 2",
        False,
    ),
    (
        "texts",
        "hash or length is not that of their text: 1 of 6",
        "UPDATE revisions SET text_hash = '0' WHERE id = 2",
        False,
    ),
    ("bytes", "are not what was captured: 1 of 7", "UPDATE raw SET bytes = x'00' WHERE rowid = 2", True),
    ("bytes", "are not what was captured: 1 of 7", "UPDATE raw SET encoding = 'zstd' WHERE rowid = 2", True),
    (
        "rules",
        "other rules than those in force (test): 1",
        "UPDATE articles SET rules_version = 'old' WHERE id = 2",
        False,
    ),
    ("search index", "no search index", "DROP TRIGGER search_article_added", False),
    (
        "foreign keys",
        "rows of captures that point at rows of articles that are not there: 8",
        "UPDATE captures SET article_id = 99",
        True,
    ),
    (
        "leases",
        "a run that is gone: 1",
        "INSERT INTO frontier (url, state, added_at, updated_at) VALUES ('u', 'leased', '', '')",
        False,
    ),
    (
        "runs",
        "was killed",
        "INSERT INTO runs (spider, arguments, started_at) VALUES ('files', '{}', '2026-05-01T03:15:00Z')",
        False,
    ),
    ("schema", "of an older release", "PRAGMA user_version = 1", False),
]


@pytest.mark.parametrize(("check", "fact", "statement", "is_fatal"), DEFECTS)
def test_a_defect_is_found_and_what_to_do_is_said(
    path: Path, check: str, fact: str, statement: str, is_fatal: bool
) -> None:
    spoil(path, statement)
    found = [finding for finding in examine(path) if finding.check == check and fact in finding.fact]
    assert len(found) == 1, [finding.line() for finding in examine(path)]
    assert found[0].is_fatal is is_fatal
    assert found[0].remedy
    assert found[0].line() == f"{check}: {found[0].fact}; {found[0].remedy}"


def test_content_that_unpacks_to_more_than_its_size_is_not_unpacked_to_its_end(path: Path) -> None:
    import zstandard  # noqa: PLC0415 - for this test alone

    bomb = zstandard.ZstdCompressor().compress(bytes(300_000_000))
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE raw SET bytes = ?, encoding = 'zstd', size = 10 WHERE rowid = 2", (bomb,))
    assert [finding.check for finding in examine(path)] == ["bytes"]


def test_a_damaged_file_is_fatal_and_nothing_else_is_asked(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        page = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'captures_article'").fetchone()[0]
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 4096)
    found = examine(path)
    assert {finding.check for finding in found} == {"integrity"}
    assert all(finding.is_fatal for finding in found)


def test_a_run_that_goes_on_is_no_finding(path: Path, db: Database) -> None:
    runs.begin(db.conn, "articles", {}, utc_text(AT))
    with db.conn:
        frontier.add(db.conn, ["https://mp.weixin.qq.com/s/abcdefghijklmnopqrstuv"], utc_text(AT))
        db.execute("UPDATE frontier SET state = 'leased'")
    with run_lock(path):
        held = holder(path)
        assert held is not None
        assert held.pid
        assert "pytest" in held.command
        assert examine(path, holder=held) == []
    assert holder(path) is None
    assert {finding.check for finding in examine(path)} == {"leases", "runs"}


def test_the_last_success_may_not_be_too_old(path: Path, db: Database) -> None:
    week = {"max_age": timedelta(days=8)}
    assert examine(path, now=AT + timedelta(days=8), **week) == []
    (found,) = examine(path, now=AT + timedelta(days=9), **week)
    assert (found.check, "9d" in found.fact, "scrapy runs" in found.remedy) == ("last success", True, True)
    for spider, code in (("files", 3), ("renormalize", 0)):
        run_id = runs.begin(db.conn, spider, {}, utc_text(AT + timedelta(days=9)))
        now = utc_text(AT + timedelta(days=9))
        runs.end(db.conn, run_id, finish_reason="finished", exit_code=code, counts={}, now=now)
    assert [finding.check for finding in examine(path, now=AT + timedelta(days=9), **week)] == ["last success"]
    spoil(path, "UPDATE runs SET exit_code = 1")
    (found,) = examine(path, now=AT + timedelta(days=9), **week)
    assert "no run has been completed yet" in found.fact


def test_a_source_that_is_not_read_is_told(path: Path, db: Database) -> None:
    sources.add(db.conn, "files", "/srv/saved", "daily", {}, utc_text(AT))
    assert examine(path, now=AT + timedelta(hours=20)) == []
    (found,) = examine(path, now=AT + timedelta(days=3))
    assert (found.check, "/srv/saved" in found.fact, "it never was" in found.fact) == ("sources", True, True)


@pytest.mark.parametrize(
    ("started", "finished", "said"),
    [
        ("2026-04-30T00:00:00Z", "2026-04-30T01:00:00Z", "before the last one ended"),
        ("2026-05-02T00:00:00Z", None, "future"),
    ],
)
def test_a_clock_that_jumped_is_told(path: Path, started: str, finished: str | None, said: str) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(
            "INSERT INTO runs (spider, arguments, started_at, finished_at, exit_code) VALUES ('files', '{}', ?, ?, 0)",
            (started, finished or started),
        )
    (found,) = examine(path)
    assert (found.check, said in found.fact) == ("clock", True)
    assert examine(path, now=AT + timedelta(days=40)) == []


def test_little_room_on_the_disk_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda *_: Usage(10**12, 10**12, 100 * 2**20))
    (found,) = examine(path)
    assert (found.check, "100 MiB are free" in found.fact) == ("disk", True)


def test_a_network_file_system_is_fatal(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_place, "network_file_system", lambda *_: "nfs4")
    (found,) = examine(path)
    assert (found.check, found.is_fatal, "nfs4" in found.fact) == ("file system", True, True)


def test_files_that_others_can_change_are_told_unless_the_group_is_the_owners_own(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.chmod(0o666)
    monkeypatch.setattr(doctor_place, "_is_own_group", lambda *_: True)
    (found,) = examine(path)
    assert (found.check, "by everybody" in found.fact) == ("permissions", True)
    path.chmod(0o664)
    assert examine(path) == []
    monkeypatch.setattr(doctor_place, "_is_own_group", lambda *_: False)
    (found,) = examine(path)
    assert "its group" in found.fact


def test_a_log_that_is_never_emptied_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_place, "MOST_LOG", 100)
    (found,) = examine(path)
    assert found.check == "write-ahead log"
    assert examine(path, holder=Holder(pid=1, command="")) == []


def test_a_sample_is_spread_over_all(path: Path, db: Database) -> None:
    case = Case(db=db.conn, path=path, now=AT, rules_version="test", holder=None)
    assert case.stride("articles") == 1
    db.execute("UPDATE raw SET rowid = 100000 WHERE rowid = (SELECT max(rowid) FROM raw)")
    assert case.stride("raw") == 500
