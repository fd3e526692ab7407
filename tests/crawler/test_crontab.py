from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.crontab import Place, command_line, crawl_line, times
from crawler.durations import HOURS, MINUTES

PLACE = Place(
    folder=Path("/srv/gzh archive"),
    scrapy=("/srv/gzh archive/.venv/bin/scrapy",),
    database=Path("/srv/data/articles.db"),
    log=Path("/srv/data/articles.db.log"),
)
EVERY = [*(f"{n}m" for n in MINUTES), *(f"{n}h" for n in HOURS), "daily", "weekly", "monthly"]
# The highest value of each of the five fields, and the lowest.
HIGHEST, LOWEST = (59, 23, 31, 12, 6), (0, 0, 1, 1, 0)


def read(line: str) -> tuple[list[str], list[str]]:
    """The five fields of a crontab's line, and the words that its shell runs: cron first undoes its own escape."""
    *fields, command = line.split(" ", 5)
    assert "\n" not in line
    assert "%" not in command.replace("\\%", "")
    return fields, shlex.split(command.replace("\\%", "%"))


@pytest.mark.parametrize(
    ("every", "fields"),
    [
        ("15m", "*/15 * * * *"),
        ("1h", "15 * * * *"),
        ("6h", "15 */6 * * *"),
        ("daily", "15 3 * * *"),
        ("weekly", "15 3 * * 1"),
        ("monthly", "15 3 2 * *"),
    ],
)
def test_how_often_is_said_as_cron_says_it(every: str, fields: str) -> None:
    assert times(every, 1) == fields


@given(every=st.sampled_from(EVERY), number=st.integers(1, 10**6))
def test_every_source_has_a_time_that_cron_knows(every: str, number: int) -> None:
    fields = times(every, number).split(" ")
    assert len(fields) == 5
    for field, high, low in zip(fields, HIGHEST, LOWEST, strict=True):
        if field.isdecimal():
            assert low <= int(field) <= min(high, 28 if high == 31 else high), "no month lacks the day"
        else:
            assert field == "*" or (field.startswith("*/") and (high + 1) % int(field[2:]) == 0)


def test_a_line_has_absolute_paths_a_log_a_bounded_wait_and_says_nothing_when_all_is_well() -> None:
    fields, words = read(crawl_line(PLACE, "6h", 2, "files", {"path": "/srv/saved", "layout": "{year}/{title}"}))
    assert fields == ["22", "*/6", "*", "*", "*"]
    assert words == [
        *("cd", "/srv/gzh archive", "&&", "/srv/gzh archive/.venv/bin/scrapy", "crawl", "files"),
        *("-a", "path=/srv/saved", "-a", "layout={year}/{title}"),
        *("-s", "LOCK_WAIT=7200", "-s", "LOG_FILE=/srv/data/articles.db.log", "--quiet"),
        *("-s", "DATABASE=/srv/data/articles.db"),
    ]
    assert "LOCK_WAIT=450" in crawl_line(PLACE, "15m", 2, "files", {})


def test_who_asks_a_site_says_how_to_be_reached() -> None:
    place = Place(folder=PLACE.folder, scrapy=PLACE.scrapy, database=PLACE.database, log=PLACE.log, contact="me@x.org")
    assert "CONTACT=me@x.org" in read(crawl_line(place, "daily", 1, "album", {}))[1]
    assert "CONTACT" not in crawl_line(place, "daily", 1, "files", {})


@given(path=st.text(min_size=1, max_size=60), layout=st.text(max_size=30))
def test_whatever_a_folder_is_called_the_shell_gets_it_as_it_is(path: str, layout: str) -> None:
    if set("\n\r\0") & set(path + layout):
        with pytest.raises(ValueError, match="line break"):
            crawl_line(PLACE, "daily", 1, "files", {"path": path, "layout": layout})
        return
    words = read(crawl_line(PLACE, "daily", 1, "files", {"path": path, "layout": layout}))[1]
    assert words[words.index("-a") + 1] == f"path={path}"
    assert f"layout={layout}" in words


def test_a_line_break_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be said in a crontab"):
        command_line(PLACE, "1 3 * * *", ["backup", "/srv/a\nrm -rf /"])
