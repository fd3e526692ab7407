"""The spider `articles` as users run it, against a site that answers well."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

import pytest
from running import Ended, page
from site_on_loopback import Answer, Site, html, redirect

from crawler.exits import OUTCOMES
from crawler.times import utc_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

URL = "https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStU{}"
DELETED = """<html><head><title></title></head><body><div class="weui-msg"><div class="weui-msg__text-area">
<h2 class="weui-msg__title warn">该内容已被发布者删除</h2></div></div>
<script>var biz = ""||"";</script></body></html>"""


def put(site: Site, count: int) -> list[str]:
    """Puts so many articles on the site; gives their URLs."""
    urls = []
    for number in range(count):
        site.answers[f"/s/AbCdEfGhIjKlMnOpQrStU{number}"] = html(page(number))
        urls.append(URL.format(number))
    return urls


def test_urls_given_as_an_argument_become_articles(
    site: Site, fetch: Callable[..., Ended], rows: Callable[..., list[tuple[Any, ...]]]
) -> None:
    urls = put(site, 2)
    ended = fetch("-a", f"url={urls[0]} {urls[1]}")
    assert (ended.code, ended.err) == (0, "")
    report = ended.report
    assert (report["stored"], report["failed"], report["waiting"]) == (2, 0, 0)
    assert sum(report[name] for name in OUTCOMES) == 2
    assert site.paths == ["/robots.txt", "/s/AbCdEfGhIjKlMnOpQrStU0", "/s/AbCdEfGhIjKlMnOpQrStU1"]
    assert rows("SELECT url, state, attempts, error FROM frontier ORDER BY url") == [
        (url, "done", 1, None) for url in urls
    ]
    assert rows("SELECT uri, captured_at_source, media_type, url FROM captures ORDER BY uri") == [
        (url, "http", "text/html", url) for url in urls
    ]
    assert {row[0] for row in rows("SELECT key FROM keys")} >= {"mp:MzAwMDAwMDAwMQ==:1000:1"}
    assert rows("SELECT a.title FROM urls AS u JOIN articles AS a ON a.id = u.article_id WHERE u.url = ?", urls[0])


def test_the_site_is_asked_by_name_with_an_honest_agent_and_no_cookie(site: Site, fetch: Callable[..., Ended]) -> None:
    site.answers["/s/AbCdEfGhIjKlMnOpQrStU0"] = Answer(
        body=page(0).encode(), headers=(("Set-Cookie", "session=1; Domain=qq.com"),)
    )
    urls = [*put(site, 2)[1:], URL.format(0)]
    fetch("-a", f"url={' '.join(urls)}", "-s", "CONTACT=archive@example.org")
    agents = {asked.agent for asked in site.asked}
    assert agents == {"gzh-archive/0.1 (+archive@example.org)"}
    assert {asked.host for asked in site.asked} == {"mp.weixin.qq.com"}
    assert {asked.cookie for asked in site.asked} == {None}


def test_urls_come_from_a_file_or_standard_input_each_once(
    site: Site, fetch: Callable[..., Ended], tmp_path: Path
) -> None:
    urls = put(site, 3)
    listed = tmp_path / "urls.txt"
    listed.write_text(f"# mine\n{urls[0]}\n\n  {urls[0]}?scene=1#rd\n{urls[1].removeprefix('https://')}\n", "utf-8")
    assert fetch("-a", f"list={listed}").report["stored"] == 2
    assert fetch("-a", "list=-", stdin=f"{urls[2]}\n{urls[0]}\n").report["stored"] == 1
    assert len(site.paths) == len(set(site.paths)) + 1  # robots.txt, once a run


def test_the_same_command_again_asks_nothing_and_again_asks_all(site: Site, fetch: Callable[..., Ended]) -> None:
    urls = put(site, 2)
    fetch("-a", f"url={' '.join(urls)}")
    site.asked.clear()
    ended = fetch("-a", f"url={' '.join(urls)}")
    assert (ended.code, ended.report["seen_before"], site.paths) == (0, 2, [])
    assert "again=yes" in ended.err
    ended = fetch("-a", f"url={' '.join(urls)}", "-a", "again=yes")
    assert (ended.code, len(site.paths)) == (0, 3)


def test_without_urls_what_is_due_is_fetched_the_most_urgent_first(
    site: Site, fetch: Callable[..., Ended], rows: Callable[..., list[tuple[Any, ...]]], database: Path
) -> None:
    urls = put(site, 3)
    assert fetch().report["stored"] == 0
    add = "INSERT INTO frontier (url, priority, not_before, added_at, updated_at) VALUES (?, ?, ?, ?, ?)"
    with sqlite3.connect(database) as db:
        long_ago = "2020-01-01T00:00:00Z"
        db.execute(add, (urls[0], 0, None, long_ago, long_ago))
        db.execute(add, (urls[1], 5, None, long_ago, long_ago))
        db.execute(add, (urls[2], 9, "2999-01-01T00:00:00Z", long_ago, long_ago))
    db.close()
    ended = fetch()
    assert ended.code == 0
    assert site.paths[1:] == ["/s/AbCdEfGhIjKlMnOpQrStU1", "/s/AbCdEfGhIjKlMnOpQrStU0"]
    assert "1 URL waits to be fetched, from 2999-01-01T00:00:00Z on" in ended.err


def test_nothing_due_is_0_and_says_so(site: Site, fetch: Callable[..., Ended]) -> None:
    ended = fetch()
    assert (ended.code, site.paths) == (0, [])
    assert ended.err == "nothing is due\n"
    assert fetch("--quiet") == Ended(0, "", "")


def test_a_deleted_article_is_a_notice_and_final(
    site: Site, fetch: Callable[..., Ended], rows: Callable[..., list[tuple[Any, ...]]]
) -> None:
    site.answers["/s/AbCdEfGhIjKlMnOpQrStU0"] = html(DELETED)
    ended = fetch("-a", f"url={URL.format(0)}")
    assert (ended.code, ended.report["notice"]) == (0, 1)
    assert rows("SELECT state FROM frontier") == [("done",)]
    assert rows("SELECT reason, key FROM notices") == [("deleted", "short:AbCdEfGhIjKlMnOpQrStU0")]


def test_a_temporary_link_that_redirects_leads_to_the_article_under_both_urls(
    site: Site, fetch: Callable[..., Ended], rows: Callable[..., list[tuple[Any, ...]]]
) -> None:
    asked = "/s?src=11&timestamp=1700000000&ver=1&signature=abc*def"
    long = "/s?__biz=MzAwMDAwMDAwMQ==&mid=1000&idx=1&sn=0123456789abcdef0123456789abcdef"
    site.answers[asked] = redirect(f"https://mp.weixin.qq.com{long}&chksm=0011#rd")
    site.answers[f"{long}&chksm=0011"] = html(page(0))
    ended = fetch("-a", f"url=https://mp.weixin.qq.com{asked}")
    assert ended.report["stored"] == 1, ended.err
    urls = {row[0] for row in rows("SELECT url FROM urls")}
    assert f"https://mp.weixin.qq.com{asked}" in urls
    assert rows("SELECT state FROM frontier") == [("done",)]


def test_a_redirect_to_a_url_that_was_fetched_before_is_answered_too(
    site: Site, fetch: Callable[..., Ended], rows: Callable[..., list[tuple[Any, ...]]]
) -> None:
    urls = put(site, 2)
    site.answers["/s/AbCdEfGhIjKlMnOpQrStU1"] = redirect("/s/AbCdEfGhIjKlMnOpQrStU0")
    ended = fetch("-a", f"url={' '.join(urls)}")
    assert (ended.code, ended.report["stored"], ended.report["unchanged"]) == (0, 1, 1)
    assert rows("SELECT state, count(*) FROM frontier GROUP BY 1") == [("done", 2)]


def nonce(number: int, text: str = "") -> Answer:
    """The same page, other bytes."""
    return html(page(0, text).replace("</body>", f"<!-- {number} --></body>"))


def test_an_unchanged_look_keeps_its_row_but_not_its_bytes(
    site: Site, fetch: Callable[..., Ended], rows: Callable[..., list[tuple[Any, ...]]]
) -> None:
    edited = "集市搬到了河的东岸，老师傅的摊子还在第一家，小猴子也还是一吹就活。"
    site.answers["/s/AbCdEfGhIjKlMnOpQrStU0"] = [nonce(1), nonce(2), nonce(3, edited), nonce(4, edited)]
    words = ["-a", f"url={URL.format(0)}", "-a", "again=yes"]
    reports = [fetch(*words, "-s", f"KEEP_RAW={keep}").report for keep in ("changed", "changed", "changed", "all")]
    outcomes = [next(name for name in OUTCOMES if report[name]) for report in reports]
    assert outcomes == ["stored", "unchanged", "revised", "unchanged"]
    kept = rows(
        "SELECT r.sha256 IS NOT NULL, c.read_as = (SELECT sha256 FROM captures WHERE id = 1) FROM captures AS c "
        "LEFT JOIN raw AS r USING (sha256) ORDER BY c.id"
    )
    assert kept == [(1, None), (0, 1), (1, None), (1, None)]
    assert rows("SELECT count(DISTINCT sha256), count(DISTINCT revision_id) FROM captures") == [(4, 2)]


def test_a_page_that_comes_back_byte_for_byte_after_a_notice_is_a_return(
    site: Site, fetch: Callable[..., Ended], rows: Callable[..., list[tuple[Any, ...]]]
) -> None:
    hours = [datetime.now(UTC) - timedelta(hours=ago) for ago in (3, 2, 1)]
    pages = (page(0), DELETED, page(0))
    site.answers["/s/AbCdEfGhIjKlMnOpQrStU0"] = [
        replace(html(text), headers=(("Date", format_datetime(at, usegmt=True)),))
        for text, at in zip(pages, hours, strict=True)
    ]
    words = ["-a", f"url={URL.format(0)}", "-a", "again=yes"]
    reports = [fetch(*words).report for _ in pages]
    outcomes = [next(name for name in OUTCOMES if report[name]) for report in reports]
    assert outcomes == ["stored", "notice", "unchanged"]
    assert rows("SELECT status, seen_at FROM status_history ORDER BY seen_at") == [
        (status, utc_text(at)) for status, at in zip(("available", "deleted", "available"), hours, strict=True)
    ]
    assert rows("SELECT status, status_at FROM articles") == [("available", utc_text(hours[2]))]


def test_a_page_that_ends_in_the_middle_is_kept_and_asked_for_again(
    site: Site, fetch: Callable[..., Ended], rows: Callable[..., list[tuple[Any, ...]]], database: Path
) -> None:
    whole = page(0)
    cut = whole[: whole.index("老师傅")]
    site.answers["/s/AbCdEfGhIjKlMnOpQrStU0"] = [html(cut), html(whole)]
    ended = fetch("-a", f"url={URL.format(0)}")
    assert (ended.code, ended.report["stored"], ended.report["failed"]) == (5, 1, 1), ended.err
    assert rows("SELECT state, error FROM frontier") == [("failed", "broken: the page ends in the middle")]
    with closing(sqlite3.connect(database)) as db, db:
        db.execute("UPDATE frontier SET not_before = NULL")
    assert fetch().code == 0
    assert rows("SELECT state FROM frontier") == [("done",)]
    assert rows("SELECT char_count > 20 FROM articles") == [(1,)]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["-a", "url=https://example.org/a"], "allowed is mp.weixin.qq.com"),
        (["-a", "list=/no/such/file"], "/no/such/file"),
        (["-a", "path=x"], "no argument 'path'"),
        (["-s", "KEEP_RAW=some"], "changed or all"),
        (["-s", "REPLAY_SERVER=http://192.168.1.1:80"], "127.0.0.1"),
        (["-s", "REPLAY_SERVER="], "CONTACT"),
    ],
)
def test_wrong_use_is_2_and_nothing_is_asked(
    site: Site, fetch: Callable[..., Ended], words: list[str], said: str
) -> None:
    ended = fetch(*words)
    assert (ended.code, said in ended.err, "Traceback" in ended.err) == (2, True, False), ended.err
    assert site.asked == []


def test_tokens_are_stored_nowhere(site: Site, fetch: Callable[..., Ended], database: Path, tmp_path: Path) -> None:
    secret = "sEcReT0123456789"  # noqa: S105 - none
    put(site, 1)
    target = f"https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStU0?poc_token={secret}"
    site.answers["/s/AbCdEfGhIjKlMnOpQrStU1"] = redirect(
        f"https://mp.weixin.qq.com/mp/wappoc_appmsgcaptcha?poc_token={secret}&target_url={target}"
    )
    log = tmp_path / "run.log"
    given = " ".join(
        f"https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStU{n}?key={secret}&uin={secret}&pass_ticket={secret}"
        for n in range(2)
    )
    ended = fetch("-a", f"url={given}", "-s", "LOG_LEVEL=DEBUG", "-s", f"LOG_FILE={log}")
    assert ended.code == 3
    assert ended.report["stored"] == 1
    text = secret.encode()
    assert text not in log.read_bytes() + ended.out.encode() + ended.err.encode()
    for file in database.parent.glob("articles.db*"):
        assert text not in file.read_bytes()
    assert all(secret not in asked.path for asked in site.asked)
