from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.times import from_utc_text, utc_text
from pipelines.store import retries, runs, schedule, sources
from pipelines.store.database import connect
from pipelines.store.retries import Ending

if TYPE_CHECKING:
    from pathlib import Path

    from sqlite_utils import Database

NOW = datetime(2026, 5, 1, 3, 15, tzinfo=UTC)
PAGES = {"path": "/srv/saved"}


def after(**gap: float) -> datetime:
    return NOW + timedelta(**gap)


def add(db: Database, kind: str = "files", target: str = "/srv/saved", every: str = "daily", **options: Any) -> int:
    return sources.add(db.conn, kind, target, every, options, utc_text(NOW))[0]


WHOLE = Ending(is_whole=True)
FAILED = Ending(is_whole=False)


def ran(
    db: Database, spider: str, arguments: dict[str, str], *, at: datetime, code: int = 0, ending: Ending | None = WHOLE
) -> int:
    run_id = runs.begin(db.conn, spider, arguments, utc_text(at))
    runs.end(db.conn, run_id, finish_reason="finished", exit_code=code, counts={}, now=utc_text(at))
    schedule.note_run(db.conn, spider, arguments, run_id, ending, utc_text(at))
    return run_id


def next_try(db: Database, arguments: dict[str, str], now: datetime) -> str | None:
    return schedule.next_try(db.conn, "files", arguments, now, run_id=0)


def due_ids(db: Database, now: datetime) -> list[int]:
    return [work.source_id for work in schedule.due(db.conn, now)]


def test_a_new_source_is_due_at_once_and_says_how_it_is_read(db: Database) -> None:
    number = add(db, layout="{year}/{title}", sidecar="/srv/table.csv", at=["1d"])
    (work,) = schedule.due(db.conn, NOW)
    assert (work.source_id, work.spider, work.due_at) == (number, "files", utc_text(NOW))
    assert work.arguments == {"path": "/srv/saved", "layout": "{year}/{title}", "sidecar": "/srv/table.csv"}
    assert schedule.due(db.conn, NOW) == [work], "asking changes nothing"


def test_the_same_source_again_is_changed_not_doubled(db: Database) -> None:
    first = add(db)
    number, is_new = sources.add(db.conn, "files", "/srv/saved", "weekly", {"layout": "{title}"}, utc_text(NOW))
    assert (number, is_new) == (first, False)
    (source,) = sources.load(db.conn)
    assert (source.every, source.options) == ("weekly", {"layout": "{title}"})


def test_a_completed_run_sets_the_next_time(db: Database) -> None:
    number = add(db)
    run_id = ran(db, "files", PAGES, at=after(seconds=5))
    (source,) = sources.load(db.conn)
    assert (source.next_due, source.last_run_id) == (utc_text(after(days=1, seconds=5)), run_id)
    assert due_ids(db, after(hours=20)) == []
    assert due_ids(db, after(days=1)) == [number], "cron never comes to the second"


def test_after_a_run_that_was_told_to_stop_the_source_stays_due(db: Database) -> None:
    number = add(db)
    ran(db, "files", PAGES, at=after(minutes=1), code=143, ending=None)
    assert due_ids(db, after(minutes=2)) == [number]
    (source,) = sources.load(db.conn)
    assert (source.last_exit_code, source.failures) == (143, 0)


def test_what_failed_is_tried_again_less_and_less_soon_and_never_later_than_its_interval(db: Database) -> None:
    number = add(db)
    now, waits = NOW, []
    for failures in range(1, 8):
        ran(db, "files", PAGES, at=now, code=3, ending=FAILED)
        (source,) = sources.load(db.conn)
        assert source.failures == failures
        assert source.next_due is not None
        moment = from_utc_text(source.next_due)
        assert due_ids(db, moment - timedelta(seconds=1)) == [], "no slack where something failed"
        assert due_ids(db, moment) == [number]
        waits.append((moment - now) / timedelta(hours=1))
        now = moment
    assert waits == [0.5, 1, 3, 6, 12, 12, 12]
    ran(db, "files", PAGES, at=now)
    (source,) = sources.load(db.conn)
    assert (source.failures, source.next_due) == (0, utc_text(now + timedelta(days=1)))
    often = add(db, target="/often", every="15m")
    ran(db, "files", {"path": "/often"}, at=NOW, code=5, ending=FAILED)
    assert [one.next_due for one in sources.load(db.conn) if one.id == often] == [utc_text(after(minutes=15))]


def test_a_host_that_wants_to_be_left_alone_is_and_what_no_try_changes_waits_for_its_time(db: Database) -> None:
    add(db)
    ran(db, "files", PAGES, at=NOW, ending=Ending(is_whole=False, not_before=after(hours=6)))
    assert sources.load(db.conn)[0].next_due == utc_text(after(hours=6))
    assert next_try(db, PAGES, after(minutes=1)) == utc_text(after(hours=6))
    ran(db, "files", PAGES, at=NOW, ending=Ending(is_whole=False, may_pass=False))
    assert sources.load(db.conn)[0].next_due == utc_text(after(days=1))


def test_only_what_failed_is_what_failed_or_was_never_read_in_its_time(db: Database) -> None:
    failed, fine, missed = add(db, target="/failed"), add(db, target="/fine"), add(db, target="/missed")
    ran(db, "files", {"path": "/failed"}, at=NOW, ending=FAILED)
    ran(db, "files", {"path": "/fine"}, at=NOW)
    parts = frozenset({schedule.FAILED})
    assert schedule.due(db.conn, after(minutes=29), parts) == []
    assert [work.source_id for work in schedule.due(db.conn, after(hours=1), parts)] == [failed]
    assert [work.source_id for work in schedule.due(db.conn, after(hours=3), parts)] == [missed, failed]
    assert schedule.due(db.conn, after(hours=3), frozenset({schedule.RECHECKS})) == []
    assert fine not in [work.source_id for work in schedule.due(db.conn, after(days=1), parts)]


def test_a_source_that_is_removed_leaves_no_failures_to_the_next_of_its_number(db: Database) -> None:
    number = add(db)
    ran(db, "files", PAGES, at=NOW, ending=FAILED)
    assert retries.failures(db.conn, number) == 1
    sources.remove(db.conn, number)
    assert add(db) == number
    assert retries.failures(db.conn, number) == 0
    ran(db, "files", PAGES, at=NOW, ending=FAILED)
    add(db)
    assert retries.failures(db.conn, number) == 0, "who says it anew begins anew"


def test_a_run_is_only_of_the_source_that_it_reads(db: Database) -> None:
    add(db)
    add(db, target="/srv/other")
    add(db, kind="articles", target="")
    add(db, layout="{title}", target="/srv/third")
    for spider, arguments in (
        ("files", {"path": "/srv/third"}),
        ("files", {"path": "/srv/saved", "list": "more.txt"}),
        ("articles", {"url": "https://mp.weixin.qq.com/s/abcdefghijklmnopqrstuv"}),
        ("due", {}),
    ):
        ran(db, spider, arguments, at=NOW)
    assert [source.last_run_id for source in sources.load(db.conn)] == [None] * 4
    ran(db, "files", {"path": "/srv/../srv/saved/", "jobs": "2"}, at=NOW)
    assert [source.last_run_id for source in sources.load(db.conn)] == [5, None, None, None]


def test_paused_sources_are_never_due_and_removed_ones_are_gone(db: Database) -> None:
    number = add(db)
    db.execute(
        "INSERT INTO frontier (url, source_id, added_at, updated_at) VALUES (?, ?, '', '')",
        ("https://mp.weixin.qq.com/s/x", number),
    )
    assert sources.pause(db.conn, number, paused=True)
    assert due_ids(db, after(days=9)) == []
    assert schedule.overdue(db.conn, after(days=9)) == []
    assert next_try(db, PAGES, NOW) is None
    assert sources.pause(db.conn, number, paused=False)
    assert due_ids(db, after(days=9)) == [number]
    assert sources.remove(db.conn, number)
    assert (sources.load(db.conn), sources.remove(db.conn, number)) == ([], False)
    assert not sources.pause(db.conn, number, paused=True)
    assert db.execute("SELECT url, source_id FROM frontier").fetchall() == [("https://mp.weixin.qq.com/s/x", None)]


def test_the_longest_due_comes_first(db: Database) -> None:
    late, early = add(db, target="/a"), add(db, target="/b")
    db.execute("UPDATE sources SET next_due = ? WHERE id = ?", (utc_text(after(hours=-1)), early))
    assert due_ids(db, NOW) == [early, late]


def test_the_next_try_is_the_next_time_of_the_schedule(db: Database) -> None:
    add(db, every="6h")
    assert next_try(db, {"path": "/srv/unknown"}, NOW) is None
    assert next_try(db, PAGES, after(minutes=5)) == utc_text(after(hours=6))
    assert next_try(db, PAGES, after(hours=13)) == utc_text(after(hours=18))


def test_what_is_not_read_twice_over_is_overdue(db: Database) -> None:
    number = add(db)
    assert schedule.overdue(db.conn, after(hours=23)) == []
    assert [source.id for source in schedule.overdue(db.conn, after(hours=25))] == [number]


def test_a_source_is_added_while_a_run_writes(db: Database, tmp_path: Path) -> None:
    db.execute("BEGIN IMMEDIATE")
    other = connect(tmp_path / "articles.db")
    other.execute("PRAGMA busy_timeout=10")
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        sources.add(other.conn, "files", "/x", "daily", {}, utc_text(NOW))
    db.conn.rollback()
    assert sources.add(other.conn, "files", "/x", "daily", {}, utc_text(NOW)) == (1, True)
    other.close()


JUNK = st.one_of(
    st.none(), st.text(max_size=30), st.sampled_from(["[" * 9000, "{}", '{"at": 1}', '{"at": ["x"]}', "5h"])
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    every=JUNK, next_due=JUNK, options=JUNK.map(lambda text: text or ""), kind=JUNK.map(lambda text: text or "files")
)
def test_whatever_a_merged_archive_held_the_sources_can_be_read(
    db: Database, every: str | None, next_due: str | None, options: str, kind: str
) -> None:
    values = [
        value.encode("utf-8", "replace").decode() if value else value for value in (kind, every, next_due, options)
    ]
    db.execute("DELETE FROM sources")
    db.execute(
        "INSERT INTO sources (kind, target, every, next_due, options, added_at) VALUES (?, 'x', ?, ?, ?, 'long ago')",
        values,
    )
    (source,) = sources.load(db.conn)
    assert source.every
    assert source.next_due is None or utc_text(from_utc_text(source.next_due)) == source.next_due
    json.dumps(source.options)
    schedule.due(db.conn, NOW)
    schedule.overdue(db.conn, NOW)
    next_try(db, {"path": "/x"}, NOW)
