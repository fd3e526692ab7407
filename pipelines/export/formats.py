"""The formats of articles: what a file of each is called, how one article is written, how many in one file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from crawler.text import storable
from pipelines.export.document import document_of
from pipelines.export.html import article_html, page_parts, render_html
from pipelines.export.markdown import render_book_entry, render_markdown
from pipelines.export.records import csv_header, record_of, render_csv, render_csv_header, render_jsonl
from pipelines.export.text import render_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crawler.pages import Limits
    from pipelines.archive import ArticleRecord
    from pipelines.export.document import Document

Format = Literal["markdown", "html", "text", "jsonl", "csv"]
FORMATS: tuple[Format, ...] = get_args(Format)
EXTENSIONS: dict[Format, str] = {
    "markdown": ".md",
    "html": ".html",
    "text": ".txt",
    "jsonl": ".jsonl",
    "csv": ".csv",
}
# Of these all articles go into one file.
TABULAR: frozenset[Format] = frozenset({"jsonl", "csv"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How articles are written."""

    format: Format
    full: bool = False  # with what was removed
    bare: bool = False  # without the record of what was removed
    images: bool = False  # HTML that loads its images when it is opened
    limits: Limits | None = None  # of reading raw captures


def render(article: ArticleRecord, options: Options) -> str:
    """One article as a file of its own."""
    # Our own readers let no control into a database; somebody else's database is not so careful.
    return storable(_render(article, options))


def _render(article: ArticleRecord, options: Options) -> str:
    document = document_of(
        article,
        full=options.full,
        bare=options.bare,
        plain_text=options.format == "text",
        limits=options.limits,
    )
    if options.format == "markdown":
        return render_markdown(document)
    if options.format == "html":
        return render_html(document, images=options.images)
    return render_text(document)


def render_all(articles: Iterable[ArticleRecord], options: Options) -> Iterator[str]:
    """Many articles as one file, in pieces; what is no table is for reading, and not read back."""
    return map(storable, _render_all(articles, options))


def _render_all(articles: Iterable[ArticleRecord], options: Options) -> Iterator[str]:
    if options.format == "jsonl":
        for article in articles:
            yield render_jsonl(record_of(article, full=options.full, bare=options.bare))
    elif options.format == "csv":
        columns = csv_header(full=options.full, bare=options.bare)
        yield render_csv_header(columns)
        for article in articles:
            yield render_csv(record_of(article, full=options.full, bare=options.bare), columns)
    elif options.format == "html":
        shown = (article_html(_reading_copy(article, options), images=options.images) for article in articles)
        yield from page_parts("gzh-archive", shown, images=options.images)
    else:
        for number, article in enumerate(articles):
            copy = _reading_copy(article, options)
            entry = render_book_entry(copy) if options.format == "markdown" else render_text(copy)
            yield ("\n---\n\n" if options.format == "markdown" else "\n\n") * (number > 0) + entry


def _reading_copy(article: ArticleRecord, options: Options) -> Document:
    return document_of(
        article, full=options.full, bare=True, plain_text=options.format == "text", limits=options.limits
    )
