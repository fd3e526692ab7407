"""Tables (.csv, .tsv) read row by row, in the encodings that Chinese spreadsheets write."""

from __future__ import annotations

import csv
import io
import re
import sys
from typing import TYPE_CHECKING

from crawler.sources.streams import HEAD, look_ahead

if TYPE_CHECKING:
    from collections.abc import Iterator

_DELIMITERS = "\t,;"
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_TOLD = re.compile(r"sep=([,;\t|])", re.IGNORECASE)  # a spreadsheet's line above the header
# Where a row has more cells than the header.
MORE = "_more"


class TableError(ValueError):
    """A table that cannot be read on, with the number of the row; `is_cut_off` where its end is missing."""

    def __init__(self, message: str, *, is_cut_off: bool = False) -> None:
        super().__init__(message)
        self.is_cut_off = is_cut_off


def encoding_of(head: bytes) -> str:
    """What text that starts with `head` is written in: told by its mark, else UTF-8 if it can be, else GB18030."""
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return encoding
    # A character that is cut off at the end of the head is no fault of it.
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        cut_off = error.reason == "unexpected end of data" and len(head) - error.start < 4
        return "utf-8" if cut_off else "gb18030"
    return "utf-8"


def rows(stream: io.BufferedReader, limit: int) -> Iterator[dict[str, str | list[str]]]:
    """The rows below the header, as header -> cell; cells beyond the header are a list under `_more`.

    A header cell that is empty or occurs again gets a name of its own. Empty rows are left out.

    Raises:
        TableError: a row is longer than `limit` characters, or its quotes are wrong.
    """
    head, whole = look_ahead(stream, HEAD)
    lines = _BoundedLines(io.TextIOWrapper(whole, encoding_of(head), errors="replace", newline=""), limit)
    # A setting of the whole process: only ever raised, to fields as long as an article. Rows are bounded above.
    csv.field_size_limit(max(csv.field_size_limit(), min(limit, sys.maxsize)))
    number = 0
    try:
        top = _header_lines(lines)
        told = _TOLD.fullmatch(top[0].strip(" \r\n"))
        top = _header_lines(lines) if told else top
        delimiter = told[1] if told else max(_DELIMITERS, key="".join(top).count)
        header = _header(next(csv.reader(top, delimiter=delimiter), []))
        for cells in csv.reader(lines, delimiter=delimiter):
            number += 1
            if lines.row_done():
                raise TableError(f"row {number}: it ends inside quotes", is_cut_off=True)
            if any(cell.strip() for cell in cells):
                yield _row(header, cells)
    except (csv.Error, UnicodeError) as error:
        raise TableError(f"row {number + 1}: {error}") from error


def _header_lines(lines: Iterator[str]) -> list[str]:
    """The first line, and those after it up to the one that closes its quotes."""
    top = [next(lines, "")]
    open_quotes = top[0].count('"') % 2
    while open_quotes and (line := next(lines, "")):
        open_quotes = (open_quotes + line.count('"')) % 2
        top.append(line)
    return top


def _header(cells: list[str]) -> list[str]:
    names: list[str] = []
    for number, cell in enumerate(cells, 1):
        name = cell.strip() or f"column_{number}"
        names.append(name if name not in names else f"{name}_{number}")
    return names


def _row(header: list[str], cells: list[str]) -> dict[str, str | list[str]]:
    row: dict[str, str | list[str]] = dict(zip(header, cells, strict=False))
    if len(cells) > len(header):
        row[MORE] = cells[len(header) :]
    return row


class _BoundedLines:
    """Lines of text, refusing a row that takes more than `limit` characters (a quote that is never closed)."""

    def __init__(self, text: io.TextIOBase, limit: int) -> None:
        self._text = text
        self._limit = limit
        self._ahead = ""
        self._taken = 0
        self._lines = 0
        self._quotes = 0
        self._is_ended = True  # the last line has its line end

    def row_done(self) -> bool:
        """Says that what was taken so far made a row; tells whether it is one that the end of the file cut off."""
        is_cut_off = bool(self._quotes % 2) and (self._lines > 1 or not self._is_ended) and not self._text_left()
        self._taken = self._lines = self._quotes = 0
        return is_cut_off

    def _text_left(self) -> bool:
        if not self._ahead:
            self._ahead = self._text.readline(self._limit + 1)
        return bool(self._ahead)

    def __iter__(self) -> _BoundedLines:
        return self

    def __next__(self) -> str:
        line, self._ahead = self._ahead or self._text.readline(self._limit + 1), ""
        self._taken += len(line)
        self._lines += 1
        self._quotes += line.count('"')
        self._is_ended = line.endswith(("\n", "\r"))
        if self._taken > self._limit:
            raise csv.Error(f"longer than {self._limit} characters; is a quote never closed?")
        if not line:
            raise StopIteration
        return line
