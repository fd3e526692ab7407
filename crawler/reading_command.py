"""What the commands that read a database have in common (not in commands/, where Scrapy would list it)."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy.exceptions import UsageError

from crawler.exits import Exit
from crawler.given import ProjectCommand
from crawler.terminal import until_reader_leaves
from pipelines.store.database import DatabaseError, connect, explain

if TYPE_CHECKING:
    import argparse
    from sqlite3 import Connection


class ReadingCommand(ProjectCommand):
    """A command that asks the database and never waits for its run lock."""

    default_settings = {"LOG_ENABLED": False}  # noqa: RUF012 - Scrapy's own convention
    words = ""  # what the command expects besides options, as its usage shows it
    least_words = 0
    most_words = 0

    def syntax(self) -> str:
        """The words after the command's name."""
        return f"[options] {self.words}".strip()

    @until_reader_leaves()
    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Checks the words, opens the database, and leaves the exit code that `ask` gives."""
        end = args.index("--") if "--" in args else len(args)
        unknown = [word for word in args[:end] if word.startswith("-") and word != "-"]
        if unknown:
            raise UsageError(f"unknown option {unknown[0]}; words that begin with - come after --")
        args = args[:end] + args[end + 1 :]
        if not self.least_words <= len(args) <= self.most_words:
            raise UsageError(f"expected: {self.words or 'no words'}")
        settings: Any = self.settings
        try:
            db = connect(Path(settings["DATABASE"]).expanduser(), read_only=True)
        except DatabaseError as error:
            sys.stderr.write(f"{error}\n")
            self.exitcode = int(Exit.DATABASE)
            return
        with closing(db):
            try:
                self.exitcode = int(self.ask(db.conn, args, opts))
            except sqlite3.DatabaseError as error:
                sys.stderr.write(f"{explain(error, Path(settings['DATABASE']).expanduser())}\n")
                self.exitcode = int(Exit.DATABASE)

    def ask(self, db: Connection, args: list[str], opts: argparse.Namespace) -> int:
        """Does the command's work; gives its exit code."""
        raise NotImplementedError

    @staticmethod
    def refuse(sentence: str) -> int:
        """Says why the command cannot do what it was asked to; gives the exit code."""
        sys.stderr.write(sentence + "\n")
        return int(Exit.FAILED)
