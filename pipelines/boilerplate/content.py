"""What is the article's own though it sounds like boilerplate: answers, quotations, items, particulars of an event."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipelines.boilerplate.blocks import ENTRY
from pipelines.boilerplate.cues import is_report
from pipelines.boilerplate.finds import describes_picture
from pipelines.boilerplate.headings import is_heading
from pipelines.boilerplate.section_lengths import section_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.boilerplate.page import Page
    from pipelines.boilerplate.units import Line, Unit

# “长按识别二维码”之下，一般还有一句…。 is about the words, not a prompt.
_QUOTES_FIRST = re.compile(r"[“\"「『][^”\"」』]{2,40}[”\"」』](?!微信|公众号|订阅号|服务号)[，,]?[\u4e00-\u9fff]{2}")
_SAYING = re.compile(r"[「『“\"][^\n，。；]{1,60}[，。；][^\n]{1,120}[」』”\"]")
_ORDINALS = "一二三四五六七八九十"
_ITEM = re.compile(rf"[（(]?([{_ORDINALS}])[)）、.．]")
_LEAST_OF_SENTENCE = 12  # characters above a word of it
_MOST_ABOVE = 6  # lines between an item of a list and the one before it


def is_content(page: Page, unit: Unit) -> bool:
    """Whether `unit` is an answer, an editor's note, speaks of the words that it quotes, or goes on a list."""
    text, line = page.full_text, page.lines[unit.line]
    tables = page.index.tables
    if tables["answers"].match(line.text):
        return True
    if any(tables[name].search(text, unit.start, unit.end) for name in ("mentions", "citations")):
        return True
    if unit.start > line.start and not unit.glued:
        return False
    if any(tables[name].match(text, unit.start, unit.end) for name in ("steps", "editors_note")):
        return True
    if text[unit.end - 1] == "。" and _QUOTES_FIRST.match(text, unit.start, unit.end):
        return True
    item = _ITEM.match(text, unit.start, unit.end)
    return item is not None and _goes_on(page, unit, item[1])


def is_own(page: Page, unit: Unit) -> bool:
    """Whether `unit` is the article's own whatever its words: code, a heading, a reference, what others said or did.

    So are an editor's note, an event's particulars, a picture's caption, and what a rule that a user has switched off
    would find.
    """
    text = page.full_text[unit.start : unit.end]
    return (
        unit.protected
        or is_heading(unit.core)
        or ENTRY.match(unit.core) is not None
        or page.index.tables["particulars"].match(text) is not None
        or is_report(page, unit)
        or is_content(page, unit)
        or is_saying(text)
        or describes_picture(page, text)
        or page.index.is_switched_off(unit.core)
        or (page.is_about_offers and _heads_offer(page, unit))
    )


def is_saying(text: str) -> bool:
    """Whether `text` is a sentence in quotes, as they stand above articles (“水深则流缓，……”)."""
    return _SAYING.fullmatch(text.strip()) is not None


def _heads_offer(page: Page, unit: Unit) -> bool:
    section = section_of(page, unit.core, unit.literals, "tail")
    return section is not None and section.takes == "pitch"


def _goes_on(page: Page, unit: Unit, ordinal: str) -> bool:
    """Whether the item before the one of this number stands a few lines above, in the body."""
    number = _ORDINALS.index(ordinal)
    if not number:
        return False
    if unit.glued:
        return f"{_ORDINALS[number - 1]}、" in page.full_text[: unit.start]
    for line in page.lines[max(0, unit.line - _MOST_ABOVE) : unit.line]:
        above = _ITEM.match(line.text)
        if above is not None and above[1] == _ORDINALS[number - 1]:
            return not line.found
    return False


def is_word_of_sentence(lines: Sequence[Line], number: int) -> bool:
    """Whether line `number` is a word of a sentence that a converter broke at its mark-up (`img`)."""
    if not 0 < number < len(lines) - 1 or lines[number].number != number:
        return False
    above, below = lines[number - 1].text, lines[number + 1].text
    return len(above) >= _LEAST_OF_SENTENCE and above[-1].isalnum() and below[0].isalnum() and not below[0].isascii()
