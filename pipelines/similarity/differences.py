"""Where two texts differ: aligned by the shingles that each has once, in nearly linear time.

A shingle that occurs once in either text and in the other once as well is an anchor. Anchors that follow each other
in both are blocks; the heaviest chain of blocks that keeps the order of both texts is what they have in common, and
what stands between two blocks of it is a difference. Wide differences are aligned again within themselves.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from pipelines.similarity.shape import places_once
from pipelines.similarity.shingles import SHINGLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipelines.similarity.shape import Shape

Place = Literal["inside", "head", "foot"]
# So near the beginning or the end (code points, share of the shorter text) a difference is one of header or footer.
EDGE = 40
EDGE_SHARE = 0.15
HELD = 4  # differences that wait for one that they may be joined with
LONGEST_WORD = 40  # code points
LEAST_WIDE = 3 * SHINGLE  # code points of a difference that may hold something shared
_DEPTH = 3  # how often differences are aligned within themselves


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What each of two texts has where they differ; "" where one has nothing."""

    one: str
    other: str
    place: Place


class Gap(NamedTuple):
    """The stretches of two texts that stand in each other's place; half-open, code points."""

    start: int
    end: int
    other_start: int
    other_end: int

    @property
    def width(self) -> int:
        """Of the wider of its two sides."""
        return max(self.end - self.start, self.other_end - self.other_start)


class Block(NamedTuple):
    """A stretch that two texts share; code points."""

    start: int
    other_start: int
    length: int


def differences(one: Shape, other: Shape) -> Iterator[Difference]:
    """Where the texts proper differ, in order; each has something on at least one side.

    Made as they are asked for: who has seen enough saves the rest.
    """
    whole = Gap(one.start, one.end, other.start, other.end)
    edge = min(EDGE, EDGE_SHARE * min(one.end - one.start, other.end - other.start))
    for gap in _joined(_gaps(one, other, whole, _DEPTH)):
        wide = _widened(one.text, other.text, gap)
        first, second = one.text[wide.start : wide.end], other.text[wide.other_start : wide.other_end]
        at_head = max(gap.end - whole.start, gap.other_end - whole.other_start) <= edge
        at_foot = max(whole.end - gap.start, whole.other_end - gap.other_start) <= edge
        at_head = at_head or (gap.start == whole.start and gap.other_start == whole.other_start)
        at_foot = at_foot or (gap.end == whole.end and gap.other_end == whole.other_end)
        place: Place = "inside" if at_head == at_foot else "head" if at_head else "foot"
        yield Difference(one=first, other=second, place=place)


def _gaps(one: Shape, other: Shape, gap: Gap, depth: int) -> Iterator[Gap]:
    """The differences within a gap; the gap itself where nothing of it is shared."""
    gap = _trimmed(one.text, other.text, gap)
    narrower = min(gap.end - gap.start, gap.other_end - gap.other_start)
    chain = _chain(_blocks(one, other, gap)) if depth and narrower >= LEAST_WIDE else []
    if not chain:
        if gap.width:
            yield gap
        return
    start, other_start = gap.start, gap.other_start
    for block in [*chain, Block(gap.end, gap.other_end, 0)]:
        if start < block.start or other_start < block.other_start:
            yield from _gaps(one, other, Gap(start, block.start, other_start, block.other_start), depth - 1)
        start, other_start = block.start + block.length, block.other_start + block.length


def _joined(gaps: Iterable[Gap]) -> Iterator[Gap]:
    """Gaps, those joined that have less between them than each of the two has itself: that is shared by chance."""
    held: deque[Gap] = deque()
    for gap in gaps:
        held.append(gap)
        while len(held) > 1 and held[-1].start - held[-2].end <= min(held[-2].width, held[-1].width):
            last, first = held.pop(), held.pop()
            held.append(Gap(first.start, last.end, first.other_start, last.other_end))
        if len(held) > HELD:
            yield held.popleft()
    yield from held


def _trimmed(text: str, other_text: str, gap: Gap) -> Gap:
    """A gap less what its two sides begin and end with alike."""
    start, other_start, end, other_end = gap.start, gap.other_start, gap.end, gap.other_end
    while start < end and other_start < other_end and text[start] == other_text[other_start]:
        start, other_start = start + 1, other_start + 1
    while start < end and other_start < other_end and text[end - 1] == other_text[other_end - 1]:
        end, other_end = end - 1, other_end - 1
    return Gap(start, end, other_start, other_end)


def _blocks(one: Shape, other: Shape, gap: Gap) -> list[Block]:
    """The stretches of anchors within a gap, by their place in the first text."""
    if gap.width * 2 > max(len(one.text), len(other.text)):
        once, other_once = one.once, other.once
    else:
        once = places_once(one.shingles, gap.start, gap.end - SHINGLE + 1)
        other_once = places_once(other.shingles, gap.other_start, gap.other_end - SHINGLE + 1)
    blocks = []
    begun = other_begun = following = other_following = -1
    find = other_once.get
    for shingle, place in once.items():  # in the order of their places
        other_place = find(shingle)
        if other_place is None:
            continue
        if place != following or other_place != other_following:
            if begun >= 0:
                blocks.append(Block(begun, other_begun, following - begun + SHINGLE - 1))
            begun, other_begun = place, other_place
        following, other_following = place + 1, other_place + 1
    if begun >= 0:
        blocks.append(Block(begun, other_begun, following - begun + SHINGLE - 1))
    return [cut for block in blocks if (cut := _clipped(block, gap)).length >= SHINGLE]


def _clipped(block: Block, gap: Gap) -> Block:
    """As much of a block as is in a gap."""
    late = max(0, gap.start - block.start, gap.other_start - block.other_start)
    end = min(block.start + block.length, gap.end, block.start + gap.other_end - block.other_start)
    return Block(block.start + late, block.other_start + late, end - block.start - late)


def _chain(blocks: list[Block]) -> list[Block]:
    """The heaviest chain of blocks that follow each other in both texts; what overlaps is the earlier one's."""
    # Of the chains up to a block, those that none beats by being heavier and ending earlier: both of these rise.
    ends: list[int] = []
    weights: list[int] = []
    tips: list[int] = []
    before: list[int] = []
    for number, block in enumerate(blocks):
        place = bisect_left(ends, block.other_start)
        before.append(tips[place - 1] if place else -1)
        weight = block.length + (weights[place - 1] if place else 0)
        end = block.other_start + block.length - SHINGLE
        place = bisect_right(ends, end)
        if place and weights[place - 1] >= weight:
            continue
        beaten = bisect_right(weights, weight, lo=place)
        place = bisect_left(ends, end)
        ends[place:beaten], weights[place:beaten], tips[place:beaten] = [end], [weight], [number]
    chain: list[Block] = []
    at = tips[-1] if tips else -1
    while at >= 0:
        chain.append(blocks[at])
        at = before[at]
    return list(_apart(reversed(chain)))


def _apart(chain: Iterable[Block]) -> Iterator[Block]:
    """The blocks of a chain, each less what the one before it has already."""
    end = other_end = 0
    for block in chain:
        cut = max(0, end - block.start, other_end - block.other_start)
        if cut < block.length:
            yield Block(block.start + cut, block.other_start + cut, block.length - cut)
            end, other_end = block.start + block.length, block.other_start + block.length


def _widened(text: str, other_text: str, gap: Gap) -> Gap:
    """A gap with the rest of a number or Latin word that it cuts into, up to `LONGEST_WORD` on either side."""
    start, end, other_start, other_end = gap
    if _cuts(text[start : start + 1], start < end, other_text[other_start : other_start + 1], other_start < other_end):
        room = min(start, other_start, LONGEST_WORD)
        while room and text[start - 1] == other_text[other_start - 1] and _in_word(text[start - 1]):
            start, other_start, room = start - 1, other_start - 1, room - 1
    if _cuts(text[end - 1 : end], start < end, other_text[other_end - 1 : other_end], other_start < other_end):
        room = min(len(text) - end, len(other_text) - other_end, LONGEST_WORD)
        while room and text[end] == other_text[other_end] and _in_word(text[end]):
            end, other_end, room = end + 1, other_end + 1, room - 1
    return Gap(start, end, other_start, other_end)


def _cuts(letter: str, is_there: bool, other_letter: str, is_other_there: bool) -> bool:
    return (is_there and _in_word(letter)) or (is_other_there and _in_word(other_letter))


def _in_word(letter: str) -> bool:
    return letter.isascii() and letter.isalnum()
