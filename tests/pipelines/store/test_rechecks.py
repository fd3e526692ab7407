from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from readings import BIZ, NOW, START, article_reading, notice_reading

from crawler.items import Account
from crawler.times import utc_text
from pipelines.store import frontier, rechecks, schedule, sources
from pipelines.store.writer import write

if TYPE_CHECKING:
    from sqlite_utils import Database

    from crawler.items import NoticeReason, Reading

TEXT = "春天来了，河边的柳树发了新芽，孩子们在草地上放风筝，老人们坐在长椅上晒太阳。"
PAPER = Account(biz=BIZ, name="集市小报", alias="somepaper")
AT = ["1d", "7d", "30d"]


def url(mid: int) -> str:
    return f"https://mp.weixin.qq.com/s?__biz={BIZ}&mid={mid}&idx=1"


def key(mid: int) -> str:
    return f"mp:{BIZ}:{mid}:1"


def put(db: Database, *readings: Reading) -> None:
    for reading in readings:
        db.execute("BEGIN IMMEDIATE")
        with db.conn:
            write(db.conn, reading, now=NOW, run_id=None)


def page(mid: int, *, day: float = 0, name: str = "") -> Reading:
    return article_reading(
        name or f"{mid}-{day}",
        f"{TEXT}第{mid}篇。",
        key=key(mid),
        urls=((url(mid), "long"),),
        day=int(day),
        account=PAPER,
        published=START,
    )


def at(day: float) -> datetime:
    return START + timedelta(days=day)


def due(db: Database, day: float, target: str = f"biz:{BIZ}") -> list[str]:
    return [one.key for one in rechecks.due(db.conn, target, AT, at(day))]


def test_an_article_is_due_when_it_reaches_an_age_and_not_again_before_the_next(db: Database) -> None:
    put(db, page(1))
    assert due(db, 0.9) == []
    (one,) = rechecks.due(db.conn, f"biz:{BIZ}", AT, at(3))
    assert (one.key, one.url, one.due_at, one.last_look_at) == (key(1), url(1), utc_text(at(1)), utc_text(START))
    put(db, page(1, day=2))
    assert due(db, 6.9) == []
    assert due(db, 7) == [key(1)]
    assert due(db, 100) == [key(1)], "what was missed is looked at once, not three times"
    put(db, page(1, day=40))
    assert due(db, 10_000) == []


def test_the_youngest_age_comes_first(db: Database) -> None:
    put(db, page(1), page(2, day=2))
    assert due(db, 7) == [key(1), key(2)]
    put(db, page(3, day=30))
    assert [one.due_at for one in rechecks.due(db.conn, "*", AT, at(30))] == [utc_text(at(30))] * 2


@pytest.mark.parametrize(("reason", "is_due"), [("deleted", False), ("violation", False)])
def test_what_is_gone_for_good_is_not_looked_at(db: Database, reason: NoticeReason, is_due: bool) -> None:
    put(db, page(1), notice_reading("gone", reason, key=key(1), day=1))
    assert (due(db, 50) == [key(1)]) is is_due


def test_what_may_come_back_is(db: Database) -> None:
    reading = notice_reading("hidden", "unavailable", key=key(1), day=1)
    reading.found.retryable = True  # type: ignore[union-attr]
    put(db, page(1), reading)
    assert due(db, 5) == []
    assert due(db, 7) == [key(1)]


def test_a_verification_page_was_no_look(db: Database) -> None:
    put(db, page(1), notice_reading("blocked", "verification", key=key(1), day=2))
    assert due(db, 3) == [key(1)]


def test_a_look_that_found_the_same_bytes_counts_by_the_frontier(db: Database) -> None:
    put(db, page(1))
    with db.conn:
        frontier.add(db.conn, [url(1)], utc_text(at(1)))
    assert due(db, 3) == [key(1)], "pending is no look"
    with db.conn:
        frontier.finish(db.conn, url(1), utc_text(at(2)))
    assert due(db, 3) == []
    assert due(db, 7) == [key(1)]


def test_an_article_that_no_url_leads_to_is_never_due(db: Database) -> None:
    put(db, article_reading("dump", TEXT, account=PAPER, evidence="dump", published=START))
    assert due(db, 50) == []


def test_only_the_account_that_is_meant(db: Database) -> None:
    put(db, page(1))
    assert due(db, 3, target="biz:MzAwMDAwMDAwOQ==") == []
    assert due(db, 3, target=rechecks.EVERY_ACCOUNT) == [key(1)]


def test_an_account_is_found_by_any_name_and_kept_by_its_strongest_key(db: Database) -> None:
    put(db, page(1))
    for name in (BIZ, f"biz:{BIZ}", "somepaper", "集市小报"):
        assert rechecks.account_key(db.conn, name) == [f"biz:{BIZ}"]
    assert rechecks.account_key(db.conn, "nobody") == []
    assert rechecks.account_label(db.conn, f"biz:{BIZ}") == "集市小报"
    assert rechecks.account_label(db.conn, "biz:x") is None


def test_a_source_of_rechecks_names_its_articles(db: Database) -> None:
    put(db, page(1), page(2))
    sources.add(db.conn, "recheck", f"biz:{BIZ}", "daily", {"at": ["1d"]}, utc_text(START))
    assert schedule.due(db.conn, at(0.5)) == []
    (work,) = schedule.due(db.conn, at(2))
    assert (work.spider, work.due_at) == ("due", utc_text(at(1)))
    assert [one.key for one in work.articles] == [key(1), key(2)]


def test_a_time_in_the_far_future_breaks_nothing(db: Database) -> None:
    late = article_reading(
        "late", TEXT, key=key(9), urls=((url(9), "long"),), published=datetime(9999, 12, 30, tzinfo=UTC)
    )
    put(db, late)
    assert due(db, 8, target="*") == [key(9)], "it counts from its first capture"
