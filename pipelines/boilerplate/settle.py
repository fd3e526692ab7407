"""Which finds hold: by how far they stand from the edge, by what stands around them, by suspect words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipelines.boilerplate.ruleset import ANYWHERE
from pipelines.boilerplate.units import Find

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.items import BoilerplateKind
    from pipelines.boilerplate.ruleset import Cue
    from pipelines.boilerplate.units import Line, Unit
    from pipelines.boilerplate.walk import Page, Zone

THRESHOLD = 1.0  # the score at which a unit at the tail goes if what stands further out goes
BETWEEN = 0.4  # the same between two that go, or behind a marker that the article is over
_BRIEF = 30  # folded characters of a unit for which the threshold is meant ...
_LONG_SCORED = 100  # ... and as many more for which it is twice as high
_LONG = 80  # folded characters of a sentence
_FILLING = 32  # folded characters that may go between two finds
_FILLING_LINES = 2
_BETWEEN_CHARACTERS = 600
_PROSE = 40  # folded characters of prose that weigh 1 against a block's going on
_LONG_PROSE = 150  # the same where a suspect word stands in it
_GIVE_UP = 3.0
_SUSPICIOUS = 0.6  # the weight of a suspect unit that a block may begin with ...
_SURE = 2  # ... if so many units further out go anyway
_NEAR_GLUED = 30
_LONGEST_NAME = 16
_LONGEST_CHROME = 80  # folded characters of a line among page chrome
_OTHERS_IN_CHROME = 3  # lines in a row among page chrome that no rule knows
_LEAST_CHROME = 3
_EARNEST_KINDS = frozenset({"copyright", "follow_prompt", "promotion", "contact", "engagement"})
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
        if page.evidence == "dump":
            _chrome_block(page, units)
        _drop_earnest(page, units)
        _from_the_edge(page, units[::-1], mixed, score=True)
        _between(page, units)
        _rest_of_question(page, units)
        _rest_of_line(page, units)
        _behind_the_end(page, units)
        _block(page, units)
    elif zone == "head":
        _drop_earnest(page, units)
        _whole_prompt(page, lines)
        _from_the_edge(page, units, mixed, score=False)
        _between(page, units)
    else:
        for unit in units:
            unit.goes = unit.find is not None


def _from_the_edge(page: Page, units: Sequence[Unit], mixed: set[int], *, score: bool) -> None:
    """`units` from the edge inwards. A find holds within its distance; in a line of which part is body, only
    without any (or nearly, where a line holds the whole article)."""
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
        elif score and distance == 0:
            unit.find = _score(page, unit, THRESHOLD)
            unit.goes = unit.find is not None
        if not unit.goes:
            distance += len(unit.core)
        elif unit.find is None or unit.find.rule not in _SILENT:
            distance = 0


def _drop_earnest(page: Page, units: Sequence[Unit]) -> None:
    """Of an article about 侵权 or 扫码, a sentence that says so is no boilerplate unless it speaks to the reader,
    briefly."""
    speaks = page.index.tables["speaks_to_reader"]
    for unit in units:
        if unit.find is None or unit.goes or unit.find.near >= ANYWHERE or unit.find.kind not in _EARNEST_KINDS:
            continue
        kind = unit.find.kind
        words = (pattern.search(unit.core) for pattern, cue in page.index.cues.entries if cue.kind == kind)
        if any(m and page.in_earnest(m.group()) for m in words) and (
            len(unit.core) > _LONG or not speaks.search(unit.core)
        ):
            unit.find = None


def _whole_prompt(page: Page, lines: Sequence[Line]) -> None:
    """A short first line that ends with a prompt is one: a slogan, then 关注."""
    for line in lines[:2]:
        units = line.units or []
        if len(units) > 1 and len(line.core) <= _LONG and (last := units[-1].find) and last.kind == "follow_prompt":
            for unit in units:
                unit.find = unit.find or last


def _rest_of_question(page: Page, units: Sequence[Unit]) -> None:
    """A question goes with the request for answers behind it in its line."""
    for unit, after in zip(units, units[1:], strict=False):
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


def _chrome_block(page: Page, units: Sequence[Unit]) -> None:
    """In a dump all from the first button under the article on is the page's, whatever stands between."""
    begins = len(units)
    chrome = others = 0
    for position in range(len(units) - 1, -1, -1):
        unit = units[position]
        if unit.find is not None and unit.find.kind == "page_chrome":
            chrome += 1
            begins = position
            others = 0
        elif unit.find is None or unit.find.near < ANYWHERE:
            others += 1
            if unit.glued or len(unit.core) > _LONGEST_CHROME or others > _OTHERS_IN_CHROME:
                break
    if chrome < _LEAST_CHROME:
        return
    reward = page.index.tables["reward"]
    # The account's or author's name (and motto) stands above the reward button.
    above = next((n for n in range(begins, min(begins + 2, len(units))) if reward.fullmatch(units[n].core)), None)
    while above is not None and begins > 0 and above - begins < _OTHERS_IN_CHROME:
        name = units[begins - 1]
        if name.find is not None or name.glued or not 0 < len(name.core) <= _LONGEST_NAME:
            break
        begins -= 1
    for unit in units[begins:]:
        if unit.core and (unit.find is None or unit.find.near < ANYWHERE):
            unit.find = Find("page_chrome", "page_chrome.block", ANYWHERE)


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
    found = _cues(page, unit)
    if not found:
        return None
    needed = threshold * (1 + max(0, len(unit.core) - _BRIEF) / _LONG_SCORED)
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
            one_line = unit.line == units[last].line and not unit.glued
            _fill(page, gap, unit.find, units[last].find or unit.find, one_line=one_line)
        last = position


def _cues(page: Page, unit: Unit) -> list[Cue]:
    """The suspect words in `unit`, less those that the article uses in earnest."""
    found: list[Cue] = []
    for pattern, cue in page.index.cues.candidates(unit.literals) if unit.literals else ():
        match = pattern.search(unit.core)
        if match and not page.in_earnest(match.group()):
            found.append(cue)
    return found


def _fill(page: Page, gap: Sequence[Unit], after: Find, before: Find, *, one_line: bool) -> None:
    """Marks `gap`, which stands between the two finds (`one_line`: in one line with both), if it goes too."""
    if any(u.protected or _ENTRY.match(u.core) for u in gap):
        return
    length = sum(len(u.core) for u in gap)
    inside = one_line or not any(_is_prose(page, u) for u in gap)
    if length <= _FILLING and len(gap) <= _FILLING_LINES and inside:
        kind = after.kind if after.kind != "decoration" else before.kind
        for unit in gap:
            unit.find = unit.find or Find(kind, f"{kind}.between", 0)
            unit.goes = True
    elif length <= _BETWEEN_CHARACTERS:
        finds = [unit.find or _score(page, unit, BETWEEN) for unit in gap]
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
            unit.find = unit.find or _score(page, unit, BETWEEN)
            unit.goes = unit.find is not None


def _block(page: Page, units: Sequence[Unit]) -> None:
    """The text's last block: units weigh for it by what was found in them, against it by their length. It begins
    where the sum is greatest, and everything in it goes."""
    total = best = 0.0
    begins = len(units)
    sure = 0
    weak: dict[int, Find | None] = {}
    for position in range(len(units) - 1, -1, -1):
        unit = units[position]
        if unit.protected or unit.glued:
            break
        if unit.find is None and unit.core:
            weak[position] = _score(page, unit, 0.0)
        if unit.find is None and weak.get(position) is None and len(unit.core) > _PROSE and not _ENTRY.match(unit.core):
            break
        weight = _weight(page, unit, weak.get(position))
        total += weight
        sure += unit.goes
        if total >= best and (unit.find is not None or (weight > _SUSPICIOUS and sure >= _SURE)):
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
    return -0.5 if _ENTRY.match(unit.core) else -0.5 - len(unit.core) / _PROSE


def _suspicion(page: Page, unit: Unit) -> float:
    return sum(cue.weight for cue in _cues(page, unit))


def _protect_references(page: Page, units: Sequence[Unit]) -> None:
    """What stands under a heading of references is body."""
    inside = False
    for unit in units:
        if unit.find and unit.find.rule not in _SILENT:
            inside = False
        elif unit.core and page.index.is_reference(unit.core):
            inside = True
        if inside:
            unit.protected = True
