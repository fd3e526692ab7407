"""How far a section reaches: which lines belong to the heading above them."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING

from pipelines.boilerplate.rule import USUAL_HEADING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pipelines.boilerplate.page import Page
    from pipelines.boilerplate.rule import Section, Takes, Zone
    from pipelines.boilerplate.units import Line

_LONGEST_TITLE = 64  # folded characters; a title has at most so many
_LONGEST_SENTENCE = 32  # the same of one that ends with a stop
_LONGEST_LISTED = 100  # the same of one that a list numbers, which may say more than the title
_NUMBERED = re.compile(r"\d{1,2}[.、]")
_NAME = re.compile(r"[\u4e00-\u9fff·]{2,4}(?:\(.{1,12}\)?)?|[a-z.·]{4,24}")  # of a person, on a line of its own
_ENTRY = re.compile(r"\[?\d{1,3}\]|https?://|www\.")
# A heading of the article itself: 一、 第三章 0x06 Part 2.
_NUMBERED_HEADING = re.compile(r"[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十\d]{1,3}[章节部]|0x\d|part\d")
_MOST_ABOUT = 320  # folded characters of a paragraph right below 作者简介 that may tell of a firm
_ADDRESS = re.compile(r"https?://\S+")
_LONGEST_BUTTON = 4  # folded characters of what a page prints (知道了, 取消)
_LATE = 0.4  # of the text: an account's own matters begin no earlier
_BEGINS_NAME = 4  # folded characters by which a firm's name is known again
_LONGEST_PLACE = 4  # folded characters before a firm's name (上海)
_LONGEST_QUESTION = 120  # folded characters; a longer one closes what the article tells
_LONGEST_LEAD = 40  # folded characters of a sentence that leads up to a question
_QUESTION = re.compile(r"[？?]")
_PROSE = re.compile(r"。.")


def section_of(page: Page, core: str, literals: frozenset[str], zone: Zone) -> Section | None:
    """The section whose heading `core` (folded, with the literals in it) may be."""
    may_head = page.index.heading if len(core) <= USUAL_HEADING else page.index.long_heading
    if may_head.isdisjoint(literals):
        return None
    for pattern, section in page.index.sections.candidates(literals):
        if len(core) > section.longest or (section.evidence and page.evidence not in section.evidence):
            continue
        if (section.where in {zone, "anywhere"} or (section.where == "edge" and zone != "middle")) and (
            pattern.fullmatch(core)
        ):
            found: Section = section
            return found
    return None


def looks_like_title(page: Page, line: Line) -> bool:
    """Whether `line` could name another article: short, no prose, no reference."""
    if line.protected or len(line.core) > (_LONGEST_LISTED if _NUMBERED.match(line.core) else _LONGEST_TITLE):
        return False
    if line.article_link:
        return True
    return (
        not page.index.tables["last_time"].match(line.core)
        and not page.index.tables["day"].fullmatch(line.core)
        and not _ENTRY.match(line.core)
        and not _NUMBERED_HEADING.match(line.core)
        and not ("|" not in line.core and "；" in line.text[:-1])
        and not _PROSE.search(line.text)
        and not line.text.endswith(("。", "；", "："))
    )


def length_of(page: Page, section: Section, lines: Sequence[Line], position: int) -> int | None:
    """How many lines behind `lines[position]` the section takes; None where that is no heading of it after all."""
    first = position + 1
    if section.takes == "rest":
        return _count_rest(page, section, lines[first:])
    # One line more than an offer may have shows whether it ends there. All that follows is copied for no heading:
    # a text may have thousands of them.
    if section.takes == "named":
        return _count_named(page, section, lines[position], lines[first : first + section.most + 1])
    if section.takes == "pitch":
        return _count_pitch(page, section, lines[first : first + section.most + 1])
    count = _COUNTS.get(section.takes, _count_belonging)
    return count(page, section, lines[first : first + section.most])


def _count_rest(page: Page, section: Section, lines: Sequence[Line]) -> int | None:
    """How many lines stand up to the text's end, or the article's references; None where they are the article's own."""
    lines = lines[: _before_references(page, lines)]
    unknown = sum(not line.found and len(line.core) > _LONGEST_BUTTON for line in lines)
    whole_rest = unknown <= section.most and (section.evidence or _suspect(page, lines))
    late = section.evidence or not lines or lines[0].start >= _LATE * len(page.full_text)
    return len(lines) if whole_rest and late else None


def _count_titles(page: Page, section: Section, lines: Sequence[Line]) -> int | None:
    count = 0
    for number, line in enumerate(lines, 1):
        if _is_title(page, line):
            count = number
        elif number > count + 1 or not count or not _may_be_title(line):
            break
    ends = count == len(lines) or lines[count].found
    return count if count >= section.least and (count or ends) else None


def _count_belonging(page: Page, section: Section, lines: Sequence[Line]) -> int | None:
    """How many lines speak of what `section` is about, are addresses, or links to articles."""
    belongs = _JUDGES[section.takes]
    count = sum(1 for _ in takewhile(lambda line: belongs(page, section, line), lines))
    return count if count and count >= section.least else None


def _before_references(page: Page, lines: Sequence[Line]) -> int:
    """How many of `lines` stand above the article's references: their heading, or addresses alone at the very end."""
    heading = next((n for n, line in enumerate(lines) if not line.found and page.index.is_reference(line.core)), None)
    count = len(lines) if heading is None else heading
    while count and not lines[count - 1].found and _ADDRESS.fullmatch(lines[count - 1].text):
        count -= 1
    return count


def _may_be_title(line: Line) -> bool:
    """Whether `line` may be a title among others although it ends as a sentence does."""
    brief = not line.found and not line.protected and len(line.core) <= _LONGEST_SENTENCE
    return brief and line.text.endswith("。") and "。" not in line.text[:-1]


def _is_title(page: Page, line: Line) -> bool:
    """Whether `line` may be one of the section's titles."""
    return (
        not line.found
        and looks_like_title(page, line)
        and section_of(page, line.core, line.literals, "tail") is None
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
    is_question = len(line.core) <= _LONGEST_QUESTION and _QUESTION.search(line.text) is not None
    return is_question or _speaks_of(page, section, line)


def _count_asking(page: Page, section: Section, lines: Sequence[Line]) -> int | None:
    """How many lines ask the readers something; a short sentence may lead up to each question."""
    count = 0
    for number, line in enumerate(lines):
        if _asks(page, section, line):
            count = number + 1
        elif number > count or line.protected or line.found or len(line.core) > _LONGEST_LEAD:
            break
    return count or None


def _speaks_of(page: Page, section: Section, line: Line) -> bool:
    """Whether `line` is of the section's kind: by a rule, or by a suspect word."""
    if line.protected or not line.core:
        return False
    if any(unit.find and unit.find.kind == section.kind for unit in line.units or ()):
        return True
    cues = page.index.cues.candidates(line.literals)
    return any(cue.kind == section.kind and pattern.search(line.core) for pattern, cue in cues)


def _is_linked(page: Page, section: Section, line: Line) -> bool:
    """Whether the page links all of `line` to another article."""
    del page, section
    return line.article_link and not line.protected and not _ENTRY.match(line.core)


def _is_address(page: Page, section: Section, line: Line) -> bool:
    """Whether `line` is a URL and nothing else."""
    del page, section
    return not line.protected and _ADDRESS.fullmatch(line.text) is not None


def _count_pitch(page: Page, section: Section, lines: Sequence[Line]) -> int | None:
    """How many lines an offer takes (内容简介, 本书作者, …); None where the article itself is about such things.

    A divider stands between parts of it only where a further heading follows.
    """
    if not lines or lines[0].start < _LATE * len(page.full_text) or page.is_about_offers:
        return None
    silent = page.index.marked["silent"]
    count = headings = 0
    parted = False
    for number, line in enumerate(lines, 1):
        if line.protected or any(unit.find and unit.find.rule not in silent for unit in line.units or ()):
            break
        parted = parted or line.found
        if section_of(page, line.core, line.literals, "tail") is section:
            headings, parted = headings + 1, False
        count = count if parted else number
    ends = count == len(lines) and section.least > 0
    is_last = ends or (count < len(lines) and lines[count].found)
    return count if is_last and headings >= section.least and count <= section.most else None


def _count_about(page: Page, section: Section, lines: Sequence[Line]) -> int | None:
    """How many lines from the first on say who someone is, each name on a line of its own among them."""
    del section
    biography, institution = page.index.tables["biography"], page.index.tables["institution"]
    count = 0
    for number, line in enumerate(lines):
        if line.protected or not line.core or section_of(page, line.core, line.literals, "tail") is not None:
            break
        if number == 0 and len(line.core) <= _MOST_ABOUT and institution.search(line.core):
            count = 1
        if biography.search(line.core):
            count = number + 1
        elif number > count or not _NAME.fullmatch(line.core):
            break
    return count or None


def _count_named(page: Page, section: Section, heading: Line, lines: Sequence[Line]) -> int | None:
    """How many lines tell of the firm that `heading` names, above what goes anyway or the text's end.

    The first begins with its name, or with where it is and that (关于柳湾 above 柳湾科技成立于…).
    """
    name = page.index.tables["about_prefix"].sub("", heading.core, count=1).strip('"')
    if not lines or lines[0].start < _LATE * len(page.full_text):
        return None
    if not 0 <= lines[0].core.find(name[:_BEGINS_NAME]) <= _LONGEST_PLACE:
        return None
    institution = page.index.tables["institution"]
    told = takewhile(
        lambda line: not line.protected and not line.found and len(set(institution.findall(line.core))) > 1, lines
    )
    count = sum(1 for _ in told)
    return count if 0 < count <= section.most and (count == len(lines) or lines[count].found) else None


_COUNTS: dict[Takes, Callable[[Page, Section, Sequence[Line]], int | None]] = {
    "titles": _count_titles,
    "question": _count_asking,
    "about": _count_about,
}
_JUDGES: dict[Takes, Callable[[Page, Section, Line], bool]] = {
    "links": _is_linked,
    "statement": _speaks_of,
    "address": _is_address,
}
