"""`scrapy renormalize`: derive everything derived again from the raw captures."""

from __future__ import annotations

import json
import os
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from crawler.exits import Exit
from crawler.terminal import progress_bar
from crawler.times import utc_text
from pipelines import renormalize
from pipelines.boilerplate import RuleError, load_rules
from pipelines.normalize import rule_files
from pipelines.store import runs
from pipelines.store.database import DatabaseError, check_place, connect, open_for_writing
from pipelines.store.lock import DatabaseLockedError, run_lock

if TYPE_CHECKING:
    import argparse

    from pipelines.renormalize import Changes, Plan


class Command(ScrapyCommand):
    """Reads every raw capture again with the current readers and rules."""

    requires_project = True
    requires_crawler_process = False
    default_settings = {"LOG_ENABLED": False}  # noqa: RUF012 - Scrapy's own convention

    def syntax(self) -> str:
        """The words after the command's name."""
        return "[options]"

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

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Does the job and leaves its exit code in `exitcode`."""
        if args:
            raise UsageError(f"unknown words: {' '.join(args)}")
        if opts.rules and not opts.dry_run:
            raise UsageError("--rules tries rules out; use it with --dry-run, then name the file in the setting RULES")
        settings: Any = self.settings
        database = Path(settings["DATABASE"]).expanduser().resolve()
        try:
            plan = renormalize.plan_of(database, settings, [*rule_files(settings), *map(Path, opts.rules)])
            version = load_rules(plan.rule_files, disabled=plan.disabled_rules).version
            if opts.dry_run:
                with closing(connect(database, read_only=True)) as db, progress_bar("reading again") as bar:
                    changes = renormalize.compare(db.conn, plan, jobs=opts.jobs, progress=bar)
                _tell(changes)
                return
            check_place(database)
            with run_lock(database, wait=settings.getfloat("LOCK_WAIT")):
                changes = _renormalize(database, plan, version, opts)
        except RuleError as error:
            self._fail(Exit.FAILED, error)
        except DatabaseLockedError as error:
            self._fail(Exit.LOCKED, error)
        except DatabaseError as error:
            self._fail(Exit.DATABASE, error)
        else:
            report = {"database": str(database), "derived": changes.units, "rejected": changes.rejected}
            print(json.dumps(report | {"rules_version": version, "exit_code": 0}, ensure_ascii=False))

    def _fail(self, code: Exit, error: Exception) -> None:
        sys.stderr.write(f"{error}\n")
        self.exitcode = int(code)


def _renormalize(database: Path, plan: Plan, version: str, opts: argparse.Namespace) -> Changes:
    if not database.exists():
        raise DatabaseError(f"no database at {database}; `scrapy crawl files -a path=FOLDER` makes one")
    with closing(open_for_writing(database)) as db, progress_bar("reading again") as bar:
        now = utc_text(datetime.now(UTC))
        runs.bury(db.conn, now)
        run_id = runs.begin(db.conn, "renormalize", {"jobs": opts.jobs, "restart": opts.restart}, now)
        changes = renormalize.renormalize(db, plan, jobs=opts.jobs, version=version, restart=opts.restart, progress=bar)
        counts = {"derived": changes.units, "rejected": changes.rejected}
        ended = utc_text(datetime.now(UTC))
        runs.end(db.conn, run_id, finish_reason="finished", exit_code=0, counts=counts, now=ended)
    return changes


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
