"""A content area of HTML -> full text, marks, links and media, in one walk over its nodes."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from selectolax.lexbor import LexborHTMLParser

from crawler.items import Link, Mark, MarkKind, Media
from crawler.pages import complexity, elements, looks, media, styles
from crawler.pages.builder import Place, TextBuilder
from crawler.pages.cells import Cells
from crawler.pages.document import Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from selectolax.lexbor import LexborNode

    from crawler.pages.elements import Attributes


@dataclass(slots=True, kw_only=True)
class Content:
    """What a content area holds. Offsets of marks are in code points of `full_text`, half-open."""

    full_text: str = ""
    marks: list[Mark] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    media: list[Media] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Is there anything to see?"""
        return bool(self.full_text or self.media)


class _Around(NamedTuple):
    """What holds inside an element: how its text looks, and how its white space counts."""

    size: float
    color: styles.Color | None
    is_bold: bool
    keeps_lines: bool  # line feeds end lines, as in `pre`
    is_row: bool  # blocks are parted by a space, not by lines: a row of a table


# What to do at the end of an element: `True` for what ends every block, else what is to be called, if anything.
_Close: TypeAlias = "Callable[[], None] | bool"
# What holds inside an element, and what to do at its end.
_Entered: TypeAlias = "tuple[_Around, _Close]"
_LIMITS = Limits()
_NORMAL = _Around(size=0.0, color=None, is_bold=False, keeps_lines=False, is_row=False)


def read_content(root: LexborNode, *, outer: bool = False) -> Content:
    """The text of `root`'s inside as a reader sees it, and what it is made of.

    `outer`: the root is more than the content area; known parts of the page around it are left out.
    Hidden elements (`display: none`) are left out; the root's own style does not count, since WeChat's page
    shows its content area only when it is ready.
    """
    walk = _Walk(outer=outer)
    walk.run(root)
    return walk.finish()


def read_fragment(fragment: str) -> Content:
    """The same of a piece of HTML, such as `content_noencode` holds; empty where it is too complex to be parsed."""
    if complexity.too_complex(fragment.encode("utf-8", "replace"), _LIMITS):
        return Content()
    root = LexborHTMLParser(f"<div>{fragment}</div>").body
    return Content() if root is None else read_content(root)


def _inside(tag: str, style: styles.Style, around: _Around) -> tuple[_Around, bool]:
    """What holds inside an element of this style, and whether it is a block."""
    is_block = tag in elements.BLOCKS or style.is_block or (tag == "code" and around.keeps_lines)
    if style is styles.PLAIN and tag not in elements.CHANGING:
        return around, is_block
    inside = _Around(
        size=styles.pixels(style.size, around.size or styles.DEFAULT_SIZE) if style.size else around.size,
        color=style.color or around.color,
        is_bold=style.is_bold if style.is_bold is not None else around.is_bold or tag in elements.BOLD,
        keeps_lines=around.keeps_lines or tag == "pre",
        is_row=around.is_row,
    )
    return inside, is_block


@lru_cache(maxsize=2048)
def _plain(tag: str, given: str, around: _Around) -> tuple[_Around, bool] | None:
    """The same of an element that does no more than that, by its tag and style attribute: nearly every one."""
    style = styles.parse(given)
    if (
        len(given) > styles.MAX_STYLE
        or style.is_hidden
        or style.is_invisible
        or style.draws_line
        or style.image
        or tag in {"a", "br"}
        or tag in elements.PARTS
        or tag in elements.LEAVES
        or tag in elements.SKIPPED
        or tag in _CARDS
    ):
        return None
    return _inside(tag, style, around)


class _Walk:
    """One walk over a content area's nodes, without recursion: a page may be nested deeper than Python's stack."""

    def __init__(self, *, outer: bool) -> None:
        self._without_ids = elements.RULES["outer_ids"] if outer else frozenset[str]()
        self._without_classes = elements.SKIPPED_CLASSES | (
            elements.RULES["outer_classes"] if outer else frozenset[str]()
        )
        self._text = TextBuilder()
        self._look = looks.Looks()
        self._spans: list[tuple[Place, Place, MarkKind, str]] = []
        self._points: list[tuple[Place, MarkKind, str]] = []
        self._links: list[tuple[Place, Place, Callable[[str], Link | None], MarkKind | None]] = []
        self._media: list[Media] = []
        self._cells = Cells()

    def run(self, root: LexborNode) -> None:
        """Walks over all that is inside `root`."""
        # Of each open element: the node after it, what holds around it, what to do where it ends.
        stack: list[tuple[LexborNode | None, _Around, _Close]] = []
        node = root.child
        around = _NORMAL
        may_be_plain = not self._without_ids
        while True:
            if node is None:
                if not stack:
                    return
                node, around, close = stack.pop()
                if close is True:
                    self._break(around)
                elif close:
                    close()
                continue
            following = node.next
            if node.is_element_node:
                tag = node.tag or ""
                attributes = node.attributes
                entered: _Entered | None = (
                    _plain(tag, attributes.get("style") or "", around)
                    if may_be_plain and not attributes.get("class")
                    else None
                )
                if entered is None:
                    entered = self._enter(node, tag, attributes, around)
                elif entered[1]:
                    self._break(around)
                if entered is not None:
                    stack.append((following, around, entered[1]))
                    around = entered[0]
                    node = node.child
                    continue
            elif node.is_text_node:
                text = node.text_content or ""
                if around.keeps_lines and "\n" in text:
                    self._take_lines(text, around)
                else:
                    self._take_run(text, around)
            node = following

    def finish(self) -> Content:
        """The content, its marks in order."""
        full_text = self._text.finish()
        marks = [
            Mark(start=span[0], end=span[1], kind=kind, value=value)
            for start, end, kind, value in self._spans
            if (span := self._text.span(start, end))
        ]
        for place, kind, value in self._points:
            at = self._text.offset(place)
            marks.append(Mark(start=at, end=at, kind=kind, value=value))
        links = []
        for start, end, make, mark in self._links:
            span = self._text.span(start, end)
            link = make(full_text[span[0] : span[1]].replace("\n", " ") if span else "")
            if link is None:
                continue
            links.append(link)
            if span:
                kind = mark or ("article_link" if link.kind == "article" else "link")
                marks.append(Mark(start=span[0], end=span[1], kind=kind, value=link.url))
        # A heading by its tag is one already, however it looks.
        headings = {mark.start for mark in marks if mark.kind == "heading"}
        marks += [mark for mark in self._look.marks(self._text) if mark.start not in headings]
        marks.sort(key=lambda mark: (mark.start, -mark.end, mark.kind))
        return Content(full_text=full_text, marks=marks, links=links, media=self._media)

    def _take_lines(self, text: str, around: _Around) -> None:
        first, *rest = text.split("\n")
        self._take_run(first, around)
        for piece in rest:
            self._text.end_line()
            self._take_run(piece, around)

    def _take_run(self, text: str, around: _Around) -> None:
        start = self._text.here()
        if self._text.add(text):
            self._look.add(start, self._text.here(), around.size, around.color, is_bold=around.is_bold)

    def _enter(self, node: LexborNode, tag: str, attributes: Attributes, around: _Around) -> _Entered | None:
        """What holds inside an element that is not plain, and what to do at its end; None where it is not read."""
        if tag == "br":
            self._break(around)
            return None
        classes = (attributes.get("class") or "").split()
        is_skipped = (classes and not self._without_classes.isdisjoint(classes)) or (
            self._without_ids and attributes.get("id") in self._without_ids
        )
        if not is_skipped and tag in _CARDS:
            return _CARDS[tag](self, attributes, around)
        if not is_skipped and tag in elements.LEAVES:
            self._take_media(elements.LEAVES[tag](attributes))
        elif not is_skipped and tag not in elements.SKIPPED:
            return self._enter_visible(node, tag, attributes, classes, around)
        return None

    def _enter_visible(
        self, node: LexborNode, tag: str, attributes: Attributes, classes: Sequence[str], around: _Around
    ) -> _Entered | None:
        given = attributes.get("style")
        style = styles.parse(given) if given else styles.PLAIN
        if style.is_hidden or style.is_invisible:
            return None
        if classes and not elements.VIDEO_CLASSES.isdisjoint(classes):
            self._take_media(media.video(attributes))
            return None
        if tag == "a":
            return self._anchor(node, attributes, style, around)
        return self._enter_text(node, tag, style, around)

    def _enter_text(self, node: LexborNode, tag: str, style: styles.Style, around: _Around) -> _Entered:
        inside, is_block = _inside(tag, style, around)
        if is_block:
            self._break(around)
        if style.image:
            self._take_media(media.image({"src": style.image}))
        if tag == "hr" or (style.draws_line and elements.is_bare(node)):
            self._points.append((self._text.here(), "divider", ""))
        if tag == "tr" and elements.is_row_of_data(node):
            inside = inside._replace(is_row=True)
        elif tag in {"td", "th"} and around.is_row:
            is_block = True
            self._text.add(" ")
        cell = self._cells.enter(tag)
        kind = elements.RANGES.get(tag)
        if kind is None:
            return inside, (lambda: self._leave(tag, around)) if is_block else False
        start = self._text.here()

        def close() -> None:
            self._break(around)
            value = tag[1] if kind == "heading" else cell
            self._spans.append((start, self._text.behind(), kind, value))

        return inside, close

    def _leave(self, tag: str, around: _Around) -> None:
        self._break(around)
        self._cells.leave(tag)

    def _break(self, around: _Around) -> None:
        if around.is_row:
            self._text.add(" ")
        else:
            self._text.end_line()

    def _take_media(self, found: Media | None) -> None:
        if found is None:
            return
        self._media.append(found)
        kind: MarkKind = "image" if found.kind == "image" else "media"
        value = (found.url if kind == "image" else found.title) or ""
        self._points.append((self._text.here(), kind, value))

    def _anchor(self, node: LexborNode, attributes: Attributes, style: styles.Style, around: _Around) -> _Entered:
        """An `a`: its text is read like any other, its target kept."""
        start = self._text.here()
        inside, close_block = self._enter_text(node, "a", style, around)
        mark: MarkKind | None = "program_card" if attributes.get("data-miniprogram-appid") else None
        place = len(self._links)

        def close() -> None:
            if close_block is True:
                self._break(around)
            elif close_block:
                close_block()
            made = (start, self._text.behind(), lambda text: media.anchor(attributes, text), mark)
            # What is linked inside this one comes after it.
            self._links.insert(place, made)

        return inside, close

    def account(self, attributes: Attributes, around: _Around) -> _Entered:
        """A card of an account; in a rendered page its name and intro are text."""
        name = media.first(attributes, "data-nickname") or ""
        return self._card("account_card", name, lambda text: media.account(attributes, name or text), around)

    def program(self, attributes: Attributes, around: _Around) -> _Entered:
        """A card of a mini-program."""
        name = media.first(attributes, "data-miniprogram-nickname", "data-miniprogram-title") or ""
        return self._card("program_card", name, lambda text: media.program(attributes, name or text), around)

    def _card(self, kind: MarkKind, name: str, make: Callable[[str], Link | None], around: _Around) -> _Entered:
        self._break(around)
        start = self._text.here()
        place = len(self._links)

        def close() -> None:
            self._break(around)
            end = self._text.behind()
            if end > start:
                self._spans.append((start, end, kind, name))
            else:
                self._points.append((start, kind, name))
            self._links.insert(place, (start, start, make, kind))

        return around, close


_CARDS: dict[str, Callable[[_Walk, Attributes, _Around], _Entered]] = {
    **dict.fromkeys(elements.RULES["account_tags"], _Walk.account),
    **dict.fromkeys(elements.RULES["program_tags"], _Walk.program),
}
