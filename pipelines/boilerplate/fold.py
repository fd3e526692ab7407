"""Folding: the form of text that rules are matched on, the same for all the ways a phrase is printed.

White space, zero-width characters, emoji and other symbols go; full-width forms, quotes, bars and dashes become
one ASCII character each; letters become lower case. `长 按 👇 二维码`, `长按二维码` and `“END”`, `"end"` fold alike.
Every character folds to one character or to nothing, so offsets can be mapped back.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_QUOTES = "“”„‟「」『』〝〞＂‘’‛＇﹁﹂﹃﹄"
_DASHES = "—–―‐‑‒─━ー－﹣"
_BARS = "丨｜│┃︱❘∣¦❙▏▕"
_COLONS = "：﹕∶︰ː"
_TILDES = "～〜∼˜"
_DOTS = "·•・‧∙⋅●○◦"
_VARIANTS = (
    (_QUOTES, '"'),
    (_DASHES, "-"),
    (_BARS, "|"),
    (_COLONS, ":"),
    (_TILDES, "~"),
    (_DOTS, "·"),
)
# Marks, symbols, separators, controls and unassigned code points: how a phrase is dressed, not what it says.
_DROPPED = frozenset({"So", "Sk", "Zs", "Zl", "Zp", "Cc", "Cf", "Cn", "Co", "Cs", "Mn", "Me"})
_BACKSLASH = "\\"  # what a Markdown converter puts before a bar


def _folded(code_point: int) -> int | None:
    character = chr(code_point)
    for variants, plain in _VARIANTS:
        if character in variants:
            return ord(plain)
    if character == _BACKSLASH or unicodedata.category(character) in _DROPPED:
        return None
    plain = unicodedata.normalize("NFKC", character).lower()
    return ord(plain) if len(plain) == 1 else code_point


class _Table(dict[int, "int | None"]):
    """Code point -> what it folds to, worked out when first asked for."""

    def __missing__(self, code_point: int) -> int | None:
        folded = self[code_point] = _folded(code_point)
        return folded


_TABLE = _Table()
# The same for the characters that make up nearly all text, five times as fast as a table.
_SPACE = re.compile("[ \t\u3000\xa0\ufe0f\u200b]+")
_COMMON = tuple(
    (character, chr(plain))
    for character in "，：！？；（）～“”‘’「」『』｜丨—–·•／＋［］％＆＠＃＊"
    if (plain := _folded(ord(character))) is not None
)
_COMMON_MARKS = re.escape("".join(character for character, _ in _COMMON))
_NOT_COMMON = f"^\n -@A-Z\\[\\]_a-~\u4e00-\u9fff《》【】〔〕。、…{_COMMON_MARKS}"
_UNCOMMON = re.compile(f"([{_NOT_COMMON}]+)")
_MAY_BE_DROPPED = re.compile(f"[ \n]+|[{_NOT_COMMON}]+")
_MARK = "\0"  # uncommon itself; stands between pieces of common ones


def fold(text: str) -> str:
    """`text` folded; line feeds go too."""
    return _fold(text.replace("\n", ""))


def fold_lines(text: str) -> list[str]:
    """The lines of `text` (at each line feed), folded."""
    return _fold(text).split("\n")


def _fold(text: str) -> str:
    """`text` folded but for its line feeds; runs of uncommon characters by the table, all else much faster."""
    plain = _SPACE.sub("", text)
    pieces = _UNCOMMON.split(plain)  # common and uncommon ones by turns
    if len(pieces) == 1:
        return _fold_common(plain)
    pieces[::2] = _fold_common(_MARK.join(pieces[::2])).split(_MARK)
    pieces[1::2] = [run.translate(_TABLE) for run in pieces[1::2]]
    return "".join(pieces)


def _fold_common(text: str) -> str:
    folded = text.lower()
    for character, plain in _COMMON:
        if character in folded:
            folded = folded.replace(character, plain)
    return folded


def fold_core(text: str) -> str:
    """`text` folded, less the punctuation around it: what rules for whole lines and sentences are matched on."""
    return strip_punctuation(fold(text))


_EDGE = frozenset(
    chr(c)
    for c in range(0x21, 0xFF5F)
    if unicodedata.category(chr(c)) in {"Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm"}
)


def strip_punctuation(folded: str) -> str:
    """`folded` without the punctuation and mathematical signs at its ends."""
    # Nearly always one stop at the end or none: faster so than str.strip() with hundreds of characters to strip.
    end = len(folded)
    while end and folded[end - 1] in _EDGE:
        end -= 1
    start = 0
    while start < end and folded[start] in _EDGE:
        start += 1
    return folded[start:end]


@lru_cache(maxsize=4)
def dropped(text: str) -> Sequence[int]:
    """The offsets in `text` of the characters that folding drops, in order; of a long line asked for several times."""
    return tuple(
        [
            offset
            for run in _MAY_BE_DROPPED.finditer(text)
            for offset in range(run.start(), run.end())
            if _TABLE[ord(text[offset])] is None
        ]
    )


def unfolded(place: int, gone: Sequence[int]) -> int:
    """The offset in a text of what stands at `place` when the characters at the offsets `gone` are dropped."""
    offset = place
    while (found := place + bisect_right(gone, offset)) != offset:
        offset = found
    return offset


def fold_with_offsets(text: str) -> tuple[str, Sequence[int]]:
    """`text` folded, and for each character of it the offset in `text` that it comes from."""
    gone = dropped(text)
    if not gone:
        return fold(text), range(len(text))
    begins = [0, *(offset + 1 for offset in gone)]
    kept = map(range, begins, [*gone, len(text)])
    return fold(text), list(chain.from_iterable(kept))
