"""`scrapy diff`: what changed between two revisions of an article."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text
from scrapy.exceptions import UsageError

from crawler.reading_command import ReadingCommand
from pipelines.difference import difference
from pipelines.store import lookup
from pipelines.store.history import history, statuses

if TYPE_CHECKING:
    import argparse
    from sqlite3 import Connection

    from pipelines.difference import Row
    from pipelines.store.history import Revision

MEANING = {
    "first": "the first text that is known",
    "edit": "an edit",
    "form": "not an edit: the same text in another form of capture",
    "boilerplate": "not an edit: the body is the same, what stands around it is not",
    "noise": "not an edit: the same letters in other widths",
}
STYLES = {"same": "", "lost": "red strike", "gained": "green"}
BRACKETS = {"same": ("", ""), "lost": ("[-", "-]"), "gained": ("{+", "+}")}


class Command(ReadingCommand):
    """Prints an article's revisions and the difference of two."""

    words = "KEY|URL|ID [N [M]]"
    least_words = 1
    most_words = 3

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Show what changed between two revisions of an article"

    def long_desc(self) -> str:
        """What --help says first."""
        return (
            "List the revisions of an article, and show what changed from revision N to M: in the title and in the "
            "body, or with --full in everything the capture shows. Without numbers: around the latest edit; with one: "
            "from the revision before it. Inside a line [-this-] is lost and {+this+} gained."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Adds --full and --context."""
        super().add_options(parser)
        parser.add_argument("--full", action="store_true", help="compare the full texts, boilerplate and all")
        parser.add_argument("--context", type=int, default=1, metavar="LINES", help="unchanged lines shown (default 1)")

    def ask(self, db: Connection, args: list[str], opts: argparse.Namespace) -> int:
        """Prints to standard output."""
        number = lookup.article_id(db, args[0])
        if number is None:
            return self.refuse(f"no article {args[0]}; `scrapy summary` shows what there is")
        known = history(db, number)
        pair = _chosen(known, args[1:])
        console = Console(highlight=False, soft_wrap=True)
        row = lookup.article(db, number)
        console.print(Text.assemble((row["key"], "bold"), "  ", row["headline"]))
        for revision in known:
            console.print(Text(f"  revision {revision.number}  {_described(revision)}"))
        turns = statuses(db, number)
        if len(turns) > 1:
            console.print(Text("  " + ", then ".join(f"{status} ({at})" for status, at in turns)))
        if pair is None:
            console.print(Text("There is one text of it; nothing to compare."))
            return 0
        _print(console, *pair, opts)
        return 0


def _described(revision: Revision) -> str:
    length = revision.text.fingerprint.char_count
    return (
        f"{revision.seen_at}  {length} characters  {MEANING[revision.change]}  ({revision.evidence} {revision.capture})"
    )


def _chosen(known: list[Revision], words: list[str]) -> tuple[Revision, Revision] | None:
    """The two revisions to compare. Raises UsageError where a word is no number of one."""
    by_number = {revision.number: revision for revision in known}
    for word in words:
        if not word.isdecimal() or int(word) not in by_number:
            raise UsageError(f"no revision {word}; there are 1 to {len(known)}")
    if len(words) == 2:
        return by_number[int(words[0])], by_number[int(words[1])]
    if len(known) < 2:
        return None
    edits = [revision.number for revision in known if revision.change == "edit"]
    last = int(words[0]) if words else max(edits, default=len(known))
    return by_number[max(1, last - 1)], by_number[last]


def _print(console: Console, before: Revision, after: Revision, opts: argparse.Namespace) -> None:
    console.print(Text(f"\n--- revision {before.number}  {before.seen_at}", style="red"))
    console.print(Text(f"+++ revision {after.number}  {after.seen_at}", style="green"))
    sides = [(text.full_text if opts.full else text.body).strip() for text in (before.text, after.text)]
    titles = difference(before.text.title or "", after.text.title or "")
    rows = difference(sides[0], sides[1], context=max(0, opts.context))
    for row in titles:
        if any(text for _, text in row.parts):
            console.print(Text("title ", style="cyan") + _line(row))
    for row in rows:
        if row.skipped:
            console.print(Text(f"  ... {row.skipped} lines", style="dim"))
        console.print(_line(row))
    if not titles and not rows:
        console.print(
            Text("The bodies are equal." + ("" if opts.full else " See what stands around them with --full."))
        )


def _line(row: Row) -> Text:
    """A row with its sign; inside a changed line what is lost and gained stands in brackets, colour or not."""
    made = Text(f"{row.sign} ")
    for kind, text in row.parts:
        opening, closing = BRACKETS[kind] if row.sign == "~" else ("", "")
        made.append(f"{opening}{text}{closing}", style=STYLES[kind])
    return made
