"""`scrapy browse`: how it starts, what it refuses, how it ends. Its pages: tests/pipelines/browse and tests/browser."""

from __future__ import annotations

import http.client
import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from running import PROJECT, environment
from serving import serving
from shelf import LANTERN_TITLE, make_archive

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from running import Ended


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_archive(tmp_path_factory.mktemp("browse"))


def get(url: str, path: str = "/", **headers: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def test_it_says_where_it_is_answers_there_and_ends_at_ctrl_c(database: Path) -> None:
    with serving(database) as served:
        assert urlsplit(served.url).hostname == "127.0.0.1"
        status, page = get(served.url)
        assert (status, LANTERN_TITLE in page) == (200, True)
        assert get(served.url, Host="evil.example")[0] == 403
        code, said = served.end(signal.SIGINT)
    assert (code, "CTRL+C" in said) == (0, True)
    assert "Traceback" not in said


def test_sigterm_ends_it_too(database: Path) -> None:
    with serving(database) as served:
        assert get(served.url)[0] == 200
        code, said = served.end(signal.SIGTERM)
    assert code in (-signal.SIGTERM, 128 + signal.SIGTERM)
    assert "Traceback" not in said


def test_what_a_crawl_stores_meanwhile_shows_at_once(crawl: Callable[..., Ended], folder: Path, tmp_path: Path) -> None:
    assert crawl(folder).code == 0
    with serving(tmp_path / "articles.db") as served:
        assert "<b>4</b> articles" in get(served.url)[1]
        (folder / "new.txt").write_text("新来的一篇：码头的灯又亮了，守夜的人换了班。", "utf-8")
        assert crawl(folder).code == 0
        assert "<b>5</b> articles" in get(served.url)[1]
        assert "<mark>码头</mark>的灯又亮了" in get(served.url, "/-/find?q=%E7%A0%81%E5%A4%B4")[1]
        assert get(served.url, "/archive/article_list")[0] == 200


def test_a_port_that_is_taken_is_1_with_a_sentence(scrapy: Callable[..., Ended], database: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        ended = scrapy("browse", "--no-open", "--port", port, "-s", f"DATABASE={database}")
    assert (ended.code, ended.out) == (1, "")
    assert f"cannot listen on 127.0.0.1, port {port}" in ended.err


def test_another_host_is_served_with_a_warning(database: Path) -> None:
    with serving(database, "--host", "0.0.0.0") as served:  # noqa: S104 - that is the point
        assert get(served.url, Host="library.example")[0] == 200
        _, said = served.end()
    assert "can read the whole archive" in said


def test_a_host_that_is_none_of_this_machine_is_1(scrapy: Callable[..., Ended], database: Path) -> None:
    ended = scrapy("browse", "--no-open", "--host", "192.0.2.1", "-s", f"DATABASE={database}")
    assert (ended.code, "cannot listen on 192.0.2.1" in ended.err) == (1, True)


@pytest.mark.parametrize(
    "words",
    [
        ["--bogus"],
        ["word"],
        ["--port", "x"],
        ["--port", "70000"],
        ["-s", "BROWSE_SECONDS=0"],
        ["-s", "BROWSE_SECONDS=nan"],
    ],
)
def test_wrong_use_is_2(scrapy: Callable[..., Ended], database: Path, words: list[str]) -> None:
    assert scrapy("browse", "--no-open", *words, "-s", f"DATABASE={database}").code == 2


def test_without_a_database_it_says_how_to_make_one(scrapy: Callable[..., Ended], tmp_path: Path) -> None:
    ended = scrapy("browse", "--no-open", "-s", f"DATABASE={tmp_path / 'none.db'}")
    assert (ended.code, "scrapy crawl files" in ended.err) == (4, True)
    assert list(tmp_path.iterdir()) == []


def test_without_datasette_it_says_how_to_get_it(database: Path) -> None:
    program = "import sys; sys.modules['datasette'] = None; from scrapy.cmdline import execute; execute()"
    done = subprocess.run(
        [sys.executable, "-c", program, "browse", "--no-open", "-s", f"DATABASE={database}"],
        cwd=PROJECT,
        env=environment(),
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, b"pip install 'datasette>=0.65,<1'" in done.stderr) == (1, True)
    assert b"Traceback" not in done.stderr


def test_help_helps(scrapy: Callable[..., Ended]) -> None:
    ended = scrapy("browse", "--help")
    assert ended.code == 0
    for word in ("--port", "--host", "--no-open", "CTRL+C", "Nothing is written"):
        assert word in ended.out
