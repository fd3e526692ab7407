"""Builds a full text line by line while places in it are remembered exactly."""

from __future__ import annotations

import re
import unicodedata
from typing import TypeAlias

from crawler import text as forms

_WHITE_SPACE = re.compile(r"\s+")
_END = 1 << 40  # a column that is past every line


# A place in a text being built: the number of a line that will be kept, and a column of it.
Place: TypeAlias = "tuple[int, int]"


class TextBuilder:
    """Takes runs of text and line breaks; gives the full text that `crawler.text.join_lines` would make.

    A `Place` taken while building can be turned into an offset of the finished text, in code points.
    """

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._raw: dict[int, str] = {}  # lines that NFC made different
        self._run: list[str] = []
        self._length = 0
        self._after_space = True
        self._starts: list[int] = []
        self.text = ""

    def add(self, text: str) -> bool:
        """Adds `text` to the current line, line feeds in it white space like any other; says if anything was added."""
        if text.isspace():
            if self._after_space:
                return False
            text = " "
        elif not text.isprintable() or "  " in text:
            text = _WHITE_SPACE.sub(" ", forms.storable(text))
        if self._after_space:
            text = text.lstrip(" ")
        if text:
            self._run.append(text)
            self._length += len(text)
            self._after_space = text.endswith(" ")
        return bool(text)

    def end_line(self) -> None:
        """Ends the current line; one with nothing to see is forgotten."""
        if not self._run:
            return
        raw = "".join(self._run).rstrip(" ")
        self._run.clear()
        self._length = 0
        self._after_space = True
        line = unicodedata.normalize("NFC", raw)
        if not forms.is_visible(line):
            return
        if line != raw:
            self._raw[len(self._lines)] = raw
        self._lines.append(line)

    def here(self) -> Place:
        """The place where the next text will stand."""
        return (len(self._lines), self._length)

    def behind(self) -> Place:
        """The place behind the last text: the end of the last line where a new one has not begun."""
        if self._length == 0 and self._lines:
            return (len(self._lines) - 1, _END)
        return self.here()

    def finish(self) -> str:
        """Ends the last line and gives the full text; `offset` works from now on."""
        self.end_line()
        at = 0
        for line in self._lines:
            self._starts.append(at)
            at += len(line) + 1
        self.text = "\n".join(self._lines)
        return self.text

    def offset(self, place: Place) -> int:
        """The offset in the finished text of `place`."""
        number, column = place
        if number >= len(self._lines):
            return len(self.text)
        if column > 0 and number in self._raw:
            column = len(unicodedata.normalize("NFC", self._raw[number][:column]))
        return self._starts[number] + min(column, len(self._lines[number]))

    def span(self, start: Place, end: Place) -> tuple[int, int] | None:
        """The offsets of `start` and `end`, white space at either side left out; None where nothing is between."""
        first, last = self.offset(start), self.offset(end)
        while first < last and self.text[first].isspace():
            first += 1
        while first < last and self.text[last - 1].isspace():
            last -= 1
        return (first, last) if first < last else None
