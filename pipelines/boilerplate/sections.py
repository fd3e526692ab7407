"""Headings that take what follows them: lists of other articles, standing statements, comments."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING

from pipelines.boilerplate.ruleset import ANYWHERE
from pipelines.boilerplate.units import Find, whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.boilerplate.ruleset import Section
    from pipelines.boilerplate.units import Line, Unit
    from pipelines.boilerplate.walk import Page, Zone

_LONGEST_HEADING = 60
_LONGEST_TITLE = 48  # folded characters
_SHORTEST_TITLE = 6
_LONGEST_GLUED_LIST = 400
_ENTRY = re.compile(r"\[?\d{1,3}\]|https?://|www\.")
_QUESTION = re.compile(r"[？?]")
_PROSE = re.compile(r"[。；].")


def take_sections(page: Page, lines: Sequence[Line], zone: Zone) -> None:
    """Cuts the sections whose headings stand in `lines` (in reading order)."""
    position = 0
    while position < len(lines):
        line = lines[position]
        if line.protected:
            position += 1
            continue
        section = _heading(page, line, zone)
        if section is not None:
            position += _take(page, section, lines, position)
            continue
        _take_glued(page, line, zone)
        position += 1


def _heading(page: Page, line: Line, zone: Zone) -> Section | None:
    core = line.core
    if not line.literals or len(core) > _LONGEST_HEADING:
        return None
    for pattern, section in page.index.sections.candidates(line.literals):
        if section.evidence and page.evidence not in section.evidence:
            continue
        if (section.where in {zone, "anywhere"} or (section.where == "edge" and zone != "middle")) and (
            pattern.fullmatch(core)
        ):
            found: Section = section
            return found
    return None


def begins_section(page: Page, unit: Unit) -> bool:
    """Whether a heading glued to its list begins the glued phrase `unit`."""
    return any(
        pattern.match(unit.core[:_LONGEST_HEADING]) for pattern, _ in page.index.sections.candidates(unit.literals)
    )


def looks_like_title(line: Line) -> bool:
    """Whether `line` could name another article: short, no prose, no reference."""
    if line.protected or len(line.text) > 90 or len(line.core) > _LONGEST_TITLE:
        return False
    if line.article_link:
        return True
    return not _ENTRY.match(line.core) and not _PROSE.search(line.text) and not line.text.endswith(("。", "；", "："))


def _take(page: Page, section: Section, lines: Sequence[Line], position: int) -> int:
    """Cuts the section that `lines[position]` heads; how many lines that were."""
    following = lines[position + 1 :]
    count = 0
    limit = section.most
    if section.takes == "titles":
        while count < min(limit, len(following)):
            line = following[count]
            if line.found or _heading(page, line, "tail") or not looks_like_title(line):
                break
            if page.index.is_reference(line.core):
                break
            count += 1
        ends = count == len(following) or following[count].found
        if count < section.least or (not count and not ends):
            return 1
    elif section.takes == "statement":
        while count < min(limit, len(following)) and _speaks_of(page, section, following[count]):
            count += 1
        if not count:
            return 1
    elif section.takes == "question":
        while count < min(limit, len(following)) and _asks(page, section, following[count]):
            count += 1
        if not count:
            return 1
    elif section.takes == "rest":
        count = len(following)
        if count > limit or not (section.evidence or _suspect(page, following)):
            return 1
    for line in lines[position : position + 1 + count]:
        _cut_line(line, section)
    return 1 + count


def _suspect(page: Page, lines: Sequence[Line]) -> bool:
    """Whether `lines` hold what boilerplate is made of: finds, or at least two suspect words."""
    count = 0
    for line in lines:
        found = any(pattern.search(line.core) for pattern, _ in page.index.cues.candidates(line.literals))
        count += 2 if line.found else found
    return count >= 2 or not lines


def _asks(page: Page, section: Section, line: Line) -> bool:
    return _QUESTION.search(line.text) is not None or _speaks_of(page, section, line)


def _speaks_of(page: Page, section: Section, line: Line) -> bool:
    """Whether `line` is of the section's kind: by a rule, or by a suspect word."""
    if line.protected or not line.core:
        return False
    if any(unit.find and unit.find.kind == section.kind for unit in line.units or ()):
        return True
    cues = page.index.cues.candidates(line.literals)
    return any(cue.kind == section.kind and pattern.search(line.core) for pattern, cue in cues)


def _cut_line(line: Line, section: Section) -> None:
    """The whole line to `section`, but for what a rule has taken already."""
    find = Find(section.kind, section.id, ANYWHERE)
    if not line.found:
        line.units = [whole(line)]
    for unit in line.units or ():
        unit.find = unit.find or find
        unit.goes = True


def _take_glued(page: Page, line: Line, zone: Zone) -> None:
    """A heading glued to its list inside a line that holds the whole article: to the next find or the end."""
    units = line.units or []
    for number, unit in enumerate(units):
        if unit.find or not unit.glued or unit.protected:
            continue
        for pattern, section in page.index.sections.candidates(unit.literals):
            if zone != "tail" or section.where == "head" or not pattern.match(unit.core):
                continue
            taken = list(takewhile(lambda u: u.find is None, units[number:]))
            if sum(len(u.core) for u in taken) > _LONGEST_GLUED_LIST or (
                section.takes == "titles" and any(page.full_text[u.end - 1] == "。" for u in taken)
            ):
                break
            for u in taken:
                u.find, u.goes = Find(section.kind, section.id, ANYWHERE), True
            break


def take_trailing_titles(lines: Sequence[Line], section: Section) -> None:
    """Titles of other articles that end the text without a heading: at least three below something that goes, or
    two that the page links to other articles."""
    position = len(lines)
    titles = linked = 0
    while position > 0:
        line = lines[position - 1]
        silent = not line.core or (line.found and all(u.find and u.find.kind == "decoration" for u in line.units or ()))
        if not silent:
            if line.found or len(line.core) < _SHORTEST_TITLE or not looks_like_title(line):
                break
            titles += 1
            linked += line.article_link
        position -= 1
    below = position > 0 and lines[position - 1].found
    if (below and titles >= 3) or (linked >= 2 and linked == titles) or (below and linked and linked == titles):
        for line in lines[position:]:
            _cut_line(line, section)
