"""Raw text as units: a character, or an escape that stands for one, in HTML, JavaScript, JSON and URLs alike."""

from __future__ import annotations

import html
import re
from typing import NamedTuple

_ESCAPE = re.compile(
    r"\\+u[0-9A-Fa-f]{4}|\\+x26(?:amp;)*(?:#\d{1,7}|#x[0-9A-Fa-f]{1,6}|[A-Za-z]{2,8});|\\+x[0-9A-Fa-f]{2}|\\.|"
    r"&(?:amp;)*(?:#\d{1,7}|#x[0-9A-Fa-f]{1,6}|[A-Za-z]{2,8});",
    re.DOTALL,
)
_UNIT = re.compile(f"{_ESCAPE.pattern}|.", re.DOTALL)
_CODE = re.compile(r"\\+[ux]([0-9A-Fa-f]{2,4})\Z")
_ENTITY = re.compile(r"(?:\\+x26|&)(?:amp;)*([^;]*;)\Z")


class Unit(NamedTuple):
    """`raw` as it stands, `char` what it means (a space where that is markup or nothing to read)."""

    raw: str
    char: str


def units(text: str) -> list[Unit]:
    """`text` in units; joined, their `raw` is `text`."""
    return [Unit(raw, raw if len(raw) == 1 else _meaning(raw)) for raw in _UNIT.findall(text)]


def _meaning(raw: str) -> str:
    if code := _CODE.match(raw):
        return chr(int(code[1], 16))
    if entity := _ENTITY.match(raw):
        meant = html.unescape("&" + entity[1])
        return meant if len(meant) == 1 else " "
    return " "


def written(unit: Unit, char: str) -> str:
    """`char` in the way in which `unit` wrote its own: raw, or as an escape of the same form."""
    if len(unit.raw) == 1 or char == unit.char:
        return unit.raw if char == unit.char else char
    number = ord(char)
    if "u" in unit.raw[:3].lstrip("\\") and number < 0x10000:
        return f"{unit.raw[:-4]}{number:04x}"
    if "#x" in unit.raw:
        return f"&#x{number:x};"
    return f"&#{number};" if "#" in unit.raw else char


def plain(text: str) -> str:
    """`text` with every escape as the character it means."""
    return _ESCAPE.sub(lambda match: _meaning(match[0]), text)
