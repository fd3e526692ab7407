"""`scrapy schedule`: the crontab for the sources that there are. It prints, and sets nothing."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy.exceptions import UsageError
from scrapy.spiderloader import get_spider_loader

from crawler.commands._found import harmless
from crawler.commands._options import positive
from crawler.commands._tables import print_json
from crawler.commands._targets import holds_secret, shown_target, times_in_a_row
from crawler.crontab import Place, command_line, crawl_line
from crawler.durations import interval
from crawler.reading_command import ReadingCommand
from crawler.settings import PROJECT
from pipelines.store import schedule, sources

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator
    from sqlite3 import Connection

    from pipelines.store.sources import Source

MAX_AGE = "8d"  # for weekly sources, and a day's grace
_KEEP = 14  # copies
_RETRY_EVERY = "30m"
# After the runs of the night, and before them.
_DOCTOR_TIME, _BACKUP_TIME = "30 6 * * *", "40 2 * * *"


class Command(ReadingCommand):
    """Prints lines for `crontab -e`."""

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Print the crontab for the sources that there are; sets nothing"

    def long_desc(self) -> str:
        """What --help says first."""
        return (
            "Print lines for a crontab: one for each source that is not paused, one that looks after the database, "
            "and with --backup FOLDER one that copies it. Paths are absolute; runs queue for each other, say nothing "
            "when all is well, and else at most ten lines, which cron mails. Nothing is set: review the lines and put "
            "them in with `crontab -e`. Times are those of the machine's clock."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Adds --log, --backup, --keep and --json."""
        super().add_options(parser)
        add = parser.add_argument
        add("--log", metavar="FILE", help="where runs log to (default: beside the database, its name and .log)")
        add("--backup", metavar="FOLDER", help="a line that copies the database there every night")
        add("--keep", metavar="N", type=positive, default=_KEEP, help=f"copies that are kept (default: {_KEEP})")
        add("--json", action="store_true", help="one JSON object a line: source, times, command")

    def ask(self, db: Connection, args: list[str], opts: argparse.Namespace) -> int:
        """Prints to standard output."""
        settings: Any = self.settings
        database = Path(settings["DATABASE"]).expanduser().resolve()
        place = Place(
            folder=PROJECT,
            scrapy=_program(),
            database=database,
            contact=settings.get("CONTACT") or "",
            credentials=_absolute(settings.get("CREDENTIALS")),
            log=Path(opts.log).expanduser().resolve() if opts.log else database.with_name(database.name + ".log"),
        )
        backups = _backup_folder(opts)
        known = sources.load(db)
        spiders = set(get_spider_loader(settings).list())
        lines = list(_source_lines(known, place, spiders))
        lines += list(_retry_lines(known, place, spiders))
        lines += list(_upkeep_lines(place, backups, opts.keep))
        if opts.json:
            for number, about, line in lines:
                print_json({"source": number, "about": about, "line": line})
            return 0
        sys.stdout.write(f"# {database}: review these lines, then put them in with `crontab -e`.\n")
        sys.stdout.write("# Cron mails what a run prints: nothing when all is well, else at most ten lines.\n")
        sys.stdout.write("# MAILTO=you@example.org\n")
        if not place.contact and any(source.kind != "files" for source in known):
            sys.stdout.write("# The setting CONTACT is not set: what asks a site refuses to run (docs/network.md).\n")
        for _, about, line in lines:
            sys.stdout.write(f"\n# {harmless(about)}\n{line}\n" if line else f"\n# {harmless(about)}\n")
        if not known:
            sys.stderr.write("there is no source yet; `scrapy source add files FOLDER --every daily` adds one\n")
        return 0


# Of which source, what it is about, the line (empty: there is nothing to run).
Line = tuple[int | None, str, str]


def _source_lines(known: list[Source], place: Place, spiders: set[str]) -> Iterator[Line]:
    rechecks = [source for source in known if source.kind == "recheck" and not source.is_paused]
    for source in known:
        about = f"source {source.id}: {source.kind} {shown_target(source)}".rstrip()
        if holds_secret(source):
            yield source.id, f"{about}: its URL holds a secret; remove it, and add it with {{KEY}} in its place", ""
        elif source.is_paused:
            yield source.id, f"{about}: paused", ""
        elif source.kind not in sources.KINDS or (spider := sources.KINDS[source.kind].spider) not in spiders:
            yield source.id, f"{about}: this release has no spider for it", ""
        elif source.kind != "recheck":
            arguments = sources.arguments_of(source)
            if source.failures:
                about += f" (failed {times_in_a_row(source.failures)}, next try {source.next_due})"
            yield source.id, f"{about}, {source.every}", _said(place, source, spider, arguments)
        elif source is rechecks[0]:
            # One run looks at everything that is due.
            often = min(rechecks, key=lambda one: interval(one.every))
            numbers = ", ".join(str(one.id) for one in rechecks)
            yield (
                source.id,
                f"source{'s' if len(rechecks) > 1 else ''} {numbers}: what is to be looked at again, {often.every}",
                _said(place, often, spider, {"only": schedule.RECHECKS}),
            )


def _retry_lines(known: list[Source], place: Place, spiders: set[str]) -> Iterator[Line]:
    """One run tries again what could not be read, sooner than its own line would."""
    if "due" in spiders and any(source.kind != "files" and not source.is_paused for source in known):
        line = crawl_line(place, _RETRY_EVERY, 0, "due", {"only": schedule.FAILED})
        yield None, "what could not be read is tried again, sooner than it is due, less and less soon", line


def _said(place: Place, source: Source, spider: str, arguments: dict[str, str]) -> str:
    try:
        return crawl_line(place, source.every, source.id, spider, arguments)
    except ValueError as error:
        raise UsageError(f"source {source.id}: {error}", print_help=False) from error


def _absolute(name: str | None) -> str:
    return str(Path(name).expanduser().resolve()) if name else ""


def _upkeep_lines(place: Place, backups: Path | None, keep: int) -> Iterator[Line]:
    try:
        doctor = command_line(place, _DOCTOR_TIME, ["doctor", "--max-age", MAX_AGE, "--quiet"])
        yield None, f"is all well, and was a run completed within {MAX_AGE}?", doctor
        if backups is None:
            yield None, "no copies are made: `scrapy schedule --backup FOLDER` prints a line that makes them", ""
            return
        words = ["backup", str(backups), "--keep", str(keep), "--quiet"]
        yield None, f"a copy every night, the latest {keep} are kept", command_line(place, _BACKUP_TIME, words)
    except ValueError as error:
        raise UsageError(str(error), print_help=False) from error


def _backup_folder(opts: argparse.Namespace) -> Path | None:
    if not opts.backup:
        return None
    folder = Path(opts.backup).expanduser().resolve()
    if not folder.is_dir():
        raise UsageError(f"there is no folder {folder}; make it first", print_help=False)
    return folder


def _program() -> tuple[str, ...]:
    """The scrapy that runs now, by an absolute path: cron's PATH is short."""
    beside = Path(sys.executable).with_name("scrapy")
    return (str(beside),) if beside.exists() else (sys.executable, "-m", "scrapy")
