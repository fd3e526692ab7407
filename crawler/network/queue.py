"""The URLs of one run: those that were named or found, else those that are due; taken and leased one at a time."""

from __future__ import annotations

from collections import deque
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from crawler.network.policy import host_of
from crawler.network.storing import in_store
from crawler.times import day_only
from pipelines.store import frontier, schedule

if TYPE_CHECKING:
    from collections.abc import Iterable
    from sqlite3 import Connection

    from scrapy.crawler import Crawler

    from crawler.network.hosts import Hosts
    from crawler.network.policy import UrlPolicy
    from pipelines.store.backoff import Failure
    from pipelines.store.rechecks import Recheck


class UrlQueue:
    """What a run takes from the frontier, and what it writes there."""

    def __init__(self, crawler: Crawler, policy: UrlPolicy, hosts: Hosts) -> None:
        settings = crawler.settings
        self._crawler = crawler
        self._policy = policy
        self._hosts = hosts
        self._run_id = settings.getint("RUN_ID")
        self._lasts = timedelta(seconds=settings.getfloat("LEASE_SECONDS"))
        self._max_attempts = settings.getint("MAX_ATTEMPTS")
        self._first: deque[str] = deque()
        self._again: deque[str] = deque()  # to be looked at again

    def __len__(self) -> int:
        """How many URLs were named or found and not taken yet."""
        return len(self._first)

    def adopt(self) -> None:
        """Ends the leases of dead runs."""
        in_store(self._crawler, frontier.adopt)

    def set_aside(self) -> None:
        """Keeps a part of the day's budget for what rechecks want to be looked at again on it."""
        end_of_day = day_only(datetime.now(UTC)) + timedelta(days=1)
        urls = in_store(self._crawler, lambda db, _: schedule.to_look_at(db, end_of_day))
        self._hosts.set_aside(url for url in urls if self._policy.refusal(url) is None)

    def look_again(self, wanted: Iterable[Recheck], source_id: int | None) -> None:
        """Puts in articles that are to be looked at again; this run does, as far as they are due."""
        good = [(one.url, one.due_at) for one in wanted if self._policy.refusal(one.url) is None]

        def put(db: Connection, at: str) -> list[str]:
            frontier.look_again(db, good, at, source_id=source_id)
            return [url for url, _ in good if frontier.is_due(db, url, at, self._run_id)]

        due = in_store(self._crawler, put)
        self._hosts.set_aside(due)
        self._again.extend(due)

    def add(
        self,
        urls: Iterable[str],
        *,
        priority: int = 0,
        source_id: int | None = None,
        again: bool = False,
        now: bool = True,
    ) -> int:
        """Puts URLs into the frontier, to be taken in this run if `now`; gives how many are new."""
        good = [url for url in urls if self._policy.refusal(url) is None]

        def put(db: Connection, at: str) -> tuple[int, list[str]]:
            added = frontier.add(db, good, at, priority=priority, source_id=source_id, again=again)
            return added, [url for url in good if now and frontier.is_due(db, url, at, self._run_id)]

        added, due = in_store(self._crawler, put)
        self._first.extend(due)
        return added

    def take_again(self) -> str | None:
        """Leases the next URL that is to be looked at again and whose host may be asked; None where there is none."""
        while self._again:
            url = self._again.popleft()
            if self._is_open(url) and self._lease(url):
                self._hosts.need_no_more(url)
                return url
        return None

    def take(self, *, any_due: bool) -> str | None:
        """Leases the next URL whose host may be asked: to be looked at again, named, found; else any that is due.

        The last only with `any_due`. None where there is nothing to take; `Hosts.closed` then says what is left.
        """
        if (again := self.take_again()) is not None:
            return again
        while (url := self._next(any_due=any_due)) is not None:
            if self._is_open(url) and self._lease(url):
                return url
        return None

    def _next(self, *, any_due: bool) -> str | None:
        if self._first:
            return self._first.popleft()
        if not any_due:
            return None
        closed = tuple(self._hosts.closed)
        due = in_store(self._crawler, lambda db, now: frontier.due(db, now, self._run_id, 1, closed_hosts=closed))
        return due[0] if due else None

    def _is_open(self, url: str) -> bool:
        host = host_of(url)
        if self._hosts.is_closed(host):
            return False
        # Of an earlier run, or another setting.
        if refusal := self._policy.refusal(url):
            in_store(self._crawler, lambda db, now: frontier.refuse(db, url, refusal, now))
            return False
        return self._hosts.may_be_asked(url)

    def _lease(self, url: str) -> bool:
        return in_store(
            self._crawler,
            lambda db, now: frontier.lease(db, url, now, run_id=self._run_id, lasts=self._lasts),
        )

    def put_back(self, url: str | None, why: str, *, not_before: str | None = None) -> None:
        """Ends a lease without a try: the URL waits for another run. None is of no row."""
        if url is not None:
            in_store(self._crawler, lambda db, now: frontier.put_back(db, url, why, now, not_before=not_before))

    def put_first(self, url: str | None, why: str) -> None:
        """Ends a lease without a try: the URL is the next of this run. None is of no row."""
        if url is not None:
            in_store(self._crawler, lambda db, now: frontier.put_back(db, url, why, now, this_run=True))
            self._first.appendleft(url)

    def fail(self, url: str | None, kind: Failure, detail: str) -> None:
        """Notes a try that failed. None is of no row."""
        if url is not None:
            most = self._max_attempts
            in_store(self._crawler, lambda db, now: frontier.fail(db, url, kind, detail, now, max_attempts=most))
