"""Databases to be mistreated."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import zstandard
from running import page

if TYPE_CHECKING:
    from collections.abc import Callable

SCHEMA_1 = Path(__file__).resolve().parents[1] / "databases" / "schema-1.sql.zst"


@pytest.fixture
def older(tmp_path: Path) -> Callable[[str], Path]:
    """Makes a database as the first release left it."""
    packed = SCHEMA_1.read_bytes()
    script = zstandard.ZstdDecompressor().stream_reader(packed).read().decode("utf-8")

    def make(name: str) -> Path:
        path = tmp_path / name
        with closing(sqlite3.connect(path)) as db:
            db.execute("PRAGMA journal_mode=WAL")
            db.executescript(script)
        return path

    return make


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """A folder of sixty saved pages."""
    folder = tmp_path / "pages"
    folder.mkdir()
    for number in range(60):
        (folder / f"{number:02}.html").write_text(page(number), "utf-8")
    return folder
