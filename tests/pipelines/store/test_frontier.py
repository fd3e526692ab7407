from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.items import Article, Listing, Notice, Rejected
from crawler.times import from_utc_text
from pipelines.store import backoff, frontier, hosts
from pipelines.store.backoff import DELAYS

if TYPE_CHECKING:
    from sqlite3 import Connection

    from sqlite_utils import Database

A, B, C = (f"https://mp.weixin.qq.com/s/{letter * 22}" for letter in "ABC")
NOW, LATER, TOMORROW = "2026-01-01T00:00:00Z", "2026-01-01T00:10:00Z", "2026-01-02T00:00:00Z"
LEASE = timedelta(minutes=10)


@pytest.fixture
def conn(db: Database) -> Connection:
    return db.conn


def state(conn: Connection, url: str) -> tuple[Any, ...]:
    row: tuple[Any, ...] = conn.execute(
        "SELECT state, attempts, not_before, error FROM frontier WHERE url = ?", (url,)
    ).fetchone()
    return row


def lease(conn: Connection, url: str, run: int = 1, now: str = NOW) -> bool:
    return frontier.lease(conn, url, now, run_id=run, lasts=LEASE)


def test_a_url_is_there_once_and_keeps_its_higher_priority(conn: Connection) -> None:
    assert frontier.add(conn, [A, B, A], NOW) == 2
    assert frontier.add(conn, [A, C], LATER, priority=3) == 1
    assert frontier.add(conn, [A], LATER, priority=1) == 0
    assert conn.execute("SELECT url, priority FROM frontier ORDER BY url").fetchall() == [(A, 3), (B, 0), (C, 3)]


def test_the_most_urgent_comes_first_then_the_longest_untouched(conn: Connection) -> None:
    frontier.add(conn, [C], NOW)
    frontier.add(conn, [A], LATER)
    frontier.add(conn, [B], LATER, priority=1)
    assert frontier.due(conn, TOMORROW, 1, 9) == [B, C, A]
    assert frontier.due(conn, TOMORROW, 1, 2) == [B, C]


def test_a_lease_is_one_runs_and_ends_with_its_process(conn: Connection) -> None:
    frontier.add(conn, [A], NOW)
    assert lease(conn, A)
    assert not lease(conn, A, run=2)
    assert frontier.due(conn, TOMORROW, 2, 9) == []
    assert conn.execute("SELECT leased_by, leased_until FROM frontier").fetchall() == [("1", LATER)]
    assert frontier.adopt(conn, LATER) == 1
    assert frontier.due(conn, LATER, 2, 9) == [A]
    assert state(conn, A)[:2] == ("pending", 0)


def test_what_a_run_put_back_waits_for_another_unless_it_says_otherwise(conn: Connection) -> None:
    frontier.add(conn, [A, B], NOW)
    lease(conn, A)
    lease(conn, B)
    frontier.put_back(conn, A, "stopped", LATER)
    frontier.put_back(conn, B, "wait a little", LATER, this_run=True)
    assert frontier.due(conn, LATER, 1, 9) == [B]
    assert frontier.due(conn, LATER, 2, 9) == [A, B]
    assert frontier.is_due(conn, B, LATER, 1)
    assert not frontier.is_due(conn, A, LATER, 1)
    frontier.put_back(conn, C, "never leased", LATER)
    assert state(conn, C) is None


def test_what_is_put_off_is_not_due_before_and_again_brings_it_back(conn: Connection) -> None:
    frontier.add(conn, [A], NOW)
    lease(conn, A)
    frontier.put_back(conn, A, "verification", NOW, not_before=LATER)
    assert frontier.due(conn, NOW, 2, 9) == []
    assert frontier.waiting(conn, NOW) == frontier.Waiting(count=1, due=0, next_at=from_utc_text(LATER))
    assert frontier.due(conn, LATER, 2, 9) == [A]
    assert frontier.waiting(conn, LATER) == frontier.Waiting(count=1, due=1, next_at=None)
    frontier.add(conn, [A], NOW, again=True)
    assert frontier.due(conn, NOW, 1, 9) == [A]


def test_failures_come_later_and_later_until_the_last(conn: Connection) -> None:
    frontier.add(conn, [A], NOW)
    waits = []
    for _ in range(5):
        lease(conn, A)
        at = frontier.fail(conn, A, "timeout", "no answer", NOW, max_attempts=5)
        waits.append(from_utc_text(at) - from_utc_text(NOW) if at else None)
    assert waits == [timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6), timedelta(days=1), None]
    assert state(conn, A) == ("dead", 5, None, "timeout: no answer")
    assert frontier.waiting(conn, TOMORROW).count == 0
    frontier.add(conn, [A], NOW)
    assert state(conn, A)[0] == "dead"
    frontier.add(conn, [A], NOW, again=True)
    assert state(conn, A)[:2] == ("pending", 0)


def test_done_is_done(conn: Connection) -> None:
    frontier.add(conn, [A], NOW)
    lease(conn, A)
    frontier.finish(conn, A, NOW)
    assert state(conn, A) == ("done", 1, None, None)
    assert not lease(conn, A)
    assert frontier.release(conn, 1, "late", NOW) == 0


def test_what_got_no_answer_is_put_back_at_the_end(conn: Connection) -> None:
    frontier.add(conn, [A, B], NOW)
    lease(conn, A)
    lease(conn, B, run=2)
    assert frontier.release(conn, 1, "no answer", NOW) == 1
    assert [state(conn, url)[0] for url in (A, B)] == ["pending", "leased"]


def test_hosts_that_are_closed_keep_their_urls_and_no_others(conn: Connection) -> None:
    urls = ["https://a.example/x", "https://a.example.org/x", "https://a.example0/x", "https://b.example/x"]
    frontier.add(conn, urls, NOW)
    assert sorted(frontier.due(conn, NOW, 1, 9, closed_hosts=["a.example", "b.example"])) == urls[1:3]


def test_the_next_url_is_found_without_sorting_all_that_wait(conn: Connection) -> None:
    frontier.add(conn, [A], NOW)
    asked: list[str] = []
    conn.set_trace_callback(asked.append)
    frontier.due(conn, NOW, 1, 1, closed_hosts=["example.org"])
    conn.set_trace_callback(None)
    plan = " ".join(row[3] for row in conn.execute("EXPLAIN QUERY PLAN " + asked[0]))
    assert "frontier_due" in plan
    assert "TEMP B-TREE" not in plan


# --- back-off -----------------------------------------------------------------------------------------------------


@given(st.sampled_from(sorted(DELAYS)), st.integers(1, 50), st.integers(1, 50))
def test_a_delay_never_shrinks_and_ends_at_the_last_attempt(kind: backoff.Failure, attempts: int, most: int) -> None:
    wait = backoff.delay(kind, attempts, most)
    assert (wait is None) == (attempts >= most or not DELAYS[kind])
    if wait is not None and attempts > 1:
        before = backoff.delay(kind, attempts - 1, most)
        assert before is not None
        assert before <= wait


@pytest.mark.parametrize(
    ("found", "failure"),
    [
        (Article(full_text="x"), None),
        (Listing(kind="getmsg"), None),
        (Notice(reason="deleted", retryable=False, detail=""), None),
        (Notice(reason="expired", retryable=False, detail=""), None),
        (Notice(reason="unavailable", retryable=True, detail=""), "unavailable"),
        (Notice(reason="system_error", retryable=True, detail=""), "server_error"),
        (Rejected(reason="truncated", detail=""), "broken"),
        (Rejected(reason="unknown", detail=""), None),
    ],
)
def test_which_pages_are_asked_for_again(found: Article | Listing | Notice | Rejected, failure: str | None) -> None:
    assert backoff.failure_of(found) == failure


# --- hosts --------------------------------------------------------------------------------------------------------


def test_a_budget_is_a_day_of_beijings_and_a_hosts_own(conn: Connection) -> None:
    evening, midnight = "2026-01-01T15:59:59Z", "2026-01-01T16:00:00Z"
    assert [hosts.spend(conn, "a", evening, 2) for _ in range(3)] == [True, True, False]
    assert hosts.spent(conn, "a", evening) == 2
    assert hosts.spend(conn, "b", evening, 2)
    assert hosts.spent(conn, "a", midnight) == 0
    assert hosts.spend(conn, "a", midnight, 2)
    assert hosts.spent(conn, "a", midnight) == 1
    assert not hosts.spend(conn, "c", evening, 0)
    assert hosts.spent(conn, "c", evening) == 0
    assert hosts.last_request_at(conn, "a") == from_utc_text(midnight)
    assert hosts.last_request_at(conn, "c") is None


def test_a_pause_ends_and_counts_no_request(conn: Connection) -> None:
    hosts.pause(conn, "a", from_utc_text(LATER), "it said so", NOW)
    assert hosts.paused(conn, "a", NOW) == hosts.Pause(from_utc_text(LATER), "it said so")
    assert hosts.paused(conn, "a", LATER) is None
    assert hosts.paused(conn, "b", NOW) is None
    assert hosts.spent(conn, "a", NOW) == 0
    assert hosts.spend(conn, "a", NOW, 1)
    hosts.pause(conn, "a", from_utc_text(TOMORROW), "again", NOW)
    assert hosts.spent(conn, "a", NOW) == 1


def test_a_look_again_is_asked_for_once_and_keeps_to_what_a_failure_says(conn: Connection) -> None:
    done, failed, dead, new = (f"https://mp.weixin.qq.com/s/{letter * 22}" for letter in "DEFG")
    frontier.add(conn, [done, failed, dead], NOW)
    for url in (done, failed, dead):
        lease(conn, url)
    frontier.finish(conn, done, NOW)
    frontier.fail(conn, failed, "timeout", "no answer", NOW, max_attempts=5)
    frontier.fail(conn, dead, "gone", "404", NOW, max_attempts=5)
    before = state(conn, failed)
    frontier.look_again(conn, [(url, LATER) for url in (done, failed, dead, new)], TOMORROW, source_id=None)
    assert [state(conn, url)[:2] for url in (done, dead, new)] == [("pending", 0)] * 3
    assert state(conn, failed) == before
    assert {row[0] for row in conn.execute("SELECT priority FROM frontier")} == {frontier.LOOK_AGAIN}
    lease(conn, done, run=2, now=TOMORROW)
    frontier.finish(conn, done, TOMORROW)
    lease(conn, dead, run=2, now=TOMORROW)
    frontier.fail(conn, dead, "gone", "404", TOMORROW, max_attempts=5)
    frontier.look_again(conn, [(url, LATER) for url in (done, dead)], TOMORROW, source_id=None)
    assert [state(conn, url)[0] for url in (done, dead)] == ["done", "dead"], "since then it was answered"


def test_a_source_that_was_removed_meanwhile_is_no_fault(conn: Connection) -> None:
    assert frontier.add(conn, [A], NOW, source_id=99) == 1
    assert conn.execute("SELECT source_id FROM frontier").fetchall() == [(None,)]
