"""Tables of data, told from the marks of their cells; tables that only lay out a page are none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crawler.items import Mark

_PLACE = re.compile(r"(\d{1,6})\.(\d{1,6})\.(\d{1,4})")
_LEAST = 2  # rows, and cells of a row
_MAX_CELL = 400  # code points; a longer cell is a column of a page
_MAX_LINES = 8  # of one cell
_MAX_COLUMNS = 64


@dataclass(slots=True, kw_only=True)
class Grid:
    """A table: where it stands in the text, and of each row where its cells are; None for an empty one."""

    start: int
    end: int
    rows: list[list[tuple[int, int] | None]]


def grids_of(text: str, marks: Sequence[Mark]) -> Iterator[Grid]:
    """The tables of `text` that begin and end with a line, are whole, and hold data."""
    tables: dict[str, dict[int, dict[int, Mark]]] = {}
    for mark in marks:
        place = _PLACE.fullmatch(mark.value) if mark.kind == "table" and mark.start < mark.end else None
        if place:
            tables.setdefault(place[1], {}).setdefault(int(place[2]), {})[int(place[3])] = mark
    end = 0
    for rows in sorted(tables.values(), key=_start):
        grid = _grid(text, rows)
        # A table inside a cell of another one is a part of its text.
        if grid is not None and grid.start >= end:
            end = grid.end
            yield grid


def _start(rows: dict[int, dict[int, Mark]]) -> int:
    return min(mark.start for cells in rows.values() for mark in cells.values())


def _grid(text: str, rows: dict[int, dict[int, Mark]]) -> Grid | None:
    cells = [mark for row in rows.values() for mark in row.values()]
    start, end = min(mark.start for mark in cells), max(mark.end for mark in cells)
    width = max(max(row) for row in rows.values())
    is_data = (
        len(rows) >= _LEAST
        and sum(len(row) >= _LEAST for row in rows.values()) * 2 > len(rows)
        and width <= _MAX_COLUMNS
        and all(m.end - m.start <= _MAX_CELL and text.count("\n", m.start, m.end) < _MAX_LINES for m in cells)
    )
    is_whole = text[start - 1 : start] in ("", "\n") and text[end : end + 1] in ("", "\n")
    if not is_data or not is_whole or _has_more(text, cells, start, end):
        return None
    made = [[_range(rows[number].get(column)) for column in range(1, width + 1)] for number in sorted(rows)]
    return Grid(start=start, end=end, rows=made)


def _has_more(text: str, cells: Sequence[Mark], start: int, end: int) -> bool:
    """Whether the table holds text that is in none of its cells (a caption), or cells out of order."""
    at = start
    for mark in sorted(cells, key=lambda m: m.start):
        if mark.start < at or text[at : mark.start].strip():
            return True
        at = mark.end
    return bool(text[at:end].strip())


def _range(mark: Mark | None) -> tuple[int, int] | None:
    return (mark.start, mark.end) if mark else None
