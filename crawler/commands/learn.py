"""`scrapy learn`: rules from the lines that recur at the edges of one account's articles."""

from __future__ import annotations

import os
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from crawler.terminal import progress_bar, tell
from crawler.writing_command import WritingCommand
from pipelines import renormalize
from pipelines.boilerplate import load_rules
from pipelines.boilerplate.learn import LearnedRule, learn, write_rules
from pipelines.normalize import doubts, rule_files
from pipelines.store.database import connect
from pipelines.store.learning import accounts_to_learn, articles_of

if TYPE_CHECKING:
    import argparse
    from sqlite3 import Connection

    from crawler.writing_command import Progress


class Command(WritingCommand):
    """Writes the setting LEARNED_RULES's file."""

    doing = "learning"

    output: Path

    def __init__(self) -> None:
        super().__init__()
        self.learned: list[LearnedRule] = []

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

    def prepare(self, args: list[str], opts: argparse.Namespace) -> None:
        """Says where the rules go."""
        self.output = Path(opts.output or self.known_settings["LEARNED_RULES"]).expanduser().resolve()

    def arguments(self, opts: argparse.Namespace) -> dict[str, object]:
        """How often a line must be seen."""
        return {"min_support": opts.min_support, "min_articles": opts.min_articles}

    def work(self, db: Connection, opts: argparse.Namespace, run_id: int, progress: Progress) -> None:
        """Learns, and writes the file."""
        # Without what was learned before: a line that an old rule takes would be missing from the new file.
        own = [Path(name).expanduser() for name in self.known_settings.getlist("RULES")]
        rules = load_rules(own, disabled=self.known_settings.getlist("DISABLED_RULES"))
        tell(doubts(rules))
        accounts = accounts_to_learn(db)
        for number, (account_id, name) in enumerate(accounts, 1):
            self.learned += learn(
                articles_of(db, account_id, name),
                rules=rules,
                min_support=opts.min_support,
                min_articles=opts.min_articles,
            )
            progress(number, len(accounts))
        write_rules(self.learned, self.output)

    def counts(self) -> dict[str, object]:
        """How many rules there are now, and where."""
        return {"rules": len(self.learned), "file": str(self.output)}

    def after(self, opts: argparse.Namespace) -> dict[str, object]:
        """Says what was learned and what it would change."""
        _show(self.learned)
        if not self.learned:
            sys.stderr.write("Nothing recurs at the edges of an account's articles that the rules in force leave.\n")
            return {"articles_changed": 0}
        sys.stderr.write(f"Read and edit {self.output}, then: scrapy renormalize\n")
        if not opts.no_compare:
            plan = renormalize.plan_of(
                self.database, self.known_settings, [*rule_files(self.known_settings), self.output]
            )
            with closing(connect(self.database, read_only=True)) as db, progress_bar("comparing") as bar:
                changes = renormalize.compare(db.conn, plan, jobs=os.cpu_count() or 1, progress=bar)
            return {"articles_changed": changes.changed}
        return {}


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
