from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipelines.store.database import APPLICATION_ID, DatabaseError, connect, open_for_writing, schema_version

if TYPE_CHECKING:
    from sqlite_utils import Database

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "database.md"
# DESIGN's contract: other people's scripts rely on these.
CONTRACT = {
    "accounts": "id biz ghid alias name intro label first_seen_at last_seen_at",
    "account_names": "account_id name first_seen_at last_seen_at",
    "articles": "id key account_id kind title headline author digest url source_url cover_url published_at "
    "published_on published_precision published_source is_original ip_region body char_count content_hash duplicate_of "
    "duplicate_kind similarity status status_at last_available_at evidence revision_id rules_version first_seen_at "
    "last_seen_at updated_at",
    "revisions": "id article_id number capture_id title full_text text_hash seen_at",
    "captures": "id uri name outcome reason detail article_id revision_id sha256 media_type template captured_at "
    "captured_at_source first_seen_at last_seen_at run_id",
    "raw": "sha256 size encoding bytes",
    "boilerplate": "revision_id article_id start end kind rule text",
    "credits": "revision_id article_id role name",
    "keys": "key article_id",
    "urls": "url article_id form",
    "links": "article_id position url text target_key",
    "media": "article_id position kind url",
    "similar": "a b similarity kind",
    "reposts": "article_id source_key source_account",
    "notices": "id capture_id url key article_id account_id reason retryable detail seen_at",
    "listed": "capture_id key url title digest published_at",
    "metrics": "article_id capture_id seen_at reads likes shares comments",
    "frontier": "url state priority attempts not_before",
    "sources": "id kind target every next_due",
    "runs": "id spider arguments started_at finished_at finish_reason exit_code counts",
}
VIEWS = {
    "article_list",
    "unique_articles",
    "account_summary",
    "boilerplate_summary",
    "rejected",
    "reprints",
    "disappeared",
    "missing",
    "edited",
    "status_history",
}


@pytest.mark.parametrize("table", sorted(CONTRACT))
def test_the_tables_keep_their_contract(db: Database, table: str) -> None:
    assert set(CONTRACT[table].split()) <= set(db.table(table).columns_dict)


def tables(db: Database) -> set[str]:
    """Our own; not the index, which SQLite keeps in tables of its own making."""
    return {name for name in db.table_names() if name != "_sqlite_migrations" and not name.startswith("search_spaced")}


def test_every_table_is_strict_and_every_view_answers(db: Database) -> None:
    own = tables(db)
    assert [name for name in own if not db.table(name).strict] == []
    assert set(db.view_names()) == VIEWS
    for view in VIEWS:
        assert db.execute(f"SELECT count(*) FROM {view}").fetchone() == (0,)


def test_the_document_names_every_table_view_and_column(db: Database) -> None:
    text = DOCUMENT.read_text("utf-8")
    named = set(re.findall(r"`([a-z_0-9]+)`", text)) | {
        word for words in re.findall(r"`([^`]+)`", text) for word in words.split()
    }
    own = tables(db)
    assert ({"search_spaced"} | own | VIEWS) - named == set()
    columns = {column for table in own for column in db.table(table).columns_dict}
    assert columns - named == set()


def test_pragmas_hold_on_every_connection(db: Database, tmp_path: Path) -> None:
    reader = connect(tmp_path / "articles.db", read_only=True)
    for connection in (db.conn, reader.conn):
        assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        assert connection.execute("PRAGMA user_version").fetchone() == (schema_version(),)
    reader.close()


def test_a_reader_makes_no_database(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="no database"):
        connect(tmp_path / "none.db", read_only=True)
    assert list(tmp_path.iterdir()) == []


def test_opening_again_migrates_nothing(tmp_path: Path) -> None:
    open_for_writing(tmp_path / "a.db").close()
    db = open_for_writing(tmp_path / "a.db")
    assert db.execute("SELECT count(*) FROM _sqlite_migrations").fetchone() == (schema_version(),)
    db.close()


def test_a_run_killed_between_tables_and_views_is_mended(tmp_path: Path) -> None:
    db = open_for_writing(tmp_path / "a.db")
    for view in VIEWS:
        db.execute(f"DROP VIEW {view}")
    db.execute("PRAGMA user_version=0")
    db.close()
    db = open_for_writing(tmp_path / "a.db")
    assert set(db.view_names()) == VIEWS
    db.close()
