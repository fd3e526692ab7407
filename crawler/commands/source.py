"""`scrapy source`: what is read again and again, and how often."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy.exceptions import UsageError

from crawler.commands._found import harmless
from crawler.commands._tables import print_json, print_table
from crawler.commands._targets import (
    TARGETS,
    files_options,
    recheck_options,
    recheck_target,
    shown_target,
    times_in_a_row,
)
from crawler.durations import parse_every
from crawler.exits import Exit
from crawler.given import ProjectCommand
from crawler.terminal import until_reader_leaves
from crawler.times import utc_text
from pipelines.store import rechecks, sources
from pipelines.store.database import DatabaseError, check_place, connect, explain, open_for_writing, schema_version
from pipelines.store.lock import DatabaseLockedError, run_lock

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator
    from sqlite3 import Connection

    from pipelines.store.sources import Source

ACTIONS = ("add", "list", "pause", "resume", "remove")
COLUMNS = ("source", "kind", "target", "every", "next due (UTC)", "last run", "options")
_THEN = "`scrapy schedule` prints the crontab."
# The kinds that an option is for.
_KINDS_OF = {
    "layout": ("files",),
    "sidecar": ("files",),
    "account": ("recheck",),
    "at": ("recheck",),
    "fetch": ("album", "account", "feed"),
}


class Command(ProjectCommand):
    """Adds, lists, pauses and removes sources."""

    default_settings = {"LOG_ENABLED": False}  # noqa: RUF012 - Scrapy's own convention

    def syntax(self) -> str:
        """The words after the command's name."""
        return "add KIND [TARGET] [options] | list | pause|resume|remove NUMBER"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Say what is to be read again and again, and how often"

    def long_desc(self) -> str:
        """What --help says first."""
        return (
            "Say what is to be read again and again, and how often; `scrapy schedule` then prints the crontab. "
            "`add files PATH` (with --layout, --sidecar), `add album URL`, `add account BIZ`, `add feed URL` (these "
            "with --fetch), `add articles` (what is pending in the frontier), `add recheck --account NAME --at "
            "1d,7d,30d,180d` (an account's articles, looked at again for edits and deletions at these ages; without "
            "--account all). Adding what is there already changes how often and with which options. `list` shows all; "
            "`pause`, `resume` and `remove` take the number of one. Nothing is fetched, and no run is waited for."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Adds the options of the kinds, and --json."""
        super().add_options(parser)
        add = parser.add_argument
        add("--every", metavar="TIME", help="15m, 6h, daily (the default), weekly, monthly")
        add("--layout", metavar="PATTERN", help="files: what paths tell, '{year}/{account}/{date} - {title}'")
        add("--sidecar", metavar="TABLE", help="files: a table that says more of them")
        add("--account", metavar="NAME", help="recheck: biz, gh_ id, alias or name of an account in the database")
        add("--at", metavar="AGES", help=f"recheck: ages of articles (default: {','.join(rechecks.DEFAULT_AT)})")
        add("--fetch", action="store_true", help="album, account, feed: fetch the articles that they name, too")
        add("--json", action="store_true", help="list: one JSON object a line")

    @until_reader_leaves()
    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Does what the first word says; leaves the exit code in `exitcode`."""
        self.exitcode = 0
        action, words = _checked(args, opts)
        settings: Any = self.settings
        database = Path(settings["DATABASE"]).expanduser().resolve()
        try:
            if action == "list":
                with closing(connect(database, read_only=True)) as db:
                    self.exitcode = _list(db.conn, as_json=opts.json)
            else:
                with _short_work(database, settings.getfloat("LOCK_WAIT"), make=action == "add") as connection:
                    self.exitcode = (
                        _add(connection, words, opts) if action == "add" else _change(connection, action, words[0])
                    )
        except DatabaseLockedError as error:
            self._fail(Exit.LOCKED, str(error))
        except DatabaseError as error:
            self._fail(Exit.DATABASE, str(error))
        except sqlite3.Error as error:
            is_busy = error.sqlite_errorcode in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
            sentence = f"{database} is busy with one long piece of work; try again when it has ended"
            self._fail(Exit.LOCKED if is_busy else Exit.DATABASE, sentence if is_busy else explain(error, database))

    def _fail(self, code: Exit, sentence: str) -> None:
        sys.stderr.write(f"{sentence}\n")
        self.exitcode = int(code)


def _checked(args: list[str], opts: argparse.Namespace) -> tuple[str, list[str]]:
    """The action and its words. Raises UsageError."""
    end = args.index("--") if "--" in args else len(args)
    unknown = [word for word in args[:end] if word.startswith("-")]
    if unknown:
        raise UsageError(f"unknown option {unknown[0]}; words that begin with - come after --")
    words = args[:end] + args[end + 1 :]
    if not words or words[0] not in ACTIONS:
        raise UsageError(f"say what to do: {', '.join(ACTIONS)}")
    action, *words = words
    if action == "list" and words:
        raise UsageError("`list` takes no words")
    if action in ("pause", "resume", "remove") and (len(words) != 1 or not words[0].isdecimal() or len(words[0]) > 18):
        raise UsageError(f"`{action}` takes the number of one source; `scrapy source list` shows them")
    if action == "add":
        _check_add(words, opts)
    return action, words


def _check_add(words: list[str], opts: argparse.Namespace) -> None:
    if not words or words[0] not in sources.KINDS:
        raise UsageError(f"say of which kind: {', '.join(sources.KINDS)}")
    kind = words[0]
    wanted = 2 if kind in TARGETS else 1
    if len(words) != wanted:
        raise UsageError(
            f"`add {kind}` takes {'one target' if wanted == 2 else 'no target'}: {' '.join(words[1:]) or 'none given'}"
        )
    for name, kinds in _KINDS_OF.items():
        if getattr(opts, name) and kind not in kinds:
            raise UsageError(f"--{name} is not for {kind}")


@contextmanager
def _short_work(database: Path, wait: float, *, make: bool) -> Iterator[Connection]:
    """A connection for one short transaction, beside a run that may be going on.

    A run commits every second, so the busy timeout is enough and its lock is not asked for; only where the database is
    not there yet, or is to be brought up to date, is that a run's work.
    """
    check_place(database)
    if make and not database.exists():
        with run_lock(database, wait=wait):
            open_for_writing(database).close()
    elif not database.exists():
        connect(database, read_only=True)
    with closing(connect(database)) as db:
        is_old = db.conn.execute("PRAGMA user_version").fetchone()[0] != schema_version()
        if not is_old:
            yield db.conn
    if is_old:
        with run_lock(database, wait=wait), closing(open_for_writing(database)) as db:
            yield db.conn


def _add(db: Connection, words: list[str], opts: argparse.Namespace) -> int:
    kind = words[0]
    options: dict[str, Any] = {}
    target = ""
    try:
        every = parse_every(opts.every or "daily")
        if kind in TARGETS:
            target = TARGETS[kind](words[1])
        if kind == "files":
            options = files_options(opts.layout, opts.sidecar)
        if opts.fetch:
            options = {"fetch": "yes"}
        if kind == "recheck":
            target, options = recheck_target(db, opts.account), recheck_options(opts.at)
    except ValueError as error:
        raise UsageError(str(error), print_help=False) from error
    number, is_new = sources.add(db, kind, target, every, options, utc_text(datetime.now(UTC)))
    what = " ".join(filter(None, (kind, target)))
    print(f"source {number} {'added' if is_new else 'changed'}: {harmless(what)}, {every}. {_THEN}")
    if kind == "files" and not Path(target).exists() and not set("*?[") & set(target):
        sys.stderr.write(f"note: there is nothing at {harmless(target)} yet\n")
    return 0


def _change(db: Connection, action: str, number: str) -> int:
    if action == "remove":
        is_done = sources.remove(db, int(number))
    else:
        is_done = sources.pause(db, int(number), paused=action == "pause")
    if not is_done:
        sys.stderr.write(f"there is no source {number}; `scrapy source list` shows which there are\n")
        return int(Exit.FAILED)
    said = {"pause": "paused", "resume": "goes on", "remove": "removed; what it brought stays"}[action]
    print(f"source {number} {said}. {_THEN}")
    return 0


def _list(db: Connection, *, as_json: bool) -> int:
    known = sources.load(db)
    if as_json:
        for source in known:
            print_json(asdict(source) | {"target": shown_target(source)})
    elif known:
        print_table(COLUMNS, [_row(db, source) for source in known])
    else:
        sys.stderr.write("there is no source yet; `scrapy source add files FOLDER --every daily` adds one\n")
    return 0


def _row(db: Connection, source: Source) -> list[Any]:
    target = shown_target(source)
    if source.kind == "recheck":
        label = "every account" if target == rechecks.EVERY_ACCOUNT else rechecks.account_label(db, target)
        target = f"{label or 'no such account any more'} ({target})"
    last = ""
    if source.last_run_id is not None:
        last = f"{source.last_started_at} (run {source.last_run_id}, exit {source.last_exit_code})"
    options = ", ".join(f"{name}={_shown(value)}" for name, value in source.options.items())
    due = "paused" if source.is_paused else source.next_due
    if source.failures and not source.is_paused:
        due = f"{due} (failed {times_in_a_row(source.failures)})"
    return [source.id, source.kind, target, source.every, due, last, options]


def _shown(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)
