"""The header Retry-After (RFC 9110): how long a site wants to be left alone."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_SECONDS = re.compile(r"[0-9]{1,9}\Z", re.ASCII)


def retry_after(value: bytes | None, now: datetime) -> float | None:
    """The seconds that the header says, from `now` (aware) on, at least 0; None where it is missing or says nothing."""
    text = (value or b"").decode("latin-1").strip()
    if _SECONDS.match(text):
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    try:
        return max(0.0, (moment - now).total_seconds())
    except OverflowError:
        return None
