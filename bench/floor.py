"""The floor: what nobody can do without who puts the same captures into the same tables.

    python -m bench.floor FOLDER DATABASE

`DATABASE` is what a crawl of `FOLDER` made: the rows that the floor writes are taken from there, outside of what is
measured. Per capture it reads the file, hashes it (SHA-256), compresses it (zstd level 3), parses it and takes the
text (lexbor; a dump is decoded, a record is parsed as JSON), and makes a MinHash signature of the body; per group
of 500 it inserts the rows into every table, and the text into the search index, and commits. It decides nothing:
it finds no fields, removes no boilerplate, looks for nothing that is there already, checks no foreign key.

Prints one JSON object: processor seconds by step, items, the most memory in MB.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import resource
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import zstandard
from selectolax.lexbor import LexborHTMLParser

from crawler.text import compact
from pipelines.similarity.signature import signature
from pipelines.store.database import connect, open_for_writing
from pipelines.store.raw import LEVEL
from pipelines.store.search_index import TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from sqlite3 import Connection

GROUP = 500
# Not of the captures, or written by other means here.
LEFT_OUT = ("_sqlite_migrations", "runs", "state", "raw", "sqlite_stat1")


class Floor:
    """Runs the steps and sums up what each costs."""

    def __init__(self, made: Connection, into: Connection) -> None:
        self.made = made
        self.into = into
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.compressor = zstandard.ZstdCompressor(level=LEVEL)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Counts the processor time of a block as that of step `name`."""
        begun = time.process_time()
        yield
        self.seconds[name] += time.process_time() - begun

    def captures(self, files: list[Path], bodies: list[str]) -> None:
        """All that is done with the bytes of one group."""
        with self.step("read"):
            contents = [file.read_bytes() for file in files]
            if files[0].suffix == ".jsonl":
                contents = contents[0].splitlines()
        with self.step("sha256"):
            hashes = [hashlib.sha256(content).hexdigest() for content in contents]
        with self.step("zstd"):
            packed = [self.compressor.compress(content) for content in contents]
        with self.step("parse"):
            for content in contents:
                self.parse(content, files[0].suffix)
        with self.step("minhash"):
            for body in bodies:
                signature(compact(body))
        with self.step("insert"):
            rows = [(h, len(c), "zstd", p) for h, c, p in zip(hashes, contents, packed, strict=True)]
            self.into.executemany("INSERT OR IGNORE INTO raw VALUES (?, ?, ?, ?)", rows)

    @staticmethod
    def parse(content: bytes, suffix: str) -> str:
        """The text of a capture."""
        if suffix == ".html":
            node = LexborHTMLParser(content).css_first("#js_content")
            return node.text() if node is not None else ""
        return json.loads(content)["content"] if suffix == ".jsonl" else content.decode("utf-8")

    def tables(self, number: int, groups: int) -> None:
        """Writes the rows of one group of all groups into every table."""
        names = [
            row[0]
            for row in self.made.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND sql IS NOT NULL AND name NOT LIKE 'search_%'"
            )
            if row[0] not in LEFT_OUT
        ]
        for name in names:
            count = self.made.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
            first, last = count * number // groups, count * (number + 1) // groups
            rows = self.made.execute(f"SELECT * FROM {name} LIMIT ? OFFSET ?", (last - first, first)).fetchall()
            if rows:
                with self.step("insert"):
                    holes = ", ".join("?" * len(rows[0]))
                    self.into.executemany(f"INSERT INTO {name} VALUES ({holes})", rows)

    def index(self, articles: list[tuple[int, str | None, str | None, str]]) -> None:
        """Puts the text of articles into the search index, every character a token."""
        with self.step("index"):
            rows = [(i, *(" ".join(text or "") for text in texts)) for i, *texts in articles]
            self.into.executemany("INSERT INTO search_spaced (rowid, title, author, body) VALUES (?, ?, ?, ?)", rows)


def groups_of(path: Path) -> Iterator[list[Path]]:
    """The files of a folder in groups; of records, files with one group's lines each."""
    if path.is_dir():
        files = sorted(file for file in path.iterdir() if file.is_file())
        yield from (files[start : start + GROUP] for start in range(0, len(files), GROUP))
        return
    lines = path.read_bytes().splitlines(keepends=True)
    with tempfile.TemporaryDirectory() as made:
        for start in range(0, len(lines), GROUP):
            part = Path(made) / f"{start}.jsonl"
            part.write_bytes(b"".join(lines[start : start + GROUP]))
            yield [part]


def main() -> int:
    """Prints what the floor cost."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("captures", type=Path)
    parser.add_argument("database", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, closing(connect(options.database, read_only=True)) as made:
        into = open_for_writing(Path(folder) / "floor.db")
        connection = into.conn
        for trigger in TRIGGERS:
            connection.execute(f"DROP TRIGGER {trigger}")
        connection.execute("PRAGMA foreign_keys=OFF")
        floor = Floor(made.conn, connection)
        items = made.execute("SELECT count(*) FROM captures").fetchone()[0]
        groups = -(-items // GROUP)
        for number, files in enumerate(groups_of(options.captures)):
            query = "SELECT id, title, author, body FROM articles LIMIT ? OFFSET ?"
            articles = made.execute(query, (GROUP, GROUP * number)).fetchall()
            connection.execute("BEGIN IMMEDIATE")
            floor.captures(files, [row[-1] for row in articles])
            floor.tables(number, groups)
            floor.index(articles)
            with floor.step("insert"):
                connection.commit()
        with floor.step("insert"):
            into.close()
    scale = 2**20 if sys.platform == "darwin" else 2**10
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / scale
    print(json.dumps({"items": items, "seconds": sum(floor.seconds.values()), "peak": peak, "steps": floor.seconds}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
