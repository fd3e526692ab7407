"""`scrapy export`: articles as Markdown, HTML, text, JSON Lines or CSV; or all tables, to be published."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from scrapy.exceptions import UsageError

from crawler.commands._found import harmless
from crawler.exits import Exit
from crawler.items import ArticleKind, NoticeReason
from crawler.limits import limits_of
from crawler.looking import STANDARD_INPUT
from crawler.reading_command import ReadingCommand
from crawler.terminal import progress_bar
from crawler.times import utc_text
from pipelines.archive import Archive, Filters
from pipelines.export import folder as folders
from pipelines.export import tables
from pipelines.export.formats import EXTENSIONS, FORMATS, TABULAR, Options, render, render_all
from pipelines.search.query import QueryError
from pipelines.store import reading, search

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator
    from sqlite3 import Connection

    from pipelines.archive import ArticleRecord

STANDARD_OUTPUT = STANDARD_INPUT
LAST = "last"
STATUSES = ("available", *get_args(NoticeReason))
_SHOWN = 10  # names that are printed


class Command(ReadingCommand):
    """Writes articles or tables to files or to standard output."""

    words = "[WORDS] | --tables DIR"
    most_words = sys.maxsize

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Export articles (Markdown, HTML, text, JSON Lines, CSV) or all tables (Parquet, CSV, SQLite)"

    def long_desc(self) -> str:
        """What --help says first."""
        return (
            "Export the articles that WORDS find (as `scrapy search` does; without any, all) and filters let through. "
            "--output FOLDER/ gives a file each, named by day, account and title, and brings a folder up to date: a "
            "file that somebody has changed since is left alone. --output FILE gives one file, - standard output. "
            "Every format can be read back with `scrapy crawl files -a path=...` and gives the same articles, but for "
            "several articles in one file of Markdown, HTML or text. --tables DIR writes every table, without raw "
            "bytes, local paths and reader's tokens: what can be published."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Adds where to, how, and which articles."""
        super().add_options(parser)
        add = parser.add_argument
        add("--output", metavar="FOLDER|FILE|-", help="where to; a folder ends with / or is there already")
        add(
            "--format",
            choices=list(dict.fromkeys([*FORMATS, *tables.FORMATS])),
            help="default: by the name of FILE, else markdown",
        )
        add("--tables", action="store_true", help="all tables to DIR, with a manifest.json: parquet, csv or sqlite")
        add("--full", action="store_true", help="with what was removed from the body, in its place")
        add("--bare", action="store_true", help="without the record of what was removed (cannot be read back exactly)")
        add("--images", action="store_true", help="HTML that loads its images from their addresses when opened")
        add("--account", metavar="NAME", help="of this account: any name it has or had, 微信号, biz or ghid")
        add("--since", metavar="DAY", type=_day, help="published on this day in Beijing or later, YYYY-MM-DD")
        add("--until", metavar="DAY", type=_day, help="published on this day or earlier")
        add("--kind", choices=get_args(ArticleKind), action="append", default=[], help="of this kind (repeatable)")
        add("--status", choices=STATUSES, metavar="STATUS", action="append", default=[], help="available, deleted, ...")
        add("--unique", action="store_true", help="no duplicates")
        add("--key", metavar="KEY|URL", action="append", default=[], help="this article (repeatable)")
        since = "only what was written since: 2024-05-01[T08:00:00Z], or the last export into the same folder"
        add("--changed-since", metavar="TIME|last", help=since)
        add("--overwrite", action="store_true", help="also files that were changed since, or that no export wrote")
        add("--prune", action="store_true", help="remove the files of articles that are no more")

    def ask(self, db: Connection, args: list[str], opts: argparse.Namespace) -> int:
        """Exports; the last line on standard error (or output) is a report in JSON."""
        try:
            with reading.snapshot(db):
                return self._export_tables(db, args, opts) if opts.tables else self._export_articles(db, args, opts)
        except BrokenPipeError:
            # Whoever read has had enough (`| head`); nothing is left to be written when Python ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return int(Exit.DONE)
        except (QueryError, search.SearchIndexError, folders.ExportError, tables.TablesError, OSError) as error:
            return self.refuse(str(error))

    def _export_tables(self, db: Connection, args: list[str], opts: argparse.Namespace) -> int:
        target = args[0] if len(args) == 1 and not opts.output else opts.output
        if not target or len(args) > 1 or (args and opts.output) or target == STANDARD_OUTPUT:
            raise UsageError("say where to: scrapy export --tables --format parquet|csv|sqlite DIR")
        format_ = opts.format or "parquet"
        if format_ not in tables.FORMATS:
            raise UsageError(f"--tables gives {', '.join(tables.FORMATS)}, not {format_}")
        for name in ("full", "bare", "images", "overwrite", "prune"):
            if getattr(opts, name):
                raise UsageError(f"--{name} is of articles, not of --tables")
        filters = _filters(db, opts, changed_since=_moment(opts.changed_since))
        with progress_bar("exporting") as bar:
            report = tables.export_tables(db, Path(target).expanduser(), format_, filters=filters, progress=bar)
        print(json.dumps(report, ensure_ascii=False))
        return 0

    def _export_articles(self, db: Connection, args: list[str], opts: argparse.Namespace) -> int:
        if not opts.output:
            raise UsageError("say where to: --output FOLDER/, --output FILE, or --output - for standard output")
        format_ = opts.format or _format_of(opts.output)
        if format_ not in FORMATS:
            raise UsageError(f"--format {format_} is of --tables; articles are {', '.join(FORMATS)}")
        settings: Any = self.settings
        options = Options(
            format=format_, full=opts.full, bare=opts.bare, images=opts.images, limits=limits_of(settings)
        )
        target = None if opts.output == STANDARD_OUTPUT else Path(opts.output).expanduser()
        is_folder = target is not None and (target.is_dir() or opts.output.endswith("/") or _is_new_folder(target))
        chosen = {"words": args, **_given(opts)}
        changed_since = _moment(opts.changed_since)
        if opts.changed_since == LAST:
            changed_since = _last(target if is_folder else None, format_, chosen)
        ids = _ids(db, args, _filters(db, opts, changed_since=changed_since))
        archive = Archive(db)
        with progress_bar("exporting") as bar:
            if target is not None and is_folder and format_ not in TABULAR:
                report = folders.export_folder(
                    archive,
                    ids,
                    target,
                    options,
                    filters=chosen,
                    overwrite=opts.overwrite,
                    prune=opts.prune,
                    progress=bar,
                )
                return _tell(report, target)
            _refuse_folder_options(opts)
            if target is not None and is_folder:
                target.mkdir(parents=True, exist_ok=True)
                target /= f"articles{EXTENSIONS[format_]}"
            pieces = _pieces(archive, ids, options, bar)
            if target is None:
                sys.stdout.reconfigure(encoding="utf-8", errors="replace", newline="")  # type: ignore[union-attr]
                sys.stdout.writelines(pieces)
                return 0
            folders.write_pieces(target, (piece.encode("utf-8", "replace") for piece in pieces))
        print(json.dumps({"file": str(target), "articles": len(ids)}, ensure_ascii=False))
        return 0


def _pieces(archive: Archive, ids: list[int], options: Options, bar: Any) -> Iterator[str]:
    """One article is a file as in a folder, which can be read back; of several each format has its own way."""
    if len(ids) == 1 and options.format not in TABULAR:
        yield render(archive.article_by_id(ids[0]), options)
        return

    def articles() -> Iterator[ArticleRecord]:
        for done, number in enumerate(ids, 1):
            yield archive.article_by_id(number)
            bar(done, len(ids))

    yield from render_all(articles(), options)


def _ids(db: Connection, words: list[str], filters: Filters) -> list[int]:
    ids = reading.article_ids(db, filters)
    if not words:
        return ids
    found = set(search.article_ids(db, " ".join(words)))
    return [number for number in ids if number in found]


def _filters(db: Connection, opts: argparse.Namespace, *, changed_since: str | None) -> Filters:
    if opts.account is not None and not search.accounts_named(db, opts.account):
        like = ", ".join(search.account_labels(db, opts.account)[:5])
        raise UsageError(f"no account is called {opts.account}" + (f"; did you mean {like}?" if like else ""))
    keys = []
    for reference in opts.key:
        key = reading.key_of_reference(db, reference)
        if key is None:
            raise UsageError(f"no article {reference}; `scrapy search` finds what there is")
        keys.append(key)
    return Filters(
        account=opts.account,
        since=opts.since,
        until=opts.until,
        kinds=tuple(opts.kind),
        statuses=tuple(opts.status),
        unique=opts.unique,
        keys=tuple(keys),
        changed_since=changed_since,
    )


def _given(opts: argparse.Namespace) -> dict[str, Any]:
    """The filters and ways of writing that were asked for, to be remembered with a folder."""
    names = ("account", "since", "until", "kind", "status", "unique", "key", "full", "bare", "images")
    return {name: value for name in names if (value := getattr(opts, name))}


def _last(folder: Path | None, format_: str, chosen: dict[str, Any]) -> str | None:
    """When the last export into the folder was made, if it was of the same articles in the same way."""
    state = folders.load_state(folder) if folder is not None else None
    if state is None:
        raise UsageError("--changed-since last needs a folder that an export went into; export all into one first")
    if state.format != format_ or state.filter != chosen:
        raise UsageError(
            "the last export into this folder was of other articles, or in another way; leave out --changed-since"
        )
    return state.changed_until


def _refuse_folder_options(opts: argparse.Namespace) -> None:
    for name in ("overwrite", "prune"):
        if getattr(opts, name):
            raise UsageError(f"--{name} is of folders; --output FOLDER/ gives a file each")


def _tell(report: folders.Report, folder: Path) -> int:
    for name in report.edited[:_SHOWN]:
        sys.stderr.write(f"left as it is, somebody changed it: {harmless(name)} (--overwrite replaces it)\n")
    for name, heir in list(report.gone.items())[:_SHOWN]:
        what = f"it is {heir} now" if heir else "it is no more"
        sys.stderr.write(f"its article is gone, {what}: {harmless(name)}\n")
    counts = asdict(report) | {"edited": len(report.edited), "gone": len(report.gone)}
    print(json.dumps({"folder": str(folder), **counts}, ensure_ascii=False))
    return 0


def _format_of(output: str) -> str:
    suffix = Path(output).suffix.lower()
    return next((name for name, extension in EXTENSIONS.items() if extension == suffix), "markdown")


def _is_new_folder(target: Path) -> bool:
    return not target.exists() and not target.suffix


def _moment(given: str | None) -> str | None:
    """A day (in Beijing) or a moment, as UTC text."""
    if given is None or given == LAST:
        return None
    try:
        if len(given) == len("2024-05-01"):
            return utc_text(datetime.fromisoformat(f"{given}T00:00:00+08:00"))
        moment = datetime.fromisoformat(given)
        return utc_text(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except ValueError:
        raise UsageError(
            f"--changed-since: {given} is no time; write 2024-05-01, 2024-05-01T08:00:00Z or last"
        ) from None


def _day(text: str) -> str:
    return date.fromisoformat(text).isoformat()
