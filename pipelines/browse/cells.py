"""Cells of Datasette's tables: keys lead to reading pages, digests to the bytes, URLs out without telling where from.

Pure: what a cell is shown as, from its column and value; and what it is in a file for spreadsheets.
"""

from __future__ import annotations

import csv
import io
import re

from markupsafe import Markup, escape

from crawler.pages.exported_forms import guarded
from pipelines.browse.shown import article_path, external, harmless, is_external, raw_path

_KEYS = frozenset({"key", "original_key", "reprint_key", "target_key", "source_key", "duplicate_of"})
_SCHEMES = ("mp:", "short:", "text:")  # what the key of an article begins with
_LONGEST_URL = 60  # characters of one that are shown
_LONGEST = 2_000  # characters of a text that had to be made harmless; Datasette cuts the others
_NUMBER = re.compile(r"-[0-9]+(?:\.[0-9]+)?\Z")


def cell(column: str, value: object) -> Markup | None:
    """The markup of a cell; None where Datasette's own will do."""
    if not isinstance(value, str) or not value:
        return None
    if column in _KEYS and value.startswith(_SCHEMES):
        return Markup('<a href="{}">{}</a>').format(article_path(value), _cut(harmless(value), _LONGEST_URL))
    if column == "sha256":
        return Markup('<a href="{}" title="download">{}…</a>').format(raw_path(value), value[:12])
    if is_external(value):
        return external(value, _cut(value, _LONGEST_URL))
    shown = harmless(value)
    return escape(_cut(shown, _LONGEST)) if shown != value else None


def spreadsheet_rows(rows: str) -> str:
    """Whole rows of CSV, no cell of which a spreadsheet takes for a formula; negative numbers stay numbers."""
    made = io.StringIO()
    writer = csv.writer(made)
    for row in csv.reader(io.StringIO(rows, newline="")):
        writer.writerow([one if _NUMBER.match(one) else guarded(one) for one in row])
    return made.getvalue()


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[:longest] + "…"
