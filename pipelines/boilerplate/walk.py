"""The walk over a text's head and tail: which units are boilerplate, by what rule.

Head and tail are looked at as far as something is found there; what stands between only by the rules that hold
anywhere. Every find leaves a `Find` on its unit, which settle.py turns into a cut or not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from pipelines.boilerplate.credits import looks_like_credit
from pipelines.boilerplate.fold import fold, fold_core, strip_punctuation
from pipelines.boilerplate.ruleset import ANYWHERE
from pipelines.boilerplate.sections import begins_section
from pipelines.boilerplate.units import LONG_LINE, Find, Line, Unit, make_lines, opened, split_line, whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crawler.items import Evidence
    from pipelines.boilerplate.ruleset import AccountRules, Rule, RuleIndex, Where

Zone = Literal["head", "tail", "middle"]
ZONES: dict[Where, frozenset[Zone]] = {
    "head": frozenset({"head"}),
    "tail": frozenset({"tail"}),
    "edge": frozenset({"head", "tail"}),
    "anywhere": frozenset({"head", "middle", "tail"}),
}
LONGEST_UNIT = 700  # folded characters; no rule looks at more
OFTEN = 3  # times that a suspect word stands in an article about it ...
OFTEN_CHARACTERS = 250  # ... or once in so many characters, where that is more
LONGEST_HALF = 4000  # characters of the first half that are searched for words used in earnest
_CREDIT_LABEL = re.compile(r"[:：|｜丨∣│/／]")
_CAPTION = re.compile(
    r"[（(【\[]? ?(?:图|摄|供图|资料图|图源|图片来源|配图)[^：:]?[:：/｜|／]|[（(][^（()）]{0,20}[）)]"
)
_LONGEST_CREDIT = 200
_LONGEST_BARE_CREDIT = 24
_ENTRY = re.compile(r"\[\d{1,3}\]|https?://|\d{1,3}[.、]?https?://")
_NOTE = re.compile(r"\[\d{1,3}\] ?\S")  # an entry of a list of notes
_LONGEST_BANNER = 40
_BANNER = re.compile(r'["》)]?[|·,:\-/]')
_SHORT = 10  # folded characters of a line that may be part of a phrase printed over several lines
_JOINED_LINES = 7


@dataclass(frozen=True, slots=True)
class Reach:
    """How far from the text's end (or its beginning) is looked: at first, and beyond each find."""

    lines: int
    characters: int
    more_lines: int
    more_characters: int


HEAD = Reach(8, 500, 5, 300)
TAIL = Reach(30, 900, 12, 600)


@dataclass(slots=True)
class Page:
    """A text on its way through the walk."""

    full_text: str
    lines: list[Line]
    index: RuleIndex
    account: AccountRules | None = None
    evidence: Evidence = "text"
    title: str = ""  # folded
    printed_title: str = ""
    names: frozenset[str] = frozenset()  # of the account, folded
    _first_half: str | None = None
    _earnest: dict[str, bool] = field(default_factory=dict)

    def in_earnest(self, word: str) -> bool:
        """Whether `word` (folded) stands in the article's first half again and again, outside what goes there."""
        if self._first_half is None:
            half = [
                line.text[:LONGEST_HALF]
                for line in self.lines
                if line.end <= len(self.full_text) * 0.55
                and not any(u.find and u.find.near == ANYWHERE for u in line.units or ())
            ]
            self._first_half = fold("".join(half)[:LONGEST_HALF])
        if word not in self._earnest:
            often = max(OFTEN, len(self._first_half) // OFTEN_CHARACTERS)
            self._earnest[word] = self._first_half.count(word) >= often
        return self._earnest[word]

    def units(self, line: Line, zone: Zone) -> list[Unit]:
        """The units of `line`, made when first asked for."""
        if line.units is None:
            limit = TAIL.characters if zone == "tail" else HEAD.characters
            line.units = split_line(line, tail=zone == "tail", limit=limit)
        return line.units


def open_page(
    full_text: str,
    index: RuleIndex,
    *,
    evidence: Evidence,
    title: str | None,
    names: Iterable[str | None],
) -> Page:
    """`full_text` ready to be walked. `names`: the account's name and alias, as far as known."""
    given = [name for name in names if name]
    return Page(
        full_text=full_text,
        lines=make_lines(full_text, index.scanner, dump=evidence == "dump"),
        index=index,
        account=index.of_account(given),
        evidence=evidence,
        title=fold_core(title or ""),
        printed_title=title or "",
        names=frozenset(core for core in map(fold_core, given) if core),
    )


# --- one line -------------------------------------------------------------------------------------------------


def judge_line(page: Page, line: Line, zone: Zone) -> bool:
    """Tries the rules on `line` and its units, leaves the finds on them; says whether there are any."""
    if line.protected:
        return False
    if line.units is None:
        known = line.core in page.index.lines or bool(page.title or page.names or page.account)
        if line.core and (page.index.is_reference(line.core) or not (line.literals or known)):
            line.units = [whole(line)]
            return False
        find = _find_for_line(page, line, zone)
        if find is not None:
            line.units = [whole(line, find)]
            return True
    units = page.units(line, zone)
    if len(units) == 1 and units[0].core == line.core and not units[0].find and not units[0].glued:
        units[0].find = _match(page, line.core, line.literals, zone, "line")
    else:
        units = line.units = [piece for unit in units for piece in _judge_unit(page, unit, zone)]
        if len(units) > 1 and not all(unit.find or not unit.core for unit in units):
            find = _match(page, line.core, line.literals, zone, "statement")
            if find is not None and all(u.find is None or u.find.kind == find.kind for u in units):
                units = line.units = [whole(line, find)]
    return any(unit.find for unit in units)


def _judge_unit(page: Page, unit: Unit, zone: Zone) -> list[Unit]:
    """`unit` with what was found for it, or the pieces that it is made of."""
    if unit.find or not unit.core or unit.protected:
        return [unit]
    text = page.full_text[unit.start : unit.end]
    if unit.glued and unit.start == page.lines[0].start:
        return [unit]  # a prompt there runs on into the body: phrases.py finds its end
    find = _match(page, unit.core, unit.literals, zone, "sentence") or _credit(page, text, unit.literals, zone)
    pieces = [unit]
    if unit.glued or (find is None and len(unit.literals) > 1):
        pieces = opened(page.full_text, unit, page.index, page.printed_title)
    if len(pieces) == 1:
        unit.find = find
        return [unit]
    for piece in pieces:
        text = page.full_text[piece.start : piece.end]
        piece.find = (
            _match(page, piece.core, piece.literals, zone, "sentence")
            or _credit(page, text, piece.literals, zone)
            or _title(page, piece.core, zone)
        )
    if all(piece.find for piece in pieces):
        return pieces
    if unit.glued and find is None and any(p.find or begins_section(page, p) for p in pieces):
        return pieces
    unit.find = find
    return [unit]


_Whole = Literal["line", "sentence", "statement"]
_UNITS: dict[_Whole, frozenset[str]] = {
    "line": frozenset({"line", "sentence", "statement"}),
    "sentence": frozenset({"sentence", "statement"}),
    "statement": frozenset({"line", "statement"}),
}


def _match(page: Page, core: str, literals: frozenset[str], zone: Zone, unit: _Whole) -> Find | None:
    """What the rules say of the whole of `core`; of several finds the one that asks least of its neighbours."""
    if not core or len(core) > LONGEST_UNIT:
        return None
    if page.account is not None:
        rule = _of_account(page.account, core)
        if rule is not None and zone in ZONES[rule.where]:
            return Find(rule.kind, rule.id, rule.near)
    exact = page.index.lines.get(core)
    if exact is not None and zone in ZONES[exact.where]:
        return Find(exact.kind, exact.id, exact.near)
    best: Find | None = None
    for pattern, rule in page.index.units.candidates(literals) if literals else ():
        if len(core) > rule.longest or zone not in ZONES[rule.where] or rule.unit not in _UNITS[unit]:
            continue
        if rule.evidence and page.evidence not in rule.evidence:
            continue
        if (best is None or rule.near > best.near) and pattern.fullmatch(core):
            best = Find(rule.kind, rule.id, rule.near)
            if rule.near == ANYWHERE:
                break
    return best


def _of_account(account: AccountRules, core: str) -> Rule | None:
    rule: Rule | None = account.lines.get(core)
    if rule is None:
        for pattern, candidate in account.units.candidates(account.scanner.find(core)):
            if pattern.fullmatch(core):
                found: Rule = candidate
                return found
    return rule


def _find_for_line(page: Page, line: Line, zone: Zone) -> Find | None:
    """What the line as a whole shows: the title, the account's name, credits, a divider."""
    if page.title and line.core == page.title and zone == "head" and line.number < 3:
        return Find("decoration", "decoration.title_repeated", ANYWHERE)
    if line.number > 0 and (find := _title(page, line.core, zone)):
        return find
    if page.names and len(line.core) <= _LONGEST_BANNER and (find := _banner(page, line.core, zone)):
        return find
    if not line.core:
        if page.index.tables["dividers"].fullmatch(line.text.replace(" ", "")):
            return Find("decoration", "decoration.divider", ANYWHERE)
        of_page = zone == "tail" and page.evidence == "dump"
        return Find("page_chrome", "page_chrome.punctuation", 0) if of_page else None
    return _credit(page, line.text, line.literals, zone)


def _title(page: Page, core: str, zone: Zone) -> Find | None:
    """The article's title among the page chrome of a dump's tail."""
    if zone == "tail" and page.evidence == "dump" and page.title and core == page.title:
        return Find("page_chrome", "page_chrome.title_repeated", 0)
    return None


def _banner(page: Page, core: str, zone: Zone) -> Find | None:
    """The account's name alone, or with a few words at its side (name and slogan)."""
    if core in page.names:
        if page.evidence == "dump" and zone == "tail":
            return Find("page_chrome", "page_chrome.account_name", 0)
        return Find("follow_prompt", "follow_prompt.account_name", 0)
    if any(
        len(name) > 1 and ((core.startswith(name) and _BANNER.match(core, len(name))) or f"关注{name}" in core)
        for name in page.names
    ):
        return Find("follow_prompt", "follow_prompt.account_banner", 0)
    return None


def _credit(page: Page, text: str, literals: frozenset[str], zone: Zone) -> Find | None:
    """Whether `text` is nothing but roles and names."""
    if zone == "middle" or len(text) > _LONGEST_CREDIT or page.index.roles.isdisjoint(literals):
        return None
    if len(text) > _LONGEST_BARE_CREDIT and not _CREDIT_LABEL.search(text):
        return None
    if text.endswith("。") and "，" in text:
        return None
    if not looks_like_credit(text):
        return None
    # A caption is credited in brackets; at the very end of the article that is its source.
    return Find("credits", "credits.roles", 0 if _CAPTION.match(text) else ANYWHERE)


# --- phrases printed over several lines -----------------------------------------------------------------------


def join_short_lines(page: Page, lines: Sequence[Line], zone: Zone) -> None:
    """Finds phrases printed over neighbouring short lines (长 / 按 / 关 / 注)."""
    position = 0
    while position < len(lines) - 1:
        if len(lines[position].core) > _SHORT:
            position += 1
            continue
        position += _joined_from(page, lines, position, zone) or 1


def _joined_from(page: Page, lines: Sequence[Line], position: int, zone: Zone) -> int:
    """How many lines from `position` on are one phrase; 0 if they are none."""
    texts: list[str] = []
    for line in lines[position : position + _JOINED_LINES]:
        if len(line.text) > 3 * _SHORT or line.protected or any(unit.find for unit in line.units or ()):
            break
        core = fold(line.text)
        if len(core) > _SHORT:
            break
        texts.append(core)
    if len(texts) < 2 or not page.index.scanner.find("".join(texts)):
        return 0
    for count in range(len(texts), 1, -1):
        core = strip_punctuation("".join(texts[:count]))
        find = _match(page, core, frozenset(page.index.scanner.find(core)), zone, "line")
        if find is not None:
            for line in lines[position : position + count]:
                line.units = [whole(line, find)]
            return count
    return 0


# --- how far to look ------------------------------------------------------------------------------------------


def scan(page: Page, zone: Literal["head", "tail"]) -> list[Line]:
    """Judges the lines of a zone, as far as anything is found; gives them in reading order."""
    reach = HEAD if zone == "head" else TAIL
    limit_lines, limit_characters = reach.lines, reach.characters
    seen: list[Line] = []
    counted = characters = 0
    for line in page.lines if zone == "head" else reversed(page.lines):
        if counted >= limit_lines or characters >= limit_characters:
            break
        if _NOTE.match(line.text):
            line.protected = True
        found = judge_line(page, line, zone)
        seen.append(line)
        if not line.core or _ENTRY.match(line.text):
            continue  # dividers and lists of references are passed over
        counted += 1
        characters += len(line.core)
        if found:
            limit_lines = max(limit_lines, counted + reach.more_lines)
            limit_characters = max(limit_characters, characters + reach.more_characters)
        if line.glued and len(line.text) >= LONG_LINE and not all(unit.find for unit in line.units or ()):
            break
    if zone == "tail":
        seen.reverse()
    join_short_lines(page, seen, zone)
    return seen
