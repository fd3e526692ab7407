"""Stops a crawl of many files at random moments, and looks at what is left each time.

    python -m bench.interrupt [--files 6000] [--times 20] [--signal TERM|KILL]

Each time a run into a new database is stopped at a random moment: the lock must be free, and for TERM the exit code
143 within five seconds. A second run then goes through: every file must be there once, the database whole, its search
index too, and its projection that of a run never stopped. Exits with 1 where any of it does not hold.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from pipelines.store.database import connect
from pipelines.store.lock import run_lock
from pipelines.store.projection import projection_digest
from pipelines.store.search_check import verify

PROJECT = Path(__file__).resolve().parent.parent
PAGE = """<!DOCTYPE html><html><head><title></title></head><body id="activity-detail"><div id="js_article">
<h2 id="activity-name">{title}</h2><div class="rich_media_content" id="js_content"><p>长按二维码关注我们</p>{body}
<p>编辑：陈一 审核：李二</p></div></div><script>var biz = ""||"MzAwMDAwMDAwMQ==";var mid = ""||"{mid}";
var idx = ""||"1";var nickname = "集市小报";var ct = "{ct}";var msg_title = "{title}";</script></body></html>"""
WORDS = list("晨集河老孩糖风渡薄热安走坐说想往收消故春")


def make(folder: Path, count: int) -> None:
    """Writes `count` captures: pages, and every fourth a dump on one line."""
    rng = random.Random(1)
    for number in range(count):
        lines = ["，".join(rng.choices(WORDS, k=12)) + f"，第{number}回。" for _ in range(8)]
        if number % 4 == 3:
            text = f"微信号\nmarketpaper\n功能介绍\n集市上的事\n{''.join(lines)}编辑：陈一微信扫一扫关注该公众号"
            (folder / f"{number:05}.txt").write_text(text, "utf-8")
        else:
            body = "".join(f"<p>{line}</p>" for line in lines)
            page = PAGE.format(title=f"集市见闻之{number}", body=body, mid=1000 + number, ct=1525132800 + number)
            (folder / f"{number:05}.html").write_text(page, "utf-8")


def command(folder: Path, database: Path) -> list[str]:
    """The crawl."""
    return [sys.executable, "-m", "scrapy", "crawl", "files", "-a", f"path={folder}", "-s", f"DATABASE={database}"]


def run(folder: Path, database: Path) -> tuple[dict[str, int], float]:
    """A crawl that nothing stops: its report, and the seconds it took."""
    begun = time.monotonic()
    done = subprocess.run(command(folder, database), cwd=PROJECT, capture_output=True, check=True)
    return json.loads(done.stdout.splitlines()[-1]), time.monotonic() - begun


def index_faults(database: Path) -> list[str]:
    """What is wrong with the search index."""
    db = connect(database, read_only=True)
    try:
        return verify(db.conn)
    finally:
        db.close()


def digest(database: Path) -> str:
    """The projection's digest."""
    db = connect(database, read_only=True)
    try:
        return projection_digest(db.conn)
    finally:
        db.close()


def stop(folder: Path, database: Path, after: float, signum: signal.Signals) -> tuple[int, float]:
    """Starts a crawl and stops it after so many seconds: its exit code, and how long it took to end."""
    process = subprocess.Popen(
        command(folder, database), cwd=PROJECT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    time.sleep(after)
    process.send_signal(signum)
    begun = time.monotonic()
    process.wait(timeout=30)
    return process.returncode, time.monotonic() - begun


def count(database: Path) -> int:
    """How many captures a database has; 0 where a run was stopped before it was made."""
    if not database.exists():
        return 0
    with sqlite3.connect(database) as db:
        is_made = db.execute("SELECT 1 FROM sqlite_master WHERE name = 'captures'").fetchone()
        found = db.execute("SELECT count(*) FROM captures").fetchone()[0] if is_made else 0
    db.close()
    return int(found)


def look(database: Path) -> tuple[str, int]:
    """What SQLite says of a database's integrity, and how many distinct captures it has."""
    with sqlite3.connect(database) as db:
        whole = db.execute("PRAGMA integrity_check").fetchone()[0]
        captures = db.execute("SELECT count(DISTINCT uri) FROM captures").fetchone()[0]
    db.close()
    return whole, captures


def main() -> int:
    """Prints what happened each time, then whether all of it held."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=6000)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--signal", choices=("TERM", "KILL"), default="TERM")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    signum = signal.SIGTERM if options.signal == "TERM" else signal.SIGKILL
    rng = random.Random(options.seed)
    ok = True
    with tempfile.TemporaryDirectory() as made:
        folder, database = Path(made) / "captures", Path(made) / "stopped.db"
        folder.mkdir()
        make(folder, options.files)
        _, seconds = run(folder, Path(made) / "whole.db")
        print(f"{options.files} files, {seconds:.1f} s when nothing stops it")
        expected = digest(Path(made) / "whole.db")
        for number in range(options.times):
            for file in Path(made).glob("stopped.db*"):
                file.unlink()
            after = rng.uniform(0.5, seconds * 0.98)
            code, took = stop(folder, database, after, signum)
            with run_lock(database):
                stored = count(database)
            report, _ = run(folder, database)
            whole, captures = look(database)
            # A run may have ended by itself before the signal came.
            held = (
                code in {0, -signum, 128 + signum}
                and (took < 5)
                and (whole, captures) == ("ok", options.files)
                and report["stored"] + report["seen_before"] == options.files
                and digest(database) == expected
                and not index_faults(database)
            )
            ok &= held
            print(f"{number + 1:3} after {after:5.2f} s: code {code}, {took:4.2f} s to end, {stored} stored; ", end="")
            print(f"next run: {report['stored']} stored, {report['seen_before']} seen before; held: {held}", flush=True)
    return 0 if ok else 1


if __name__ == "__main__":
    raise SystemExit(main())
