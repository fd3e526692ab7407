"""A capture's bytes become an article, a notice, a listing, or a reason why not. Nothing of Scrapy in here."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING

from crawler.items import Article, Notice, Reading, Rejected
from crawler.pages import dump, html, markdown, mhtml, record
from crawler.pages.decode import decode
from crawler.pages.detect import kind_of
from crawler.pages.document import Limits
from crawler.pages.hints import apply_hints
from crawler.pages.identity import identify, identify_notice
from crawler.text import is_visible
from crawler.timelimit import TimeLimitError, time_limit

if TYPE_CHECKING:
    from collections.abc import Callable

    from crawler.items import Capture
    from crawler.pages.detect import Kind
    from crawler.pages.document import Document

__all__ = ["Limits", "read"]

DEFAULT_LIMITS = Limits()
_READERS: dict[Kind, Callable[[Document], Reading]] = {
    "html": html.read,
    "mhtml": mhtml.read,
    "json": record.read,
    "markdown": markdown.read,
    "text": dump.read,
}


def read(capture: Capture, limits: Limits = DEFAULT_LIMITS) -> Reading:
    """What `capture` is. Never raises: a fault of a reader is a `Rejected` that says where it happened.

    An article that is given has a key, and a full text or something else to show.
    """
    if capture.problem is not None:
        return Reading(capture=capture, found=capture.problem)
    try:
        with time_limit(limits.max_seconds):
            return _read(capture, limits)
    except TimeLimitError:
        detail = f"reading it did not end within {limits.max_seconds:g} s; raise MAX_READING_SECONDS to try again"
        return _rejected(capture, Rejected(reason="too_complex", detail=detail))
    except RecursionError:
        return _rejected(capture, Rejected(reason="too_complex", detail="nested too deeply to be read"))
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{last.filename.rpartition('/')[2]}:{last.lineno} in {last.name}"
        detail = f"{type(error).__name__}: {str(error)[:300]} ({where}); please report it"
        return _rejected(capture, Rejected(reason="reader_error", detail=detail))


def _rejected(capture: Capture, why: Rejected) -> Reading:
    return Reading(capture=capture, found=why, media_type=capture.media_type or "application/octet-stream")


def _read(capture: Capture, limits: Limits) -> Reading:
    document = decode(capture, limits)
    if isinstance(document, Rejected):
        return _rejected(capture, document)
    reading = _READERS[kind_of(document)](document)
    _finish(reading)
    return reading


def _finish(reading: Reading) -> None:
    """What holds for every reader: hints, identity, and that an article has something in it."""
    found = reading.found
    if isinstance(found, Notice):
        identify_notice(found, reading.capture)
    if not isinstance(found, Article):
        return
    apply_hints(reading, found)
    reading.warnings += identify(found, reading.capture)
    is_known = (found.evidence == "page" or found.split is not None) and found.key.startswith(("mp:", "short:"))
    if not is_visible(found.full_text) and not found.media and not is_known:
        reading.found = Rejected(reason="no_content", detail="nothing of an article is left in it")
