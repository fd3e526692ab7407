"""Labelled lines (来源：甲, 发布时间：...) that a tool prints above the content area of a page that it made anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.pages import fields
from crawler.pages.content import read_content

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborNode

    from crawler.pages.page import Page

_MOST_LINES = 30
_LONGEST = 400  # characters of a line that is a label and a URL


def read_values(page: Page) -> fields.Values:
    """The labelled values above the content area; none where no title, address or time proves them to be a header."""
    values = fields.Values()
    content = page.by_id("js_content") or page.tree.css_first(".rich_media_content")
    if content is None:
        return values
    for number, line in enumerate(_above(content)):
        if number >= _MOST_LINES:
            break
        for label, value in fields.labelled(line) if len(line) <= _LONGEST else ():
            values.add(label, value)
    return values if values.telling() else fields.Values()


def _above(content: LexborNode) -> Iterator[str]:
    """The lines of text above an element, from the nearest on."""
    node: LexborNode | None = content
    while node is not None and node.tag != "body":
        before = node.prev
        while before is not None:
            if before.is_element_node:
                yield from reversed(read_content(before).full_text.split("\n"))
            before = before.prev
        node = node.parent
