"""The limits that every reader keeps to, from the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.pages.document import Limits

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings


def limits_of(settings: BaseSettings) -> Limits:
    """What the settings MAX_CAPTURE_BYTES, MAX_NODES, MAX_DEPTH and MAX_READING_SECONDS say."""
    return Limits(
        max_bytes=settings.getint("MAX_CAPTURE_BYTES"),
        max_nodes=settings.getint("MAX_NODES"),
        max_depth=settings.getint("MAX_DEPTH"),
        max_seconds=settings.getfloat("MAX_READING_SECONDS"),
    )
