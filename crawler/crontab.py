"""Lines of a crontab: when, in which folder, which command. Pure functions; nothing here sets a crontab."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from crawler.durations import NAMED, interval

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

NIGHT = 3  # o'clock, by the machine's clock: the hour of what is done daily or more seldom
_LONGEST_WAIT = timedelta(hours=2)
_WITH_CREDENTIALS = ("account", "feed", "due")
_UNSAYABLE = ("\n", "\r", "\0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the commands of a crontab run."""

    folder: Path  # of the project, absolute
    scrapy: tuple[str, ...]  # the program, absolute
    database: Path  # absolute
    log: Path  # absolute
    contact: str = ""  # the setting CONTACT, without which nothing is asked of a site
    credentials: str = ""  # the setting CREDENTIALS: the absolute path of a file, no secret itself


def times(every: str, number: int) -> str:
    """The five fields of a crontab for what is done `every` so often (see `crawler.durations.parse_every`).

    Things of another `number` are done at another minute (of another day, if weekly or monthly), so that they queue
    less. Minutes and hours are those of the machine's clock.
    """
    minute = (number * 7 + 8) % 60
    gap = interval(every)
    if gap < timedelta(hours=1):
        return f"*/{gap // timedelta(minutes=1)} * * * *"
    if gap < NAMED["daily"]:
        hours = gap // timedelta(hours=1)
        return f"{minute} {'*' if hours == 1 else f'*/{hours}'} * * *"
    if every == "daily":
        return f"{minute} {NIGHT} * * *"
    if every == "weekly":
        return f"{minute} {NIGHT} * * {number % 7}"
    return f"{minute} {NIGHT} {number % 28 + 1} * *"


def crawl_line(place: Place, every: str, number: int, spider: str, arguments: dict[str, str]) -> str:
    """The line that runs `spider`. It queues for the run lock, for at most half of the time between two runs.

    Raises:
        ValueError: a path or an argument cannot be said in a crontab.
    """
    wait = min(interval(every) / 2, _LONGEST_WAIT)
    words = ["crawl", spider]
    for name, value in arguments.items():
        words += ["-a", f"{name}={value}"]
    if place.contact and spider != "files":
        words += ["-s", f"CONTACT={place.contact}"]
    if place.credentials and spider in _WITH_CREDENTIALS:
        words += ["-s", f"CREDENTIALS={place.credentials}"]
    words += ["-s", f"LOCK_WAIT={int(wait.total_seconds())}", "-s", f"LOG_FILE={place.log}", "--quiet"]
    return command_line(place, times(every, number), words)


def command_line(place: Place, when: str, words: Sequence[str]) -> str:
    """The line that runs `scrapy` with `words` in the project's folder on the database.

    Raises:
        ValueError: a word cannot be said in a crontab.
    """
    command = [*place.scrapy, *words, "-s", f"DATABASE={place.database}"]
    text = f"cd {shlex.quote(str(place.folder))} && {shlex.join(command)}"
    if any(sign in text for sign in _UNSAYABLE):
        raise ValueError(
            "a line break in a path or an argument cannot be said in a crontab; give the folder another name"
        )
    # Cron takes a bare % for a line break.
    return f"{when} {text.replace('%', chr(92) + '%')}"
