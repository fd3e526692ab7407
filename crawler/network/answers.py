"""What an answer is: a page to be read, a request to wait, or a failure. Pure: from status and headers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.items import Capture
from crawler.network.retry_after import retry_after
from crawler.network.targets import frontier_url
from crawler.text import tidy_line

if TYPE_CHECKING:
    from pipelines.store.backoff import Failure

_CLOCK_SLACK = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wait:
    """The site wants to be left alone; `seconds` where it says for how long."""

    seconds: float | None


def verdict(status: int, retry_header: bytes | None, now: datetime) -> Wait | Failure | None:
    """What a status says; None for a page that is to be read."""
    seconds = retry_after(retry_header, now) if status in {429, 503} else None
    if status == 429 or seconds is not None:
        return Wait(seconds)
    if status in {404, 410}:
        return "gone"
    if status >= 500:
        return "server_error"
    return None if status == 200 else "refused"


def captured_at(date_header: bytes | None, now: datetime) -> datetime:
    """When a page was sent, to the second: by the site's clock, unless that is a day or more off ours."""
    now = now.replace(microsecond=0)
    try:
        moment = parsedate_to_datetime((date_header or b"").decode("latin-1"))
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return now
    return moment if abs(moment - now) < _CLOCK_SLACK else now


def capture_of(
    url: str,
    body: bytes,
    *,
    now: datetime,
    date_header: bytes | None = None,
    content_type: bytes | None = None,
    row: str | None = None,
) -> Capture:
    """The capture that an answer is. `url`: what was asked for; `row`: of the frontier, which it answers."""
    uri = frontier_url(url)
    parts = urlsplit(uri)
    return Capture(
        uri=uri,
        name=f"{parts.netloc}{parts.path}" + (f"?{parts.query}" if parts.query else ""),
        content=body,
        captured_at=captured_at(date_header, now),
        captured_at_source="http",
        url=uri,
        media_type=tidy_line((content_type or b"").decode("latin-1"))[:100] or None,
        frontier_url=row,
    )
