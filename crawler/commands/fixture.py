"""`scrapy fixture`: a capture made a fixture that may be shown to others."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy.exceptions import UsageError

from crawler.exits import Exit
from crawler.fixturing import Maker, NotPossibleError
from crawler.given import ProjectCommand
from crawler.limits import limits_of
from crawler.looking import captures_of
from crawler.pages.describe import describe
from crawler.terminal import until_reader_leaves
from pipelines.boilerplate import RuleError
from pipelines.normalize import rules_from_settings

if TYPE_CHECKING:
    import argparse

    from crawler.fixturing import Made

PLACE = Path("fixtures") / "contributed"


class Command(ProjectCommand):
    """Writes a fixture and what it is expected to read as."""

    default_settings = {"LOG_ENABLED": False}  # noqa: RUF012 - Scrapy's own convention

    def syntax(self) -> str:
        """The words after the command's name."""
        return "[options] FILE"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Make a saved page, dump, Markdown file or record a fixture with nothing of its text left in it"

    def long_desc(self) -> str:
        """What --help says first."""
        return (
            "Make FILE (a saved page, a dump, Markdown, a record) a fixture that can be contributed: its text is "
            "replaced by neutral text of the same shape; ids, names, links and media are faked; structure and the "
            "wording of what is removed from the body are kept. What the fixture reads as is written beside it. "
            "Exits with 5 where the fixture does not read as FILE does (it is written, and what differs is said) or "
            "where text of FILE would be left in it (nothing is written). Look at the result before you share it."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Adds --output, --name, --keep and --force."""
        super().add_options(parser)
        parser.add_argument("--output", metavar="FOLDER", default=str(PLACE), help=f"where to write (default: {PLACE})")
        parser.add_argument("--name", help="the fixture's name without suffix (default: its template and a number)")
        parser.add_argument(
            "--keep", metavar="TEXT", action="append", default=[], help="a phrase to keep, such as one that is missed"
        )
        parser.add_argument("--force", action="store_true", help="write over a fixture of that name")

    @until_reader_leaves()
    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Writes two files and says where; leaves the exit code in `exitcode`."""
        if len(args) != 1 or args[0].startswith("-"):
            raise UsageError("one FILE")
        settings: Any = self.settings
        limits = limits_of(settings)
        try:
            maker = Maker(rules_from_settings(settings), limits, opts.keep)
            captures = list(captures_of(args[0], None, limits))
        except RuleError as error:
            self._fail(Exit.FAILED, str(error))
            return
        except (ValueError, OSError) as error:
            raise UsageError(str(error), print_help=False) from error
        if len(captures) != 1:
            raise UsageError(f"{args[0]} holds {len(captures)} captures; a fixture is made of one", print_help=False)
        try:
            made = maker.make(captures[0])
        except NotPossibleError as error:
            self._fail(Exit.REJECTED, str(error))
            return
        self._write(made, opts)

    def _write(self, made: Made, opts: argparse.Namespace) -> None:
        folder = Path(opts.output).expanduser()
        name = opts.name or made.name
        file, expected = folder / (name + made.suffix), folder / f"{name}.expected.json"
        taken = [path.name for path in folder.glob(f"{name}.*")] if folder.is_dir() else []
        if taken and not opts.force:
            self._fail(Exit.FAILED, f"{folder} has {', '.join(sorted(taken))}: give another --name, or --force")
            return
        try:
            folder.mkdir(parents=True, exist_ok=True)
            file.write_bytes(made.text.encode("utf-8", "surrogatepass"))
            expected.write_text(json.dumps(describe(made.reading), ensure_ascii=False, indent=1) + "\n", "utf-8")
        except OSError as error:
            self._fail(Exit.FAILED, f"the fixture could not be written: {error}")
            return
        if made.differs:
            told = "".join(f"  {difference}\n" for difference in made.differs)
            self._fail(Exit.REJECTED, f"The fixture does not read as the capture does:\n{told}".rstrip())
        report = {"fixture": str(file), "expected": str(expected), "bytes": len(made.text.encode("utf-8", "replace"))}
        print(json.dumps(report | {"kept": made.kept, "same_shape": not made.differs}, ensure_ascii=False))

    def _fail(self, code: Exit, sentence: str) -> None:
        sys.stderr.write(sentence + "\n")
        self.exitcode = int(code)
