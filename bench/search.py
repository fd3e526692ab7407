"""Search against brute force, its latency, what the index costs to write and to keep.

    python -m bench.search [--articles 10000 100000] [--database FILE] [--queries 500] [--absent 200] [--seed 1]

Makes archives of so many articles (Chinese in both scripts, Latin, digits, signs, full-width letters, emoji; words
drawn by Zipf's law), or takes a database that is there, which it does not change. Substrings of 1 to 12 characters
taken from the texts, and others that are in none, are looked for: the set of articles must be what `in` finds in the
normal form of every text. Exits with 1 where it is not.
"""

from __future__ import annotations

import argparse
import random
import statistics
import string
import tempfile
import time
from contextlib import closing
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.search.fold import fold
from pipelines.search.query import quoted
from pipelines.store import search_index
from pipelines.store.database import connect, open_for_writing
from pipelines.store.search import article_ids, search
from pipelines.store.search_check import verify

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from sqlite3 import Connection

AT = "2026-01-01T00:00:00Z"
MIXED = (
    "GPT-4o",
    "2+X",
    "CVE-2024-38077",
    "ＡＢＣ１２",
    "㎡",
    "😀",
    "3.14%",
    "Wi-Fi 6",
    "C++",
    "（一）",
    "国家 AI 中心",
)
ENDS = ("。", "。", "。", "！", "？\n", "；", "。\n")


def zipf(count: int) -> list[float]:
    """Weights that are summed up, the n-th being 1/(n+3): as with Chinese, the first is then a thirtieth of all."""
    return list(accumulate(1 / (rank + 3) for rank in range(1, count + 1)))


class Writer:
    """Writes texts of invented words."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        letters = [chr(code) for code in rng.sample(range(0x4E00, 0x9FA5), 4000)]
        weights = zipf(len(letters))
        lengths = rng.choices((1, 2, 2, 2, 3, 4), k=30_000)
        chinese = ["".join(rng.choices(letters, cum_weights=weights, k=length)) for length in lengths]
        latin = ["".join(rng.choices(string.ascii_lowercase, k=rng.randint(2, 9))) for _ in range(3_000)]
        self.words = [rng.choice(latin) + " " if rng.random() < 0.08 else word for word in chinese]
        self.weights = zipf(len(self.words))

    def text(self, length: int) -> str:
        """A text of about `length` characters."""
        pieces: list[str] = []
        size = 0
        while size < length:
            sentence = self.rng.choices(self.words, cum_weights=self.weights, k=self.rng.randint(4, 16))
            if self.rng.random() < 0.2:
                sentence[self.rng.randrange(len(sentence))] = self.rng.choice(MIXED)
            sentence.insert(len(sentence) // 2, "，")
            pieces.append("".join(sentence).strip() + self.rng.choice(ENDS))
            size += len(pieces[-1])
        return "".join(pieces).strip()


def rows(count: int, seed: int) -> Iterator[tuple[int, str, int, str, str, str, str, str]]:
    """Articles: id, key, account, published_on, title, headline, author, body."""
    rng = random.Random(seed)
    writer = Writer(rng)
    for number in range(1, count + 1):
        title = writer.text(12)[:30]
        day = f"20{rng.randint(15, 25)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
        body = writer.text(int(min(20_000, max(60, rng.lognormvariate(6.6, 0.8)))))
        yield number, f"mp:bench:{number}:1", 1 + number % 200, day, title, title, writer.text(2)[:4], body


def make(db: Connection, count: int, seed: int) -> None:
    """Fills an empty database; prints what indexing cost beside storing."""
    db.execute("BEGIN IMMEDIATE")
    names = Writer(random.Random(seed + 1))
    db.executemany(
        "INSERT INTO accounts (id, label, first_seen_at, last_seen_at) VALUES (?, ?, ?, ?)",
        [(number, names.text(6)[:6], AT, AT) for number in range(1, 201)],
    )
    spent, characters, size = 0.0, 0, 0
    for row in rows(count, seed):
        db.execute(
            "INSERT INTO articles (id, key, account_id, kind, published_on, published_at, title, headline, author, "
            "body, char_count, content_hash, status, status_at, evidence, rules_version, first_seen_at, last_seen_at, "
            "updated_at) VALUES (?1, ?2, ?3, 'article', ?4, ?4 || 'T00:00:00Z', ?5, ?6, ?7, ?8, length(?8), ?1, "
            "'available', ?9, 'page', 'bench', ?9, ?9, ?9)",
            (*row, AT),
        )
        characters += len(row[-1])
        size += len(row[-1].encode())
        if row[0] % 500 == 0 or row[0] == count:
            begun = time.process_time()
            search_index.update(db)
            db.commit()
            spent += time.process_time() - begun
            db.execute("BEGIN IMMEDIATE")
    db.commit()
    print(f"{count} articles of {characters / count:.0f} characters on average, {size / 1e6:.1f} MB of text (UTF-8)")
    each, of_2000 = spent / count * 1e3, spent / characters * 2e6
    print(f"indexing and commit: {each:.3f} ms an article, {of_2000:.3f} ms for 2000 characters")


def normal_forms(db: Connection) -> list[tuple[int, list[str]]]:
    """What brute force looks through: for each article its texts and its account's names."""
    found = []
    for number, account, *texts in db.execute("SELECT id, account_id, title, author, body FROM articles ORDER BY id"):
        names = db.execute(
            "SELECT label FROM accounts WHERE id = ?1 UNION SELECT name FROM account_names WHERE account_id = ?1 "
            "UNION SELECT value FROM account_values WHERE account_id = ?1 AND field = 'alias' "
            "UNION SELECT biz FROM accounts WHERE id = ?1 UNION SELECT ghid FROM accounts WHERE id = ?1",
            (account,),
        )
        found.append((number, [fold(text) for text in (*texts, *(row[0] for row in names)) if text]))
    return found


def substrings(db: Connection, rng: random.Random, count: int) -> list[str]:
    """Parts of titles and bodies, 1 to 12 characters long, as they stand there, less those with nothing to see."""
    numbers = [row[0] for row in db.execute("SELECT id FROM articles WHERE length(body) > 12")]
    made: list[str] = []
    while len(made) < count:
        title, body = db.execute("SELECT title, body FROM articles WHERE id = ?", (rng.choice(numbers),)).fetchone()
        text = title if title and rng.random() < 0.2 else body
        start, length = rng.randrange(len(text)), 1 + len(made) % 12
        part = text[start : start + length]
        if fold(part):
            made.append(part)
    return made


def absent(parts: list[str], everything: str, rng: random.Random, count: int) -> list[str]:
    """Texts that are nowhere: parts with their characters shuffled."""
    made: list[str] = []
    while len(made) < count:
        characters = list(rng.choice(parts) + rng.choice(parts))
        rng.shuffle(characters)
        candidate = "".join(characters)[:12]
        if fold(candidate) and fold(candidate) not in everything:
            made.append(candidate)
    return made


def timed(queries: list[str], ask: Callable[[str], object]) -> str:
    """The median and the worst of so many queries, in milliseconds, waiting for other programs and without."""
    taken: list[tuple[float, float, str]] = []
    for query in queries:
        begun, worked = time.perf_counter(), time.process_time()
        ask(query)
        taken.append(((time.perf_counter() - begun) * 1e3, (time.process_time() - worked) * 1e3, query))
    median, alone = statistics.median(row[0] for row in taken), statistics.median(row[1] for row in taken)
    worst, worst_alone = max(taken), max(row[1] for row in taken)
    return (
        f"median {median:.1f} ms ({alone:.1f} of processor), "
        f"worst {worst[0]:.1f} ms, {worst[2]!r} ({worst_alone:.1f} of processor)"
    )


def look(db: Connection, queries: int, without: int, seed: int) -> bool:
    """Compares with brute force and prints latencies; says whether every set was the same."""
    rng = random.Random(seed)
    articles = normal_forms(db)
    parts = substrings(db, rng, queries)
    missing = absent(parts, "\n".join(text for _, texts in articles for text in texts), rng, without)
    differing = 0
    for part in (*parts, *missing):
        wanted = fold(part)
        expected = [number for number, texts in articles if any(wanted in text for text in texts)]
        if article_ids(db, quoted(part)) != expected:
            differing += 1
            print(f"differs: {part!r}: {len(article_ids(db, quoted(part)))} found, {len(expected)} expected")
    print(f"{len(parts)} substrings and {len(missing)} absent ones: {differing} sets differ from brute force")
    del articles
    for length in (1, 2, 3, 4, 6, 12):
        same = [quoted(part) for part in parts if len(part) == length]
        print(f"  {length:2} characters, first page by rank: {timed(same, lambda query: search(db, query))}")
    print(f"  absent: {timed([quoted(part) for part in missing], lambda query: search(db, query))}")
    words = [" ".join(map(quoted, rng.sample(parts, 2))) for _ in range(50)]
    print(f"  two words: {timed(words, lambda query: search(db, query))}")
    print(f"  two words by date: {timed(words, lambda query: search(db, query, sort='date'))}")
    return not differing


def sizes(db: Connection) -> None:
    """Prints the size of the index as a share of the text that is indexed."""
    text = db.execute(
        "SELECT sum(length(CAST(body AS BLOB)) + coalesce(length(CAST(title AS BLOB)), 0) + "
        "coalesce(length(CAST(author AS BLOB)), 0)) FROM articles"
    ).fetchone()[0]
    index = sum(
        db.execute(f"SELECT coalesce(sum(length(CAST({column} AS BLOB))), 0) FROM search_spaced_{table}").fetchone()[0]
        for table, column in (("data", "block"), ("idx", "term"), ("docsize", "sz"))
    )
    print(f"index {index / 1e6:.1f} MB, {index / text:.2f} of {text / 1e6:.1f} MB of text")


def main() -> int:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, nargs="*", default=[10_000, 100_000])
    parser.add_argument("--database", type=Path)
    parser.add_argument("--queries", type=int, default=500)
    parser.add_argument("--absent", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    same = True
    if options.database:
        with closing(connect(options.database, read_only=True)) as db:
            sizes(db.conn)
            same &= look(db.conn, options.queries, options.absent, options.seed)
    for count in () if options.database else options.articles:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "bench.db"
            with closing(open_for_writing(path)) as db:
                make(db.conn, count, options.seed)
            with closing(connect(path, read_only=True)) as db:
                sizes(db.conn)
                same &= look(db.conn, options.queries, options.absent, options.seed)
                begun = time.perf_counter()
                faults = verify(db.conn)
                print(f"  verify: {time.perf_counter() - begun:.2f} s, {faults or 'whole'}")
            with closing(open_for_writing(path)) as db:
                begun = time.perf_counter()
                search_index.rebuild(db.conn)
                print(f"  rebuild: {time.perf_counter() - begun:.1f} s")
    return 0 if same else 1


if __name__ == "__main__":
    raise SystemExit(main())
