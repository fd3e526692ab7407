"""Which finds hold: by how far they stand from the edge, by what stands around them, by suspect words."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from pipelines.boilerplate.blocks import ENTRY, HOME_PAGE, SILENT, chrome_block, last_block
from pipelines.boilerplate.cues import BETWEEN, THRESHOLD, is_report, score
from pipelines.boilerplate.rule import ANYWHERE
from pipelines.boilerplate.units import Find

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.boilerplate.page import Page, Zone
    from pipelines.boilerplate.units import Line, Unit

_LONG = 80  # folded characters of a sentence
_FILLING = 32  # folded characters that may go between two finds
_FILLING_LINES = 2
_BETWEEN_CHARACTERS = 600
_NEAR_GLUED = 30
_EARNEST_KINDS = frozenset({"copyright", "follow_prompt", "promotion", "contact", "engagement"})
_END = "decoration.end"


def settle(page: Page, lines: Sequence[Line], zone: Zone) -> None:
    """Marks the units that go (`Unit.goes`). `lines` are in reading order."""
    units = [unit for line in lines for unit in line.units or ()]
    mixed = {
        line.number
        for line in lines
        if line.units and len(line.units) > 1 and not all(u.find for u in line.units if u.core)
    }
    if zone == "tail":
        _protect_references(page, units)
        if page.evidence == "dump":
            chrome_block(page, units)
        _drop_earnest(page, units)
        _from_the_edge(page, units[::-1], mixed, scoring=True)
        _between(page, units)
        _rest_of_question(page, units)
        _rest_of_line(page, units)
        _behind_the_end(page, units)
        last_block(page, units)
    elif zone == "head":
        _drop_earnest(page, units)
        _whole_prompt(lines)
        _from_the_edge(page, units, mixed, scoring=False)
        _between(page, units)
    else:
        for unit in units:
            unit.goes = unit.find is not None


def _from_the_edge(page: Page, units: Sequence[Unit], mixed: set[int], *, scoring: bool) -> None:
    """Settles `units`, given from the edge inwards, by how much body stands further out.

    A find holds within its distance; in a line of which part is body, only next to the edge or to another find.
    """
    distance = 0
    for unit in units:
        if unit.protected or (unit.find is None and not unit.core):
            distance += unit.end - unit.start if unit.protected else 0
            continue
        if unit.find is not None:
            near = unit.find.near
            if unit.line in mixed:
                near = min(near, _NEAR_GLUED)
            unit.goes = unit.goes or distance <= near
        elif scoring and distance == 0:
            unit.find = score(page, unit, THRESHOLD)
            unit.goes = unit.find is not None
        if not unit.goes:
            distance += len(unit.core)
        elif unit.find is None or unit.find.rule not in SILENT:
            distance = 0


def _drop_earnest(page: Page, units: Sequence[Unit]) -> None:
    """Drops finds in sentences that report of others, and in an article that uses their words in earnest (侵权, 扫码).

    What speaks to the reader, briefly, stays a find.
    """
    speaks = page.index.tables["speaks_to_reader"]
    for unit in units:
        if unit.find is None or unit.goes or unit.find.kind not in _EARNEST_KINDS:
            continue
        if is_report(page, unit):
            unit.find = None
            continue
        if unit.find.near >= ANYWHERE:
            continue
        kind = unit.find.kind
        words = (
            pattern.search(unit.core) for pattern, cue in page.index.cues.candidates(unit.literals) if cue.kind == kind
        )
        if any(m and page.in_earnest(m.group()) for m in words) and (
            len(unit.core) > _LONG or not speaks.search(unit.core)
        ):
            unit.find = None


def _whole_prompt(lines: Sequence[Line]) -> None:
    """A short first line that ends with a prompt is one: a slogan, then 关注."""
    for line in lines[:2]:
        units = line.units or []
        if len(units) > 1 and len(line.core) <= _LONG and (last := units[-1].find) and last.kind == "follow_prompt":
            for unit in units:
                unit.find = unit.find or last


def _rest_of_question(page: Page, units: Sequence[Unit]) -> None:
    """A question goes with the request for answers behind it in its line."""
    for unit, after in pairwise(units):
        if (
            unit.line == after.line
            and after.goes
            and not unit.goes
            and after.find
            and after.find.kind == "engagement"
            and page.full_text[unit.end - 1] in "？?"
            and len(unit.core) <= _LONG
        ):
            unit.find = Find("engagement", "engagement.question", 0)
            unit.goes = True


def _rest_of_line(page: Page, units: Sequence[Unit]) -> None:
    """A short suspect sentence goes with the rest of its line that does."""
    for unit, neighbour in [*pairwise(units), *((b, a) for a, b in pairwise(units))]:
        if unit.goes or unit.protected or unit.glued or unit.line != neighbour.line or not neighbour.goes:
            continue
        if unit.core and len(unit.core) <= _LONG:
            unit.find = unit.find or score(page, unit, BETWEEN)
            unit.goes = unit.find is not None


def _between(page: Page, units: Sequence[Unit]) -> None:
    """What stands between two units that go: short units go too, longer ones with a suspect word."""
    last: int | None = None
    for position, unit in enumerate(units):
        if not unit.goes or unit.find is None or unit.find.rule in SILENT:
            continue
        if last is not None and position - last > 1:
            gap = [u for u in units[last + 1 : position] if not u.goes and u.core]
            one_line = unit.line == units[last].line and not unit.glued
            _fill(page, gap, unit.find, units[last].find or unit.find, one_line=one_line)
        last = position


def _fill(page: Page, gap: Sequence[Unit], after: Find, before: Find, *, one_line: bool) -> None:
    """Marks `gap`, which stands between the two finds (`one_line`: in one line with both), if it goes too."""
    if any(u.protected or (ENTRY.match(u.core) and not HOME_PAGE.fullmatch(u.core)) for u in gap):
        return
    length = sum(len(u.core) for u in gap)
    inside = one_line or not any(_is_prose(page, u) for u in gap)
    if length <= _FILLING and len(gap) <= _FILLING_LINES and inside:
        kind = after.kind if after.kind != "decoration" else before.kind
        for unit in gap:
            unit.find = unit.find or Find(kind, f"{kind}.between", 0)
            unit.goes = True
    elif length <= _BETWEEN_CHARACTERS:
        finds = [unit.find or score(page, unit, BETWEEN) for unit in gap]
        if sum(f is not None for f in finds) * 2 < len(gap):
            return
        if any(f is None and _is_prose(page, u) for u, f in zip(gap, finds, strict=True)):
            return
        for unit, find in zip(gap, finds, strict=True):
            unit.find = find or Find(after.kind, f"{after.kind}.between", 0)
            unit.goes = True


def _is_prose(page: Page, unit: Unit) -> bool:
    """Whether `unit` reads like a sentence of the body."""
    return (
        len(unit.core) > _FILLING
        or page.full_text[unit.end - 1] in "。；"
        or page.full_text[unit.end - 2 : unit.end] == "。”"
    )


def _behind_the_end(page: Page, units: Sequence[Unit]) -> None:
    """Behind an end marker less is needed, and no neighbour."""
    marked = next((n for n, u in enumerate(units) if u.goes and u.find and u.find.rule == _END), None)
    if marked is None:
        return
    for unit in units[marked + 1 :]:
        if not unit.goes and not unit.protected and unit.core:
            unit.find = unit.find or score(page, unit, BETWEEN)
            unit.goes = unit.find is not None


def _protect_references(page: Page, units: Sequence[Unit]) -> None:
    """What stands under a heading of references is body."""
    inside = False
    for unit in units:
        if unit.find and unit.find.rule not in SILENT:
            inside = False
        elif unit.core and page.index.is_reference(unit.core):
            inside = True
        if inside:
            unit.protected = True
