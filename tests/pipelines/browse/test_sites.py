"""Archives of other kinds: hostile, oddly named, of an earlier release; and pages that would take for ever."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
import zstandard
from running import PROJECT

from pipelines.browse.metadata import DATABASE
from pipelines.browse.server import application
from pipelines.browse.site import PageError, Site
from pipelines.store.database import DatabaseError

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA_1 = PROJECT / "tests" / "databases" / "schema-1.sql.zst"


def copied(database: Path, folder: Path, name: str = "copy.db") -> Path:
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(folder / name)) as target:
        source.backup(target)
    return folder / name


def run(datasette: Any, path: str) -> Any:
    return asyncio.run(datasette.client.get(path))


def test_bytes_that_unpack_to_more_than_they_say_are_cut(tmp_path: Path, database: Path) -> None:
    copy = copied(database, tmp_path)
    with closing(sqlite3.connect(copy)) as db, db:
        sha256 = db.execute("SELECT sha256 FROM raw WHERE encoding = 'zstd'").fetchone()[0]
        db.execute("UPDATE raw SET size = 10 WHERE sha256 = ?", (sha256,))
    with application(Site(path=copy)) as datasette:
        assert len(run(datasette, f"/-/raw/{sha256}").content) == 10


def test_sql_that_would_never_end_is_stopped(database: Path) -> None:
    endless = "with recursive n(x) as (select 1 union all select x + 1 from n) select count(*) from n"
    with application(Site(path=database, seconds=0.05)) as datasette:
        assert "SQL Interrupted" in run(datasette, f"/{DATABASE}?sql={quote(endless)}").text


def test_pages_that_take_too_long_say_what_to_do(database: Path) -> None:
    site = Site(path=database, seconds=-1.0)
    with pytest.raises(PageError, match="BROWSE_SECONDS") as raised, site.reading() as db:
        db.execute("WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n").fetchone()
    assert raised.value.status == 503


def test_names_of_files_may_hold_any_sign(tmp_path: Path, database: Path) -> None:
    copy = copied(database, tmp_path, "存 档?a=1#b%20.db")
    with application(Site(path=copy)) as datasette:
        assert run(datasette, f"/{DATABASE}/article_list").status_code == 200
        assert run(datasette, "/").status_code == 200


def test_a_database_of_an_earlier_release_is_refused_with_what_to_do(tmp_path: Path) -> None:
    old = tmp_path / "old.db"
    with closing(sqlite3.connect(old)) as db:
        db.executescript(zstandard.decompress(SCHEMA_1.read_bytes()).decode())
    with pytest.raises(DatabaseError, match="scrapy renormalize"), application(Site(path=old)):
        pass


def test_a_site_leaves_nothing_behind_for_the_next(database: Path) -> None:
    for _ in range(2):
        with application(Site(path=database)) as datasette:
            assert run(datasette, "/").status_code == 200


def test_without_a_database_there_is_no_site(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="scrapy crawl files"), application(Site(path=tmp_path / "none.db")):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_goes_away_is_said(tmp_path: Path, database: Path) -> None:
    copy = copied(database, tmp_path)
    with application(Site(path=copy)) as datasette:
        copy.unlink()
        answer = run(datasette, "/")
        assert (answer.status_code, "no database at" in answer.text) == (503, True)


def test_an_archive_without_a_search_index_says_how_to_make_one(tmp_path: Path, database: Path) -> None:
    copy = copied(database, tmp_path)
    with closing(sqlite3.connect(copy)) as db, db:
        db.execute("DELETE FROM state WHERE name LIKE '%search%'")
    with application(Site(path=copy)) as datasette:
        answer = run(datasette, "/-/find?q=x")
        assert (answer.status_code, "scrapy reindex" in answer.text) == (503, True)
