"""What a run knows of each host: whether it may be asked, how it answers, why nothing more is asked of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from crawler.network.policy import host_of
from crawler.network.replaying import asked_host, replay_of
from crawler.network.stopping import FORBIDDEN, STOPPED_BY_SITE
from crawler.network.storing import in_store
from crawler.times import utc_text
from pipelines.store import hosts

if TYPE_CHECKING:
    from collections.abc import Iterable

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
        self._recheck_share = min(1.0, max(0.0, settings.getfloat("RECHECK_SHARE")))
        self._closed: dict[str, str] = {}  # host -> why
        self._set_aside: defaultdict[str, set[str]] = defaultdict(set)  # asked host -> URLs to be looked at again today
        self._only_set_aside: dict[str, str] = {}  # host -> why nothing else is asked of it
        self._until: dict[str, datetime] = {}  # hosts that are to be left alone
        self._forbidden: set[str] = set()
        self._refused: set[str] = set()
        self._unanswered: set[str] = set()
        self._answered: set[str] = set()
        self._failures: Counter[str] = Counter()  # since the last answer
        self._waits: Counter[str] = Counter()

    # --- closed for this run --------------------------------------------------------------------------------------

    def close(self, host: str, sentence: str, *, by_site: bool = False) -> None:
        """Asks nothing more of a host in this run; the first reason counts. `by_site`: the site wants it so."""
        self._closed.setdefault(host, sentence)
        if by_site:
            self.note_stop(host, sentence)

    def note_stop(self, host: str, sentence: str, *, is_final: bool = False) -> None:
        """The site has kept the run from something; the first sentence counts. `is_final`: it will the next time."""
        self._refused.add(host)
        if is_final:
            self._forbidden.add(host)
            self._crawler.stats.set_value(FORBIDDEN, True)
        if not self._crawler.stats.get_value(STOPPED_BY_SITE):
            self._crawler.stats.set_value(STOPPED_BY_SITE, sentence)

    def is_closed(self, host: str) -> bool:
        """Is nothing more asked of it?"""
        return host in self._closed

    def has_refused(self, host: str | None = None) -> bool:
        """Has a host, or any, kept this run from something, or failed so often that it is asked no more?"""
        kept_from = self._refused | self._unanswered
        return host in kept_from if host is not None else bool(kept_from)

    def is_forbidden(self, host: str) -> bool:
        """Has its robots.txt forbidden something in this run?"""
        return host in self._forbidden

    @property
    def closed(self) -> dict[str, str]:
        """Host -> the sentence that says why nothing more is asked of it, or nothing but what is looked at again."""
        return self._only_set_aside | self._closed

    def may_be_asked(self, url: str) -> bool:
        """May it be asked for now? Where not, its host is closed for this run, and `closed` says why."""
        host, asked = host_of(url), asked_host(self._replay, url)
        is_set_aside = url in self._set_aside[asked]
        if self.is_closed(host) or (host in self._only_set_aside and not is_set_aside):
            return False
        if sentence := self.paused(url):
            self.close(host, sentence, by_site=True)
            return False
        spent = in_store(self._crawler, lambda db, now: hosts.spent(db, asked, now))
        kept = 0 if is_set_aside else min(len(self._set_aside[asked]), int(self._budget * self._recheck_share))
        if spent < self._budget - kept:
            return True
        made = f"{spent} requests were made of {host} today, "
        if spent >= self._budget:
            self.close(host, f"{made}which is DAILY_BUDGET; it goes on tomorrow")
        else:
            self._only_set_aside[host] = f"{made}and the rest of DAILY_BUDGET is kept for looking again at articles"
        return False

    def set_aside(self, urls: Iterable[str]) -> None:
        """Keeps RECHECK_SHARE of the day's budget for these URLs, as far as they need it."""
        for url in urls:
            self._set_aside[asked_host(self._replay, url)].add(url)

    def need_no_more(self, url: str) -> None:
        """A URL that was set aside is being asked for."""
        self._set_aside[asked_host(self._replay, url)].discard(url)

    # --- between runs ---------------------------------------------------------------------------------------------

    def paused(self, url: str) -> str | None:
        """The sentence that says until when a URL's host is left alone; None where it is not."""
        asked = asked_host(self._replay, url)
        pause = in_store(self._crawler, lambda db, now: hosts.paused(db, asked, now))
        if pause is None or self._ignore_pause:
            return None
        self._until[host_of(url)] = pause.until
        return (
            f"{host_of(url)} is left alone until {utc_text(pause.until)} ({pause.reason}); "
            "-s IGNORE_PAUSE=True asks it all the same"
        )

    def left_alone_until(self, host: str | None = None) -> datetime | None:
        """Until when a host is to be left alone, or the last of all of them; None where none is."""
        return self._until.get(host) if host is not None else max(self._until.values(), default=None)

    def pause(self, url: str, seconds: float, reason: str) -> datetime:
        """Leaves a URL's host alone, in later runs too; gives until when."""
        until = datetime.now(UTC) + min(timedelta(seconds=max(0.0, min(seconds, 1e9))), _LONGEST_PAUSE)
        asked = asked_host(self._replay, url)
        self._until[host_of(url)] = until
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
            self._unanswered.add(host)
            self.close(host, f"{host} failed {self._most_failures} times in a row ({detail}) and is asked no more now")

    def note_wait(self, host: str) -> int:
        """A host has asked to wait; says how often by now."""
        self._waits[host] += 1
        return self._waits[host]
