"""Captures and readings for tests of readers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from crawler.items import Article, Capture, Listing, Notice, Reading, Rejected
from crawler.pages import Limits, read

CAPTURED = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def capture(content: bytes | str, **values: Any) -> Capture:
    raw = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    given: dict[str, Any] = {
        "uri": "file:///a",
        "name": "a",
        "captured_at": CAPTURED,
        "captured_at_source": "mtime",
    } | values
    return Capture(content=raw, **given)


def reading(content: bytes | str, limits: Limits | None = None, **values: Any) -> Reading:
    return read(capture(content, **values), limits or Limits())


def article(content: bytes | str, **values: Any) -> Article:
    found = reading(content, **values).found
    assert isinstance(found, Article), found
    return found


def rejected(content: bytes | str, limits: Limits | None = None, **values: Any) -> Rejected:
    found = reading(content, limits, **values).found
    assert isinstance(found, Rejected), found
    return found


def notice(content: bytes | str, **values: Any) -> Notice:
    found = reading(content, **values).found
    assert isinstance(found, Notice), found
    return found


def listing(content: bytes | str, **values: Any) -> Listing:
    found = reading(content, **values).found
    assert isinstance(found, Listing), found
    return found
