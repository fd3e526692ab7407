"""Which characters of a full text stay in its fixture."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.scrub.fakes import HAN, NEUTRAL
from crawler.scrub.vocabulary import RUN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.items import Span
    from crawler.scrub.vocabulary import Vocabulary

_QUOTED = re.compile(r"[“\"「『《【‘\[]([^“”\"「」『』《》【】‘’\[\]\n]{1,24})[”\"」』》】’\]]")
_LABEL = re.compile(rf"[{HAN}]{{1,8}}(?=\s{{0,3}}[:：/｜|丨])")
_LABELLED = re.compile(r"[:：|｜丨]([^。！？!?\n]{1,80})")
_JOINING = re.compile("[及和与等由系为自于]")  # between names, and before them
_LINE = re.compile(r"[^\n]+")
_IN_A_ROW = 4  # characters of known words in a row that may stay among others' text
_HEADING = 6  # of a line that is a heading or a marker


def kept_places(
    text: str,
    spans: Sequence[Span],
    rule_words: Vocabulary,
    labels: Vocabulary,
    *,
    whole: bool = False,
    in_body: bool = False,
) -> list[bool]:
    """For each character of `text`, whether it stays.

    Lines that are made of `labels` stay. Of spans the words that rules know stay and what little stands between
    them, of some kinds labels too. `whole` keeps the sentences of kinds that are told by their wording, less what
    is quoted or labelled; `in_body` the words that rules know wherever they stand, few in a row.
    """
    kept = [False] * len(text)
    for span in spans:
        part = text[span.start : span.end]
        if span.kind in NEUTRAL["markers"] and len(part.strip()) <= _HEADING:
            _mark(kept, span.start, 0, len(part), stays=True)
        elif whole and span.kind in NEUTRAL["whole_if_needed"] and NEUTRAL["blocks"] not in span.rule:
            _mark(kept, span.start, 0, len(part), stays=True)
            dropped = (_QUOTED, _LABELLED) if span.kind in NEUTRAL["labelled"] else (_QUOTED,)
            for match in (match for pattern in dropped for match in pattern.finditer(part)):
                _mark(kept, span.start, *match.span(1), stays=False)
        elif span.kind in NEUTRAL["labelled"]:
            for match in (match for pattern in (_LABEL, _JOINING) for match in pattern.finditer(part)):
                _mark(kept, span.start, *match.span(), stays=True)
        _mark_words(kept, span.start, part, rule_words)
        _close_gaps(kept, text, span)
        if span.kind in NEUTRAL["titles"] or NEUTRAL["blocks"] in span.rule:
            kept[span.start : span.end] = _few_in_a_row(kept[span.start : span.end], part)
            _mark_words(kept, span.start, part, labels)
    if in_body:
        words = [False] * len(text)
        _mark_words(words, 0, text, rule_words)
        kept = [one or other for one, other in zip(kept, _few_in_a_row(words, text), strict=True)]
    for match in _LINE.finditer(text):
        if labels.covers(match[0]):
            _mark(kept, 0, *match.span(), stays=True)
    return kept


def _few_in_a_row(kept: list[bool], text: str) -> list[bool]:
    """`kept` less what of a stretch is beyond `_IN_A_ROW` characters; a line (a heading) may be a little longer."""
    made = list(kept)
    for match in RUN.finditer(text):
        start, end = match.span()
        alone = (start == 0 or text[start - 1] == "\n") and text[end : end + 1] in {"", "\n"}
        if alone and end - start <= _HEADING:
            continue
        count = 0
        for place in range(start, end):
            count = count + 1 if kept[place] else 0
            made[place] = kept[place] and count <= _IN_A_ROW
    return made


def _close_gaps(kept: list[bool], text: str, span: Span) -> None:
    """Marks single characters beside kept ones: a particle, no name."""
    for match in RUN.finditer(text, span.start, span.end):
        start, end = match.span()
        kept[start:end] = without_gaps(kept[start:end])


def _mark(kept: list[bool], offset: int, start: int, end: int, *, stays: bool) -> None:
    kept[offset + start : offset + end] = [stays] * (end - start)


def _mark_words(kept: list[bool], offset: int, text: str, words: Vocabulary) -> None:
    """Marks the words in `text`, spaced out ones too."""
    places = [place for place, char in enumerate(text) if not char.isspace()]
    for start, end in words.places("".join(text[place] for place in places)):
        if places[end - 1] - places[start] < 2 * (end - start):
            _mark(kept, offset, places[start], places[end - 1] + 1, stays=True)


def without_gaps(kept: list[bool]) -> list[bool]:
    """The flags of a run, those of single characters between (or behind) kept ones set."""
    if len(kept) < 2:
        return kept
    last = len(kept) - 1
    return [
        stays or ((place == 0 or kept[place - 1]) and (place == last or kept[place + 1]))
        for place, stays in enumerate(kept)
    ]
