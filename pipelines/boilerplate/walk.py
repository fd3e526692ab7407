"""The walk over a text's head and tail: which units the rules find something in.

Head and tail are looked at as far as something is found there; what stands between only by the rules that hold
anywhere. Every find leaves a `Find` on its unit; settle.py says which of them hold.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import accumulate
from typing import TYPE_CHECKING, Literal

from pipelines.boilerplate.content import is_word_of_sentence
from pipelines.boilerplate.credits import begins_with_role, names_several
from pipelines.boilerplate.finds import credit, find_for_line, is_known, match, may_be_known, title
from pipelines.boilerplate.fold import strip_punctuation
from pipelines.boilerplate.glued import begins_section
from pipelines.boilerplate.page import HEAD, TAIL
from pipelines.boilerplate.parting import less_body_behind, parted, where_own_begins
from pipelines.boilerplate.rule import ANYWHERE
from pipelines.boilerplate.section_lengths import section_of
from pipelines.boilerplate.sections import heads_section
from pipelines.boilerplate.units import LONG_LINE, Find, Line, Unit, may_close, opened, reached, whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.boilerplate.page import Page
    from pipelines.boilerplate.rule import Zone

_ENTRY = re.compile(r"\[\d{1,3}\]|https?://|\d{1,3}[.、]?https?://")
_ENTRIES_BEGIN = frozenset("[h0123456789")
_NOTE = re.compile(r"\[\d{1,3}\] ?\S")  # an entry of a list of notes
_ADDRESS = "://"
_SHORT = 10  # folded characters of a line that may be part of a phrase printed over several lines
_SHORT_PROMPT = 24  # folded characters of one that begins a glued text and stands for itself
_CLOSING = frozenset("）)]】")
_ENDS = frozenset("。！!")
_LONGEST_GLUED_CREDIT = 20  # folded characters of a role and who it names, with a bracket
_DAY_IN_BRACKETS = re.compile(r"[（(][^（()）]{0,6}\d[日号月年][^（()）]{0,6}[)）]$")  # 撰文丨甲某今天（1月8日）…
_DOTS = 3  # characters of a line of dots between two of them
_JOINED_LINES = 12
_LABEL_ENDS = ("：", ":")
_LONGEST_LEAD = 2000  # characters of a text in which a row of credits may stand below its lead
_BRACKETS = "（([【"  # a role may stand in
_LONGEST_OFFER = 24  # lines above what is looked at in which its heading may stand
_LEAST_SPREAD = 3  # lines that a heading is printed over (往 / 期 / 回 / 顾)


def judge_line(page: Page, line: Line, zone: Zone) -> bool:
    """Tries the rules on `line` and its units, leaves the finds on them; says whether there are any."""
    if line.protected:
        return False
    if not line.found:
        if line.core and _is_passed_over(page, line, zone):
            return False
        find = find_for_line(page, line, zone)
        if find is not None:
            line.units = [whole(line, find)]
            return True
    units = page.units(line, zone)
    if len(units) == 1 and units[0].core == line.core and not units[0].find and not units[0].glued:
        find = match(page, line.core, line.literals, zone, "line")
        if (
            find is not None
            and find.rule in page.index.marked["alone"]
            and is_word_of_sentence(page.lines, line.number)
        ):
            find = None
        units[0].find = find
    else:
        units = line.units = _judge_units(page, line, units, zone)
        if len(units) > 1 and not line.glued and not all(unit.find or not unit.core for unit in units):
            find = match(page, line.core, line.literals, zone, "statement")
            if find is not None and all(u.find is None or u.find.kind == find.kind for u in units):
                units = line.units = [whole(line, find)]
    return line.found


def _is_passed_over(page: Page, line: Line, zone: Zone) -> bool:
    """Whether no rule can find anything in `line` in this zone; then its units are made as far as settle.py asks."""
    index = page.index
    if index.is_reference(line.core):
        line.units = [whole(line)]
        return True
    if line.glued or not index.concerning[zone].isdisjoint(line.literals) or may_be_known(page, line):
        if line.unsplit:
            line.units, line.unsplit = None, False
        return False
    if line.units is None:
        line.unsplit = index.suspect.isdisjoint(line.literals)
        line.units = [whole(line)] if line.unsplit else page.units(line, zone)
    return True


def _judge_units(page: Page, line: Line, units: Sequence[Unit], zone: Zone) -> list[Unit]:
    """`units` of one line with what was found for them; one may become the pieces that it is made of."""
    ends = reached(units, zone)
    concerning, exact = page.index.concerning_units[zone], page.index.lines
    # What is so of no part of the line need not be asked of each.
    known = page.account is not None or any(word in line.folded for word in (page.title, *page.names) if word)
    cut = line.glued and _may_be_cut(page, line.folded)
    judged: list[Unit] = []
    for unit in units[:ends]:
        if (
            not concerning.isdisjoint(unit.literals)
            or unit.core in exact
            or (known and is_known(page, unit))
            or (cut and _may_be_cut(page, unit.core))
        ):
            judged += _judge_unit(page, unit, zone)
        else:
            judged.append(unit)
    judged += units[ends:]
    return judged


def _may_be_cut(page: Page, folded: str) -> bool:
    """Whether a glued text without literals may still hold something known: the title, what stands at a bracket."""
    return may_close(folded) or (page.title != "" and page.title in folded)


def _judge_unit(page: Page, unit: Unit, zone: Zone) -> list[Unit]:
    """`unit` with what was found for it, or the pieces that it is made of."""
    if unit.find or not unit.core or unit.protected:
        return [unit]
    text = page.full_text[unit.start : unit.end]
    if unit.glued and unit.start == page.lines[0].start:
        unit.find = _find_at_beginning(page, unit, zone)
        return (less_body_behind(page, unit, zone) if unit.find is not None else []) or [unit]
    find = match(page, unit.core, unit.literals, zone, "sentence") or credit(page, text, unit.literals, zone)
    if find is not None and find.kind == "credits" and _runs_on(page, unit):
        find = None
    pieces = [unit]
    if unit.glued or (find is None and page.index.strong_openers.may_stand_where(unit.literals)):
        pieces = opened(page.full_text, unit, page.index, page.printed_title)
    if len(pieces) == 1:
        unit.find = find
        return parted(page, unit, zone)
    for piece in pieces:
        text = page.full_text[piece.start : piece.end]
        piece.find = (
            match(page, piece.core, piece.literals, zone, "sentence")
            or credit(page, text, piece.literals, zone)
            or title(page, piece.core, zone)
        )
        if piece.find is not None and piece.find.kind == "credits" and _runs_on(page, piece):
            piece.find = None
    if unit.glued:
        pieces = _rejoined(page, pieces, zone)
    if all(piece.find for piece in pieces):
        return pieces
    if unit.glued and any(
        (p.find and (find is None or p.find.kind != find.kind)) or (find is None and begins_section(page, p))
        for p in pieces
    ):
        return pieces
    unit.find = find
    return parted(page, unit, zone)


def _rejoined(page: Page, pieces: list[Unit], zone: Zone) -> list[Unit]:
    """`pieces`, two neighbours one again where only both together are found: 扫码 and 加我！."""
    joined: list[Unit] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        if last is None or last.find or len(last.core) + len(piece.core) > _SHORT_PROMPT:
            joined.append(piece)
            continue
        both = Unit(
            last.start, piece.end, piece.line, last.core + piece.core, last.literals | piece.literals, glued=True
        )
        both.opened = last.opened
        both.find = match(page, both.core, both.literals, zone, "sentence")
        if both.find is None:
            joined.append(piece)
        else:
            joined[-1] = both
    return joined


def _find_at_beginning(page: Page, unit: Unit, zone: Zone) -> Find | None:
    """What the first sentence of a glued text is as a whole: a short prompt, or a statement.

    Any other prompt runs on into the body; phrases.py finds its end. So does a statement in which credits stand.
    """
    text = page.full_text
    is_short = len(unit.core) <= _SHORT_PROMPT
    ends = text[unit.end - 1] in _ENDS or page.index.beginnings.begins_at(text, unit.end)
    if not (is_short or ends):
        return None
    if any(begins_with_role(text[part.start : part.end]) for part in opened(text, unit, page.index)[1:]):
        return None
    find = match(page, unit.core, unit.literals, zone, "sentence")
    if find is None or (find.kind != "copyright" and (not is_short or where_own_begins(page, unit, zone))):
        return None
    return find


def _runs_on(page: Page, piece: Unit) -> bool:
    """Whether credits of a glued text are more: `编译：甲社近日，省气象局（某某）…`, `评分：7 / 10 编辑：乙`."""
    text = page.full_text
    if piece.glued and not begins_with_role(text[piece.start : piece.end].lstrip(_BRACKETS)):
        return True
    is_last = text[piece.end : piece.end + 1] in {"", "\n"}
    if not piece.glued or is_last or text[piece.end - 1] not in _CLOSING:
        return False
    return len(piece.core) > _LONGEST_GLUED_CREDIT or _DAY_IN_BRACKETS.search(text, piece.start, piece.end) is not None


def join_short_lines(page: Page, lines: Sequence[Line], zone: Zone) -> None:
    """Finds phrases printed over neighbouring short lines (长 / 按 / 关 / 注)."""
    position = 0
    while position < len(lines):
        run = position
        while run < len(lines) and _may_be_part(lines[run]):
            run += 1
        if run - position > 1:
            texts = [line.folded for line in lines[position:run]]
            if places := page.index.scanner.places("".join(texts)):
                _join_in_run(page, lines[position:run], texts, places, zone)
        position = run + 1


def _may_be_part(line: Line) -> bool:
    is_dots = len(line.text) <= _DOTS and not line.core
    return is_dots or (
        len(line.core) <= _SHORT and len(line.text) <= 3 * _SHORT and not line.protected and not line.found
    )


def _join_in_run(
    page: Page, lines: Sequence[Line], texts: Sequence[str], places: Sequence[tuple[int, str]], zone: Zone
) -> None:
    """Tries every stretch of neighbouring short lines; the longest from the left goes first.

    `texts` are the lines folded, `places` those of the literals in all of them joined, by offset.
    """
    begins = [0, *accumulate(map(len, texts))]  # of each line, in the lines joined
    position = 0
    while position < len(lines) - 1:
        start, end = begins[position], begins[min(position + _JOINED_LINES, len(lines))]
        inside = places[bisect_left(places, (start, "")) : bisect_left(places, (end, ""))]
        worth_it = any(place + len(literal) <= end for place, literal in inside)
        position += (_joined_from(page, lines, texts, position, zone) if worth_it else 0) or 1


def _joined_from(page: Page, lines: Sequence[Line], texts: Sequence[str], position: int, zone: Zone) -> int:
    """How many lines from `position` on are one phrase; 0 if they are none."""
    texts = texts[position : position + _JOINED_LINES]
    # A label begins something of its own.
    labels = (n for n in range(1, len(texts)) if lines[position + n].text.endswith(_LABEL_ENDS))
    texts = texts[: next(labels, len(texts))]
    for count in range(len(texts), 1, -1):
        last = lines[position + count - 1]
        below = page.lines[last.number + 1 : last.number + 2]
        if len(last.core) == 1 and below and len(below[0].core) == 1:
            continue  # the next character belongs to it: 关/注/范/围 is a heading
        core = strip_punctuation("".join(texts[:count]))
        literals = frozenset(page.index.scanner.find(core))
        find = match(page, core, literals, zone, "line")
        if find is not None:
            for line in lines[position : position + count]:
                line.units = [whole(line, find)]
            return count
        section = section_of(page, core, literals, zone) if count >= _LEAST_SPREAD else None
        if section is not None:
            # The last of its lines stands for the heading; the others go if it does.
            for line in lines[position : position + count - 1]:
                line.units = [whole(line, Find(section.kind, section.id, 0))]
            last.core, last.literals = core, literals
            return count
    return 0


# --- how far to look ------------------------------------------------------------------------------------------


def scan(page: Page, zone: Literal["head", "tail"]) -> list[Line]:
    """Judges the lines of a zone, as far as anything is found; gives them in reading order."""
    reach = HEAD if zone == "head" else TAIL
    limit_lines, limit_characters = reach.lines, reach.characters
    resources = page.index.tables["resources"]
    seen: list[Line] = []
    counted = characters = 0
    for line in page.lines if zone == "head" else reversed(page.lines):
        if counted >= limit_lines or characters >= limit_characters:
            ahead = _lines_to_heading(page, line) if zone == "tail" else 0
            if not ahead:
                break
            limit_lines, limit_characters = counted + ahead, characters + reach.characters
        entry = line.text[0] in _ENTRIES_BEGIN and _ENTRY.match(line.text)
        if (entry and _NOTE.match(line.text)) or (_ADDRESS in line.core and resources.fullmatch(line.core)):
            line.protected = True
        found = judge_line(page, line, zone)
        seen.append(line)
        if entry or not line.core:
            continue  # dividers and lists of references are passed over
        counted += 1
        characters += len(line.core)
        if found or heads_section(page, line, zone):
            limit_lines = max(limit_lines, counted + reach.more_lines)
            limit_characters = max(limit_characters, characters + reach.more_characters)
        if line.glued and len(line.text) >= LONG_LINE and not all(unit.find for unit in line.units or ()):
            break
    if zone == "head":
        seen += _row_below_lead(page, page.lines[len(seen) :])
    else:
        seen.reverse()
    join_short_lines(page, seen, zone)
    return seen


def _lines_to_heading(page: Page, line: Line) -> int:
    """How many lines, `line` the first, up to the heading of an offer or of what an account says of itself; or 0.

    Between it and what goes below it no rule may find anything: what a course teaches, what members get.
    """
    above = page.lines[max(0, line.number - _LONGEST_OFFER) : line.number + 1]
    for count, one in enumerate(reversed(above), 1):
        section = section_of(page, one.core, one.literals, "tail") if not one.protected else None
        if section is not None and section.takes in {"rest", "pitch"}:
            return count
    return 0


def _row_below_lead(page: Page, lines: Sequence[Line]) -> list[Line]:
    """The one line of `lines`, below a long lead, that credits several roles; of two each is an item's."""
    rows = []
    for line in lines:
        if line.end > _LONGEST_LEAD:
            break
        if not line.found and not line.glued and not page.index.roles.isdisjoint(line.literals):
            rows += [line] if names_several(line.text) else []
    if len(rows) != 1:
        return []
    rows[0].units = [whole(rows[0], Find("credits", "credits.roles", ANYWHERE))]
    return rows
