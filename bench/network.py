"""Stops a crawl of a site at random moments, again and again, and looks at what is left at the end.

    python -m bench.network [--urls 300] [--times 30] [--signal KILL|TERM] [--seed 0]

A server in this process gives each page after 20 ms. The crawl is started, stopped after a random number of requests,
and started again with the same command; after the last stop it goes through. Then every URL must be one capture and
done, the database whole, and no more requests made than URLs and stops. TERM must end each run within five seconds
with the code 143, its row written. Exits with 1 where any of it does not hold.
"""

from __future__ import annotations

import argparse
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from bench.interrupt import PAGE, WORDS
from crawler.network.answers import capture_of
from crawler.network.replay_server import Page, Pages, ReplayServer, collect
from crawler.pages import Limits
from crawler.times import from_utc_text
from pipelines.store.database import connect
from pipelines.store.lock import run_lock

if TYPE_CHECKING:
    from crawler.items import Capture

PROJECT = Path(__file__).resolve().parent.parent
LATENCY = 0.02  # seconds
URL = "https://mp.weixin.qq.com/s/Bench{:017}"


class Site(Pages):
    """Pages that come after a while, and a count of what was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: Counter[str] = Counter()

    def find(self, url: str) -> Page | None:
        """The page, late."""
        self.asked[url] += 1
        time.sleep(LATENCY)
        return super().find(url)


def captures(count: int) -> list[Capture]:
    """So many different articles."""
    rng, made = random.Random(1), []
    for number in range(count):
        lines = "".join(f"<p>{'，'.join(rng.choices(WORDS, k=12))}，第{number}回。</p>" for _ in range(8))
        page = PAGE.format(title=f"集市见闻之{number}", body=lines, mid=1000 + number, ct=1525132800 + number)
        made.append(capture_of(URL.format(number), page.encode(), now=from_utc_text("2024-05-01T08:00:00Z")))
    return made


class Crawl:
    """One and the same command, started over and over."""

    def __init__(self, server: str, folder: Path, count: int) -> None:
        self.database = folder / "articles.db"
        urls = folder / "urls.txt"
        urls.write_text("\n".join(URL.format(number) for number in range(count)), "utf-8")
        settings = {"DATABASE": self.database, "REPLAY_SERVER": server, "DOWNLOAD_DELAY": 0, "DAILY_BUDGET": 10**6}
        given = [word for name, value in settings.items() for word in ("-s", f"{name}={value}")]
        self.words = [sys.executable, "-m", "scrapy", "crawl", "articles", "-a", f"list={urls}", *given]

    def start(self) -> subprocess.Popen[bytes]:
        """Begins a run."""
        return subprocess.Popen(self.words, cwd=PROJECT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def stop(self, site: Site, after: int, pause: float, signum: signal.Signals) -> tuple[int, float]:
        """Starts a run and stops it after so many requests and seconds: its exit code, and how long it took to end."""
        before = site.asked.total()
        process = self.start()
        while process.poll() is None and site.asked.total() < before + after:
            time.sleep(0.002)
        time.sleep(pause)
        process.send_signal(signum)
        begun = time.monotonic()
        process.wait(timeout=60)
        return process.returncode, time.monotonic() - begun

    def look(self) -> dict[str, object]:
        """What is in the database."""
        queries = {
            "whole": "PRAGMA integrity_check",
            "captures": "SELECT count(*) FROM captures",
            "uris": "SELECT count(DISTINCT uri) FROM captures",
            "articles": "SELECT count(*) FROM articles",
            "done": "SELECT count(*) FROM frontier WHERE state = 'done'",
            "rows": "SELECT count(*) FROM frontier",
            "open_runs": "SELECT count(*) FROM runs WHERE finished_at IS NULL",
        }
        with closing(connect(self.database, read_only=True)) as db:
            return {name: db.conn.execute(query).fetchone()[0] for name, query in queries.items()}


def main() -> int:
    """Prints what happened each time, then whether all of it held."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--urls", type=int, default=300)
    parser.add_argument("--times", type=int, default=30)
    parser.add_argument("--signal", choices=("TERM", "KILL"), default="KILL")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    signum = signal.SIGTERM if options.signal == "TERM" else signal.SIGKILL
    rng, ok = random.Random(options.seed), True
    site = Site()
    collect(captures(options.urls), Limits(), site)
    with tempfile.TemporaryDirectory() as made, ReplayServer(site, 0, ["mp.weixin.qq.com"]) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        crawl = Crawl(server.url, Path(made), options.urls)
        for number in range(options.times):
            most = 2 * max(1, options.urls // options.times - 1)
            after, pause = rng.randint(0, most), rng.uniform(0, 3 * LATENCY)
            code, took = crawl.stop(site, after, pause, signum)
            held = code in {-signum, 128 + signum} and took < 5
            found: dict[str, object] = {}
            if crawl.database.exists():
                with run_lock(crawl.database), closing(sqlite3.connect(crawl.database)) as db:
                    held &= db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
                    has_runs = db.execute("SELECT 1 FROM sqlite_master WHERE name = 'runs'").fetchone()
                if has_runs:
                    found = crawl.look()
                    held &= signum == signal.SIGKILL or not found["open_runs"]
            ok &= held
            print(f"{number + 1:3} after {after:2} requests: code {code}, {took:4.2f} s to end; ", end="")
            print(f"{found.get('done', 0)} done, {found.get('captures', 0)} captures; held: {held}", flush=True)
        code = crawl.start().wait(timeout=600)
        found = crawl.look()
        extra = site.asked.total() - options.urls
        wanted = dict.fromkeys(("captures", "uris", "articles", "done", "rows"), options.urls)
        ok &= code == 0 and {name: found[name] for name in wanted} == wanted and found["whole"] == "ok"
        ok &= 0 <= extra <= options.times and found["open_runs"] == 0
        print(f"last run: code {code}; {found}; {extra} pages asked for more than once; all held: {ok}")
    return 0 if ok else 1


if __name__ == "__main__":
    raise SystemExit(main())
