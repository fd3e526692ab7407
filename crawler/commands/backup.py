"""`scrapy backup`: a verified copy of the database, while a crawl may be running."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy.exceptions import UsageError

from crawler.commands._options import positive
from crawler.commands._tables import print_json
from crawler.exits import Exit
from crawler.given import ProjectCommand
from crawler.stopping import StoppedError, stop_signals
from crawler.terminal import progress_bar, until_reader_leaves
from pipelines.store import backup
from pipelines.store.database import DatabaseError, connect

if TYPE_CHECKING:
    import argparse


class Command(ProjectCommand):
    """Copies the database that DATABASE names."""

    default_settings = {"LOG_ENABLED": False}  # noqa: RUF012 - Scrapy's own convention

    def syntax(self) -> str:
        """The words after the command's name."""
        return "[options] FILE|FOLDER"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Make a consistent, verified copy of the database, also while a crawl runs"

    def long_desc(self) -> str:
        """What --help says first."""
        return (
            "Make a copy of the database as it is at one moment, also while a crawl runs; nobody waits. It is written "
            "under another name, verified, flushed to the disk and renamed, so that what stands under its name is "
            "whole. In a FOLDER its name is that of the database and the time in UTC; --keep N then removes all such "
            "copies but the latest N. Exit codes: 0 done, 1 the copy could not be written, 2 wrong use (a FILE that is "
            "there, without --force), 4 the database or its copy is damaged."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Adds --keep, --force and --quiet."""
        super().add_options(parser)
        parser.add_argument("--keep", metavar="N", type=positive, help="keep the latest N copies in FOLDER (1 or more)")
        parser.add_argument("--force", action="store_true", help="replace FILE if it is there")
        parser.add_argument("--quiet", action="store_true", help="print nothing unless something went wrong")

    @until_reader_leaves()
    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Does the job and leaves its exit code in `exitcode`."""
        started = time.monotonic()
        settings: Any = self.settings
        database = Path(settings["DATABASE"]).expanduser().resolve()
        target = _target(args, opts, database)
        removed: list[Path] = []
        size = 0
        try:
            with stop_signals(), progress_bar("copying") as bar:
                connect(database, read_only=True).close()
                size = backup.copy(database, target, progress=bar)
                if opts.keep:
                    removed = backup.rotate(target.parent, database, opts.keep)
        except StoppedError as stopped:
            what = "the copy is made, older ones are left" if size else "no copy was made"
            self._fail(stopped.exit_code, f"Told to stop; {what}, what was there before is as it was.")
        except DatabaseError as error:
            self._fail(Exit.DATABASE, str(error))
        except OSError as error:
            self._fail(Exit.FAILED, f"the copy could not be made: {error}")
        else:
            if not opts.quiet:
                print_json(
                    {
                        "database": str(database),
                        "backup": str(target),
                        "bytes": size,
                        "removed": [str(path) for path in removed],
                        "seconds": round(time.monotonic() - started, 3),
                        "exit_code": 0,
                    }
                )

    def _fail(self, code: int, sentence: str) -> None:
        sys.stderr.write(f"{sentence}\n")
        self.exitcode = int(code)


def _target(args: list[str], opts: argparse.Namespace, database: Path) -> Path:
    """Where the copy goes. Raises UsageError where it must not."""
    if any(word.startswith("-") for word in args):
        raise UsageError(f"unknown option {next(word for word in args if word.startswith('-'))}")
    if len(args) != 1:
        raise UsageError("expected: FILE or FOLDER, the place for the copy")
    place = Path(args[0]).expanduser().resolve()
    if place.is_dir():
        return place / backup.dated_name(database, datetime.now(UTC))
    if opts.keep:
        raise UsageError(f"--keep is for copies in a folder, and {place} is none; make it first", print_help=False)
    if not place.parent.is_dir():
        raise UsageError(f"there is no folder {place.parent}; make it first", print_help=False)
    if place == database:
        raise UsageError("the copy cannot take the place of the database itself", print_help=False)
    if place.exists() and not opts.force:
        raise UsageError(f"{place} is there already; name another, or say --force to replace it", print_help=False)
    return place
