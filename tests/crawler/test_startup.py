from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from running import PROJECT

from crawler.startup import COMMANDS, commands_module

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("words", "module"),
    [
        (["crawl", "files"], "crawler.commands.crawl"),
        (["--nolog", "search", "crawl"], "crawler.commands.search"),
        ([], COMMANDS),
        (["--help"], COMMANDS),
        (["list"], COMMANDS),
        (["_options"], COMMANDS),
        (["no-such.command"], COMMANDS),
    ],
)
def test_only_the_command_that_is_named_is_loaded(words: list[str], module: str) -> None:
    assert commands_module(["scrapy", *words]) == module


def test_all_are_listed_where_none_is_named() -> None:
    shown = subprocess.run([sys.executable, "-m", "scrapy"], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert {"backup", "crawl", "search", "summary"} <= {line.split()[0] for line in shown.stdout.splitlines() if line}


def test_reading_files_loads_nothing_that_the_network_needs(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("今天的雨下得很大，河边没有人。\n", "utf-8")
    words = ["scrapy", "crawl", "files", "-a", f"path={tmp_path / 'one.txt'}", "-s", f"DATABASE={tmp_path / 'a.db'}"]
    code = (
        f"import sys; from scrapy.cmdline import execute\ntry: execute({words!r})\n"
        "except SystemExit as end: print(end.code, *{'aiohttp', 'tldextract', 'requests'}.intersection(sys.modules))"
    )
    shown = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert shown.stdout.splitlines()[-1] == "0"
