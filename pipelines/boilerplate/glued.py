"""Sections of a text that stands on one line: a heading glued to what it heads, a firm described over sentences."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING

from pipelines.boilerplate.rule import ANYWHERE
from pipelines.boilerplate.units import Find

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.boilerplate.page import Page
    from pipelines.boilerplate.rule import Section
    from pipelines.boilerplate.units import Unit

_LEAST_OF_FIRM = 3  # different words that tell of a firm
_LONGEST_HEADING = 60  # folded characters
_SHORT_HEADING = 2  # characters that are words of ordinary text, too
_ANYTHING = ".{"  # begins the pattern of a heading that other words may stand before
_TWICE = re.compile(r'"?([^,。:?!"]{2,12}?)"?\1')  # 关于柳湾科技柳湾科技成立于…
_SEVERAL_ADDRESSES = 2
_MARKS_OF_HEADINGS = frozenset({"", ":", "|", "】", "]", "!"})
_PAUSES = frozenset(",、;")
_LONGEST_GLUED_LIST = 400  # folded characters that a heading glued to them takes,
_LONGEST_GLUED_FIRM = 900  # where these say who a firm is, to the text's end,
_LONGEST_GLUED_TITLES = 800  # and where these are titles, without a full stop among them
_ADDRESS = re.compile(r"[:|]?https?://[!-~]+")
_MOST_QUOTED = 700  # folded characters of a law that a statement quotes
_MOST_ABOUT = 320  # folded characters behind its first sentence that may tell of a firm, before the text's end


def take_glued(page: Page, units: Sequence[Unit]) -> None:
    """Cuts the sections in `units` of the line that holds the article."""
    _take_headed(page, units)
    _go_on_about_firm(page, units)


def begins_section(page: Page, unit: Unit) -> bool:
    """Whether a heading glued to its list begins the glued phrase `unit`."""
    return any(
        pattern.match(unit.core[:_LONGEST_HEADING]) for pattern, _ in page.index.sections.candidates(unit.literals)
    )


def _take_headed(page: Page, units: Sequence[Unit]) -> None:
    """A heading glued to its list inside a line that holds the whole article: to the next find or the end."""
    for number, unit in enumerate(units):
        if not unit.glued or unit.protected:
            continue
        if unit.find:
            _go_on_stating(page, units[number:])
        for pattern, section in page.index.sections.candidates(unit.literals):
            heading = pattern.match(unit.core) if section.where != "head" else None
            if heading is None or (unit.find and (unit.find.kind != section.kind or section.takes != "titles")):
                continue
            taken: Sequence[Unit] = [unit, *takewhile(lambda u: u.find is None, units[number + 1 :])]
            if not _is_headed(page, section, heading, taken):
                continue
            if section.takes in {"statement", "pitch"} and not _states(page, section, heading, taken[1:]):
                continue
            if section.takes == "address":
                taken = _address_behind(heading, taken)
            if section.takes == "titles" and all(u.find for u in units[:number]):
                continue  # 前情提要 before the article: nothing says where it would end
            for u in _list_below(page, section, taken):
                u.find, u.goes = Find(section.kind, section.id, ANYWHERE), True
            break


def _is_headed(page: Page, section: Section, heading: re.Match[str], units: Sequence[Unit]) -> bool:
    """Whether `units`, of which the first begins with `heading`, may be a section: something shows where it begins."""
    if section.takes == "links":
        return False
    if section.takes == "named":
        named = page.index.tables["about_prefix"].sub("", units[0].core, count=1)
        return _TWICE.match(named) is not None and _tell_of_firm(page, units)
    return _heads_glued(section, heading) or _heads_firm(page, section, units)


def _address_behind(heading: re.Match[str], units: Sequence[Unit]) -> Sequence[Unit]:
    """The unit of a label with the address behind it, or both; [] where something else stands there."""
    rest = heading.string[heading.end() :]
    if _ADDRESS.fullmatch(rest):
        return units[:1]
    is_below = rest in {"", ":", "|"} and len(units) > 1 and _ADDRESS.fullmatch(units[1].core)
    return units[:2] if is_below else []


def _list_below(page: Page, section: Section, units: Sequence[Unit]) -> Sequence[Unit]:
    """How much of `units`, a heading and what is not found behind it, goes with it; [] where too much would go.

    Titles end before a full stop and before another heading, and are no references.
    """
    is_firm = section.takes == "rest" and _heads_firm(page, section, units)
    longest = _LONGEST_GLUED_FIRM if is_firm else _LONGEST_GLUED_LIST
    if section.takes == "titles":
        longest = _LONGEST_GLUED_TITLES
        heading, *behind = units
        units = [heading, *takewhile(lambda u: not begins_section(page, u), behind)]
        if "://" in heading.core or sum(u.core.count("://") for u in units) >= _SEVERAL_ADDRESSES:
            return []
        units = list(takewhile(lambda u: page.full_text[u.end - 1] != "。", units))
    return units if sum(len(u.core) for u in units) <= longest else []


def _go_on_stating(page: Page, units: Sequence[Unit]) -> None:
    """A statement that names itself (免责声明：…) takes the articles of a law, and what else it states, behind it."""
    first, *behind = units
    if first.find is None or first.find.kind != "copyright":
        return
    if not page.index.tables["labelled_statement"].match(first.core):
        return
    law = page.index.tables["law"]
    if not any(law.match(unit.core) for unit in behind[:1]):
        return
    within = list(
        takewhile(
            lambda u: not u.protected and (law.match(u.core) or (u.find is not None and u.find.kind == "copyright")),
            behind,
        )
    )
    if sum(len(unit.core) for unit in within) <= _MOST_QUOTED:
        for unit in within:
            unit.find = Find("copyright", "copyright.law_quoted_below", ANYWHERE)
        first.find = first.find._replace(near=ANYWHERE)


def _go_on_about_firm(page: Page, units: Sequence[Unit]) -> None:
    """A sentence that says who a firm is takes those behind it that go on about it, to the next find or the end."""
    for number, unit in enumerate(units):
        if unit.find is None or unit.find.rule not in page.index.marked["firm"]:
            continue
        behind = list(takewhile(lambda u: u.find is None and not u.protected, units[number + 1 :]))
        is_last = bool(behind) and page.full_text[behind[-1].end :].strip() == ""
        most = _LONGEST_GLUED_FIRM if is_last else _MOST_ABOUT
        if sum(len(u.core) for u in behind) <= most and _tell_of_firm(page, [unit, *behind]):
            for u in behind:
                u.find = unit.find


def _heads_glued(section: Section, heading: re.Match[str]) -> bool:
    """Whether what begins a glued text is a heading.

    Not before a comma: 近期文章，…. One that takes all that follows has to end at a mark or a figure (`广告：…`), one
    of two characters at a mark that headings end with: 声明“…” goes on. So has one that may begin with any words.
    """
    behind = heading.string[heading.end() : heading.end() + 1]
    if heading.end() <= _SHORT_HEADING or section.pattern.startswith(_ANYTHING):
        return behind in _MARKS_OF_HEADINGS
    return behind not in _PAUSES and (section.takes != "rest" or not behind.isalpha())


def _states(page: Page, section: Section, heading: re.Match[str], behind: Sequence[Unit]) -> bool:
    """Whether what follows a heading speaks of its kind: 版权声明写得好。 does not, nor does a 目录 that sells nothing.

    A statement's heading need only end at a mark.
    """
    rest = heading.string[heading.end() :]
    if section.takes == "statement" and not rest[:1].isalpha():
        return True
    texts = (rest, *(unit.core for unit in behind))
    cues = [pattern for pattern, cue in page.index.cues.candidates(page.index.suspect) if cue.kind == section.kind]
    return any(pattern.search(text) for text in texts for pattern in cues)


def _heads_firm(page: Page, section: Section, units: Sequence[Unit]) -> bool:
    """Whether `units`, which end the text, say who a firm is: behind 关于我们 that goes, though nothing parts them."""
    is_last = page.full_text[units[-1].end :].strip() == ""
    return section.takes == "rest" and is_last and _tell_of_firm(page, units)


def _tell_of_firm(page: Page, units: Sequence[Unit]) -> bool:
    words = {word for unit in units for word in page.index.tables["institution"].findall(unit.core)}
    return len(words) >= _LEAST_OF_FIRM
