"""`scrapy fixture`: a capture made a fixture that may be shown to others."""

from __future__ import annotations

import dataclasses
import email
import email.policy
import hashlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from crawler import pages
from crawler.commands.read import captures_of
from crawler.exits import Exit
from crawler.items import Article, Capture, Reading, Rejected
from crawler.pages.decode import decode
from crawler.pages.describe import describe
from crawler.pages.detect import kind_of
from crawler.pages.document import Limits
from crawler.scrub import Wishes, kept_texts, scrub, values_of, words_of
from crawler.scrub.ids import tokens_of_url
from crawler.scrub.shape import differences, surviving_values, survivors
from crawler.scrub.slimming import slim
from crawler.scrub.units import plain
from pipelines.boilerplate.ruleset import RuleError, RuleSet
from pipelines.normalize import normalize, rules_from_settings

if TYPE_CHECKING:
    import argparse

    from crawler.pages.detect import Kind

SUFFIXES: dict[Kind, str] = {"html": ".html", "mhtml": ".html", "json": ".json", "markdown": ".md", "text": ".txt"}
ATTEMPTS = 2  # with other fakes, before more words are kept
PLACE = Path("fixtures") / "contributed"


class Command(ScrapyCommand):
    """Writes a fixture and what it is expected to read as."""

    requires_project = True
    requires_crawler_process = False
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

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Writes two files and says where; leaves the exit code in `exitcode`."""
        if len(args) != 1 or args[0].startswith("-"):
            raise UsageError("one FILE")
        settings: Any = self.settings
        limits = Limits(
            max_bytes=settings.getint("MAX_CAPTURE_BYTES"),
            max_nodes=settings.getint("MAX_NODES"),
            max_depth=settings.getint("MAX_DEPTH"),
        )
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
        print(json.dumps(report | {"same_shape": not made.differs}, ensure_ascii=False))

    def _fail(self, code: Exit, sentence: str) -> None:
        sys.stderr.write(sentence + "\n")
        self.exitcode = int(code)


class NotPossibleError(ValueError):
    """No fixture can be made; the message says why."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A fixture that has not been written yet."""

    text: str
    suffix: str
    name: str
    reading: Reading  # of the fixture
    differs: list[str]  # in which respects from the capture


class Maker:
    """Makes fixtures under one set of rules."""

    def __init__(self, rules: RuleSet, limits: Limits, phrases: list[str]) -> None:
        self.rules, self.limits = rules, limits
        words = [
            *(rule.pattern for rule in rules.rules),
            *(section.pattern for section in rules.sections),
            *(cue.pattern for cue in rules.cues),
            *(word for table in rules.tables.values() for word in table),
        ]
        self.wishes = Wishes(rule_words=tuple(words), phrases=tuple(phrases))

    def read(self, capture: Capture, text: str) -> Reading:
        """What `text` reads as in the place of `capture`'s content, normalised."""
        content = text.encode("utf-8", "surrogatepass")
        reading = pages.read(dataclasses.replace(capture, content=content, media_type=None, url=None), self.limits)
        if isinstance(reading.found, Article):
            reading.normalized = normalize(reading.found, self.rules)
        return reading

    def make(self, capture: Capture) -> Made:
        """The fixture of `capture`, the least kept that keeps its shape.

        Raises:
            NotPossibleError: it is no text, or some of its text would be left.
        """
        text, kind = self._text_of(capture)
        original = self.read(capture, text)
        before = [plain(text), *(value for _, value in values_of(original.found))]
        seed = hashlib.sha256(capture.content).hexdigest()
        slimmed = slim(text, lambda shorter: _same(self.read(capture, shorter), original)) if kind == "html" else text
        best: Made | None = None
        problem = ""
        for whole, in_body in ((False, False), (True, False), (False, True), (True, True)):
            for attempt in range(ATTEMPTS):
                wishes = dataclasses.replace(self.wishes, whole=whole, in_body=in_body, attempt=attempt)
                made = scrub(slimmed, kind, original, seed, wishes)
                reading = self.read(capture, made)
                left = _left(before, original, made, reading, wishes)
                if left:
                    problem = f"{len(left)} stretches of the capture would be left, such as {left[0]!r}"
                    continue
                differs = differences(original, reading)
                if best is None or len(differs) < len(best.differs):
                    name = f"{reading.template or type(reading.found).__name__.lower()}-{seed[:8]}"
                    best = Made(text=made, suffix=SUFFIXES[kind], name=name, reading=reading, differs=differs)
                if not differs:
                    return best
        if best is None:
            raise NotPossibleError(f"Nothing is written: {problem}. Please report it, without the file.")
        return best

    def _text_of(self, capture: Capture) -> tuple[str, Kind]:
        if capture.problem is not None:
            raise NotPossibleError(f"the file cannot be read: {capture.problem.detail}")
        document = decode(capture, self.limits)
        if isinstance(document, Rejected):
            raise NotPossibleError(f"no text to make a fixture of: {document.detail}")
        kind = kind_of(document)
        if kind != "mhtml":
            return document.text, kind
        for part in email.message_from_bytes(capture.content, policy=email.policy.compat32).walk():
            payload = part.get_payload(decode=True)
            if part.get_content_type() == "text/html" and isinstance(payload, bytes):
                inner = decode(dataclasses.replace(capture, content=payload), self.limits)
                if not isinstance(inner, Rejected):
                    return inner.text, "html"
        raise NotPossibleError("a web archive without a page in it")


def _same(one: Reading, other: Reading) -> bool:
    """Whether two readings say the same, sources and spans included."""
    before, after = one.normalized, other.normalized
    return (
        describe(one) == describe(other)
        and one.sources == other.sources
        and (before.spans if before else None) == (after.spans if after else None)
    )


def _left(before: list[str], original: Reading, made: str, reading: Reading, wishes: Wishes) -> list[str]:
    """Text and values of the original that would be left in the fixture."""
    kept = kept_texts(original, wishes)
    after = [plain(made), *(value for _, value in values_of(reading.found))]
    names = ("biz", "ghid", "alias", "mid", "sn", "comment_id", "name", "author", "account", "media_id", "title")
    values = [value for name, value in values_of(original.found) if name in names]
    values += [token for name, value in values_of(original.found) if "url" in name for token in tokens_of_url(value)]
    return [*survivors(before, after, kept, words_of(wishes)), *surviving_values(values, after[0], kept)]
