"""`scrapy doctor`: is the database, and what is around it, as it should be; what to do where it is not."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy.exceptions import UsageError

from crawler.commands._found import harmless
from crawler.commands._tables import print_json
from crawler.durations import parse_duration
from crawler.exits import Exit
from crawler.reading_command import ReadingCommand
from crawler.terminal import tell, until_reader_leaves
from pipelines.boilerplate import RuleError
from pipelines.normalize import doubts, rules_from_settings
from pipelines.store.doctor import CHECKS, examine
from pipelines.store.doctor_case import Case, Finding
from pipelines.store.lock import holder
from pipelines.store.projection import projection_digest

if TYPE_CHECKING:
    import argparse
    from sqlite3 import Connection

    from pipelines.store.lock import Holder


class Command(ReadingCommand):
    """Prints one line a finding."""

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Examine the database, its runs and its disk, and say what to do"

    def long_desc(self) -> str:
        """What --help says first."""
        return (
            f"Examine the database and what is around it ({', '.join(CHECKS)}), in one snapshot, while a run may go "
            "on. Every finding is one line: what, and what to do. Exit codes: 0 all is well, 5 something needs "
            "attention, 4 the database cannot be trusted."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Adds --full, --max-age, --digest, --json and --quiet."""
        super().add_options(parser)
        add = parser.add_argument
        add("--full", action="store_true", help="every text, every content, every index; not a sample of them")
        add("--max-age", metavar="AGE", help="a finding, too, if no run was completed for so long, such as 8d")
        add("--digest", action="store_true", help="only print the SHA-256 of what the database says (docs/cron.md)")
        add("--json", action="store_true", help="print one JSON object")
        add("--quiet", action="store_true", help="print nothing when all is well")

    def ask(self, db: Connection, args: list[str], opts: argparse.Namespace) -> int:
        """Prints to standard output."""
        settings: Any = self.settings
        path = Path(settings["DATABASE"]).expanduser().resolve()
        if opts.digest:
            sys.stdout.write(projection_digest(db) + "\n")
            return 0
        try:
            max_age = parse_duration(opts.max_age) if opts.max_age else None
            rules = rules_from_settings(settings)
            tell(doubts(rules))
        except RuleError as error:
            return self.refuse(str(error))
        except ValueError as error:
            raise UsageError(f"--max-age: {error}") from error
        run = holder(path)
        found = examine(
            Case(
                db=db,
                path=path,
                now=datetime.now(UTC),
                rules_version=rules.version,
                holder=run,
                max_age=max_age,
                is_full=opts.full,
            )
        )
        code = _code(found)
        with until_reader_leaves():
            self._print(found, run, path, code, opts)
        return code

    @staticmethod
    def _print(found: list[Finding], run: Holder | None, path: Path, code: int, opts: argparse.Namespace) -> None:
        if opts.json:
            print_json(
                {
                    "database": str(path),
                    "checks": list(CHECKS),
                    "findings": [asdict(finding) for finding in found],
                    "run_lock": asdict(run) if run else None,
                    "exit_code": code,
                }
            )
        elif code or not opts.quiet:
            _tell(found, path)
            if run:
                by = f"process {run.pid}: {run.command}" if run.pid else "a process of another container"
                sys.stdout.write(f"(A run is going on: {harmless(by)})\n")


def _code(found: list[Finding]) -> int:
    if any(finding.is_fatal for finding in found):
        return int(Exit.DATABASE)
    return int(Exit.REJECTED if found else Exit.DONE)


def _tell(found: list[Finding], path: Path) -> None:
    for finding in found:
        sys.stdout.write(harmless(finding.line()) + "\n")
    if not found:
        sys.stdout.write(f"All is well with {path}: {len(CHECKS)} checks.\n")
