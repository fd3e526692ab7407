"""What a search found, as a table on a terminal, lines for other programs, JSON, CSV or URLs.

Texts of articles are somebody else's: nothing of them may steer a terminal, become markup or a formula.
"""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from crawler.pages.exported_forms import guarded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.search.snippet import Marked
    from pipelines.store.search import Hit

BOM = "\ufeff"  # without it Excel takes UTF-8 for GBK
LINE_BREAK = "⏎"
MARKS = ("⟦", "⟧")
COLUMNS = (
    "key",
    "title",
    "account",
    "author",
    "published_on",
    "kind",
    "status",
    "url",
    "duplicate_of",
    "score",
    "snippet",
)
_LINE_BREAKS = re.compile("[\n\r\x0b\x0c\x85\u2028\u2029]+")
# Controls, and what turns the direction of writing around.
_STEERING = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def harmless(text: str) -> str:
    """`text` on one line, without what steers a terminal."""
    return _STEERING.sub("", _LINE_BREAKS.sub(LINE_BREAK, text.replace("\t", " ")))


def table(hits: Sequence[Hit]) -> Table:
    """One row an article: day, account, and below its title what was found, and its key."""
    made = Table(show_header=False, box=None, padding=(0, 1, 1, 0))
    made.add_column(no_wrap=True, style="dim")
    made.add_column(max_width=16, overflow="fold", style="cyan")
    made.add_column(ratio=1, overflow="fold")
    for hit in hits:
        article = _styled(hit.title, "bold")
        if hit.status != "available":
            article.append(f" [{hit.status}]", style="red")
        if hit.snippet.text:
            article.append("\n").append_text(_styled(hit.snippet))
        article.append("\n").append(harmless(hit.key), style="dim")
        made.add_row(hit.published_on or "", Text(harmless(hit.account or "")), article)
    return made


def line(hit: Hit) -> str:
    """Key, day, account, title and snippet with its hits in ⟦ ⟧, tab-separated, with a line feed."""
    cells = (hit.key, hit.published_on or "", hit.account or "", hit.title.text, bracketed(hit.snippet))
    return "\t".join(map(harmless, cells)) + "\n"


def record(hit: Hit) -> dict[str, Any]:
    """An object for JSON; `marks` are ranges of the snippet, `title_marks` of the title, in code points."""
    made: dict[str, Any] = {name: getattr(hit, name) for name in COLUMNS}
    made["title"], made["snippet"] = hit.title.text, hit.snippet.text
    made["title_marks"], made["marks"] = list(map(list, hit.title.marks)), list(map(list, hit.snippet.marks))
    return made


def json_list(hits: Sequence[Hit]) -> str:
    """A JSON list, one object a line; what steers a terminal is escaped."""
    lines = ",\n".join(json.dumps(record(hit), ensure_ascii=False) for hit in hits)
    return f"[{_STEERING_INSIDE.sub(_escaped, lines)}]\n"


def csv_table(hits: Sequence[Hit]) -> str:
    """A table for spreadsheets: a byte order mark, a header, no cell that is taken for a formula."""
    made = io.StringIO()
    made.write(BOM)
    writer = csv.writer(made)
    writer.writerow(COLUMNS)
    for hit in hits:
        values = record(hit) | {"snippet": bracketed(hit.snippet)}
        writer.writerow([guarded("" if values[name] is None else str(values[name])) for name in COLUMNS])
    return made.getvalue()


def bracketed(marked: Marked) -> str:
    """The text with ⟦ and ⟧ around its marks."""
    made, position = [], 0
    for start, end in marked.marks:
        made += [marked.text[position:start], MARKS[0], marked.text[start:end], MARKS[1]]
        position = end
    return "".join([*made, marked.text[position:]])


# All of them but the line feed between two objects.
_STEERING_INSIDE = re.compile(_STEERING.pattern.replace("\x00-\x1f", "\x00-\x09\x0b-\x1f"))


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


def _styled(marked: Marked, style: str | None = None) -> Text:
    made, position = Text(), 0
    for start, end in marked.marks:
        made.append(harmless(marked.text[position:start]), style)
        made.append(harmless(marked.text[start:end]), "bold red")
        position = end
    return made.append(harmless(marked.text[position:]), style)
