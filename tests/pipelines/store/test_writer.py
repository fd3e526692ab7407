from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from readings import BIZ, NOW, START, article_reading, capture, listing_reading, notice_reading, rejected_reading

from crawler.items import Account, Hints, ListedArticle
from pipelines.store import raw
from pipelines.store.projection import projection_digest
from pipelines.store.writer import write

if TYPE_CHECKING:
    from sqlite_utils import Database

    from crawler.items import Reading
    from pipelines.store.writer import Written

TEXT = "春天来了，河边的柳树发了新芽，孩子们在草地上放风筝，老人们坐在长椅上晒太阳。" * 2
OTHER = "周末的集市上人山人海，卖菜的、卖花的、卖小吃的一家挨着一家，热闹得很，直到天黑才散。" * 2
KEY = f"mp:{BIZ}:100:1"
LATER = "2026-02-02T00:00:00Z"


def put(db: Database, reading: Reading, now: str = NOW) -> Written:
    db.conn.execute("BEGIN IMMEDIATE")
    with db.conn:
        return write(db.conn, reading, now=now, run_id=None)


def test_a_capture_is_stored_with_its_bytes_and_where_each_value_came_from(db: Database) -> None:
    written = put(db, article_reading("a", TEXT, key=KEY, title="春天", tail="长按关注"))
    assert written.outcome == "stored"
    article = db.table("articles").get(1)
    assert (article["key"], article["headline"], article["body"]) == (KEY, "春天", TEXT)
    assert raw.load(db.conn, raw.digest(b"a")) == b"a"
    assert next(iter(db.table("captures").rows))["sources"] == '{"full_text": "test"}'
    revision = next(iter(db.table("revisions").rows))
    removed = next(iter(db.table("boilerplate").rows))
    assert article["body"] + removed["text"] == revision["full_text"]
    assert revision["full_text"][removed["start"] : removed["end"]] == removed["text"] == "\n长按关注"


def test_the_same_capture_again_changes_nothing_but_when_it_was_seen(db: Database) -> None:
    put(db, article_reading("a", TEXT, key=KEY))
    before = projection_digest(db.conn)
    assert put(db, article_reading("a", TEXT, key=KEY), LATER).outcome == "seen_before"
    assert projection_digest(db.conn) == before
    assert next(iter(db.table("captures").rows))["last_seen_at"] == LATER


def test_another_capture_of_the_same_text_is_unchanged_and_of_another_text_a_revision(db: Database) -> None:
    put(db, article_reading("a", TEXT, key=KEY, day=2))
    assert put(db, article_reading("b", TEXT, key=KEY, day=3)).outcome == "unchanged"
    assert put(db, article_reading("c", TEXT + "更正：是河西的柳树。", key=KEY, day=1)).outcome == "revised"
    rows = list(db.query("SELECT number, full_text, seen_at FROM revisions ORDER BY number"))
    assert [row["full_text"] == TEXT for row in rows] == [False, True], "numbered by time of capture, not of reading"
    assert db.table("articles").get(1)["body"] == TEXT


def test_equal_bodies_are_linked_to_the_earliest_published_and_none_is_dropped(db: Database) -> None:
    put(db, article_reading("late", TEXT + OTHER, key=f"mp:{BIZ}:1:1", published=START.replace(year=2025)))
    put(db, article_reading("early", TEXT + OTHER, key=f"mp:{BIZ}:2:1", published=START, tail="关注我们"))
    rows = {row["key"]: row for row in db.table("articles").rows}
    assert rows[f"mp:{BIZ}:2:1"]["duplicate_of"] is None
    assert rows[f"mp:{BIZ}:1:1"]["duplicate_of"] == rows[f"mp:{BIZ}:2:1"]["id"]
    assert rows[f"mp:{BIZ}:1:1"]["duplicate_kind"] == "exact"
    assert [row["key"] for row in db.query("SELECT key FROM unique_articles")] == [f"mp:{BIZ}:2:1"]


def test_greetings_of_a_few_words_are_not_duplicates(db: Database) -> None:
    put(db, article_reading("a", "早安！新的一天。", key=f"mp:{BIZ}:1:1"))
    put(db, article_reading("b", "早安！新的一天。", key=f"mp:{BIZ}:2:1"))
    assert db.execute("SELECT count(*) FROM unique_articles").fetchone() == (2,)


def test_an_article_leaves_its_cluster_when_its_text_changes(db: Database) -> None:
    put(db, article_reading("a", TEXT, key=f"mp:{BIZ}:1:1"))
    put(db, article_reading("b", TEXT, key=f"mp:{BIZ}:2:1"))
    put(db, article_reading("c", TEXT + OTHER, key=f"mp:{BIZ}:1:1", day=1))
    assert db.execute("SELECT count(*) FROM articles WHERE duplicate_of IS NOT NULL").fetchone() == (0,)
    assert db.execute("SELECT count(*) FROM similar").fetchone() == (0,)


def test_a_notice_keeps_the_body_and_says_since_when(db: Database) -> None:
    put(db, notice_reading("gone", "deleted", key=KEY, day=5))
    put(db, article_reading("a", TEXT, key=KEY, day=1))
    row = db.table("articles").get(1)
    assert (row["status"], row["status_at"], row["last_available_at"]) == (
        "deleted",
        "2024-05-06T08:00:00Z",
        "2024-05-02T08:00:00Z",
    )
    assert row["body"] == TEXT
    assert [row["key"] for row in db.query("SELECT key FROM disappeared")] == [KEY]
    put(db, article_reading("back", TEXT, key=KEY, day=7))
    assert db.table("articles").get(1)["status"] == "available"


def test_a_notice_of_the_moment_never_changes_an_article(db: Database) -> None:
    put(db, article_reading("a", TEXT, key=KEY, day=1))
    put(db, notice_reading("wall", "verification", key=KEY, day=5))
    assert db.table("articles").get(1)["status"] == "available"
    assert db.execute("SELECT article_id FROM notices").fetchone() == (1,)


def test_a_provisional_key_becomes_the_real_one_and_still_resolves(db: Database) -> None:
    short_key = "short:AbCdEfGhIjKlMnOpQrStUv"
    url = "https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv"
    put(db, article_reading("a", TEXT, key=short_key, urls=((url, "short"),), evidence="export"))
    put(db, article_reading("b", TEXT, key=KEY, urls=((url, "short"),)))
    assert [row["key"] for row in db.table("articles").rows] == [KEY]
    assert {row["key"] for row in db.table("keys").rows} == {KEY, short_key}


def test_unlike_texts_under_one_url_are_a_conflict_not_a_merge(db: Database) -> None:
    put(db, article_reading("a", TEXT, key=KEY, evidence="record"))
    written = put(db, article_reading("b", OTHER, key=KEY, evidence="record"))
    assert KEY in written.warnings[0]
    keys = {row["key"] for row in db.table("articles").rows}
    assert len(keys) == 2
    assert all(key.startswith("text:") for key in keys)


def test_accounts_become_one_on_proof_and_keep_their_names(db: Database) -> None:
    put(db, article_reading("dump", TEXT, account=Account(alias="somepaper", name="旧名"), evidence="dump", day=1))
    put(db, article_reading("page", OTHER, key=KEY, account=Account(biz=BIZ, alias="somepaper", name="新名"), day=2))
    assert [(row["biz"], row["name"], row["label"]) for row in db.table("accounts").rows] == [(BIZ, "新名", "新名")]
    assert {row["name"] for row in db["account_names"].rows} == {"旧名", "新名"}
    assert db.execute("SELECT count(DISTINCT account_id) FROM articles").fetchone() == (1,)


def test_accounts_with_two_ids_are_two_whatever_alias_they_used(db: Database) -> None:
    other = "MzAwMDAwMDAwMg=="
    put(db, article_reading("a", TEXT, key=KEY, account=Account(biz=BIZ, alias="somepaper")))
    put(db, article_reading("b", OTHER, key=f"mp:{other}:1:1", account=Account(biz=other, alias="somepaper")))
    assert {row["biz"] for row in db.table("accounts").rows} == {BIZ, other}


def test_what_a_listing_names_and_nobody_has_is_missing(db: Database) -> None:
    entries = [
        ListedArticle(url=None, key=KEY, title="有"),
        ListedArticle(url=None, key=f"mp:{BIZ}:2:1", title="无", is_deleted=True),
    ]
    put(db, listing_reading("list", entries, account=Account(biz=BIZ, name="某报")))
    put(db, article_reading("a", TEXT, key=KEY, account=Account(biz=BIZ)))
    assert [(row["title"], row["account"]) for row in db.query("SELECT * FROM missing")] == [("无", "某报")]


def test_bytes_rejected_before_are_known(db: Database) -> None:
    assert put(db, rejected_reading("a.pdf")).outcome == "rejected"
    assert put(db, rejected_reading("a.pdf")).outcome == "rejected_known"
    assert put(db, rejected_reading("copy.pdf")).outcome == "rejected_known"
    assert db.execute("SELECT count(*), min(reason) FROM rejected").fetchone() == (2, "foreign")


def test_two_files_that_could_not_be_opened_are_two_rejections(db: Database) -> None:
    for name in ("a", "b"):
        reading = rejected_reading(name)
        reading.capture = capture(name, content=b"")
        assert put(db, reading).outcome == "rejected"


def test_a_file_that_could_be_read_in_between_raises_the_alarm_again(db: Database) -> None:
    def unreadable() -> Reading:
        reading = rejected_reading("a")
        reading.capture = capture("a", content=b"")
        return reading

    assert put(db, unreadable(), now=NOW).outcome == "rejected"
    assert put(db, unreadable(), now=NOW).outcome == "rejected_known"
    assert put(db, article_reading("a", TEXT), now=LATER).outcome == "stored"
    assert put(db, unreadable(), now="2026-02-03T00:00:00Z").outcome == "rejected"
    assert put(db, unreadable(), now="2026-02-04T00:00:00Z").outcome == "rejected_known"


def test_a_folder_that_could_be_read_in_between_raises_the_alarm_again(db: Database) -> None:
    def unreadable() -> Reading:
        reading = rejected_reading("saved")
        reading.capture = capture("saved", content=b"")
        return reading

    put(db, unreadable(), now=NOW)
    put(db, article_reading("saved.html", TEXT), now=LATER)  # another place
    assert put(db, unreadable(), now="2026-02-03T00:00:00Z").outcome == "rejected_known"
    put(db, article_reading("saved/a", TEXT), now="2026-02-04T00:00:00Z")
    assert put(db, unreadable(), now="2026-02-05T00:00:00Z").outcome == "rejected"


def test_what_a_capture_was_told_stays_until_something_else_is_said(db: Database) -> None:
    def told(**hints: str) -> Reading:
        source = hints.pop("source", "sidecar")
        reading = article_reading("a", TEXT)
        sources = tuple((name, source) for name in hints)
        reading.capture = replace(reading.capture, hints=Hints(**hints, sources=sources))  # type: ignore[arg-type]
        return reading

    def known() -> tuple[str | None, str | None]:
        (context,) = db.execute("SELECT context FROM captures").fetchone()
        hints = json.loads(context)["hints"]
        return hints.get("title"), hints.get("published")

    put(db, told(title="渡船", published="2020-03-01"))
    assert put(db, told()).outcome == "seen_before"
    assert put(db, told(published="2020", source="path")).outcome == "seen_before"
    assert known() == ("渡船", "2020-03-01")
    assert put(db, told(title="渡口")).outcome == "unchanged"
    assert known() == ("渡口", "2020-03-01")
