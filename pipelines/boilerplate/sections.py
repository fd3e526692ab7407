"""Headings that take what follows them: lists of other articles, standing statements, comments."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING

from pipelines.boilerplate.glued import take_glued
from pipelines.boilerplate.rule import ANYWHERE
from pipelines.boilerplate.units import Find, whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.boilerplate.page import Page
    from pipelines.boilerplate.rule import Section, Zone
    from pipelines.boilerplate.units import Line

_LONGEST_HEADING = 60
_LONGEST_TITLE = 64  # folded characters; a title has at most so many
_NAME = re.compile(r"[\u4e00-\u9fff·]{2,4}(?:\(.{1,12}\)?)?|[a-z.·]{4,24}")  # of a person, on a line of its own
_ENTRY = re.compile(r"\[?\d{1,3}\]|https?://|www\.")
# A heading of the article itself: 一、 第三章 0x06 Part 2.
_NUMBERED_HEADING = re.compile(r"[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十\d]{1,3}[章节部]|0x\d|part\d")
_MOST_ABOUT = 320  # folded characters of a paragraph right below 作者简介 that may tell of a firm
_ADDRESS = re.compile(r"https?://\S+")
_MOST_ANNOUNCING = 3  # lines above an offer
_LATE = 0.4  # of the text: an account's own matters begin no earlier
_LONGEST_LEAD = 40  # folded characters of a sentence that leads up to a question
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
        if line.glued and zone == "tail":
            take_glued(page, line.units or ())
        position += 1


def _heading(page: Page, line: Line, zone: Zone) -> Section | None:
    return section_of(page, line.core, line.literals, zone)


def section_of(page: Page, core: str, literals: frozenset[str], zone: Zone) -> Section | None:
    """The section whose heading `core` (folded, with the literals in it) may be."""
    if len(core) > _LONGEST_HEADING or page.index.heading.isdisjoint(literals):
        return None
    for pattern, section in page.index.sections.candidates(literals):
        if section.evidence and page.evidence not in section.evidence:
            continue
        if (section.where in {zone, "anywhere"} or (section.where == "edge" and zone != "middle")) and (
            pattern.fullmatch(core)
        ):
            found: Section = section
            return found
    return None


def heads_section(page: Page, line: Line, zone: Zone) -> bool:
    """Whether `line` may be a heading that takes what follows it."""
    return not line.protected and _heading(page, line, zone) is not None


def looks_like_title(page: Page, line: Line) -> bool:
    """Whether `line` could name another article: short, no prose, no reference."""
    if line.protected or len(line.text) > 90 or len(line.core) > _LONGEST_TITLE:
        return False
    if line.article_link:
        return True
    return (
        not page.index.tables["last_time"].match(line.core)
        and not page.index.tables["day"].fullmatch(line.core)
        and not _ENTRY.match(line.core)
        and not _NUMBERED_HEADING.match(line.core)
        and not _PROSE.search(line.text)
        and not line.text.endswith(("。", "；", "："))
    )


def _take(page: Page, section: Section, lines: Sequence[Line], position: int) -> int:
    """Cuts the section that `lines[position]` heads; how many lines that were."""
    count = _length(page, section, lines[position + 1 :])
    if count is None:
        return 1
    above = 0
    if section.takes == "pitch":
        above = _count_announcing(page, lines[max(0, position - _MOST_ANNOUNCING) : position])
    for line in lines[position - above : position + 1 + count]:
        cut_line(line, section)
    return 1 + count


def _length(page: Page, section: Section, following: Sequence[Line]) -> int | None:
    """How many of the lines behind its heading the section takes; None where it is no such heading after all."""
    if section.takes == "rest":
        following = following[: _before_references(page, following)]
        unknown = sum(not line.found for line in following)
        whole_rest = unknown <= section.most and (section.evidence or _suspect(page, following))
        late = section.evidence or (following and following[0].start >= _LATE * len(page.full_text)) or not following
        return len(following) if whole_rest and late else None
    if section.takes == "pitch":
        return _count_pitch(page, section, following[: section.most])
    if section.takes == "about":
        return _count_about(page, following[: section.most]) or None
    if section.takes == "question":
        return _count_asking(page, section, following[: section.most]) or None
    judges = {"titles": _is_title, "statement": _speaks_of, "address": _is_address}
    belongs = judges[section.takes]
    count = sum(1 for _ in takewhile(lambda line: belongs(page, section, line), following[: section.most]))
    if section.takes == "titles":
        ends = count == len(following) or following[count].found
        return count if count >= section.least and (count or ends) else None
    return count or None


def _before_references(page: Page, lines: Sequence[Line]) -> int:
    """How many of `lines` stand above the article's references: their heading, or addresses alone at the very end."""
    heading = next((n for n, line in enumerate(lines) if not line.found and page.index.is_reference(line.core)), None)
    count = len(lines) if heading is None else heading
    while count and not lines[count - 1].found and _ADDRESS.fullmatch(lines[count - 1].text):
        count -= 1
    return count


def _is_title(page: Page, section: Section, line: Line) -> bool:
    """Whether `line` may be one of the section's titles."""
    del section
    return (
        not line.found
        and looks_like_title(page, line)
        and _heading(page, line, "tail") is None
        and not page.index.is_reference(line.core)
    )


def _suspect(page: Page, lines: Sequence[Line]) -> bool:
    """Whether `lines` hold what boilerplate is made of: finds, at least two suspect words, who a firm is."""
    institution = page.index.tables["institution"]
    names = tuple(name for name in page.names if len(name) > 1)
    count = 0
    for line in lines:
        found = any(pattern.search(line.core) for pattern, _ in page.index.cues.candidates(line.literals))
        is_firm = len(set(institution.findall(line.core))) > 1 or line.core.startswith(names)
        count += 2 if line.found or is_firm else found
    return count >= 2 or not lines


def _asks(page: Page, section: Section, line: Line) -> bool:
    return _QUESTION.search(line.text) is not None or _speaks_of(page, section, line)


def _count_asking(page: Page, section: Section, lines: Sequence[Line]) -> int:
    """How many lines ask the readers something; a short sentence may lead up to each question."""
    count = 0
    for number, line in enumerate(lines):
        if _asks(page, section, line):
            count = number + 1
        elif number > count or line.protected or line.found or len(line.core) > _LONGEST_LEAD:
            break
    return count


def _speaks_of(page: Page, section: Section, line: Line) -> bool:
    """Whether `line` is of the section's kind: by a rule, or by a suspect word."""
    if line.protected or not line.core:
        return False
    if any(unit.find and unit.find.kind == section.kind for unit in line.units or ()):
        return True
    cues = page.index.cues.candidates(line.literals)
    return any(cue.kind == section.kind and pattern.search(line.core) for pattern, cue in cues)


def _is_address(page: Page, section: Section, line: Line) -> bool:
    """Whether `line` is a URL and nothing else."""
    del page, section
    return not line.protected and _ADDRESS.fullmatch(line.text) is not None


def _count_pitch(page: Page, section: Section, lines: Sequence[Line]) -> int | None:
    """How many lines an offer takes (内容简介, 本书作者, …); None where the article itself is about such things."""
    if not lines or lines[0].start < _LATE * len(page.full_text):
        return None
    count = sum(1 for _ in takewhile(lambda line: not line.protected and not line.found, lines))
    headings = sum(_heading(page, line, "tail") is section for line in lines[:count])
    is_last = count == len(lines) or lines[count].found
    return count if headings >= section.least and is_last and not page.is_about_offers else None


def _count_announcing(page: Page, lines: Sequence[Line]) -> int:
    """How many of the lines that end here announce what is offered below them (今天推荐一本新书)."""
    announces = page.index.tables["announces"]
    return sum(1 for _ in takewhile(lambda line: not line.protected and announces.search(line.core), reversed(lines)))


def _count_about(page: Page, lines: Sequence[Line]) -> int:
    """How many lines from the first on say who someone is, each name on a line of its own among them."""
    biography, institution = page.index.tables["biography"], page.index.tables["institution"]
    count = 0
    for number, line in enumerate(lines):
        if line.protected or not line.core or _heading(page, line, "tail") is not None:
            break
        if number == 0 and len(line.core) <= _MOST_ABOUT and institution.search(line.core):
            count = 1
        if biography.search(line.core):
            count = number + 1
        elif number > count or not _NAME.fullmatch(line.core):
            break
    return count


def cut_line(line: Line, section: Section) -> None:
    """The whole line to `section`, but for what a rule has taken already."""
    find = Find(section.kind, section.id, ANYWHERE)
    if not line.found:
        line.units = [whole(line)]
    for unit in line.units or ():
        unit.find = unit.find or find
        unit.goes = True
