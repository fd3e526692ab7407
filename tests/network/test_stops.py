"""What ends a run or keeps it from a host: robots, verification, too many requests, budgets, failures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from running import Ended, page
from site_on_loopback import Answer, Site, html, redirect

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Rows = Callable[..., list[tuple[Any, ...]]]

PATH = "/s/AbCdEfGhIjKlMnOpQrStU{}"
URL = "https://mp.weixin.qq.com" + PATH
VERIFICATION = """<html><head><title></title></head><body><div class="weui-msg"><div class="weui-msg__text-area">
<h2 class="weui-msg__title">环境异常</h2><p>当前环境异常，完成验证后即可继续访问。</p></div>
<a id="js_verify">去验证</a></div></body></html>"""
STATES = "SELECT state, count(*) FROM frontier GROUP BY 1 ORDER BY 1"


def put(site: Site, count: int) -> str:
    """Puts so many articles on the site; gives the argument that names them."""
    for number in range(count):
        site.answers[PATH.format(number)] = html(page(number))
    return "url=" + " ".join(URL.format(number) for number in range(count))


@pytest.mark.parametrize(
    ("robots", "said"),
    [
        (Answer(body=b"User-agent: *\nAllow: /$\nDisallow: /\n", media_type="text/plain"), "forbids /s/"),
        (Answer(status=500), "could not be read (the site answered 500)"),
        (Answer(wait=2.0), "could not be read (no answer in time)"),
        (
            Answer(body=b"User-agent: *\nAllow: /\n" * 9, cut=True),
            "could not be read (the answer ended before its end)",
        ),
        (redirect("https://example.org/robots.txt"), "could not be read"),
    ],
)
def test_where_robots_forbid_or_cannot_be_read_nothing_is_fetched(
    site: Site, fetch: Callable[..., Ended], rows: Rows, robots: Answer, said: str
) -> None:
    given = put(site, 3)
    site.answers["/robots.txt"] = robots
    ended = fetch("-a", given, "-s", "DOWNLOAD_TIMEOUT=1")
    assert ended.code == 3
    assert said in ended.err.splitlines()[0], ended.err
    assert site.paths == ["/robots.txt"]
    assert rows(STATES) == [("pending", 3)]
    assert rows("SELECT exit_code, finish_reason FROM runs") == [(3, "stopped_by_site")]


def test_robots_are_not_asked_where_the_user_says_so(site: Site, fetch: Callable[..., Ended]) -> None:
    ended = fetch("-a", put(site, 1), "-s", "ROBOTSTXT_OBEY=False")
    assert (ended.code, site.paths) == (0, [PATH.format(0)])


def test_a_robots_txt_that_is_not_there_forbids_nothing(site: Site, fetch: Callable[..., Ended]) -> None:
    given = put(site, 1)
    del site.answers["/robots.txt"]
    assert fetch("-a", given).code == 0


def test_robots_that_forbid_a_part_keep_the_run_from_that_part_only(
    site: Site, fetch: Callable[..., Ended], rows: Rows
) -> None:
    given = put(site, 3)
    body = f"User-agent: *\nDisallow: {PATH.format(1)}\n".encode()
    site.answers["/robots.txt"] = Answer(body=body, media_type="text/plain")
    ended = fetch("-a", given)
    assert (ended.code, ended.report["stored"]) == (3, 2)
    assert rows(STATES) == [("done", 2), ("pending", 1)]


@pytest.mark.parametrize(
    "answer",
    [
        html(VERIFICATION),
        redirect("/mp/wappoc_appmsgcaptcha?poc_token=abc"),
    ],
)
def test_a_verification_page_stops_the_run_at_once_and_the_next_is_held(
    site: Site, fetch: Callable[..., Ended], rows: Rows, answer: Answer
) -> None:
    given = put(site, 4)
    site.answers[PATH.format(1)] = answer
    ended = fetch("-a", given)
    assert (ended.code, ended.report["stored"], ended.report["notice"]) == (3, 1, 0)
    assert "asks for verification" in ended.err
    assert site.paths == ["/robots.txt", PATH.format(0), PATH.format(1)]
    assert rows(STATES) == [("done", 1), ("pending", 3)]
    assert rows("SELECT count(*) FROM captures") == [(1,)]
    site.asked.clear()
    held = fetch("-a", given)
    assert (held.code, site.asked) == (3, [])
    assert "is left alone until" in held.err
    site.answers[PATH.format(1)] = html(page(1))
    ended = fetch("-a", given, "-s", "IGNORE_PAUSE=True")
    assert (ended.code, ended.report["stored"]) == (0, 2), "the one that was answered so waits"
    assert fetch("-a", given, "-a", "again=yes", "-s", "IGNORE_PAUSE=True").report["stored"] == 1


def test_a_short_retry_after_is_waited_for(site: Site, fetch: Callable[..., Ended], rows: Rows) -> None:
    given = put(site, 2)
    too_many = Answer(status=429, headers=(("Retry-After", "1"),))
    site.answers[PATH.format(0)] = [too_many, html(page(0))]
    ended = fetch("-a", given)
    assert (ended.code, ended.report["stored"], ended.report["failed"]) == (0, 2, 0)
    assert site.paths == ["/robots.txt", PATH.format(0), PATH.format(0), PATH.format(1)]
    waited = site.asked[2].at - site.asked[1].at
    assert waited >= 0.95, "a wait may be longer, never shorter"
    assert rows("SELECT attempts FROM frontier") == [(1,), (1,)]


@pytest.mark.parametrize(
    "answer",
    [
        Answer(status=429),
        Answer(status=503, headers=(("Retry-After", "3600"),)),
        Answer(status=429, headers=(("Retry-After", "0"),)),
    ],
)
def test_a_long_wait_ends_the_run_and_holds_the_next(
    site: Site, fetch: Callable[..., Ended], rows: Rows, answer: Answer
) -> None:
    given = put(site, 3)
    site.answers[PATH.format(0)] = answer
    ended = fetch("-a", given)
    assert (ended.code, ended.report["failed"]) == (3, 0)
    assert f"answered {answer.status} and is left alone until" in ended.err
    # A site that says "at once" again and again is not believed for ever.
    assert len(site.paths) == (5 if ("Retry-After", "0") in answer.headers else 2)
    assert rows(STATES) == [("pending", 3)]


def test_the_budget_of_a_day_holds_over_runs(site: Site, fetch: Callable[..., Ended], rows: Rows) -> None:
    given = put(site, 5)
    ended = fetch("-a", given, "-s", "DAILY_BUDGET=3")
    assert (ended.code, ended.report["stored"], len(site.paths)) == (0, 2, 3)
    assert "DAILY_BUDGET" in ended.err
    again = fetch("-a", given, "-s", "DAILY_BUDGET=3")
    assert (again.code, len(site.paths)) == (0, 3)
    assert rows("SELECT requests FROM hosts") == [(3,)]
    assert fetch("-a", given, "-s", "DAILY_BUDGET=99").report["waiting"] == 0


def test_half_of_the_pages_broken_is_5_and_they_wait_for_another_try(
    site: Site, fetch: Callable[..., Ended], rows: Rows
) -> None:
    given = put(site, 6)
    site.answers[PATH.format(1)] = Answer(status=502)
    site.answers[PATH.format(3)] = Answer(body=page(3).encode(), cut=True)
    site.answers[PATH.format(5)] = Answer(status=404)
    ended = fetch("-a", given)
    assert (ended.code, ended.report["stored"], ended.report["failed"], ended.report["waiting"]) == (5, 3, 3, 2)
    assert "3 URLs could not be fetched" in ended.err
    found = rows("SELECT state, attempts, substr(error, 1, 12), not_before > updated_at FROM frontier ORDER BY url")
    assert found[1::2] == [
        ("failed", 1, "server_error", 1),
        ("failed", 1, "connection: ", 1),
        ("dead", 1, "gone: the si", None),
    ]
    before = len(site.paths)
    assert fetch().code == 0
    assert len(site.paths) == before, "none is due yet"


def test_a_page_that_is_none_is_rejected_kept_and_tried_again_where_it_may_be_whole(
    site: Site, fetch: Callable[..., Ended], rows: Rows
) -> None:
    given = put(site, 2)
    whole = page(0)
    site.answers[PATH.format(0)] = html(whole[: whole.index("<p>")])
    site.answers[PATH.format(1)] = html("<html><body>another site altogether</body></html>")
    ended = fetch("-a", given)
    assert (ended.code, ended.report["rejected"]) == (5, 2)
    assert rows("SELECT state FROM frontier ORDER BY url") == [("failed",), ("done",)]
    assert rows("SELECT count(*) FROM raw") == [(2,)]


def test_a_url_that_fails_again_and_again_is_given_up(
    site: Site, fetch: Callable[..., Ended], rows: Rows, database: Path
) -> None:
    given = put(site, 1)
    site.answers[PATH.format(0)] = Answer(status=500)
    fetch("-a", given, "-s", "MAX_ATTEMPTS=1")
    assert rows("SELECT state, attempts FROM frontier") == [("dead", 1)]
    site.answers[PATH.format(0)] = html(page(0))
    assert fetch("-a", given).report["seen_before"] == 1
    assert fetch("-a", given, "-a", "again=yes").report["stored"] == 1


def test_a_host_that_is_down_is_left_after_a_few_tries(site: Site, fetch: Callable[..., Ended], rows: Rows) -> None:
    given = put(site, 9)
    gone = "http://127.0.0.1:9"  # nothing listens there
    ended = fetch("-a", given, "-s", f"REPLAY_SERVER={gone}")
    assert ended.code == 3
    assert "robots.txt of mp.weixin.qq.com could not be read (the connection was refused)" in ended.err
    ended = fetch("-a", given, "-s", f"REPLAY_SERVER={gone}", "-s", "ROBOTSTXT_OBEY=False", "-s", "HOST_FAILURES=3")
    assert (ended.code, ended.report["failed"]) == (5, 3)
    assert "failed 3 times in a row (the connection was refused)" in ended.err
    assert rows(STATES) == [("failed", 3), ("pending", 6)]


def test_the_operator_is_told_in_at_most_ten_lines(site: Site, fetch: Callable[..., Ended]) -> None:
    given = put(site, 3)
    site.answers[PATH.format(0)] = Answer(status=429)
    ended = fetch("-a", given, "--quiet")
    assert 2 < len((ended.err + ended.out).splitlines()) <= 10
