"""Roles and names in a row inside a text that stands on one line: `…的冬天。文｜甲某编辑｜乙某“河水…`."""

from __future__ import annotations

import re
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from pipelines.boilerplate.credit_roles import vocabulary
from pipelines.boilerplate.credit_segments import heads_in, heads_of
from pipelines.boilerplate.fold import dropped, unfolded
from pipelines.boilerplate.spans import Cut

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from pipelines.boilerplate.page import Page
    from pipelines.boilerplate.units import Line

_FORMS = frozenset({"any", "inner"})  # of a role: those that a colon or a bar proves
_LONGEST = 200  # characters of a row
_STOP = re.compile(r"[。！？!?；;\n]")
_NAME = (
    r"(?:[\u3400-\u9fff]{2,4}|[\u3400-\u9fff]{1,6}·[\u3400-\u9fff·]{1,8}"
    r"|[A-Za-z][A-Za-z0-9.'@_-]*(?: [A-Z][A-Za-z0-9.'_-]*){0,2})"
)
_JOINED = r"(?:[ 、&＆/／]{1,3}" + _NAME + "){0,4}"
_NAMES = re.compile(_NAME + r"(?: ?[（(][^（()）]{2,30}[）)])?" + _JOINED)
_IDENTIFIED = re.compile(
    r"[^，。：:（(]{2,16}[（(](?:微信)?(?:ID|id|Id|公众号|微信号)[：:]? ?[A-Za-z0-9_-]{4,24}[）)]"
)  # a source
_ADDRESSED = re.compile(
    r"(?:[^，。！？：:（(]{2,30}?(?:原文|文章)?(?:链接|地址|网址|出处|来源)[：:] ?)?https?://[!-~]+"
)  # a name, and where the text stood
# The last ones end at what stands in no name.
_LAST_NAMES = re.compile(
    r"(?:[\u3400-\u9fff·]{2,4}[ 、&＆/／]{1,3}){0,4}(?:[\u3400-\u9fff]{2,3}|[A-Z][A-Za-z0-9.'_-]*(?![A-Za-z0-9]))"
    r"(?=(?![\u3400-\u9fff])[\w“‘「『《【（(\"\u2190-\u2bff\U0001f000-\U0001faff]|\s\S|$)"
)
_BAR = re.compile("[|｜丨]")
_ENDS_WITH_COLON = re.compile(r"[:：]\s*$")
_FIRST = 1500  # folded characters in which rows are looked for at the beginning of a text,
_LAST = 1200  # and at its end
_AT_THE_HEAD = 200  # characters in which a name that runs on into the article is no reason to doubt a row
_BETWEEN_ROLES = 30  # at most so many from one role of a row to the next
_LONGEST_BEHIND = 16  # characters between a name and the next role: where the other pictures are from
_BEFORE_WORD = 6  # characters of a role before the word by which it is known (本期责任编辑)
_MOST_ROWS = 2  # of more, each is its item's
_LEAST_ROLES = 2  # that prove a row
_BESIDE = 40  # characters beside a row in which the particulars of an event would stand


def length_of_row(text: str, breaks: Callable[[], Collection[int]] = tuple) -> tuple[int, int]:
    """How many characters at the beginning of `text` are roles and names in a row, and how many roles begin it.

    `文｜甲某编辑｜乙某“河水…` begins with nine, of two roles. A name ends where the next role begins, the last one at
    what stands in no name, or at one of `breaks` (offsets in `text`; asked for if need be); where that cannot be told,
    it stays with its role, which is counted. A label with an address behind it counts as a role. Never raises.
    """
    if not vocabulary().head.match(text):
        return 0, 0
    heads = heads_of(_STOP.split(text[:_LONGEST], maxsplit=1)[0])
    length = 0
    for number, head in enumerate(heads):
        if head.start() != length or head.lastgroup not in _FORMS:
            return length, number
        if number + 1 < len(heads) and heads[number + 1].lastgroup in _FORMS:
            value = text[head.end() : heads[number + 1].start()].strip(" |｜丨")
            named = vocabulary().behind_names.split(value, maxsplit=1)[0]
            if not _NAMES.fullmatch(named) or len(value) - len(named) > _LONGEST_BEHIND:
                return length, number + 1
            length = heads[number + 1].start()
            continue
        end, roles = _last_of_row(text, head, breaks, is_proven=number > 0)
        return end or length, number + roles
    return length, len(heads)


def _last_of_row(
    text: str, head: re.Match[str], breaks: Callable[[], Collection[int]], *, is_proven: bool
) -> tuple[int, int]:
    """Where what the last role names ends (0 where that cannot be told), and how many roles it counts as."""
    if addressed := _ADDRESSED.match(text, head.end()):
        return addressed.end(), 2
    if identified := _IDENTIFIED.match(text, head.end()):
        return identified.end(), 1
    # One role with a colon is no proof: 记者：你好（笑）.
    is_proven = is_proven or not _ENDS_WITH_COLON.search(head[0])
    return _end_of_last(text, head.end(), breaks()) if is_proven else 0, 1


def _end_of_last(text: str, start: int, breaks: Collection[int]) -> int:
    """Where the names that begin at `start` end; 0 where that cannot be told."""
    behind = (match.start() for match in vocabulary().behind_names.finditer(text, start))
    for place in sorted({*breaks, *behind}):
        if place > start + 1 and _NAMES.fullmatch(text, start, place):
            return place
    last = _LAST_NAMES.match(text, start)
    return last.end() if last is not None else 0


def cut_rows(page: Page) -> list[Cut]:
    """Rows of several roles near the edges of a text on one line, whatever stands before and behind them."""
    found = [cut for line in page.lines if line.glued and line.places for cut in _rows_in(page, line)]
    return found if len(found) <= _MOST_ROWS else []


def _rows_in(page: Page, line: Line) -> Iterator[Cut]:
    reached = 0
    for place in _places_of_roles(page, line):
        if place < reached:
            continue
        before = max(reached, place - _BEFORE_WORD)
        before += max((stop.end() for stop in _STOP.finditer(line.text, before, place)), default=before) - before
        head = next((h for h in heads_in(line.text[before : before + _LONGEST]) if h.lastgroup in _FORMS), None)
        if head is None or before + head.start() > place:
            continue
        start = before + head.start()
        text = line.text[start : start + _LONGEST]
        length, roles = length_of_row(text, partial(page.index.openers.places, text, 1, len(text)))
        if _is_of_article(text[:length], roles, at_head=start < _AT_THE_HEAD) and not _is_particular(
            page, line, start, length
        ):
            reached = start + length
            yield Cut(line.start + start, line.start + reached, "credits", "credits.roles")


def _is_of_article(row: str, count: int, *, at_head: bool) -> bool:
    """Whether `row`, of `count` roles, proves credits, and none is one of works that an article may be about.

    Where the last has no name in it, bars have to part them: colons stand in running text, too.
    """
    if count < _LEAST_ROLES:
        return False
    words = vocabulary()
    roles = [head[str(head.lastgroup)] for head in heads_of(row)]
    is_proof = at_head or len(roles) == count or _BAR.search(row) is not None
    return is_proof and any(map(words.strong.fullmatch, roles)) and words.of_works.isdisjoint(roles)


def _is_particular(page: Page, line: Line, start: int, length: int) -> bool:
    """Whether the time or place of an event stands beside a row."""
    particulars = page.index.tables["particulars"]
    beside = (max(0, start - _BESIDE), start), (start + length, start + length + _BESIDE)
    return any(particulars.search(line.text[first:last]) for first, last in beside)


def _places_of_roles(page: Page, line: Line) -> Sequence[int]:
    """Where in `line.text` words of roles stand near its edges, close to one another."""
    last = len(line.folded) - _LAST
    known = [place for place, literal in line.places if literal in page.index.roles and not _FIRST <= place < last]
    close = {place for pair in pairwise(known) if 1 < pair[1] - pair[0] <= _BETWEEN_ROLES for place in pair}
    if not close:
        return ()
    gone = dropped(line.text)
    return [unfolded(place, gone) for place in sorted(close)]
