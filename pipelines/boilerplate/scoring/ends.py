"""How far the ends of a text read like boilerplate: by its wording, pair of characters by pair.

From the end of a text inwards, the weights of its pairs are summed up, as long as the sum does not fall far. Where it
is greatest the foot begins, if it is great enough; what the rules have found is part of it. So is the head read.
A pair that the article itself uses again and again speaks for nothing there (an article about subscriptions).
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from operator import add
from typing import TYPE_CHECKING, NamedTuple

from pipelines.boilerplate.content import is_own
from pipelines.boilerplate.cues import is_prose
from pipelines.boilerplate.reasons import by_wording
from pipelines.boilerplate.scoring.pairs import SPACE, UNKNOWN, Pairs, alike, pairs_of
from pipelines.boilerplate.spans import Cut
from pipelines.boilerplate.units import Find, whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipelines.boilerplate.page import Page

# Sums of weights.
LEAST = 9.0  # from which on lines go beside what goes
# The same in a line that may hold a whole article, where it is less clear what begins and ends, and beside credits,
# which often stand right below the article's own last lines, and above its first.
LEAST_UNSURE = 12.0
ALONE = 16.0  # and where nothing does
EDGE = 0.0  # the same of a whole stretch between the text's very edge and what goes
BETWEEN = -16.0  # the same of a whole stretch between two that go: a slogan between prompts
PATIENCE = 26.0  # below its greatest at which the sum is given up
SLACK = 4.0  # below its greatest at the place where something may begin or end
BODY = -0.08  # for each pair: body comes first

_USUALLY = 70  # characters after which a body is given up
_FARTHEST_FOOT = 400  # characters of one stretch that are read
_FARTHEST_HEAD = 300
_LONGEST_HEAD_LINE = 80  # characters; a longer line is the article's lead
_LATEST_HEAD = 0.4  # of the text: what stands farther in is not its head
_INNER = 0.6  # of the text, from the other end on: the article itself
_MOST = 0.5  # of what the rules leave; more cannot be told from an article that lists works, prices, or links
# Where in a line that holds a whole article something may begin: after a stop, at a bracket, where the script changes.
_BREAKS = re.compile(
    r"(?<=[。！？!?…～~”）)】》；;\s])|(?=[【\[（(▲▼●■—\-◆★👇↓])"
    r"|(?<=[\u4e00-\u9fff])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9])(?=[\u4e00-\u9fff])"
)
# Where a head may end there.
_STOPS = re.compile(r"(?<=[。！？!?…～~】」；;])")


class _Reading(NamedTuple):
    """What one stretch of text says."""

    best: float
    place: int  # offset up to which the sum is greatest
    whole: float | None  # of all of the stretch; None where it was given up


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Text that no rule has found, from `outer` (nearer to the text's end, or beginning) to `inner`."""

    outer: int
    inner: int
    is_held: bool  # what stands further in goes, too


class _Places:
    """Where in a stretch of text something may begin or end, asked for by how many letters were read."""

    def __init__(self, text: str, start: int, allowed: set[int], *, backwards: bool) -> None:
        self._offsets = [start + n for n, character in enumerate(text) if not character.isspace()]
        self._backwards = backwards
        self._allowed = allowed

    def behind(self, letter: int) -> int | None:
        """The offset behind the letter of this number, from 0, if something may begin or end there."""
        offset = self._offsets[-1 - letter] if self._backwards else self._offsets[letter] + 1
        return offset if offset in self._allowed else None


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where things stand in a text, in reading order."""

    starts: Sequence[int]  # of lines
    glued: Sequence[tuple[int, int]]  # lines that may hold a whole article
    gone: Sequence[tuple[int, int]]  # what goes by the rules
    credits: frozenset[int]  # where of it credits begin
    silent: frozenset[int]  # where of it begins what stands anywhere in articles (dividers), and so holds nothing


def settle_by_wording(page: Page, phrases: Iterable[Cut]) -> list[Cut]:
    """Lets those units of the page's ends go that read like boilerplate; gives what goes of others.

    `phrases`: what the rules have cut out of units that stay.
    """
    pairs = page.index.pairs
    if not pairs.weights:
        return []
    going = [unit for line in page.lines for unit in line.units or () if unit.goes]
    gone = sorted([*((unit.start, unit.end) for unit in going), *((cut.start, cut.end) for cut in phrases)])
    layout = _Layout(
        starts=[line.start for line in page.lines],
        glued=[(line.start, line.end) for line in page.lines if line.glued],
        gone=gone,
        credits=frozenset(unit.start for unit in going if unit.find is not None and unit.find.kind == "credits"),
        silent=frozenset(
            unit.start for unit in going if unit.find is not None and unit.find.rule in page.index.marked["silent"]
        ),
    )
    found = [*_Foot(page, pairs, layout).read(), *_Head(page, pairs, layout).read()]
    left = len(page.full_text) - sum(end - start for start, end in gone)
    if sum(end - start for start, end in found) > left * _MOST:
        return []
    return [cut for start, end in found for cut in _cut(page, pairs, start, end)]


def _cut(page: Page, pairs: Pairs, start: int, end: int) -> Iterable[Cut]:
    """Settles what stands from `start` to `end`: whole units go, of others a part."""
    lines = page.lines
    first = max(0, bisect_right(lines, start, key=lambda line: line.start) - 1)
    for line in lines[first:]:
        if line.start >= end:
            break
        if line.units is None:
            line.units = [whole(line)]
        for unit in line.units:
            begins, stops = max(unit.start, start), min(unit.end, end)
            if begins >= stops or unit.goes or unit.protected:
                continue
            kind = unit.find.kind if unit.find is not None else pairs.kind(page.full_text[begins:stops])
            if kind == "promotion" and page.is_about_offers:
                continue
            if (begins, stops) == (unit.start, unit.end):
                unit.find, unit.goes = Find(kind, by_wording(kind), 0), True
            else:
                yield Cut(begins, stops, kind, by_wording(kind))


class _End:
    """One end of a text."""

    def __init__(self, page: Page, pairs: Pairs, layout: _Layout) -> None:
        self._page = page
        self._text = page.full_text
        self._weights = pairs.weights
        self._starts, self._glued, self._gone = layout.starts, layout.glued, layout.gone
        self._silent, self._credits = layout.silent, layout.credits
        self._inner: str | None = None  # the article itself, made alike
        self._own: dict[str, bool] = {}  # whether it uses a pair again and again

    def read(self) -> Iterable[tuple[int, int]]:
        """The stretches that go: start and end."""
        held = False
        position = self._first()
        while (stretch := self._stretch(position)) is not None:
            held = held or self._goes_beyond(stretch.outer)
            place = self._judge(stretch, held=held)
            if place is None:
                return
            yield min(place, stretch.outer), max(place, stretch.outer)
            if place != stretch.inner or not stretch.is_held:
                return
            position, held = place, True

    def _judge(self, stretch: _Stretch, *, held: bool) -> int | None:
        """How far `stretch` goes; None where it stays. What is the article's own is asked for only if need be."""
        least = self._least(stretch) if held else ALONE
        between, reading = self._weigh(stretch, held=held)
        if between or reading.best > least:
            stretch = self._less_own(stretch)
            between, reading = self._weigh(stretch, held=held, earnest=True)
        if between:
            return stretch.inner
        return reading.place if reading.best > least else None

    def _least(self, stretch: _Stretch) -> float:
        return LEAST_UNSURE if self._is_glued(stretch.outer) or self._is_beside_credits(stretch.outer) else LEAST

    def _is_beside_credits(self, outer: int) -> bool:
        """Whether what goes next to `outer`, further out, is credits."""
        raise NotImplementedError

    def _weigh(self, stretch: _Stretch, *, held: bool, earnest: bool = False) -> tuple[bool, _Reading]:
        """Whether all of `stretch` goes with what goes further in, and what it says."""
        reading = self._sum(stretch, earnest=earnest)
        least = BETWEEN if held else EDGE
        return stretch.is_held and reading.whole is not None and reading.whole > least, reading

    def _less_own(self, stretch: _Stretch) -> _Stretch:
        """`stretch` up to what is the article's own, whatever its words; so is prose, but between what goes."""
        start, end = sorted((stretch.outer, stretch.inner))
        lines = self._page.lines
        first = max(0, bisect_right(self._starts, start) - 1)
        units = [u for line in lines[first : bisect_left(self._starts, end)] for u in line.units or (whole(line),)]
        units = [unit for unit in units if unit.start < end and unit.end > start and not unit.goes]
        prose = not stretch.is_held
        own = [u for u in units if is_own(self._page, u) or (prose and not u.glued and is_prose(self._page, u))]
        if not own:
            return stretch
        return _Stretch(stretch.outer, own[-1].end if stretch.outer == end else own[0].start, is_held=False)

    def _sum(self, stretch: _Stretch, *, earnest: bool) -> _Reading:
        """The sum of the weights from the outer end of `stretch` on; `earnest`: the article's own pairs say nothing."""
        length = abs(stretch.outer - stretch.inner)
        reading = self._sum_of(stretch, min(length, _USUALLY), earnest=earnest)
        if reading.whole is None or length <= _USUALLY:
            return reading
        return self._sum_of(stretch, length, earnest=earnest)

    def _sum_of(self, stretch: _Stretch, length: int, *, earnest: bool) -> _Reading:
        """The same of the outermost `length` characters."""
        backwards = stretch.outer > stretch.inner
        start, end = (stretch.outer - length, stretch.outer) if backwards else (stretch.outer, stretch.outer + length)
        text = alike(self._text[start:end])
        letters = SPACE.sub("", text)
        total = best = greatest = 0.0
        best_place, is_past = stretch.outer, False
        places: _Places | None = None
        for number, pair in enumerate(map(add, letters[-2::-1], letters[:0:-1]) if backwards else pairs_of(letters)):
            weight = self._weights.get(pair, UNKNOWN)
            total += BODY if weight > 0 and earnest and self._is_own(pair) else weight + BODY
            if total > best:
                is_past_now = total < greatest
                greatest = max(greatest, total)
                places = places or _Places(text, start, self._places(start, end), backwards=backwards)
                place = places.behind(number + 1)
                if place is not None:
                    best, best_place, is_past = total, place, is_past_now
            elif total < greatest - PATIENCE:
                total = math.nan
                break
        if is_past and best < greatest - SLACK and self._is_glued(best_place):
            best, best_place = 0.0, stretch.outer
        return _Reading(best, best_place, None if math.isnan(total) else total)

    def _is_own(self, pair: str) -> bool:
        """Whether the article itself uses `pair` twice."""
        if pair not in self._own:
            if self._inner is None:
                self._inner = SPACE.sub("", alike(self._inner_text()))
            first = self._inner.find(pair)
            self._own[pair] = first >= 0 and self._inner.find(pair, first + 1) >= 0
        return self._own[pair]

    def _in_glued(self, start: int, end: int) -> Iterable[tuple[int, int]]:
        """What of the lines that may hold a whole article stands between two offsets."""
        return ((max(start, s), min(end, e)) for s, e in self._glued if s < end and e > start)

    def _is_glued(self, place: int) -> bool:
        return any(start <= place <= end for start, end in self._glued)

    def _goes_beyond(self, outer: int) -> bool:
        """Whether something goes between `outer` and the text's end, or beginning, besides what holds nothing."""
        first, last = sorted((outer, self._first()))
        return any(first <= start < last and start not in self._silent for start, _ in self._gone)

    def _first(self) -> int:
        raise NotImplementedError

    def _stretch(self, position: int) -> _Stretch | None:
        raise NotImplementedError

    def _places(self, start: int, end: int) -> set[int]:
        raise NotImplementedError

    def _inner_text(self) -> str:
        raise NotImplementedError


def _end_of_text(text: str, position: int) -> int:
    """Where white space before `position` begins. A slice would copy all of the text for each find at its end."""
    while position and text[position - 1].isspace():
        position -= 1
    return position


def _next_of_text(text: str, position: int) -> int:
    """Where white space from `position` on ends."""
    while position < len(text) and text[position].isspace():
        position += 1
    return position


class _Foot(_End):
    """The end of a text, read backwards."""

    def _first(self) -> int:
        return len(self._text.rstrip())

    def _is_beside_credits(self, outer: int) -> bool:
        below = bisect_left(self._gone, (outer, 0))
        return below < len(self._gone) and self._gone[below][0] in self._credits

    def _stretch(self, position: int) -> _Stretch | None:
        gone = bisect_left(self._gone, (position, 0)) - 1
        while True:
            position = _end_of_text(self._text, position)
            if gone < 0 or self._gone[gone][1] < position:
                break
            position, gone = self._gone[gone][0], gone - 1
        above = self._gone[gone][1] if gone >= 0 else 0
        farthest = max(above, position - _FARTHEST_FOOT)
        inner = position - len(self._text[farthest:position].lstrip())
        is_held = farthest == above and gone >= 0 and self._gone[gone][0] not in self._silent
        return _Stretch(position, inner, is_held) if inner < position else None

    def _places(self, start: int, end: int) -> set[int]:
        first, last = bisect_left(self._starts, start), bisect_right(self._starts, end)
        places = set(self._starts[first:last])
        for begins, stops in self._in_glued(start, end):
            places.update(match.start() for match in _BREAKS.finditer(self._text, begins, stops))
        return places

    def _inner_text(self) -> str:
        return self._text[: int(len(self._text) * _INNER)]


class _Head(_End):
    """The beginning of a text, read forwards."""

    def __init__(self, page: Page, pairs: Pairs, layout: _Layout) -> None:
        super().__init__(page, pairs, layout)
        leads = (line.start for line in page.lines if len(line.text) > _LONGEST_HEAD_LINE and not line.glued)
        self._lead = next(leads, len(self._text))

    def _first(self) -> int:
        return len(self._text) - len(self._text.lstrip())

    def _is_beside_credits(self, outer: int) -> bool:
        above = bisect_left(self._gone, (outer, 0)) - 1
        return above >= 0 and self._gone[above][0] in self._credits

    def _stretch(self, position: int) -> _Stretch | None:
        gone = bisect_left(self._gone, (position, 0))
        while True:
            position = _next_of_text(self._text, position)
            if gone >= len(self._gone) or self._gone[gone][0] > position:
                break
            position, gone = max(position, self._gone[gone][1]), gone + 1
        below = self._gone[gone][0] if gone < len(self._gone) else len(self._text)
        farthest = min(below, position + _FARTHEST_HEAD, self._lead)
        inner = position + len(self._text[position:farthest].rstrip())
        is_held = farthest == below < len(self._text) * _LATEST_HEAD and self._gone[gone][0] not in self._silent
        return _Stretch(position, inner, is_held) if inner > position else None

    def _places(self, start: int, end: int) -> set[int]:
        text = self._text
        places = {place for place in range(start, end + 1) if place == len(text) or text[place] == "\n"}
        for begins, stops in self._in_glued(start, end):
            places.update(match.start() for match in _STOPS.finditer(text, begins, stops))
        return places

    def _inner_text(self) -> str:
        return self._text[int(len(self._text) * (1 - _INNER)) :]
