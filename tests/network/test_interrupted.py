"""Runs that are killed, stopped or out of room in the middle: nothing is lost, nothing is there twice."""

from __future__ import annotations

import random
import signal
import subprocess
import time
from typing import TYPE_CHECKING, Any

import pytest
from running import PROJECT, Ended, environment, page
from site_on_loopback import Answer, Site, html

if TYPE_CHECKING:
    from collections.abc import Callable

    Rows = Callable[..., list[tuple[Any, ...]]]

PATH = "/s/AbCdEfGhIjKlMnOpQrStU{:02}"
COUNT = 24


def put(site: Site, wait: float = 0.02) -> str:
    for number in range(COUNT):
        site.answers[PATH.format(number)] = Answer(body=page(number).encode(), wait=wait)
    return "url=" + " ".join("https://mp.weixin.qq.com" + PATH.format(number) for number in range(COUNT))


def stop(words: list[str], site: Site, after: int, signum: signal.Signals) -> int:
    """Starts a crawl and stops it when the site has been asked for so many more pages."""
    process = subprocess.Popen(
        words, cwd=PROJECT, env=environment(CONTACT=""), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    enough = len(site.asked) + after
    while process.poll() is None and len(site.asked) < enough:
        time.sleep(0.005)
    process.send_signal(signum)
    process.communicate(timeout=5)
    return process.returncode


@pytest.mark.parametrize(("signum", "code"), [(signal.SIGKILL, -9), (signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_crawl_that_is_stopped_again_and_again_has_every_page_once_at_its_end(
    site: Site,
    fetch: Callable[..., Ended],
    command: Callable[..., list[str]],
    rows: Rows,
    signum: signal.Signals,
    code: int,
) -> None:
    given = put(site)
    for after in (3, 7):
        assert stop(command("-a", given), site, after, signum) == code
    leased = rows("SELECT count(*) FROM frontier WHERE state = 'leased'")[0][0]
    assert leased == 0 or signum == signal.SIGKILL
    ended = fetch("-a", given)
    assert ended.code == 0, ended.err
    assert 0 < ended.report["stored"] < COUNT
    assert rows("SELECT count(*), count(DISTINCT uri) FROM captures") == [(COUNT, COUNT)]
    assert rows("SELECT state, count(*) FROM frontier GROUP BY 1") == [("done", COUNT)]
    assert rows("PRAGMA integrity_check") == [("ok",)]
    pages = [path for path in site.paths if path != "/robots.txt"]
    assert COUNT <= len(pages) <= COUNT + 2, "only what was being asked for at a stop is asked for again"
    reasons = [row[0] for row in rows("SELECT finish_reason FROM runs ORDER BY id")]
    assert reasons == [*["killed" if signum == signal.SIGKILL else "shutdown"] * 2, "finished"]


def test_a_stop_does_not_wait_for_a_slow_site_or_a_long_delay(
    site: Site, command: Callable[..., list[str]], rows: Rows
) -> None:
    given = put(site, wait=20.0)
    # robots.txt is there at once, the page is waited for.
    assert stop(command("-a", given, "-s", "DOWNLOAD_DELAY=30"), site, 1, signal.SIGTERM) == 143
    assert stop(command("-a", given), site, 2, signal.SIGTERM) == 143
    assert rows("SELECT state, attempts FROM frontier GROUP BY 1, 2") == [("pending", 0)]
    assert rows("SELECT finish_reason, exit_code FROM runs") == [("shutdown", 143)] * 2


def test_a_full_disk_is_4_and_the_next_run_completes(site: Site, fetch: Callable[..., Ended], rows: Rows) -> None:
    given = put(site)
    rng = random.Random(1)
    for number in range(COUNT):
        site.answers[PATH.format(number)] = html(page(number) + f"<!-- {rng.randbytes(20_000).hex()} -->")
    ended = fetch("-a", given, "-s", "MAX_DATABASE_BYTES=700000")
    assert (ended.code, "disk" in ended.err) == (4, True), ended.err
    assert rows("PRAGMA integrity_check") == [("ok",)]
    done = rows("SELECT count(*) FROM frontier WHERE state = 'done'")[0][0]
    assert rows("SELECT count(*) FROM captures")[0][0] == done < COUNT
    ended = fetch("-a", given)
    assert (ended.code, ended.report["stored"]) == (0, COUNT - done)
    assert rows("SELECT count(*) FROM articles") == [(COUNT,)]
