"""Which lines of a text look like headings, which stretches stand back: told by size, weight and colour."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from crawler.items import Mark
from crawler.pages import styles

if TYPE_CHECKING:
    from crawler.items import MarkKind
    from crawler.pages.builder import Place, TextBuilder

_SMALLER = 0.88  # of the body's size, and less
_LARGER = 1.12  # of the body's size, and more
_HEADING_LENGTH = 40  # code points
_BLACK: styles.Color = (51, 51, 51)


# How a run looks: its size in pixels (0 where nothing says) and its colour.
_Look: TypeAlias = "tuple[float, styles.Color | None]"


class _Run(NamedTuple):
    start: Place
    end: Place
    look: _Look
    is_bold: bool


class Looks:
    """Collects how runs of text look; says at the end which of them differ from the body."""

    def __init__(self) -> None:
        self._runs: list[_Run] = []

    def add(self, start: Place, end: Place, size: float, color: styles.Color | None, *, is_bold: bool) -> None:
        """Adds a run of text on one line; `size` in pixels, 0 where nothing says."""
        self._runs.append(_Run(start, end, (size, color), is_bold))

    def marks(self, text: TextBuilder) -> list[Mark]:
        """Marks `small` and, of lines without a heading's tag, `heading` (value "")."""
        if not self._runs:
            return []
        lengths: Counter[_Look] = Counter()
        for run in self._runs:
            lengths[run.look] += run.end[1] - run.start[1]
        size, color = _usual(lengths)
        small = {look for look in lengths if _is_small(look, size, color)}
        large = {look for look in lengths if (look[0] or styles.DEFAULT_SIZE) >= size * _LARGER}
        if not small and not large:
            return []
        found: list[Mark] = []
        for _, group in groupby(self._runs, key=lambda run: run.start[0]):
            line = list(group)
            kind: MarkKind = "heading" if _is_heading(line, large) else "small"
            for runs in [line] if kind == "heading" else _stretches(line, small):
                span = text.span(runs[0].start, runs[-1].end)
                if span:
                    found.append(Mark(start=span[0], end=span[1], kind=kind))
        return found


def _usual(lengths: Counter[_Look]) -> tuple[float, styles.Color]:
    """The size and the colour that most of the text has, each for itself."""
    sizes: Counter[float] = Counter()
    colors: Counter[styles.Color] = Counter()
    for (size, color), length in lengths.items():
        sizes[size] += length
        colors[color or _BLACK] += length
    return sizes.most_common(1)[0][0] or styles.DEFAULT_SIZE, colors.most_common(1)[0][0]


def _is_small(look: _Look, size: float, color: styles.Color) -> bool:
    """Is it smaller or paler than the body?"""
    return (look[0] or styles.DEFAULT_SIZE) <= size * _SMALLER or styles.is_pale(look[1], color)


def _is_heading(line: list[_Run], large: set[_Look]) -> bool:
    return 0 < line[-1].end[1] <= _HEADING_LENGTH and all(run.is_bold and run.look in large for run in line)


def _stretches(line: list[_Run], small: set[_Look]) -> list[list[_Run]]:
    """The runs next to one another that are smaller or paler than the body."""
    stretches: list[list[_Run]] = []
    was_small = False
    for run in line:
        is_small = run.look in small
        if is_small and was_small:
            stretches[-1].append(run)
        elif is_small:
            stretches.append([run])
        was_small = is_small
    return stretches
