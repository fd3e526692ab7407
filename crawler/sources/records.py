"""Files of records: JSON arrays, JSON lines and tables. Each record is JSON of its own, as a capture's content."""

from __future__ import annotations

import codecs
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.items import Rejected
from crawler.pages import record_shapes
from crawler.sources import sniff, streams, tables
from crawler.sources.limits import DamagedError

if TYPE_CHECKING:
    import io
    from collections.abc import Iterator

    from crawler.items import RejectReason

_BLANK = " \t\r\n"
# Not strict: exporters leave line feeds in strings.
_DECODER = json.JSONDecoder(strict=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record: its number in the file and its JSON (UTF-8), empty where there is a `problem`."""

    number: int
    content: bytes
    problem: Rejected | None = None


class NoRecordsError(Exception):
    """What looked like records is something else: `head` was read, the rest is still in the stream."""

    def __init__(self, head: bytes) -> None:
        super().__init__("no records")
        self.head = head


def lines(stream: io.BufferedReader, limit: int) -> Iterator[Record]:
    """The records of JSON lines, numbered by line from 1; empty lines are none. Each stays byte for byte."""
    number = 0
    while line := stream.readline(limit + 1):
        number += 1
        if len(line) > limit and not line.endswith(b"\n"):
            while line and not line.endswith(b"\n"):
                line = stream.readline(streams.CHUNK)
            problem = Rejected(reason="oversize", detail=f"line {number} has {streams.too_large(limit)}")
            yield Record(number=number, content=b"", problem=problem)
            continue
        plain = line.removeprefix(codecs.BOM_UTF8).strip()
        if plain:
            yield _line_record(number, plain, cut_off=not line.endswith(b"\n"))


def _line_record(number: int, plain: bytes, *, cut_off: bool) -> Record:
    if sniff.json_object(plain) is not None:
        return Record(number=number, content=plain)
    at_end = cut_off and plain.startswith(b"{")
    detail = f"line {number} {'ends before its record does' if at_end else 'is no JSON object'}"
    return Record(
        number=number, content=b"", problem=Rejected(reason="truncated" if at_end else "corrupt", detail=detail)
    )


def array(stream: io.BufferedReader, owner: tuple[str, ...], limit: int) -> Iterator[Record]:
    """The objects of a JSON array, numbered from 0, as they are written there, in UTF-8.

    Raises NoRecordsError if not even the first is JSON, DamagedError of `owner` where the array cannot be read on.
    """
    buffer = _Buffer(stream, limit)
    number = 0
    buffer.expect("[")
    while True:
        try:
            value, written = buffer.value()
        except (ValueError, RecursionError) as error:
            if number == 0:
                raise NoRecordsError(buffer.raw) from error
            raise _unreadable(owner, number, buffer) from error
        buffer.forget()
        if isinstance(value, dict):
            yield _record(number, written, limit)
        else:
            detail = f"record {number} is no JSON object"
            yield Record(number=number, content=b"", problem=Rejected(reason="corrupt", detail=detail))
        number += 1
        if not buffer.expect(","):
            break
    if not buffer.expect("]"):
        raise _unreadable(owner, number, buffer)


def _record(number: int, written: str, limit: int) -> Record:
    content = written.encode("utf-8", "replace")
    if len(content) <= limit:
        return Record(number=number, content=content)
    problem = Rejected(reason="oversize", detail=f"record {number} {streams.too_large(limit, len(content))}")
    return Record(number=number, content=b"", problem=problem)


def _unreadable(owner: tuple[str, ...], number: int, buffer: _Buffer) -> DamagedError:
    if buffer.at_end:
        return DamagedError(owner, "truncated", f"the array ends inside record {number}, or without its bracket")
    if buffer.is_full:
        return DamagedError(owner, "oversize", f"record {number} is larger than the limit, or no JSON")
    return DamagedError(owner, "corrupt", f"record {number} is no JSON")


def within(content: bytes) -> Iterator[Record]:
    """The records that stand in the lists of a JSON object, numbered from 0; none where it is a single capture."""
    value = sniff.json_object(content.removeprefix(codecs.BOM_UTF8))
    inner = record_shapes.within(value) if value is not None else []
    if len(inner) > 1:
        for number, row in enumerate(inner):
            yield Record(number=number, content=json.dumps(row, ensure_ascii=False).encode("utf-8", "replace"))


def table(stream: io.BufferedReader, owner: tuple[str, ...], limit: int) -> Iterator[Record]:
    """The rows of a table as JSON objects in the order of its header, numbered from 1.

    Raises DamagedError of `owner` where it cannot be read on.
    """
    try:
        for number, row in enumerate(tables.rows(stream, limit), 1):
            yield _record(number, json.dumps(row, ensure_ascii=False), limit)
    except tables.TableError as error:
        reason: RejectReason = "truncated" if error.is_cut_off else "corrupt"
        raise DamagedError(owner, reason, f"the table cannot be read: {error}") from error


class _Buffer:
    """The text of a stream, as much as the next value needs."""

    def __init__(self, stream: io.BufferedReader, limit: int) -> None:
        head = stream.peek(streams.CHUNK)
        self._decode = codecs.getincrementaldecoder(tables.encoding_of(head))("replace").decode
        self._stream = stream
        self._limit = limit
        self._text = ""
        self._position = 0
        self._forgotten = False
        self.raw = b""  # what was read, until the first `forget`
        self.at_end = False

    def value(self) -> tuple[object, str]:
        """The next JSON value and how it is written. Raises ValueError or RecursionError."""
        self._skip_blank()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._position)
            except ValueError:
                if self.at_end or self.is_full:
                    raise
                # Twice as much each time: not quadratic.
                self._more(max(len(self._text) - self._position, streams.CHUNK))
                continue
            written = self._text[self._position : end]
            self._position = end
            return value, written

    @property
    def is_full(self) -> bool:
        """Whether more than a record may have is read and not yet passed."""
        return len(self._text) - self._position > self._limit

    def expect(self, sign: str) -> bool:
        """Passes over `sign` if it comes next."""
        self._skip_blank()
        if not self._text.startswith(sign, self._position):
            return False
        self._position += 1
        return True

    def forget(self) -> None:
        """Lets go of what was passed."""
        self.raw, self._forgotten = b"", True
        if self._position > streams.CHUNK:
            self._text, self._position = self._text[self._position :], 0

    def _skip_blank(self) -> None:
        while True:
            while self._position < len(self._text) and self._text[self._position] in _BLANK:
                self._position += 1
            if self._position < len(self._text) or self.at_end:
                return
            self._text, self._position = "", 0
            self._more(streams.CHUNK)

    def _more(self, size: int) -> None:
        data = streams.read_up_to(self._stream, size)
        self.at_end = not data
        if not self._forgotten:
            self.raw += data
        self._text += self._decode(data, final=self.at_end)
