"""Values of a page's inline JavaScript, read as text and never executed.

What WeChat's pages write is a small part of the language: literals, `"" || "a"`, `'1' * 1`, `JsDecode('...')`,
`'...'.html(false)`, `xml ? getXmlValue(...) : '...'`, object and array literals. Everything else reads as None.
Scalars are given as `str` (numbers too), `bool` or None. Nothing here raises on any input.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from crawler.pages.escapes import Unescaped, js_decode, unescape_html, unescape_js

if TYPE_CHECKING:
    from collections.abc import Callable

Value: TypeAlias = "str | bool | list[Value] | dict[str, Value] | None"

MAX_DEPTH = 40  # of expressions inside one another; deeper ones read as None
MAX_OPERATORS = 64  # in one expression; what follows is not read

# A comment that is never closed ends with the text: no position is looked at twice.
_SPACE = re.compile(r"(?:[\s\ufeff]|//[^\n]*|/\*.*?(?:\*/|\Z))*", re.DOTALL)
_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d+)?|\.\d+)")
_NAME = re.compile(r"[A-Za-z_$][\w$]*(?:\s*\.\s*[A-Za-z_$][\w$]*)*")
_KEY = re.compile(r"([A-Za-z_$][\w$]*|\d+)|(?=['\"])")
_METHOD = re.compile(r"\.\s*([A-Za-z_$][\w$]*)\s*\(")
_OPERATOR = re.compile(r"===?|!==?|\|\||&&|[*/?+\-<>]")
# Strings without escapes are passed over whole, which is most of them.
_STRUCTURE = re.compile(r"'[^'\\]{0,400}'|\"[^\"\\]{0,400}\"|['\"`{}\[\]();,]")
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_CONSTANTS: dict[str, Value] = {"true": True, "false": False, "null": None, "undefined": None}


def _html(text: str) -> str:
    return Unescaped(unescape_html(text))


_FUNCTIONS: dict[str, Callable[[str], str]] = {
    "JsDecode": js_decode,
    "htmlDecode": _html,
    "String": str,
}
_METHODS: dict[str, Callable[[str], str]] = {"html": _html, "trim": str.strip}


def read_expression(text: str, start: int, depth: int = 0) -> tuple[Value, int]:
    """The value of the expression at `text[start:]`, and where it ends (before `;`, `,`, or a closing bracket).

    Of `a || b` it is the first that is not empty; of `xml ? a : b` (the condition unknown) it is b.
    """
    value, at = _operand(text, start, depth)
    for _ in range(MAX_OPERATORS):
        at = _skip_space(text, at)
        method = _METHOD.match(text, at)
        if method:
            at = _skip_balanced(text, method.end() - 1)
            change = _METHODS.get(method[1])
            value = change(value) if change and isinstance(value, str) else value
            continue
        operator = _OPERATOR.match(text, at)
        if not operator or depth >= MAX_DEPTH:
            return value, at
        at = operator.end()
        sign = operator[0]
        if sign == "?":
            first, at = read_expression(text, at, depth + 1)
            at = _skip_space(text, at)
            if text[at : at + 1] != ":":
                return first if value else None, at
            second, at = read_expression(text, at + 1, depth + 1)
            return first if value else second, at
        if sign in {"||", "&&"}:
            other, at = read_expression(text, at, depth + 1)
            return (value or other) if sign == "||" else (value and other), at
        other, at = _operand(text, at, depth + 1)
        value = _combined(sign, value, other)
    return None, at


def _combined(sign: str, left: Value, right: Value) -> Value:
    if sign in {"==", "==="}:
        return left == right
    if sign in {"!=", "!=="}:
        return left != right
    if sign == "+" and isinstance(left, str) and isinstance(right, str):
        return left + right
    # `'1' * 1` only makes a number of its text, `'' * 1` is 0.
    return left if sign == "*" else None


def _operand(text: str, start: int, depth: int) -> tuple[Value, int]:  # noqa: PLR0911 - one return a form
    at = _skip_space(text, start)
    char = text[at : at + 1]
    if char and char in "'\"`":
        end = _string_end(text, at)
        return unescape_js(text[at + 1 : end]), end + 1
    if char and char in "([{":
        if depth >= MAX_DEPTH:
            return None, _skip_balanced(text, at)
        if char == "{":
            return _object(text, at, depth)
        if char == "[":
            return _array(text, at, depth)
        value, at = read_expression(text, at + 1, depth + 1)
        return value, _past_bracket(text, at)
    if char == "!":
        value, at = _operand(text, at + 1, depth + 1) if depth < MAX_DEPTH else (None, at + 1)
        return not value, at
    number = _NUMBER.match(text, at)
    if number:
        return number[0], number.end()
    name = _NAME.match(text, at)
    if not name:
        return None, at
    at = _skip_space(text, name.end())
    if text[at : at + 1] != "(":
        return _CONSTANTS.get(name[0]), name.end()
    change = _FUNCTIONS.get(name[0].rpartition(".")[2])
    if change is None or depth >= MAX_DEPTH:
        return None, _skip_balanced(text, at)
    value, end = read_expression(text, at + 1, depth + 1)
    return change(value) if isinstance(value, str) else None, _past_bracket(text, end)


def _array(text: str, start: int, depth: int) -> tuple[list[Value], int]:
    values: list[Value] = []
    at = start + 1
    while True:
        at = _skip_space(text, at)
        if not text[at : at + 1] or text[at] in "])}":
            return values, at + 1
        if text[at] == ",":
            at += 1
            continue
        value, end = read_expression(text, at, depth + 1)
        values.append(value)
        at = _to_comma(text, end)


def _object(text: str, start: int, depth: int) -> tuple[dict[str, Value], int]:
    values: dict[str, Value] = {}
    at = start + 1
    while True:
        key, at = _key(text, at)
        if key is None:
            return values, at
        value, at = read_expression(text, at, depth + 1)
        values[key] = value
        at = _to_comma(text, at)


def _key(text: str, at: int) -> tuple[str | None, int]:
    """The next key of an object literal and the place of its value.

    (None, the place behind the object) at its end, or where it stops making sense.
    """
    at = _skip_space(text, at)
    while text[at : at + 1] == ",":
        at = _skip_space(text, at + 1)
    match = _KEY.match(text, at)
    if not match:
        return None, min(len(text), at + 1)
    name, at = match[1], match.end()
    if name is None:
        close = _string_end(text, at)
        name, at = unescape_js(text[at + 1 : close]), close + 1
    at = _skip_space(text, at)
    if text[at : at + 1] != ":":
        return None, min(len(text), at)
    return name, at + 1


class LazyObject:
    """An object literal whose top-level values are read only when they are asked for.

    `window.cgiDataNew` holds the whole article once more: reading all of it would cost more than all else.
    """

    def __init__(self, text: str, start: int) -> None:
        """`text[start]` is the opening brace."""
        self._text = text
        self._places: dict[str, int] = {}
        key, at = _key(text, start + 1)
        while key is not None:
            self._places.setdefault(key, at)
            key, at = _key(text, _to_comma(text, at))
        self.end = at
        self._read: dict[str, Value] = {}

    def __contains__(self, key: str) -> bool:
        return key in self._places

    def get(self, path: str) -> Value:
        """The value at `path` (`copyright_info.copyright_stat`), or None."""
        key, _, rest = path.partition(".")
        if key not in self._read:
            place = self._places.get(key)
            self._read[key] = None if place is None else read_expression(self._text, place)[0]
        return descend(self._read[key], rest)

    def text(self, path: str) -> str | None:
        """The value at `path` if it is a non-empty string."""
        value = self.get(path)
        return value if isinstance(value, str) and value else None


def descend(value: Value, path: str) -> Value:
    """What `value` holds at `path`, its keys joined by dots; None where it has no such place."""
    for key in path.split(".") if path else ():
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _skip_space(text: str, at: int) -> int:
    char = text[at : at + 1]
    if not char or (char > "/" and char != "\ufeff"):
        return at
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _string_end(text: str, start: int) -> int:
    """The place of the quote that closes the string opened at `start`, or the text's end."""
    quote = text[start]
    at = start
    while True:
        at = text.find(quote, at + 1)
        if at < 0:
            return len(text)
        backslashes = at
        while backslashes > start + 1 and text[backslashes - 1] == "\\":
            backslashes -= 1
        if (at - backslashes) % 2 == 0:
            return at


def _past_bracket(text: str, at: int) -> int:
    """The place behind the closing bracket; what stands before it is not understood and skipped."""
    return min(len(text), _walk(text, at, ";") + 1)


def _skip_balanced(text: str, at: int) -> int:
    """The place behind the bracket that closes the one at `at`."""
    return min(len(text), _walk(text, at + 1, "") + 1)


def _to_comma(text: str, at: int) -> int:
    """The next comma at this level, or the place of the bracket that closes it."""
    return _walk(text, at, ",")


def _walk(text: str, at: int, stops: str) -> int:
    """The first of `stops` or of an unopened closing bracket from `at` on, brackets and strings skipped."""
    depth = 0
    while True:
        match = _STRUCTURE.search(text, at)
        if not match:
            return len(text)
        char, at = match[0], match.end()
        if len(char) > 1:
            continue
        if char in "'\"`":
            at = _string_end(text, match.start()) + 1
        elif char in _CLOSING:
            depth += 1
        elif char in ")]}":
            if depth == 0:
                return match.start()
            depth -= 1
        elif depth == 0 and char in stops:
            return match.start()
