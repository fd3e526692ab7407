"""`scrapy renormalize`: derive everything derived again from the raw captures."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from scrapy.exceptions import UsageError

from crawler.exits import Exit
from crawler.terminal import progress_bar, tell
from crawler.writing_command import WritingCommand
from pipelines import renormalize
from pipelines.normalize import doubts, rule_files
from pipelines.renormalize import Changes
from pipelines.store.database import connect

if TYPE_CHECKING:
    import argparse
    from sqlite3 import Connection

    from crawler.writing_command import Progress
    from pipelines.renormalize import Plan


class Command(WritingCommand):
    """Reads every raw capture again with the current readers and rules."""

    doing = "reading again"

    plan: Plan
    version: str

    def __init__(self) -> None:
        super().__init__()
        self.changes = Changes()

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Derive bodies, fields, credits and duplicates again from the raw captures"

    def long_desc(self) -> str:
        """What --help says first."""
        return (
            "Derive everything derived (fields, body, boilerplate, credits, hashes, duplicates) again from the raw "
            "captures with the current readers and rules, on all cores; what was rejected is tried again. Nothing "
            "is fetched. An article is either old or new, never between; a run that was stopped goes on where it "
            "was. --dry-run says what would change and writes nothing."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Adds --dry-run, --rules, --jobs and --restart."""
        super().add_options(parser)
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would change, with examples; write nothing"
        )
        parser.add_argument("--rules", metavar="FILE", action="append", default=[], help="one more file of rules")
        parser.add_argument(
            "--jobs", type=int, default=os.cpu_count() or 1, help="processes that read (default: all cores)"
        )
        parser.add_argument("--restart", action="store_true", help="begin anew, even where a run was stopped half-way")

    def prepare(self, args: list[str], opts: argparse.Namespace) -> None:
        """Looks at the rules before anything is written."""
        if opts.rules and not opts.dry_run:
            raise UsageError("--rules tries rules out; use it with --dry-run, then name the file in the setting RULES")
        if opts.jobs < 1:
            raise UsageError("--jobs must be at least 1")
        settings = self.known_settings
        files = [*rule_files(settings), *map(Path, opts.rules)]
        self.plan = renormalize.plan_of(self.database, settings, files)
        rules = self.plan.recipe.rules()
        tell(doubts(rules))
        self.version = rules.version

    def is_only_looking(self, opts: argparse.Namespace) -> bool:
        """With --dry-run nothing is written."""
        return bool(opts.dry_run)

    def look(self, opts: argparse.Namespace) -> int:
        """Says what would change."""
        with closing(connect(self.database, read_only=True)) as db, progress_bar(self.doing) as bar:
            _tell(renormalize.compare(db.conn, self.plan, jobs=opts.jobs, progress=bar))
        return Exit.DONE

    def arguments(self, opts: argparse.Namespace) -> dict[str, object]:
        """In how many processes, and whether from the beginning."""
        return {"jobs": opts.jobs, "restart": opts.restart}

    def work(self, db: Connection, opts: argparse.Namespace, run_id: int, progress: Progress) -> None:
        """Derives everything anew."""
        renormalize.renormalize(
            db, self.plan, self.changes, jobs=opts.jobs, version=self.version, restart=opts.restart, progress=progress
        )

    def counts(self) -> dict[str, object]:
        """Articles and other captures that were derived anew, and captures that no reader takes."""
        return {"derived": self.changes.units, "rejected": self.changes.rejected, "rules_version": self.version}


def _tell(changes: Changes) -> None:
    console = Console(highlight=False, soft_wrap=True)
    console.print(
        f"{changes.units} articles and other captures looked at: {changes.changed} bodies would change, losing "
        f"{changes.lost} characters and gaining {changes.gained}; {changes.rejected} would no longer be read."
    )
    for key, lost, gained in changes.examples:
        console.print(key, style="bold", markup=False)
        for sign, line, style in (("-", lost, "red"), ("+", gained, "green")):
            if line:
                console.print(f"  {sign} {line[:200]}", style=style, markup=False)
