"""Responses in a web archive (WARC 1.0 and 1.1, ISO 28500), read forward once, each record with its limits.

warcio reads the HTTP heads and chunks; the records are framed here, because it tells a damaged or cut-off archive
from a whole one only on standard error, and takes lines of any length.
"""

from __future__ import annotations

import contextlib
import io
import re
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import brotli
from warcio.bufferedreaders import ChunkedDataReader
from warcio.statusandheaders import StatusAndHeadersParser

from crawler.items import Rejected
from crawler.sources import names, streams
from crawler.sources.limits import MEBI, DamagedError, SourceLimits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_STATUS_LINE = re.compile(rb"HTTP/[0-9.]{1,5} +([0-9]{3})\b")
_LONGEST_LINE = 2**16
_MOST_LINES = 256
_HEAD_ALLOWANCE = MEBI  # HTTP headers in front of a body


@dataclass(frozen=True, slots=True, kw_only=True)
class WarcResponse:
    """A page as a web archive has it; `content` is empty where there is a `problem`."""

    offset: int  # of the record: in the .gz where it is a gzip member of its own, else in the unpacked bytes
    url: str | None
    captured_at: datetime | None
    media_type: str | None
    content: bytes
    problem: Rejected | None = None


@dataclass(frozen=True, slots=True)
class _Head:
    offset: int
    fields: dict[str, str]  # names in lower case
    size: int  # of the block

    @property
    def kind(self) -> str:
        return self.fields.get("warc-type", "").lower()


def responses(
    stream: io.BufferedReader,
    owner: tuple[str, ...],
    limits: SourceLimits,
    packed_offset: Callable[[int], int | None] = lambda _: None,
) -> Iterator[WarcResponse | None]:
    """The responses with status 200 to 299, and resources, in order; None for every other record.

    `packed_offset` gives a record's offset in the compressed file, where it is known. Raises DamagedError of
    `owner` where the archive is damaged or ends before it should.
    """
    reader = _Records(stream, owner)
    while (head := reader.next_head()) is not None:
        offset = packed_offset(head.offset)
        if head.kind not in {"response", "resource"} or _is_other_scheme(head):
            reader.skip(head.size)
            yield None
        elif head.size > limits.max_bytes + _HEAD_ALLOWANCE:
            reader.skip(head.size)
            problem = Rejected(reason="oversize", detail=streams.too_large(limits.max_bytes, head.size))
            yield _response(head, offset, b"", None, problem)
        elif "warc-truncated" in head.fields:
            reader.skip(head.size)
            why = head.fields["warc-truncated"][:40]
            problem = Rejected(reason="truncated", detail=f"the archive says that this record was cut short ({why})")
            yield _response(head, offset, b"", None, problem)
        else:
            yield _opened(head, offset, reader.take(head.size), limits)


def _is_other_scheme(head: _Head) -> bool:
    return not head.fields.get("warc-target-uri", "").strip("<>").lower().startswith(("http:", "https:"))


def _opened(head: _Head, offset: int | None, block: bytes, limits: SourceLimits) -> WarcResponse | None:
    media_type, body = head.fields.get("content-type"), block
    if head.kind == "response":
        try:
            status, media_type, body = _http(block, limits.max_bytes)
        except DamagedError as damage:
            return _response(head, offset, b"", None, damage.problem)
        except Exception as error:  # hostile bytes make decoders raise nearly anything
            return _response(head, offset, b"", None, Rejected(reason="corrupt", detail=streams.fault(error)[1]))
        if not 200 <= status <= 299:
            return None
    media_type = (media_type or "").partition(";")[0].strip().lower() or None
    if media_type and names.is_ignored_media_type(media_type):
        return None
    return _response(head, offset, body, media_type, None)


def _response(
    head: _Head, offset: int | None, content: bytes, media_type: str | None, problem: Rejected | None
) -> WarcResponse:
    return WarcResponse(
        offset=head.offset if offset is None else offset,
        url=head.fields.get("warc-target-uri", "").strip("<>") or None,
        captured_at=_moment(head.fields.get("warc-date", "")),
        media_type=media_type,
        content=content,
        problem=problem,
    )


def _moment(written: str) -> datetime | None:
    with contextlib.suppress(ValueError, OverflowError):
        moment = datetime.fromisoformat(written)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    return None


def _http(block: bytes, limit: int) -> tuple[int, str | None, bytes]:
    """Status, media type and body (its transfer and content encodings undone) of an HTTP response."""
    status = _STATUS_LINE.match(block)
    if status is None:
        raise ValueError("the response does not begin with its status")
    stream = io.BytesIO(block)
    head = StatusAndHeadersParser(["HTTP/"]).parse(stream)
    body: streams.Readable = stream
    if (head.get_header("transfer-encoding") or "").lower().strip() == "chunked":
        body = ChunkedDataReader(stream)
    content = streams.read_all(body, (), len(block))
    for coding in reversed((head.get_header("content-encoding") or "").lower().split(",")):
        content = _decoded(content, coding.strip(), limit)
    if len(content) > limit:
        raise DamagedError((), "oversize", streams.too_large(limit, len(content)))
    return int(status[1]), head.get_header("content-type"), content


def _decoded(content: bytes, coding: str, limit: int) -> bytes:
    """`content` without one content coding. Archives also keep bodies that were decoded before: left as they are."""
    if coding in {"gzip", "x-gzip"} and content.startswith(b"\x1f\x8b"):
        return streams.read_all(streams.Gunzip(io.BytesIO(content)), (), limit)
    if coding == "zstd" and content.startswith(b"\x28\xb5\x2f\xfd"):
        return streams.read_all(streams.ZstdReader(io.BytesIO(content)), (), limit)
    if coding == "deflate":
        return _inflated(content, limit)
    if coding == "br":
        with contextlib.suppress(brotli.error):
            return _unbrotli(content, limit)
    return content


def _inflated(content: bytes, limit: int) -> bytes:
    for window in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        decoder = zlib.decompressobj(window)
        with contextlib.suppress(zlib.error):
            data = decoder.decompress(content, limit + 1)
            if decoder.eof or len(data) > limit:
                return data
    return content


def _unbrotli(content: bytes, limit: int) -> bytes:
    decoder, parts, size = brotli.Decompressor(), [], 0
    data = decoder.process(content, output_buffer_limit=streams.CHUNK)
    while data and size <= limit:
        parts.append(data)
        size += len(data)
        data = decoder.process(b"", output_buffer_limit=streams.CHUNK)
    return b"".join(parts) if decoder.is_finished() or size > limit else content


class _Records:
    """Frames records: a version line, header lines, an empty line, a block of Content-Length bytes."""

    def __init__(self, stream: io.BufferedReader, owner: tuple[str, ...]) -> None:
        self._stream = stream
        self._owner = owner
        self._at = 0

    def next_head(self) -> _Head | None:
        """The next record's head, or None at the end."""
        line = self._line()
        while line in {b"\r\n", b"\n"}:
            line = self._line()
        if not line:
            return None
        offset = self._at - len(line)
        if not line.startswith(b"WARC/"):
            raise DamagedError(self._owner, "corrupt", f"no record where one should be, at byte {offset}")
        fields = self._fields()
        try:
            size = int(fields["content-length"])
        except (KeyError, ValueError):
            size = -1
        if size < 0:
            raise DamagedError(self._owner, "corrupt", f"the record at byte {offset} does not say its length")
        return _Head(offset, fields, size)

    def take(self, size: int) -> bytes:
        """The block of a record."""
        data = self._stream.read(size)
        self._at += len(data)
        if len(data) < size:
            raise self._cut_off()
        return data

    def skip(self, size: int) -> None:
        """Passes over the block of a record."""
        while size:
            size -= len(self.take(min(size, streams.CHUNK)))

    def _line(self) -> bytes:
        line = self._stream.readline(_LONGEST_LINE)
        self._at += len(line)
        if line and not line.endswith(b"\n"):
            raise self._cut_off() if len(line) < _LONGEST_LINE else self._endless()
        return line

    def _fields(self) -> dict[str, str]:
        fields: dict[str, str] = {}
        for _ in range(_MOST_LINES):
            line = self._line()
            if not line:
                raise self._cut_off()
            if line in {b"\r\n", b"\n"}:
                return fields
            name, _, value = line.decode("utf-8", "replace").partition(":")
            fields.setdefault(name.strip().lower(), value.strip())
        raise self._endless()

    def _cut_off(self) -> DamagedError:
        return DamagedError(self._owner, "truncated", f"the archive ends inside a record, at byte {self._at}")

    def _endless(self) -> DamagedError:
        return DamagedError(self._owner, "corrupt", f"the head of a record is far too long, at byte {self._at}")
