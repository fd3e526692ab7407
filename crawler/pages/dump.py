"""Plain text: dumps of whole pages as browsers and tools print them, and texts of articles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler import text as forms
from crawler.pages import assemble, exported_forms, fields, lines
from crawler.pages.byline import Head, is_whole_byline
from crawler.pages.card import read_card
from crawler.pages.pagehead import read_after_card, read_head
from crawler.pages.pagetail import read_tail
from crawler.pages.textnotice import read_notice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.items import Reading
    from crawler.pages.document import Document

MEDIA_TYPE = "text/plain"
_FIRST_LINES = 4  # in which a line shows that the page's head was copied with the text
_RULES = frozenset("-=*_—─━~")  # characters that draw a line


def read(document: Document) -> Reading:
    """The article of a plain text; its full text is all of it but the lines whose values were read."""
    return read_lines(assemble.Draft(document=document), document.text)


def read_lines(draft: assemble.Draft, text: str, *, media_type: str = MEDIA_TYPE) -> Reading:
    """The same for `text`, with a draft in which some values are known already."""
    if refusal := assemble.refused(draft, text, "", media_type):
        return refusal
    if export := exported_forms.text(draft.document, text.splitlines()):
        return export
    every = [forms.tidy_line(line) for line in text.splitlines()]
    every = [line if forms.is_visible(line) else "" for line in every]
    values, start, rest = labelled_head(every)
    if rest:
        every[start] = rest
    is_copy = any(True for _ in values.found)
    shown = [line for line in every[start:] if line]
    tail = read_tail(shown)
    card = read_card(every[start:])
    is_page = tail.is_page or card is not None
    is_headed = any(map(is_whole_byline, shown[:_FIRST_LINES]))
    assemble.fill_values(draft, values, "header", is_dump=is_page)
    body = every[start:]
    head = card or Head()
    head.account = head.account or draft.loader.account.known("name") or tail.account
    head.title = head.title or draft.loader.known("title") or tail.title
    if card and card.glued:
        first = next(i for i, line in enumerate(body) if line)
        body[first] = body[first][card.glued :]
    elif card:
        read_after_card(body, max(card.taken, default=-1) + 1, head)
    elif is_page or is_headed:
        read_head(body, head=head)
    if is_page or is_headed:
        assemble.fill_head(draft, head, source="text", is_dump=True)
    assemble.fill_tail(draft, tail)
    if head.relative and draft.published_source is None:
        draft.warnings.append(f"the page prints no date but {head.relative!r}")
    shown = [line for i, line in enumerate(body) if line and i not in head.taken]
    if not card and (notice := read_notice(draft, shown, media_type=media_type)):
        return notice
    kept = [lines.Line(text=line) for line in shown]
    knows_url = draft.loader.known("url") is not None
    return assemble.finish(
        draft,
        kept,
        evidence="dump" if is_page or knows_url else "text",
        template=_template(card, tail.is_page, is_copy=is_copy),
        media_type=media_type,
        captured_source="front_matter",
    )


def labelled_head(every: Sequence[str]) -> tuple[fields.Values, int, str]:
    """The values of the labelled lines at the start, where the text begins, and what of that line is text.

    The last is not empty where a label for the text was read (正文：...). It is a head only if it tells the
    article (title, URL of WeChat's, time of publication), by two labels or by the title.
    """
    values = fields.Values()
    names = fields.field_names()
    kinds: list[str] = []
    end, rest = 0, ""
    for at, line in enumerate(every[:60]):
        if not line:
            continue
        if kinds and _is_rule(line):
            end = at + 1
            continue
        pairs = fields.labelled(line)
        if not pairs:
            break
        kind = names.by_name[fields.fold(pairs[0][0])]
        if kind in ("content", "content_html"):
            end, rest = (at, pairs[0][1]) if pairs[0][1] else (at + 1, "")
            break
        kinds += [values.add(label, value) or "" for label, value in pairs]
        end = at + 1
    told = values.telling()
    if not told or (len(kinds) < 2 and "title" not in told):
        return fields.Values(), 0, ""
    return values, end, rest


def _is_rule(line: str) -> bool:
    return len(line) > 2 and _RULES.issuperset(line)


def _template(card: Head | None, is_page: bool, *, is_copy: bool) -> str:
    if card is not None:
        return "dump-card"
    if is_page:
        return "dump"
    return "text-header" if is_copy else "text"
