"""Captures are looked at, here or in several processes: hashed, looked up, read, split and compressed in workers."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.grouping import grouped
from crawler.items import Article, Capture, CaptureSeen, FileSeen, Ignored, Reading, Rejected
from crawler.pages import read
from pipelines.derive import Recipe
from pipelines.store import raw
from pipelines.store.ledger import Ledger
from pipelines.workers import in_order

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

    from scrapy.settings import BaseSettings

    from crawler.pages.document import Limits
    from pipelines.derive import Deriver
    from pipelines.workers import Loss

Found = Capture | FileSeen | Ignored
Looked = Reading | CaptureSeen | FileSeen | Ignored

# A worker that is past its own limit by so much is in native code, which only its end stops.
GRACE = 10.0  # seconds
# Chunks that wait at each worker, so that it has work while a group is committed.
AHEAD = 4
# Stands for a capture that is at hand where the reading goes.
_ELSEWHERE = Capture(
    uri="", name="", content=b"", captured_at=datetime.fromtimestamp(0, UTC), captured_at_source="mtime"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a worker needs to look at captures; picklable."""

    database: Path
    recipe: Recipe


def plan_of(settings: BaseSettings) -> Plan:
    """The plan that the project's settings make."""
    return Plan(database=Path(settings["DATABASE"]), recipe=Recipe.from_settings(settings))


def size_of(found: Found | Looked) -> int:
    """How many bytes of a capture something holds."""
    if isinstance(found, Reading):
        return len(found.capture.content)
    return len(found.content) if isinstance(found, Capture) else 0


def look_here(source: Iterable[Found], ledger: Ledger, limits: Limits) -> Generator[list[Looked], None, None]:
    """What this process makes of everything that a source gives, in groups; the pipelines do the rest."""
    return grouped((_look_here(found, ledger, limits) for found in source), size_of)


def _look_here(found: Found, ledger: Ledger, limits: Limits) -> Looked:
    if not isinstance(found, Capture):
        return found
    sha256 = raw.digest(found.content)
    seen = _seen_before(found, sha256, ledger)
    if isinstance(seen, CaptureSeen):
        return seen
    reading = read(seen, limits)
    reading.sha256 = sha256
    return reading


def _seen_before(capture: Capture, sha256: str, ledger: Ledger) -> CaptureSeen | Capture:
    """That a capture is known, where its very bytes, whose digest is `sha256`, are stored under its URI.

    Else the capture, with what it was told before of what its hints leave open.
    """
    known, hints = ledger.capture(capture.uri, sha256, capture.hints)
    if known is None:
        return capture if hints == capture.hints else replace(capture, hints=hints)
    was_rejected = known == "rejected_known"
    return CaptureSeen(uri=capture.uri, sha256=sha256, was_rejected=was_rejected, file_uri=capture.file_uri)


class _Worker:
    """The state of a worker process, made once."""

    ledger: Ledger
    deriver: Deriver


def _start(plan: Plan) -> None:
    _Worker.ledger = Ledger(plan.database)
    _Worker.deriver = plan.recipe.deriver()


def _look(chunk: list[Found]) -> list[Looked | None]:
    """What becomes of each of a chunk; None for what is no capture, and so comes through as it is."""
    looked: list[Looked | None] = [None] * len(chunk)
    digests: dict[int, str] = {}
    new: dict[int, Capture] = {}
    for place, found in enumerate(chunk):
        if isinstance(found, Capture):
            digests[place] = raw.digest(found.content)
            seen = _seen_before(found, digests[place], _Worker.ledger)
            if isinstance(seen, CaptureSeen):
                looked[place] = seen
            else:
                new[place] = seen
    for place, reading in zip(new, _Worker.deriver.derive_all(new.values()), strict=True):
        looked[place] = reading
        reading.sha256 = digests[place]
        reading.packed = raw.pack(new[place].content) if new[place].content else None
        # What the store does not need, or the one who asked has at hand, is not sent.
        reading.capture = _ELSEWHERE if reading.capture is chunk[place] else replace(reading.capture, content=b"")
        if isinstance(reading.found, Article):
            reading.found.marks = []
    return looked


def look_at_all(source: Iterable[Found], plan: Plan, jobs: int) -> Generator[list[Looked], None, None]:
    """What `jobs` workers make of everything that a source gives, in its order; all but captures passes through.

    Raises:
        WorkerError: a worker could not be started.
    """
    chunks: deque[list[Found]] = deque()

    def given() -> Iterator[list[Found]]:
        for chunk in grouped(source, size_of):
            chunks.append(chunk)
            yield chunk

    limit = plan.recipe.limits.max_seconds
    seconds = 2 * limit + GRACE if limit else 0
    results = in_order(
        _start,
        plan,
        _look,
        given(),
        jobs,
        seconds=seconds,
        lost=_lost,
        known=_needs_no_reading,
        parts=_parts,
        ahead=AHEAD,
    )
    left: list[Found] = []
    try:
        for looked in results:
            # A chunk comes back in parts where it was lost.
            left = left or chunks.popleft()
            yield [_with_capture(*pair) for pair in zip(left, looked, strict=False)]
            left = left[len(looked) :]
    finally:
        results.close()


def _with_capture(found: Found, looked: Looked | None) -> Looked:
    if isinstance(looked, Reading) and isinstance(found, Capture):
        is_as_it_was = looked.capture.uri == _ELSEWHERE.uri
        looked.capture = found if is_as_it_was else replace(looked.capture, content=found.content)
    if looked is not None:
        return looked
    if isinstance(found, Capture):
        raise TypeError("a capture that nobody has looked at")
    return found


def _needs_no_reading(chunk: list[Found]) -> list[Looked | None] | None:
    return None if any(isinstance(found, Capture) for found in chunk) else [None] * len(chunk)


def _parts(chunk: list[Found]) -> list[list[Found]]:
    return [[found] for found in chunk]


def _lost(chunk: list[Found], loss: Loss) -> list[Looked | None]:
    """What becomes of a single capture that is lost with its worker."""
    what = "did not end in time" if loss == "time" else "ended the process that did it (out of memory?)"
    why = Rejected(reason="too_complex", detail=f"reading it {what}; please report this page")
    return [Reading(capture=_ELSEWHERE, found=why) if isinstance(found, Capture) else None for found in chunk]
