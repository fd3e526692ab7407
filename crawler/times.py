"""Times: stored in UTC, printed on pages in Beijing time (+08:00, no summer time since 1991)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from typing import Literal

Precision = Literal["second", "minute", "day"]

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


_DATE = r"(?P<y>(?:19|20)\d\d) ?[-/.年] ?(?P<m>\d{1,2}) ?[-/.月] ?(?P<d>\d{1,2}) ?[日号]?"
_DIGITS = r"(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)"
_WEEKDAY = r"(?: ?[(（]?(?:星期|周|礼拜)[一二三四五六日天][)）]?)?"
_CLOCK = (
    r"(?:(?: ?[T,，] ?| |(?<=[日号]))(?P<half>上午|下午|晚上|凌晨|中午|早上)? ?"
    r"(?P<H>\d{1,2}) ?[:：时] ?(?P<M>\d{1,2})分?(?: ?[:：]? ?(?P<S>\d{1,2})(?:[.,]\d{1,9})?秒?)?"
    r"(?: ?(?P<zone>Z|UTC|GMT|北京时间|北京|(?:UTC|GMT)?[-+]\d{2}:?\d{2}))?)?"
)
_PRINTED = re.compile(f"(?:{_DATE}|{_DIGITS.replace('?P<', '?P<x')}){_WEEKDAY}{_CLOCK}", re.IGNORECASE)
_RFC_2822 = re.compile(r"(?:[A-Z][a-z]{2}, ?)?\d{1,2} [A-Z][a-z]{2} \d{4} \d{1,2}:\d{2}(?::\d{2})? \S{1,8}")
# As JavaScript prints a Date, and some interfaces a time: Sun Mar 01 2020 07:30:00 GMT+0800 (China Standard Time).
_WEEKDAY_FIRST = re.compile(
    r"[A-Z][a-z]{2} (?P<month>[A-Z][a-z]{2}) (?P<day>\d{1,2}) (?:(?P<year>\d{4}) )?(?P<clock>\d{1,2}:\d{2}:\d{2}) "
    r"(?:GMT|UTC)?(?P<zone>[-+]\d{4})(?: \([^()]{1,40}\))?(?(year)| (?P<late_year>\d{4}))"
)
_ENGLISH = re.compile(
    r"(?P<month>[A-Z][a-z]{2,8})\.? (?P<day>\d{1,2}),? (?P<year>(?:19|20)\d\d)"
    r"(?:,? (?:at )?(?P<H>\d{1,2}):(?P<M>\d{2}) ?(?P<half>[AP]M)?)?"
)
_MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec"
_AFTERNOON = {"下午", "晚上"}


def parse_printed_time(text: str) -> tuple[datetime, Precision] | None:
    """The moment (aware, UTC) that the whole `text` is, and how exact it is printed; None for other text.

    Reads `2020-03-01`, `2020年3月1日 07:30`, `2020/3/1 7:30:05`, `20200301`, `Mar 1, 2020, 7:30 PM`, ISO 8601,
    RFC 2822 and what JavaScript prints.
    Without a zone it is Beijing's; a day alone is its first moment there. Words such as 昨天 are no time,
    nor is anything before WeChat's Official Accounts.
    """
    given = " ".join(text.split())
    if len(given) > 64:
        return None
    found = _PRINTED.fullmatch(given)
    if found is None:
        return _from_english(given) or _from_rfc_2822(given)
    year, month, day = (int(found[name] or found["x" + name]) for name in ("y", "m", "d"))
    hour, minute, second = (int(found[name] or 0) for name in ("H", "M", "S"))
    if found["half"] in _AFTERNOON and hour < 12:
        hour += 12
    try:
        moment = datetime(year, month, day, hour, minute, second, tzinfo=_zone(found["zone"]))
        moment = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    precision: Precision = "second" if found["S"] else "minute" if found["H"] else "day"
    return (moment, precision) if moment >= EARLIEST else None


def has_zone(text: str) -> bool:
    """Whether a printed time names its zone (so that it is exact wherever it was printed)."""
    found = _PRINTED.fullmatch(" ".join(text.split()[:8]))
    return bool(found["zone"]) if found else _from_rfc_2822(text.strip()) is not None


def day_only(moment: datetime) -> datetime:
    """The first moment (UTC) of the day in Beijing that `moment` is in."""
    return moment.astimezone(BEIJING).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)


def _zone(name: str | None) -> tzinfo:
    """The zone of a printed time; Raises ValueError for an offset of a day or more."""
    if not name or name.startswith("北京"):
        return BEIJING
    digits = re.sub(r"[^-+\d]", "", name)
    if not digits:
        return UTC
    offset = timedelta(hours=int(digits[1:3]), minutes=int(digits[3:5]))
    return timezone(-offset if digits[0] == "-" else offset)


def _from_english(text: str) -> tuple[datetime, Precision] | None:
    """A day as English prints it, perhaps with a time: January 2, 2020 or Jan 2, 2020, 7:30 PM."""
    found = _ENGLISH.fullmatch(text)
    month = _MONTHS.find(found["month"][:3].lower()) // 3 + 1 if found else 0
    if found is None or month == 0:
        return None
    hour, minute = int(found["H"] or 0), int(found["M"] or 0)
    if found["half"]:
        hour = hour % 12 + 12 * (found["half"] == "PM")
    try:
        day = datetime(int(found["year"]), month, int(found["day"]), hour, minute, tzinfo=BEIJING)
        moment = day.astimezone(UTC)
    except ValueError:
        return None
    precision: Precision = "minute" if found["H"] else "day"
    return (moment, precision) if moment >= EARLIEST else None


def _from_rfc_2822(text: str) -> tuple[datetime, Precision] | None:
    if first := _WEEKDAY_FIRST.fullmatch(text):
        text = f"{first['day']} {first['month']} {first['year'] or first['late_year']} {first['clock']} {first['zone']}"
    if not _RFC_2822.fullmatch(text):
        return None
    try:
        moment = parsedate_to_datetime(text)
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=BEIJING)).astimezone(UTC)
    except (ValueError, OverflowError, IndexError, TypeError):
        return None
    return (moment, "second") if moment >= EARLIEST else None
