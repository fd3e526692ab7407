"""A page made small: scripts, styles and attributes dropped as long as its reading stays the same."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SMALL = 40_000  # characters; a page below that is left as it is
_SCRIPT = re.compile(r"<script\b[^>]*>.*?</script\s{0,9}>", re.DOTALL | re.IGNORECASE)
_INSIDE = re.compile(r"(<script\b[^>]*>)(.*?)(</script\s{0,9}>)", re.DOTALL | re.IGNORECASE)
_UNREAD = (
    re.compile(r"<style\b[^>]*>.*?</style\s{0,9}>", re.DOTALL | re.IGNORECASE),
    re.compile(r"<!--.*?-->", re.DOTALL),
    re.compile(r"<svg\b[^>]*>.*?</svg\s{0,9}>", re.DOTALL | re.IGNORECASE),
    re.compile(r"<link\b[^>]*>", re.IGNORECASE),
)
_INDENT = re.compile(r"\n[ \t\n\r]+")
_DATA_URI = re.compile(r"data:[a-z]{3,12}/[a-z0-9.+-]{2,30};base64,[A-Za-z0-9+/=]{60,}")
_SVG_PATH = re.compile(r"\sd=\"[^\"]{60,}\"")
_ATTRIBUTE = re.compile(
    r"\s(data-[\w-]{1,40}|_\w{1,20}|style|leaf|powered-by|nonce|mpa-[\w-]{1,30}|label|role|aria-[\w-]{1,20})="
    r"(?:\"[^\"]*\"|'[^']*')"
)
_ESCAPED_ATTRIBUTE = re.compile(r"\s(data-[\w-]{1,40}|style|leaf|mpa-[\w-]{1,30})=\\x22(?:(?!\\x22).){0,4000}\\x22")
_STYLED = re.compile(r"(\sstyle=)(\"|'|\\x22)((?:(?!\2)[^<>]){1,4000})(\2)")
_PROPERTIES = 60  # of which it is tried whether they may go
_STATEMENT = re.compile(r"[^\n;,]*(?:\n|;|,|\Z)")
_PIECES = 120  # that a script is looked at in, finer ones in each round
_ROUNDS = 3
Piece = TypeVar("Piece")


def slim(text: str, is_same: Callable[[str], bool], small: int = SMALL) -> str:
    """`text` (HTML) with what nobody reads left out, largest first, until it is `small`.

    `is_same` says whether a shorter page still reads as the whole one does.
    """
    if len(text) <= small:
        return text
    text = _without(text, _scripts_first(text), is_same)
    for pattern, instead in ((_DATA_URI, "data:image/gif;base64,R0lGODlhAQABAAAAACw="), (_SVG_PATH, ' d="M0 0"')):
        text = _if_same(text, pattern.sub(instead, text), is_same)
    if len(text) > small:
        text = _without(text, [m.span() for p in _UNREAD for m in p.finditer(text)], is_same)
        text = _if_same(text, _INDENT.sub("\n", text), is_same)
    for _ in range(_ROUNDS):
        for match in sorted(_INSIDE.finditer(text), key=lambda match: -len(match[2])):
            if len(text) <= small:
                return text
            text = _with_less_script(text, match[2], is_same)
    return _without_attributes(_without_properties(text, is_same, small), is_same, small)


def _scripts_first(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in _SCRIPT.finditer(text) if match.end() - match.start() > 2000]


def _if_same(text: str, shorter: str, is_same: Callable[[str], bool]) -> str:
    return shorter if len(shorter) < len(text) and is_same(shorter) else text


def _without(text: str, places: Sequence[tuple[int, int]], is_same: Callable[[str], bool]) -> str:
    """`text` less those of `places` on which its reading does not hang."""
    ordered = sorted(set(places))

    def without(dropped: Sequence[tuple[int, int]]) -> str:
        made, at = [], 0
        for start, end in sorted(dropped):
            if start >= at:
                made.append(text[at:start])
                at = end
        return "".join((*made, text[at:]))

    return without(_droppable(ordered, lambda dropped: is_same(without(dropped))))


def _droppable(pieces: Sequence[Piece], may_go: Callable[[Sequence[Piece]], bool]) -> list[Piece]:
    """As many of `pieces` as may go together, found by halving."""
    gone: list[Piece] = []
    waiting = [list(pieces)]
    while waiting:
        group = waiting.pop()
        if not group:
            continue
        if may_go([*gone, *group]):
            gone += group
        elif len(group) > 1:
            middle = len(group) // 2
            waiting += (group[middle:], group[:middle])
    return gone


def _with_less_script(text: str, code: str, is_same: Callable[[str], bool]) -> str:
    """`text` with fewer statements in the script `code`."""
    if len(code) < 1500:
        return text
    statements = _STATEMENT.findall(code)
    size = max(1, len(statements) // _PIECES)
    pieces = ["".join(statements[at : at + size]) for at in range(0, len(statements), size)]
    start = text.index(code)
    before, after = text[:start], text[start + len(code) :]

    def shortened(dropped: Sequence[int]) -> str:
        left = set(range(len(pieces))) - set(dropped)
        return before + "".join(pieces[number] for number in sorted(left)) + after

    return shortened(_droppable(range(len(pieces)), lambda dropped: is_same(shortened(dropped))))


def _without_properties(text: str, is_same: Callable[[str], bool], small: int) -> str:
    """`text` with fewer properties in its style attributes."""
    sizes: dict[str, int] = {}
    for match in _STYLED.finditer(text):
        for declared in match[3].split(";"):
            name = declared.partition(":")[0].strip().lower()
            sizes[name] = sizes.get(name, 0) + len(declared)
    for dropped in sorted(sizes, key=lambda name: -sizes[name])[:_PROPERTIES]:
        if len(text) <= small:
            break
        text = _if_same(text, _STYLED.sub(lambda match, name=dropped: _without_property(match, name), text), is_same)  # type: ignore[misc]
    return text


def _without_property(match: re.Match[str], name: str) -> str:
    left = [d for d in match[3].split(";") if d.partition(":")[0].strip().lower() != name]
    return f"{match[1]}{match[2]}{';'.join(left)}{match[4]}"


def _without_attributes(text: str, is_same: Callable[[str], bool], small: int) -> str:
    for pattern in (_ATTRIBUTE, _ESCAPED_ATTRIBUTE):
        sizes: dict[str, int] = {}
        for match in pattern.finditer(text):
            sizes[match[1]] = sizes.get(match[1], 0) + len(match[0])
        for name in sorted(sizes, key=lambda name: -sizes[name]):
            if len(text) <= small:
                return text
            text = _if_same(text, pattern.sub(lambda match, n=name: "" if match[1] == n else match[0], text), is_same)  # type: ignore[misc]
    return text
