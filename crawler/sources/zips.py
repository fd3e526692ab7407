"""Members of a .zip, one after another, without its whole directory in memory; also of one that was cut off.

The format: APPNOTE.TXT of PKWARE, 4.3.7 (local header), 4.3.12 (directory), 4.3.14 to 4.3.16 (its end).
"""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, BinaryIO

from crawler import times
from crawler.sources import names, streams
from crawler.sources.limits import DamagedError

if TYPE_CHECKING:
    from collections.abc import Iterator


_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_END_64 = struct.Struct("<4sQ2H2I4Q")
_LOCATOR_64 = struct.Struct("<4sIQI")
_LONGEST_COMMENT = 0xFFFF
_ENCRYPTED = 0x1
_SIZES_FOLLOW = 0x8
_UTF_8 = 0x800
_FULL_32 = 0xFFFFFFFF
_STORED, _DEFLATED, _ZSTD, _ZSTD_OLD = 0, 8, 93, 20
# A member of that name at the top says that a .zip is a document or a program, not a container of files.
_OFFICE = frozenset({"[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF", "AndroidManifest.xml"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ZipEntry:
    """One member as the directory or, in a cut-off file, its own header tells it. Sizes and offsets in bytes."""

    name: str
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int  # of its local header
    modified: datetime | None  # UTC, or None where the .zip has none that can be meant

    @property
    def is_folder(self) -> bool:
        """Whether it only names a folder."""
        return self.name.endswith("/")

    @property
    def is_encrypted(self) -> bool:
        """Whether it needs a password."""
        return bool(self.flags & _ENCRYPTED)


def entries(file: BinaryIO) -> Iterator[ZipEntry]:
    """The members in the order of the directory. Raises ValueError where there is no sound directory."""
    start, end, shift = _directory(file)
    position = start
    while position < end:
        file.seek(position)
        head = file.read(_CENTRAL.size)
        if len(head) < _CENTRAL.size or not head.startswith(b"PK\x01\x02"):
            raise ValueError("the directory of the .zip is damaged")
        (_, _, _, flags, method, clock, day, crc, packed, size, n, m, k, _, _, _, offset) = _CENTRAL.unpack(head)
        name, extra = file.read(n), file.read(m)
        size, packed, offset = _wide(extra, (size, packed, offset))
        yield ZipEntry(
            name=_name(name, flags),
            flags=flags,
            method=method,
            crc=crc,
            packed=packed,
            size=size,
            offset=offset + shift,
            modified=_modified(extra, day, clock),
        )
        position += _CENTRAL.size + n + m + k


def is_document(file: BinaryIO) -> bool:
    """Whether it is a .docx, .xlsx, .epub, .jar or the like. Raises ValueError as `entries` does."""
    # Such files have the telling member among their first few.
    return any(entry.name in _OFFICE for entry, _ in zip(entries(file), range(64), strict=False))


def unpack(file: BinaryIO, entry: ZipEntry) -> streams.Readable:
    """The member's bytes, unpacked, its length and checksum watched.

    Raises ValueError for one that cannot be unpacked; reading raises ValueError, EOFError or zlib.error.
    """
    file.seek(entry.offset)
    head = file.read(_LOCAL.size)
    if len(head) < _LOCAL.size or not head.startswith(b"PK\x03\x04"):
        raise ValueError("the member's header is not where the directory says")
    start = entry.offset + _LOCAL.size + sum(_LOCAL.unpack(head)[-2:])
    return _checked(file, entry, start)


def salvage(file: BinaryIO, owner: tuple[str, ...]) -> Iterator[tuple[ZipEntry, streams.Readable]]:
    """The members of a .zip whose directory is missing, told from their own headers, from the front.

    Always ends with DamagedError of `owner`; raises EOFError, ValueError or zlib.error where a member is damaged.
    """
    position = 0
    while True:
        file.seek(position)
        head = file.read(_LOCAL.size)
        if not head.startswith(b"PK\x03\x04") or len(head) < _LOCAL.size:
            raise DamagedError(owner, "truncated", "the .zip ends before its directory; get it again")
        (_, _, flags, method, clock, day, crc, packed, size, n, m) = _LOCAL.unpack(head)
        name, extra = file.read(n), file.read(m)
        size, packed = _wide(extra, (size, packed))
        entry = ZipEntry(
            name=_name(name, flags),
            flags=flags & ~_SIZES_FOLLOW,
            method=method,
            crc=crc,
            packed=packed,
            size=size,
            offset=position,
            modified=_modified(extra, day, clock),
        )
        start = position + _LOCAL.size + n + m
        if not flags & _SIZES_FOLLOW:
            yield entry, _checked(file, entry, start)
            position = start + packed
            continue
        if method != _DEFLATED:
            raise DamagedError(owner, "truncated", f"the .zip ends before its directory, which {entry.name} needs")
        unknown = _Deflated(file, start, None)
        yield entry, unknown
        while unknown.read(streams.CHUNK):  # where the next member starts is known only at this one's end
            pass
        position = _after_descriptor(file, unknown.end)


def _directory(file: BinaryIO) -> tuple[int, int, int]:
    """Where the directory starts and ends, and how far all offsets are off (bytes put before the .zip)."""
    length = file.seek(0, io.SEEK_END)
    tail_at = max(0, length - _LONGEST_COMMENT - _END.size)
    file.seek(tail_at)
    tail = file.read(length - tail_at)
    found = tail.rfind(b"PK\x05\x06", 0, max(0, len(tail) - _END.size + 4))
    if found < 0:
        raise ValueError("the .zip has no directory at its end")
    end = tail_at + found
    size, offset = _END.unpack_from(tail, found)[5:7]
    locator_at = end - _LOCATOR_64.size
    file.seek(max(0, locator_at))
    locator = file.read(_LOCATOR_64.size)
    if locator_at >= 0 and locator.startswith(b"PK\x06\x07"):
        end = locator_at - _END_64.size
        file.seek(max(0, end))
        wide = file.read(_END_64.size)
        if end < 0 or len(wide) < _END_64.size or not wide.startswith(b"PK\x06\x06"):
            raise ValueError("the directory of the .zip is damaged")
        size, offset = _END_64.unpack(wide)[-2:]
    start = end - size
    if start < 0 or offset > start:
        raise ValueError("the directory of the .zip does not fit into it")
    return start, end, start - offset


def _wide(extra: bytes, narrow: tuple[int, ...]) -> tuple[int, ...]:
    """`narrow`, each value that did not fit 32 bits taken from the Zip64 field of `extra` instead."""
    field = _extra_fields(extra).get(0x0001, b"")
    values = iter(struct.unpack_from(f"<{len(field) // 8}Q", field))
    return tuple(next(values, value) if value == _FULL_32 else value for value in narrow)


def _extra_fields(extra: bytes) -> dict[int, bytes]:
    fields, at = {}, 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<2H", extra, at)
        fields[kind] = extra[at + 4 : at + 4 + size]
        at += 4 + size
    return fields


def _name(raw: bytes, flags: int) -> str:
    if flags & _UTF_8:
        return raw.decode("utf-8", "replace")
    return names.recovered(raw)


def _modified(extra: bytes, day: int, clock: int) -> datetime | None:
    """When the member was changed: the UTC time of its extra field, else its DOS time, taken as Beijing's."""
    stamp = _extra_fields(extra).get(0x5455, b"")
    if len(stamp) >= 5 and stamp[0] & 1:
        return times.from_unix(struct.unpack_from("<i", stamp, 1)[0])
    try:
        moment = datetime(
            1980 + (day >> 9), day >> 5 & 15, day & 31, clock >> 11, clock >> 5 & 63, (clock & 31) * 2,
            tzinfo=times.BEIJING,
        )  # fmt: skip
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment >= times.EARLIEST else None


def _checked(file: BinaryIO, entry: ZipEntry, start: int) -> streams.Readable:
    packed = _Slice(file, start, entry.packed)
    if entry.method == _STORED:
        return _Checked(packed, entry)
    if entry.method == _DEFLATED:
        return _Checked(_Deflated(file, start, entry.packed), entry)
    if entry.method in {_ZSTD, _ZSTD_OLD}:
        return _Checked(streams.ZstdReader(packed), entry)
    raise ValueError(f"packed with method {entry.method}, which is not known here; pack it again as an ordinary .zip")


def _after_descriptor(file: BinaryIO, end: int) -> int:
    """Where the next header starts after member data that ended at `end`: a descriptor of some kind between."""
    file.seek(end)
    following = file.read(28)
    for size in (16, 12, 24, 20):
        if following[size : size + 2] == b"PK":
            return end + size
    return end + len(following)


class _Slice:
    """`size` bytes of a file from `start` on."""

    def __init__(self, file: BinaryIO, start: int, size: int) -> None:
        self._file = file
        self._at = start
        self._end = start + size

    def read(self, size: int = -1, /) -> bytes:
        left = self._end - self._at
        self._file.seek(self._at)
        data = self._file.read(left if size < 0 else min(size, left))
        if not data and left and size:
            raise EOFError("the .zip ends inside a member")
        self._at += len(data)
        return data


class _Deflated:
    """Deflated data from `start` on, of `packed` bytes, or to wherever its own end is (None)."""

    def __init__(self, file: BinaryIO, start: int, packed: int | None) -> None:
        self._source = _Slice(file, start, packed if packed is not None else 2**63)
        self._decoder = zlib.decompressobj(-zlib.MAX_WBITS)
        self._pending = b""
        self._taken = start
        self.end = start  # where the data ended, once it was read to its end

    def read(self, size: int = -1, /) -> bytes:
        wanted = size if size > 0 else streams.CHUNK
        while not self._decoder.eof:
            if not self._pending:
                self._pending = self._source.read(streams.CHUNK)
                self._taken += len(self._pending)
            at_end = not self._pending
            # Given nothing more, the decoder may still have something to give.
            data = self._decoder.decompress(self._pending, wanted)
            self._pending = self._decoder.unconsumed_tail
            if data:
                return data
            if at_end and not self._decoder.eof:
                raise EOFError("deflated data is not complete")
        self.end = self._taken - len(self._decoder.unused_data)
        return b""


class _Checked:
    """A member's bytes; at the end its length and checksum have to be right."""

    def __init__(self, source: streams.Readable, entry: ZipEntry) -> None:
        self._source = source
        self._entry = entry
        self._crc = 0
        self._size = 0

    def read(self, size: int = -1, /) -> bytes:
        data = self._source.read(size) or b""
        self._crc = zlib.crc32(data, self._crc)
        self._size += len(data)
        if not data and size and (self._crc, self._size) != (self._entry.crc, self._entry.size):
            raise ValueError("its checksum is wrong: the bytes are damaged")
        return data
