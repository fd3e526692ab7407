"""`scrapy search`: articles by any part of their title, author, account or body."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentTypeError
from datetime import date
from typing import TYPE_CHECKING, Any, get_args

from rich.console import Console
from scrapy.exceptions import UsageError

from crawler.commands import _found
from crawler.exits import Exit
from crawler.items import ArticleKind, NoticeReason
from crawler.reading_command import ReadingCommand
from pipelines.search.query import FIELDS, QueryError
from pipelines.store import search
from pipelines.store.search_sql import Filters

if TYPE_CHECKING:
    import argparse
    from sqlite3 import Connection

    from pipelines.search.query import Field
    from pipelines.store.search import Found

ALL = "all"
STATUSES = ("available", *get_args(NoticeReason))


class Command(ReadingCommand):
    """Prints what a query finds."""

    words = "[--] WORDS"
    least_words = 1
    most_words = sys.maxsize

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Find articles by any part of their title, author, account or body"

    def long_desc(self) -> str:
        """What --help says first."""
        return (
            "Find articles that have all WORDS, of one character or more, anywhere in title, author, account or body. "
            "A OR B: either; -A or NOT A: without it (after --, or in quotes of the shell); '\"A B\"': a phrase, signs "
            "and all; title:A author:A account:A body:A: only there; (A OR B) C: groups. Everything else is taken as "
            "it stands. Traditional and simplified characters, full-width and half-width, capitals and small letters "
            "are the same; blanks and line breaks between Chinese characters do not matter. A* is A: any part of a "
            "text is found. On a terminal a table; otherwise lines of key, day, account, title and snippet, separated "
            "by tabs."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Adds what is looked at, in which order, and how it is printed."""
        super().add_options(parser)
        add = parser.add_argument
        add("--fields", metavar="LIST", default=ALL, help=f"where to look: all, or some of {','.join(FIELDS)}")
        add("--account", metavar="NAME", action="append", default=[], help="by this account: any name it has or had")
        add("--since", metavar="DAY", type=_day, help="published on this day in Beijing or later, YYYY-MM-DD")
        add("--until", metavar="DAY", type=_day, help="published on this day or earlier")
        add("--kind", choices=get_args(ArticleKind), action="append", default=[], help="of this kind (repeatable)")
        add("--status", choices=STATUSES, metavar="STATUS", action="append", default=[], help=_statuses_help())
        add("--unique", action="store_true", help="no duplicates")
        add("--sort", choices=search.SORTS, default="rank", help="best first (a hit in the title is best), or latest")
        add("--limit", metavar="N", type=_count, default=20, help="at most so many (default: 20; 0: all)")
        add("--offset", metavar="N", type=_count, default=0, help="leave out the first N")
        forms = parser.add_mutually_exclusive_group()
        forms.add_argument("--json", action="store_true", help="a JSON list of objects")
        forms.add_argument("--csv", action="store_true", help="a table for spreadsheets")
        forms.add_argument("--urls", action="store_true", help="only the URLs, one a line")
        forms.add_argument(
            "--sql", action="store_true", help="print the SELECT for sqlite3 or Datasette, do not run it"
        )

    def ask(self, db: Connection, args: list[str], opts: argparse.Namespace) -> int:
        """Prints to standard output; what is to be said about it to standard error."""
        chosen: dict[str, Any] = {
            "fields": _fields(opts.fields),
            "sort": opts.sort,
            "limit": opts.limit or None,
            "offset": opts.offset,
        }
        try:
            chosen["filters"] = _filters(db, opts)
            query = " ".join(args)
            if opts.sql:
                sys.stdout.write(search.statement(db, query, **chosen) + "\n")
                return 0
            found = search.search(db, query, **chosen)
        except QueryError as error:
            raise UsageError(str(error)) from error
        except search.SearchIndexError as error:
            sys.stderr.write(f"{error}\n")
            return int(Exit.DATABASE)
        try:
            _print(found, opts)
            sys.stdout.flush()
        except BrokenPipeError:  # `| head` has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        _comment(found, opts)
        return 0


def _print(found: Found, opts: argparse.Namespace) -> None:
    hits, out = found.hits, sys.stdout
    if opts.json:
        out.write(_found.json_list(hits))
    elif opts.csv:
        out.write(_found.csv_table(hits))
    elif opts.urls:
        out.writelines(f"{hit.url}\n" for hit in hits if hit.url)
    elif out.isatty():
        Console(highlight=False).print(_found.table(hits))
    else:
        out.writelines(map(_found.line, hits))


def _comment(found: Found, opts: argparse.Namespace) -> None:
    shown, say = len(found.hits), sys.stderr.write
    if not found.total:
        say("nothing found\n")
    elif shown < found.total:
        say(f"{shown} of {found.total} articles; --limit 0 gives all, --offset goes on\n")
    without = sum(hit.url is None for hit in found.hits)
    if opts.urls and without:
        say(f"{without} articles without a URL are left out\n")
    if found.pending:
        say(f"{found.pending} articles that another program wrote cannot be found yet; `scrapy reindex` mends it\n")


def _filters(db: Connection, opts: argparse.Namespace) -> Filters:
    accounts: list[int] = []
    for name in opts.account:
        numbers = search.accounts_named(db, name)
        if not numbers:
            like = ", ".join(search.account_labels(db, name)[:5])
            raise UsageError(f"no account is called {name}" + (f"; did you mean {like}?" if like else ""))
        accounts += numbers
    return Filters(
        accounts=tuple(accounts),
        since=opts.since,
        until=opts.until,
        kinds=tuple(opts.kind),
        statuses=tuple(opts.status),
        unique=opts.unique,
    )


def _fields(listed: str) -> frozenset[Field]:
    if listed == ALL:
        return search.ALL_FIELDS
    names = [name.strip() for name in listed.split(",")]
    unknown = [name for name in names if name not in FIELDS]
    if unknown:
        raise UsageError(f"--fields: no field {unknown[0]}; there are {', '.join(FIELDS)}, or all")
    return frozenset(field for field in FIELDS if field in names)


def _statuses_help() -> str:
    return "with this status (repeatable): available, deleted, violation, ... as in docs/database.md"


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no day; write it as 2024-05-01") from None


def _count(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise ArgumentTypeError(f"{text!r} is no number of articles")
    return int(text)
