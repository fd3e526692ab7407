"""What goes because of what stands beside it: fillings between two finds, the rest of a line, names above a text."""

from __future__ import annotations

import re
from itertools import chain, pairwise
from typing import TYPE_CHECKING

from pipelines.boilerplate.blocks import ENTRY, HOME_PAGE
from pipelines.boilerplate.content import is_content, is_saying
from pipelines.boilerplate.credits import first_role, introduces_author
from pipelines.boilerplate.cues import BETWEEN, is_banner, score
from pipelines.boilerplate.headings import is_heading
from pipelines.boilerplate.reasons import Beside, beside
from pipelines.boilerplate.units import Find

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.items import BoilerplateKind
    from pipelines.boilerplate.page import Page
    from pipelines.boilerplate.units import Unit

LONG = 80  # folded characters of a sentence
FILLING = 32  # folded characters that may go between two finds
FILLING_LINES = 2
_BROKEN_LINES = 5  # of a statement that a dump or a converter broke
_NO_NAME = re.compile(r"[\d，,、：:—]")
_MARKS = re.compile(r"[\W_]+")
_COMMAS = frozenset("，,、")
_AFTER_NAMES = frozenset("；;、")
_OF_SENTENCES: frozenset[BoilerplateKind] = frozenset(
    {"copyright", "credits", "engagement", "follow_prompt", "read_more"}
)
_STOPS = frozenset("。！？!?…；;~”」）)")
_PAUSES = frozenset("，,。；;！!？?")
_BETWEEN_CHARACTERS = 600
_MOST_QUOTED = 8  # articles of a law in a disclaimer
_LONGEST_NAME = 16  # folded characters of the name of a person, a team, a firm
_SHORTEST_NAME = 3
_LONGEST_BANNER = 16  # folded characters of a slogan or a name above a prompt
_BANNERS_ABOVE: dict[BoilerplateKind, range] = {"follow_prompt": range(1, 3), "credits": range(2, 4)}
_NEVER_NUMBERED: frozenset[BoilerplateKind] = frozenset({"credits", "decoration", "page_chrome"})
_HEADED: frozenset[BoilerplateKind] = frozenset({"contact", "promotion", "follow_prompt", "engagement"})
_LATE = 0.55  # of the text: where credits close it
_OF_NO_FOOT: frozenset[BoilerplateKind] = frozenset({"credits", "decoration"})  # what stands behind is of other kinds
_MOST_BEHIND = 0.5  # of a text may stand behind such a marker; more is another part of it


def reads_like_prose(page: Page, unit: Unit) -> bool:
    """Whether `unit` reads like a sentence of the body."""
    return (
        len(unit.core) > FILLING
        or page.full_text[unit.end - 1] in "。；"
        or page.full_text[unit.end - 2 : unit.end] == "。”"
    )


def may_fill(page: Page, gap: Sequence[Unit]) -> bool:
    """Whether `gap` is so little, and so little like an article's own, that it may go with what stands around it."""
    return (
        sum(len(unit.core) for unit in gap) <= FILLING
        and len(gap) <= FILLING_LINES
        and all(is_banner(page, unit) and not unit.protected for unit in gap)
    )


def is_own_heading(unit: Unit) -> bool:
    """Whether `unit` is a heading of an article's own, or an entry of a list of references."""
    return is_heading(unit.core) or (ENTRY.match(unit.core) is not None and not HOME_PAGE.fullmatch(unit.core))


def settle_between(page: Page, units: Sequence[Unit]) -> None:
    """What stands between two units that go: short units go too, longer ones with a suspect word."""
    last: int | None = None
    silent = page.index.marked["silent"]
    for position, unit in enumerate(units):
        if not unit.goes or unit.find is None or unit.find.rule in silent:
            continue
        if last is not None and position - last > 1:
            gap = [u for u in units[last + 1 : position] if not u.goes and u.core]
            one_line = unit.line == units[last].line and not unit.glued
            before = units[last]
            statement = before.find is not None and before.find.kind == unit.find.kind == "copyright"
            broken = statement and page.full_text[before.end - 1] not in _STOPS
            _fill(page, gap, unit.find, before.find or unit.find, one_line=one_line, broken=broken)
        last = position


def _fill(page: Page, gap: Sequence[Unit], after: Find, before: Find, *, one_line: bool, broken: bool) -> None:
    """Marks `gap`, which stands between the two finds, if it goes too.

    `one_line`: it stands in one line with both; `broken`: it is of a statement that a converter broke at its mark-up,
    where a word that is a heading elsewhere (POC) is none.
    """
    if before.kind == after.kind == "decoration":
        return  # ornaments around a heading
    if any(is_saying(page.full_text[unit.start : unit.end]) for unit in gap):
        return
    if any(unit.protected or (is_own_heading(unit) and not broken) for unit in gap):
        return
    if before.kind == after.kind == "credits" and not one_line and any(_is_clause(page, unit) for unit in gap):
        return
    length = sum(len(u.core) for u in gap)
    inside = one_line or not any(reads_like_prose(page, u) for u in gap)
    if length <= FILLING and len(gap) <= (_BROKEN_LINES if broken else FILLING_LINES) and inside:
        kind = after.kind if after.kind != "decoration" else before.kind
        for unit in gap:
            unit.find = unit.find or Find(kind, beside(kind, "between"), 0)
            unit.goes = True
    elif length <= _BETWEEN_CHARACTERS:
        finds = [unit.find or score(page, unit, BETWEEN) for unit in gap]
        if sum(f is not None for f in finds) * 2 < len(gap):
            return
        if any(f is None and reads_like_prose(page, u) for u, f in zip(gap, finds, strict=True)):
            return
        for unit, find in zip(gap, finds, strict=True):
            unit.find = find or Find(after.kind, beside(after.kind, "between"), 0)
            unit.goes = True


def _is_clause(page: Page, unit: Unit) -> bool:
    """Whether `unit` has a pause in it, which names have not: a picture's credit may stand within the article."""
    return not _PAUSES.isdisjoint(page.full_text[unit.start : unit.end])


def settle_quoted_law(page: Page, units: Sequence[Unit]) -> None:
    """Articles of a law, or its name, below a disclaimer go with it; not those of a law that is printed whole."""
    if not any(unit.goes and unit.find is not None and unit.find.kind == "copyright" for unit in units):
        return
    law = page.index.tables["law"]
    filled = [unit for unit in units if unit.core]
    quoted = [bool(law.match(unit.core)) for unit in filled]
    if sum(quoted) > _MOST_QUOTED:
        return
    for (above, unit), is_law in zip(pairwise(filled), quoted[1:], strict=True):
        below_disclaimer = above.goes and above.find is not None and above.find.kind == "copyright"
        if is_law and below_disclaimer and not unit.goes and not unit.protected:
            unit.find, unit.goes = Find("copyright", "copyright.law_quoted_below", 0), True


def settle_rest_of_question(page: Page, units: Sequence[Unit]) -> None:
    """A question goes with the request for answers behind it in its line."""
    for unit, after in pairwise(units):
        if (
            after.goes
            and not unit.goes
            and unit.line == after.line
            and after.find
            and after.find.kind == "engagement"
            and page.full_text[unit.end - 1] in "？?"
            and len(unit.core) <= LONG
        ):
            unit.find = Find("engagement", beside("engagement", "question"), 0)
            unit.goes = True


def settle_rest_of_line(page: Page, units: Sequence[Unit]) -> None:
    """A short suspect sentence goes with the rest of its line that does."""
    for unit, neighbour in chain(pairwise(units), ((b, a) for a, b in pairwise(units))):
        if not neighbour.goes or unit.goes or unit.protected or unit.glued or unit.line != neighbour.line:
            continue
        if unit.core and len(unit.core) <= LONG:
            unit.find = unit.find or score(page, unit, BETWEEN)
            unit.goes = unit.find is not None


def settle_behind_the_end(page: Page, units: Sequence[Unit]) -> None:
    """Behind a marker that the article is over all goes but lists of references and what has a heading of its own."""
    ends = page.index.marked["end"]
    marked = next((n for n, u in enumerate(units) if u.goes and u.find and u.find.rule in ends), None)
    if marked is not None:
        _take_behind(page, units[marked + 1 :], "behind_the_end")


def settle_behind_credits(page: Page, units: Sequence[Unit]) -> None:
    """Below the people who made an article ready, all goes up to the last find, if the text ends there.

    Who wrote it may be credited above another part of it, and so may be where that is from.
    """
    late = _LATE * len(page.full_text)
    found = (n for n in reversed(range(len(units))) if units[n].start >= late and _closes(page, units[n]))
    marked = next(found, None)
    if marked is None:
        return
    behind = units[marked + 1 :]
    last = max((u.line for u in behind if u.find is not None and u.find.kind not in _OF_NO_FOOT), default=None)
    if last is not None and sum(len(unit.core) for unit in behind if unit.line > last) <= FILLING:
        _take_behind(page, behind, "behind_credits")


def _closes(page: Page, unit: Unit) -> bool:
    if not unit.goes or unit.glued or unit.find is None or unit.find.kind != "credits":
        return False
    return page.index.tables["makers_ready"].search(first_role(page.full_text[unit.start : unit.end])) is not None


def _take_behind(page: Page, units: Sequence[Unit], why: Beside) -> None:
    """Takes what stands behind an article's end."""
    behind = [unit for unit in units if unit.core]
    is_foot = sum(len(unit.core) for unit in behind) <= _MOST_BEHIND * len(page.full_text)
    resumed = False
    kind: BoilerplateKind = "promotion"
    for unit in behind:
        if unit.goes and unit.find:
            kind, resumed = unit.find.kind if unit.find.kind not in _OF_NO_FOOT else kind, False
        elif unit.protected or is_own_heading(unit) or is_content(page, unit):
            resumed = True
        else:
            unit.find = unit.find or score(page, unit, BETWEEN)
            if unit.find is None and is_foot and not resumed:
                is_author = introduces_author(page.full_text[unit.start : unit.end])
                of_kind: BoilerplateKind = "credits" if is_author else kind
                unit.find = Find(of_kind, beside(of_kind, why), 0)
            unit.goes = unit.find is not None


def settle_rest_of_sentence(page: Page, units: Sequence[Unit]) -> None:
    """A line goes with the line above it that goes and ends with a comma: a sentence that a converter broke."""
    filled = [unit for unit in units if unit.core]
    for above, unit in pairwise(filled):
        if not above.goes or unit.goes or unit.protected or unit.glued or above.find is None or unit.line == above.line:
            continue
        marks = _MARKS.match(page.full_text, unit.start, unit.end)
        last = page.full_text[above.start : marks.end() if marks else unit.start].rstrip("”」』\"' \n")[-1:]
        goes_on = last in (_AFTER_NAMES if above.find.kind == "credits" else _COMMAS)
        if goes_on and above.find.kind in _OF_SENTENCES and len(unit.core) <= FILLING:
            unit.find, unit.goes = Find(above.find.kind, beside(above.find.kind, "rest_of_sentence"), 0), True


def settle_banner_above(page: Page, units: Sequence[Unit]) -> None:
    """Short banners at the very beginning go with what goes right below them: the account's slogan, its name.

    One or two above a prompt to follow; two or three above credits, if the title is known or one of them tells that
    they are an account's: else they may be a title.
    """
    filled = [unit for unit in units if unit.core]
    below = next((number for number, unit in enumerate(filled) if unit.find is not None), 0)
    prompt = filled[below] if filled else None
    if prompt is None or not prompt.goes or prompt.find is None:
        return
    if below not in _BANNERS_ABOVE.get(prompt.find.kind, ()):
        return
    above = filled[:below]
    if prompt.find.kind == "credits" and not (page.title or any(_tells_account(page, unit) for unit in above)):
        return
    if all(_may_be_name_of_account(page, unit) for unit in above):
        for unit in above:
            unit.find, unit.goes = Find("follow_prompt", beside("follow_prompt", "name_above"), 0), True


def _tells_account(page: Page, unit: Unit) -> bool:
    """Whether `unit` is the address of a site, or ends with what accounts are called."""
    kinds = page.index.tables["kinds_of_accounts"]
    return HOME_PAGE.fullmatch(unit.core) is not None or kinds.search(unit.core) is not None


def _may_be_name_of_account(page: Page, unit: Unit) -> bool:
    """Whether `unit` may be a name or a slogan: a short banner without figures and pauses."""
    text = page.full_text[unit.start : unit.end]
    brief = len(unit.core) <= _LONGEST_BANNER and not unit.protected and not unit.glued
    return brief and is_banner(page, unit) and not _NO_NAME.search(text)


def settle_marks(units: Sequence[Unit]) -> None:
    """A line of nothing but marks (`！`, `”`) goes with what stands on both sides of it, or beside it at the end."""
    goes_below = True  # what is below, or the end
    marks: list[Unit] = []
    for unit in reversed(units):
        if not unit.core and not unit.goes and not unit.protected:
            marks += [unit] if goes_below else []
            continue
        if unit.goes and unit.find:
            for mark in marks:
                mark.find, mark.goes = Find(unit.find.kind, beside(unit.find.kind, "mark"), 0), True
        marks.clear()
        goes_below = unit.goes


def settle_names_above(page: Page, units: Sequence[Unit]) -> None:
    """A short line goes with the text below it that begins with it (a firm's name above what it is).

    So do an ordinal, and a heading of what stands there.
    """
    prefix, ordinal, numbering = (page.index.tables[name] for name in ("about_prefix", "ordinal", "numbering"))
    heading, statement = page.index.tables["headings_of_prompts"], page.index.tables["headings_of_statements"]
    inwards = [u for u in units[::-1] if u.core]
    for below, unit in pairwise(inwards):
        if not below.goes or unit.goes or unit.protected or below.find is None or unit.line == below.line:
            continue
        name = prefix.sub("", unit.core, count=1)
        named = _SHORTEST_NAME <= len(name) <= _LONGEST_NAME and below.core.startswith(name) and below.core != name
        named = named or (
            below.find.kind in _HEADED and heading.fullmatch(numbering.sub("", unit.core, count=1)) is not None
        )
        named = named or (below.find.kind == "copyright" and statement.fullmatch(unit.core) is not None)
        numbered = below.find.kind not in _NEVER_NUMBERED or below.find.rule in page.index.marked["end"]
        if named or (numbered and ordinal.fullmatch(unit.core)):
            unit.find = Find(below.find.kind, beside(below.find.kind, "name_above"), 0)
            unit.goes = True
