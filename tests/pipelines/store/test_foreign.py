"""Other people's archives: what is taken of a row, and what is refused."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from readings import NOW, START, article_reading, rejected_reading

from crawler.items import Rejected
from pipelines.store import foreign, raw, writer
from pipelines.store.database import DatabaseError, open_for_writing
from pipelines.store.foreign import DamagedError, ForeignConnection, open_foreign
from pipelines.store.joining import join_rest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlite_utils import Database

URL = "https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv"
LIMIT = 2**20


@pytest.fixture
def other(db: Database, tmp_path: Path) -> Iterator[ForeignConnection]:
    """The test's own database, read as somebody else's."""
    first = article_reading("a", "河上起了薄雾。", key="short:AbCdEfGhIjKlMnOpQrStUv")
    for number in range(2):
        capture = replace(
            first.capture,
            uri=URL,
            content=b"%d" % number,
            captured_at=START + timedelta(days=number),
            captured_at_source="http",
        )
        writer.write(db.conn, replace(first, capture=capture), now=NOW, run_id=None, keep_unchanged=False)
    writer.write(db.conn, rejected_reading("gone", content=b""), now=NOW, run_id=None)
    db.execute("INSERT INTO frontier (url, state, added_at, updated_at) VALUES (?, 'leased', ?, ?)", (URL, NOW, NOW))
    db.execute(
        "INSERT INTO frontier (url, state, added_at, updated_at) VALUES ('file:///etc/passwd', 'pending', ?, ?)",
        (NOW, NOW),
    )
    with closing(open_foreign(tmp_path / "articles.db", max_bytes=LIMIT)) as connection:
        yield connection


def test_a_look_without_bytes_comes_with_those_that_stand_for_it(other: ForeignConnection) -> None:
    first, second = (foreign.load(other, number, max_bytes=LIMIT) for number in foreign.capture_ids(other)[:2])
    assert (first.capture.content, first.capture.read_as) == (b"0", None)
    assert (second.capture.content, second.capture.read_as) == (b"0", raw.digest(b"0"))
    assert second.sha256 == raw.digest(b"1")
    assert second.first_seen_at == NOW


def test_a_rejection_without_bytes_keeps_its_reason(other: ForeignConnection) -> None:
    found = foreign.load(other, foreign.capture_ids(other)[2], max_bytes=LIMIT)
    assert found.was_rejected
    assert found.capture.problem == Rejected(reason="foreign", detail="a PDF; save the page as HTML")


def test_nothing_but_the_tables_that_are_needed_can_be_read(other: ForeignConnection) -> None:
    for statement in (
        "SELECT * FROM articles",
        "DELETE FROM captures",
        "PRAGMA writable_schema=ON",
        "ATTACH ':memory:' AS x",
    ):
        with pytest.raises(Exception, match=r"not authorized|prohibited"):
            other.execute(statement)


@pytest.mark.parametrize(
    ("statement", "word"),
    [
        ("UPDATE captures SET read_as = 'x' WHERE id = 2", "is no digest"),
        ("UPDATE captures SET context = '[]' WHERE id = 2", "context cannot be read"),
        ("UPDATE captures SET context = replace(context, 'Z\"', '\"') WHERE id = 2", "has no zone"),
        ("UPDATE raw SET bytes = x'31', encoding = 'identity'", "not those of its digest"),
        ("UPDATE captures SET name = '' WHERE id = 2", "lacks its uri, name"),
    ],
)
def test_a_row_that_is_not_what_it_should_be_is_refused(
    db: Database, other: ForeignConnection, statement: str, word: str
) -> None:
    db.execute(statement)
    with pytest.raises(DamagedError, match=word):
        foreign.load(other, 2, max_bytes=LIMIT)


def test_bytes_that_unpack_to_more_than_the_limit_are_refused(db: Database, other: ForeignConnection) -> None:
    bomb = raw.pack(b"a" * (LIMIT + 1))
    db.execute("UPDATE raw SET bytes = ?, encoding = 'zstd'", (bomb,))
    with pytest.raises(DamagedError, match="the limit is"):
        foreign.load(other, 1, max_bytes=LIMIT)


def test_of_the_frontier_web_addresses_are_taken_and_leases_are_not(other: ForeignConnection, tmp_path: Path) -> None:
    with closing(open_for_writing(tmp_path / "own.db")) as own:
        for _ in range(2):
            join_rest(own.conn, other)
            assert own.execute("SELECT url, state FROM frontier").fetchall() == [(URL, "pending")]


def test_a_schema_of_the_future_is_refused(db: Database, tmp_path: Path) -> None:
    db.execute("PRAGMA user_version=999")
    with pytest.raises(DatabaseError, match="update the project"):
        open_foreign(tmp_path / "articles.db", max_bytes=LIMIT)
