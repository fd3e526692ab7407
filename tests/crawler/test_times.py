from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler import times

READ = {
    "2020-03-01": ("2020-02-29T16:00:00Z", "day"),
    "20200301": ("2020-02-29T16:00:00Z", "day"),
    "2020.3.1": ("2020-02-29T16:00:00Z", "day"),
    "2020年3月1日": ("2020-02-29T16:00:00Z", "day"),
    "2020年3月1日星期日": ("2020-02-29T16:00:00Z", "day"),
    "2020年3月1日 07:30": ("2020-02-29T23:30:00Z", "minute"),
    "2020年3月1日07时30分": ("2020-02-29T23:30:00Z", "minute"),
    "2020年3月1日 下午 3:05": ("2020-03-01T07:05:00Z", "minute"),
    "2020-03-01 周日 07:30": ("2020-02-29T23:30:00Z", "minute"),
    "2024-12-06 10:11": ("2024-12-06T02:11:00Z", "minute"),
    "2020/3/1 7:30:05": ("2020-02-29T23:30:05Z", "second"),
    "2020-02-28T12:34:56Z": ("2020-02-28T12:34:56Z", "second"),
    "2020-02-28T12:34:56.789+08:00": ("2020-02-28T04:34:56Z", "second"),
    "2020-02-28 12:34:56 -0530": ("2020-02-28T18:04:56Z", "second"),
    "2026年7月18日 00:08 北京": ("2026-07-17T16:08:00Z", "minute"),
    "2020-1-2 3:4:5": ("2020-01-01T19:04:05Z", "second"),
    "Jan 2, 2020": ("2020-01-01T16:00:00Z", "day"),
    "Sep 23, 2026, 12:37 PM": ("2026-09-23T04:37:00Z", "minute"),
    "January 2, 2020 at 12:05 AM": ("2020-01-01T16:05:00Z", "minute"),
    "Jan 2, 2020 19:05": ("2020-01-02T11:05:00Z", "minute"),
    "March 1 2020": ("2020-02-29T16:00:00Z", "day"),
    "Fri, 28 Feb 2020 12:34:56 GMT": ("2020-02-28T12:34:56Z", "second"),
    "Fri Feb 28 2020 12:34:56 GMT+0800 (China Standard Time)": ("2020-02-28T04:34:56Z", "second"),
    "Fri Feb 28 2020 12:34:56 GMT+0000 (世界标准时间)": ("2020-02-28T12:34:56Z", "second"),
    "Fri Feb 28 12:34:56 +0800 2020": ("2020-02-28T04:34:56Z", "second"),
}
NOT_READ = [
    "",
    "昨天",
    "前天 08:00",
    "3天前",
    "3月1日",
    "2020年3月",
    "2020-13-01",
    "2020-02-30",
    "2020-03-01 25:00",
    "2011-01-01",
    "1970-01-01 08:33:45",
    "2020-03-01 的会议",
    "电话2020-0301",
    "Xyz 2, 2020",
    "Feb 30, 2020",
    "99 Xyz 2020 12:34:56 GMT",
    "Fri Feb 28 2020 12:34:56",
    "Fri Feb 30 2020 12:34:56 GMT+0800",
    "2020-03-01 10:00 +9959",
]


@pytest.mark.parametrize(("text", "wanted"), READ.items())
def test_reads_printed_times(text: str, wanted: tuple[str, str]) -> None:
    found = times.parse_printed_time(f" {text}\n")
    assert found is not None
    assert (times.utc_text(found[0]), found[1]) == wanted


@pytest.mark.parametrize("text", NOT_READ)
def test_no_time(text: str) -> None:
    assert times.parse_printed_time(text) is None


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("2020-03-01 10:00", False),
        ("2020-03-01T10:00:00Z", True),
        ("2020-03-01", False),
        ("2020年3月1日 10:00 北京", True),
        ("Fri, 28 Feb 2020 12:34:56 +0800", True),
        ("昨天", False),
    ],
)
def test_has_zone(text: str, zone: bool) -> None:
    assert times.has_zone(text) is zone


@given(st.datetimes(datetime(2012, 1, 2), datetime(2099, 12, 30), timezones=st.just(UTC)))
def test_what_is_printed_in_beijing_is_read_back(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    printed = moment.astimezone(times.BEIJING).strftime("%Y-%m-%d %H:%M:%S")
    assert times.parse_printed_time(printed) == (moment, "second")


@given(st.datetimes(datetime(2012, 1, 3), datetime(2099, 12, 30), timezones=st.just(UTC)))
def test_the_first_moment_of_a_day_is_in_that_day(moment: datetime) -> None:
    first = times.day_only(moment)
    assert first <= moment
    assert times.beijing_day(first) == times.beijing_day(moment)
    assert times.day_only(first) == first


@given(st.text())
def test_any_text_is_a_time_or_none(text: str) -> None:
    found = times.parse_printed_time(text)
    assert found is None or found[0].tzinfo is not None
    assert times.has_zone(text) in (True, False)
