"""Which finds hold: by how far they stand from the edge, by what stands around them, by suspect words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipelines.boilerplate.units import Find

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.items import BoilerplateKind
    from pipelines.boilerplate.ruleset import Cue
    from pipelines.boilerplate.units import Line, Unit
    from pipelines.boilerplate.walk import Page, Zone

THRESHOLD = 1.0  # the score at which a unit at the tail goes if what stands further out goes
BETWEEN = 0.4  # the same between two that go, or behind a marker that the article is over
_LONG = 80  # folded characters; each as many more need half as much again
_FILLING = 32  # folded characters that may go between two finds
_FILLING_LINES = 2
_BETWEEN_CHARACTERS = 600
_PROSE = 40  # folded characters of prose that weigh 1 against a block's going on
_LONG_PROSE = 150  # the same where a suspect word stands in it
_GIVE_UP = 3.0
_LONGEST_NAME = 16
_END = "decoration.end"
_ENTRY = re.compile(r"https?://|www\.|\[\d")
_SILENT = frozenset({"decoration.divider", "decoration.scroll_hint"})  # neither bridge nor gap


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
        _name_above_buttons(page, units)
        _from_the_edge(page, units[::-1], mixed, score=True)
        _between(page, units)
        _rest_of_line(page, units)
        _behind_the_end(page, units)
        _block(page, units)
    elif zone == "head":
        _from_the_edge(page, units, mixed, score=False)
        _between(page, units)
    else:
        for unit in units:
            unit.goes = unit.find is not None


def _from_the_edge(page: Page, units: Sequence[Unit], mixed: set[int], *, score: bool) -> None:
    """`units` from the edge inwards. A find holds within its distance; in a line of which part is body, only
    without any."""
    distance = 0
    for unit in units:
        if unit.protected or (unit.find is None and not unit.core):
            distance += len(unit.core)
            continue
        if unit.find is not None:
            near = 0 if unit.line in mixed else unit.find.near
            unit.goes = unit.goes or distance <= near
        elif score and distance == 0:
            unit.find = _score(page, unit, THRESHOLD)
            unit.goes = unit.find is not None
        if not unit.goes:
            distance += len(unit.core)
        elif unit.find is None or unit.find.rule not in _SILENT:
            distance = 0


def _name_above_buttons(page: Page, units: Sequence[Unit]) -> None:
    """In dumps of 2017–2018 the account's name stands above the reward button."""
    if page.evidence != "dump":
        return
    buttons = page.index.tables["reward"]
    for name, button in zip(units, units[1:], strict=False):
        if button.find and buttons.fullmatch(button.core) and name.find is None and 0 < len(name.core) <= _LONGEST_NAME:
            name.find = Find("page_chrome", "page_chrome.name_above_buttons", 0)


def _rest_of_line(page: Page, units: Sequence[Unit]) -> None:
    """A short suspect sentence goes with the rest of its line that does."""
    for unit, neighbour in [*zip(units, units[1:], strict=False), *zip(units[1:], units, strict=False)]:
        if unit.goes or unit.protected or unit.glued or unit.line != neighbour.line or not neighbour.goes:
            continue
        if unit.core and len(unit.core) <= _LONG:
            unit.find = unit.find or _score(page, unit, BETWEEN)
            unit.goes = unit.find is not None


def _score(page: Page, unit: Unit, threshold: float) -> Find | None:
    """A find if the suspect words in `unit` weigh enough; its rule names them."""
    found: list[Cue] = [cue for pattern, cue in page.index.cues.candidates(unit.core) if pattern.search(unit.core)]
    if not found:
        return None
    needed = threshold * (1 + 0.5 * (len(unit.core) // _LONG))
    if sum(cue.weight for cue in found) < needed - 1e-9:
        return None
    weights: dict[BoilerplateKind, float] = {}
    for cue in found:
        weights[cue.kind] = weights.get(cue.kind, 0.0) + cue.weight
    kind = max(weights, key=lambda k: (weights[k], k))
    named = sorted((cue for cue in found if cue.kind == kind), key=lambda cue: (-cue.weight, cue.id))[:3]
    return Find(kind, "+".join(cue.id for cue in named), 0)


def _between(page: Page, units: Sequence[Unit]) -> None:
    """What stands between two units that go: short units go too, longer ones with a suspect word."""
    last: int | None = None
    for position, unit in enumerate(units):
        if not unit.goes or unit.find is None or unit.find.rule in _SILENT:
            continue
        if last is not None and position - last > 1:
            gap = [u for u in units[last + 1 : position] if not u.goes and u.core]
            _fill(page, gap, unit.find, units[last].find or unit.find)
        last = position


def _fill(page: Page, gap: Sequence[Unit], after: Find, before: Find) -> None:
    if any(u.protected or _ENTRY.match(u.core) for u in gap):
        return
    length = sum(len(u.core) for u in gap)
    if length <= _FILLING and len(gap) <= _FILLING_LINES:
        kind = after.kind if after.kind != "decoration" else before.kind
        for unit in gap:
            unit.find = unit.find or Find(kind, f"{kind}.between", 0)
            unit.goes = True
    elif length <= _BETWEEN_CHARACTERS:
        finds = [unit.find or _score(page, unit, BETWEEN) for unit in gap]
        if sum(f is not None for f in finds) * 2 >= len(gap):
            for unit, find in zip(gap, finds, strict=True):
                unit.find = find or (Find(after.kind, f"{after.kind}.between", 0) if len(unit.core) < _LONG else None)
                unit.goes = unit.find is not None


def _behind_the_end(page: Page, units: Sequence[Unit]) -> None:
    """Behind an end marker less is needed, and no neighbour."""
    marked = next((n for n, u in enumerate(units) if u.goes and u.find and u.find.rule == _END), None)
    if marked is None:
        return
    for unit in units[marked + 1 :]:
        if not unit.goes and not unit.protected and unit.core:
            unit.find = unit.find or _score(page, unit, BETWEEN)
            unit.goes = unit.find is not None


def _block(page: Page, units: Sequence[Unit]) -> None:
    """The text's last block: units weigh for it by what was found in them, against it by their length. It begins
    where the sum is greatest, and everything in it goes."""
    total = best = 0.0
    begins = len(units)
    weak: dict[int, Find | None] = {}
    for position in range(len(units) - 1, -1, -1):
        unit = units[position]
        if unit.protected or unit.glued:
            break
        if unit.find is None and unit.core:
            weak[position] = _score(page, unit, 0.0)
        total += _weight(page, unit, weak.get(position))
        if unit.find is not None and unit.find.rule not in _SILENT and total >= best:
            best, begins = total, position
        if total < best - _GIVE_UP:
            break
    for position in range(begins, len(units)):
        unit = units[position]
        if not unit.goes and unit.core:
            kind: BoilerplateKind = next((u.find.kind for u in units[position:] if u.goes and u.find), "promotion")
            unit.find = unit.find or weak.get(position) or Find(kind, f"{kind}.block", 0)
            unit.goes = True


def _weight(page: Page, unit: Unit, weak: Find | None) -> float:
    """For (above 0) or against its being part of the last block."""
    if unit.goes:
        return 1.0 if unit.find and unit.find.rule not in _SILENT else 0.0
    if unit.find is not None:
        return 0.7 - len(unit.core) / _LONG_PROSE
    if not unit.core:
        return 0.0
    if weak is not None:
        return _suspicion(page, unit) - 0.2 - len(unit.core) / _LONG_PROSE
    return -0.5 - len(unit.core) / _PROSE


def _suspicion(page: Page, unit: Unit) -> float:
    return sum(cue.weight for pattern, cue in page.index.cues.candidates(unit.core) if pattern.search(unit.core))


def _protect_references(page: Page, units: Sequence[Unit]) -> None:
    """What stands under a heading of references is body."""
    heading = page.index.tables["references"]
    inside = False
    for unit in units:
        if unit.find and unit.find.rule not in _SILENT:
            inside = False
        elif 0 < len(unit.core) <= 24 and heading.fullmatch(unit.core):
            inside = True
        if inside:
            unit.protected = True
