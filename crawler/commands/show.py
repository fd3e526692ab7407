"""`scrapy show`: one article, as it reads, with what was removed, or as a citation."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from crawler.commands._marked import marked
from crawler.reading_command import ReadingCommand
from pipelines.store import lookup

if TYPE_CHECKING:
    import argparse
    from sqlite3 import Connection

FIELDS = (
    "key",
    "account",
    "title",
    "author",
    "published_at",
    "published_on",
    "kind",
    "status",
    "status_at",
    "url",
    "source_url",
    "duplicate_of_key",
    "evidence",
    "rules_version",
)


class Command(ReadingCommand):
    """Prints an article."""

    words = "KEY|URL|ID"
    least_words = most_words = 1

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Show an article: its body, --full with what was removed, --cite as a citation"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Adds --full and --cite."""
        super().add_options(parser)
        parser.add_argument("--full", action="store_true", help="the full text, removed spans marked by kind and rule")
        parser.add_argument("--cite", action="store_true", help="what proves the text, as one JSON object")

    def ask(self, db: Connection, args: list[str], opts: argparse.Namespace) -> int:
        """Prints to standard output."""
        number = lookup.article_id(db, args[0])
        if number is None:
            return self.refuse(f"no article {args[0]}; `scrapy summary` shows what there is")
        if opts.cite:
            sys.stdout.write(json.dumps(asdict(lookup.evidence(db, number)), ensure_ascii=False) + "\n")
            return 0
        console = Console(highlight=False, soft_wrap=True)
        row = lookup.article(db, number)
        for field in FIELDS:
            if row[field] is not None:
                console.print(Text.assemble((f"{field}: ", "cyan"), str(row[field])))
        text = lookup.current_text(db, number)
        for credit in text.credits:
            console.print(Text.assemble(("credit: ", "cyan"), f"{credit.role} {credit.name}".strip()))
        console.print()
        console.print(marked(text.full_text, text.spans) if opts.full else Text(row["body"]))
        return 0
