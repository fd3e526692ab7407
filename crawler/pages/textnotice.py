"""Notices that come as text: a dump, a Markdown file or a record whose page said that there is no article."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.items import Notice, Reading
from crawler.pages.notice import left_of, notice_of_text
from crawler.text import compact

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.pages.assemble import Draft

_MAX_TEXT = 240  # code points of all lines, compacted: a notice has no more, an article that quotes one has
_MAX_SPACED = 4 * _MAX_TEXT  # of them as they are: more is not mostly white space
_FIRST = 4  # lines among which the one that says it must be
_MOST_LEFT_OF_LINE = 10  # ideographs of it that are nothing notices say
_MOST_LEFT = 40  # the same of the other lines: a title, an account's name ...
_MOST_LEFT_OF_SENTENCE = 12  # ... and of one that ends as a sentence does

_STOPS = ("。", "！", "？", "…")


def read_notice(draft: Draft, lines: Sequence[str], *, media_type: str) -> Reading | None:
    """The reading of a text that is a notice and nothing else; None for every other text.

    `lines` are the visible lines of the text less its header; whom and what it is about the draft tells.
    """
    text = "".join(lines)
    if len(lines) > _MAX_TEXT or len(text) > _MAX_SPACED or len(compact(text)) > _MAX_TEXT:
        return None
    verdict = notice_of_text("\n".join(lines))
    if verdict is None or not _say_nothing_else(lines):
        return None
    account = draft.loader.account.load_item()
    notice = Notice(
        reason=verdict.reason,
        retryable=verdict.retryable,
        detail=verdict.detail,
        url=draft.loader.known("url"),
        account=account,
    )
    return Reading(
        capture=draft.document.capture,
        found=notice,
        template="notice-text",
        warnings=[*draft.document.warnings, *draft.warnings],
        captured_at=draft.captured_at,
        captured_at_source="front_matter" if draft.captured_at else None,
        media_type=media_type,
    )


def _say_nothing_else(lines: Sequence[str]) -> bool:
    """Whether one of the first lines is a notice's sentence, and the others are no text of an article."""
    for number, line in enumerate(lines[:_FIRST]):
        if notice_of_text(line) is not None and left_of(line) <= _MOST_LEFT_OF_LINE:
            others = [*lines[:number], *lines[number + 1 :]]
            left = [left_of(other) for other in others]
            told = (found for other, found in zip(others, left, strict=True) if other.rstrip().endswith(_STOPS))
            return sum(left) <= _MOST_LEFT and all(found <= _MOST_LEFT_OF_SENTENCE for found in told)
    return False
