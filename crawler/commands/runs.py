"""`scrapy runs`: what the latest runs did and why they ended; one of them in full."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy.exceptions import UsageError

from crawler import exits
from crawler.commands._options import positive
from crawler.commands._tables import print_fields, print_json, print_table
from crawler.durations import about
from crawler.reading_command import ReadingCommand
from crawler.times import from_utc_text
from pipelines.store import runs, schedule
from pipelines.store.lock import holder

if TYPE_CHECKING:
    import argparse
    from sqlite3 import Connection

    from pipelines.store.runs import Run

COLUMNS = ("run", "started (UTC)", "took", "spider", "what", "outcomes", "exit", "why")
_SHOWN = 10  # rejected captures of one run
_WHY_LENGTH = 120  # characters
# For an exit code that nothing else explains.
_MEANING = {
    exits.Exit.DONE: "done",
    exits.Exit.REJECTED: "something new was rejected",
    exits.Exit.LOCKED: "another run held the lock",
}


class Command(ReadingCommand):
    """Prints rows of `runs`."""

    words = "[RUN]"
    most_words = 1

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Show recent runs, their outcomes and why they ended; RUN shows one in full"

    def long_desc(self) -> str:
        """What --help says first."""
        return (
            "Show the latest runs, the latest first: when, how long, which spider, what it read, what came of it, "
            "exit code and why. With the number of a RUN: everything about that one, with what could not be read. "
            "A table on a terminal, lines separated by tabs in a pipe."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Adds --limit and --json."""
        super().add_options(parser)
        parser.add_argument("--limit", metavar="N", type=positive, default=20, help="at most so many (default: 20)")
        parser.add_argument("--json", action="store_true", help="one JSON object a line")

    def ask(self, db: Connection, args: list[str], opts: argparse.Namespace) -> int:
        """Prints to standard output."""
        settings: Any = self.settings
        database = Path(settings["DATABASE"]).expanduser().resolve()
        if args:
            return self._one(db, args[0], database, opts)
        found = runs.recent(db, opts.limit)
        if opts.json:
            for run in found:
                print_json(_object(run, database))
        elif not found:
            return self.refuse("there has been no run yet; `scrapy crawl files -a path=FOLDER` makes one")
        else:
            print_table(COLUMNS, [_row(run, database) for run in found])
        return 0

    def _one(self, db: Connection, word: str, database: Path, opts: argparse.Namespace) -> int:
        if not word.isdecimal():
            raise UsageError(f"a run is named by its number, not {word!r}")
        run = runs.load(db, int(word)) if len(word) < 19 else None
        if run is None:
            return self.refuse(f"there is no run {word}; `scrapy runs` shows which there are")
        if opts.json:
            print_json(_object(run, database))
            return 0
        told = _object(run, database)
        counts = told.pop("counts")
        drift = told.pop("drift")
        print_fields(told | {"arguments": _arguments(run), "took": _took(run)} | {n: c for n, c in counts.items() if c})
        for one in drift:
            print_fields({"drift": one["sentence"]})
        rejected = runs.rejected(db, run.id, _SHOWN + 1)
        for name, reason, detail in rejected[:_SHOWN]:
            print_fields({"rejected": f"{name}: {reason}: {detail}"})
        if len(rejected) > _SHOWN:
            print_fields({"rejected": f"... and more; see the view rejected, run_id {run.id}"})
        self._advise(db, run, database)
        return 0

    def _advise(self, db: Connection, run: Run, database: Path) -> None:
        """What the operator was told when it ended."""
        if run.exit_code is None or run.spider in runs.UPKEEP:
            return
        next_try = schedule.next_try(db, run.spider, run.arguments, datetime.now(UTC), run_id=run.id)
        drift = [one["sentence"] for one in run.drift]
        for line in exits.explain(
            run.exit_code, run.counts, run.detail or "", str(database), drift=drift, next_try=next_try
        ):
            name, _, rest = line.partition(": ")
            print_fields({name: rest} if name in ("To do", "Next try") else {})


def _object(run: Run, database: Path) -> dict[str, Any]:
    made = asdict(run)
    made["state"] = _state(run, database)
    return made


def _row(run: Run, database: Path) -> list[Any]:
    counts = ", ".join(
        f"{name} {run.counts[name]}" for name in (*exits.OUTCOMES, "derived", "damaged") if run.counts.get(name)
    )
    code = "" if run.exit_code is None else run.exit_code
    return [run.id, run.started_at, _took(run), run.spider, _arguments(run), counts, code, _why(run, database)]


def _state(run: Run, database: Path) -> str:
    """`running`, `killed` or `ended`."""
    if run.finished_at is None:
        return "running" if holder(database) else "killed"
    return "killed" if run.exit_code is None else "ended"


def _why(run: Run, database: Path) -> str:
    state = _state(run, database)
    if state != "ended":
        return "running" if state == "running" else "killed: it ended without a word"
    if run.detail:
        return run.detail if len(run.detail) <= _WHY_LENGTH else run.detail[: _WHY_LENGTH - 1] + "…"
    if run.drift:
        more = f" (and {len(run.drift) - 1} more)" if len(run.drift) > 1 else ""
        return f"drift: {run.drift[0]['sentence']}{more}"
    return _MEANING.get(run.exit_code or 0, run.finish_reason or "")  # type: ignore[call-overload, no-any-return]


def _took(run: Run) -> str:
    if run.finished_at is None:
        return ""
    seconds = run.counts.get("seconds")
    if isinstance(seconds, (int, float)):
        return about(timedelta(seconds=seconds))
    return about(from_utc_text(run.finished_at) - from_utc_text(run.started_at))


def _arguments(run: Run) -> str:
    return " ".join(f"{name}={value}" for name, value in run.arguments.items())
