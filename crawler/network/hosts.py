"""What a run knows of each host: whether it may be asked, how it answers, why nothing more is asked of it."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from crawler.network.policy import host_of
from crawler.network.replaying import asked_host, replay_of
from crawler.network.stopping import STOPPED_BY_SITE
from crawler.network.storing import in_store
from crawler.times import utc_text
from pipelines.store import hosts

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from pipelines.store.backoff import Failure

_HOST_FAILURES: frozenset[Failure] = frozenset({"connection", "timeout", "server_error"})
_LONGEST_PAUSE = timedelta(days=30)


class Hosts:
    """The hosts of one run."""

    def __init__(self, crawler: Crawler) -> None:
        """Raises ArgumentError where REPLAY_SERVER cannot be used."""
        settings = crawler.settings
        self._crawler = crawler
        self._replay = replay_of(settings)
        self._budget = settings.getint("DAILY_BUDGET")
        self._ignore_pause = settings.getbool("IGNORE_PAUSE")
        self._most_failures = settings.getint("HOST_FAILURES")
        self._closed: dict[str, str] = {}  # host -> why
        self._answered: set[str] = set()
        self._failures: Counter[str] = Counter()  # since the last answer
        self._waits: Counter[str] = Counter()

    # --- closed for this run --------------------------------------------------------------------------------------

    def close(self, host: str, sentence: str, *, by_site: bool = False) -> None:
        """Asks nothing more of a host in this run; the first reason counts. `by_site`: the site wants it so."""
        self._closed.setdefault(host, sentence)
        if by_site:
            self.note_stop(sentence)

    def note_stop(self, sentence: str) -> None:
        """The site has kept the run from something; the first sentence counts."""
        if not self._crawler.stats.get_value(STOPPED_BY_SITE):
            self._crawler.stats.set_value(STOPPED_BY_SITE, sentence)

    def is_closed(self, host: str) -> bool:
        """Is nothing more asked of it?"""
        return host in self._closed

    @property
    def closed(self) -> dict[str, str]:
        """Host -> the sentence that says why nothing more is asked of it."""
        return dict(self._closed)

    def may_be_asked(self, url: str) -> bool:
        """May its host be asked now? Where not, it is closed for this run, and `closed` says why."""
        host = host_of(url)
        if self.is_closed(host):
            return False
        if sentence := self.overspent(url):
            self.close(host, sentence)
        elif sentence := self.paused(url):
            self.close(host, sentence, by_site=True)
        return sentence is None

    # --- between runs ---------------------------------------------------------------------------------------------

    def paused(self, url: str) -> str | None:
        """The sentence that says until when a URL's host is left alone; None where it is not."""
        asked = asked_host(self._replay, url)
        pause = in_store(self._crawler, lambda db, now: hosts.paused(db, asked, now))
        if pause is None or self._ignore_pause:
            return None
        return (
            f"{host_of(url)} is left alone until {utc_text(pause.until)} ({pause.reason}); "
            "-s IGNORE_PAUSE=True asks it all the same"
        )

    def overspent(self, url: str) -> str | None:
        """The sentence that says that the day's budget of a URL's host is used up; None where it is not."""
        asked = asked_host(self._replay, url)
        if in_store(self._crawler, lambda db, now: hosts.spent(db, asked, now)) < self._budget:
            return None
        return f"{self._budget} requests were made of {host_of(url)} today, which is DAILY_BUDGET; it goes on tomorrow"

    def pause(self, url: str, seconds: float, reason: str) -> datetime:
        """Leaves a URL's host alone, in later runs too; gives until when."""
        until = datetime.now(UTC) + min(timedelta(seconds=max(0.0, min(seconds, 1e9))), _LONGEST_PAUSE)
        asked = asked_host(self._replay, url)
        in_store(self._crawler, lambda db, now: hosts.pause(db, asked, until, reason, now))
        return until

    # --- answers --------------------------------------------------------------------------------------------------

    def note_answer(self, host: str) -> None:
        """A host has given a page."""
        self._answered.add(host)
        self._failures[host] = 0

    def has_answered(self, host: str) -> bool:
        """Has it given a page in this run?"""
        return host in self._answered

    @property
    def any_answered(self) -> bool:
        """Has any?"""
        return bool(self._answered)

    def note_failure(self, host: str, kind: Failure, detail: str) -> None:
        """A host has failed; one that does so again and again is asked no more."""
        if kind not in _HOST_FAILURES:
            return
        self._failures[host] += 1
        if self._failures[host] >= self._most_failures:
            self.close(host, f"{host} failed {self._most_failures} times in a row ({detail}) and is asked no more now")

    def note_wait(self, host: str) -> int:
        """A host has asked to wait; says how often by now."""
        self._waits[host] += 1
        return self._waits[host]
