"""A page's bytes made ready for the parser: scripts taken out, damage undone.

More than nine tenths of a modern page is JavaScript that no reader wants: the parser gets the page without
it, each script element holding its number instead, and readers look scripts up by that number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_COMMENT_OR_SCRIPT = re.compile(rb"<(?:!--|[sS][cC][rR][iI][pP][tT](?=[\s>/]|\Z))")
# A pattern that begins with plain characters is searched for faster than bytes.find() finds them.
_SCRIPT_END = re.compile(rb"</[sS][cC][rR][iI][pP][tT]")
_DAMAGED_QUOTE = re.compile(rb"=\\+\"")
_ESCAPED = re.compile(rb"\\([ntr\"'/\\])")
_UNESCAPED = {b"n": b"\n", b"t": b"\t", b"r": b"\r"}


@dataclass(frozen=True, slots=True)
class Markup:
    """A page without its scripts' insides."""

    html: bytes = field(repr=False)
    scripts: list[bytes] = field(repr=False)  # by the number that stands in the script element
    is_cut: bool  # a script or comment is not closed: the page ends before it should


def take_out_scripts(utf8: bytes) -> Markup:
    """Splits a page into its HTML and its scripts, in one pass over what is no script."""
    pieces: list[bytes] = []
    scripts: list[bytes] = []
    kept = 0
    at = 0
    while match := _COMMENT_OR_SCRIPT.search(utf8, at):
        if match[0] == b"<!--":
            at = utf8.find(b"-->", match.end()) + 3
            if at < 3:
                return Markup(b"".join((*pieces, utf8[kept:])), scripts, is_cut=True)
            continue
        begin = utf8.find(b">", match.end()) + 1
        closing = _SCRIPT_END.search(utf8, begin) if begin else None
        if closing is None:
            pieces.append(utf8[kept : match.start()])
            scripts.append(utf8[begin or match.end() :])
            return Markup(b"".join(pieces), scripts, is_cut=True)
        end = closing.start()
        if end > begin:
            pieces += (utf8[kept:begin], b"%d" % len(scripts))
            scripts.append(utf8[begin:end])
            kept = end
        at = closing.end()
    pieces.append(utf8[kept:])
    return Markup(b"".join(pieces), scripts, is_cut=False)


def is_escaped(utf8: bytes) -> bool:
    r"""Has another tool escaped the page's quotes once too often (`class=\"...\"` all through)?"""
    damaged = len(_DAMAGED_QUOTE.findall(utf8, 0, 65536))
    return damaged > 4 and damaged > 4 * utf8.count(b'="', 0, 65536)


def undo_escapes(utf8: bytes) -> bytes:
    r"""The page before its quotes and line ends were escaped (`\"`, `\n`, `\t`, `\/`, `\\`), one layer."""
    return _ESCAPED.sub(lambda match: _UNESCAPED.get(match[1], match[1]), utf8)
