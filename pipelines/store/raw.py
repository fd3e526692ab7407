"""Raw captures: the bytes as they came, compressed, once per content."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import zstandard

if TYPE_CHECKING:
    from collections.abc import Iterator
    from sqlite3 import Connection

LEVEL = 3
_compressor = zstandard.ZstdCompressor(level=LEVEL)
_decompressor = zstandard.ZstdDecompressor()


def digest(content: bytes) -> str:
    """SHA-256 (hex) of `content`."""
    return hashlib.sha256(content).hexdigest()


def keep(db: Connection, sha256: str, content: bytes, packed: bytes | None = None) -> None:
    """Stores `content`, whose digest is `sha256`, unless it is there; `packed` is what `pack` gives of it, if known."""
    if db.execute("SELECT 1 FROM raw WHERE sha256 = ?", (sha256,)).fetchone():
        return
    packed = packed or pack(content)
    encoding, stored = ("zstd", packed) if len(packed) < len(content) else ("identity", content)
    db.execute("INSERT INTO raw VALUES (?, ?, ?, ?)", (sha256, len(content), encoding, stored))


def load(db: Connection, sha256: str) -> bytes | None:
    """The bytes as captured, or None where there are none of that digest."""
    row = db.execute("SELECT encoding, bytes FROM raw WHERE sha256 = ?", (sha256,)).fetchone()
    if row is None:
        return None
    return bytes(row[1]) if row[0] == "identity" else unpack(row[1])


def parts(db: Connection, sha256: str) -> tuple[int, Iterator[bytes]] | None:
    """The same piece by piece, after how many bytes there are: what unpacks to more of them is cut there."""
    row = db.execute("SELECT size, encoding, bytes FROM raw WHERE sha256 = ?", (sha256,)).fetchone()
    if row is None:
        return None
    size, encoding, stored = row
    return size, _first(size, iter((stored,)) if encoding == "identity" else _decompressor.read_to_iter(stored))


def _first(size: int, pieces: Iterator[bytes]) -> Iterator[bytes]:
    for piece in pieces:
        yield piece[:size]
        size -= len(piece)
        if size <= 0:
            return


def pack(content: bytes) -> bytes:
    """`content` in zstd."""
    return _compressor.compress(content)


def unpack(packed: bytes) -> bytes:
    """The inverse of `pack`."""
    return _decompressor.decompress(packed)
