"""Phrases inside a line: glued to the body at its beginning or end, without a stop between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.boilerplate.finds import LONGEST_UNIT
from pipelines.boilerplate.fold import fold, fold_core, fold_with_offsets
from pipelines.boilerplate.page import ZONES, Page, Zone
from pipelines.boilerplate.spans import Cut

if TYPE_CHECKING:
    from pipelines.boilerplate.rule import Rule
    from pipelines.boilerplate.units import Unit

LONGEST_PHRASE = 300  # characters of the head in which glued phrases are looked for
_CLOSING = frozenset("!。,.\"')]~、|-")  # what may close a glued phrase


def cut_head_phrases(page: Page, position: int) -> list[Cut]:
    """Phrases glued to one another and to the body, from offset `position` on; each begins where one ended."""
    end = min(len(page.full_text), position + LONGEST_PHRASE)
    feed = page.full_text.find("\n", position, end)
    text = page.full_text[position : feed if feed >= 0 else end]
    if _phrase_at(page, fold(text), 0) is None:
        return []
    folded, offsets = fold_with_offsets(text)
    cuts: list[Cut] = []
    at = 0
    while at < len(folded):
        found = _phrase_at(page, folded, at)
        if found is None:
            break
        rule, stop = found
        for name in page.names:  # 点击蓝字关注 and the name, then the body
            if folded.startswith(name, stop) and folded[:stop].endswith("关注"):
                stop += len(name)
        while stop < len(folded) and folded[stop] in _CLOSING:
            stop += 1
        cuts.append(Cut(position + offsets[at], position + offsets[stop - 1] + 1, rule.kind, rule.id))
        at = stop
    return cuts


def _phrase_at(page: Page, folded: str, at: int) -> tuple[Rule, int] | None:
    best: tuple[Rule, int] | None = None
    for pattern, rule in page.index.spans.candidates(page.index.spans.scanner.find(folded[at:])):
        if "head" not in ZONES[rule.where]:
            continue
        match = pattern.match(folded, at)
        if match and match.end() > at and (best is None or match.end() > best[1]):
            best = rule, match.end()
    return best


def phrase_inside(page: Page, unit: Unit, zone: Zone) -> Cut | None:
    """A phrase that ends `unit` (at the tail), or stands anywhere in it (rules for anywhere)."""
    if unit.protected or not unit.core or len(unit.core) > LONGEST_UNIT:
        return None
    candidates = page.index.spans.candidates(unit.literals)
    if not candidates:
        return None
    folded, offsets = fold_with_offsets(page.full_text[unit.start : unit.end])
    for pattern, rule in candidates:
        if zone not in ZONES[rule.where] or rule.where == "head":
            continue
        match = pattern.search(folded)
        if match is None or match.end() == match.start():
            continue
        stop = match.end()
        if rule.where != "anywhere":
            if fold_core(folded[stop:]):
                continue
            stop = len(folded)
        return Cut(unit.start + offsets[match.start()], unit.start + offsets[stop - 1] + 1, rule.kind, rule.id)
    return None
