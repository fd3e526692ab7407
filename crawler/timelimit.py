"""A limit on how long a piece of work may take, for input that somebody may have made to take for ever."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType


class TimeLimitError(BaseException):
    """The time is up. Not an Exception: code that guards against every fault of its own must not hold it up."""


def _raise(_signum: int, _frame: FrameType | None) -> None:
    raise TimeLimitError


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raises TimeLimitError in the block when `seconds` are over; 0 for no limit.

    Reaches Python code and regular expressions, in the main thread of a system that has interval timers; elsewhere
    it does nothing. What native code spends before it returns is not cut short.
    """
    if not seconds or not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return
    former = signal.signal(signal.SIGALRM, _raise)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, former)
