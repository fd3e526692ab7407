"""A full text cut into units: lines, the sentences in them, and phrases glued to one another without a stop."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from pipelines.boilerplate.credits import is_role
from pipelines.boilerplate.fold import dropped, fold, fold_core, fold_lines, strip_punctuation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.items import BoilerplateKind
    from pipelines.boilerplate.literals import LiteralScanner
    from pipelines.boilerplate.openers import Openers
    from pipelines.boilerplate.rule import Zone
    from pipelines.boilerplate.ruleindex import RuleIndex

# A sentence ends after its stop and the closing marks that belong to it. A colon or a comma ends none.
# An ASCII mark between ASCII characters is part of an address or of code.
_SENTENCE = re.compile(
    r"[^。！？!?…；;~～]*(?:(?<=[!-~])[!?;~](?=[\w/&=%#.+-])(?=[!-~])[^。！？!?…；;~～]*)*"
    r"(?:[。！？!?…；;~～]+\n?[”’」』）)】》\"']*|\Z)"
)
LONG_LINE = 400  # characters from which on a line may hold a whole article, glued
LONG_LINE_OF_DUMP = 100  # the same in a dump
_LONG_WITHOUT_STOP = 120  # characters
_REST = "·"  # the core of what of a long line is not looked at
_SPACES = frozenset(" \n\t\u3000\xa0")
_LEAST_ASIDE = 8  # characters from which on a bracket that begins a sentence is one of its own
_STOPS = frozenset("，。、；：！？,.;:!?)）")


class Find(NamedTuple):
    """What a rule says of a unit."""

    kind: BoilerplateKind
    rule: str
    near: int  # how many folded characters of body may stand between it and what goes further out


NONE: frozenset[str] = frozenset()


@dataclass(slots=True)
class Unit:
    """A sentence or a glued phrase; a line of one sentence is one unit."""

    start: int
    end: int
    line: int  # number of its line
    core: str  # folded, less the punctuation around it
    literals: frozenset[str] = NONE  # of the rules, that stand in it
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
    folded: str = field(repr=False)
    core: str = field(repr=False)  # folded, less the punctuation around it
    literals: frozenset[str] = NONE  # of the rules, that stand in it
    units: list[Unit] | None = None  # None: not looked at yet
    unsplit: bool = False  # one unit only because no rule could find anything where it was looked at
    article_link: bool = False
    protected: bool = False  # code or a table: never boilerplate
    glued: bool = False  # may hold a whole article
    places: Sequence[tuple[int, str]] = ()  # of a glued line: where in `folded` those literals stand, in order

    @property
    def found(self) -> bool:
        """Whether a rule has found something in it."""
        for unit in self.units or ():  # noqa: SIM110 - a loop is twice as fast, and this is asked very often
            if unit.find is not None:
                return True
        return False


def whole(line: Line, find: Find | None = None) -> Unit:
    """All of `line` as one unit."""
    return Unit(line.start, line.end, line.number, line.core, line.literals, protected=line.protected, find=find)


# Where a dump broke a line at a link or a bold word: what stands before or after goes on.
_GOES_ON = frozenset("，。、；：！？,;:!?）】」』”’》)]")
_NOTE = re.compile(r"\[\d{1,3}\]$")
_ADDRESS = re.compile(r"https?://[!-~]+(?=[\u4e00-\u9fff])")
_OPENERS_OF = {"】": "【", "）": "（", "」": "「", "』": "『", "”": "“", "’": "‘", "》": "《", ")": "(", "]": "["}
_WANTS_MORE = frozenset("（【「『“‘《([，、&＆")
_MAY_GO_ON = _GOES_ON | {"["}
_MAY_WANT_MORE = _WANTS_MORE | {"：", ":"}
_URL_LINE = re.compile(r"https?://\S+$")
_LONGEST_LABEL = 13
_COLONS = frozenset("：:")
_SHORT_LINE = 28
_LONGEST_JOINED = 240


def make_lines(full_text: str, scanner: LiteralScanner, *, dump: bool = False) -> list[Line]:
    """The lines of `full_text`, those without content left out; what is fenced as code is protected.

    A line that is the rest of the one before (it begins with a comma; the one before ends with an opening bracket
    or is a label) is one with it.
    """
    lines: list[Line] = []
    start = 0
    fenced = False
    limit = LONG_LINE_OF_DUMP if dump else LONG_LINE
    folded_lines = fold_lines(full_text)
    literals = _by_line(folded_lines, scanner)
    for number, (text, folded) in enumerate(zip(full_text.split("\n"), folded_lines, strict=True)):
        end = start + len(text)
        if folded or (text and not text.isspace()):
            fence = text.startswith("```")
            if (
                lines
                and (text[0] in _MAY_GO_ON or lines[-1].text[-1] in _MAY_WANT_MORE)
                and not (fence or fenced)
                and _continues(lines[-1], text)
            ):
                lines[-1] = _joined(lines[-1], full_text, end, scanner, limit)
            else:
                places = literals.get(number, ())
                found = frozenset([literal for _, literal in places]) if places else NONE
                line = Line(len(lines), start, end, text, folded, strip_punctuation(folded), found)
                line.protected = fenced or fence
                if len(text) >= limit:
                    line.glued, line.places = True, sorted(places)
                lines.append(line)
            fenced = fenced != fence
        start = end + 1
    if fenced:  # a fence that is never closed protects nothing
        for line in lines:
            line.protected = line.text.startswith("```")
    return lines


def _by_line(folded_lines: list[str], scanner: LiteralScanner) -> dict[int, list[tuple[int, str]]]:
    """Number of a line -> the literals that stand in it and where, if there are any; in no particular order."""
    found: dict[int, list[tuple[int, str]]] = {}
    number = begins = 0
    ends = len(folded_lines[0])
    here: list[tuple[int, str]] | None = None
    for start, end, literal in scanner.matches("\n".join(folded_lines)):
        while end > ends:  # they come in the order of their ends, and none goes over a line feed
            number += 1
            begins = ends + 1
            ends = begins + len(folded_lines[number])
            here = None
        if here is None:
            here = found[number] = []
        here.append((start - begins, literal))
    return found


def _joined(line: Line, full_text: str, end: int, scanner: LiteralScanner, limit: int) -> Line:
    """`line` prolonged to `end`."""
    text = full_text[line.start : end]
    folded = fold(text)
    core = strip_punctuation(folded)
    joined = Line(line.number, line.start, end, text, folded, core, frozenset(scanner.find(core)))
    joined.glued = len(text) >= limit
    return joined


def _continues(line: Line, text: str) -> bool:
    """Whether `text`, the next line, is the rest of `line`."""
    first, last = text[0], line.text[-1]
    if first in _GOES_ON or (first == "[" and _NOTE.match(text)):
        wanted = (
            any(character.isalnum() for character in text)
            or _closes(line.text, text.strip())
            or (text.strip() in _COLONS and is_role(line.text))
        )
    elif last in _WANTS_MORE:
        wanted = len(text) <= (_SHORT_LINE if last in "，、&＆" else _LONGEST_JOINED)
    elif last in "：:" and len(line.text) <= _LONGEST_LABEL:
        wanted = _URL_LINE.match(text) is not None or (len(text) <= _SHORT_LINE and is_role(line.text))
    else:
        return False
    return wanted and not line.protected and len(line.text) + len(text) <= _LONGEST_JOINED


def _closes(text: str, mark: str) -> bool:
    """Whether `mark`, alone on the next line, closes what `text` leaves open."""
    opener = _OPENERS_OF.get(mark)
    return opener is not None and text.count(opener) > text.count(mark)


def sentences(text: str) -> list[tuple[int, int]]:
    """(start, end) of each sentence in one line, white space around it left out."""
    found = []
    for match in _SENTENCE.finditer(text):
        start, end = match.span()
        if start == end:
            continue
        while start < end and text[start] in _SPACES:
            start += 1
        while end > start and text[end - 1] in _SPACES:
            end -= 1
        if text[start : start + 1] == "（":
            closed = text.find("）", start, end)
            if closed - start >= _LEAST_ASIDE and text[closed + 1 : closed + 2] not in _STOPS:
                found.append((start, closed + 1))
                start = closed + 1
        if start < end:
            found.append((start, end))
    return found


def _glued_sentences(text: str, beginnings: Openers | None) -> list[tuple[int, int]]:
    """The same of a line that may hold a whole article: it has a break behind an address and at `beginnings`, too."""
    found = sentences(text)
    places = beginnings.places(text, 0, len(text)) if beginnings is not None else set()
    if "://" in text:
        places |= {match.end() for match in _ADDRESS.finditer(text)}
    for place in sorted(places):
        number = bisect_left(found, (place, 0)) - 1
        if number >= 0 and found[number][0] < place < found[number][1]:
            start, end = found[number]
            found[number : number + 1] = [(start, place), (place, end)]
    return found


def split_line(line: Line, beginnings: Openers | None, openers: Openers, *, head: int, tail: int) -> list[Unit]:
    """The sentences of `line` as units; of a long one those in its first `head` and its last `tail` characters.

    What stands between is one unit, in which nothing is looked for. In a glued line a sentence begins where one of
    `beginnings` stands, too; a text without a stop for long, at the first of `openers` that is near its end.
    """
    length = len(line.text)
    beginnings = beginnings if line.glued and beginnings and beginnings.may_stand_where(line.literals) else None
    if line.glued and length > head + tail:
        first = _glued_sentences(line.text[:head], beginnings)[:-1]  # the last may end in the middle of a sentence
        offset = length - tail
        cut, *whole_ones = _glued_sentences(line.text[offset:], beginnings)
        if cut[1] - cut[0] >= _LONG_WITHOUT_STOP and (
            places := openers.places(line.text, offset + cut[0], offset + cut[1])
        ):
            whole_ones.insert(0, (min(places) - offset, cut[1]))
        last = [(offset + start, offset + end) for start, end in whole_ones]
        start = line.start + (first[-1][1] if first else 0)
        end = line.start + last[0][0] if last else line.end
        rest = Unit(start, end, line.number, _REST, glued=True, protected=True)
        units = _units(line, [*first, *last])
        return [*units[: len(first)], rest, *units[len(first) :]]
    pieces = _glued_sentences(line.text, beginnings) if line.glued else sentences(line.text)
    if len(pieces) == 1:
        unit = whole(line)
        unit.glued = line.glued
        return [unit]
    return _units(line, pieces)


def reached(units: Sequence[Unit], zone: Zone) -> int:
    """How many of `units` belong to a zone: the head ends at what of a long line is not looked at.

    The tail does not: what is printed at the foot by one account stands at the head of another's articles.
    """
    if zone == "head":
        for number, unit in enumerate(units):
            if unit.core == _REST and unit.protected:
                return number
    return len(units)


def _units(line: Line, pieces: list[tuple[int, int]]) -> list[Unit]:
    """The pieces of `line`, given in order, as units."""
    folded, literals, places = line.folded, line.literals, line.places
    gone = dropped(line.text) if len(folded) != len(line.text) else ()
    number, offset, glued, protected = line.number, line.start, line.glued, line.protected
    place = 0
    units = []
    for start, end in pieces:
        begins, stops = (start - bisect_left(gone, start), end - bisect_left(gone, end)) if gone else (start, end)
        core = strip_punctuation(folded[begins:stops])
        if places:
            found = []
            while place < len(places) and places[place][0] < stops:
                if places[place][0] >= begins and places[place][1] in core:
                    found.append(places[place][1])
                place += 1
        else:
            found = [literal for literal in literals if literal in core]
        here = frozenset(found) if found else NONE
        units.append(Unit(offset + start, offset + end, number, core, here, glued, protected=protected))
    return units


_CLOSED = re.compile(r"[）)】](?![，。、：；）)】])|(?<![A-Za-z])END\s?[-—–]+\s?", re.IGNORECASE)


def may_close(core: str) -> bool:
    """Whether something may end inside a unit with this text (folded)."""
    return ")" in core or "]" in core or "】" in core or "end" in core


def opened(full_text: str, unit: Unit, index: RuleIndex, title: str = "") -> list[Unit]:
    """`unit` cut where a phrase of the openers' table begins in it; in a glued line also around `title`."""
    openers = index.openers if unit.glued else index.strong_openers
    places = openers.places(full_text, unit.start, unit.end) if openers.may_stand_where(unit.literals) else set()
    if unit.glued:  # there a bracket closed, or a marker that the article is over, is the end of something too
        if may_close(unit.core):
            places.update(match.end() for match in _CLOSED.finditer(full_text, unit.start, unit.end))
        if title and (at := full_text.find(title, unit.start, unit.end)) >= 0:
            places.update((at, at + len(title)))
    if not places:
        return [unit]
    inside = sorted(place for place in places if unit.start < place < unit.end)
    if not inside:
        return [unit]
    pieces: list[Unit] = []
    start = unit.start
    for place in [*inside, unit.end]:
        end = place
        while end > start and full_text[end - 1].isspace():
            end -= 1
        if end > start:
            core = fold_core(full_text[start:end])
            literals = frozenset([literal for literal in unit.literals if literal in core])
            pieces.append(Unit(start, end, unit.line, core, literals, unit.glued, opened=start > unit.start))
        start = place
    return pieces
