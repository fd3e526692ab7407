"""A Markdown link around several lines (a card, a list's title that was broken) -> a link on each of its lines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_LINES = 16  # from a link's first line to its last
_BRACKET = re.compile(r"\\.|[\[\]]")
_DESTINATION = re.compile(r"\(https?://[^\s()]{1,8192}(?:\s{1,9}\"[^\"]{0,1024}\")?\)")
# Code, a row, a divider, a numbered item, or a sentence: in none of them a link goes on from one line to the next.
_NOT_LINKED = re.compile(r"[`|$。]|\A {4}|\A\t|\A\s{0,3}[-=*_]{3,}\s*\Z|\A\s{0,3}\d{1,9}[.)]\s|.{81}")
_BLOCK_MARKS = re.compile(r"[\s>#]*(?:[-*+]\s+)?")
_IMAGE_ALONE = re.compile(r"(?:!\[[^\]]{0,1024}\]\([^)]{0,8192}\)\s*)+")


def link_each_line(source: Sequence[str], code: frozenset[int]) -> list[str]:
    """`source` (lines of Markdown) with each link that begins and ends on different lines on every line it is around.

    Args:
        source: lines, without their ends.
        code: indices of lines inside code blocks, which stay as they are.

    Without it only the link's last line would lead somewhere, and its brackets would be taken for text. Lines keep
    their number and order. Takes time linear in the text's length.
    """
    result = list(source)
    at = 0
    while at < len(source):
        opened = None if at in code or "[" not in source[at] else _unmatched(source[at])[0]
        end = None if opened is None else _closing_line(source, at, code)
        if opened is None or end is None:
            at += 1
            continue
        closed = _unmatched(source[end])[1]
        destination = _DESTINATION.match(source[end], closed + 1) if closed is not None else None
        destination = None if any(map(_NOT_LINKED.search, source[at:end])) else destination
        if closed is None or destination is None:
            at += 1
            continue
        result[at] = source[at][:opened] + _linked(source[at][opened + 1 :], destination[0])
        result[at + 1 : end] = [_linked(line, destination[0]) for line in source[at + 1 : end]]
        result[end] = _linked(source[end][:closed], destination[0]) + source[end][destination.end() :]
        at = end + 1
    return result


def _unmatched(line: str) -> tuple[int | None, int | None]:
    """Where `line` opens a bracket that it does not close, and where it closes one that it did not open."""
    opened: list[int] = []
    closed = None
    for sign in _BRACKET.finditer(line):
        if sign[0] == "[":
            opened.append(sign.start())
        elif sign[0] == "]" and opened:
            opened.pop()
        elif sign[0] == "]" and closed is None:
            closed = sign.start()
    return (opened[0] if opened else None), closed


def _closing_line(source: Sequence[str], at: int, code: frozenset[int]) -> int | None:
    """The line that closes the bracket which the line at `at` opens, and no other."""
    for end in range(at + 1, min(at + _MOST_LINES, len(source))):
        if end in code:
            return None
        opened, closed = _unmatched(source[end]) if "[" in source[end] or "]" in source[end] else (None, None)
        if closed is not None:
            return end if opened is None or opened > closed else None
        if opened is not None:
            return None
    return None


def _linked(line: str, destination: str) -> str:
    """`line` as a link, if it has text: behind its marks of blocks, and not where it is only an image."""
    marks = _BLOCK_MARKS.match(line)
    begins = marks.end() if marks else 0
    text = line[begins:].strip()
    if not text or _IMAGE_ALONE.fullmatch(text) or "](" in _IMAGE_ALONE.sub("", text):
        return line
    return f"{line[:begins]}[{text}]{destination}"
