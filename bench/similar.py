"""Near-duplicates: what is found of what is there, whether it is called by its name, and what an article costs.

    python -m bench.similar [--articles 20000] [--cost 1000 20000 100000] [--seed 1]

The articles are those of `bench.articles`. What is there is counted without any index: within a frame every pair is
compared, across frames none is alike. The cost is that of a stored article's likeness alone (signature, bands,
verifying, clusters, its share of what a commit does), in processor time: that of the same articles, stored into
databases that hold more and more others.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import tempfile
import time
from collections import Counter, defaultdict
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import combinations, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from bench.articles import Made, archive
from crawler.items import Account, Article, Capture, Normalized, Reading
from crawler.text import compact
from pipelines.dedupe import fingerprint
from pipelines.store import duplicates
from pipelines.store.database import open_for_writing
from pipelines.store.writer import write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from sqlite3 import Connection

    from sqlite_utils import Database

START = datetime(2016, 1, 1, 1, tzinfo=UTC)
NOW = "2026-01-01T00:00:00Z"
GROUP = 500
WINDOW = 4000  # articles that a cost is the mean of
SHORTEST = 20  # code points that are compared at all


def key_of(number: int) -> str:
    """The key of the article with this number."""
    return f"mp:MzAwMDAwMDAwMQ==:{number}:1"


def reading_of(made: Made, number: int) -> Reading:
    """An invented article as the store takes it."""
    at = START + timedelta(days=made.day)
    return Reading(
        capture=Capture(
            uri=f"file:///archive/{number}",
            name=str(number),
            content=str(number).encode(),
            captured_at=at,
            captured_at_source="mtime",
        ),
        found=Article(
            evidence="page",
            key=key_of(number),
            account=Account(name=f"号{made.account}"),
            full_text=made.body,
            title=made.title,
            published_at=at,
            published_precision="second",
            published_source="page",
        ),
        normalized=Normalized(body=made.body, spans=[], credits=[], rules_version="bench"),
        fingerprint=fingerprint(made.body, made.body),
    )


class Clock:
    """Processor seconds spent in the functions that it watches."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def watch(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, watched."""

        def watched(*args: Any) -> Any:
            begun = time.process_time()
            try:
                return function(*args)
            finally:
                self.seconds += time.process_time() - begun

        return watched


def store(db: Database, made: Iterable[Made], first: int = 1) -> float:
    """Stores articles under keys from number `first` on; the processor seconds that their likeness took."""
    clock = Clock()
    with (
        patch.object(duplicates, "link", clock.watch(duplicates.link)),
        patch.object(duplicates, "settle", clock.watch(duplicates.settle)),
        patch(f"{__name__}.fingerprint", clock.watch(fingerprint)),
    ):
        for number, one in enumerate(made, first):
            if not db.conn.in_transaction:
                db.conn.execute("BEGIN IMMEDIATE")
            write(db.conn, reading_of(one, number), now=NOW, run_id=None)
            if number % GROUP == 0:
                db.conn.commit()
        db.conn.commit()
    return clock.seconds


def costs(sizes: list[int], seed: int, folder: Path) -> Iterator[tuple[int, float]]:
    """The seconds that an article takes where so many are stored: the same articles each time, in a copy."""
    path, copy = folder / "cost.db", folder / "copy.db"
    batch = list(archive(WINDOW, seed + 1))
    rest = archive(max(sizes), seed)
    stored = 0
    for size in sorted(sizes):
        with closing(open_for_writing(path)) as db:
            store(db, islice(rest, size - stored), stored + 1)
        stored = size
        shutil.copy(path, copy)
        with closing(open_for_writing(copy)) as db:
            seconds = store(db, batch, max(sizes) + GROUP)
        copy.unlink()
        yield size, seconds / WINDOW


def shingles_of(body: str) -> set[str]:
    """What two bodies are compared by."""
    text = compact(body)
    return {text[i : i + 5] for i in range(len(text) - 4)}


def truth(made: list[Made]) -> dict[tuple[int, int], tuple[float, bool]]:
    """All pairs of one frame: their true similarity, and whether they are copies of one text."""
    frames: dict[int, list[tuple[int, Made]]] = defaultdict(list)
    for number, one in enumerate(made, 1):
        if len(compact(one.body)) >= SHORTEST:
            frames[one.frame].append((number, one))
    found = {}
    for members in frames.values():
        sets = [(number, one, shingles_of(one.body)) for number, one in members]
        for (number, one, shingles), (other_number, other, others) in combinations(sets, 2):
            shared = len(shingles & others)
            similarity = shared / (len(shingles) + len(others) - shared)
            found[number, other_number] = (similarity, one.text == other.text)
    return found


def figures(db: Connection, made: list[Made]) -> list[tuple[str, str, str]]:
    """What was found, against what is there: name, figure, what is asked for."""
    true = truth(made)
    number_of = {row[0]: int(row[1].split(":")[2]) for row in db.execute("SELECT id, key FROM articles")}
    rows = {
        (min(number_of[a], number_of[b]), max(number_of[a], number_of[b])): (similarity, kind)
        for a, b, similarity, kind in db.execute("SELECT a, b, similarity, kind FROM similar")
    }
    wanted = [pair for pair, (similarity, _) in true.items() if similarity >= 0.8]
    found = sum(pair in rows for pair in wanted)
    kinds = Counter((kind, true.get(pair, (0.0, False))[1]) for pair, (_, kind) in rows.items())
    close = Counter(
        (kind, true.get(pair, (0.0, False))[1]) for pair, (similarity, kind) in rows.items() if similarity >= 0.8
    )
    least = min(true.get(pair, (0.0, False))[0] for pair in rows)
    copies = {
        number_of[a]: number_of[b] for a, b in db.execute("SELECT id, duplicate_of FROM articles WHERE duplicate_of")
    }
    wrong = sum(made[a - 1].text != made[b - 1].text for a, b in copies.items())
    apart = sum(
        copies.get(a, a) != copies.get(b, b)
        for (a, b), (similarity, is_copy) in true.items()
        if is_copy and similarity >= 0.8
    )
    twins = sum(is_copy and similarity >= 0.8 for similarity, is_copy in true.values())
    near, near_close = kinds["near", True] + kinds["near", False], close["near", True] + close["near", False]
    return [
        ("articles; pairs in similar", f"{len(made)}; {len(rows)}", ""),
        ("recall of pairs >= 0.8", f"{found / len(wanted):.4f} of {len(wanted)}", ">= 0.97"),
        ("least true similarity of a pair in similar", f"{least:.3f}", ">= 0.55"),
        ("precision of near against template", f"{kinds['near', True] / near:.4f} of {near}", ">= 0.95"),
        ("  of pairs >= 0.8", f"{close['near', True] / near_close:.4f} of {near_close}", ""),
        ("copies that are linked to another text", f"{wrong} of {len(copies)}", "few"),
        ("pairs of copies >= 0.8 in different clusters", f"{apart} of {twins}", "few"),
    ]


def main() -> int:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, default=20_000, help="how many to look for pairs in; 0: none")
    parser.add_argument(
        "--cost", type=int, nargs="*", default=[1_000, 20_000, 100_000], help="sizes to take the cost at"
    )
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if options.articles:
            made = list(archive(options.articles, options.seed))
            with closing(open_for_writing(Path(folder) / "quality.db")) as db:
                store(db, made)
                for name, figure, wanted in figures(db.conn, made):
                    print(f"{name:<50}{figure:>24}  {wanted}")
        found: list[float] = []
        for size, seconds in costs(options.cost, options.seed, Path(folder)):
            found.append(seconds)
            print(f"{f'cost of an article at {size} stored':<50}{seconds * 1000:>21.3f} ms", flush=True)
        if found:
            print(f"{'the dearest against the cheapest':<50}{max(found) / min(found):>24.2f}  <= 1.3")
    print(f"{'peak memory':<50}{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:>21.0f} MB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
