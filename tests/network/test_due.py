"""The spider `due` as users run it: what is due, one source after the other."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from running import page
from site_on_loopback import Answer, Site, html

from crawler.times import utc_text
from pipelines.store import sources
from pipelines.store.database import open_for_writing

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from running import Ended

    Rows = Callable[..., list[tuple[Any, ...]]]

URL = "https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStU{}"
FEED = f"""<rss version="2.0"><channel><title>集市小报</title><item><title>第1篇</title><link>{URL.format(1)}</link>
<description>摘要</description></item></channel></rss>""".encode()
DUE = "SELECT kind, next_due <= strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), last_run_id FROM sources ORDER BY id"


def add(database: Path, *given: tuple[str, str], at: datetime | None = None) -> None:
    """Puts sources in, due a day ago."""
    when = utc_text(at or datetime.now(UTC) - timedelta(days=1))
    with closing(open_for_writing(database)) as db:
        for kind, target in given:
            sources.add(db.conn, kind, target, "daily", {}, when)


def test_all_that_is_due_is_read_and_one_that_fails_stays_due(
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
    assert rows(DUE) == [
        ("feed", 1, 1),
        ("feed", 1, None),
        ("account", 1, None),
        ("feed", 0, 1),
        ("files", 0, 1),
        ("articles", 0, 1),
    ]
    assert rows("SELECT url, state FROM frontier") == [(URL.format(1), "done")]
    site.asked.clear()
    assert fetch(spider="due").code == 5
    assert site.paths == ["/robots.txt", "/gone"], "what was read is not due again"


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


def test_where_the_site_forbids_the_source_stays_due(
    site: Site, fetch: Callable[..., Ended], rows: Rows, database: Path
) -> None:
    site.answers["/robots.txt"] = Answer(body=b"User-agent: *\nDisallow: /mp/\n", media_type="text/plain")
    site.answers["/feed"] = Answer(body=FEED, media_type="application/rss+xml")
    album = "https://mp.weixin.qq.com/mp/appmsgalbum?action=getalbum&__biz=MzAwMDAwMDAwMQ==&album_id=1234567890"
    add(database, ("album", album), ("feed", "https://rss.example.org/feed"))
    ended = fetch(spider="due")
    assert (ended.code, ended.report["listing"]) == (3, 1), ended.err
    assert [row[1] for row in rows(DUE)] == [1, 0]
