"""Blocks at a text's end that go as a whole: the page's buttons in a dump, the account's own matters."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING

from pipelines.boilerplate.cues import score, suspicion
from pipelines.boilerplate.headings import is_heading
from pipelines.boilerplate.reasons import beside
from pipelines.boilerplate.rule import ANYWHERE, PROMPTING
from pipelines.boilerplate.units import Find, whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.items import BoilerplateKind
    from pipelines.boilerplate.page import Page
    from pipelines.boilerplate.units import Line, Unit

ENTRY = re.compile(r"https?://|www\.|\[\d")  # begins an entry of a list of references
HOME_PAGE = re.compile(r"(?:https?://)?www\.[a-z0-9.\-]{4,50}/?")  # no entry, but part of an address
_NEAR_THE_END = 12  # units
_MOST_TRAILING = 2
_LONGEST_TRAILING = 150  # folded characters
_FAR = 40  # what a rule that stands for itself lets stand between
_PROSE = 40  # folded characters of prose that weigh 1 against a block's going on
_LONG_PROSE = 150  # the same where a suspect word stands in it
_GIVE_UP = 3.0
_SUSPICIOUS = 0.6  # the weight of a suspect unit that a block may begin with ...
_SURE = 2  # ... if so many units further out go anyway
_LONGEST_NAME = 16
_LONGEST_CHROME = 80  # folded characters of a line among page chrome
_OTHERS_IN_CHROME = 3  # lines in a row among page chrome that no rule knows
_LEAST_CHROME = 3
_LEAST_BUTTONS = 8  # different ones together
_LINES_BETWEEN_BUTTONS = 5  # the title again, 原创, the author, the account
_LONGEST_LABEL = 30
_LONGEST_INTRO = 160
_STOPS = frozenset("。！？!?；;：:，,")
_LEAST_SENTENCE = 20  # folded characters: what an account says of itself is briefer
_ENDS = frozenset("。！？…")
_CLOSING = "”’」』）) "


def chrome_block(page: Page, units: Sequence[Unit]) -> None:
    """In a dump all from the first button under the article on is the page's, whatever stands between."""
    begins = len(units)
    chrome = others = 0
    for position in range(len(units) - 1, -1, -1):
        unit = units[position]
        if unit.find is not None and unit.find.kind == "page_chrome":
            chrome += 1
            begins = position
            others = 0
        elif unit.find is None or unit.find.near < ANYWHERE:
            others += 1
            if unit.glued or len(unit.core) > _LONGEST_CHROME or others > _OTHERS_IN_CHROME:
                break
            if _is_sentence(unit.core, page.full_text[unit.start : unit.end]):
                break
    if chrome < _LEAST_CHROME:
        return
    reward = page.index.tables["reward"]
    # The account's or author's name (and motto) stands above the reward button.
    above = next((n for n in range(begins, min(begins + 2, len(units))) if reward.fullmatch(units[n].core)), None)
    while above is not None and begins > 0 and above - begins < _OTHERS_IN_CHROME:
        name = units[begins - 1]
        if name.find is not None or name.glued or not 0 < len(name.core) <= _LONGEST_NAME:
            break
        begins -= 1
    for unit in units[begins:]:
        if unit.core and (unit.find is None or unit.find.near < ANYWHERE):
            unit.find = Find("page_chrome", "page_chrome.block", ANYWHERE)


def closing_chrome(page: Page) -> int | None:
    """Offset from which on a whole page's dump is the page's own: its buttons, the title again, readers' comments.

    None unless many different buttons stand together behind the article's beginning. Looked for over the whole text:
    the comments below may be longer than the article.
    """
    if page.evidence != "dump":
        return None
    known = page.index.chrome_lines
    labels = page.index.tables["closing_labels"]
    begins: Line | None = None
    together: set[str] = set()
    last = 0
    for line in page.lines:
        core = line.core
        if len(core) > _LONGEST_LABEL or not (core in known or labels.fullmatch(core)):
            if _is_sentence(core, line.text):  # words of buttons are headings, too: 分享, 视频, 目录
                begins = None
            continue
        if begins is None or line.number - last > _LINES_BETWEEN_BUTTONS:
            begins, together = line, set()
        last = line.number
        together.add(core)
        if len(together) >= _LEAST_BUTTONS and begins.number > 0:
            return begins.start
    return None


def _is_sentence(core: str, text: str) -> bool:
    """Whether a line is a sentence of some length: the page prints none between its buttons."""
    return len(core) >= _LEAST_SENTENCE and text.rstrip(_CLOSING)[-1:] in _ENDS


def trailing_lines(units: Sequence[Unit]) -> None:
    """Finds a line or two that end the text below prompts although no rule knows them: a card's name and intro."""
    filled = [unit for unit in units[-_NEAR_THE_END:] if unit.core]
    trailing = list(takewhile(lambda unit: unit.find is None, reversed(filled)))
    above = filled[: len(filled) - len(trailing)][-_SURE:]
    if not 0 < len(trailing) <= _MOST_TRAILING or sum(len(unit.core) for unit in trailing) > _LONGEST_TRAILING:
        return
    if len(above) < _SURE or not all(_is_prompt(unit) for unit in above):
        return
    if any(unit.protected or unit.glued or ENTRY.match(unit.core) or is_heading(unit.core) for unit in trailing):
        return
    kind = above[-1].find.kind if above[-1].find is not None else "follow_prompt"
    for unit in trailing:
        unit.find = Find(kind, beside(kind, "trailing"), 0)


def take_cards(page: Page) -> None:
    """Lets an account's card go, as it is copied: its name, its intro, `N篇原创内容` (which a rule finds), 公众号."""
    counts = page.index.marked["card"]
    if not any(unit.find is not None and unit.find.rule in counts for line in page.lines for unit in line.units or ()):
        return
    filled = [line for line in page.lines if line.core]
    for position, line in enumerate(filled):
        unit = line.units[0] if line.units and len(line.units) == 1 else None
        if unit is None or not unit.goes or unit.find is None or unit.find.rule not in counts:
            continue
        below, above = filled[position + 1 : position + 2], filled[max(0, position - 2) : position]
        card = [one for one in below if page.index.tables["card_labels"].fullmatch(one.core)]
        if above and line.text[0].isdigit() and len(above[-1].core) <= _LONGEST_INTRO:
            card.append(above.pop())
        if above and _is_name(above[-1]):
            card.append(above[-1])
        for one in card:
            if not one.protected and not (one.units and all(unit.goes for unit in one.units)):
                one.units = [whole(one, unit.find._replace(near=0))]
                one.units[0].goes = True


def _is_name(line: Line) -> bool:
    """Whether `line` may be an account's name."""
    return len(line.core) <= _LONGEST_NAME and line.text[-1] not in _STOPS and not is_heading(line.core)


def _is_prompt(unit: Unit) -> bool:
    return unit.find is not None and unit.find.kind in PROMPTING and unit.find.near >= _FAR


def last_block(page: Page, units: Sequence[Unit]) -> None:
    """Finds where the text's last block begins, and lets everything in it go.

    Units weigh for it by what was found in them, against it by their length; it begins where the sum is greatest.
    """
    total = best = 0.0
    begins = len(units)
    sure = 0
    weak: dict[int, Find | None] = {}
    for position in range(len(units) - 1, -1, -1):
        unit = units[position]
        if unit.protected or unit.glued or (unit.find is None and is_heading(unit.core)):
            break
        if unit.find is None and unit.core:
            weak[position] = score(page, unit, 0.0)
        if unit.find is None and weak.get(position) is None and (len(unit.core) > _PROSE or ENTRY.match(unit.core)):
            break
        weight = _weight(page, unit, weak.get(position))
        total += weight
        sure += unit.goes
        if total >= best and (unit.find is not None or (weight > _SUSPICIOUS and sure >= _SURE)):
            best, begins = total, position
        if total < best - _GIVE_UP:
            break
    for position in range(begins, len(units)):
        unit = units[position]
        if not unit.goes and unit.core:
            kind: BoilerplateKind = next((u.find.kind for u in units[position:] if u.goes and u.find), "promotion")
            unit.find = unit.find or weak.get(position) or Find(kind, beside(kind, "block"), 0)
            unit.goes = True


def _weight(page: Page, unit: Unit, weak: Find | None) -> float:
    """For (above 0) or against its being part of the last block."""
    if unit.find is not None and unit.find.rule in page.index.marked["silent"]:
        return 0.0
    if unit.goes:
        return 1.0
    if unit.find is not None:
        return 0.7 - len(unit.core) / _LONG_PROSE
    if not unit.core:
        return 0.0
    if weak is not None:
        return suspicion(page, unit) - 0.2 - len(unit.core) / _LONG_PROSE
    return -0.5 if ENTRY.match(unit.core) else -0.5 - len(unit.core) / _PROSE
