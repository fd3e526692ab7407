"""What comes of chunks, without processes; tests/commands/test_jobs.py has them."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from crawler import parallel
from crawler.items import Capture, CaptureSeen, FileSeen, Ignored, Reading, Rejected
from crawler.pages.document import Limits
from crawler.parallel import Plan, look_here
from pipelines.derive import Recipe
from pipelines.store.database import open_for_writing
from pipelines.store.ledger import Ledger
from pipelines.store.writer import write

if TYPE_CHECKING:
    from pathlib import Path

LIMITS = Limits()


def capture(number: int) -> Capture:
    return Capture(
        uri=f"file:///{number}.txt",
        name=f"{number}.txt",
        content=f"第{number}篇\n\n今天的雨下得很大，河边没有人。\n".encode(),
        captured_at=datetime(2026, 1, 1, tzinfo=UTC),
        captured_at_source="mtime",
        file_uri=f"file:///{number}.txt",
    )


SEEN = FileSeen(uri="file:///1.txt", size=1, mtime_ns=1, captures=1)


def test_a_worker_sends_back_what_the_store_needs_and_no_more(tmp_path: Path) -> None:
    database = tmp_path / "a.db"
    open_for_writing(database).close()
    parallel._start(Plan(database=database, recipe=Recipe(limits=LIMITS)))
    chunk: list[parallel.Found] = [Ignored(), capture(1), SEEN, capture(2)]
    with closing(parallel._Worker.ledger):
        looked = parallel._look(chunk)
    assert looked[0] is looked[2] is None
    reading = looked[1]
    assert isinstance(reading, Reading)
    assert reading.capture.content == b""
    assert reading.packed
    assert reading.normalized
    assert reading.fingerprint
    back = [parallel._with_capture(*pair) for pair in zip(chunk, looked, strict=True)]
    assert back[0] == Ignored()
    assert back[2] == SEEN
    assert isinstance(back[1], Reading)
    assert back[1].capture == chunk[1]


def test_a_chunk_without_captures_goes_to_no_worker() -> None:
    assert parallel._needs_no_reading([Ignored(), SEEN]) == [None, None]
    assert parallel._needs_no_reading([Ignored(), capture(1)]) is None


def test_a_chunk_that_is_lost_costs_one_capture() -> None:
    assert parallel._parts([SEEN, capture(1)]) == [[SEEN], [capture(1)]]
    for loss, words in (("time", "did not end in time"), ("died", "out of memory")):
        (reading,) = parallel._lost([capture(1)], loss)  # type: ignore[arg-type]
        assert isinstance(reading, Reading)
        assert isinstance(reading.found, Rejected)
        assert reading.found.reason == "too_complex"
        assert words in reading.found.detail
        back = parallel._with_capture(capture(1), reading)
        assert isinstance(back, Reading)
        assert back.capture == capture(1)
    assert parallel._lost([SEEN], "died") == [None]


def test_what_is_stored_is_not_read_again(tmp_path: Path) -> None:
    database = tmp_path / "a.db"
    db = open_for_writing(database)
    ledger = Ledger(database)
    with closing(db), closing(ledger):
        ((reading, *_),) = look_here([capture(1)], ledger, LIMITS)
        assert isinstance(reading, Reading)
        reading.found = Rejected(reason="unknown", detail="")
        db.conn.execute("BEGIN IMMEDIATE")
        write(db.conn, reading, now="2026-01-01T00:00:00Z", run_id=None)
        db.conn.commit()
        ((seen, new),) = look_here([capture(1), capture(2)], ledger, LIMITS)
    assert isinstance(seen, CaptureSeen)
    assert seen.was_rejected
    assert isinstance(new, Reading)
