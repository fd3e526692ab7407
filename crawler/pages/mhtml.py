"""Saved web archives (.mhtml): the main part's HTML, its URL and when it was saved."""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace
from datetime import UTC, datetime
from email.errors import MessageError
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from crawler.items import Reading, Rejected
from crawler.pages.decode import decode
from crawler.pages.html import read as read_html

if TYPE_CHECKING:
    from email.message import Message

    from crawler.pages.document import Document

MEDIA_TYPE = "multipart/related"


def read(document: Document) -> Reading:
    """The reading of the archive's main part; `Rejected("corrupt")` where no part of it is HTML."""
    capture = document.capture
    try:
        message = email.message_from_bytes(capture.content, policy=email.policy.compat32)
        part = _main_part(message)
        payload = part.get_payload(decode=True) if part else None
        charset = part.get_content_charset() if part else None
    except (MessageError, ValueError, LookupError) as error:
        return _rejected(document, f"a web archive that cannot be read: {error}")
    if part is None or not isinstance(payload, bytes) or not payload.strip():
        return _rejected(document, "a web archive without a page in it: save the page again as .html")
    url = part.get("Content-Location") or message.get("Snapshot-Content-Location")
    address = str(url).strip() if url and str(url).strip().startswith("http") else None
    inner = decode(
        replace(capture, content=payload, url=capture.url or address, media_type=f"text/html; charset={charset}"),
        document.limits,
    )
    if isinstance(inner, Rejected):
        return Reading(capture=capture, found=inner, media_type=MEDIA_TYPE)
    reading = read_html(inner)
    reading.media_type = MEDIA_TYPE
    if reading.captured_at is None and (saved := _date(message)):
        reading.captured_at, reading.captured_at_source = saved, "page"
    reading.capture = capture if capture.url or not address else replace(capture, url=address)
    return reading


def _main_part(message: Message) -> Message | None:
    """The part that the archive's own URL names, else the first that is HTML."""
    pages = [part for part in message.walk() if part.get_content_type() in ("text/html", "application/xhtml+xml")]
    start = str(message.get_param("start") or "").strip("<>")
    main = str(message.get("Snapshot-Content-Location") or "").strip()
    for part in pages:
        named = str(part.get("Content-ID") or "").strip("<> ")
        located = str(part.get("Content-Location") or "").strip()
        if (start and named == start) or (main and located == main):
            return part
    return pages[0] if pages else None


def _date(message: Message) -> datetime | None:
    try:
        saved = parsedate_to_datetime(str(message.get("Date")))
        # "-0000" means UTC, written by a program that does not know its own zone.
        return saved.astimezone(UTC) if saved.tzinfo else saved.replace(tzinfo=UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _rejected(document: Document, detail: str) -> Reading:
    return Reading(capture=document.capture, found=Rejected(reason="corrupt", detail=detail), media_type=MEDIA_TYPE)
