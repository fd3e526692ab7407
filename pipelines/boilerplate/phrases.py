"""Phrases inside a line: glued to the body at its beginning or end, without a stop between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.boilerplate.finds import LONGEST_UNIT
from pipelines.boilerplate.fold import fold, fold_core, fold_with_offsets
from pipelines.boilerplate.rule import ZONES
from pipelines.boilerplate.spans import Cut
from pipelines.boilerplate.units import sentences

if TYPE_CHECKING:
    from pipelines.boilerplate.page import Page
    from pipelines.boilerplate.rule import Rule, Zone
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


def cut_glued_credits(page: Page, position: int) -> list[Cut]:
    """Credits glued to the lead of an article that is one long line: `…。文/甲 某社作者近日，…`.

    Looked for from offset `position` on, where a sentence or a phrase of the openers' table begins.
    """
    line = next((line for line in page.lines if line.start <= position < line.end), None)
    if line is None or not line.glued:
        return []
    end = min(line.end, position + LONGEST_PHRASE)
    places = {position + start for start, _ in sentences(page.full_text[position:end])}
    places |= {opener.start() for opener in page.index.openers.finditer(page.full_text, position, end)}
    cuts: list[Cut] = []
    for place in sorted(places - {position}):
        folded, offsets = fold_with_offsets(page.full_text[place:end])
        found = _phrase_at(page, folded, 0)
        if found is not None and found[0].kind == "credits":
            rule, stop = found
            cuts.append(Cut(place, place + offsets[stop - 1] + 1, rule.kind, rule.id))
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
    text = page.full_text[unit.start : unit.end]
    folded = fold(text)
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
        offsets = fold_with_offsets(text)[1]
        return Cut(unit.start + offsets[match.start()], unit.start + offsets[stop - 1] + 1, rule.kind, rule.id)
    return None
