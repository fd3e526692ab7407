"""Imports go in one direction: readers know no engine and no pipeline, pipelines know no spider."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
# What pipelines may use of the crawler: what is said of captures, and a few helpers without state.
OF_CRAWLER = {
    "crawler.durations",
    "crawler.grouping",
    "crawler.items",
    "crawler.limits",
    "crawler.pages",
    "crawler.processors",
    "crawler.text",
    "crawler.timelimit",
    "crawler.times",
    "crawler.urls",
}


def imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{name.name}" for name in node.names)
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


def within(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


READERS = [
    ROOT / "crawler/items.py",
    *(ROOT / "crawler/pages").rglob("*.py"),
    *(ROOT / "crawler/sources").rglob("*.py"),
]


@pytest.mark.parametrize("file", READERS, ids=lambda file: str(file.relative_to(ROOT)))
def test_readers_know_neither_engine_nor_pipelines(file: Path) -> None:
    assert [name for name in imports(file) if within(name, "scrapy") or within(name, "pipelines")] == []


@pytest.mark.parametrize("file", list((ROOT / "pipelines").rglob("*.py")), ids=lambda file: str(file.relative_to(ROOT)))
def test_pipelines_know_no_spider(file: Path) -> None:
    of_crawler = [name for name in imports(file) if within(name, "crawler")]
    assert [name for name in of_crawler if not any(within(name, allowed) for allowed in OF_CRAWLER)] == []
