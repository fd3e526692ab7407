"""What a crawl costs against the floor for the same captures, in one table and in bench/result.json.

    make bench                      or: python -m bench.run [--pages 600] [--dumps 4000] [--records 4000]
                                         [--stock 100000] [--times 3] [--only pages,dumps,records,flat,jobs,rivals]

Captures are made to look like real ones (bench/generate.py). *Crawl* is `scrapy crawl files` in a process of its own
less the start-up (a crawl of one capture); *floor* is bench/floor.py on the same captures. Both are processor
seconds of one process, so that other work on the machine disturbs little; each is taken several times in turn, and
medians are compared. *flat* is the cost per record into a database that holds `--stock` articles, against that into
an empty one; *jobs2* is the time of `-a jobs=1` over that of `-a jobs=2`.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench import generate
from bench.measuring import PROJECT, Cost, crawl, fresh, machine, run

if TYPE_CHECKING:
    from collections.abc import Callable

RESULT = Path(__file__).with_name("result.json")
# What is promised: at most, or (rivals, jobs) at least.
TARGETS = {"pages": "<= 2", "dumps": "<= 2.5", "flat": "<= 1.3", "jobs2": ">= 1.7", "trafilatura": ">= 12"}
JOBS_TIMES = 3  # as many dumps as elsewhere where several processes read


@dataclass
class Bench:
    """Folder, sizes, and what was found."""

    folder: Path
    options: argparse.Namespace
    rows: list[tuple[str, str, str, str]] = field(default_factory=list)
    ratios: dict[str, float | None] = field(default_factory=dict)
    figures: dict[str, Any] = field(default_factory=dict)

    def row(self, what: str, rate: str = "", peak: float | None = None, ratio: str = "") -> None:
        """Adds a row to the table."""
        self.rows.append((what, rate, f"{peak:.0f}" if peak else "", ratio))
        print(f"{what:<52}{rate:>14}{self.rows[-1][2]:>10}{ratio:>12}", flush=True)

    @property
    def database(self) -> Path:
        """The database that crawls of this benchmark write."""
        return self.folder / "bench.db"


def median(costs: list[Cost]) -> float:
    """The median of processor seconds."""
    return statistics.median(cost.cpu for cost in costs)


def start_up(bench: Bench, captures: Path) -> float:
    """Processor seconds of a crawl of the first of `captures`: tables that a process makes once are made there."""
    one = bench.folder / "one"
    shutil.rmtree(one, ignore_errors=True)
    one.mkdir()
    if captures.is_dir():
        shutil.copy(min(captures.iterdir()), one)
    else:
        with captures.open("rb") as lines:
            (one / captures.name).write_bytes(lines.readline())
    return median([crawl(one, fresh(bench.database)) for _ in range(bench.options.times)])


def end_to_end(bench: Bench, name: str, captures: Path) -> None:
    """Crawl, floor, and each stage alone."""
    crawls: list[Cost] = []
    floors: list[dict[str, Any]] = []
    floor = [sys.executable, "-m", "bench.floor", str(captures), str(bench.database)]
    for _ in range(bench.options.times):
        crawls.append(crawl(captures, fresh(bench.database)))
        floors.append(run(floor).report)
    start = start_up(bench, captures)
    items = floors[0]["items"]
    whole, least = median(crawls) - start, statistics.median(found["seconds"] for found in floors)
    bench.ratios[name] = round(whole / least, 3)
    ratio, peak = f"{whole / least:.2f}", crawls[0].peak
    bench.row(f"{name}: crawl less start-up ({start:.2f} s)", f"{items / whole:.0f} /s", peak, ratio)
    bench.row(f"{name}: floor", f"{items / least:.0f} /s", floors[0]["peak"], "1")
    for step in floors[0]["steps"]:
        seconds = statistics.median(found["steps"][step] for found in floors)
        bench.row(f"    floor, {step}", f"{seconds / items * 1000:.3f} ms")
    words = [str(captures), str(bench.folder / "stages.db"), str(bench.options.times)]
    found = run([sys.executable, "-m", "bench.stages", *words]).report
    for stage, seconds in found.items():
        bench.row(f"    {stage} alone", f"{seconds / items * 1000:.3f} ms", ratio=f"{seconds / least:.2f}")
    bench.figures[name] = {
        "items": items,
        "crawl_seconds": whole,
        "floor_seconds": least,
        "start_seconds": start,
        "peak_mb": crawls[0].peak,
        "floor_peak_mb": floors[0]["peak"],
        "floor_steps": floors[0]["steps"],
        "stages": found,
    }


def pages(bench: Bench) -> None:
    """Saved pages."""
    folder = bench.folder / "pages"
    generate.make_pages(folder, bench.options.pages)
    end_to_end(bench, "pages", folder)


def dumps(bench: Bench) -> None:
    """Dumps on one line, and the memory of ten times fewer."""
    folder, few = bench.folder / "dumps", bench.folder / "few"
    generate.make_dumps(folder, bench.options.dumps)
    generate.make_dumps(few, max(1, bench.options.dumps // 10), seed=4)
    end_to_end(bench, "dumps", folder)
    peak = crawl(few, fresh(bench.database)).peak
    bench.row("dumps: crawl of a tenth of them", peak=peak)
    bench.ratios["memory_tenfold"] = round(bench.figures["dumps"]["peak_mb"] / peak, 3)


def records(bench: Bench) -> None:
    """Records in one file of JSON Lines."""
    file = bench.folder / "records.jsonl"
    generate.make_records(file, bench.options.records)
    end_to_end(bench, "records", file)


def flat(bench: Bench) -> None:
    """The cost per record into a large database against that into an empty one."""
    stock, count = bench.options.stock, 2000
    file = bench.folder / "stock.jsonl"
    generate.make_records(file, stock, seed=5, first=1_000_000)
    large = fresh(bench.folder / "large.db")
    cores = str(min(4, os.cpu_count() or 1))
    begun = crawl(file, large, jobs=cores)
    file.unlink()
    bench.row(f"flat: {stock} records to begin with", f"{stock / begun.wall:.0f} /s", begun.peak)
    empty = bench.folder / "empty"
    empty.mkdir(exist_ok=True)
    into: dict[str, list[float]] = {"empty": [], "large": []}
    for number in range(bench.options.times + 2):
        batch = bench.folder / f"batch{number}.jsonl"
        generate.make_records(batch, count, seed=100 + number, first=2_000_000 + count * number)
        small = fresh(bench.database)
        crawl(empty, small)
        for name, database in (("empty", small), ("large", large)):
            start = crawl(empty, database).cpu
            into[name].append(crawl(batch, database).cpu - start)
    costs = {name: statistics.median(seconds) / count * 1000 for name, seconds in into.items()}
    bench.ratios[f"flat_{stock // 1000}k"] = round(costs["large"] / costs["empty"], 3)
    for name, cost in costs.items():
        bench.row(f"flat: a record into the {name} database", f"{cost:.3f} ms", ratio=f"{cost / costs['empty']:.2f}")
    bench.figures["flat"] = {"stock": stock, "milliseconds": costs, "megabytes": large.stat().st_size / 1e6}


def jobs(bench: Bench) -> None:
    """Two readers against one, on so many captures that a second's start-up is little of either."""
    folder = bench.folder / "many"
    count = JOBS_TIMES * bench.options.dumps
    generate.make_dumps(folder, count, seed=6)
    walls: dict[str, list[float]] = {"1": [], "2": []}
    for _ in range(bench.options.times):
        for number, found in walls.items():
            found.append(crawl(folder, fresh(bench.database), jobs=number).wall)
    one, two = (statistics.median(found) for found in walls.values())
    bench.ratios["jobs2"] = round(one / two, 3)
    for number, found in walls.items():
        bench.row(
            f"jobs={number}: {count} dumps in {statistics.median(found):.1f} s",
            f"{count / statistics.median(found):.0f} /s",
        )
    bench.row("jobs: time of jobs=1 over jobs=2", ratio=f"{one / two:.2f}")


def rivals(bench: Bench) -> None:
    """Other extractors' parse alone, where they are installed, on the same pages."""
    folder = bench.folder / "pages"
    if not folder.exists():
        generate.make_pages(folder, bench.options.pages)
    python = bench.options.python
    found = run([python, str(PROJECT / "bench" / "rivals.py"), str(folder), "--most", "60"]).report
    ours = bench.figures.get("pages")
    for name, rate in found.items():
        times = ours["items"] / ours["crawl_seconds"] / rate if ours else None
        bench.ratios[name] = round(times, 2) if times else None
        bench.row(f"{name}: its parse alone", f"{rate:.1f} /s", ratio=f"x {times:.1f}" if times else "")


PARTS: dict[str, Callable[[Bench], None]] = {
    "pages": pages,
    "dumps": dumps,
    "records": records,
    "rivals": rivals,
    "jobs": jobs,
    "flat": flat,
}


def main() -> int:
    """Prints the table and writes the result."""
    parser = argparse.ArgumentParser(
        description=__doc__.partition("\n\n")[0], formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name, default in (("pages", 600), ("dumps", 4000), ("records", 4000), ("stock", 100_000), ("times", 3)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--only", default=",".join(PARTS), help="parts, joined by commas")
    parser.add_argument("--python", default=sys.executable, help="an interpreter that has the other extractors")
    options = parser.parse_args()
    chosen = options.only.split(",")
    if unknown := set(chosen) - PARTS.keys():
        parser.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    about = machine()
    print(", ".join(f"{name} {value}" for name, value in about.items()))
    with tempfile.TemporaryDirectory() as made:
        bench = Bench(Path(made), options)
        bench.row("", "rate or cost", None, "to floor")
        for name in chosen:
            PARTS[name](bench)
    for name, value in bench.ratios.items():
        target = TARGETS.get(name.partition("_")[0], "")
        print(f"{name}: {value}" + (f" (target {target})" if target else ""))
    result = {"machine": about, "ratios": bench.ratios, "figures": bench.figures, "table": bench.rows}
    RESULT.write_text(json.dumps(result, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
