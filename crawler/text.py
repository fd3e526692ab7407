"""The forms of text that the whole project shares: a line, a full text, a compacted text.

All functions are pure, take and give `str`; nothing here raises.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# C0 and C1 controls (white space among them), lone surrogates and noncharacters cannot be stored or read.
_UNSTORABLE = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufffe\uffff]+")
_SURROGATES = re.compile("[\ud800-\udfff]")
_WHITE_SPACE = re.compile(r"\s+")
# Characters without width: soft hyphen, joiners, bidi controls, byte order mark, Hangul fillers.
_ZERO_WIDTH = re.compile(
    "[\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0]+"
)
# What is not in the blocks that nearly all text is made of: without any of it there is nothing without width.
_RARE = re.compile("[^\u3165-\ufefe\x00-\xac\uff00-\uff9f\u3000-\u3163\u2010-\u2027\u2030-\u205f\U00010000-\U0010ffff]")


def storable(text: str) -> str:
    """`text` without what SQLite, JSON or a terminal cannot hold; each lone surrogate becomes U+FFFD."""
    # What is printable has none of them: all are controls, surrogates or unassigned.
    if text.isprintable():
        return text
    return _SURROGATES.sub("\ufffd", _UNSTORABLE.sub("", text))


def tidy_line(text: str) -> str:
    """One line of a full text: NFC, storable, runs of white space one space, none at the ends."""
    return unicodedata.normalize("NFC", _WHITE_SPACE.sub(" ", storable(text)).strip())


def join_lines(lines: Iterable[str]) -> str:
    """The full text of `lines`: each made tidy, those with nothing to see left out, joined by a line feed."""
    tidied = (tidy_line(line) for line in lines)
    return "\n".join(line for line in tidied if is_visible(line))


def is_visible(text: str) -> bool:
    """Is there anything to see in `text`, that is, does `compact` leave something of it?"""
    start = text[:64].lstrip()
    # Nearly every text begins with something to see; only the others are looked at whole.
    return (bool(start) and not _ZERO_WIDTH.match(start)) or bool(compact(text))


def compact(text: str) -> str:
    """`text` in NFC without white space and zero-width characters: what identity and hashes are made of."""
    # split() knows white space as re does, and is many times faster.
    joined = "".join(text.split())
    # NFC last: a mark may come to stand at a letter that it composes with.
    return unicodedata.normalize("NFC", _ZERO_WIDTH.sub("", joined) if _RARE.search(joined) else joined)


def compact_hash(text: str) -> str:
    """SHA-256 (hex) of the compacted `text` in UTF-8."""
    return hashlib.sha256(compact(text).encode("utf-8", "surrogatepass")).hexdigest()
