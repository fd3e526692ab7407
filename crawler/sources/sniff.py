"""What a stream of bytes is, told from its first bytes; its name decides only where bytes cannot tell."""

from __future__ import annotations

import json
import re
import tarfile
from pathlib import PurePosixPath
from typing import Literal

from crawler.pages import fields
from crawler.sources import names

Kind = Literal["gzip", "zstd", "zip", "tar", "warc", "json_array", "json_lines", "json", "table", "single"]

_MAGIC: tuple[tuple[bytes, Kind], ...] = (
    (b"\x1f\x8b\x08", "gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),  # empty
    (b"PK\x07\x08PK\x03\x04", "zip"),  # the first of several volumes, or only meant to be one
    (b"PK00PK\x03\x04", "zip"),
)
_SKIPPABLE_ZSTD = re.compile(rb"[\x50-\x5f]\x2a\x4d\x18")
_BLANK = b" \t\r\n"
_BOM = b"\xef\xbb\xbf"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_ARRAY_OF_OBJECTS = re.compile(rb"\[\s*\{")
_LINES_SUFFIXES = frozenset({".jsonl", ".ndjson"})
_TABLE_SUFFIXES = frozenset({".csv", ".tsv"})
_DELIMITERS = (b",", b"\t", b";")
_TAR_BLOCK = 512
_TEXT_SUFFIXES = frozenset({"", ".txt", ".text", ".dat"})
_BODIES = frozenset({"content", "content_html"})
_LONGEST_HEADER = 400  # bytes
_LEAST_COLUMNS = 2  # that are known, and half of all


def kind_of(head: bytes, name: str) -> Kind:
    """What starts with `head` (its first 64 KiB, or all of it) and is called `name`.

    `json` is one that starts with an object and may be one capture or lines of records: ask
    `is_json_lines` with its whole first line.
    """
    return _binary_kind(head) or _text_kind(head, name)


def _binary_kind(head: bytes) -> Kind | None:
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if _SKIPPABLE_ZSTD.match(head):
        return "zstd"
    return "tar" if _is_tar(head) else None


def _text_kind(head: bytes, name: str) -> Kind:
    suffix = PurePosixPath(names.without_compression(name).lower()).suffix
    plain = head.removeprefix(_BOM).lstrip(_BLANK)
    if plain.startswith(b"WARC/"):
        return "warc"
    if plain.startswith(b"{"):
        return "json_lines" if suffix in _LINES_SUFFIXES else "json"
    if _ARRAY_OF_OBJECTS.match(plain):
        return "json_array"
    if suffix in _TABLE_SUFFIXES:
        return "table" if _may_be_table(plain) else "single"
    return "table" if suffix in _TEXT_SUFFIXES and _is_table_of_records(plain) else "single"


def is_json_lines(first: bytes, rest: bytes) -> bool:
    """Whether a line `first` and what follows it, `rest`, are records, one a line."""
    follows = rest.lstrip(_BLANK)
    return follows.startswith(b"{") and json_object(first.removeprefix(_BOM)) is not None


def json_object(data: bytes) -> dict[str, object] | None:
    """The JSON object that `data` is, or None."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _may_be_table(plain: bytes) -> bool:
    if plain.startswith(_UTF_16):
        return True
    header = plain.partition(b"\n")[0]
    return any(sign in header for sign in _DELIMITERS) and b"\x00" not in plain and not plain.startswith(b"<")


def _is_table_of_records(plain: bytes) -> bool:
    """Whether a text's first line is names of an article's fields, its text among them, and more follows."""
    header, _, rest = plain.partition(b"\n")
    if len(header) > _LONGEST_HEADER or not rest.strip():
        return False
    delimiter = max(_DELIMITERS, key=header.count)
    try:
        cells = [cell.strip(b' "\r').decode("utf-8") for cell in header.split(delimiter)]
    except UnicodeDecodeError:
        return False
    by_name = fields.field_names().by_name
    known = {by_name[folded] for cell in cells if (folded := fields.fold(cell)) in by_name}
    return len(known) >= _LEAST_COLUMNS and 2 * len(known) >= len(cells) and not _BODIES.isdisjoint(known)


def _is_tar(head: bytes) -> bool:
    block = head[:_TAR_BLOCK]
    if block[257:262] == b"ustar":
        return True
    # Before POSIX a header had no magic, but a checksum.
    if len(block) < _TAR_BLOCK or not block[0] or block[148:156].strip(b" \x00") == b"":
        return False
    try:
        tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    except (tarfile.HeaderError, ValueError):
        return False
    return True
