"""`scrapy browse` as users start it: a process of its own, that says where it is."""

from __future__ import annotations

import signal
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

from running import PROJECT, SCRAPY, environment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Served:
    """A process that serves: its `url`, and in the end its exit code and what it said."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        assert process.stdout is not None
        self.url = process.stdout.readline().strip()

    def end(self, signum: signal.Signals = signal.SIGINT) -> tuple[int, str]:
        """Ends it, if it has not ended; exit code and standard error."""
        if self._process.poll() is None:
            self._process.send_signal(signum)
        _, said = self._process.communicate(timeout=60)
        return self._process.returncode, said


@contextmanager
def serving(database: Path, *words: str) -> Iterator[Served]:
    """Serves `database` for the block."""
    command = [*SCRAPY, "browse", "--no-open", "-s", f"DATABASE={database}", *words]
    with subprocess.Popen(
        command, cwd=PROJECT, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        served = Served(process)
        try:
            yield served
        finally:
            served.end()
