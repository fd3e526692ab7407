"""Do the runs come, and come to their end?"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from crawler.durations import about, duration_text
from crawler.times import from_utc_text, utc_text
from pipelines.store import runs, schedule
from pipelines.store.doctor_case import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.store.doctor_case import Case

# Clocks of one machine differ by so much between two readings, no more.
_TOLERANCE = timedelta(minutes=1)
# A clock that once was wrong is told of for so long.
_CLOCK_PERIOD = timedelta(days=30)


def leases(case: Case) -> Iterator[Finding]:
    """Are URLs leased that nobody works on?"""
    count = case.db.execute("SELECT count(*) FROM frontier WHERE state = 'leased'").fetchone()[0]
    if count and case.holder is None:
        yield Finding(
            check="leases",
            fact=f"URLs leased by a run that is gone: {count}",
            remedy="nothing is lost: the next run that fetches takes them back",
        )


def unended(case: Case) -> Iterator[Finding]:
    """Has a run ended without a word?"""
    row = case.db.execute(
        "SELECT id, spider, started_at FROM runs WHERE finished_at IS NULL ORDER BY id DESC LIMIT 1"
    ).fetchone()
    if row and case.holder is None:
        yield Finding(
            check="runs",
            fact=f"run {row[0]} ({row[1]}) began at {row[2]} and was killed: no run holds the lock",
            remedy="what it committed is safe; run it again",
        )


def last_success(case: Case) -> Iterator[Finding]:
    """Did a run that brings captures come to its end lately?"""
    if case.max_age is None:
        return
    upkeep, completed = (", ".join("?" * len(values)) for values in (runs.UPKEEP, schedule.COMPLETED))
    last = case.db.execute(
        f"SELECT max(finished_at) FROM runs WHERE spider NOT IN ({upkeep}) AND exit_code IN ({completed})",
        (*sorted(runs.UPKEEP), *schedule.COMPLETED),
    ).fetchone()[0]
    if last is None:
        yield Finding(check="last success", fact="no run has been completed yet", remedy=_LOOK)
    elif (age := case.now - from_utc_text(last)) > case.max_age:
        yield Finding(
            check="last success",
            fact=f"no run was completed for {about(age)}, since {last}; {duration_text(case.max_age)} is allowed",
            remedy=_LOOK,
        )


_LOOK = "`scrapy runs` shows why; is cron running, and does its crontab have what `scrapy schedule` prints?"


def overdue(case: Case) -> Iterator[Finding]:
    """Is every source read that should be?"""
    for source in schedule.overdue(case.db, case.now):
        ran = f"run {source.last_run_id} ended with {source.last_exit_code}" if source.last_run_id else "it never was"
        what = f"{source.kind} {source.target.partition('?')[0]}".rstrip()  # no key in a query
        yield Finding(
            check="sources",
            fact=f"source {source.id} ({what}) was to be read at {source.next_due}; {ran}",
            remedy="`scrapy schedule` prints the line for the crontab; `scrapy source pause` if it is meant",
        )


def clock(case: Case) -> Iterator[Finding]:
    """Does time go forward?"""
    future = case.db.execute(
        "SELECT id, started_at FROM runs WHERE started_at > ? ORDER BY id DESC LIMIT 1",
        (utc_text(case.now + _TOLERANCE),),
    ).fetchone()
    if future:
        yield Finding(check="clock", fact=f"run {future[0]} began in the future, at {future[1]}", remedy=_SET)
    row = case.db.execute(
        "SELECT id, started_at, before FROM (SELECT id, started_at, lag(finished_at) OVER (ORDER BY id) AS before "
        "FROM runs) WHERE started_at < before AND started_at > ? ORDER BY id DESC LIMIT 1",
        (utc_text(case.now - _CLOCK_PERIOD),),
    ).fetchone()
    if row and from_utc_text(row[2]) - from_utc_text(row[1]) > _TOLERANCE:
        yield Finding(
            check="clock", fact=f"run {row[0]} began at {row[1]}, before the last one ended ({row[2]})", remedy=_SET
        )


_SET = "let the machine set its clock from the network (NTP): times of captures depend on it"
