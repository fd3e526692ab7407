"""The URLs of one run: those that were named or found, else those that are due; taken and leased one at a time."""

from __future__ import annotations

from collections import deque
from datetime import timedelta
from typing import TYPE_CHECKING

from crawler.network.policy import host_of
from crawler.network.storing import in_store
from pipelines.store import frontier

if TYPE_CHECKING:
    from collections.abc import Iterable
    from sqlite3 import Connection

    from scrapy.crawler import Crawler

    from crawler.network.hosts import Hosts
    from crawler.network.policy import UrlPolicy
    from pipelines.store.backoff import Failure


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

    def __len__(self) -> int:
        """How many URLs were named or found and not taken yet."""
        return len(self._first)

    def adopt(self) -> None:
        """Ends the leases of dead runs."""
        in_store(self._crawler, frontier.adopt)

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

    def take(self, *, any_due: bool) -> str | None:
        """Leases the next URL whose host may be asked: a named or found one, else (`any_due`) whatever is due.

        None where there is nothing to take; `Hosts.closed` then says what is left, and why.
        """
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
