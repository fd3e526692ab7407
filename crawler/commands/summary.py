"""`scrapy summary`: what is in the database, and how to ask it."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from crawler.reading_command import ReadingCommand
from pipelines.store import overview

if TYPE_CHECKING:
    import argparse
    from sqlite3 import Connection


class Command(ReadingCommand):
    """Prints a table of what the database holds and three ways to ask it."""

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Show what is in the database and how to ask it"

    def ask(self, db: Connection, args: list[str], opts: argparse.Namespace) -> int:
        """Prints to standard output."""
        settings: Any = self.settings
        show(overview.overview(db), Path(settings["DATABASE"]))
        return 0


def show(facts: overview.Overview, path: Path) -> None:
    """Prints `facts` of the database at `path`."""
    console = Console(highlight=False)
    console.print(table("What came of the captures", ("outcome", "captures"), facts.outcomes))
    console.print(table("Articles", ("kind", "articles", "with a date", "duplicates", "characters"), facts.kinds))
    console.print(table("Accounts with most articles", ("account", "articles", "first", "last"), facts.accounts))
    if facts.rejected:
        console.print(table("Rejected", ("reason", "captures"), facts.rejected))
    where = shlex.quote(str(path))
    tools = Path(sys.executable).parent
    console.print("Ask it:", style="bold")
    latest = "SELECT account, published_on, title FROM article_list ORDER BY published_on DESC LIMIT 20"
    removed = "SELECT account, kind, rule, spans, example FROM boilerplate_summary"
    for line in (
        f"sqlite3 -box {where} {shlex.quote(latest)}",
        f"{relative(tools / 'sqlite-utils')} {where} {shlex.quote(removed)} --table",
        f"{relative(tools / 'scrapy')} browse -s DATABASE={where}",
    ):
        console.print(f"  {line}", soft_wrap=True, markup=False)


def relative(path: Path) -> str:
    """`path` as seen from here, where that is shorter."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def table(title: str, columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> Table:
    """A table for a terminal; numbers to the right."""
    made = Table(title=title, title_justify="left", title_style="bold")
    for number, column in enumerate(columns):
        is_number = bool(rows) and isinstance(rows[0][number], int)
        made.add_column(column, justify="right" if is_number else "left")
    for row in rows:
        made.add_row(*("" if value is None else str(value) for value in row))
    return made
