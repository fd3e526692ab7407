"""Charts as SVG, made here: no script, no style of their own (archive.css colours them by class). Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

OUTCOMES = ("stored", "revised", "unchanged", "notice", "listing", "rejected")  # of captures, as a bar shows them
# Months are shown without gaps unless they are spread over more than this: then a wrong date is among them.
MOST_MONTHS = 240
_LEFT, _BOTTOM, _TOP = 44, 22, 10
_HEIGHT = 150
_NARROWEST, _WIDEST, _WANTED = 5.0, 34.0, 900.0
_MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])\Z")


def month_range(*series: Mapping[str, int]) -> list[str]:
    """Every month (YYYY-MM) from the first to the last of all `series`; only their own if that is too many."""
    own = sorted({month for counts in series for month in counts if _MONTH.match(month)})
    if not own:
        return []
    first, last = (_number(month) for month in (own[0], own[-1]))
    if last - first >= MOST_MONTHS:
        return own
    return [f"{number // 12:04}-{number % 12 + 1:02}" for number in range(first, last + 1)]


def bars(counts: Mapping[str, int], months: Sequence[str], label: str) -> Markup:
    """A bar a month over an axis of years, with the highest value on the left. `label` says the same to listeners."""
    most = max((counts.get(month, 0) for month in months), default=0)
    if not most:
        return Markup("")
    step = min(_WIDEST, max(_NARROWEST, _WANTED / len(months)))
    width = _LEFT + step * len(months) + 8
    base = _TOP + _HEIGHT
    made = [
        Markup('<svg class="chart" role="img" aria-label="{}" width="{}" height="{}" viewBox="0 0 {} {}">').format(
            label, round(width), base + _BOTTOM, round(width), base + _BOTTOM
        ),
        _line(_LEFT, _TOP, width - 8, "grid"),
        _line(_LEFT, base, width - 8, "axis"),
        _text(_LEFT - 6, _TOP + 4, f"{most:,}", "end"),
        _text(_LEFT - 6, base + 4, "0", "end"),
    ]
    written = -1000.0
    for place, month in enumerate(months):
        x = _LEFT + step * place
        is_new_year = place == 0 or month[:4] != months[place - 1][:4]
        if is_new_year and x - written > 40:
            made += [_tick(x, base), _text(x, base + 17, month[:4], "start")]
            written = x
        if number := counts.get(month, 0):
            height = max(1.5, _HEIGHT * number / most)
            made.append(_bar(x + step * 0.1, base - height, step * 0.8, height, f"{month}: {number:,}"))
    return Markup("").join([*made, Markup("</svg>")])


def sparkline(counts: Mapping[str, int], months: Sequence[str]) -> Markup:
    """The same as small as a line of text, without words: the number stands beside it."""
    most = max((counts.get(month, 0) for month in months), default=0)
    if not most:
        return Markup("")
    width, height = 160, 26
    step = width / len(months)
    made = [
        Markup('<svg class="spark" aria-hidden="true" viewBox="0 0 {} {}" preserveAspectRatio="none">').format(
            width, height
        )
    ]
    made.append(Markup('<line class="axis" x1="0" x2="{}" y1="{}" y2="{}"/>').format(width, height - 0.5, height - 0.5))
    for place, month in enumerate(months):
        if number := counts.get(month, 0):
            tall = max(2.0, (height - 2) * number / most)
            made.append(_bar(step * place, height - 1 - tall, max(1.0, step * 0.85), tall, ""))
    return Markup("").join([*made, Markup("</svg>")])


def outcome_bar(counts: Mapping[str, int], most: int) -> Markup:
    """Captures of a run by outcome, one bar as long as the run is large against `most`. Numbers stand beside it."""
    made = [Markup('<svg class="outcomes" aria-hidden="true" viewBox="0 0 100 10" preserveAspectRatio="none">')]
    x = 0.0
    for outcome in OUTCOMES:
        number = counts.get(outcome, 0)
        if number > 0 and most > 0:
            width = max(0.6, 98 * number / most)
            rect = Markup('<rect class="{}" x="{:.2f}" y="0" width="{:.2f}" height="10"/>')
            made.append(rect.format(f"o-{outcome}", x, max(0.3, width - 0.3)))
            x += width
    return Markup("").join([*made, Markup("</svg>")])


def captures_of(counts: Mapping[str, int]) -> int:
    """How many captures an outcome bar shows."""
    return sum(max(0, counts.get(outcome, 0)) for outcome in OUTCOMES)


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7]) - 1


def _bar(x: float, y: float, width: float, height: float, title: str) -> Markup:
    told = Markup("<title>{}</title>").format(title) if title else ""
    rect = Markup('<rect class="value" x="{:.2f}" y="{:.2f}" width="{:.2f}" height="{:.2f}">{}</rect>')
    return rect.format(x, y, width, height, told)


def _line(x: float, y: float, to: float, kind: str) -> Markup:
    return Markup('<line class="{}" x1="{:.1f}" x2="{:.1f}" y1="{:.1f}" y2="{:.1f}"/>').format(kind, x, to, y, y)


def _tick(x: float, y: float) -> Markup:
    return Markup('<line class="axis" x1="{:.1f}" x2="{:.1f}" y1="{:.1f}" y2="{:.1f}"/>').format(x, x, y, y + 5)


def _text(x: float, y: float, text: str, anchor: str) -> Markup:
    return Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>').format(x, y, anchor, text)
