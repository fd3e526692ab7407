"""A glued sentence that a rule has found, parted from the article's own text that stands before or behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.boilerplate.finds import match
from pipelines.boilerplate.fold import fold_core
from pipelines.boilerplate.phrases import length_of_phrase
from pipelines.boilerplate.scoring.beginning import is_wording, where_wording_begins, where_wording_ends
from pipelines.boilerplate.units import Unit

if TYPE_CHECKING:
    from pipelines.boilerplate.page import Page
    from pipelines.boilerplate.rule import Zone

_LONG_FIND = 40  # folded characters of a glued sentence in which the article's own text may stand, too
_EARLY = 0.5  # of the text: a prompt that begins a sentence farther in has no article behind it
_LEAST_LEAD = 2  # folded characters behind a prompt that may be the article's own


def parted(page: Page, unit: Unit, zone: Zone) -> list[Unit]:
    """`unit`, or the part of it that is found and the article's own before or behind it."""
    if not unit.glued or unit.find is None or not page.index.pairs.weights:
        return [unit]
    is_early = unit.start < _EARLY * len(page.full_text)
    place = where_own_begins(page, unit, zone) if is_early else 0
    if place:
        found = _part(page, unit, unit.start, place)
        found.find = unit.find
        return [found, _part(page, unit, place, unit.end)]
    return (is_early and less_body_behind(page, unit, zone)) or _less_body_before(page, unit, zone)


def where_own_begins(page: Page, unit: Unit, zone: Zone) -> int:
    """The offset in the text at which behind a prompt that begins `unit` the article's own text begins; 0 for none."""
    text = page.full_text[unit.start : unit.end]
    length = length_of_phrase(page, text)
    if not 0 < length < len(text):
        return 0
    rest = _part(page, unit, unit.start + length, unit.end)
    is_own = (
        len(rest.core) >= _LEAST_LEAD
        and not is_wording(text[length:], page.index.pairs)
        and match(page, rest.core, rest.literals, zone, "sentence") is None
    )
    return rest.start if is_own else 0


def _less_body_before(page: Page, unit: Unit, zone: Zone) -> list[Unit]:
    if len(unit.core) < _LONG_FIND or unit.find is None:
        return [unit]
    place = unit.start + where_wording_begins(page.full_text[unit.start : unit.end], page.index.pairs)
    if place == unit.start:
        return [unit]
    found = _part(page, unit, place, unit.end)
    found.opened = True
    found.find = match(page, found.core, found.literals, zone, "sentence")
    if found.find is None or (found.find.kind == "credits") != (unit.find.kind == "credits"):
        return [unit]
    return [_part(page, unit, unit.start, place), found]


def less_body_behind(page: Page, unit: Unit, zone: Zone) -> list[Unit]:
    """`unit` as a statement and the article's own sentence that goes on behind it without a stop; [] without one."""
    if len(unit.core) < _LONG_FIND or unit.find is None:
        return []
    length = where_wording_ends(page.full_text[unit.start : unit.end], page.index.pairs)
    if not length:
        return []
    place = unit.start + length
    # Pairs tell the place to a character; a heading of the article's own begins right there.
    heading = page.index.tables["headings"]
    place = next((near for near in (place, place - 1, place + 1) if heading.match(page.full_text, near)), place)
    found = _part(page, unit, unit.start, place)
    found.find = match(page, found.core, found.literals, zone, "sentence")
    if found.find is None or found.find.kind != unit.find.kind:
        return []
    return [found, _part(page, unit, place, unit.end)]


def _part(page: Page, unit: Unit, start: int, end: int) -> Unit:
    """What of `unit` stands from `start` to `end` (offsets in the text), with nothing found yet."""
    core = fold_core(page.full_text[start:end])
    literals = frozenset(literal for literal in unit.literals if literal in core)
    return Unit(start, end, unit.line, core, literals, glued=True)
