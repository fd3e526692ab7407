"""Lists of other articles' titles that have no heading: told by their form and by what stands beside them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipelines.boilerplate.section_lengths import looks_like_title
from pipelines.boilerplate.sections import cut_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.boilerplate.page import Page
    from pipelines.boilerplate.rule import Section
    from pipelines.boilerplate.units import Line

_POINTED = re.compile(r"\d\ufe0f?\u20e3|[☞☛👉▶►➤➡➜→»›🔗🔥✦]")
_LEAST_POINTED = 3
_LEAST_BETWEEN = 4
_MOST_BEYOND = 1
_SHORTEST_TITLE = 6
_SHORTEST_LISTED = 4  # characters of a title among longer ones
_ENDING = frozenset({"follow_prompt", "engagement", "recommendation", "copyright"})


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
    """Cuts titles of other articles that end the text without a heading.

    They are told by being at least three below something that goes, or two that the page links to articles; of a
    list above what ends the text, too, if it stands below what an article ends with.
    """
    _take_titles_from(page, lines, section)
    beyond = 0  # lines at the very end that nothing is found in
    last = len(lines)
    while last > 0 and (lines[last - 1].found or not lines[last - 1].core or last > len(lines) - _MOST_BEYOND):
        beyond += not lines[last - 1].found
        last -= 1
    if len(lines) - last > beyond:
        _take_between(page, lines[:last], section)


def _take_between(page: Page, lines: Sequence[Line], section: Section) -> None:
    """Cuts the titles that `lines` end with, if they are several below what an article ends with."""
    position = len(lines)
    titles = 0
    while position > 0 and (not (line := lines[position - 1]).core or _is_title_of_list(page, line)):
        titles += len(line.core) >= _SHORTEST_TITLE
        position -= 1
    above = lines[position - 1] if position else None
    if titles >= _LEAST_BETWEEN and above is not None and above.found and _ends_article(above):
        for line in lines[position:]:
            cut_line(line, section)


def _is_title_of_list(page: Page, line: Line) -> bool:
    return not line.found and len(line.core) >= _SHORTEST_LISTED and looks_like_title(page, line)


def _ends_article(line: Line) -> bool:
    return any(unit.find is not None and unit.find.kind in _ENDING for unit in line.units or ())


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
