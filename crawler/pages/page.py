"""A saved page opened: its markup, its scripts' values, its elements by id, its meta tags, each looked up once."""

from __future__ import annotations

import re
import tomllib
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from selectolax.lexbor import LexborHTMLParser

from crawler import text as forms
from crawler.pages.content import read_content, read_fragment
from crawler.pages.escapes import Unescaped, js_decode, unescape_html
from crawler.pages.script import read_expression
from crawler.pages.values import Owner, ScriptValues

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from selectolax.lexbor import LexborNode

    from crawler.pages.markup import Markup
    from crawler.pages.script import LazyObject

PLACES: dict[str, Any] = tomllib.loads(Path(__file__).with_name("page.toml").read_text("utf-8"))
_WRITTEN = (
    re.compile(r"document\.write\(\s*(?=[\"'])"),
    re.compile(r"\.innerHTML\s*=\s*(?=[\"'])"),
    # Minified: the text is the first variable behind the check.
    re.compile(r"__second_open__\s*\)\s*return;\s*var \w+=(?=[\"'])"),
)
_SAVED_FROM = re.compile(rb"<!--[^>]{0,40}?saved from url=\(\d+\)(\S+) -->", re.IGNORECASE)
_SINGLE_FILE = re.compile(
    rb"<!--\s*Page saved with SingleFile\s*url:\s*(\S+)\s*(?:saved date:\s*([^\r\n]{8,80}))?", re.IGNORECASE
)


class Found(NamedTuple):
    """A value and the place where it stood, e.g. `var msg_title`, `og:title`, `#activity-name`."""

    value: str
    source: str


def _script_names() -> frozenset[str]:
    names = set(PLACES["names"]["others"])
    tables = (PLACES["account"], PLACES["article"], PLACES["published"], {"kind": PLACES["kind"]["places"]})
    for table in tables:
        for places in table.values():
            names |= {place.split(" ")[1] for place in places if place.split(" ")[0] in {"js", "var", "d", "window"}}
    return frozenset(names)


_NAMES = _script_names()


class Page:
    """One HTML page. Nothing raises; what is not there is None or empty."""

    def __init__(self, markup: Markup) -> None:
        self.markup = markup
        self.tree = LexborHTMLParser(markup.html)
        self.values = ScriptValues(markup.scripts, _NAMES)
        self.warnings: list[str] = []

    @cached_property
    def data(self) -> LazyObject | None:
        """`window.cgiDataNew`."""
        return self.values.data

    @cached_property
    def ids(self) -> dict[str, list[LexborNode]]:
        """The elements by id, in the page's order (a page may use an id twice)."""
        found: dict[str, list[LexborNode]] = {}
        for node in self.tree.css("[id]"):
            found.setdefault(node.id or "", []).append(node)
        return found

    def by_id(self, name: str) -> LexborNode | None:
        """The first element with this id."""
        return next(iter(self.ids.get(name, ())), None)

    @cached_property
    def meta(self) -> dict[str, str]:
        r"""Content of the meta tags by property or name; the first that is not empty. `\x0a` in them undone."""
        found: dict[str, str] = {}
        for node in self.tree.css("meta[content]"):
            attributes = node.attributes
            name = (attributes.get("property") or attributes.get("name") or "").lower()
            content = (attributes.get("content") or "").strip()
            if name and content:
                found.setdefault(name, js_decode(content))
        return found

    @cached_property
    def body_classes(self) -> frozenset[str]:
        """The classes of the body element."""
        body = self.tree.body
        return frozenset(((body.attributes.get("class") if body else "") or "").split())

    @cached_property
    def saved_from(self) -> str | None:
        """The URL that a browser or SingleFile noted when it saved the page."""
        head = self.markup.html[:4096]
        match = _SINGLE_FILE.search(head) or _SAVED_FROM.search(head)
        return match[1].decode("utf-8", "replace") if match else None

    @cached_property
    def saved_date(self) -> str | None:
        """When SingleFile saved the page, as it writes it."""
        match = _SINGLE_FILE.search(self.markup.html[:4096])
        return match[2].decode("utf-8", "replace").strip() if match and match[2] else None

    def text(self, node: LexborNode | None) -> str:
        """What a reader sees inside `node`, on one line."""
        first = node.child if node is not None else None
        if node is None or first is None:
            return ""
        if first.is_text_node and first.next is None:
            return forms.join_lines([first.text_content or ""])  # what most are; the long way says the same
        return read_content(node).full_text.replace("\n", " ")

    def text_of_title(self) -> str:
        """The text of the `title` element."""
        node = self.tree.css_first("title")
        return " ".join((node.text() or "").split()) if node is not None else ""

    @staticmethod
    def text_of_markup(markup: str) -> str:
        """What a reader sees of a piece of HTML, on one line."""
        return read_fragment(markup).full_text.replace("\n", " ")

    def scripts_in(self, node: LexborNode) -> Iterator[str]:
        """The scripts that stand inside `node`."""
        for script in node.css("script"):
            number = (script.text() or "").strip()
            if number.isascii() and number.isdigit() and int(number) < len(self.markup.scripts):
                yield self.markup.scripts[int(number)].decode("utf-8", "replace")

    def writes_in(self, node: LexborNode) -> Iterator[str]:
        """What the scripts inside `node` write into the page (share pages of 2018 to 2025 do, and some notices)."""
        for text in self.scripts_in(node):
            for pattern in _WRITTEN:
                for match in pattern.finditer(text):
                    value = read_expression(text, match.end())[0]
                    if isinstance(value, str) and value.strip():
                        yield value

    def written_in(self, node: LexborNode) -> str | None:
        """The first text that a script inside `node` writes."""
        return next(self.writes_in(node), None)

    def find(self, places: Iterable[str]) -> Iterator[Found]:
        """Every value at `places` (as page.toml writes them), in their order, lazily."""
        for place in places:
            kind, _, name = place.partition(" ")
            yield from getattr(self, f"_at_{kind}")(name)

    def first(self, places: Iterable[str]) -> Found | None:
        """The first value at `places` with something to see in it."""
        return next((found for found in self.find(places) if found.value.strip()), None)

    def _at_cgi(self, name: str) -> Iterator[Found]:
        value = self.data.text(name) if self.data else None
        if value:
            yield Found(plain(value), f"cgiDataNew.{name}")

    def _at_js(self, name: str) -> Iterator[Found]:
        for text, source in self.values.texts(name):
            yield Found(plain(text), source)

    def _at_var(self, name: str, owner: Owner = "var") -> Iterator[Found]:
        for value in self.values.all(owner, name):
            if isinstance(value, str) and value:
                yield Found(plain(value), f"{owner}{' ' if owner == 'var' else '.'}{name}")

    def _at_window(self, name: str) -> Iterator[Found]:
        yield from self._at_var(name, "window")

    def _at_d(self, name: str) -> Iterator[Found]:
        yield from self._at_var(name, "d")

    def _at_meta(self, name: str) -> Iterator[Found]:
        if name in self.meta:
            yield Found(self.meta[name], name)

    def _at_id(self, name: str) -> Iterator[Found]:
        for node in self.ids.get(name, ()):
            yield Found(self.text(node), f"#{name}")

    def _at_css(self, selector: str) -> Iterator[Found]:
        for node in self.tree.css(selector):
            yield Found(self.text(node), selector)

    def _at_attr(self, place: str) -> Iterator[Found]:
        selector, _, attribute = place.partition(" @")
        for node in self.tree.css(selector):
            yield Found(node.attributes.get(attribute) or "", f"{selector}@{attribute}")


def plain(value: str) -> str:
    """A script's string with the HTML escapes undone that the page's own code has not undone yet."""
    return value if isinstance(value, Unescaped) else unescape_html(value)
