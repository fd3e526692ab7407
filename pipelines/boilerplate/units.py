"""A full text cut into units: lines, the sentences in them, and phrases glued to one another without a stop."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from pipelines.boilerplate.credits import is_role
from pipelines.boilerplate.fold import fold_core

if TYPE_CHECKING:
    from crawler.items import BoilerplateKind
    from pipelines.boilerplate.ruleset import RuleIndex

# A sentence ends after its stop and the closing marks that belong to it. A colon or a comma ends none.
_SENTENCE = re.compile(r"[^。！？!?…；;~～]*(?:[。！？!?…；;~～]+\n?[”’」』）)】》\"']*|\Z)")
LONG_LINE = 400  # characters from which on a line may hold a whole article, glued
LONG_LINE_OF_DUMP = 100  # the same in a dump
_LONGEST_FOLDED = 1200  # characters of a unit that is folded at all


class Find(NamedTuple):
    """What a rule says of a unit."""

    kind: BoilerplateKind
    rule: str
    near: int  # how many folded characters of body may stand between it and what goes further out


@dataclass(slots=True)
class Unit:
    """A sentence or a glued phrase; a line of one sentence is one unit."""

    start: int
    end: int
    line: int  # number of its line
    core: str  # folded, less the punctuation around it
    glued: bool = False  # in a line that may hold the whole article
    opened: bool = False  # begins at an opener, not after a stop
    protected: bool = False
    find: Find | None = None
    goes: bool = False  # settled: it is cut


@dataclass(slots=True)
class Line:
    """A line of the full text and what has been found out about it."""

    number: int
    start: int
    end: int
    text: str = field(repr=False)
    units: list[Unit] | None = None  # None: not looked at yet
    article_link: bool = False
    protected: bool = False  # code or a table: never boilerplate
    glued: bool = False  # may hold a whole article
    _core: str | None = None

    @property
    def core(self) -> str:
        """The line folded, less the punctuation around it."""
        if self._core is None:
            self._core = fold_core(self.text) if len(self.text) <= _LONGEST_FOLDED else self.text
        return self._core

    @property
    def found(self) -> bool:
        """Whether a rule has found something in it."""
        return any(unit.find for unit in self.units or ())


def whole(line: Line, find: Find | None = None) -> Unit:
    """All of `line` as one unit."""
    return Unit(line.start, line.end, line.number, line.core, protected=line.protected, find=find)


# Where a dump broke a line at a link or a bold word: what stands before or after goes on.
_GOES_ON = re.compile(r"[，。、；！？,;!?）】」』”’》)\]]|\[\d{1,3}\]$")
_WANTS_MORE = re.compile(r"[（【「『“‘《(\[，、&＆]$")
_LABEL = re.compile(r"[^：:]{1,12}[：:]\Z")
_SHORT_LINE = 28
_LONGEST_JOINED = 240


def make_lines(full_text: str, *, dump: bool = False) -> list[Line]:
    """The lines of `full_text`, those without content left out; what is fenced as code is protected.

    A line that is the rest of the one before (it begins with a comma; the one before ends with an opening bracket
    or is a label) is one with it.
    """
    lines: list[Line] = []
    start = 0
    fenced = False
    for text in full_text.split("\n"):
        end = start + len(text)
        if text and not text.isspace():
            fence = text.startswith("```")
            if lines and not fence and not fenced and _continues(lines[-1], text):
                last = lines[-1]
                lines[-1] = Line(last.number, last.start, end, full_text[last.start : end])
            else:
                lines.append(Line(len(lines), start, end, text, protected=fenced or fence))
            fenced = fenced != fence
        start = end + 1
    limit = LONG_LINE_OF_DUMP if dump else LONG_LINE
    for line in lines:
        line.glued = len(line.text) >= limit
    if fenced:  # a fence that is never closed protects nothing
        for line in lines:
            line.protected = line.text.startswith("```")
    return lines


def _continues(line: Line, text: str) -> bool:
    """Whether `text`, the next line, is the rest of `line`."""
    if line.protected or len(line.text) + len(text) > _LONGEST_JOINED:
        return False
    if _GOES_ON.match(text):
        return any(character.isalnum() for character in text)
    if len(text) > _SHORT_LINE:
        return False
    return _WANTS_MORE.search(line.text) is not None or (
        _LABEL.match(line.text) is not None and is_role(line.text)
    )


def sentences(text: str) -> list[tuple[int, int]]:
    """(start, end) of each sentence in one line, white space around it left out."""
    found = []
    for match in _SENTENCE.finditer(text):
        start, end = match.span()
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        if start < end:
            found.append((start, end))
    return found


def split_line(line: Line, *, tail: bool, limit: int) -> list[Unit]:
    """The sentences of `line` as units; of a long line those in its last `limit` characters (or first, at the head).

    The rest of a long line is one unit, in which nothing is looked for.
    """
    text = line.text
    glued = line.glued
    offset, stop = 0, len(text)
    if glued and len(text) > limit:
        offset, stop = (len(text) - limit, stop) if tail else (0, limit)
    pieces = [(offset + start, offset + end) for start, end in sentences(text[offset:stop])]
    units = [
        Unit(
            line.start + start,
            line.start + end,
            line.number,
            fold_core(text[start:end]),
            glued=glued,
            protected=line.protected,
        )
        for start, end in pieces
    ]
    if offset:
        # The first piece may begin in the middle of a sentence: it belongs to what is not looked at.
        first = line.start + pieces[0][1] if pieces else line.end
        rest = Unit(line.start, first, line.number, "·", glued=True, protected=True)
        return [rest, *units[1:]]
    if stop < len(text):
        last = line.start + pieces[-1][0] if pieces else line.start
        return [*units[:-1], Unit(last, line.end, line.number, "·", glued=True, protected=True)]
    return units


_CLOSED = re.compile(r"[）)】](?![，。、：；）)】])")


def opened(full_text: str, unit: Unit, index: RuleIndex, title: str = "") -> list[Unit]:
    """`unit` cut where a phrase of the openers' table begins in it; in a glued line also around `title`."""
    openers = index.openers if unit.glued else index.strong_openers
    places = {m.start() for m in openers.finditer(full_text, unit.start, unit.end)}
    if unit.glued:  # there a bracket closed is the end of something too
        places |= {m.end() for m in _CLOSED.finditer(full_text, unit.start, unit.end)}
    if unit.glued and title:
        at = full_text.find(title, unit.start, unit.end)
        if at >= 0:
            places |= {at, at + len(title)}
    pieces: list[Unit] = []
    start = unit.start
    for place in [*sorted(p for p in places if unit.start < p < unit.end), unit.end]:
        end = place
        while end > start and full_text[end - 1].isspace():
            end -= 1
        if end > start:
            core = fold_core(full_text[start:end])
            pieces.append(Unit(start, end, unit.line, core, unit.glued, opened=start > unit.start))
        start = place
    return pieces
