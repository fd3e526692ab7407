"""The spider `due` as users run it: what is due, one source after the other."""

from __future__ import annotations

import sqlite3
import subprocess
import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from running import PROJECT, environment, page
from site_on_loopback import Answer, Site, html, redirect

from crawler.network.account_answers import page_url
from crawler.times import from_utc_text, utc_text
from crawler.urls import HOST
from pipelines.store import sources
from pipelines.store.database import open_for_writing

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from running import Ended

    Rows = Callable[..., list[tuple[Any, ...]]]

URL = "https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStU{}"
BIZ = "MzAwMDAwMDAwMQ=="
FEED = f"""<rss version="2.0"><channel><title>集市小报</title><item><title>第1篇</title><link>{URL.format(1)}</link>
<description>摘要</description></item></channel></rss>""".encode()
DUE = "SELECT kind, next_due <= strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), last_run_id FROM sources ORDER BY id"


def add(database: Path, *given: tuple[str, str], at: datetime | None = None) -> None:
    """Puts sources in, due a day ago."""
    when = utc_text(at or datetime.now(UTC) - timedelta(days=1))
    with closing(open_for_writing(database)) as db:
        for kind, target in given:
            sources.add(db.conn, kind, target, "daily", {}, when)


def gap(rows: Rows, source_id: int) -> float:
    """Minutes from now until a source is next due."""
    (next_due,) = rows("SELECT next_due FROM sources WHERE id = ?", source_id)[0]
    return (from_utc_text(next_due) - datetime.now(UTC)).total_seconds() / 60


def change(database: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(database)) as db, db:
        db.execute(statement, values)


def test_all_that_is_due_is_read_and_what_fails_is_tried_again_sooner(
    site: Site, fetch: Callable[..., Ended], rows: Rows, database: Path, tmp_path: Path
) -> None:
    saved = tmp_path / "saved"
    saved.mkdir()
    (saved / "page.html").write_text(page(7), "utf-8")
    site.answers["/feed"] = Answer(body=FEED, media_type="application/rss+xml")
    site.answers["/s/AbCdEfGhIjKlMnOpQrStU1"] = html(page(1))
    add(
        database,
        ("feed", "https://rss.example.org/gone"),
        ("feed", "http://127.0.0.1:1/own"),
        ("account", "MzAwMDAwMDAwMQ=="),
        ("feed", "https://rss.example.org/feed"),
        ("files", str(saved)),
        ("articles", ""),
    )
    ended = fetch(spider="due")
    assert (ended.code, ended.report["stored"], ended.report["listing"], ended.report["failed"]) == (5, 2, 1, 3)
    for said in ("/gone: the site answered 404", "FEED_HOSTS=127.0.0.1:1", "there are no credentials"):
        assert said in ended.err
    assert [row[1:] for row in rows(DUE)] == [(0, 1)] * 6
    assert [round(gap(rows, number) / 30) for number in range(1, 7)] == [1, 1, 1, 48, 48, 48]
    assert rows("SELECT url, state FROM frontier") == [(URL.format(1), "done")]
    site.asked.clear()
    assert (fetch(spider="due").code, site.asked) == (0, []), "each waits for its time"
    past = utc_text(datetime.now(UTC))
    change(database, "UPDATE sources SET next_due = ? WHERE id IN (1, 4)", past)
    assert fetch("-a", "only=failed", spider="due").code == 5
    assert site.paths == ["/robots.txt", "/gone"], "what was read is no failure"
    assert round(gap(rows, 1) / 30) == 2, "and then less soon"
    # A success forgets that.
    change(database, "UPDATE sources SET next_due = ? WHERE id = 1", past)
    site.answers["/gone"] = Answer(body=FEED, media_type="application/rss+xml")
    assert fetch("-a", "only=failed", spider="due").code == 0
    assert round(gap(rows, 1) / 30) == 48
    del site.answers["/gone"]
    change(database, "UPDATE sources SET next_due = ? WHERE id = 1", past)
    assert fetch(spider="due").code == 5
    assert round(gap(rows, 1) / 30) == 1


def test_an_article_is_looked_at_again_at_its_age_and_then_not(
    site: Site, fetch: Callable[..., Ended], rows: Rows, database: Path
) -> None:
    site.answers["/s/AbCdEfGhIjKlMnOpQrStU1"] = html(page(1))
    site.answers["/s?__biz=MzAwMDAwMDAwMQ==&mid=1001&idx=1"] = html(page(1))
    assert fetch("-a", f"url={URL.format(1)}").report["stored"] == 1
    add(database, ("recheck", "*"))
    long_ago = utc_text(datetime.now(UTC) - timedelta(days=3))
    with closing(sqlite3.connect(database)) as db:
        db.execute("UPDATE captures SET captured_at = ?, first_seen_at = ?", (long_ago, long_ago))
        db.execute("UPDATE articles SET published_at = ?", (long_ago,))
        db.execute("UPDATE frontier SET updated_at = ?", (long_ago,))
        db.commit()
    site.asked.clear()
    ended = fetch(spider="due")
    assert (ended.code, len(site.paths)) == (0, 2), ended.err
    site.asked.clear()
    assert (fetch(spider="due").code, site.paths) == (0, [])


def test_nothing_due_is_0_and_says_so(site: Site, fetch: Callable[..., Ended], database: Path) -> None:
    add(database, ("feed", "https://rss.example.org/feed"), at=datetime.now(UTC) + timedelta(days=2))
    ended = fetch(spider="due")
    assert (ended.code, site.asked, ended.err) == (0, [], "nothing is due\n")


def test_where_robots_forbid_the_source_waits_for_its_time(
    site: Site, fetch: Callable[..., Ended], rows: Rows, database: Path
) -> None:
    site.answers["/robots.txt"] = Answer(body=b"User-agent: *\nDisallow: /mp/\n", media_type="text/plain")
    site.answers["/feed"] = Answer(body=FEED, media_type="application/rss+xml")
    album = "https://mp.weixin.qq.com/mp/appmsgalbum?action=getalbum&__biz=MzAwMDAwMDAwMQ==&album_id=1234567890"
    add(database, ("album", album), ("feed", "https://rss.example.org/feed"))
    ended = fetch(spider="due")
    assert (ended.code, ended.report["listing"]) == (3, 1), ended.err
    assert [round(gap(rows, number) / 60) for number in (1, 2)] == [24, 24]
    assert rows("SELECT value FROM state WHERE name = 'failures of source 1'") == [('{"failures": 1}',)]


def waiting(database: Path, *numbers: int) -> None:
    """Puts URLs into the frontier."""
    with closing(sqlite3.connect(database)) as db, db:
        db.executemany(
            "INSERT INTO frontier (url, added_at, updated_at) VALUES (?, '2024-05-01T08:00:00Z', ?)",
            [(URL.format(number), "2024-05-01T08:00:00Z") for number in numbers],
        )


def aged(database: Path) -> None:
    """Makes all that is stored three days old."""
    long_ago = utc_text(datetime.now(UTC) - timedelta(days=3))
    with closing(sqlite3.connect(database)) as db, db:
        db.execute("UPDATE captures SET captured_at = ?, first_seen_at = ?", (long_ago, long_ago))
        db.execute("UPDATE articles SET published_at = ?", (long_ago,))
        db.execute("UPDATE frontier SET updated_at = ?", (long_ago,))


def short_path(number: int) -> str:
    return f"/s/AbCdEfGhIjKlMnOpQrStU{number}"


def looked_at(site: Site, fetch: Callable[..., Ended], database: Path, *numbers: int) -> None:
    """Stores articles, and says that they are to be looked at again now."""
    for number in numbers:
        site.answers[short_path(number)] = html(page(number))
    urls = " ".join(URL.format(number) for number in numbers)
    assert fetch("-a", f"url={urls}").report["stored"] == len(numbers)
    add(database, ("recheck", "*"))
    aged(database)
    site.asked.clear()


def test_looks_again_and_lists_take_turns_and_what_is_pending_comes_last(
    site: Site, fetch: Callable[..., Ended], database: Path
) -> None:
    looked_at(site, fetch, database, 1, 2, 3)
    waiting(database, 7, 8)
    for number in (7, 8):
        site.answers[short_path(number)] = html(page(number))
    for number in (1, 2):
        site.answers[f"/feed{number}"] = Answer(body=FEED, media_type="application/rss+xml")
        add(database, ("feed", f"https://rss.example.org/feed{number}"))
    add(database, ("articles", ""))
    assert fetch(spider="due").code == 0
    kinds = {"/feed": "list"} | dict.fromkeys(map(short_path, (1, 2, 3)), "again")
    asked = [path.rstrip("12") if path.startswith("/feed") else path for path in site.paths if path != "/robots.txt"]
    assert [kinds.get(path, "new") for path in asked] == [
        "list",
        "again",
        "list",
        "again",
        "again",
        "new",
        "new",
    ]


def test_a_part_of_the_budget_is_kept_for_looks_again(site: Site, fetch: Callable[..., Ended], database: Path) -> None:
    looked_at(site, fetch, database, 1, 2)
    waiting(database, 4, 5, 6, 7, 8, 9)
    for number in range(4, 10):
        site.answers[short_path(number)] = html(page(number))
    change(database, "DELETE FROM hosts")
    ended = fetch("-s", "DAILY_BUDGET=8")
    assert (ended.code, len(site.paths)) == (0, 6), "robots.txt and five articles"
    assert "kept for looking again" in ended.err
    site.asked.clear()
    ended = fetch("-a", "only=rechecks", "-s", "DAILY_BUDGET=8", spider="due")
    assert site.paths == ["/robots.txt", short_path(1)], ended.err
    assert "DAILY_BUDGET" in ended.err


def test_a_look_again_that_fails_keeps_to_its_next_time(
    site: Site, fetch: Callable[..., Ended], rows: Rows, database: Path
) -> None:
    looked_at(site, fetch, database, 1)
    site.answers[short_path(1)] = Answer(status=500)
    assert fetch(spider="due").code == 5
    site.asked.clear()
    for _ in range(2):
        assert (fetch(spider="due").code, site.paths) == (0, [])
    assert rows("SELECT attempts, state FROM frontier ") == [(1, "failed")]


def test_a_source_says_for_itself_that_its_articles_are_fetched(
    site: Site, fetch: Callable[..., Ended], rows: Rows, database: Path
) -> None:
    site.answers["/feed"] = Answer(body=FEED, media_type="application/rss+xml")
    site.answers["/s/AbCdEfGhIjKlMnOpQrStU1"] = html(page(1))
    with closing(open_for_writing(database)) as db:
        when = utc_text(datetime.now(UTC) - timedelta(days=1))
        sources.add(db.conn, "feed", "https://rss.example.org/feed", "daily", {"fetch": "yes"}, when)
    assert fetch(spider="due").report["stored"] == 1
    assert round(gap(rows, 1) / 60) == 24


def test_a_source_is_due_until_its_articles_are_stored(
    site: Site, fetch: Callable[..., Ended], rows: Rows, database: Path, command: Callable[..., list[str]]
) -> None:
    """A run that is killed before is made up for at once: one list is read once more, and nothing is passed over."""
    site.answers["/feed"] = Answer(body=FEED, media_type="application/rss+xml")
    article = "/s/AbCdEfGhIjKlMnOpQrStU1"
    site.answers[article] = [replace(html(page(1)), wait=60.0), html(page(1))]
    add(database, ("feed", "https://rss.example.org/feed"), ("articles", ""))
    running = subprocess.Popen(
        command("-a", "fetch=yes", spider="due"), cwd=PROJECT, env=environment(), stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(600):
            if article in site.paths:
                break
            time.sleep(0.05)
        assert rows("SELECT count(*) FROM captures") == [(1,)], "the list is stored, the article is not"
    finally:
        running.kill()
        running.wait()
    assert [row[1:] for row in rows(DUE)] == [(1, None), (1, None)]
    ended = fetch("-a", "fetch=yes", spider="due")
    assert (ended.code, ended.report["stored"], site.paths.count("/feed")) == (0, 1, 2), ended.err
    assert [row[1:] for row in rows(DUE)] == [(0, 2), (0, 2)]


def test_a_verification_page_puts_the_sources_off_until_the_host_may_be_asked(
    site: Site, fetch: Callable[..., Ended], rows: Rows, database: Path
) -> None:
    site.answers["/s/AbCdEfGhIjKlMnOpQrStU1"] = redirect("/mp/wappoc_appmsgcaptcha?poc_token=abc")
    add(database, ("articles", ""))
    waiting(database, 1, 2)
    ended = fetch(spider="due")
    assert ended.code == 3
    assert 350 < gap(rows, 1) <= 360, "VERIFICATION_PAUSE"
    site.asked.clear()
    assert (fetch("-a", "only=failed", spider="due").code, site.asked) == (0, [])


def test_files_alone_need_no_contact(fetch: Callable[..., Ended], database: Path, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(page(7), "utf-8")
    add(database, ("files", str(tmp_path / "page.html")))
    ended = fetch("-s", "REPLAY_SERVER=", spider="due")
    assert (ended.code, ended.report["stored"]) == (0, 1), ended.err


def test_only_says_what_it_takes(fetch: Callable[..., Ended], database: Path) -> None:
    ended = fetch("-a", "only=some", spider="due")
    assert (ended.code, "failed or rechecks" in ended.err) == (2, True)


def test_a_host_that_no_longer_answers_is_tried_again_sooner(
    site: Site, fetch: Callable[..., Ended], rows: Rows, database: Path
) -> None:
    for number in range(4):
        site.answers[short_path(number)] = Answer(status=500)
    add(database, ("articles", ""))
    waiting(database, 0, 1, 2, 3)
    for spider in ("due", "articles"):
        change(database, "UPDATE frontier SET not_before = NULL")
        change(database, "UPDATE sources SET next_due = added_at")
        ended = fetch("-s", "HOST_FAILURES=2", spider=spider)
        assert (ended.code, "2 times in a row" in ended.err) == (5, True)
    assert round(gap(rows, 1) / 30) == 2
    assert "Next try:" in ended.err


def test_an_expired_session_is_not_tried_again_before_its_time(
    site: Site, fetch: Callable[..., Ended], rows: Rows, database: Path
) -> None:
    """Somebody has to log in first; asking with what is over would only annoy the site."""
    expired = Answer(body=b'{"base_resp": {"ret": 200003}}', media_type="application/json")
    site.answers[page_url("publish_page", BIZ, 0, {"token": "123456789"}).partition(HOST)[2]] = expired
    add(database, ("account", BIZ))
    session = {"WECHAT_TOKEN": "123456789", "WECHAT_COOKIE": "slave_sid=abcdefgh"}
    for words, spider in (([], "due"), (["-a", f"biz={BIZ}"], "account")):
        ended = fetch(*words, spider=spider, **session)
        assert (ended.code, "log in again" in ended.err) == (3, True), ended.err
        assert round(gap(rows, 1) / 60) == 24
