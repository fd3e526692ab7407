"""Fixtures for tests of commands: a runner, a crawl into a database of its own, a folder of captures."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from running import PROJECT, SCRAPY, Ended, environment, page

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def scrapy() -> Callable[..., Ended]:
    """Runs `scrapy WORDS...` in the project's folder."""

    def run(*words: str | Path, stdin: bytes = b"", **env: str) -> Ended:
        done = subprocess.run(
            [*SCRAPY, *map(str, words)],
            cwd=PROJECT,
            env=environment(**env),
            input=stdin,
            capture_output=True,
            timeout=120,
            check=False,
        )
        return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


@pytest.fixture
def crawl(scrapy: Callable[..., Ended], tmp_path: Path) -> Callable[..., Ended]:
    """Runs `scrapy crawl files` into a database of the test's own."""

    def run(folder: Path, *words: str, database: Path | None = None, **env: str) -> Ended:
        where = database or tmp_path / "articles.db"
        return scrapy("crawl", "files", "-a", f"path={folder}", "-s", f"DATABASE={where}", *words, **env)

    return run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three pages, a dump, an image and a file that is none of ours."""
    made = tmp_path / "captures"
    made.mkdir()
    for number in range(3):
        (made / f"{number}.html").write_text(page(number), "utf-8")
    (made / "dump.txt").write_text(
        "微信号\nsomepaper\n功能介绍\n每日新闻\n清晨的河面上起了薄雾，渡船慢慢靠了岸。\n阅读原文", "utf-8"
    )
    (made / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    return made


@pytest.fixture(scope="session")
def crawled_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that a crawl of three pages has made; not to be changed."""
    place = tmp_path_factory.mktemp("crawled")
    for number in range(3):
        (place / f"{number}.html").write_text(page(number), "utf-8")
    words = ["crawl", "files", "-a", f"path={place}", "-s", f"DATABASE={place / 'articles.db'}", "--quiet"]
    subprocess.run([*SCRAPY, *words], cwd=PROJECT, env=environment(), check=True, timeout=120)
    return place / "articles.db"


@pytest.fixture
def crawled(crawled_once: Path, tmp_path: Path) -> Path:
    """The same database, the test's own."""
    return Path(shutil.copy(crawled_once, tmp_path / "articles.db"))
