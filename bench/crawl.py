"""What a crawl of a folder costs, against the floor for the same bytes.

    python -m bench.crawl FOLDER [--times 3]

The floor is what nobody can do without: SHA-256, zstd level 3 and a lexbor parse of every file. The crawl is the
command itself in a process of its own, less the start-up (a crawl of an empty folder); processor seconds, medians.
"""

from __future__ import annotations

import argparse
import hashlib
import statistics
import tempfile
import time
from pathlib import Path

import zstandard
from selectolax.lexbor import LexborHTMLParser

from bench.measuring import crawl, fresh


def floor(files: list[Path]) -> float:
    """Processor seconds of the floor for `files`."""
    contents = [file.read_bytes() for file in files]
    compressor = zstandard.ZstdCompressor(level=3)
    begun = time.process_time()
    for content in contents:
        hashlib.sha256(content).digest()
        compressor.compress(content)
        LexborHTMLParser(content)
    return time.process_time() - begun


def main() -> int:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--times", type=int, default=3)
    options = parser.parse_args()
    folder = options.folder.resolve()
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    with tempfile.TemporaryDirectory() as made:
        empty = Path(made) / "empty"
        empty.mkdir()
        database = Path(made) / "bench.db"
        rounds = [
            (floor(files), crawl(empty, fresh(database)).cpu, crawl(folder, fresh(database)))
            for _ in range(options.times)
        ]
    least, start = (statistics.median(column) for column in list(zip(*rounds, strict=True))[:2])
    whole = statistics.median(cost.cpu for *_, cost in rounds)
    size = sum(path.stat().st_size for path in files)
    peak = max(cost.peak for *_, cost in rounds)
    print(f"{len(files)} files, {size / 1e6:.1f} MB; processor seconds, medians of {options.times}")
    print(f"floor {least:.3f}, start-up {start:.3f}, crawl {whole:.3f}; peak memory {peak:.0f} MB")
    print(f"crawl less start-up is {(whole - start) / least:.2f} times the floor")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
