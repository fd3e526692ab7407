"""Captures are looked at, here or in several processes: hashed, looked up, read, split and compressed in workers."""

from __future__ import annotations

import hashlib
from collections import deque
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.items import Capture, CaptureSeen, FileSeen, Ignored, Reading, Rejected
from crawler.looking import limits_of
from pipelines.boilerplate.ruleset import load_rules
from pipelines.derive import Deriver
from pipelines.normalize import rule_files
from pipelines.store import raw
from pipelines.store.ledger import Ledger
from pipelines.workers import Loss, in_order

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

    from scrapy.settings import BaseSettings

    from crawler.pages.document import Limits

Found = Capture | FileSeen | Ignored
Looked = Reading | CaptureSeen | FileSeen | Ignored

# A worker that is past its own limit by so much is in native code, which only its end stops.
GRACE = 10.0  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a worker needs to look at captures; picklable."""

    database: Path
    limits: Limits
    rule_files: tuple[Path, ...]
    disabled_rules: tuple[str, ...]


def plan_of(settings: BaseSettings) -> Plan:
    """The plan that the project's settings make."""
    return Plan(
        database=Path(settings["DATABASE"]),
        limits=limits_of(settings),
        rule_files=tuple(rule_files(settings)),
        disabled_rules=tuple(settings.getlist("DISABLED_RULES")),
    )


class _Worker:
    """The state of a worker process, made once."""

    ledger: Ledger
    deriver: Deriver


def _start(plan: Plan) -> None:
    _Worker.ledger = Ledger(plan.database)
    _Worker.deriver = Deriver(plan.limits, load_rules(plan.rule_files, disabled=plan.disabled_rules))


def look(capture: Capture, ledger: Ledger, read: Callable[[Capture], Reading]) -> Reading | CaptureSeen:
    """What `read` makes of a capture, unless its very bytes are stored under its URI."""
    sha256 = hashlib.sha256(capture.content).hexdigest()
    known = ledger.capture(capture.uri, sha256, capture.hints)
    if known is not None:
        was_rejected = known == "rejected_known"
        return CaptureSeen(uri=capture.uri, sha256=sha256, was_rejected=was_rejected, file_uri=capture.file_uri)
    reading = read(capture)
    reading.sha256 = sha256
    return reading


def _look(found: Found) -> Looked:
    if not isinstance(found, Capture):
        return found
    looked = look(found, _Worker.ledger, _Worker.deriver.derive)
    if isinstance(looked, Reading):
        looked.packed = raw.pack(found.content) if found.content else None
        # Its bytes are at hand where it came from.
        looked.capture = replace(looked.capture, content=b"")
    return looked


def look_at_all(source: Iterable[Found], plan: Plan, jobs: int) -> Generator[Looked, None, None]:
    """What `jobs` workers make of everything that a source gives, in its order; all but captures passes through.

    Raises:
        WorkerError: a worker could not be started.
    """
    captures: deque[Capture] = deque()

    def given() -> Iterator[Found]:
        for found in source:
            if isinstance(found, Capture):
                captures.append(found)
            yield found

    def lost(found: Found, loss: Loss) -> Looked:
        if not isinstance(found, Capture):
            raise TypeError("what needs no reading was lost")
        what = "did not end in time" if loss == "time" else "ended the process that did it (out of memory?)"
        detail = f"reading it {what}; please report this page"
        return Reading(capture=found, found=Rejected(reason="too_complex", detail=detail))

    seconds = 2 * plan.limits.max_seconds + GRACE if plan.limits.max_seconds else 0
    results = in_order(_start, plan, _look, given(), jobs, seconds=seconds, lost=lost, known=_needs_no_reading)
    try:
        for looked in results:
            if isinstance(looked, Reading | CaptureSeen):
                capture = captures.popleft()
                if isinstance(looked, Reading):
                    looked.capture = replace(looked.capture, content=capture.content)
            yield looked
    finally:
        results.close()


def _needs_no_reading(found: Found) -> Looked | None:
    return None if isinstance(found, Capture) else found
