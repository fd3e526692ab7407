"""Durations as people write them: `90m`, `6h`, `8d`, `2w`; and how often something is done: `6h`, `daily`, `weekly`.

All functions are pure; what cannot be read raises ValueError with a sentence that says what can.
"""

from __future__ import annotations

import re
from datetime import timedelta

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}  # seconds
_DURATION = re.compile(r"([0-9]{1,9})([smhdw])\Z", re.ASCII)
_LONGEST = timedelta(days=36_500)

NAMED = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
}
# What a line of a crontab can say: minutes that divide an hour, hours that divide a day.
MINUTES = (5, 6, 10, 12, 15, 20, 30)
HOURS = (1, 2, 3, 4, 6, 8, 12)


def parse_duration(text: str) -> timedelta:
    """The duration that `text` says: a whole number above zero and one of s m h d w.

    Raises:
        ValueError: it says none, or one of more than a century.
    """
    found = _DURATION.match(text.strip().lower())
    if found is None:
        raise ValueError(f"{text!r} is no duration; write a number and a unit, such as 90m, 6h, 8d or 2w")
    made = timedelta(seconds=int(found[1]) * _UNITS[found[2]]) if len(found[1]) < 9 else _LONGEST * 2
    if not timedelta() < made <= _LONGEST:
        raise ValueError(f"{text!r} is not between a second and a century")
    return made


def duration_text(duration: timedelta) -> str:
    """The shortest form of a duration of whole seconds that `parse_duration` reads; days rather than weeks."""
    seconds = int(duration.total_seconds())
    for unit in ("d", "h", "m"):
        if seconds and seconds % _UNITS[unit] == 0:
            return f"{seconds // _UNITS[unit]}{unit}"
    return f"{seconds}s"


def about(duration: timedelta) -> str:
    """A duration for people: its largest unit and the next, `2d 3h`, `4m 5s`, `0.8s`."""
    seconds = max(0.0, duration.total_seconds())
    if seconds < 10:
        return f"{seconds:.1f}s"
    rest = int(seconds)
    parts: list[str] = []
    for unit in ("d", "h", "m", "s"):
        count, rest = divmod(rest, _UNITS[unit])
        if count or parts:
            parts.append(f"{count}{unit}" if count else "")
        if len(parts) == 2:
            break
    return " ".join(filter(None, parts))


def parse_every(text: str) -> str:
    """How often something is done, in the one form that is stored: `30m`, `6h`, `daily`, `weekly`, `monthly`.

    Raises:
        ValueError: a crontab cannot say it.
    """
    given = text.strip().lower()
    if given in NAMED and given != "hourly":
        return given
    try:
        duration = NAMED["hourly"] if given == "hourly" else parse_duration(given)
    except ValueError:
        duration = timedelta()
    if duration == NAMED["daily"]:
        return "daily"
    if duration == NAMED["weekly"]:
        return "weekly"
    if duration in {timedelta(minutes=number) for number in MINUTES}:
        return duration_text(duration)
    if duration in {timedelta(hours=number) for number in HOURS}:
        return duration_text(duration)
    minutes, hours = (f"{', '.join(f'{number}{unit}' for number in n)}" for n, unit in ((MINUTES, "m"), (HOURS, "h")))
    raise ValueError(f"{text!r} cannot be said in a crontab; choose from {minutes}, {hours}, daily, weekly, monthly")


def interval(every: str) -> timedelta:
    """The time between two of what is done `every` so often (as `parse_every` gives it); a month is 30 days."""
    return NAMED[every] if every in NAMED else parse_duration(every)
