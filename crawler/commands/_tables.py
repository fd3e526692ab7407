"""Tables for people and for programs: drawn on a terminal, separated by tabs in a pipe, or JSON."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from crawler.commands._found import harmless

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rich.console import JustifyMethod

_SHORT = 20  # characters: a time; columns of no more are not broken


def print_table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """A table on standard output; in a pipe one line a row, its first line the names of the columns."""
    rows = [["" if cell is None else cell for cell in row] for row in rows]
    if not sys.stdout.isatty():
        for row in (columns, *rows):
            sys.stdout.write("\t".join(harmless(str(cell)) for cell in row) + "\n")
        return
    made = Table(box=None, pad_edge=False, header_style="bold")
    for number, column in enumerate(columns):
        is_number = bool(rows) and all(isinstance(row[number], int) or row[number] == "" for row in rows)
        justify: JustifyMethod = "right" if is_number else "left"
        is_short = all(len(str(row[number])) <= _SHORT for row in rows)
        made.add_column(column, justify=justify, overflow="fold", no_wrap=is_short)
    for row in rows:
        made.add_row(*(Text(harmless(str(cell))) for cell in row))
    Console(highlight=False).print(made)


def print_fields(fields: Mapping[str, Any]) -> None:
    """One line a field: its name, a colon, its value; without those that have none."""
    console = Console(highlight=False, soft_wrap=True)
    for name, value in fields.items():
        if value not in (None, "", [], {}):
            console.print(Text.assemble((f"{name}: ", "cyan"), harmless(str(value))))


def print_json(value: Any) -> None:
    """One line of JSON; what steers a terminal is escaped."""
    text = json.dumps(value, ensure_ascii=False)
    sys.stdout.write("".join(_escaped(c) if harmless(c) != c else c for c in text) + "\n")


def _escaped(character: str) -> str:
    return f"\\u{ord(character):04x}"
