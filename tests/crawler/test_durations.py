from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.durations import HOURS, MINUTES, about, duration_text, interval, parse_duration, parse_every


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("45s", 45), ("90m", 5400), ("6h", 21_600), ("1d", 86_400), ("8d", 691_200), ("2w", 1_209_600), (" 8D ", 691_200)],
)
def test_durations_are_read(text: str, seconds: int) -> None:
    assert parse_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "text", ["", "8", "d", "0d", "-1d", "1.5h", "1d2h", "8 d", "8y", "٣d", "999999999w", "99999999w", "9" * 400 + "d"]
)
def test_what_is_no_duration_is_refused_with_examples(text: str) -> None:
    with pytest.raises(ValueError, match=r"90m, 6h, 8d or 2w|century"):
        parse_duration(text)


@given(st.integers(min_value=1, max_value=10_000_000))
def test_a_duration_is_written_as_it_is_read(seconds: int) -> None:
    assert parse_duration(duration_text(timedelta(seconds=seconds))) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0.0s"), (0.84, "0.8s"), (59, "59s"), (245, "4m 5s"), (3600, "1h"), (183_600, "2d 3h"), (-3, "0.0s")],
)
def test_people_are_told_two_units(seconds: float, text: str) -> None:
    assert about(timedelta(seconds=seconds)) == text


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("daily", "daily"),
        ("1d", "daily"),
        ("24h", "daily"),
        ("7d", "weekly"),
        ("1w", "weekly"),
        ("Weekly", "weekly"),
        ("monthly", "monthly"),
        ("hourly", "1h"),
        ("60m", "1h"),
        ("360m", "6h"),
        ("30m", "30m"),
    ],
)
def test_how_often_has_one_form(text: str, stored: str) -> None:
    assert parse_every(text) == stored


@pytest.mark.parametrize("text", ["", "5h", "7m", "2d", "30d", "1m", "yearly", "* * * * *"])
def test_what_a_crontab_cannot_say_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="choose from"):
        parse_every(text)


@pytest.mark.parametrize(
    "every", [*(f"{n}m" for n in MINUTES), *(f"{n}h" for n in HOURS), "daily", "weekly", "monthly"]
)
def test_what_is_stored_is_read_again_and_has_an_interval(every: str) -> None:
    assert parse_every(every) == every
    assert timedelta(minutes=5) <= interval(every) <= timedelta(days=30)
