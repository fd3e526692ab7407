"""How fast a host is asked: never faster than the delay, slower where the host is slow or says so.

Scrapy's own delay may be shortened by its jitter, knows no crawl-delay, and keeps a run that is told to stop waiting.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import SystemRandom
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrapy.settings import BaseSettings

LONGEST = 86_400.0  # seconds: no host is waited for longer


@dataclass(slots=True)
class _Host:
    next_at: float = 0.0  # of the clock: before it nothing is asked
    least: float = 0.0  # seconds between two requests, as the host wants it
    throttled: float = 0.0  # the same, as its latency suggests


@dataclass(slots=True, kw_only=True)
class Pace:
    """When each host may be asked next. Seconds everywhere.

    Between two requests are at least `delay`, plus up to `jitter` of it by chance. With `throttle` a host that
    answers slowly is asked as seldom as Scrapy's AutoThrottle would, up to `max_delay`.
    """

    delay: float
    jitter: float
    throttle: bool
    max_delay: float
    clock: Callable[[], float] = monotonic
    draw: Callable[[], float] = SystemRandom().random
    _hosts: dict[str, _Host] = field(default_factory=dict)

    def knows(self, host: str) -> bool:
        """Was this host asked, or waited for, before?"""
        return host in self._hosts

    def reserve(self, host: str) -> float:
        """How long to wait before the request that is made next; the one after it comes an interval later."""
        state = self._host(host)
        now = self.clock()
        start = max(now, state.next_at)
        state.next_at = start + self.interval(host) * (1 + self.jitter * self.draw())
        return start - now

    def interval(self, host: str) -> float:
        """The least time between two requests of a host."""
        state = self._host(host)
        return min(LONGEST, max(self.delay, state.least, state.throttled))

    def at_least(self, host: str, seconds: float) -> None:
        """Takes over the interval that a host asks for (its crawl-delay), from the next request on."""
        state = self._host(host)
        wanted = min(max(seconds, 0.0), LONGEST)
        state.next_at += max(0.0, wanted - self.interval(host))
        state.least = wanted

    def hold(self, host: str, seconds: float) -> None:
        """Asks nothing of a host for so long."""
        state = self._host(host)
        state.next_at = max(state.next_at, self.clock() + min(max(seconds, 0.0), LONGEST))

    def learn(self, host: str, latency: float, *, is_good: bool) -> None:
        """Adapts to how long an answer took; one that is not good (no 200) never makes it faster."""
        if not self.throttle:
            return
        state = self._host(host)
        wanted = max(latency, (self.interval(host) + latency) / 2)
        wanted = min(max(self.delay, wanted), self.max_delay)
        if is_good or wanted > state.throttled:
            state.throttled = wanted

    def _host(self, host: str) -> _Host:
        return self._hosts.setdefault(host, _Host())


def pace_of(settings: BaseSettings) -> Pace:
    """What DOWNLOAD_DELAY, DELAY_JITTER and the AUTOTHROTTLE_ settings say."""
    return Pace(
        delay=max(0.0, settings.getfloat("DOWNLOAD_DELAY")),
        jitter=max(0.0, settings.getfloat("DELAY_JITTER")),
        throttle=settings.getbool("AUTOTHROTTLE_ENABLED"),
        max_delay=settings.getfloat("AUTOTHROTTLE_MAX_DELAY"),
    )
