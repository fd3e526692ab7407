"""The pure parts: what may be fetched, how fast, what robots.txt, Retry-After and an answer say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.exceptions import CannotResolveHostError, DownloadTimeoutError, IgnoreRequest
from scrapy.settings import Settings

from crawler.exits import ArgumentError
from crawler.network.answers import Wait, capture_of, captured_at, verdict
from crawler.network.errors import RefusedError, failure_of
from crawler.network.identity import user_agent
from crawler.network.pace import LONGEST, Pace
from crawler.network.policy import UrlPolicy, is_address, is_public
from crawler.network.replaying import replay_of
from crawler.network.retry_after import retry_after
from crawler.network.robots import MAX_BYTES, read_robots
from crawler.network.targets import frontier_url, named_urls, without_tokens
from crawler.network.telling import problem_of

HOSTS = frozenset({"mp.weixin.qq.com"})
POLICY = UrlPolicy(HOSTS)
NOW = datetime(2024, 5, 1, 8, tzinfo=UTC)
SECRET = "sEcReT0123456789"  # noqa: S105 - none


# --- policy -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", ["https://mp.weixin.qq.com/s/a", "HTTPS://MP.WEIXIN.QQ.COM:443/s?a=b#c"])
def test_the_allowed_host_is_allowed(url: str) -> None:
    assert POLICY.refusal(url) is None


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://mp.weixin.qq.com/s/a", "its scheme is http, not https"),
        ("file:///etc/passwd", "its scheme is file"),
        ("", "its scheme is missing"),
        ("https:///s/a", "its host is missing"),
        ("https://mp.weixin.qq.com:444/s/a", "its port is 444"),
        ("https://mp.weixin.qq.com:99999/s/a", "it is no URL"),
        ("https://[::1/s/a", "it is no URL"),
        ("https://a@mp.weixin.qq.com/s/a", "a name or a password"),
        ("https://mp.weixin.qq.com./s/a", "its host is mp.weixin.qq.com."),
        ("https://evil.mp.weixin.qq.com/s/a", "its host is evil.mp"),
        ("https://mp.weixin.qq.com/s/a\nHost: b", "characters that no URL has"),
        ("https://mp.weixin.qq.com\\@example.org/", "characters that no URL has"),
        ("https://2130706433/", "is an address"),
        ("https://0x7f.1/", "is an address"),
        ("https://[::ffff:127.0.0.1]/", "is an address"),
        ("https://[fe80::1%25eth0]/", "is an address"),
    ],
)
def test_every_other_is_refused_with_the_reason(url: str, why: str) -> None:
    assert why in (POLICY.refusal(url) or "allowed")


def test_an_address_is_refused_even_where_it_is_listed_and_http_only_where_it_is_allowed() -> None:
    assert UrlPolicy(frozenset({"127.0.0.1"})).refusal("https://127.0.0.1/")
    assert UrlPolicy(HOSTS, allow_http=True).refusal("http://mp.weixin.qq.com:80/") is None
    assert UrlPolicy(HOSTS, allow_http=True).refusal("http://mp.weixin.qq.com:443/")


@given(st.text() | st.from_regex(r"https?://[^/]{0,30}/.*") | st.from_regex(r"https://.{0,9}mp\.weixin\.qq\.com.*"))
def test_what_is_allowed_is_https_on_the_very_host(url: str) -> None:
    if POLICY.refusal(url) is None:
        parts = urlsplit(url)
        assert (parts.scheme, parts.hostname, parts.username) == ("https", "mp.weixin.qq.com", None)
        assert parts.port in {None, 443}


@pytest.mark.parametrize("host", ["127.0.0.1", "1", "0x7f000001", "0177.0.0.01", "::1", "1.2", "127.0.0.1."])
def test_addresses_are_known_in_every_form(host: str) -> None:
    assert is_address(host)


@pytest.mark.parametrize("host", ["mp.weixin.qq.com", "1.example.org", "deadbeef", "a.b", ""])
def test_names_are_no_addresses(host: str) -> None:
    assert not is_address(host)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 - nothing listens there
        "224.0.0.1",
        "255.255.255.255",
        "198.18.0.1",
        "::1",
        "::",
        "fe80::1%eth0",
        "fc00::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "2002:7f00:1::",
        "ff02::1",
        "nonsense",
    ],
)
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1"])
def test_public_addresses(address: str) -> None:
    assert is_public(address)


# --- pace ---------------------------------------------------------------------------------------------------------


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def pace(clock: Clock, *, draw: float = 0.0, **changes: Any) -> Pace:
    values: dict[str, Any] = {"delay": 5.0, "jitter": 0.5, "throttle": False, "max_delay": 60.0} | changes
    return Pace(clock=clock, draw=lambda: draw, **values)


@given(
    st.lists(st.tuples(st.sampled_from(["pass", "learn", "hold", "least", "ask"]), st.floats(0, 100), st.booleans())),
    st.floats(0, 1),
)
def test_requests_are_never_closer_than_the_delay(doings: list[tuple[str, float, bool]], draw: float) -> None:
    clock = Clock()
    paced = pace(clock, draw=draw, throttle=True)
    sent, least = [], 5.0
    for doing, value, is_good in doings:
        match doing:
            case "pass":
                clock.now += value
            case "learn":
                paced.learn("a", value, is_good=is_good)
            case "hold":
                paced.hold("a", value)
            case "least":
                paced.at_least("a", value)
            case _:
                sent.append(clock.now + paced.reserve("a"))
    assert all(later - earlier >= least - 1e-6 for earlier, later in pairwise(sent))


def test_hosts_do_not_wait_for_one_another() -> None:
    paced = pace(Clock())
    assert [paced.reserve("a"), paced.reserve("b"), paced.reserve("a")] == [0, 0, 5]


def test_jitter_is_added_and_crawl_delay_counts_from_the_next_request_on() -> None:
    paced = pace(Clock(), draw=1.0)
    assert [paced.reserve("a"), paced.reserve("a")] == [0, 7.5]
    paced = pace(Clock())
    paced.reserve("a")
    paced.at_least("a", 20.0)
    assert [paced.reserve("a"), paced.reserve("a")] == [20, 40]


def test_a_slow_host_is_asked_more_seldom_and_a_bad_answer_makes_nothing_faster() -> None:
    clock = Clock()
    paced = pace(clock, throttle=True)
    paced.learn("a", 30.0, is_good=True)
    assert paced.interval("a") == 30
    paced.learn("a", 0.1, is_good=False)
    assert paced.interval("a") == 30
    paced.learn("a", 0.1, is_good=True)
    assert paced.interval("a") == pytest.approx(15.05)
    for _ in range(99):
        paced.learn("a", 500.0, is_good=True)
    assert paced.interval("a") == 60


@pytest.mark.parametrize("seconds", [1e300, LONGEST * 2])
def test_no_host_is_waited_for_longer_than_a_day(seconds: float) -> None:
    paced = pace(Clock())
    paced.at_least("a", seconds)
    paced.hold("a", seconds)
    assert paced.reserve("a") == LONGEST
    assert paced.interval("a") == LONGEST


# --- robots.txt ---------------------------------------------------------------------------------------------------

PAGE = "https://mp.weixin.qq.com/s/a"


@pytest.mark.parametrize("body", [b"", b"\xef\xbb\xbfUser-agent: *\nDisallow: /mp/\n", b"\xff\xfe nonsense"])
def test_robots_that_say_nothing_against_it_allow(body: bytes) -> None:
    assert read_robots(200, "text/plain", body).allows(PAGE, "gzh-archive")


@pytest.mark.parametrize("status", [404, 410])
def test_no_robots_allow(status: int) -> None:
    assert read_robots(status, "text/html", b"<html>").allows(PAGE, "gzh-archive")


@pytest.mark.parametrize(
    ("status", "kind", "body"),
    [
        *((status, "text/plain", b"") for status in (204, 301, 400, 401, 403, 429, 500, 503)),
        (200, "text/html; charset=utf-8", b"User-agent: *\nAllow: /\n"),
        (200, "text/plain", b"\xef\xbb\xbf \n <!DOCTYPE html>"),
        (200, "text/plain", b"User-agent: *\0"),
        (200, "text/plain", b"#" * (MAX_BYTES + 1)),
    ],
)
def test_robots_that_cannot_be_read_forbid(status: int, kind: str, body: bytes) -> None:
    robots = read_robots(status, kind, body)
    assert robots.problem
    assert not robots.allows(PAGE, "gzh-archive")
    assert robots.crawl_delay("gzh-archive") == 0


def test_the_site_of_wechat_as_it_is_allows_nothing_of_an_article() -> None:
    body = b"User-agent: *\nAllow: /$\nAllow: /debug/\nAllow: /cgi-bin/wx\nDisallow: /\n"
    robots = read_robots(200, "text/plain", body)
    assert not robots.allows(PAGE, "gzh-archive")
    assert robots.allows("https://mp.weixin.qq.com/", "gzh-archive")


@pytest.mark.parametrize(
    ("said", "delay"), [("7", 7.0), ("0.5", 0.5), ("inf", 0.0), ("nan", 0.0), ("-3", 0.0), ("x", 0.0)]
)
def test_crawl_delays(said: str, delay: float) -> None:
    body = f"User-agent: gzh-archive\nCrawl-delay: {said}\n".encode()
    assert read_robots(200, "text/plain", body).crawl_delay("gzh-archive") == delay


@given(st.integers(100, 599), st.text(max_size=20), st.binary(max_size=200))
def test_robots_never_raise(status: int, kind: str, body: bytes) -> None:
    robots = read_robots(status, kind, body)
    assert robots.allows(PAGE, "gzh-archive") in {True, False}
    assert robots.crawl_delay("gzh-archive") >= 0


# --- answers ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (b"120", 120),
        (b" 0 ", 0),
        (b"Wed, 01 May 2024 08:02:00 GMT", 120),
        (b"Wed, 01 May 2024 07:00:00 GMT", 0),
        (None, None),
        (b"", None),
        (b"-5", None),
        (b"soon", None),
        (b"1e9", None),
        (b"9999999999999", None),
        ("１２".encode(), None),
    ],
)
def test_retry_after(header: bytes | None, seconds: float | None) -> None:
    assert retry_after(header, NOW) == seconds


@given(st.none() | st.binary(max_size=60))
def test_retry_after_and_dates_never_raise(header: bytes | None) -> None:
    seconds = retry_after(header, NOW)
    assert seconds is None or seconds >= 0
    assert abs(captured_at(header, NOW) - NOW) < timedelta(days=1)


def test_what_a_status_says() -> None:
    assert verdict(200, b"5", NOW) is None
    assert verdict(429, None, NOW) == Wait(None)
    assert verdict(503, b"5", NOW) == Wait(5)
    assert verdict(503, None, NOW) == verdict(599, b"5", NOW) == "server_error"
    assert verdict(404, None, NOW) == verdict(410, None, NOW) == "gone"
    assert verdict(403, None, NOW) == verdict(304, None, NOW) == verdict(206, None, NOW) == "refused"


def test_a_capture_is_dated_by_the_site_unless_its_clock_is_wrong() -> None:
    assert captured_at(b"Wed, 01 May 2024 07:59:00 GMT", NOW) == NOW - timedelta(minutes=1)
    assert captured_at(b"Wed, 01 May 2019 07:59:00 GMT", NOW) == NOW


def test_a_capture_has_the_canonical_url_and_no_token() -> None:
    url = f"https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv?key={SECRET}&scene=1#rd"
    capture = capture_of(url, b"x", now=NOW, content_type=b"text/html;\r\n charset=utf-8", row="row")
    assert capture.uri == capture.url == "https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv"
    assert capture.name == "mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv"
    assert (capture.media_type, capture.frontier_url) == ("text/html; charset=utf-8", "row")


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (RefusedError("x", "too_many_redirects"), "too_many_redirects"),
        (DownloadTimeoutError("x"), "timeout"),
        (CannotResolveHostError("x"), "connection"),
        (IgnoreRequest("x"), "too_large"),
        (ValueError("x"), "connection"),
    ],
)
def test_kinds_of_failure(error: Exception, kind: str) -> None:
    assert failure_of(error) == kind


def test_problems_are_told_without_urls_that_tell_who_reads() -> None:
    said = problem_of(ValueError(f"https://mp.weixin.qq.com/s/a?key={SECRET}\x1b[31m broke\n" + "x" * 999))
    assert SECRET not in said
    assert len(said) <= 120
    assert said.isprintable()


# --- targets ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given_url", "made"),
    [
        ("mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv?scene=1", "https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv"),
        (
            "https://mp.weixin.qq.com/mp/wappoc_appmsgcaptcha?target_url=https%3A%2F%2Fmp.weixin.qq.com%2Fs%2FAbCdEfGhIjKl",
            "https://mp.weixin.qq.com/s/AbCdEfGhIjKl",
        ),
        (
            f"http://mp.weixin.qq.com/mp/appmsgalbum?album_id=1&f=json&key={SECRET}#x",
            "https://mp.weixin.qq.com/mp/appmsgalbum?album_id=1&f=json",
        ),
        ("https://example.org/feed?a=b#c", "https://example.org/feed?a=b"),
    ],
)
def test_how_the_frontier_writes_urls(given_url: str, made: str) -> None:
    assert frontier_url(given_url) == made
    assert frontier_url(made) == made


@given(st.text(max_size=80) | st.from_regex(r"https://mp\.weixin\.qq\.com/s\?.{0,60}"))
def test_the_frontier_writes_a_url_in_one_way(url: str) -> None:
    made = frontier_url(url)
    if POLICY.refusal(made) is None:
        assert frontier_url(made) == made


def test_urls_that_may_not_be_fetched_are_named_with_their_line(tmp_path: Any) -> None:
    listed = tmp_path / "urls.txt"
    listed.write_text("https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv\n\nhttps://example.org/\n", "utf-8")
    with pytest.raises(ArgumentError, match=r"line 3 of .*urls\.txt may not be fetched: its host is example\.org"):
        named_urls(None, str(listed), POLICY)
    listed.write_bytes(b"\xff\xfe\xff")
    with pytest.raises(ArgumentError, match="cannot be read"):
        named_urls(None, str(listed), POLICY)
    with pytest.raises(ArgumentError, match="too long"):
        named_urls("https://mp.weixin.qq.com/x?" + "y" * 9000, None, POLICY)


def test_arguments_are_written_down_without_tokens() -> None:
    arguments = {
        "url": f"https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv?key={SECRET} https://a:{SECRET}@example.org/f?k={SECRET}",
        "path": f"/home/me/key={SECRET}",
    }
    written = without_tokens(arguments)
    assert SECRET not in written["url"]
    assert written["url"] == "https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv https://example.org/f?…"
    assert written["path"] == arguments["path"], "the path of a file is no URL"


# --- settings -----------------------------------------------------------------------------------------------------


def settings(**values: str) -> Settings:
    return Settings({"BOT_NAME": "gzh-archive", "BOT_VERSION": "0.1"} | values)


@pytest.mark.parametrize("contact", ["me@example.org", "https://example.org/archive"])
def test_the_agent_has_a_contact(contact: str) -> None:
    assert user_agent(settings(CONTACT=contact)) == f"gzh-archive/0.1 (+{contact})"


@pytest.mark.parametrize("contact", ["", "   ", "nobody", "a@b c", "a@b\r\nX: y", "a@b)", "我@例子"])
def test_nobody_is_asked_without_a_contact(contact: str) -> None:
    with pytest.raises(ArgumentError, match="CONTACT"):
        user_agent(settings(CONTACT=contact))


@pytest.mark.parametrize("server", ["http://127.0.0.1:80", "http://localhost:8765", "http://[::1]:8765/"])
def test_a_replay_server_is_on_this_machine(server: str) -> None:
    replay = replay_of(settings(REPLAY_SERVER=server))
    assert replay is not None
    mapped = urlsplit(replay.mapped("https://mp.weixin.qq.com/s?a=b%20c#d"))
    assert (mapped.scheme, mapped.path, mapped.query, mapped.fragment) == ("http", "/s", "a=b%20c", "")
    assert mapped.hostname in {"127.0.0.1", "::1"}


@pytest.mark.parametrize(
    "server",
    [
        "https://127.0.0.1:80",
        "http://127.0.0.1",
        "http://10.0.0.1:80",
        "http://example.org:80",
        "x",
        "http://a:b@127.0.0.1:1",
    ],
)
def test_any_other_replay_server_is_refused(server: str) -> None:
    with pytest.raises(ArgumentError, match=r"127\.0\.0\.1:PORT"):
        replay_of(settings(REPLAY_SERVER=server))
