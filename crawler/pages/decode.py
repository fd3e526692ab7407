"""Bytes to text: which encoding, or which format that is none of ours."""

from __future__ import annotations

import codecs
import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from crawler import text as forms
from crawler.items import Rejected
from crawler.pages import literals
from crawler.pages.document import Document, Limits

if TYPE_CHECKING:
    from crawler.items import Capture

_CHARSET = re.compile(rb"""charset\s{0,8}=\s{0,8}["']?([A-Za-z0-9_.:-]{2,24})""", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"""^\s{0,64}<\?xml[^>]{0,200}encoding=["']([A-Za-z0-9_.:-]{2,24})""")
_HTTP = re.compile(rb"HTTP/\d(?:\.\d)? \d{3}[ \r\n]")
_HEAD = 4096  # bytes in which a declaration of the encoding is looked for
# Label in a page (lower case) -> codec that reads what such pages really hold.
_CODECS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
    "hz-gb-2312": "hz",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "utf-16": "utf-16",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "iso-8859-1": "cp1252",
    "windows-1252": "cp1252",
}
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: it starts with the same bytes
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffd]")
_NO_CONTROLS = bytes(code for code in range(256) if not _CONTROLS.match(chr(code)))  # as single bytes of UTF-8
_SAMPLE = 65_536  # code points looked at to tell text from anything else
_PIECE = 65_536  # bytes that are checked at once
_GLANCE = 256  # bytes in which something to see is looked for
_FEW = 4000  # of them, those looked at one by one
_MAX_ODD = 0.005  # share of controls and replaced characters above which it is no text


@dataclass(frozen=True, slots=True)
class Magic:
    """A known format that is none of ours, by its first bytes, and what a person can do about it."""

    name: str
    starts: tuple[bytes, ...]
    contains: bytes
    offset: int
    advice: str


@cache
def magics() -> tuple[Magic, ...]:
    """The table of formats (magics.toml), most specific first."""
    table = tomllib.loads(Path(__file__).with_name("magics.toml").read_text(encoding="utf-8"))
    return tuple(
        Magic(
            name=row["name"],
            starts=tuple(bytes.fromhex(start) for start in row["starts"]),
            contains=row.get("contains", "").encode(),
            offset=row.get("offset", 0),
            advice=row["advice"],
        )
        for row in table["format"]
    )


def foreign_format(content: bytes) -> Magic | None:
    """The format that `content` is in by its first bytes, when it is one that no reader here knows."""
    head = content[:_HEAD]
    for magic in magics():
        if head.startswith(magic.starts, magic.offset) and magic.contains in head:
            return magic
    return None


def decode(capture: Capture, limits: Limits) -> Document | Rejected:
    """The capture's content as UTF-8, or why it cannot be text. Never raises."""
    content = capture.content
    if len(content) > limits.max_bytes:
        return Rejected(
            reason="oversize",
            detail=f"{len(content)} bytes; the limit is {limits.max_bytes}: raise it to read this",
        )
    if not content or content.isspace():
        return Rejected(reason="empty", detail="nothing in it, or white space only")
    if magic := foreign_format(content):
        return Rejected(reason="foreign", detail=f"{magic.name}: {magic.advice}")
    content = _without_http_header(content)
    warnings = []
    if (undone := literals.undo(content)) is not None:
        content = undone
        warnings.append("it was stored as a string literal; that was undone")
    if _is_plain(content):
        return Document(capture=capture, utf8=content, encoding="utf-8", limits=limits, warnings=warnings)
    return _decoded(content, capture, limits, warnings)


def _decoded(content: bytes, capture: Capture, limits: Limits, before: list[str]) -> Document | Rejected:
    """The slow way: whatever encoding it is in."""
    read = _read(content, capture.media_type)
    if read is None:
        return Rejected(reason="binary", detail="bytes that are no text in UTF-8, UTF-16, GB18030 or Big5")
    text, encoding, warnings = read
    if not forms.is_visible(text):
        return Rejected(reason="empty", detail="white space only")
    utf8 = content if encoding == "utf-8" and not warnings else text.encode("utf-8", "replace")
    utf8 = utf8.removeprefix(codecs.BOM_UTF8)
    return Document(capture=capture, utf8=utf8, encoding=encoding, limits=limits, warnings=[*before, *warnings])


def _without_http_header(content: bytes) -> bytes:
    """A response that was saved with its header, without it."""
    if not _HTTP.match(content):
        return content
    _, separator, body = content.partition(b"\r\n\r\n")
    if not separator:
        body = content.partition(b"\n\n")[2]
    return body or content


def _is_plain(content: bytes) -> bool:
    """Is it text in UTF-8 that begins with something to see? The cheap answer for nearly all files."""
    start = content[:_GLANCE].decode("utf-8", "ignore")
    if start.startswith("\ufeff") or _is_wide(content) or not forms.is_visible(start):
        return False
    at = odd = chars = 0
    while at < len(content):
        # Most of a page is plain ASCII, which need not be decoded to be known as UTF-8.
        piece = content[at : at + _PIECE]
        text: str | bytes = piece
        used = len(piece)
        if not piece.isascii():
            try:
                text, used = codecs.utf_8_decode(piece, "strict", at + len(piece) == len(content))
            except UnicodeDecodeError:
                return False
        if chars < _SAMPLE:
            chars += len(text)
            odd += len(piece[:used].translate(None, _NO_CONTROLS))
            odd += text.count("\ufffd") if isinstance(text, str) else 0
        at += used
    return _is_little(odd, chars)


def _read(content: bytes, media_type: str | None) -> tuple[str, str, list[str]] | None:
    """Text, encoding and warnings of `content`; None where no encoding gives text."""
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return _checked(content[len(bom) :], encoding, lossy=True)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        if not _is_wide(content):
            return (text, "utf-8", []) if _is_text(text) else None
    tries = [_wide_encoding(content), "utf-8", _declared(content, media_type)]
    for guess in tries:
        if guess and (read := _checked(content, guess)):
            return read
    if b"\0" in content[:_HEAD]:
        return None
    if read := _nearly_utf8(content):
        return read
    both = [read for name in ("gb18030", "big5hkscs") if (read := _checked(content, name))]
    return max(both, key=lambda read: _common_share(read[0], read[1]), default=None)


def _checked(content: bytes, encoding: str, *, lossy: bool = False) -> tuple[str, str, list[str]] | None:
    """Decodes strictly, but for a character cut off at the very end; with `lossy` bad bytes are replaced."""
    decoder = codecs.getincrementaldecoder(encoding)("replace" if lossy else "strict")
    try:
        text = decoder.decode(content, final=False)
    except (UnicodeDecodeError, ValueError):
        return None
    pending = decoder.getstate()[0]
    warnings = []
    if pending:
        warnings.append("it ends in the middle of a character: cut off?")
    if lossy and "\ufffd" in text:
        warnings.append(f"bytes that are no {encoding} were replaced by U+FFFD")
    # Decoders of other planes can give lone surrogates.
    text = text.encode("utf-8", "replace").decode("utf-8")
    return (text, encoding, warnings) if _is_text(text) and _is_assigned(text) else None


def _nearly_utf8(content: bytes) -> tuple[str, str, list[str]] | None:
    """UTF-8 with a few broken places, else None."""
    text = content.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    beyond_ascii = sum(1 for char in text[:_SAMPLE] if char > "\x7f") - broken
    if broken * 50 > beyond_ascii or not _is_text(text):
        return None
    return text, "utf-8", [f"{broken} places that are no UTF-8 were replaced by U+FFFD"]


def _is_text(text: str) -> bool:
    """Whether `text` is free of what text does not have, all but a little."""
    sample = text[:_SAMPLE]
    return _is_little(len(_CONTROLS.findall(sample)), len(sample))


def _is_little(odd: int, chars: int) -> bool:
    return odd <= max(2, chars * _MAX_ODD)


def _is_assigned(text: str) -> bool:
    """Whether nearly all of its characters have a meaning: of chance bytes many have none."""
    sample = [char for char in text[:_SAMPLE] if char > "\x7f"][:_FEW]
    return sum(unicodedata.category(char) in ("Cn", "Co") for char in sample) * 20 <= len(sample)


def _is_wide(content: bytes) -> bool:
    return content[:_HEAD].count(0) * 5 > len(content[:_HEAD])


def _wide_encoding(content: bytes) -> str | None:
    """UTF-16 without a byte order mark: its line feeds and Latin letters have a zero byte on one side."""
    head = content[: _HEAD - 1]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) * 20 < len(head) or min(even, odd) * 3 > max(even, odd):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _declared(content: bytes, media_type: str | None) -> str | None:
    """The codec for the encoding that the content or its container declares, where it is one we know."""
    head = content[:_HEAD]
    found = _CHARSET.search((media_type or "").encode("utf-8", "replace"))
    found = found or _XML_ENCODING.search(head) or _CHARSET.search(head)
    return _CODECS.get(found.group(1).decode("ascii").lower()) if found else None


def _common_share(text: str, encoding: str) -> float:
    """How much of the text beyond ASCII is in the encoding's block of common characters (level 1)."""
    level1 = range(0xB0, 0xD8) if encoding == "gb18030" else range(0xA4, 0xC7)
    sample = [char for char in text[:_SAMPLE] if char > "\x7f"][:_FEW]
    common = 0
    for char in sample:
        raw = char.encode(encoding, "ignore")
        common += len(raw) == 2 and raw[0] in level1 and (encoding != "gb18030" or raw[1] > 0xA0)
    return common / len(sample) if sample else 0.0
