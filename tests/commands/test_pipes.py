"""Whoever reads a command's output may leave before its end (`| head`): no command makes a word of that."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest
from running import PROJECT, SCRAPY, environment, page, scrapy

if TYPE_CHECKING:
    from pathlib import Path

ARTICLES = 40
COMMANDS = [
    ["summary"],
    ["runs"],
    ["runs", "--json"],
    ["runs", "1"],
    ["search", "集市", "--limit", "0"],
    ["show", "1", "--full"],
    ["diff", "1"],
    ["raw", "1"],
    ["export", "--output", "-", "--format", "jsonl"],
    ["source", "list"],
    ["source", "add", "articles"],
    ["schedule"],
    ["doctor", "--digest"],
    ["doctor"],
    ["read", "{pages}/1.html"],
    ["replay", "{pages}", "--list"],
    ["backup", "{tmp}/copy.db"],
    ["renormalize", "--dry-run"],
    ["reindex"],
    ["crawl", "files", "-a", "path={pages}"],
]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pipes")
    (folder / "pages").mkdir()
    for number in range(ARTICLES):
        (folder / "pages" / f"{number}.html").write_text(page(number), "utf-8")
    database = f"DATABASE={folder / 'articles.db'}"
    assert scrapy("crawl", "files", "-a", f"path={folder / 'pages'}", "-s", database).code == 0
    assert scrapy("source", "add", "files", folder / "pages", "-s", database).code == 0
    return folder


def without_reader(place: Path, words: list[str]) -> tuple[int, str]:
    """Exit code and standard error of a command whose output nobody reads."""
    command = [word.format(pages=place / "pages", tmp=place) for word in words]
    read_end, write_end = os.pipe()
    os.close(read_end)
    try:
        done = subprocess.run(
            [*SCRAPY, *command, "-s", f"DATABASE={place / 'articles.db'}"],
            cwd=PROJECT,
            env=environment(),
            stdout=write_end,
            stderr=subprocess.PIPE,
            timeout=120,
            check=False,
        )
    finally:
        os.close(write_end)
    return done.returncode, done.stderr.decode()


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_reader_that_has_left_is_no_fault(place: Path, words: list[str]) -> None:
    code, said = without_reader(place, words)
    assert code == 0, said
    assert "Traceback" not in said
    assert "pipe" not in said.lower()


def test_the_exit_code_of_what_was_done_stays_what_it_is(place: Path) -> None:
    broken = place / "broken"
    broken.mkdir()
    (broken / "report.pdf").write_bytes(b"%PDF-1.7\n")
    code, said = without_reader(place, ["crawl", "files", "-a", f"path={broken}"])
    assert (code, "could not be read" in said) == (5, True), said
