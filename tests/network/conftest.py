"""Fixtures for tests of the network: a site on this machine, and a crawler of it as users run it."""

from __future__ import annotations

import sqlite3
import subprocess
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from running import PROJECT, SCRAPY, Ended, environment
from site_on_loopback import Site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

HOST = "mp.weixin.qq.com"


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "articles.db"


@pytest.fixture
def command(site: Site, database: Path) -> Callable[..., list[str]]:
    """The words of a crawl of the site."""

    def words(*more: str | Path, spider: str = "articles") -> list[str]:
        settings = {"REPLAY_SERVER": site.url, "DOWNLOAD_DELAY": "0", "DATABASE": str(database), "DAILY_BUDGET": "9999"}
        given = [word for name, value in settings.items() for word in ("-s", f"{name}={value}")]
        return [*SCRAPY, "crawl", spider, *given, *map(str, more)]

    return words


@pytest.fixture
def fetch(command: Callable[..., list[str]]) -> Callable[..., Ended]:
    """Runs `scrapy crawl articles WORDS...` against the site."""

    def run(*words: str | Path, spider: str = "articles", stdin: str = "", **env: str) -> Ended:
        done = subprocess.run(
            command(*words, spider=spider),
            cwd=PROJECT,
            env=environment(CONTACT="", **env),
            input=stdin.encode(),
            capture_output=True,
            timeout=120,
            check=False,
        )
        return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


@pytest.fixture
def rows(database: Path) -> Callable[..., list[tuple[Any, ...]]]:
    """What a query gives of the database."""

    def ask(query: str, *values: object) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(database)) as db:
            return db.execute(query, values).fetchall()

    return ask
