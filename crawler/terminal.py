"""What a command shows: a bar where a person waits, and an end without a word where the reader has gone."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """Gives a function to be told (done, of how many); a bar on standard error if that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    # Loaded only where a person waits: it takes longer than some commands run.
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
        task = progress.add_task(what, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


def tell(sentences: Iterable[str]) -> None:
    """Writes what a person should know, one a line, to standard error."""
    for sentence in sentences:
        sys.stderr.write(f"{sentence}\n")


@contextmanager
def until_reader_leaves() -> Iterator[None]:
    """Ends the block quietly once whoever reads standard output has had enough (`| head`). Also a decorator.

    The exit code stays what it was when that happened: set it before printing where it says more than 0. At the end
    everything is flushed, so that nothing is left to fail when Python ends.
    """
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        _say_no_more()
    except SystemExit as end:
        # rich's own way out.
        if not isinstance(end.__context__, BrokenPipeError):
            raise
        _say_no_more()


def _say_no_more() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
