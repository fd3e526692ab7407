"""Headings that take what follows them: lists of other articles, standing statements, comments."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from pipelines.boilerplate.glued import take_glued
from pipelines.boilerplate.rule import ANYWHERE
from pipelines.boilerplate.section_lengths import length_of, section_of
from pipelines.boilerplate.units import Find, whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.boilerplate.page import Page
    from pipelines.boilerplate.rule import Section, Zone
    from pipelines.boilerplate.units import Line

_MOST_ANNOUNCING = 3  # lines above an offer


def take_sections(page: Page, lines: Sequence[Line], zone: Zone) -> None:
    """Cuts the sections whose headings stand in `lines` (in reading order).

    Those that take all the rest come last: how much of it nobody knows shows only then.
    """
    rest: list[tuple[int, Section]] = []
    position = 0
    while position < len(lines):
        line = lines[position]
        section = None if line.protected else _heading(page, line, zone)
        if section is not None and section.takes == "rest":
            rest.append((position, section))
        elif section is not None:
            position += _take(page, section, lines, position)
            continue
        elif line.glued and zone == "tail" and not line.protected:
            take_glued(page, line.units or ())
        position += 1
    reached = 0
    for position, section in rest:
        if position >= reached:
            reached = position + _take(page, section, lines, position)


def _heading(page: Page, line: Line, zone: Zone) -> Section | None:
    return section_of(page, line.core, line.literals, zone)


def heads_section(page: Page, line: Line, zone: Zone) -> bool:
    """Whether `line` may be a heading that takes what follows it."""
    return not line.protected and _heading(page, line, zone) is not None


def _take(page: Page, section: Section, lines: Sequence[Line], position: int) -> int:
    """Cuts the section that `lines[position]` heads; how many lines that were."""
    count = length_of(page, section, lines, position)
    if count is None:
        return 1
    above = 0
    if section.takes == "pitch":
        above = _count_announcing(page, lines[max(0, position - _MOST_ANNOUNCING) : position])
    for line in lines[position - above : position + 1 + count]:
        cut_line(line, section)
    return 1 + count


def _count_announcing(page: Page, lines: Sequence[Line]) -> int:
    """How many of the lines that end here announce what is offered below them (今天推荐一本新书)."""
    announces = page.index.tables["announces"]
    return sum(1 for _ in takewhile(lambda line: not line.protected and announces.search(line.core), reversed(lines)))


def cut_line(line: Line, section: Section) -> None:
    """The whole line to `section`, but for what a rule has taken already."""
    find = Find(section.kind, section.id, ANYWHERE)
    if not line.found:
        line.units = [whole(line)]
    for unit in line.units or ():
        unit.find = unit.find or find
        unit.goes = True
