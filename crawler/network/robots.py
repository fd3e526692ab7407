"""robots.txt (RFC 9309), read so that doubt means no: what cannot be read forbids everything."""

from __future__ import annotations

import math
from dataclasses import dataclass

from protego import Protego

MAX_BYTES = 512 * 1024  # RFC 9309 asks for at least 500 KiB; what is longer is not read in part
NONE_THERE = frozenset({404, 410})


@dataclass(frozen=True, slots=True)
class Robots:
    """A host's robots.txt, or why it could not be read."""

    parsed: Protego | None
    problem: str = ""

    def allows(self, url: str, agent: str) -> bool:
        """May a crawler whose product name is `agent` fetch `url`?"""
        return self.parsed is not None and bool(self.parsed.can_fetch(url, agent))

    def crawl_delay(self, agent: str) -> float:
        """The seconds between two requests that it asks for; 0 where it does not."""
        delay = self.parsed.crawl_delay(agent) if self.parsed is not None else None
        return delay if delay is not None and math.isfinite(delay) and delay > 0 else 0.0


def unreadable(problem: str) -> Robots:
    """A robots.txt that could not be read: it forbids everything."""
    return Robots(None, problem)


def read_robots(status: int, content_type: str, body: bytes) -> Robots:
    """What the answer to a request for robots.txt says. Never raises.

    404 and 410 say that there is none, so all is allowed. Every other status, a web page or bytes that are no text
    cannot be read.
    """
    if status in NONE_THERE:
        return Robots(Protego.parse(""))
    if status != 200:
        return unreadable(f"the site answered {status}")
    if len(body) > MAX_BYTES:
        return unreadable(f"it is longer than {MAX_BYTES} bytes")
    kind = content_type.partition(";")[0].strip().lower()
    head = body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if kind in {"text/html", "application/xhtml+xml"} or head == b"<":
        return unreadable("the site answered with a web page")
    if b"\0" in body:
        return unreadable("it is no text")
    return Robots(Protego.parse(body.decode("utf-8-sig", "replace")))
