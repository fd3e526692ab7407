"""`scrapy merge`: several databases become one."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError

from crawler.exits import OUTCOMES, Exit
from crawler.terminal import tell
from crawler.writing_command import WritingCommand
from pipelines import merge
from pipelines.normalize import doubts, rule_files
from pipelines.store import foreign

if TYPE_CHECKING:
    import argparse
    from sqlite3 import Connection

    from crawler.writing_command import Progress
    from pipelines.merge import Plan

SHOWN = 6  # damaged rows that are named; the mail of a failed job stays short


class Command(WritingCommand):
    """Takes the captures of other databases into DATABASE."""

    words = "OTHER.db [OTHER.db ...]"
    doing = "merging"
    makes_database = True

    plan: Plan

    def __init__(self) -> None:
        super().__init__()
        self.merged = merge.Merged()

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Join other databases into this one, as if all had been read into it"

    def long_desc(self) -> str:
        """What --help says first."""
        return (
            "Take every capture of the databases named into DATABASE (-s DATABASE=FILE; made if it is not there). "
            "The other databases are only read, and nothing derived in them is believed: each capture's bytes are "
            "checked against their digest and read anew with the current readers and rules, on all cores. The "
            "result is what reading everything into one database gives, in whatever order they are named. A merge "
            "that was stopped goes on when it is run again."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Adds --jobs."""
        super().add_options(parser)
        parser.add_argument(
            "--jobs", type=int, default=os.cpu_count() or 1, help="processes that read (default: all cores)"
        )

    def prepare(self, args: list[str], opts: argparse.Namespace) -> None:
        """Looks at the rules and the other databases before anything is written."""
        if not args:
            raise UsageError("name the databases to take in; their order does not matter")
        if opts.jobs < 1:
            raise UsageError("--jobs must be at least 1")
        sources = list(dict.fromkeys(Path(word).expanduser().resolve() for word in args))
        if self.database in sources:
            raise UsageError(f"{self.database} is the database that the others are taken into; name only the others")
        self.plan = merge.plan_of(sources, self.known_settings, rule_files(self.known_settings))
        tell(doubts(self.plan.recipe.rules()))
        for source in sources:
            foreign.open_foreign(source, max_bytes=self.plan.recipe.limits.max_bytes).close()

    def arguments(self, opts: argparse.Namespace) -> dict[str, object]:
        """Which databases, in how many processes."""
        return {"jobs": opts.jobs, "sources": [str(path) for path in self.plan.sources]}

    def work(self, db: Connection, opts: argparse.Namespace, run_id: int, progress: Progress) -> None:
        """Merges."""
        merge.merge(db, self.plan, self.merged, jobs=opts.jobs, run_id=run_id, progress=progress)

    def counts(self) -> dict[str, object]:
        """Captures by outcome, and rows that could not be taken."""
        counts: dict[str, object] = {outcome: self.merged.counts[outcome] for outcome in OUTCOMES}
        return counts | {"damaged": len(self.merged.damaged)}

    def verdict(self) -> int:
        """5 where something could not be taken, or not be read any more."""
        return Exit.REJECTED if self.merged.damaged or self.merged.counts["rejected"] else Exit.DONE

    def tell(self, code: int) -> None:
        """Names what could not be taken."""
        damaged, rejected = self.merged.damaged, self.merged.counts["rejected"]
        lines = damaged[:SHOWN]
        if len(damaged) > SHOWN:
            lines.append(f"... and {len(damaged) - SHOWN} more")
        if damaged:
            lines.append(f"{len(damaged)} captures could not be taken; everything else is. Restore their database.")
        if rejected:
            lines.append(
                f"{rejected} captures could not be read any more: "
                f"sqlite3 {self.database} 'SELECT name, reason, detail FROM rejected ORDER BY first_seen_at DESC'"
            )
        for line in lines:
            sys.stderr.write(line + "\n")
