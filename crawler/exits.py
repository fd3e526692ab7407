"""Exit codes that cron can trust, and what each one means for a person (a contract)."""

from __future__ import annotations

import shlex
import signal
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

from crawler.text import tidy_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NOTE = "archive/note"  # stat: a sentence for the operator, whatever the exit code
OUTCOMES = (
    "stored",
    "revised",
    "unchanged",
    "notice",
    "listing",
    "rejected",
    "rejected_known",
    "seen_before",
    "ignored",
)


class Exit(IntEnum):
    """How a run ended."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    STOPPED_BY_SITE = 3
    DATABASE = 4
    REJECTED = 5
    LOCKED = 75
    INTERRUPTED = 128 + signal.SIGINT
    TERMINATED = 128 + signal.SIGTERM


class ArgumentError(ValueError):
    """A spider argument (`-a`) that cannot be used; the message says what to do."""


def exit_code(
    counts: Mapping[str, int], *, store_error: bool, faults: int, signum: int | None, stopped_by_site: bool
) -> int:
    """The code of a run from what happened in it. When several hold: 4, 1, a signal, 3, 5.

    `counts` by outcome; of a run on the network also `failed`, the URLs that could not be fetched.
    """
    if store_error:
        return Exit.DATABASE
    if faults:
        return Exit.FAILED
    if signum is not None:
        return 128 + signum
    if stopped_by_site:
        return Exit.STOPPED_BY_SITE
    return Exit.REJECTED if counts.get("rejected") or counts.get("failed") else Exit.DONE


LONGEST_LINE = 400  # characters: a mail is read on a telephone
_MOST_DRIFT = 2  # sentences; `scrapy runs` has them all


class _Words(NamedTuple):
    """What an operator is told of an exit code; {detail} says why, {stored} how much came in before."""

    happened: str
    lost: str
    to_do: str


_NOTHING_READ = "nothing; this run has read nothing, the database is as it was."
_TOLD_TO_STOP = "nothing; what is whole is stored, the rest is read by the next run."
_WORDS: dict[int, _Words] = {
    Exit.FAILED: _Words(
        "The run failed: {detail} {stored}",
        "nothing; what was stored before that is kept.",
        "run it again; if it fails the same way, run it with -s LOG_LEVEL=INFO and report what it prints.",
    ),
    Exit.USAGE: _Words(
        "The command cannot be run as it stands: {detail}",
        _NOTHING_READ,
        "mend the command (in the crontab, if cron ran it).",
    ),
    Exit.STOPPED_BY_SITE: _Words(
        "The site stopped the run: {detail} {stored}",
        "nothing; what was not fetched is still pending.",
        "leave the site alone until the next try; more requests now make it worse.",
    ),
    Exit.DATABASE: _Words(
        "The database failed: {detail}",
        "nothing that was committed; captures that were not are read again by the next run.",
        "what the line above says, then `scrapy doctor`; a copy made by `scrapy backup` can take its place.",
    ),
    Exit.LOCKED: _Words(
        "Nothing was done: {detail}",
        _NOTHING_READ,
        "nothing, if that run is one of yours; `scrapy doctor` says which process it is.",
    ),
    Exit.INTERRUPTED: _Words("The run was told to stop (SIGINT). {stored}", _TOLD_TO_STOP, "nothing."),
    Exit.TERMINATED: _Words("The run was told to stop (SIGTERM). {stored}", _TOLD_TO_STOP, "nothing."),
}


def explain(
    code: int,
    counts: Mapping[str, int],
    detail: str,
    database: str,
    *,
    drift: Sequence[str] = (),
    next_try: str | None = None,
) -> list[str]:
    """At most eight lines for the operator: what happened, what was lost, what to do, when the next try is.

    Args:
        code: how the run ended; any `Exit`.
        counts: by outcome.
        detail: why it ended so.
        database: its path.
        drift: sentences about templates that have changed.
        next_try: UTC text: when a schedule reads this source again; None where there is none.
    """
    if code == Exit.DONE:
        return []
    if code == Exit.REJECTED:
        happened, to_do = _rejected(counts, database, drift)
        lost = "nothing; every capture is kept, or stays where it was."
    else:
        words = _WORDS[code]
        happened = [words.happened.format(detail=_sentence(detail), stored=_stored(counts))]
        lost, to_do = words.lost, words.to_do
    when = f"{next_try}, as scheduled." if next_try else "at the next run of cron, or when you run it again."
    lines = [*happened, f"Lost: {lost}", f"To do: {to_do}", f"Next try: {when}"]
    return [line if len(line) <= LONGEST_LINE else f"{line[: LONGEST_LINE - 1]}…" for line in map(tidy_line, lines)]


def _rejected(counts: Mapping[str, int], database: str, drift: Sequence[str]) -> tuple[list[str], str]:
    """What happened in a run that could not read or fetch something, or met pages that have changed; what to do."""
    happened, to_do = [], []
    if rejected := counts.get("rejected"):
        happened.append(f"{_captures(rejected)} could not be read; everything else is stored.")
        query = "'SELECT name, reason, detail FROM rejected ORDER BY first_seen_at DESC'"
        to_do.append(
            f"see why: sqlite3 {shlex.quote(database)} {query}. The same bytes will not raise this alarm again."
        )
    if failed := counts.get("failed"):
        happened.append(
            f"{failed} URL{'' if failed == 1 else 's'} could not be fetched; what is not gone is asked for again later."
        )
        query = "\"SELECT url, state, not_before, error FROM frontier WHERE state IN ('failed', 'dead')\""
        to_do.append(f"see why below; of articles also: sqlite3 {shlex.quote(database)} {query}.")
    if drift:
        happened += drift[:_MOST_DRIFT]
        if len(drift) > _MOST_DRIFT:
            happened.append(f"... and {len(drift) - _MOST_DRIFT} more; `scrapy runs` and its number show all.")
        to_do.append(
            "`scrapy read` a new capture; if the site's pages have changed, update the project or report it, then "
            "`scrapy renormalize`."
        )
    return happened, " ".join(to_do)


def _stored(counts: Mapping[str, int]) -> str:
    """How much a run has stored, in a sentence; nothing where it has not counted."""
    new = sum(counts.get(name, 0) for name in ("stored", "revised", "notice", "listing"))
    return f"{_captures(new)} {'is' if new == 1 else 'are'} stored." if new else ""


def _captures(count: int) -> str:
    return f"{count} new capture{'' if count == 1 else 's'}"


def _sentence(text: str) -> str:
    """`text` with a full stop at its end; where there is none, where to look."""
    text = text.strip() or "the log says why"
    return text if text.endswith((".", "!", "?", "。")) else f"{text}."
