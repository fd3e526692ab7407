"""Times: stored in UTC, printed on pages in Beijing time (+08:00, no summer time since 1991)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

BEIJING = timezone(timedelta(hours=8), "+08:00")
# WeChat's Official Accounts opened in August 2012; a day's slack for clocks that are ahead.
EARLIEST = datetime(2012, 1, 1, tzinfo=UTC)


def utc_text(moment: datetime) -> str:
    """`moment` (aware) as the one form the database has: `2020-02-28T12:34:56Z`.

    Raises:
        ValueError: `moment` has no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError(f"a time without a zone: {moment!r}")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def from_utc_text(text: str) -> datetime:
    """The inverse of `utc_text`. Raises ValueError on any other form."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def beijing_day(moment: datetime) -> str:
    """The calendar day in Beijing of an aware `moment`: YYYY-MM-DD."""
    return moment.astimezone(BEIJING).strftime("%Y-%m-%d")


def from_unix(value: str | float | None) -> datetime | None:
    """The moment of a Unix time in seconds, or None where `value` is none that a page could mean."""
    try:
        seconds = int(float(str(value).strip()))
        moment = datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return moment if moment >= EARLIEST else None
