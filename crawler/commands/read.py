"""`scrapy read`: what a reader makes of one capture, without any database."""

from __future__ import annotations

import dataclasses
import sys
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec
from rich.console import Console
from rich.text import Text
from scrapy.exceptions import UsageError

from crawler import pages
from crawler.commands._marked import marked
from crawler.exits import Exit
from crawler.given import ProjectCommand
from crawler.items import Article, Rejected
from crawler.limits import limits_of
from crawler.looking import captures_of
from crawler.terminal import tell, until_reader_leaves
from crawler.times import utc_text
from pipelines.boilerplate import RuleError
from pipelines.normalize import doubts, normalize, rules_from_settings

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from crawler.items import Reading

# Lists are told by their length; --json prints them whole.
LISTS = ("links", "media", "albums", "credits", "marks", "urls", "entries")


class Command(ProjectCommand):
    """Shows kind, template, each field with its source, warnings, and the body with its removed spans."""

    default_settings = {"LOG_ENABLED": False}  # noqa: RUF012 - Scrapy's own convention

    def syntax(self) -> str:
        """The words after the command's name."""
        return "[options] FILE|-"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Show what a reader makes of a capture, without a database"

    def long_desc(self) -> str:
        """What --help says first."""
        return (
            "Show what a reader makes of a capture (of each, in a container), without any database: kind, template, "
            "each field with its source, warnings, and the text with its removed spans marked by kind and rule. "
            "FILE is a saved page, a dump, a container; - reads one capture from standard input. "
            "Exits with 5 where something was rejected."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Adds --json, --body and --url."""
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="print everything as one JSON object a line")
        parser.add_argument("--body", action="store_true", help="print the body alone")
        parser.add_argument("--url", help="the URL that the capture was asked for with")

    @until_reader_leaves()
    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Prints to standard output."""
        if len(args) != 1 or (args[0].startswith("-") and args[0] != "-"):
            raise UsageError("one FILE, or - for standard input")
        settings: Any = self.settings
        limits = limits_of(settings)
        try:
            rules = rules_from_settings(settings)
            tell(doubts(rules))
        except RuleError as error:
            sys.stderr.write(f"{error}\n")
            self.exitcode = int(Exit.FAILED)
            return
        try:
            captures = list(captures_of(args[0], opts.url, limits))
        except (ValueError, OSError) as error:
            raise UsageError(str(error), print_help=False) from error
        console = Console(highlight=False, soft_wrap=True)
        for capture in captures:
            reading = pages.read(capture, limits)
            if isinstance(reading.found, Article):
                reading.normalized = normalize(reading.found, rules)
            if isinstance(reading.found, Rejected):
                self.exitcode = 5
            if opts.json:
                sys.stdout.write(as_json(reading) + "\n")
            elif opts.body:
                sys.stdout.write((reading.normalized.body if reading.normalized else "") + "\n")
            else:
                show(reading, console)


def as_json(reading: Reading) -> str:
    """Everything of `reading` but the capture's bytes."""
    values = {
        "name": reading.capture.name,
        "found": type(reading.found).__name__,
        "template": reading.template,
        "values": reading.found,
        "sources": reading.sources,
        "warnings": reading.warnings,
        "normalized": reading.normalized,
    }
    return msgspec.json.encode(values).decode("utf-8")


def show(reading: Reading, console: Console) -> None:
    """Prints `reading` for people."""
    found = reading.found
    console.print(Text(reading.capture.name, style="bold"))
    console.print(f"  {type(found).__name__}, template {reading.template or '-'}, {reading.media_type}")
    for name, value in fields_of(found):
        console.print(Text.assemble("  ", (f"{name}: ", "cyan"), value, (source_of(reading, name), "dim")))
    for warning in reading.warnings:
        console.print(Text(f"  warning: {warning}", style="yellow"))
    if isinstance(found, Article) and reading.normalized is not None:
        console.print(Text("  text, with what is removed in ⟦kind rule: …⟧", style="dim"))
        console.print(marked(found.full_text, reading.normalized.spans))
        for credit in reading.normalized.credits:
            console.print(Text.assemble("  credit: ", (credit.role or "-", "cyan"), " ", credit.name))


def source_of(reading: Reading, name: str) -> str:
    """Where a field's value came from, in brackets, or nothing."""
    source = reading.sources.get(name)
    return f"  [{source}]" if source else ""


def fields_of(found: object, prefix: str = "") -> Iterator[tuple[str, str]]:
    """The fields of a finding that have a value, as text; an account's as `account.name`."""
    for field in dataclasses.fields(found):  # type: ignore[arg-type]
        value = getattr(found, field.name)
        if value in (None, "", [], False) or field.name == "full_text":
            continue
        if field.name in LISTS:
            yield field.name, f"{len(value)}"
        elif dataclasses.is_dataclass(value):
            yield from fields_of(value, f"{prefix}{field.name}.")
        else:
            yield prefix + field.name, utc_text(value) if isinstance(value, datetime) else str(value)
