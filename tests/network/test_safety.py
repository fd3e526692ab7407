"""Nothing is fetched but what may be: hostile redirects, addresses, bombs, pace."""

from __future__ import annotations

import gzip
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from running import Ended, page
from site_on_loopback import Answer, Site, html, redirect

if TYPE_CHECKING:
    from collections.abc import Callable

    Rows = Callable[..., list[tuple[Any, ...]]]

PATH = "/s/AbCdEfGhIjKlMnOpQrStU{}"
URL = "https://mp.weixin.qq.com" + PATH
ELSEWHERE = [
    "file:///etc/passwd",
    "data:text/html,hello",
    "ftp://mp.weixin.qq.com/s/a",
    "javascript:alert(1)",
    "http://mp.weixin.qq.com/s/a",  # not https
    "https://mp.weixin.qq.com:8443/s/a",
    "https://mp.weixin.qq.com./s/a",
    "https://evil-mp.weixin.qq.com/s/a",
    "https://mp.weixin.qq.com.example.org/s/a",
    "https://sub.mp.weixin.qq.com/s/a",
    "https://user:secret@mp.weixin.qq.com/s/a",
    "https://mp.weixin.qq.com@example.org/s/a",
    "https://example.org/s/a",
    "//example.org/s/a",
    "https://127.0.0.1/s/a",
    "https://127.0.0.1.nip.io/s/a",
    "https://2130706433/s/a",
    "https://0x7f000001/s/a",
    "https://0177.0.0.1/s/a",
    "https://[::1]/s/a",
    "https://[::ffff:127.0.0.1]/s/a",
    "https://169.254.169.254/latest/meta-data/",
    "https://100.64.0.1/s/a",
    "https://10.0.0.1/s/a",
    "https://localhost/s/a",
    "https://mp.wеixin.qq.com/s/a",  # a Cyrillic letter
    "https://mp.weixin.qq.com\\@example.org/s/a",
    "https://mp。weixin。qq。com.example.org/s/a",
]


def test_no_redirect_leads_elsewhere(site: Site, fetch: Callable[..., Ended], rows: Rows) -> None:
    for number, target in enumerate(ELSEWHERE):
        site.answers[PATH.format(f"{number:02}")] = redirect(target.encode().decode("latin-1"))
    given = "url=" + " ".join(URL.format(f"{number:02}") for number in range(len(ELSEWHERE)))
    ended = fetch("-a", given)
    assert (ended.code, ended.report["failed"]) == (5, len(ELSEWHERE))
    assert set(site.paths) == {"/robots.txt", *(PATH.format(f"{number:02}") for number in range(len(ELSEWHERE)))}
    assert len(site.paths) == len(ELSEWHERE) + 1, "each was asked for once, and nothing else"
    assert rows("SELECT DISTINCT state, substr(error, 1, 13) FROM frontier") == [("dead", "forbidden_url")]
    assert rows("SELECT count(*) FROM frontier WHERE error LIKE '%secret%'") == [(0,)]
    assert rows("SELECT count(*) FROM captures") == [(0,)]


def test_redirects_in_circles_or_without_end_are_given_up(site: Site, fetch: Callable[..., Ended], rows: Rows) -> None:
    site.answers[PATH.format("a0")] = redirect(PATH.format("a0"))
    for number in range(9):
        site.answers[PATH.format(f"b{number}")] = redirect(PATH.format(f"b{number + 1}"))
    ended = fetch("-a", f"url={URL.format('a0')} {URL.format('b0')}")
    assert (ended.code, ended.report["failed"]) == (5, 2)
    assert [path[-2:] for path in site.paths] == ["xt", "a0", "b0", "b1", "b2", "b3"]
    assert rows("SELECT DISTINCT state, substr(error, 1, 18) FROM frontier") == [("dead", "too_many_redirects")]


def test_a_redirect_is_not_followed_where_robots_forbid(site: Site, fetch: Callable[..., Ended]) -> None:
    site.answers["/robots.txt"] = Answer(body=b"User-agent: *\nDisallow: /mp/\n", media_type="text/plain")
    site.answers[PATH.format(0)] = redirect("/mp/elsewhere")
    ended = fetch("-a", f"url={URL.format(0)}")
    assert (ended.code, site.paths) == (3, ["/robots.txt", PATH.format(0)])


def test_what_is_too_large_or_too_slow_is_given_up_and_the_rest_goes_on(
    site: Site, fetch: Callable[..., Ended], rows: Rows
) -> None:
    bomb = gzip.compress(bytes(30_000_000))
    zipped = (("Content-Encoding", "gzip"),)
    site.answers[PATH.format(0)] = Answer(body=bomb, headers=zipped)
    site.answers[PATH.format(1)] = Answer(body=gzip.compress(bomb), headers=(("Content-Encoding", "gzip, gzip"),))
    site.answers[PATH.format(2)] = Answer(body=bytes(17_000_000))
    site.answers[PATH.format(3)] = Answer(body=page(3).encode(), wait=4.0)
    site.answers[PATH.format(4)] = html(page(4))
    given = "url=" + " ".join(URL.format(number) for number in range(5))
    ended = fetch("-a", given, "-s", "DOWNLOAD_TIMEOUT=2")
    assert (ended.code, ended.report["stored"], ended.report["failed"]) == (5, 1, 4), ended.err
    found = rows("SELECT state, substr(error, 1, 9) FROM frontier ORDER BY url")
    assert found == [
        ("dead", "too_large"),
        ("dead", "too_large"),
        ("dead", "too_large"),
        ("failed", "timeout: "),
        ("done", None),
    ]


def test_an_allowed_name_that_leads_into_the_private_network_is_not_asked(fetch: Callable[..., Ended]) -> None:
    settings = ["REPLAY_SERVER=", "CONTACT=me@example.org", "ALLOWED_HOSTS=localhost", "ROBOTSTXT_OBEY=False"]
    words = [word for setting in settings for word in ("-s", setting)]
    ended = fetch("-a", "url=https://localhost/s/a", *words)
    assert (ended.code, ended.report["failed"]) == (5, 1)
    assert "localhost resolves to 127." in ended.err


def test_a_host_is_never_asked_faster_than_the_delay_over_redirects_and_runs(
    site: Site, fetch: Callable[..., Ended]
) -> None:
    delay = 0.6
    site.answers[PATH.format(0)] = redirect(PATH.format(1))
    site.answers[PATH.format(1)] = html(page(1))
    site.answers[PATH.format(2)] = Answer(status=500)
    site.answers[PATH.format(3)] = html(page(3))
    given = "url=" + " ".join(URL.format(number) for number in (0, 2, 3))
    words = ["-s", f"DOWNLOAD_DELAY={delay}", "-s", "DELAY_JITTER=0.1"]
    fetch("-a", given, *words)
    fetch("-a", given, "-a", "again=yes", *words)
    moments = [asked.at for asked in site.asked]
    assert len(moments) == 10
    gaps = [later - earlier for earlier, later in pairwise(moments)]
    # The site notes when it has read a request, a little after it was sent.
    assert min(gaps) > delay - 0.1


def test_a_crawl_delay_is_kept(site: Site, fetch: Callable[..., Ended]) -> None:
    site.answers["/robots.txt"] = Answer(body=b"User-agent: *\nCrawl-delay: 1.5\n", media_type="text/plain")
    for number in range(2):
        site.answers[PATH.format(number)] = html(page(number))
    ended = fetch("-a", f"url={URL.format(0)} {URL.format(1)}")
    moments = [asked.at for asked in site.asked]
    assert ended.report["stored"] == 2
    assert all(later - earlier > 1.4 for earlier, later in pairwise(moments))


@pytest.mark.parametrize("name", ["TELNETCONSOLE_ENABLED", "REMOTE_CONTROL_ENABLED", "COOKIES_ENABLED"])
def test_no_door_is_open(name: str) -> None:
    from crawler import settings  # noqa: PLC0415

    assert getattr(settings, name) is False
    assert settings.DOWNLOAD_VERIFY_CERTIFICATES
    assert settings.DOWNLOAD_HANDLERS["file"] is None
