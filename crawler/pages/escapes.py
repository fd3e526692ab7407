"""The layers of escapes that a page's scripts and attributes wrap a value in, each undone once.

Pure functions of text; nothing raises.
"""

from __future__ import annotations

import html
import re

_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\}|(\r\n|[\s\S]))")
_PLAIN_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
_LINE_ENDS = frozenset({"\n", "\r", "\r\n", "\u2028", "\u2029"})
_SURROGATES = re.compile("[\ud800-\udfff]")
_HEX_ESCAPE = re.compile(r"\\x([0-9a-fA-F]{2})")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
# What remains of an entity that was escaped twice; "&lt;" may be meant and stays.
_TWICE = re.compile(r"&(?:amp|quot|nbsp|apos|#0*39|#x27);")


def unescape_js(text: str) -> str:
    r"""The characters of a string literal's inside: \xNN, \uNNNN, \n ... undone once, surrogate pairs joined."""
    if "\\" not in text:
        return text
    found = _ESCAPE.sub(_unescaped, text)
    if _SURROGATES.search(found):
        found = found.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return found


def _unescaped(match: re.Match[str]) -> str:
    code = match[1] or match[2] or match[3]
    if code:
        number = int(code, 16)
        return chr(number) if number < 0x110000 else "\ufffd"
    return "" if match[4] in _LINE_ENDS else _PLAIN_ESCAPES.get(match[4], match[4])


def js_decode(text: str) -> str:
    r"""What the page's own `JsDecode` does to a string's value: the \xNN that are still in it."""
    return _HEX_ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "\\x" in text else text


def unescape_html(text: str) -> str:
    """`text` with its HTML entities undone once, and once more where it plainly was escaped twice.

    Only entities that end in a semicolon: `&timestamp=` stays what it is.
    """
    for pattern in (_ENTITY, _TWICE):
        if "&" not in text:
            break
        text = pattern.sub(lambda match: html.unescape(match[0]), text)
    return text.replace("\xa0", " ")


class Unescaped(str):
    """A string whose HTML escapes the page's own code undoes (`.html(false)`, `htmlDecode()`)."""

    __slots__ = ()
