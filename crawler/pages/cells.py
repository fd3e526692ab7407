"""Which cell of which table a reader is in: told by the tags in the order in which they are met."""

from __future__ import annotations


class Cells:
    """Counts tables, rows and cells, those of a table inside a cell apart."""

    def __init__(self) -> None:
        self._tables = 0
        # Of each open table: its number, and the row and cell that were begun last.
        self._open: list[list[int]] = []

    def enter(self, tag: str) -> str:
        """Takes note of a tag that opens; of a cell gives its place, `TABLE.ROW.COLUMN`, of others ""."""
        if tag == "table":
            self._tables += 1
            self._open.append([self._tables, 0, 0])
        elif tag == "tr" and self._open:
            self._open[-1][1:] = [self._open[-1][1] + 1, 0]
        elif tag in {"td", "th"} and self._open:
            self._open[-1][2] += 1
            return ".".join(map(str, self._open[-1]))
        return ""

    def leave(self, tag: str) -> None:
        """Takes note of a tag that closes."""
        if tag == "table" and self._open:
            self._open.pop()
