"""A page that was written to a file as a programmer's literal: Python's `b'...'` or `'...'`, a string of JSON."""

from __future__ import annotations

import ast
import json
import re

# A quote, then markup, white space and escapes of it left out.
_LITERAL = re.compile(rb"\s{0,64}(?:[bBrRuU]{0,2}'|[bB]\"|(?P<json>\"))(?:\s|\\[nrt]){0,64}<")


def undo(content: bytes) -> bytes | None:
    """The markup that `content` is a literal of, as UTF-8; None where it is none, or cut off."""
    literal = _LITERAL.match(content)
    if literal is None:
        return None
    try:
        text = content.decode("utf-8").strip()
        value = json.loads(text) if literal["json"] else ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
    if isinstance(value, str):
        return value.encode("utf-8", "replace")
    return value if isinstance(value, bytes) else None
