"""A document as a record: an object of JSON Lines, or a row of CSV that is safe in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

from crawler.pages.exported import CELLS_MARKER, MARKER_FIELD
from crawler.pages.exported_forms import guarded
from pipelines.export.document import FIELD_NAMES, plain, slip_of, values_of

if TYPE_CHECKING:
    from pipelines.archive import ArticleRecord

BOM = "\ufeff"  # without it Excel takes UTF-8 for GBK
_SLIP = ("text_hash", "boilerplate", "credits", "links", "media", "albums", "repost")


def record_of(article: ArticleRecord, *, full: bool = False, bare: bool = False) -> dict[str, Any]:
    """The fields of an article, its body and slip. `full`: the full text besides."""
    record: dict[str, Any] = values_of(article) | {"body": article.body}
    if full:
        record["full_text"] = article.full_text
    if not bare:
        record |= slip_of(article)
        record["links"] = [plain(link) for link in article.links]
        record["media"] = [plain(medium) for medium in article.media]
    return record


def render_jsonl(record: dict[str, Any]) -> str:
    """A line, with its line feed."""
    return json.dumps(record, ensure_ascii=False) + "\n"


def csv_header(*, full: bool = False, bare: bool = False) -> list[str]:
    """The columns of a table of records."""
    return [*FIELD_NAMES, "body", *(["full_text"] if full else []), *(() if bare else _SLIP)]


def render_csv(record: dict[str, Any], columns: list[str]) -> str:
    """A row, with its line end; lists and objects as JSON."""
    cells = record | {MARKER_FIELD: CELLS_MARKER}
    return _row([guarded(_cell(cells.get(name))) for name in columns])


def render_csv_header(columns: list[str]) -> str:
    """The first row, behind a byte order mark."""
    return BOM + _row(columns)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _row(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()
