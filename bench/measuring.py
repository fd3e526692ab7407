"""Commands run and measured: processor time, time, the most memory, what they report."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process cost, its children's processor time included."""

    cpu: float  # seconds, user and system
    wall: float  # seconds
    peak: float  # MB resident, of the largest process
    report: dict[str, Any]  # the JSON object on its last line of output


def run(command: list[str], allowed: tuple[int, ...] = (0,)) -> Cost:
    """Runs `command` in the project's folder to its end. Raises RuntimeError where its exit code is not `allowed`."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        begun = time.perf_counter()
        process = subprocess.Popen(command, cwd=PROJECT, stdout=out, stderr=errors)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        lines = out.read().decode("utf-8", "replace").splitlines()
        if process.returncode not in allowed:
            errors.seek(0)
            said = errors.read().decode("utf-8", "replace").strip().splitlines()[-5:]
            raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}: {' / '.join(said)}")
    scale = 2**20 if sys.platform == "darwin" else 2**10
    report = json.loads(lines[-1]) if lines and lines[-1].startswith("{") else {}
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / scale, report)


def crawl(path: Path, database: Path, **arguments: str) -> Cost:
    """`scrapy crawl files` of `path` into `database`, on top of what is there; something may be rejected."""
    words = [f"{name}={value}" for name, value in {"path": str(path), **arguments}.items()]
    spider = [word for pair in words for word in ("-a", pair)]
    settings = ["-s", f"DATABASE={database}", "-s", "PROGRESS_ENABLED=0"]
    return run([sys.executable, "-m", "scrapy", "crawl", "files", *spider, *settings], allowed=(0, 5))


def fresh(database: Path) -> Path:
    """`database`, with nothing of a former one left."""
    for file in database.parent.glob(f"{database.name}*"):
        file.unlink()
    return database


def machine() -> dict[str, Any]:
    """Where the figures were taken."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        lines = [line for line in info.read_text("utf-8").splitlines() if "model name" in line]
        model = lines[0].partition(":")[2].strip() if lines else model
    return {
        "processor": model,
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "load": os.getloadavg()[0],
    }
