from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from running import PROJECT, SCRAPY, Ended, environment, page

from pipelines.store.database import connect
from pipelines.store.lock import run_lock
from pipelines.store.projection import projection

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def told(database: Path) -> list[str]:
    with closing(connect(database, read_only=True)) as db:
        return list(projection(db.conn))


@pytest.fixture
def pair(crawl: Callable[..., Ended], tmp_path: Path) -> tuple[Path, Path, Path]:
    """Archives of two folders, and one of both."""
    for name, numbers in (("a", (0, 1)), ("b", (2, 3, 4))):
        (tmp_path / name).mkdir()
        for number in numbers:
            (tmp_path / name / f"{number}.html").write_text(page(number), "utf-8")
    (tmp_path / "b" / "report.pdf").write_bytes(b"%PDF-1.7\n")
    a, b, both = (tmp_path / f"{name}.db" for name in ("a", "b", "both"))
    for name, database in (("a", a), ("b", b), ("a", both), ("b", both)):
        crawl(tmp_path / name, database=database)
    return a, b, both


def test_merged_archives_equal_one_that_read_everything(
    scrapy: Callable[..., Ended], pair: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    a, b, both = pair
    for number, order in enumerate(([a, b], [b, a])):
        merged = tmp_path / f"merged-{number}.db"
        ended = scrapy("merge", *order, "-s", f"DATABASE={merged}")
        assert (ended.code, ended.err) == (0, "")
        assert ended.report["stored"] == 5
        assert ended.report["rejected_known"] == 1
        assert told(merged) == told(both)
    again = scrapy("merge", a, b, "-s", f"DATABASE={tmp_path / 'merged-0.db'}")
    assert (again.code, again.report["stored"], again.report["seen_before"]) == (0, 0, 5)
    with closing(sqlite3.connect(tmp_path / "merged-0.db")) as db:
        assert db.execute("SELECT spider, exit_code FROM runs").fetchall() == [("merge", 0), ("merge", 0)]
        assert db.execute("SELECT count(*) FROM captures WHERE first_seen_at > ?", ("2020",)).fetchone() == (6,)


def test_the_archives_taken_in_are_not_written(
    scrapy: Callable[..., Ended], pair: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    a, b, _ = pair
    before = a.read_bytes(), b.read_bytes()
    assert scrapy("merge", a, b, "-s", f"DATABASE={tmp_path / 'merged.db'}").code == 0
    assert (a.read_bytes(), b.read_bytes()) == before


def test_a_schema_that_lies_is_refused_whole(
    scrapy: Callable[..., Ended], pair: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    a, b, _ = pair
    merged = tmp_path / "merged.db"
    with closing(sqlite3.connect(b)) as db:
        db.execute("ALTER TABLE files RENAME TO real_files")
        db.execute("CREATE VIEW files AS SELECT *, abs(1) FROM real_files")
    ended = scrapy("merge", a, b, "-s", f"DATABASE={merged}")
    assert ended.code == 4
    assert "no table files of its own; nothing of it was taken" in ended.err
    assert not merged.exists()


def test_triggers_and_derived_rows_of_an_archive_are_not_believed(
    scrapy: Callable[..., Ended], pair: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    a, b, both = pair
    with closing(sqlite3.connect(b)) as db:
        db.execute("UPDATE articles SET title = 'forged', body = 'forged', key = 'mp:forged:1:1' WHERE id = 1")
        db.execute("UPDATE revisions SET full_text = 'forged'")
        db.execute("CREATE TRIGGER t AFTER INSERT ON captures BEGIN DELETE FROM raw; END")
        db.commit()
    merged = tmp_path / "merged.db"
    assert scrapy("merge", a, b, "-s", f"DATABASE={merged}").code == 0
    assert told(merged) == told(both)


@pytest.mark.parametrize(
    ("damage", "word"),
    [
        ("UPDATE raw SET bytes = zeroblob(length(bytes)) WHERE rowid = 1", "cannot be unpacked"),
        ("UPDATE raw SET bytes = (SELECT bytes FROM raw WHERE rowid = 2) WHERE rowid = 1", "not those of its digest"),
        ("UPDATE captures SET context = '{}' WHERE id = 1", "context cannot be read"),
        ("UPDATE captures SET sha256 = '../../etc' WHERE id = 1", "is no digest"),
        ("DELETE FROM raw WHERE rowid = 1", "bytes are missing"),
    ],
)
def test_a_damaged_row_is_named_and_the_rest_is_taken(
    scrapy: Callable[..., Ended], pair: tuple[Path, Path, Path], tmp_path: Path, damage: str, word: str
) -> None:
    a, b, _ = pair
    with closing(sqlite3.connect(b)) as db:
        db.execute(damage)
        db.commit()
    ended = scrapy("merge", a, b, "-s", f"DATABASE={tmp_path / 'merged.db'}")
    assert ended.code == 5
    assert word in ended.err
    assert (ended.report["damaged"], ended.report["stored"]) == (1, 4)


def test_wrong_use_and_what_is_no_archive(
    scrapy: Callable[..., Ended], pair: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    a, _, both = pair
    target = f"DATABASE={both}"
    assert scrapy("merge", "-s", target).code == 2
    assert scrapy("merge", a, "--bogus", "-s", target).code == 2
    assert scrapy("merge", both, "-s", target).code == 2
    assert scrapy("merge", tmp_path / "none.db", "-s", target).code == 4
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as db:
        db.execute("CREATE TABLE captures (id)")
    ended = scrapy("merge", other, "-s", target)
    assert (ended.code, "is no archive of this project" in ended.err) == (4, True)
    (tmp_path / "text.db").write_text("not a database, but long enough to be looked at as one" * 10, "utf-8")
    assert scrapy("merge", tmp_path / "text.db", "-s", target).code == 4
    with run_lock(both):
        assert scrapy("merge", a, "-s", target).code == 75


def test_a_merge_that_is_stopped_says_so_and_goes_on(crawl: Callable[..., Ended], tmp_path: Path) -> None:
    many = tmp_path / "many"
    many.mkdir()
    for number in range(1500):
        (many / f"{number:04}.html").write_text(page(number), "utf-8")
    source, merged = tmp_path / "source.db", tmp_path / "merged.db"
    crawl(many, database=source)
    command = [*SCRAPY, "merge", str(source), "-s", f"DATABASE={merged}"]
    job = subprocess.Popen(
        command, cwd=PROJECT, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and job.poll() is None:
        time.sleep(0.05)
        if not merged.exists():
            continue
        with closing(sqlite3.connect(f"{merged.as_uri()}?mode=ro", uri=True)) as db:
            try:
                if db.execute("SELECT count(*) FROM captures").fetchone()[0] >= 100:
                    break
            except sqlite3.OperationalError:
                continue
    job.send_signal(signal.SIGTERM)
    out, err = job.communicate(timeout=30)
    assert job.returncode == 128 + signal.SIGTERM, err
    assert "Run the same command again" in err
    assert out.splitlines()[-1].endswith('"exit_code": 143}')
    with closing(sqlite3.connect(merged)) as db:
        assert db.execute("SELECT finish_reason, exit_code FROM runs").fetchall() == [("shutdown", 143)]
    shutil.rmtree(many)
    done = subprocess.run(command, cwd=PROJECT, env=environment(), capture_output=True, check=False, timeout=120)
    assert done.returncode == 0
    assert told(merged) == told(source)
