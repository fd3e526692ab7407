"""What the tests of search share: an archive of invented texts in both scripts, and brute force over it."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from readings import BIZ, NOW, START, article_reading

from crawler.items import Account
from pipelines.search.fold import fold
from pipelines.search.query import All, AnyOf, Not, Word
from pipelines.store.writer import write

if TYPE_CHECKING:
    from datetime import datetime
    from sqlite3 import Connection

    from crawler.items import Reading
    from pipelines.search.query import Field, Node

PIECES = (
    *"春夏秋冬风雨山水，，。。、（）",
    "扶贫",
    "扶貧",
    "精准",
    "精準",
    "GPT-4o",
    "2+X",
    "CVE-2024-38077",
    "ＡＢＣ",
    "㎡",
    "😀",
    " open source ",
    "\n",
    " ",
    "3.14%",
    '"引"',
    "\u200b",
    "''",
    "為了",
    "为了",
)


def text(rng: random.Random, pieces: int) -> str:
    """A text of so many of the pieces, which begins and ends with something to see."""
    return "起" + "".join(rng.choices(PIECES, k=pieces)) + "止"


def archive(count: int, seed: int = 1) -> list[Reading]:
    """Articles of three accounts."""
    rng = random.Random(seed)
    accounts = [Account(biz=BIZ, name="山水日报"), Account(name="扶贫小报"), Account(alias="openpaper", name="春夏")]
    return [
        article_reading(
            f"{number}",
            text(rng, rng.randint(3, 60)),
            key=f"mp:{BIZ}:{number}:1",
            title=text(rng, rng.randint(1, 8)).replace("\n", "") if rng.random() < 0.8 else None,
            account=rng.choice(accounts) if rng.random() < 0.8 else None,
            published=published(rng) if rng.random() < 0.8 else None,
        )
        for number in range(count)
    ]


def published(rng: random.Random) -> datetime:
    """A day of 2024."""
    return START.replace(month=rng.randint(1, 12))


def store(db: Connection, readings: list[Reading]) -> None:
    """Writes and commits."""
    db.execute("BEGIN IMMEDIATE")
    for reading in readings:
        write(db, reading, now=NOW, run_id=None)
    db.commit()


def fields_of(db: Connection) -> dict[int, dict[Field, list[str]]]:
    """For each article the normal forms of what is searched in it."""
    names: dict[int, list[str]] = {}
    for number, name in db.execute(
        "SELECT id, label FROM accounts UNION SELECT account_id, name FROM account_names "
        "UNION SELECT account_id, value FROM account_values WHERE field = 'alias' "
        "UNION SELECT id, biz FROM accounts WHERE biz IS NOT NULL UNION SELECT id, ghid FROM accounts WHERE ghid > ''"
    ):
        names.setdefault(number, []).append(fold(name))
    rows = db.execute("SELECT id, title, author, body, account_id FROM articles")
    return {
        number: {
            "title": [fold(title or "")],
            "author": [fold(author or "")],
            "body": [fold(body)],
            "account": names.get(account_id, []),
        }
        for number, title, author, body, account_id in rows
    }


def holds(node: Node, fields: dict[Field, list[str]]) -> bool:
    """Brute force: does an article have what `node` asks for?"""
    match node:
        case Word(folded=folded, fields=where):
            return any(folded in value for field in where for value in fields[field])
        case Not(operand=operand):
            return not holds(operand, fields)
        case All(operands=operands):
            return all(holds(operand, fields) for operand in operands)
        case AnyOf(operands=operands):
            return any(holds(operand, fields) for operand in operands)


def index_content(db: Connection) -> list[tuple[object, ...]]:
    """Every token of the index, and where it stands."""
    db.execute("CREATE VIRTUAL TABLE IF NOT EXISTS temp.search_tokens USING fts5vocab(main, search_spaced, instance)")
    return db.execute("SELECT doc, col, offset, term FROM temp.search_tokens ORDER BY 1, 2, 3, 4").fetchall()
