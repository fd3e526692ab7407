"""Databases made of readings or captures, without an engine."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.items import Capture, Reading
from crawler.pages.document import Limits
from crawler.sources import FileSource
from pipelines.boilerplate.ruleset import load_rules
from pipelines.derive import Deriver
from pipelines.store.database import open_for_writing
from pipelines.store.writer import write

if TYPE_CHECKING:
    from collections.abc import Iterable

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
NOW = "2026-01-01T00:00:00Z"


@cache
def deriver() -> Deriver:
    """The project's own readers and rules."""
    return Deriver(Limits(), load_rules())


def capture_of(content: bytes | str, name: str = "export", *, url: str | None = None) -> Capture:
    """A capture of a file that was written now."""
    data = content.encode() if isinstance(content, str) else content
    return Capture(
        uri=f"file:///{name}",
        name=name,
        content=data,
        captured_at=datetime(2026, 1, 1, tzinfo=UTC),
        captured_at_source="mtime",
        url=url,
    )


def captures_in(*paths: Path) -> list[Capture]:
    """The captures in files and folders, as a crawl finds them."""
    return [found for found in FileSource(paths) if isinstance(found, Capture)]


def make_database(path: Path, found: Iterable[Capture | Reading], *, now: str = NOW) -> Path:
    """A database of captures (read and normalised first) and of readings; more are added to one that is there."""
    db = open_for_writing(path)
    try:
        db.conn.execute("BEGIN IMMEDIATE")
        for one in found:
            reading = deriver().derive(one) if isinstance(one, Capture) else one
            write(db.conn, reading, now=now, run_id=None)
        db.conn.commit()
    finally:
        db.close()
    return path
