"""Names of exported files: told by day, account and title; the same wherever and whenever they are made; portable.

A name is a function of the article and of the archive's other articles, not of the order of export: where two come
out alike for a file system that knows no capitals, each gets a suffix made of its key.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

from crawler import text as forms

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST = 120  # bytes of UTF-8, the extension among them
# What Windows refuses, as the full-width signs that look like it.
_SIGNS = str.maketrans(
    {"/": "／", "\\": "＼", ":": "：", "*": "＊", "?": "？", '"': "＂", "<": "＜", ">": "＞", "|": "｜"}
)
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ue000-\uf8ff]")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|\Z)", re.IGNORECASE)
_EDGES = " .\u3000"
_SUFFIX = 8  # hexadecimal digits of the key's digest


def portable(name: str, limit: int = LONGEST) -> str:
    """`name` as every file system takes it, at most `limit` bytes; never empty, no dot or blank at its ends."""
    shown = "".join(" " if char.isspace() else char for char in name if char.isspace() or forms.is_visible(char))
    # What is taken away may have stood between a letter and its mark, or between blanks.
    kept = unicodedata.normalize("NFC", _CONTROLS.sub("", forms.storable(shown)))
    plain = " ".join(kept.split()).translate(_SIGNS)
    cut = _shortened(plain.strip(_EDGES), limit).strip(_EDGES)
    if _RESERVED.match(cut):
        cut = _shortened(f"_{cut}", limit).strip(_EDGES)
    return cut or "_"


def _shortened(text: str, limit: int) -> str:
    """The first so many bytes of `text`, cut between characters, not before a combining one."""
    if len(text.encode()) <= limit:
        return text
    cut = text.encode()[:limit].decode("utf-8", "ignore")
    while cut and (unicodedata.combining(text[len(cut)]) or text[len(cut)] in "\ufe0f\u200d"):
        cut = cut[:-1]
    return cut


def names_of(articles: Iterable[tuple[str, str | None, str | None, str]], extension: str) -> dict[str, str]:
    """Key -> file name, of (key, day, account, headline) of all articles of an archive."""
    bases = {key: _base(day, account, title) for key, day, account, title in articles}
    room = LONGEST - len(extension.encode())
    plain = {key: portable(base, room) for key, base in bases.items()}
    count = Counter(map(_folded, plain.values()))
    return {
        key: (name if count[_folded(name)] == 1 else _with_suffix(bases[key], key, room)) + extension
        for key, name in plain.items()
    }


def _base(day: str | None, account: str | None, title: str) -> str:
    return f"{day or 'undated'} {account} - {title}" if account else f"{day or 'undated'} {title}"


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()


def _with_suffix(base: str, key: str, room: int) -> str:
    suffix = f" {hashlib.sha256(key.encode()).hexdigest()[:_SUFFIX]}"
    return portable(base, room - len(suffix)) + suffix
