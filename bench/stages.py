"""What each stage of a capture's way costs alone, on the same captures.

    python -m bench.stages CAPTURES DATABASE TIMES

Prints one JSON object: stage -> processor seconds, medians. In a process of its own: what it holds in memory would be
counted as that of every command that the benchmark starts after it.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from bench.measuring import fresh
from crawler.items import Article, Capture
from crawler.pages import read
from crawler.sources import FileSource
from pipelines.boilerplate.ruleset import load_rules
from pipelines.dedupe import fingerprint
from pipelines.normalize import normalize
from pipelines.store import search_index, writer
from pipelines.store.database import open_for_writing

if TYPE_CHECKING:
    from collections.abc import Callable
    from sqlite3 import Connection

    from crawler.items import Reading
    from pipelines.boilerplate.ruleset import RuleSet

Found = TypeVar("Found")
NOW = "2026-01-01T00:00:00Z"
GROUP = 500


def measure(path: Path, database: Path, times: int) -> dict[str, float]:
    """Processor seconds of each stage, medians of so many times. `database` is made and left."""
    rules = load_rules()
    seconds: dict[str, list[float]] = {}

    def timed(stage: str, work: Callable[[], Found]) -> Found:
        begun = time.process_time()
        found = work()
        seconds.setdefault(stage, []).append(time.process_time() - begun)
        return found

    for _ in range(times):
        captures = timed("files", lambda: [found for found in FileSource([path]) if isinstance(found, Capture)])
        readings = timed("read", partial(_read, captures))
        articles = [reading for reading in readings if isinstance(reading.found, Article)]
        timed("normalise", partial(_normalize, articles, rules))
        timed("dedupe", partial(_fingerprint, articles))
        with closing(open_for_writing(fresh(database))) as db:
            timed("store", partial(_store, db.conn, readings))
            timed("    of which index", partial(search_index.rebuild, db.conn))
    return {stage: statistics.median(found) for stage, found in seconds.items()}


def _read(captures: list[Capture]) -> list[Reading]:
    return [read(capture) for capture in captures]


def _normalize(readings: list[Reading], rules: RuleSet) -> None:
    for reading in readings:
        if isinstance(reading.found, Article):
            reading.normalized = normalize(reading.found, rules)


def _fingerprint(readings: list[Reading]) -> None:
    for reading in readings:
        if isinstance(reading.found, Article) and reading.normalized is not None:
            reading.fingerprint = fingerprint(reading.found.full_text, reading.normalized.body)


def _store(db: Connection, readings: list[Reading]) -> None:
    for start in range(0, len(readings), GROUP):
        db.execute("BEGIN IMMEDIATE")
        for reading in readings[start : start + GROUP]:
            writer.write(db, reading, now=NOW, run_id=None)
        db.commit()


def main() -> int:
    """Prints what the stages cost."""
    captures, database, times = sys.argv[1:]
    print(json.dumps(measure(Path(captures), Path(database), int(times))))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
