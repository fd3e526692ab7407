"""When a URL is asked for again after a failure: knowledge kept in backoff.toml."""

from __future__ import annotations

import tomllib
from datetime import timedelta  # noqa: TC003 - part of what `DELAYS` is
from pathlib import Path
from typing import Literal, get_args

from crawler.durations import parse_duration
from crawler.items import Article, Listing, Notice, Rejected, RejectReason

Failure = Literal[
    "connection",
    "timeout",
    "server_error",
    "refused",
    "broken",
    "unavailable",
    "gone",
    "too_large",
    "forbidden_url",
    "too_many_redirects",
]
# Captures that another look at the same URL may show whole; the bytes of all others are kept and can be read again.
_MAY_PASS: frozenset[RejectReason] = frozenset({"unreadable", "empty", "truncated", "corrupt", "no_content"})

_DATA = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
_AFTER = _DATA["after"]
DELAYS: dict[Failure, tuple[timedelta, ...]] = {
    kind: tuple(parse_duration(text) for text in _AFTER[kind]) for kind in get_args(Failure)
}
SOURCE_DELAYS = tuple(parse_duration(text) for text in _DATA["source"]["after"])


def source_delay(failures: int) -> timedelta:
    """How long to wait before a source is tried again that failed so often in a row (from 1)."""
    return SOURCE_DELAYS[min(failures, len(SOURCE_DELAYS)) - 1]


def delay(kind: Failure, attempts: int, max_attempts: int) -> timedelta | None:
    """How long to wait after the `attempts`-th failed try (from 1); None where it was the last."""
    delays = DELAYS[kind]
    if not delays or attempts >= max_attempts:
        return None
    return delays[min(attempts, len(delays)) - 1]


def failure_of(found: Article | Notice | Listing | Rejected) -> Failure | None:
    """The failure that a page is, though it was read: another look may show more; None where it is an answer."""
    match found:
        case Notice(reason="system_error"):
            return "server_error"
        case Notice(retryable=True):
            return "unavailable"
        case Rejected(reason=reason) if reason in _MAY_PASS:
            return "broken"
        case _:
            return None
