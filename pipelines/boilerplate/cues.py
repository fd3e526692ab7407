"""Suspect words: how much speaks for a unit's being boilerplate where no rule holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.boilerplate.headings import is_heading
from pipelines.boilerplate.units import Find

if TYPE_CHECKING:
    from crawler.items import BoilerplateKind
    from pipelines.boilerplate.page import Page
    from pipelines.boilerplate.rule import Cue
    from pipelines.boilerplate.units import Unit

THRESHOLD = 1.0  # the score at which a unit at the tail goes if what stands further out goes
BESIDE_PROMPT = 0.65  # the same for a banner (a slogan, a name) beside a prompt that goes
BETWEEN = 0.4  # the same between two that go, or behind a marker that the article is over
_BRIEF = 30  # folded characters of a unit for which the threshold is meant ...
_REPORT = 12  # folded characters from which on a sentence may report of others ...
_PROSE = 24  # ... and from which on it may be prose without any word that shows it
_LONGEST_BANNER = 36
_LONGEST_LABEL = 10  # of one that ends with a colon
_LONGEST_GLUED = 120  # of one in a line that holds the article: a longer one may be part of it
_LONG_SCORED = 100  # ... and as many more for which it is twice as high


def score(page: Page, unit: Unit, threshold: float) -> Find | None:
    """A find if the suspect words in `unit` weigh enough; its rule names them."""
    if unit.glued and len(unit.core) > _LONGEST_GLUED:
        return None
    found = _cues(page, unit)
    if threshold == BESIDE_PROMPT and not any(cue.banner for cue in found):
        threshold = THRESHOLD
    if found and is_report(page, unit):
        return None
    if found and is_prose(page, unit):
        found = [cue for cue in found if cue.kind == "promotion"]
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


def is_prose(page: Page, unit: Unit) -> bool:
    """Whether `unit` is a full sentence that speaks neither to the reader nor of this publication."""
    return (
        len(unit.core) >= _PROSE
        and _is_statement(page, unit)
        and page.index.tables["speaks_of_itself"].search(unit.core) is None
    )


def is_report(page: Page, unit: Unit) -> bool:
    """Whether `unit` is about what others said or did (警方称…, 他转发给了…), or a warning of what they do."""
    tables = page.index.tables
    if tables["third_person"].match(unit.core) or tables["warnings"].search(unit.core):
        return True
    return (
        len(unit.core) >= _REPORT
        and _is_statement(page, unit)
        and tables["reports"].search(unit.core) is not None
        and tables["addresses"].search(unit.core) is None
    )


def _is_statement(page: Page, unit: Unit) -> bool:
    return page.full_text[unit.start : unit.end].rstrip("”」』\"')）").endswith("。")


def is_banner(page: Page, unit: Unit) -> bool:
    """Whether `unit` is a short line of its own that is no sentence, no label and no heading of the article."""
    text = page.full_text
    return (
        0 < len(unit.core) <= _LONGEST_BANNER
        and text[unit.end - 1] not in "。；;"
        and (len(unit.core) <= _LONGEST_LABEL or text[unit.end - 1] not in "：:")
        and text[unit.end : unit.end + 1] in {"\n", ""}
        and (unit.start == 0 or text[unit.start - 1] == "\n")
        and not is_heading(unit.core)
    )


def _cues(page: Page, unit: Unit) -> list[Cue]:
    """The suspect words in `unit`, less those that the article uses in earnest."""
    found: list[Cue] = []
    banner = is_banner(page, unit)
    for pattern, cue in page.index.cues.candidates(unit.literals) if unit.literals else ():
        match = pattern.search(unit.core)
        if match and (banner or not cue.banner) and not page.in_earnest(match.group()):
            found.append(cue)
    if banner and page.index.tables["banner"].fullmatch(page.full_text, unit.start, unit.end):
        found.append(page.index.banners)
    return found


def suspicion(page: Page, unit: Unit) -> float:
    """The weights of all suspect words in `unit`."""
    return sum(cue.weight for cue in _cues(page, unit))
