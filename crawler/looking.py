"""Captures for the commands that look at one file without a database."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.items import Capture
from crawler.sources import FileSource, SourceLimits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.pages.document import Limits

STANDARD_INPUT = "-"


def captures_of(name: str, url: str | None, limits: Limits) -> Iterator[Capture]:
    """The captures of the file `name`, or the one on standard input. Raises ValueError, OSError."""
    if name == STANDARD_INPUT:
        yield Capture(
            uri="stdin:",
            name=name,
            content=sys.stdin.buffer.read(limits.max_bytes + 1),
            captured_at=datetime.now(UTC),
            captured_at_source="mtime",
            url=url,
        )
        return
    if not Path(name).exists():
        raise ValueError(f"there is no file {name}")
    for found in FileSource([name], limits=SourceLimits(max_bytes=limits.max_bytes)):
        if isinstance(found, Capture):
            yield replace(found, url=url) if url else found
