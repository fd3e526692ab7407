"""A reading as plain JSON values: what a fixture's expectation holds."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any

from crawler.items import Article, Listing, Notice, Reading
from crawler.times import utc_text

# They have a place of their own in a description; marks are tested where they are made.
_APART = frozenset({"account", "full_text", "links", "media", "marks"})


def describe(reading: Reading) -> dict[str, Any]:
    """Everything that `reading` says but marks and sources; what is empty is left out."""
    found = reading.found
    described: dict[str, Any] = {"outcome": type(found).__name__.lower(), "template": reading.template}
    described["fields"] = {
        field.name: plain
        for field in fields(found)
        if field.name not in _APART and not _is_empty(plain := _plain(getattr(found, field.name)))
    }
    if reading.captured_at is not None:
        described["fields"]["captured_at"] = f"{utc_text(reading.captured_at)} {reading.captured_at_source}"
    if isinstance(found, (Article, Notice, Listing)):
        described["account"] = _plain(found.account)
    if isinstance(found, Article):
        described["full_text"] = found.full_text.split("\n")
        described["links"] = [_plain(link) for link in found.links]
        described["media"] = [_plain(medium) for medium in found.media]
    described["warnings"] = list(reading.warnings)
    return described


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return utc_text(value)
    if is_dataclass(value):
        members = ((field.name, _plain(getattr(value, field.name))) for field in fields(value))
        return {name: plain for name, plain in members if not _is_empty(plain)}
    if isinstance(value, (list, tuple)):
        return [_plain(member) for member in value]
    return value


def _is_empty(value: Any) -> bool:
    """None, and empty text, lists and objects; False and 0 are values."""
    return value is None or (isinstance(value, (str, list, dict)) and not value)
