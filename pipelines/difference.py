"""The difference of two texts for people: by lines, and inside a line by characters."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Part = tuple[Literal["same", "lost", "gained"], str]

CONTEXT = 1  # unchanged lines shown around a change
# Below this likeness two lines are one lost and one gained; marking their common characters would confuse.
LEAST_ALIKE = 0.4
# Comparing character by character costs the product of the lengths.
LONGEST_LINE = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a difference. `skipped` counts unchanged lines that are not shown before it."""

    sign: Literal[" ", "-", "+", "~"]  # unchanged, lost, gained, changed inside
    parts: tuple[Part, ...]
    skipped: int = 0


def difference(before: str, after: str, *, context: int = CONTEXT) -> list[Row]:
    """What has to be lost and gained to come from `before` to `after`; nothing where they are equal."""
    old, new = before.split("\n"), after.split("\n")
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    rows: list[Row] = []
    skipped = 0
    steps = matcher.get_opcodes()
    for number, (tag, i, i_end, j, j_end) in enumerate(steps):
        if tag == "equal":
            shown = _shown(i_end - i, context, is_first=number == 0, is_last=number == len(steps) - 1)
            for offset in range(i_end - i):
                if offset in shown:
                    rows.append(Row(sign=" ", parts=(("same", old[i + offset]),), skipped=skipped))
                    skipped = 0
                else:
                    skipped += 1
        else:
            for row in _changed(old[i:i_end], new[j:j_end]):
                rows.append(Row(sign=row.sign, parts=row.parts, skipped=skipped))
                skipped = 0
    return rows if before != after else []


def _shown(count: int, context: int, *, is_first: bool, is_last: bool) -> set[int]:
    """Which of `count` unchanged lines are near enough to a change."""
    head = set() if is_first else set(range(min(context, count)))
    tail = set() if is_last else set(range(max(0, count - context), count))
    return head | tail


def _changed(old: Sequence[str], new: Sequence[str]) -> Iterator[Row]:
    """Lines that replaced each other: paired in order where they are alike."""
    waiting = list(new)
    for line in old:
        number = next((n for n, other in enumerate(waiting) if _alike(line, other)), None)
        if number is None:
            yield Row(sign="-", parts=(("lost", line),))
            continue
        for other in waiting[:number]:
            yield Row(sign="+", parts=(("gained", other),))
        yield Row(sign="~", parts=tuple(_parts(line, waiting[number])))
        del waiting[: number + 1]
    for line in waiting:
        yield Row(sign="+", parts=(("gained", line),))


def _alike(one: str, other: str) -> bool:
    if not one or not other or max(len(one), len(other)) > LONGEST_LINE:
        return False
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.quick_ratio() >= LEAST_ALIKE and matcher.ratio() >= LEAST_ALIKE


def _parts(one: str, other: str) -> Iterator[Part]:
    for tag, i, i_end, j, j_end in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if tag == "equal":
            yield "same", one[i:i_end]
            continue
        if i < i_end:
            yield "lost", one[i:i_end]
        if j < j_end:
            yield "gained", other[j:j_end]
