"""What an element's style attribute says about how its text looks, as far as a reader of text cares."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

MAX_STYLE = 4096  # characters of a style attribute that are looked at
DEFAULT_SIZE = 16.0  # pixels; what em and % of an unstyled text refer to

_DECLARATION = re.compile(
    r"(?:^|;)\s*(display|visibility|font-size|font-weight|color|background|background-image|background-color"
    r"|border|border-top|border-bottom|height|width|overflow|overflow-y)\s*:\s*([^;]*)",
    re.IGNORECASE,
)
_SIZE = re.compile(r"(\d{1,4}(?:\.\d{1,4})?)\s*(px|pt|em|rem|%)")
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*(?:,\s*([\d.]{1,6})\s*)?\)")
_HEX = re.compile(r"#([0-9a-f]{3,8})\b")
_URL = re.compile(r"url\(\s*(?:&quot;|[\"'])?((?:https?:)?//[^\s\"'()<>&]+(?:&(?!quot;)[^\s\"'()<>&]*)*)")
_LINE_WIDTH = re.compile(r"(?<![\d.])(?:[1-9]\d?|0?\.\d+|1\.\d+)px|thin|medium")
_NAMED_COLORS = {"black": (0, 0, 0), "white": (255, 255, 255), "gray": (128, 128, 128), "grey": (128, 128, 128)}
_BLOCKS = frozenset({"block", "flex", "grid", "table", "list-item", "-webkit-box", "table-row"})
_UNITS = {"px": 1.0, "pt": 4 / 3}

Color = tuple[int, int, int]


class Style(NamedTuple):
    """Of one style attribute; None where it does not say."""

    is_hidden: bool = False  # display: none
    is_invisible: bool = False  # visibility: hidden
    is_block: bool = False
    size: tuple[float, str] | None = None  # value, unit
    color: Color | None = None
    is_bold: bool | None = None
    draws_line: bool = False  # a border above or below, or a coloured box of at most 4 pixels' height
    image: str | None = None  # URL of a background image


PLAIN = Style()


def parse(style: str) -> Style:
    """What the declarations of `style` say; unknown ones are passed over. Never raises."""
    return _parse(style[:MAX_STYLE])


@lru_cache(maxsize=1024)
def _parse(style: str) -> Style:
    found = {name.lower(): value.strip().lower() for name, value in _DECLARATION.findall(style)}
    if not found:
        return PLAIN
    display = found.get("display", "")
    weight = found.get("font-weight", "")
    image = _URL.search(style) if "background" in found or "background-image" in found else None
    return Style(
        is_hidden=display.startswith("none"),
        is_invisible=found.get("visibility", "").startswith("hidden"),
        is_block=display in _BLOCKS,
        size=_size(found.get("font-size", "")),
        color=_color(found.get("color", "")),
        is_bold=weight.startswith(("bold", "6", "7", "8", "9")) if weight else None,
        draws_line=_draws_line(found),
        image=image[1] if image else None,
    )


def pixels(size: tuple[float, str] | None, around: float) -> float:
    """A font size in pixels, where the text around it has `around` pixels."""
    if size is None:
        return around
    value, unit = size
    if unit in _UNITS:
        return value * _UNITS[unit]
    if unit == "rem":
        return value * DEFAULT_SIZE
    return around * (value / 100 if unit == "%" else value)


def is_pale(color: Color | None, body: Color) -> bool:
    """Is `color` a grey that stands back clearly from the body's colour?"""
    if color is None or max(color) - min(color) > 40 or max(body) - min(body) > 90:
        return False
    light = sum(color) / 3
    return 125 <= light <= 225 and light >= sum(body) / 3 + 45


def _size(value: str) -> tuple[float, str] | None:
    match = _SIZE.match(value)
    if match:
        return float(match[1]), match[2]
    return (0.0, "px") if value == "0" else None


def _color(value: str) -> Color | None:
    match = _RGB.match(value)
    if match:
        return (min(255, int(match[1])), min(255, int(match[2])), min(255, int(match[3])))
    match = _HEX.match(value)
    if match and len(match[1]) in {3, 4}:
        return (int(match[1][0] * 2, 16), int(match[1][1] * 2, 16), int(match[1][2] * 2, 16))
    if match and len(match[1]) in {6, 8}:
        return (int(match[1][:2], 16), int(match[1][2:4], 16), int(match[1][4:6], 16))
    return _NAMED_COLORS.get(value)


def _draws_line(found: dict[str, str]) -> bool:
    for name in ("border-top", "border-bottom"):
        value = found.get(name, "")
        if value and "none" not in value and _LINE_WIDTH.search(value):
            return True
    height = _size(found.get("height", ""))
    colored = "background-color" in found or ("background" in found and "url(" not in found["background"])
    return colored and height is not None and height[1] == "px" and 0 < height[0] <= 4
