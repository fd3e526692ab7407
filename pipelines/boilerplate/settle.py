"""Which finds hold: by how far they stand from the edge, by what stands around them, by suspect words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.boilerplate.blocks import chrome_block, last_block, trailing_lines
from pipelines.boilerplate.content import is_content
from pipelines.boilerplate.credit_lines import (
    drop_particulars,
    find_chained_roles,
    find_roles_above_names,
    settle_address_below,
    settle_likely_credits,
    settle_reprint_card,
)
from pipelines.boilerplate.cues import BESIDE_PROMPT, THRESHOLD, is_banner, is_report, score, suspicion
from pipelines.boilerplate.neighbours import (
    FILLING,
    LONG,
    may_fill,
    settle_banner_above,
    settle_behind_credits,
    settle_behind_the_end,
    settle_between,
    settle_marks,
    settle_names_above,
    settle_quoted_law,
    settle_rest_of_line,
    settle_rest_of_question,
    settle_rest_of_sentence,
)
from pipelines.boilerplate.rule import ANYWHERE, PROMPTING
from pipelines.boilerplate.units import reached

if TYPE_CHECKING:
    import re
    from collections.abc import Sequence

    from pipelines.boilerplate.page import Page
    from pipelines.boilerplate.rule import Zone
    from pipelines.boilerplate.units import Find, Line, Unit

_NEAR_GLUED = 30
_NEAR_GLUED_CREDITS = 80
_EARNEST_KINDS = frozenset({"copyright", "follow_prompt", "promotion", "contact", "engagement", "read_more"})
_IN_A_ROW = 0.5  # weight of each of two banners at the very edge that together reach the threshold
_LONGEST_SIGNATURE = 24
_LONGEST_DAY = 19
_LATE = 0.5  # of a glued text: where its foot begins at the earliest
_LEAST_TOGETHER = 3  # finds one behind the other that are a foot


def settle(page: Page, lines: Sequence[Line], zone: Zone) -> None:
    """Marks the units that go (`Unit.goes`). `lines` are in reading order."""
    units = [unit for line in lines for unit in line.units or ()]
    units = units[: reached(units, zone)]
    mixed = {
        line.number
        for line in lines
        if line.units and len(line.units) > 1 and line.found and not all(u.find for u in line.units if u.core)
    }
    if zone == "tail":
        _protect_references(page, units)
        _protect_signature(page, units)
        if page.evidence == "dump":
            chrome_block(page, units)
        _drop_earnest(page, units)
        drop_particulars(page, units)
        trailing_lines(units)
        find_roles_above_names(page, units)
        find_chained_roles(page, units)
        _from_the_edge(page, units[::-1], mixed, scoring=True)
        settle_likely_credits(page, units)
        settle_address_below(page, units)
        settle_quoted_law(page, units)
        settle_between(page, units)
        settle_rest_of_question(page, units)
        settle_rest_of_sentence(page, units)
        settle_rest_of_line(page, units)
        settle_behind_the_end(page, units)
        last_block(page, units)
        settle_behind_credits(page, units)
        settle_names_above(page, units)
        settle_marks(units)
    elif zone == "head":
        _drop_earnest(page, units)
        drop_particulars(page, units)
        _whole_prompt(lines)
        _from_the_edge(page, units, mixed, scoring=False)
        settle_reprint_card(page, units)
        settle_likely_credits(page, units)
        settle_address_below(page, units)
        settle_quoted_law(page, units)
        settle_rest_of_sentence(page, units)
        settle_between(page, units)
        settle_names_above(page, units)
        settle_banner_above(page, units)
    else:
        for unit in units:
            unit.goes = unit.find is not None


def _from_the_edge(page: Page, units: Sequence[Unit], mixed: set[int], *, scoring: bool) -> None:
    """Settles `units`, given from the edge inwards, by how much body stands further out.

    A find holds within its distance; in a line of which part is body, only next to the edge or to another find.
    A find that asks for a neighbour may also have a little filling between itself and the next one.
    """
    distance = 0
    together = _together(page, units) if scoring else frozenset()
    last: Unit | None = None  # the last one that went
    gap: list[Unit] = []  # between it and here
    for position, unit in enumerate(units):
        if unit.protected or (unit.find is None and not unit.core):
            distance += unit.end - unit.start if unit.protected else 0
            continue
        if unit.find is not None:
            near = unit.find.near
            if near < FILLING and last is not None and _is_alike(unit, last) and may_fill(page, gap):
                near = FILLING
            if unit.line in mixed and not (unit.glued and unit.find.rule in page.index.marked["end"]):
                near = min(near, _NEAR_GLUED_CREDITS if unit.find.kind == "credits" else _NEAR_GLUED)
            unit.goes = unit.goes or distance <= near or unit.start in together
        elif scoring and distance == 0:
            inner = units[position + 1] if position + 1 < len(units) else None
            unit.find = score(page, unit, _threshold(page, unit, last, inner))
            unit.goes = unit.find is not None
        elif distance == 0 and last is not None:
            unit.find = _slogan(page, unit, last)
            unit.goes = unit.find is not None
        if not unit.goes:
            distance += len(unit.core)
            gap.append(unit)
        elif unit.find is None or unit.find.rule not in page.index.marked["silent"]:
            distance = 0
            last, gap = unit, []


def _together(page: Page, units: Sequence[Unit]) -> frozenset[int]:
    """Where units of a glued text begin that are finds one behind the other: a foot by itself.

    They are of several kinds, or all statements. What stands between them and the edge may be a list that nothing
    divides from them, and a short piece that no rule finds may stand between two of them.
    """
    if sum(unit.find is not None and unit.glued for unit in units) < _LEAST_TOGETHER:
        return frozenset()
    runs: list[list[Unit]] = [[]]
    late = _LATE * len(page.full_text)
    is_gap = False
    for unit in units:
        if unit.glued and unit.find is not None and unit.find.kind != "page_chrome" and unit.start >= late:
            runs[-1].append(unit)
            is_gap = False
        elif unit.core and (is_gap or len(unit.core) > FILLING or not unit.glued):
            runs.append([])
            is_gap = False
        elif unit.core:
            is_gap = True
    kinds = ({one.find.kind for one in run if one.find} for run in runs)
    feet = (run for run, of in zip(runs, kinds, strict=True) if len(of) > 1 or of == {"copyright"})
    return frozenset(one.start for run in feet if len(run) >= _LEAST_TOGETHER for one in run)


def _slogan(page: Page, unit: Unit, last: Unit) -> Find | None:
    """What suspect words say of a banner below a prompt of the head: its second line, but no lead or heading."""
    if last.find is None or last.find.kind != "follow_prompt" or not is_banner(page, unit):
        return None
    if page.index.tables["offices"].fullmatch(page.full_text, unit.start, unit.end):
        return None  # who issues what the article is about
    find = score(page, unit, BESIDE_PROMPT)
    return find if find is not None and find.kind == "follow_prompt" else None


def _is_alike(unit: Unit, last: Unit) -> bool:
    """Whether `unit`, short as well, is of the kind of `last`, so that a little between them is of that kind too."""
    return (
        unit.find is not None and last.find is not None and unit.find.kind == last.find.kind and len(unit.core) <= LONG
    )


def _threshold(page: Page, unit: Unit, last: Unit | None, inner: Unit | None) -> float:
    """What the suspect words in `unit` have to weigh, where all further out goes (`last` the nearest of it)."""
    if not is_banner(page, unit):
        return THRESHOLD
    if last is not None and last.find and last.find.kind in PROMPTING:
        return BESIDE_PROMPT
    if inner is not None and inner.find is None and is_banner(page, inner):
        weights = suspicion(page, unit), suspicion(page, inner)
        if min(weights) >= _IN_A_ROW and sum(weights) >= THRESHOLD:
            return _IN_A_ROW
    return THRESHOLD


def _drop_earnest(page: Page, units: Sequence[Unit]) -> None:
    """Drops finds in sentences that report of others, and in an article that uses their words in earnest (侵权, 扫码).

    What speaks to the reader, briefly, stays a find.
    """
    speaks = page.index.tables["speaks_to_reader"]
    for unit in units:
        if unit.find is None or unit.goes or unit.find.kind not in _EARNEST_KINDS:
            continue
        if is_report(page, unit) or is_content(page, unit):
            unit.find = None
            continue
        if unit.find.near >= ANYWHERE:
            continue
        kind = unit.find.kind
        words = (
            pattern.search(unit.core) for pattern, cue in page.index.cues.candidates(unit.literals) if cue.kind == kind
        )
        if any(m and page.in_earnest(m.group()) for m in words) and (
            len(unit.core) > LONG or not speaks.search(unit.core)
        ):
            unit.find = None


def _whole_prompt(lines: Sequence[Line]) -> None:
    """A short first line that ends with a prompt is one: a slogan, then 关注."""
    for line in lines[:2]:
        units = line.units or []
        if len(units) > 1 and len(line.core) <= LONG and (last := units[-1].find) and last.kind == "follow_prompt":
            for unit in units:
                unit.find = unit.find or last


def _protect_references(page: Page, units: Sequence[Unit]) -> None:
    """What stands under a heading of references is body."""
    inside = False
    for unit in units:
        if unit.find and unit.find.rule not in page.index.marked["silent"]:
            inside = False
        elif unit.core and page.index.is_reference(unit.core):
            inside = True
        if inside:
            unit.protected = True


def _protect_signature(page: Page, units: Sequence[Unit]) -> None:
    """A day alone on its line, and the office above it, are a notice's signature; whom to ask above them is its own."""
    day, glued_day = page.index.tables["day"], page.index.tables["ends_with_day"]
    above: Unit | None = None
    to_ask: list[Unit] = []  # right above the line that `above` is
    for unit in units:
        if unit.glued and unit.find is None and unit.core.endswith("日") and _is_signature(unit, glued_day):
            unit.protected = True
            continue
        if unit.find is not None or len(unit.core) > _LONGEST_DAY or not day.fullmatch(unit.core):
            if above is not None and unit.core:
                to_ask = [*to_ask, above] if above.find is not None and above.find.kind == "contact" else []
            above = unit if unit.core else above
            continue
        unit.protected = True
        if above is not None and len(above.core) <= _LONGEST_SIGNATURE and not _is_sure(above):
            above.protected = is_banner(page, above)
            for contact in to_ask if above.protected else ():
                contact.find, contact.protected = None, True


def _is_signature(unit: Unit, day: re.Pattern[str]) -> bool:
    return len(unit.core) <= FILLING and day.search(unit.core) is not None


def _is_sure(unit: Unit) -> bool:
    """Whether a rule that asks for nothing further has found something in `unit`."""
    return unit.find is not None and unit.find.near == ANYWHERE
