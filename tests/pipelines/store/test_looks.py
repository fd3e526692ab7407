"""Looks over the network that showed nothing new: their bytes are not kept, and nothing else is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from readings import START, article_reading, notice_reading, rejected_reading

from crawler.items import Metrics
from pipelines.store import looks, raw, rederive, writer

if TYPE_CHECKING:
    from sqlite_utils import Database

    from crawler.items import Reading

NOW = "2026-01-01T00:00:00Z"
URL = "https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv"


def look(reading: Reading, number: int, content: bytes = b"") -> Reading:
    """`reading` as a look at one URL, with bytes of its own if none are given, so many days after the first."""
    capture = replace(
        reading.capture,
        uri=URL,
        url=URL,
        name="look",
        content=content or b"%d" % number + reading.capture.content,
        captured_at=START + timedelta(days=number),
        captured_at_source="http",
        file_uri=None,
    )
    return replace(reading, capture=capture)


def article(text: str = "河上起了薄雾。", **values: Any) -> Reading:
    return article_reading("a", text, key="short:AbCdEfGhIjKlMnOpQrStUv", **values)


def write(db: Database, reading: Reading, *, keep: bool = False) -> str:
    return writer.write(db.conn, reading, now=NOW, run_id=None, keep_unchanged=keep).outcome


def kept(db: Database) -> list[tuple[int, int | None]]:
    """Of each look: are its bytes there, and which look stands for it."""
    return db.conn.execute(
        "SELECT r.sha256 IS NOT NULL, (SELECT id FROM captures AS s WHERE s.sha256 = c.read_as) FROM captures AS c "
        "LEFT JOIN raw AS r USING (sha256) ORDER BY c.id"
    ).fetchall()


def test_a_look_that_showed_the_same_is_a_row_without_bytes(db: Database) -> None:
    outcomes = [write(db, look(article(), 0)), write(db, look(article(), 1)), write(db, look(article("别的。"), 2))]
    assert outcomes == ["stored", "unchanged", "revised"]
    assert kept(db) == [(1, None), (0, 1), (1, None)]
    assert db.conn.execute("SELECT count(DISTINCT sha256) FROM captures").fetchone() == (3,)


@pytest.mark.parametrize("field", ["title", "author", "metrics"])
def test_a_look_with_one_other_field_is_kept_whole(db: Database, field: str) -> None:
    write(db, look(article(), 0))
    other = article()
    setattr(other.found, field, Metrics(reads=5) if field == "metrics" else "别的")
    assert write(db, look(other, 1)) == "unchanged"
    assert kept(db) == [(1, None), (1, None)]


def test_the_same_notice_again_is_a_row_without_bytes(db: Database) -> None:
    for number in range(2):
        write(db, look(notice_reading("n", "deleted", key="short:AbCdEfGhIjKlMnOpQrStUv"), number))
    assert kept(db) == [(1, None), (0, 1)]


def test_rejections_and_captures_of_files_are_kept_always(db: Database) -> None:
    for number in range(2):
        write(db, look(rejected_reading("r"), number))
        file = article()
        write(db, replace(file, capture=replace(file.capture, uri="file:///a", content=b"%d" % number)))
    assert all(bytes_there for bytes_there, _ in kept(db))
    assert looks.found_hash(article()) is None


def test_who_wants_all_bytes_keeps_them(db: Database) -> None:
    for number in range(2):
        write(db, look(article(), number), keep=True)
    assert kept(db) == [(1, None), (1, None)]


def test_a_look_without_bytes_is_derived_anew_from_those_that_stand_for_it(db: Database) -> None:
    for number in range(2):
        write(db, look(article(), number))
    assert list(rederive.units(db.conn, 0)) == [(1, [1, 2])]
    assert rederive.count_units(db.conn, 0) == 1
    captures = [rederive.load_capture(db.conn, number) for number in (1, 2)]
    assert captures[0] is not None
    assert captures[1] is not None
    assert captures[0].content == captures[1].content
    assert captures[1].read_as == raw.digest(captures[0].content)
    assert [capture.captured_at for capture in captures if capture] == [START, START + timedelta(days=1)]
    # A reader that makes something else of the bytes makes it of both looks: the author has edited nothing.
    db.conn.execute("BEGIN")
    for number, capture in enumerate(captures, 1):
        assert capture is not None
        better = replace(article("河上起了薄雾，渡船靠了岸。"), capture=capture)
        writer.rewrite(db.conn, number, better, now=NOW)
    db.conn.commit()
    assert db.conn.execute("SELECT full_text FROM revisions").fetchall() == [("河上起了薄雾，渡船靠了岸。",)]
    assert kept(db) == [(1, None), (0, 1)]
    assert db.conn.execute("SELECT count(DISTINCT found_hash) FROM captures").fetchone() == (1,)
    assert db.conn.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_look_that_comes_with_the_bytes_of_another_says_so(db: Database) -> None:
    """What a merge of archives gives: digest and time of the look, content of the one that stands for it."""
    first, second = look(article(), 0), look(article(), 1)
    digest = raw.digest(first.capture.content)
    capture = replace(second.capture, content=first.capture.content, read_as=digest)
    reading = replace(second, capture=capture, sha256=raw.digest(second.capture.content))
    assert write(db, reading, keep=True) == "stored"
    assert write(db, first, keep=True) == "unchanged"
    assert kept(db) == [(0, 2), (1, None)]


def gone() -> Reading:
    return notice_reading("n", "deleted", key="short:AbCdEfGhIjKlMnOpQrStUv")


def turns(db: Database) -> list[tuple[str, str]]:
    return db.conn.execute("SELECT status, substr(seen_at, 9, 2) FROM status_history ORDER BY seen_at").fetchall()


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (2, 0, 3, 1), (1, 3, 2, 0)])
@pytest.mark.parametrize("keep", [True, False])
def test_a_page_that_comes_back_byte_for_byte_is_a_return(db: Database, order: tuple[int, ...], keep: bool) -> None:
    """And a notice that comes back is the article gone again."""
    made = [
        look(article(), 0, b"page"),
        look(gone(), 1, b"gone"),
        look(article(), 2, b"page"),
        look(gone(), 3, b"gone"),
    ]
    for number in order:
        write(db, made[number], keep=keep)
    assert turns(db) == [("available", "01"), ("deleted", "02"), ("available", "03"), ("deleted", "04")]
    assert db.conn.execute("SELECT status, last_available_at FROM articles").fetchone() == (
        "deleted",
        "2024-05-03T08:00:00Z",
    )
    assert db.conn.execute("SELECT uri FROM captures ORDER BY captured_at").fetchall() == [
        (URL,),
        (URL,),
        (f"{URL}#2024-05-03T08:00:00Z",),
        (f"{URL}#2024-05-04T08:00:00Z",),
    ]
    assert db.conn.execute("SELECT count(*) FROM raw").fetchone() == (2,)
    assert db.conn.execute("SELECT count(*) FROM revisions").fetchone() == (1,)


def test_a_look_that_is_met_again_adds_nothing(db: Database) -> None:
    looks_of_it = [look(article(), 0, b"page"), look(article(), 1, b"page")]
    outcomes = [write(db, one, keep=True) for one in (*looks_of_it, *looks_of_it)]
    assert outcomes == ["stored", "unchanged", "seen_before", "seen_before"]


def test_a_text_that_is_put_back_byte_for_byte_is_the_current_one_again(db: Database) -> None:
    for number, text in enumerate(("河上起了薄雾。", "河上起了大雾。", "河上起了薄雾。")):
        write(db, look(article(text), number, text.encode()))
    assert db.conn.execute("SELECT body FROM articles").fetchone() == ("河上起了薄雾。",)


def test_only_a_look_at_a_page_is_a_row_each_time(db: Database) -> None:
    """A feed that repeats an entry says nothing of the page; nor does a file, or what no reader took."""
    for number in range(2):
        entry = look(article(), number, b"entry")
        write(db, replace(entry, capture=replace(entry.capture, uri="https://rss.example.org/feed#!/1", url=None)))
        write(db, look(rejected_reading("r"), number, b"rejected"))
    assert db.conn.execute("SELECT count(*) FROM captures").fetchone() == (2,)
