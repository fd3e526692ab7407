"""Which lines of a text look like headings, which stretches stand back: told by size, weight and colour."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from crawler.items import Mark
from crawler.pages import styles

if TYPE_CHECKING:
    from crawler.pages.builder import Place, TextBuilder

_SMALLER = 0.88  # of the body's size, and less
_LARGER = 1.12  # of the body's size, and more
_HEADING_LENGTH = 40  # code points
_BLACK: styles.Color = (51, 51, 51)


class _Run(NamedTuple):
    start: Place
    end: Place
    size: float
    color: styles.Color | None
    is_bold: bool


class Looks:
    """Collects how runs of text look; says at the end which of them differ from the body."""

    def __init__(self) -> None:
        self._runs: list[_Run] = []

    def add(self, start: Place, end: Place, size: float, color: styles.Color | None, *, is_bold: bool) -> None:
        """Adds a run of text on one line; `size` in pixels, 0 where nothing says."""
        self._runs.append(_Run(start, end, size, color, is_bold))

    def marks(self, text: TextBuilder) -> list[Mark]:
        """Marks `small` and, of lines without a heading's tag, `heading` (value "")."""
        if not self._runs:
            return []
        size = self._usual_size()
        color = self._usual_color()
        found: list[Mark] = []
        for _, group in groupby(self._runs, key=lambda run: run.start[0]):
            line = list(group)
            if self._is_heading(line, size):
                kind, chosen = "heading", [line]
            else:
                kind, chosen = "small", _stretches(line, size, color)
            for runs in chosen:
                span = text.span(runs[0].start, runs[-1].end)
                if span:
                    found.append(Mark(start=span[0], end=span[1], kind="heading" if kind == "heading" else "small"))
        return found

    def _usual_size(self) -> float:
        sizes: Counter[float] = Counter()
        for run in self._runs:
            sizes[run.size] += run.end[1] - run.start[1]
        return sizes.most_common(1)[0][0] or styles.DEFAULT_SIZE

    def _usual_color(self) -> styles.Color:
        colors: Counter[styles.Color] = Counter()
        for run in self._runs:
            colors[run.color or _BLACK] += run.end[1] - run.start[1]
        return colors.most_common(1)[0][0]

    @staticmethod
    def _is_heading(line: list[_Run], size: float) -> bool:
        length = line[-1].end[1]
        large = all(run.is_bold and (run.size or styles.DEFAULT_SIZE) >= size * _LARGER for run in line)
        return large and 0 < length <= _HEADING_LENGTH


def _stretches(line: list[_Run], size: float, color: styles.Color) -> list[list[_Run]]:
    """The runs next to one another that are smaller or paler than the body."""
    stretches: list[list[_Run]] = []
    was_small = False
    for run in line:
        is_small = (run.size or styles.DEFAULT_SIZE) <= size * _SMALLER or styles.is_pale(run.color, color)
        if is_small and was_small:
            stretches[-1].append(run)
        elif is_small:
            stretches.append([run])
        was_small = is_small
    return stretches
