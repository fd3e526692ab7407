"""`scrapy replay`, and a crawl of what it serves."""

from __future__ import annotations

import signal
import subprocess
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest
from running import PROJECT, SCRAPY, Ended, environment, page

from crawler.network.album_task import page_url
from crawler.network.answers import capture_of
from crawler.network.replay_server import Pages, ReplayServer, collect
from crawler.pages import Limits
from crawler.times import from_utc_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from crawler.items import Capture

LONG = "https://mp.weixin.qq.com/s?__biz=MzAwMDAwMDAwMQ==&mid={}&idx=1"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "saved"
    made.mkdir()
    for number in range(3):
        (made / f"{number}.html").write_text(page(number), "utf-8")
    (made / "dump.txt").write_text("清晨的河面上起了薄雾，渡船慢慢靠了岸。\n", "utf-8")
    return made


@pytest.fixture
def served(folder: Path) -> Iterator[str]:
    process = subprocess.Popen(
        [*SCRAPY, "replay", str(folder), "--port", "0"],
        cwd=PROJECT,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    first = process.stdout.readline()
    assert first.startswith("3 URLs of 4 captures at http://127.0.0.1:"), first
    yield next(word for word in first.split() if word.startswith("http")).rstrip(";")
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=5)
    assert (process.returncode, err) == (143, "")


def test_a_folder_is_crawled_as_if_it_were_the_site(
    served: str, folder: Path, fetch: Callable[..., Ended], rows: Callable[..., list[tuple[Any, ...]]]
) -> None:
    listed = subprocess.run(
        [*SCRAPY, "replay", str(folder), "--list"], cwd=PROJECT, env=environment(), capture_output=True, check=True
    )
    urls = listed.stdout.decode().split()
    assert urls == [LONG.format(1000 + number) for number in range(3)]
    ended = fetch("-a", "list=-", "-s", f"REPLAY_SERVER={served}", stdin="\n".join(urls))
    assert (ended.code, ended.report["stored"]) == (0, 3), ended.err
    assert rows("SELECT uri FROM captures ORDER BY 1") == [(url,) for url in urls]
    assert rows("SELECT host, requests FROM hosts") == [(served.removeprefix("http://"), 4)]


def test_the_server_answers_by_any_form_of_a_url_and_to_no_other_host(served: str) -> None:
    def ask(path: str, host: str) -> tuple[int, str]:
        request = urllib.request.Request(served + path, headers={"Host": host})  # noqa: S310 - http, on this machine
        try:
            with urllib.request.urlopen(request) as response:  # noqa: S310 - the same
                return response.status, response.headers["Content-Type"]
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers["Content-Type"]

    path = LONG.format(1001).removeprefix("https://mp.weixin.qq.com")
    assert ask(path + "&sn=0123456789abcdef0123456789abcdef&chksm=1", "mp.weixin.qq.com") == (200, "text/html")
    assert ask(path, served.removeprefix("http://"))[0] == 200
    assert ask("/s/nothing", "mp.weixin.qq.com")[0] == 404
    assert ask("/robots.txt", "mp.weixin.qq.com") == (200, "text/plain; charset=utf-8")
    assert ask(path, "attacker.example") == (403, "text/plain")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ([], 2, "expected"),
        (["a", "b"], 2, "expected"),
        (["--bogus"], 2, "--bogus"),
        (["x", "--port", "99999"], 2, "no port"),
        (["/no/such/folder"], 1, "/no/such/folder"),
        ([".", "--robots", "/no/such/robots"], 1, "/no/such/robots"),
    ],
)
def test_wrong_use_says_what_is_right(words: list[str], code: int, said: str) -> None:
    done = subprocess.run(
        [*SCRAPY, "replay", *words], cwd=PROJECT, env=environment(), capture_output=True, check=False, text=True
    )
    assert (done.returncode, said in done.stderr + done.stdout, "Traceback" in done.stderr) == (code, True, False)


def captures() -> list[Capture]:
    url = LONG.format(1000)
    times = ("2024-05-01T08:00:00Z", "2024-05-02T08:00:00Z")
    return [
        capture_of(url, page(0, f"第{number}次看到的集市。").encode(), now=from_utc_text(at))
        for number, at in enumerate(times)
    ]


def test_captures_of_one_url_are_the_latest_or_one_after_another() -> None:
    for order in (captures(), captures()[::-1]):
        latest, turns = Pages(), Pages(in_turn=True)
        for pages in (latest, turns):
            collect(order, Limits(), pages)
        found = [pages.find(LONG.format(1000)) for pages in (latest, latest, turns, turns, turns)]
        days = [one.captured_at.day for one in found if one]
        assert days == [2, 2, 1, 2, 2]


def test_a_port_that_is_taken_is_an_error() -> None:
    with ReplayServer(Pages(), 0, []) as server, pytest.raises(OSError, match="in use"):
        ReplayServer(Pages(), server.server_port, [])


def test_an_album_that_was_saved_answers_for_its_first_page_in_json_and_no_further_one() -> None:
    url = "https://mp.weixin.qq.com/mp/appmsgalbum?action=getalbum&__biz=MzAwMDAwMDAwMQ==&album_id=1234567890"
    body = b'{"getalbum_resp": {"article_list": [], "base_info": {"title": "x"}}}'
    saved = capture_of(url, body, now=from_utc_text("2024-05-01T08:00:00Z"))
    pages = collect([saved], Limits(max_bytes=2**20), Pages())
    assert pages.urls() == [url]
    asked = page_url("1234567890", "MzAwMDAwMDAwMQ==", None)
    assert pages.find(asked) is not None
    assert pages.find(page_url("1234567890", "MzAwMDAwMDAwMQ==", ("1001", "1"))) is None
    assert pages.find(asked.replace("1234567890", "1234567891")) is None
