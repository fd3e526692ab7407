"""Lists of other articles' titles that have no heading: told by their form and by what stands beside them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipelines.boilerplate.headings import is_heading
from pipelines.boilerplate.section_lengths import looks_like_title
from pipelines.boilerplate.sections import cut_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.items import BoilerplateKind
    from pipelines.boilerplate.page import Page
    from pipelines.boilerplate.rule import Section
    from pipelines.boilerplate.units import Line

_POINTED = re.compile(r"\d\ufe0f?\u20e3|[☞☛👉▶►➤➡➜→»›🔗🔥✦]")
_LEAST_POINTED = 3
_LEAST_ABOVE_PROMPTS = 4
_SHORTEST_TITLE = 6
_SHORTEST_LISTED = 4  # characters of a title among longer ones
_POINTING: frozenset[BoilerplateKind] = frozenset({"follow_prompt", "recommendation"})  # above other articles' titles
_PROMPTS: frozenset[BoilerplateKind] = frozenset(
    {"follow_prompt", "engagement", "read_more", "promotion", "decoration"}
)


def take_pointed_titles(page: Page, lines: Sequence[Line], section: Section) -> None:
    """Cuts lists of other articles without a heading whose titles a hand or an arrow points at, each on its line.

    They are told by being at least three in a row, and by standing at the end or above something that goes.
    """
    run: list[Line] = []
    for line in [*lines, None]:
        if line is not None and not line.core:
            continue
        pointed = line is not None and _POINTED.match(line.text) and not line.found and looks_like_title(page, line)
        if line is not None and pointed:
            run.append(line)
            continue
        if len(run) >= _LEAST_POINTED and (line is None or line.found):
            for one in run:
                cut_line(one, section)
        run = []


def take_trailing_titles(page: Page, lines: Sequence[Line], section: Section) -> None:
    """Cuts titles of other articles that end the text without a heading, or stand above the prompts that end it.

    At the end they are told by being at least three below something that goes, or two that the page links to articles;
    above prompts by being at least four below a prompt or a list.
    """
    _take_titles_from(page, lines, section)
    filled = [line for line in lines if line.core]
    if filled and not filled[-1].found:
        filled.pop()  # what a page prints below its buttons
    above = len(filled)
    while above > 0 and _is_of_kind(filled[above - 1], _PROMPTS):
        above -= 1
    if above < len(filled):
        _take_above_prompts(page, filled[:above], section)


def _take_above_prompts(page: Page, lines: Sequence[Line], section: Section) -> None:
    """Cuts the titles that `lines` (none empty) end with, if they are several below a prompt or a list."""
    position = len(lines)
    while position > 0 and _is_listed(page, lines[position - 1]):
        position -= 1
    titles = lines[position:]
    is_list = sum(len(line.core) >= _SHORTEST_TITLE for line in titles) >= _LEAST_ABOVE_PROMPTS
    if is_list and position > 0 and _is_of_kind(lines[position - 1], _POINTING):
        for line in titles:
            cut_line(line, section)


def _is_listed(page: Page, line: Line) -> bool:
    """Whether `line` may be one of several titles: short ones stand among them, headings do not."""
    is_own = line.found or len(line.core) < _SHORTEST_LISTED or is_heading(line.core)
    return not is_own and looks_like_title(page, line)


def _is_of_kind(line: Line, kinds: frozenset[BoilerplateKind]) -> bool:
    return any(unit.find is not None and unit.find.kind in kinds for unit in line.units or ())


def _take_titles_from(page: Page, lines: Sequence[Line], section: Section) -> None:
    position = len(lines)
    titles = linked = 0
    while position > 0:
        line = lines[position - 1]
        silent = not line.core or (line.found and all(u.find and u.find.kind == "decoration" for u in line.units or ()))
        if not silent:
            if line.found or len(line.core) < _SHORTEST_TITLE or not looks_like_title(page, line):
                break
            titles += 1
            linked += line.article_link
        position -= 1
    below = position > 0 and lines[position - 1].found
    if (below and titles >= 3) or (linked >= 2 and linked == titles) or (below and linked and linked == titles):
        for line in lines[position:]:
            cut_line(line, section)
