"""Streams that are read forward once: decompressed, counted, with faults told in one way, never held whole."""

from __future__ import annotations

import io
import tarfile
import zlib
from typing import TYPE_CHECKING, Protocol

import zstandard

from crawler.sources.limits import DamagedError

if TYPE_CHECKING:
    from typing_extensions import Buffer

    from crawler.items import RejectReason
    from crawler.sources.limits import Budget

CHUNK = 2**16
# How many bytes are looked at to tell what something is.
HEAD = 2**16
# A zstd block of 4 bytes can stand for 128 KiB, so little is given to the decoder at a time.
_ZSTD_FEED = 1024
_ZSTD_WINDOW = 2**27  # what `zstd --ultra -22` needs

Owner = tuple[str, ...]


class Readable(Protocol):
    """Anything that gives bytes from its front to its end."""

    def read(self, size: int = -1, /) -> bytes | None:
        """At most `size` bytes, all for -1; b"" at the end."""


class Guarded(io.RawIOBase):
    """A stream whose bytes count against a budget and whose every fault is a DamagedError of `owner`."""

    def __init__(self, source: Readable, owner: Owner, budget: Budget) -> None:
        self._source = source
        self._owner = owner
        self._budget = budget
        self._damage: DamagedError | None = None

    def readable(self) -> bool:
        """True."""
        return True

    def readinto(self, buffer: Buffer) -> int:
        """Reads at most as much as `buffer` holds. Raises DamagedError, and the same again ever after."""
        if self._damage is not None:
            raise self._damage
        view = memoryview(buffer).cast("B")
        try:
            data = self._source.read(len(view)) or b""
            self._budget.spend(len(data))
        except DamagedError as damage:
            self._damage = damage
            raise
        except Exception as error:  # hostile bytes make decoders raise nearly anything
            self._damage = DamagedError(self._owner, *fault(error))
            raise self._damage from error
        view[: len(data)] = data
        return len(data)


def guarded(source: Readable, owner: Owner, budget: Budget) -> io.BufferedReader:
    """`source` as a buffered stream that counts and whose faults belong to `owner`."""
    return io.BufferedReader(Guarded(source, owner, budget), CHUNK)


def fault(error: Exception) -> tuple[RejectReason, str]:
    """A decoder's exception as a reason and a sentence for people."""
    text = f"{type(error).__name__}: {error}"[:300]
    if isinstance(error, EOFError) or "unexpected end of data" in str(error):
        return "truncated", f"it ends before it should; get it again ({text})"
    if isinstance(error, OSError) and error.errno is not None:
        return "unreadable", f"could not be read: {text}"
    if isinstance(error, (zlib.error, tarfile.TarError, zstandard.ZstdError)):
        return "corrupt", f"its bytes are damaged; get it again ({text})"
    return "corrupt", f"could not be unpacked: {error if isinstance(error, ValueError) else text}"[:300]


class _Chained(io.RawIOBase):
    def __init__(self, head: bytes, rest: Readable) -> None:
        self._head = memoryview(head)
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        view = memoryview(buffer).cast("B")
        data: bytes | memoryview = self._head[: len(view)]
        self._head = self._head[len(data) :]
        if not data:
            data = self._rest.read(len(view)) or b""
        view[: len(data)] = data
        return len(data)


def rewound(head: bytes, rest: Readable) -> io.BufferedReader:
    """A stream of `head`, which was read from `rest` already, and then of `rest`."""
    return io.BufferedReader(_Chained(head, rest), CHUNK)


def read_up_to(stream: io.BufferedReader, size: int) -> bytes:
    """The next `size` bytes; fewer at the end, or in front of a fault, which the next read then raises.

    BufferedReader.read() would lose what it has read when it meets a fault.
    """
    parts: list[bytes] = []
    while size > 0:
        try:
            data = stream.read1(size)
        except DamagedError:
            if not parts:
                raise
            break
        if not data:
            break
        parts.append(data)
        size -= len(data)
    return b"".join(parts)


def look_ahead(stream: io.BufferedReader, size: int = HEAD) -> tuple[bytes, io.BufferedReader]:
    """The first `size` bytes (fewer at the end), and a stream that still has them. Raises DamagedError."""
    head = read_up_to(stream, size)
    return head, rewound(head, stream)


def read_all(stream: Readable, owner: Owner, limit: int) -> bytes:
    """All that is left of `stream`. Raises DamagedError (oversize) of `owner` beyond `limit` bytes."""
    parts, size = [], 0
    while data := stream.read(CHUNK):
        size += len(data)
        if size > limit:
            raise DamagedError(owner, "oversize", too_large(limit))
        parts.append(data)
    return b"".join(parts)


def too_large(limit: int, size: int | None = None) -> str:
    """What to say of something larger than `limit` bytes."""
    has = f"has {size} bytes, " if size is not None else ""
    return f"{has}more than the limit of {limit} bytes; split it, or raise the limit"


class Gunzip:
    """The bytes of a .gz of one or more members, and where each member began."""

    def __init__(self, source: Readable) -> None:
        self._source = source
        self._pending = b""
        self._decoder = zlib.decompressobj(16 + zlib.MAX_WBITS)
        self._taken = 0  # compressed bytes read from the source
        self._given = 0  # decompressed bytes
        # Offset in the decompressed bytes -> offset in the .gz, for members not yet asked for.
        self._starts: dict[int, int] = {0: 0}

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes; b"" at the end. Raises zlib.error, ValueError, or EOFError inside a member."""
        wanted = size if size > 0 else CHUNK
        while True:
            if self._decoder.eof and not self._next_member():
                return b""
            at_end = not self._pending and not self._fill()
            data = self._decoder.decompress(self._pending, wanted)
            self._pending = self._decoder.unused_data if self._decoder.eof else self._decoder.unconsumed_tail
            if data:
                self._given += len(data)
                return data
            if at_end and not self._decoder.eof:
                raise EOFError("the gzip data is not complete")

    def packed_offset(self, offset: int) -> int | None:
        """Where the member begins in the .gz whose first byte is at `offset` of what was read; None for others."""
        found = self._starts.pop(offset, None)
        for passed in [start for start in self._starts if start < offset]:
            del self._starts[passed]
        return found

    def _fill(self) -> bool:
        self._pending = self._source.read(CHUNK) or b""
        self._taken += len(self._pending)
        return bool(self._pending)

    def _next_member(self) -> bool:
        """Begins the member after the one that ended; False at the end, which may be padded with zeros."""
        while not self._pending.strip(b"\x00"):
            if not self._fill():
                return False
        self._pending = self._pending.lstrip(b"\x00")
        if not self._pending.startswith(b"\x1f"):
            raise ValueError("there is something else behind the gzip data")
        self._starts[self._given] = self._taken - len(self._pending)
        self._decoder = zlib.decompressobj(16 + zlib.MAX_WBITS)
        return True


class ZstdReader:
    """Reads zstd frames one after another. zstandard's own reader takes a cut-off frame for a whole one."""

    def __init__(self, source: Readable) -> None:
        self._source = source
        self._pending = b""  # compressed, not yet given to the decoder
        self._ready = memoryview(b"")
        self._decoder: zstandard.ZstdDecompressionObj | None = None

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes; b"" at the end. Raises ZstdError, or EOFError inside a frame."""
        while not self._ready:
            if not self._pending:
                self._pending = self._source.read(CHUNK) or b""
            if not self._pending:
                if self._decoder is not None:
                    raise EOFError("the zstd frame is not complete")
                return b""
            self._feed()
        data = bytes(self._ready if size < 0 else self._ready[:size])
        self._ready = self._ready[len(data) :]
        return data

    def _feed(self) -> None:
        if self._decoder is None:
            self._decoder = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).decompressobj()
        piece, self._pending = self._pending[:_ZSTD_FEED], self._pending[_ZSTD_FEED:]
        self._ready = memoryview(self._decoder.decompress(piece))
        if self._decoder.eof:
            self._pending = self._decoder.unused_data + self._pending
            self._decoder = None
