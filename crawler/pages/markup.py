"""A page's bytes made ready for the parser: scripts taken out, damage undone, nesting measured.

More than nine tenths of a modern page is JavaScript that no reader wants: the parser gets the page without
it, each script element holding its number instead, and readers look scripts up by that number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crawler.pages.document import Limits

MAX_ATTRIBUTES = 10_000  # of one element; WeChat's have some twenty

# Elements that hold nothing, and those that HTML ends by itself where the next one begins.
_UNCOUNTED = frozenset(
    prefix + name
    for prefix in (b"", b"/")
    for name in (
        b"area base br col embed hr img input link meta param source track wbr "
        b"p li td th tr option dt dd tbody thead tfoot rp rt"
    ).split()
)
_COMMENT_OR_SCRIPT = re.compile(rb"<(?:!--|[sS][cC][rR][iI][pP][tT](?=[\s>/]|\Z))")
_TAG = re.compile(rb"<(/?[A-Za-z][^\s>/]*)")
_WHOLE_TAG = re.compile(rb"<(/?[A-Za-z][^\s>/]*)(?:[^<>]*(/)>)?")
_SEPARATORS = (b" ", b"\n", b"/", b"\t", b"\r", b"\f")
# A tag as a tokenizer takes it: a value is quoted only behind "=". Possessive: nothing is tried twice.
_ATTRIBUTES = re.compile(
    rb"<[A-Za-z][^\s/>]*+((?:[\s/]++|[^\s/>=]++|=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>\"'][^\s>]*+)?)*+)(?:>|\Z)"
)
_QUOTED = re.compile(rb"=\s*+(?:\"[^\"]*+\"|'[^']*+')")
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
        # Internet Explorer saved tags in capitals.
        closing = b"</SCRIPT" if match[0] == b"<SCRIPT" else b"</script"
        end = utf8.find(closing, begin) if begin else -1
        if end < 0:
            pieces.append(utf8[kept : match.start()])
            scripts.append(utf8[begin or match.end() :])
            return Markup(b"".join(pieces), scripts, is_cut=True)
        if end > begin:
            pieces += (utf8[kept:begin], b"%d" % len(scripts))
            scripts.append(utf8[begin:end])
            kept = end
        at = end + len(closing)
    pieces.append(utf8[kept:])
    return Markup(b"".join(pieces), scripts, is_cut=False)


def too_complex(html: bytes, limits: Limits) -> str | None:
    """What makes a page (without its scripts) more than a parser should be given; None where it is not."""
    nodes = html.count(b"<")
    if nodes > limits.max_nodes:
        return f"about {nodes} tags, more than {limits.max_nodes}"
    if nests_deeper(html, limits.max_depth):
        return f"elements more than {limits.max_depth} deep in one another"
    if has_more_attributes(html, MAX_ATTRIBUTES):
        return f"an element of more than {MAX_ATTRIBUTES} attributes"
    return None


def nests_deeper(html: bytes, limit: int) -> bool:
    """Do elements stand inside one another more than `limit` deep?

    Parsing a page nested without end takes time that grows with the square of its depth, so it is asked first.
    The answer errs to the safe side: a parser never makes more levels of a page that is let through.
    """
    # The quick look takes `<path/>` for an element that is left open, the exact one does not.
    return _deepest(_TAG.findall(html), limit) and _deepest(
        [name for name, end in _WHOLE_TAG.findall(html) if end != b"/"], limit
    )


def _deepest(tags: list[bytes], limit: int) -> bool:
    depth = 0
    for tag in tags:
        if tag in _UNCOUNTED:
            continue
        if tag[:1] == b"/":
            depth -= depth > 0
        elif tag.lower() not in _UNCOUNTED:
            depth += 1
            if depth > limit:
                return True
    return False


def has_more_attributes(html: bytes, limit: int) -> bool:
    """Has any element more than `limit` attributes?

    Parsing them takes time that grows with the square of their number.
    """
    # Each attribute but the first needs a separator: of few pages more than this has to be asked.
    if sum(html.count(separator) for separator in _SEPARATORS) <= limit:
        return False
    return any(
        len(match[1]) > 2 * limit and len(re.findall(rb"[^\s/]+", _QUOTED.sub(b"= ", match[1]))) > limit
        for match in _ATTRIBUTES.finditer(html)
    )


def is_escaped(utf8: bytes) -> bool:
    r"""Has another tool escaped the page's quotes once too often (`class=\"...\"` all through)?"""
    damaged = len(_DAMAGED_QUOTE.findall(utf8, 0, 65536))
    return damaged > 4 and damaged > 4 * utf8.count(b'="', 0, 65536)


def undo_escapes(utf8: bytes) -> bytes:
    r"""The page before its quotes and line ends were escaped (`\"`, `\n`, `\t`, `\/`, `\\`), one layer."""
    return _ESCAPED.sub(lambda match: _UNESCAPED.get(match[1], match[1]), utf8)
