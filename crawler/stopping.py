"""Signals that end a command: what is whole is kept, the run's row is written, the exit code tells."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType


class StoppedError(Exception):
    """The process was told to stop."""

    def __init__(self, signum: int) -> None:
        """`signum` is SIGINT or SIGTERM."""
        super().__init__(f"stopped by {signal.Signals(signum).name}")
        self.signum = signum

    @property
    def exit_code(self) -> int:
        """What shells give for a process that this signal ended."""
        return 128 + self.signum


def _raise(signum: int, _frame: FrameType | None) -> None:
    raise StoppedError(signum)


@contextmanager
def stop_signals() -> Iterator[None]:
    """Turns SIGINT and SIGTERM into StoppedError for the block (in the main thread)."""
    before = {number: signal.signal(number, _raise) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
