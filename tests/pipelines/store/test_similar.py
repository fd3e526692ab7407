"""Pairs, clusters and duplicates: of the set of captures, whatever its order and history."""

from __future__ import annotations

import sqlite3
import tempfile
from datetime import timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from readings import BIZ, NOW, START, article_reading

from bench import articles
from pipelines.store import bands, clusters, duplicates, identity
from pipelines.store.database import open_for_writing
from pipelines.store.projection import projection
from pipelines.store.writer import rewrite, write

if TYPE_CHECKING:
    from sqlite3 import Connection

    from sqlite_utils import Database

    from crawler.items import Reading

SCHEMA_1 = Path(__file__).resolve().parents[2] / "databases" / "schema-1.sql.zst"
BODY = "".join(articles.prose(Random(1), 500))
OTHER = "".join(articles.prose(Random(2), 500))
NOTICE = "渡口因大风停航一日，请各位乘客改走石桥，给您带来不便敬请谅解。"
SLOW = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def reading(name: str, body: str, number: int, *, day: int | None = None, title: str | None = None) -> Reading:
    published = None if day is None else START + timedelta(days=day)
    return article_reading(name, body, key=f"mp:{BIZ}:{number}:1", published=published, title=title, evidence="page")


def put(db: Database, *readings: Reading) -> None:
    db.conn.execute("BEGIN IMMEDIATE")
    for one in readings:
        write(db.conn, one, now=NOW, run_id=None)
    db.conn.commit()


def pairs(db: Connection) -> set[tuple[str, str, str]]:
    rows = db.execute(
        "SELECT a.key, b.key, s.kind FROM similar AS s "
        "JOIN articles AS a ON a.id = s.a JOIN articles AS b ON b.id = s.b"
    )
    return {(*sorted((one.split(":")[2], other.split(":")[2])), kind) for one, other, kind in rows}


def links(db: Connection) -> dict[str, tuple[str, str]]:
    rows = db.execute(
        "SELECT a.key, o.key, a.duplicate_kind FROM articles AS a JOIN articles AS o ON o.id = a.duplicate_of"
    )
    return {one.split(":")[2]: (other.split(":")[2], kind) for one, other, kind in rows}


def test_copies_are_linked_to_the_earliest_and_a_template_to_none(db: Database) -> None:
    issue = articles.bulletin(Random(3), 600)
    put(
        db,
        reading("a", BODY, 1, day=5),
        reading("b", BODY + "\n" + articles.sentence(Random(4)), 2, day=3),
        reading("c", BODY, 3, day=9),
        reading("d", issue(Random(1))[0], 4),
        reading("e", issue(Random(2))[0], 5),
        reading("f", OTHER, 6),
    )
    assert pairs(db.conn) == {("1", "2", "near"), ("1", "3", "exact"), ("2", "3", "near"), ("4", "5", "template")}
    assert links(db.conn) == {"1": ("2", "near"), "3": ("2", "near")}
    assert db.execute("SELECT count(*) FROM unique_articles").fetchone() == (4,)


def test_a_pair_below_the_threshold_is_similar_and_no_duplicate(db: Database) -> None:
    put(db, reading("a", BODY, 1), reading("b", BODY[: int(len(BODY) * 0.73)], 2))
    ((similarity, kind),) = db.execute("SELECT similarity, kind FROM similar").fetchall()
    assert (0.6 < similarity < 0.8, kind) == (True, "near")
    assert links(db.conn) == {}


def test_equal_notices_of_one_day_are_one_and_equal_greetings_are_not(db: Database) -> None:
    put(
        db,
        reading("a", NOTICE, 1, day=1, title="渡口停航的通知"),
        reading("b", NOTICE, 2, day=1, title="渡口停航的通知"),
        reading("c", NOTICE, 3, day=2, title="渡口停航的通知"),
        reading("d", "早安！愿你今天也被温柔以待，记得吃早饭。", 4, title="早安"),
        reading("e", "早安！愿你今天也被温柔以待，记得吃早饭。", 5, title="早安"),
        reading("f", "早安，渡口！", 6, title="早安，渡口的朋友"),
        reading("g", "早安，渡口！", 7, title="早安，渡口的朋友"),
    )
    assert pairs(db.conn) == {
        ("1", "2", "exact"),
        ("1", "3", "template"),
        ("2", "3", "template"),
        ("4", "5", "template"),
    }
    assert links(db.conn) == {"2": ("1", "exact")}


def test_another_title_or_day_of_an_article_changes_its_pairs(db: Database) -> None:
    put(db, reading("a", NOTICE, 1, day=1, title="渡口停航的通知"), reading("b", NOTICE, 2, title="渡口停航的通知"))
    assert links(db.conn) == {"2": ("1", "exact")}
    later = article_reading("b2", NOTICE, key=f"mp:{BIZ}:2:1", day=5, published=START, title="早安")
    put(db, later)
    assert links(db.conn) == {}
    assert pairs(db.conn) == {("1", "2", "template")}


def test_another_text_of_an_article_changes_its_pairs(db: Database) -> None:
    put(db, reading("a", BODY, 1, day=1), reading("b", BODY, 2, day=2), reading("c", OTHER, 3, day=0))
    assert links(db.conn) == {"2": ("1", "exact")}
    put(db, article_reading("b2", OTHER, key=f"mp:{BIZ}:2:1", day=5))
    assert links(db.conn) == {"2": ("3", "exact")}
    assert pairs(db.conn) == {("2", "3", "exact")}


def test_an_earlier_article_comes_to_represent_the_others(db: Database) -> None:
    for number in range(1, 5):
        put(db, reading(f"a{number}", BODY, number, day=10 - number))
    assert links(db.conn) == {str(number): ("4", "exact") for number in (1, 2, 3)}
    put(db, article_reading("again", BODY, key=f"mp:{BIZ}:1:1", day=3, published=START - timedelta(days=9)))
    assert links(db.conn) == {str(number): ("1", "exact") for number in (2, 3, 4)}


@pytest.mark.parametrize("large", [1, 50])
def test_who_goes_leaves_the_others_together(db: Database, monkeypatch: pytest.MonkeyPatch, large: int) -> None:
    monkeypatch.setattr(clusters, "LARGE", large)
    put(db, *(reading(f"a{number}", BODY, number, day=number) for number in range(1, 5)))
    assert links(db.conn) == {str(number): ("1", "exact") for number in (2, 3, 4)}
    db.conn.execute("BEGIN IMMEDIATE")
    number = db.execute("SELECT id FROM articles WHERE key = ?", (f"mp:{BIZ}:1:1",)).fetchone()[0]
    db.execute("DELETE FROM revisions WHERE article_id = ?", (number,))
    db.execute("UPDATE captures SET article_id = NULL, revision_id = NULL WHERE article_id = ?", (number,))
    identity.retire(db.conn, number, None)
    db.conn.commit()
    assert links(db.conn) == {str(other): ("2", "exact") for other in (3, 4)}
    for table in ("likeness", "bands", "clusters"):
        assert db.execute(f"SELECT count(*) FROM {table} WHERE article_id = ?", (number,)).fetchone() == (0,)


def test_what_only_a_chain_connects_with_its_template_is_no_duplicate_of_it(db: Database) -> None:
    # Between 1 and 3 another number stands in a short text; 2 has none, so that it is near to both.
    text = BODY[: BODY.index("。", 180) + 1]
    bodies = (f"{text}现有住户1203人。{text[-30:]}", f"{text}{text[-30:]}", f"{text}现有住户87人。{text[-30:]}")
    put(db, *(reading(f"a{number}", body, number, day=number) for number, body in enumerate(bodies, 1)))
    assert pairs(db.conn) == {("1", "2", "near"), ("2", "3", "near"), ("1", "3", "template")}
    assert links(db.conn) == {"2": ("1", "near")}
    assert db.execute("SELECT count(DISTINCT root) FROM clusters").fetchone() == (1,)


# --- any order, any history ------------------------------------------------------------------------------------


@cache
def family() -> tuple[Reading, ...]:
    """Copies, issues and strangers, so many that small buckets are crowded."""
    random = Random(5)
    issue = articles.bulletin(random, 260)
    made = [reading(f"same{number}", BODY, number, day=number % 4) for number in range(7)]
    for number in range(10, 17):
        body = articles.COPYING[number % len(articles.COPYING)](random, BODY)
        made.append(reading(f"near{number}", body, number, day=number % 3, title="渡口"))
    made += [reading(f"issue{number}", issue(random)[0], number, day=number) for number in range(20, 27)]
    made += [
        reading(f"short{number}", NOTICE, number, day=number % 2, title="渡口停航的通知") for number in range(30, 35)
    ]
    made.append(reading("stranger", OTHER, 40))
    # Later captures of the same articles: another text, another day.
    made.append(article_reading("edit1", OTHER + "补记。", key=f"mp:{BIZ}:3:1", day=20))
    made.append(article_reading("edit2", BODY, key=f"mp:{BIZ}:21:1", day=20, published=START - timedelta(days=3)))
    return tuple(made)


def state(db: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """What is derived, with keys instead of ids: tables that a projection has and those that it has not."""
    key = "(SELECT key FROM articles WHERE id = {})"
    return {
        "projection": [(line,) for line in projection(db)],
        "likeness": db.execute(
            f"SELECT {key.format('article_id')}, signature, level, inputs, standing FROM likeness ORDER BY 1"
        ).fetchall(),
        "bands": db.execute(f"SELECT value, level, {key.format('article_id')} FROM bands ORDER BY 1, 2, 3").fetchall(),
        "crowds": db.execute("SELECT * FROM crowds ORDER BY 1").fetchall(),
        "clusters": db.execute(
            f"SELECT {key.format('article_id')}, {key.format('root')} FROM clusters ORDER BY 1"
        ).fetchall(),
        "unsettled": db.execute("SELECT * FROM unsettled").fetchall(),
    }


def derived(order: list[int], *, limit: int, large: int, group: int) -> dict[str, list[tuple[Any, ...]]]:
    with (
        tempfile.TemporaryDirectory() as folder,
        patch.object(bands, "LIMIT", limit),
        patch.object(clusters, "LARGE", large),
    ):
        db = open_for_writing(Path(folder) / "articles.db")
        try:
            for start in range(0, len(order), group):
                put(db, *(family()[number] for number in order[start : start + group]))
            kept = state(db.conn)
            db.conn.execute("BEGIN IMMEDIATE")
            duplicates.derive_all(db.conn)
            db.conn.commit()
            assert state(db.conn) == kept, "what was kept up is what is derived from scratch"
            return kept
        finally:
            db.close()


@SLOW
@given(
    st.permutations(range(len(family()))), st.sampled_from([2, 4, 64]), st.sampled_from([1, 3, 50]), st.integers(1, 9)
)
def test_any_order_gives_the_same_pairs_and_clusters(order: list[int], limit: int, large: int, group: int) -> None:
    assert derived(order, limit=limit, large=large, group=group) == in_order(limit)


@cache
def in_order(limit: int) -> dict[str, list[tuple[Any, ...]]]:
    return derived(list(range(len(family()))), limit=limit, large=50, group=50)


def test_a_crowded_bucket_has_fewer_pairs_than_all() -> None:
    few, all_of_them = (sum(row[0].startswith("similar") for row in in_order(limit)["projection"]) for limit in (2, 64))
    assert 0 < few < all_of_them


@SLOW
@given(st.data())
def test_articles_that_come_and_go_leave_nothing_behind(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder, patch.object(bands, "LIMIT", 2), patch.object(clusters, "LARGE", 4):
        db = open_for_writing(Path(folder) / "articles.db")
        try:
            put(db, *family()[:20])
            numbers = [row[0] for row in db.execute("SELECT id FROM captures").fetchall()]
            for _ in range(6):
                # A capture read anew: its article gets another body, or its own again.
                number = data.draw(st.sampled_from(numbers))
                own, other = family()[number - 1], family()[data.draw(st.integers(0, 19))]
                found, body = own.found, other.found
                assert hasattr(found, "key")
                assert hasattr(body, "full_text")
                name, key = own.capture.name, str(found.key)
                again = article_reading(name, body.full_text, key=key)
                db.conn.execute("BEGIN IMMEDIATE")
                rewrite(db.conn, number, again, now=NOW)
                db.conn.commit()
            kept = state(db.conn)
            db.conn.execute("BEGIN IMMEDIATE")
            duplicates.derive_all(db.conn)
            db.conn.commit()
            assert state(db.conn) == kept
        finally:
            db.close()


# --- threshold, versions, migration ----------------------------------------------------------------------------


def test_another_threshold_forms_other_clusters(tmp_path: Path) -> None:
    path = tmp_path / "articles.db"
    cut = BODY[: int(len(BODY) * 0.73)]
    with patch.object(clusters, "LARGE", 50):
        db = open_for_writing(path, duplicate_similarity=0.8)
        put(db, reading("a", BODY, 1, day=1), reading("b", cut, 2, day=2), reading("c", BODY, 3, day=3))
        assert links(db.conn) == {"3": ("1", "exact")}
        db.close()
        db = open_for_writing(path, duplicate_similarity=0.6)
        assert links(db.conn) == {"3": ("1", "exact"), "2": ("1", "near")}
        db.close()
        db = open_for_writing(path)
        put(db, reading("d", cut, 4, day=4))
        assert links(db.conn)["4"] == ("1", "near"), "without another threshold that in force stays"
        db.close()
        db = open_for_writing(path, duplicate_similarity=1.0)
        assert links(db.conn) == {"3": ("1", "exact"), "4": ("2", "exact")}
        db.close()


@pytest.mark.parametrize("threshold", [0.59, 1.01, -1.0])
def test_a_threshold_beyond_what_pairs_have_is_refused(tmp_path: Path, threshold: float) -> None:
    with pytest.raises(ValueError, match="DUPLICATE_SIMILARITY must be from"):
        open_for_writing(tmp_path / "articles.db", duplicate_similarity=threshold)


def test_another_release_derives_everything_anew(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "articles.db"
    db = open_for_writing(path)
    put(db, *family())
    kept = state(db.conn)
    db.execute("UPDATE revisions SET signature = x'00'")
    db.execute("DELETE FROM similar WHERE kind = 'near'")
    db.execute("UPDATE state SET value = replace(value, '\"version\": \"', '\"version\": \"0') WHERE name = 'similar'")
    db.close()
    db = open_for_writing(path)
    assert state(db.conn) == kept
    assert "derived anew" in caplog.text
    caplog.clear()
    db.close()
    open_for_writing(path).close()
    assert caplog.text == ""


def test_a_database_of_the_first_schema_gets_its_likeness(tmp_path: Path) -> None:
    path = tmp_path / "articles.db"
    db = open_for_writing(path)
    db.close()
    path.unlink()
    old = sqlite3.connect(path)
    old.executescript(zstandard.ZstdDecompressor().decompress(SCHEMA_1.read_bytes(), max_output_size=2**26).decode())
    exact = old.execute("SELECT count(*) FROM articles WHERE duplicate_of IS NOT NULL").fetchone()[0]
    old.close()
    db = open_for_writing(path)
    assert db.execute("SELECT count(*) FROM revisions WHERE signature = x'' AND char_count >= 20").fetchone() == (0,)
    count, known = db.execute("SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM likeness)").fetchone()
    assert count == known > 0
    assert db.execute("SELECT count(*) FROM articles WHERE duplicate_of IS NOT NULL").fetchone()[0] >= exact
    db.close()
