"""`scrapy learn`: rules from the lines that recur at the edges of one account's articles."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from crawler.exits import Exit
from crawler.reading_command import ReadingCommand
from crawler.terminal import progress_bar
from pipelines import renormalize
from pipelines.boilerplate import RuleError, load_rules
from pipelines.boilerplate.learn import LearnedRule, learn, write_rules
from pipelines.normalize import rule_files
from pipelines.store.learning import accounts_to_learn, articles_of
from pipelines.store.lock import DatabaseLockedError, run_lock

if TYPE_CHECKING:
    import argparse
    from sqlite3 import Connection


class Command(ReadingCommand):
    """Writes the setting LEARNED_RULES's file."""

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Learn rules from lines that recur at the edges of one account's articles"

    def long_desc(self) -> str:
        """What --help says first."""
        return (
            "Find lines and sentences that recur at the head or tail of one account's articles, and write them as "
            "ordinary rules to the file that the setting LEARNED_RULES names (or --output). Read it and edit it: "
            "crawls and `scrapy renormalize` apply that file and nothing hidden. Bodies that are stored change only "
            "with `scrapy renormalize`; how many would is said at the end."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Adds --output, --min-support, --min-articles and --no-compare."""
        super().add_options(parser)
        parser.add_argument("--output", metavar="FILE", help="where to write (default: the setting LEARNED_RULES)")
        parser.add_argument("--min-support", type=int, default=3, help="articles a line must stand in (default: 3)")
        parser.add_argument("--min-articles", type=int, default=4, help="articles an account must have (default: 4)")
        parser.add_argument(
            "--no-compare", action="store_true", help="do not count what a renormalisation would change"
        )

    def ask(self, db: Connection, args: list[str], opts: argparse.Namespace) -> int:
        """Learns, writes, and says what it means."""
        settings: Any = self.settings
        output = Path(opts.output or settings["LEARNED_RULES"]).expanduser().resolve()
        database = Path(settings["DATABASE"]).expanduser().resolve()
        try:
            with run_lock(database, wait=settings.getfloat("LOCK_WAIT")):
                learned = self._learn(db, opts)
                write_rules(learned, output)
            report: dict[str, Any] = {"rules": len(learned), "file": str(output)}
            _show(learned)
            if not opts.no_compare:
                report["articles_changed"] = self._count_changes(db, database, output)
        except (RuleError, OSError) as error:
            return self.refuse(str(error))
        except DatabaseLockedError as error:
            sys.stderr.write(f"{error}\n")
            return int(Exit.LOCKED)
        sys.stderr.write(f"Read and edit {output}, then: scrapy renormalize\n")
        print(json.dumps(report, ensure_ascii=False))
        return 0

    def _learn(self, db: Connection, opts: argparse.Namespace) -> list[LearnedRule]:
        settings: Any = self.settings
        # Without what was learned before: a line that an old rule takes would be missing from the new file.
        own = [Path(name).expanduser() for name in settings.getlist("RULES")]
        rules = load_rules(own, disabled=settings.getlist("DISABLED_RULES"))
        learned: list[LearnedRule] = []
        accounts = accounts_to_learn(db)
        with progress_bar("learning") as bar:
            for number, (account_id, name) in enumerate(accounts, 1):
                learned += learn(
                    articles_of(db, account_id, name),
                    rules=rules,
                    min_support=opts.min_support,
                    min_articles=opts.min_articles,
                )
                bar(number, len(accounts))
        return learned

    def _count_changes(self, db: Connection, database: Path, output: Path) -> int:
        settings: Any = self.settings
        plan = renormalize.plan_of(database, settings, [*rule_files(settings), output])
        with progress_bar("comparing") as bar:
            changes = renormalize.compare(db, plan, jobs=os.cpu_count() or 1, progress=bar)
        return changes.changed


def _show(learned: list[LearnedRule]) -> None:
    """A line an account: how many rules, how much they were seen, and one of them."""
    table = Table(title="Learned", title_justify="left")
    for column in ("account", "rules", "kinds", "the most frequent"):
        table.add_column(column)
    for account in sorted({rule.account for rule in learned}):
        own = [rule for rule in learned if rule.account == account]
        best = max(own, key=lambda rule: (rule.support, rule.id))
        kinds = Counter(rule.kind for rule in own).most_common()
        summary = f"{best.example[:40]} ({best.support} of {best.of})"
        table.add_row(account, str(len(own)), ", ".join(f"{kind} {count}" for kind, count in kinds), summary)
    Console(stderr=True, highlight=False, markup=False).print(table)
