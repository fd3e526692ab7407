"""Long work of SQLite or of the disk, done so that a signal is heard meanwhile.

Python hears signals between two of its own steps, in the main thread; a check of a large database is one step of many
minutes. What is done in another thread leaves the main one free.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
_GRACE = 1.0  # seconds that work which has been told to stop may take to do so


class WorkStoppedError(Exception):
    """Nobody waits for the work any more."""


def apart(work: Callable[[threading.Event], T]) -> T:
    """Does `work` in a thread that does not keep the process alive, and gives what it gives.

    Whatever is raised here meanwhile (by the handler of a signal) sets the event that `work` is given and passes on
    after at most a second; work that is in the middle of a step is left behind, and ends with the process.
    """
    stopped = threading.Event()
    given: list[T] = []
    raised: list[BaseException] = []

    def do() -> None:
        try:
            given.append(work(stopped))
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=do, daemon=True)
    thread.start()
    try:
        while thread.is_alive():
            thread.join(0.1)
    except BaseException:
        stopped.set()
        thread.join(_GRACE)
        raise
    if raised:
        raise raised[0]
    return given[0]
