"""The account card of page templates until 2020: hidden on the page, but in the text that dumps have."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from crawler import processors
from crawler.pages.byline import Head, take
from crawler.pages.chrome import chrome, fold
from crawler.pages.pagehead import name_by_order

if TYPE_CHECKING:
    from collections.abc import Sequence


def read_card(lines: Sequence[str]) -> Head | None:
    """The account card and what stands before it, or None where there is no card near the start.

    The card is 微信号, its value, 功能介绍, its value: on lines of their own or glued together.
    """
    return _card_in_lines(lines) or _card_in_one_line(lines)


def _card_in_lines(lines: Sequence[str]) -> Head | None:
    table = chrome()
    shown = [i for i, line in enumerate(lines[:200]) if line][: table.max_lines_before + 6]
    labels, intros = _labels()
    for place, at in enumerate(shown[: table.max_lines_before + 1]):
        value = _value_after(lines[at], labels)
        if value is None:
            continue
        after = shown[place + 1 :]
        head = Head(has_card=True)
        alias_at = at
        if not value and after and _value_after(lines[after[0]], intros) is None:
            alias_at = after.pop(0)
            value = lines[alias_at]
        if not after:
            return None
        intro = _value_after(lines[after[0]], intros)
        if intro is None:
            return None
        _identify(value, head)
        end = _intro(lines, after, intro, head, is_tight=alias_at == at + 1)
        _before(lines, at, head)
        head.taken.update(range(end))
        return head
    return None


@cache
def _labels() -> tuple[frozenset[str], frozenset[str]]:
    """What 微信号 and 功能介绍 are called, folded."""
    table = chrome()
    return frozenset(map(fold, table.card_alias)), frozenset(map(fold, table.card_intro))


def _value_after(line: str, labels: frozenset[str]) -> str | None:
    """What follows one of `labels` in `line` after a colon or a space; "" where it stands alone, else None."""
    for separator in (":", "：", " "):
        label, _, value = line.partition(separator)
        if fold(label) in labels:
            return value.strip()
    return None


def _intro(lines: Sequence[str], after: Sequence[int], intro: str, head: Head, *, is_tight: bool) -> int:
    """The introduction after its label at `after[0]`; gives the index of the first line after the card."""
    at = after[0]
    if intro.strip():
        head.intro = intro.strip()
        return at + 1
    # Where no blank line stands between label and alias but one does here, the introduction is empty.
    follows = after[1] if len(after) > 1 else None
    if follows is None or (is_tight and follows != at + 1) or len(lines[follows]) > chrome().max_intro:
        return at + 1
    head.intro = lines[follows]
    return follows + 1


def _identify(value: str, head: Head) -> None:
    head.ghid = processors.ghid(value)
    head.alias = processors.account_alias(value.strip())


def _before(lines: Sequence[str], card: int, head: Head) -> None:
    """What stands before the card: the account's name in the last line, before it title and byline."""
    before = [i for i in range(card) if lines[i]]
    if not before:
        return
    table = chrome()
    last = lines[before[-1]]
    if fold(last) not in table.head_chrome and len(last) <= table.max_name:
        head.account = last
        before.pop()
    unknown = [at for at in before if not take(lines, at, head) and fold(lines[at]) not in table.head_chrome]
    name_by_order(lines, unknown, head, title_first=True)


def _card_in_one_line(lines: Sequence[str]) -> Head | None:
    """A card glued into the first line: NAME微信号ALIAS功能介绍INTRO..."""
    table = chrome()
    first = next((i for i, line in enumerate(lines) if line), None)
    if first is None:
        return None
    match = table.glued_card.match(lines[first])
    if match is None:
        return None
    head = Head(has_card=True, account=match["name"].strip() or None)
    _identify(match["alias"] or "", head)
    rest = lines[first][match.end() :]
    follows = lines[first + 1 : first + 2]
    if rest and len(rest) <= table.max_intro and any(lines[first + 1 :]):
        head.intro = rest
        head.taken.add(first)
    elif not rest and follows and len(follows[0]) <= table.max_intro:
        head.intro = follows[0] or None
        head.taken |= {first, first + 1}
    else:
        head.glued = match.end()
    return head
