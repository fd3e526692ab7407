"""Phrases inside a line: glued to the body at its beginning or end, without a stop between them."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from pipelines.boilerplate.finds import LONGEST_UNIT
from pipelines.boilerplate.fold import dropped, fold, fold_core, fold_with_offsets, unfolded
from pipelines.boilerplate.glued_credits import length_of_row
from pipelines.boilerplate.rule import ANYWHERE, ZONES
from pipelines.boilerplate.spans import Cut
from pipelines.boilerplate.units import sentences

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipelines.boilerplate.page import Page
    from pipelines.boilerplate.rule import Rule, Zone
    from pipelines.boilerplate.units import Line, Unit

LONGEST_PHRASE = 300  # characters of the head in which glued phrases are looked for
_POINTING = "↑↓▲▼△▽⬆⬇☝>|·-"  # what may stand before the first one
_CLOSING = frozenset("!。,.\"')]~、|-")  # what may close a glued phrase


def cut_phrases_of_head(page: Page, position: int) -> list[Cut]:
    """Phrases glued to the lead of the body, which begins at offset `position`."""
    end = min(len(page.full_text), position + LONGEST_PHRASE)
    feed = page.full_text.find("\n", position, end)
    end = feed if feed >= 0 else end
    folded, offsets = fold_with_offsets(page.full_text[position:end])
    phrases = _Phrases(page, folded)
    cuts = []
    if phrases.may_stand:
        cuts = [
            *_cut_head_phrases(page, phrases, folded, offsets, position),
            *_cut_glued_credits(page, phrases, offsets, position, end),
        ]
    return [*cuts, *_cut_credits_in_a_row(page, cuts[-1].end if cuts else position, end)]


def length_of_phrase(page: Page, text: str) -> int:
    """How many characters at the beginning of `text` are a phrase that heads end with; 0 for none."""
    folded, offsets = fold_with_offsets(text[:LONGEST_PHRASE])
    begins = len(folded) - len(folded.lstrip(_POINTING))
    found = _Phrases(page, folded).at(begins) if begins < len(folded) else None
    return offsets[found[1] - 1] + 1 if found else 0


def _cut_head_phrases(page: Page, phrases: _Phrases, folded: str, offsets: Sequence[int], position: int) -> list[Cut]:
    """Phrases glued to one another and to the body, from offset `position` on; each begins where one ended."""
    cuts: list[Cut] = []
    at = len(folded) - len(folded.lstrip(_POINTING))  # ↑点击上方“某某”关注
    while at < len(folded):
        found = phrases.at(at)
        if found is None:
            break
        rule, stop = found
        for name in page.names:  # 点击蓝字关注 and the name, then the body
            if folded.startswith(name, stop) and folded[:stop].endswith(page.index.follow_word):
                stop += len(name)
        while stop < len(folded) and folded[stop] in _CLOSING:
            stop += 1
        start = position + offsets[at] if cuts else position
        cuts.append(Cut(start, position + offsets[stop - 1] + 1, rule.kind, rule.id))
        at = stop
    return cuts


def _cut_glued_credits(page: Page, phrases: _Phrases, offsets: Sequence[int], position: int, end: int) -> list[Cut]:
    """Credits glued to the lead of an article that is one long line: `…。文/甲 某社作者近日，…`.

    Looked for from offset `position` to `end`, where a sentence or a phrase of the openers' table begins.
    """
    line = _line_at(page, position)
    if line is None or not line.glued or not phrases.may_be_credits:
        return []
    places = {position + start for start, _ in sentences(page.full_text[position:end])}
    places |= page.index.openers.places(page.full_text, position, end)
    cuts: list[Cut] = []
    for place in sorted(places - {position}):
        found = phrases.at(bisect_left(offsets, place - position))
        if found is not None and found[0].kind == "credits":
            rule, stop = found
            cuts.append(Cut(place, position + offsets[stop - 1] + 1, rule.kind, rule.id))
    return cuts


def _cut_credits_in_a_row(page: Page, position: int, end: int) -> list[Cut]:
    """Roles and names glued to one another and to the lead of an article that is one long line, at `position`."""
    line = _line_at(page, position)
    if line is None or not line.glued:
        return []
    length, _ = length_of_row(page.full_text[position:end])
    return [Cut(position, position + length, "credits", "credits.roles")] if length else []


def _line_at(page: Page, position: int) -> Line | None:
    return next((line for line in page.lines if line.start <= position < line.end), None)


class _Phrases:
    """The rules for spans at the head, tried at places of one folded text."""

    def __init__(self, page: Page, folded: str) -> None:
        self._spans = page.index.spans_of_head
        self._folded = folded
        self._places = self._spans.scanner.places(folded)

    @property
    def may_be_credits(self) -> bool:
        """Whether one of them that finds credits can match anywhere."""
        return any(rule.kind == "credits" for rule in self._candidates())

    @property
    def may_stand(self) -> bool:
        """Whether any of them can match anywhere."""
        return any(True for _ in self._candidates())

    def _candidates(self) -> Iterator[Rule]:
        candidates = self._spans.candidates({literal for _, literal in self._places})
        return (rule for _, rule in candidates)

    def at(self, offset: int) -> tuple[Rule, int] | None:
        """The rule that takes most from `offset` (in the folded text) on, and where it ends."""
        best: tuple[Rule, int] | None = None
        literals = [literal for place, literal in self._places if place >= offset]
        for pattern, rule in self._spans.candidates(literals):
            match = pattern.match(self._folded, offset)
            if match and match.end() > offset and (best is None or match.end() > best[1]):
                best = rule, match.end()
        return best


def _goes_whole(line: Line) -> bool:
    return line.units is not None and all(unit.goes for unit in line.units if unit.core)


def cut_phrases_anywhere(page: Page) -> list[Cut]:
    """Phrases of the rules for anywhere inside lines of which something stays, as often as they stand there."""
    cuts: list[Cut] = []
    inside = page.index.literals_inside_anywhere
    for line in page.lines:
        if inside.isdisjoint(line.literals) or line.protected or _goes_whole(line):
            continue
        for pattern, rule in page.index.spans_inside.candidates(line.literals):
            if rule.where != "anywhere" or (rule.evidence and page.evidence not in rule.evidence):
                continue
            for match in pattern.finditer(line.folded):
                if match.end() > match.start():
                    gone = dropped(line.text)
                    start, last = unfolded(match.start(), gone), unfolded(match.end() - 1, gone)
                    cuts.append(Cut(line.start + start, line.start + last + 1, rule.kind, rule.id))
    return cuts


def phrase_inside(page: Page, unit: Unit, zone: Zone, *, is_last: bool = False) -> Cut | None:
    """A phrase that ends `unit` (at the tail), or stands anywhere in it (rules for anywhere).

    Asked for where one of `index.phrasing` is among its literals. `is_last`: all behind the unit goes; a rule with a
    `near` is for such a one only.
    """
    if unit.protected or not 0 < len(unit.core) <= LONGEST_UNIT:
        return None
    candidates = page.index.spans_inside.candidates(unit.literals)
    if not candidates:
        return None
    text = page.full_text[unit.start : unit.end]
    folded = fold(text)
    for pattern, rule in candidates:
        if zone not in ZONES[rule.where] or not (is_last or rule.near == ANYWHERE):
            continue
        if rule.evidence and page.evidence not in rule.evidence:
            continue
        match = pattern.search(folded)
        if match is None or match.end() == match.start():
            continue
        stop = match.end()
        if rule.where != "anywhere":
            if fold_core(folded[stop:]):
                continue
            stop = len(folded)
            if match.start() and folded.endswith("。"):  # it ends the sentence that stays
                stop -= 1
        offsets = fold_with_offsets(text)[1]
        return Cut(unit.start + offsets[match.start()], unit.start + offsets[stop - 1] + 1, rule.kind, rule.id)
    return None
