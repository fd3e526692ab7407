"""What would make an HTML parser take for ever, or all memory: found before the page is parsed.

Parsing takes time that grows with the square of how deep elements stand in one another, and of how many attributes
one of them has; and formatting elements that are not ended (`<p><b a><b b>...</p>`) are made anew in every paragraph
after them. Native code cannot be stopped while it does that. So tags are followed first as a parser follows them,
with the rules that nearly all pages need (complexity.toml): an element that this takes for ended is. A page for which
that is not enough is parsed once in a process of its own, which the system ends (`crawler.pages.trial`).

A page of few tags costs a parser little, however they stand (a second at the very most): it is not looked at.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.pages import trial

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crawler.pages.document import Limits

MAX_ATTRIBUTES = 10_000  # of one element; WeChat's have some twenty
FEW_TAGS = 10  # times `max_depth`: parsed in some hundredths of a second, however deep they stand in one another
FEW_BYTES = 125_000  # parsed in about a second, and were it all attributes of one element
MAX_MADE_ANEW = 2  # times `max_nodes`: formatting elements that a parser may have to make anew

_TABLE: dict[str, Any] = tomllib.loads(Path(__file__).with_name("complexity.toml").read_text("utf-8"))


def _names(names: list[str]) -> frozenset[bytes]:
    return frozenset(name.encode() for name in names)


_NOT_BEGUN = _names(_TABLE["void"] + _TABLE["frame"])
_FORMATTING = _names(_TABLE["formatting"])
_UNCLEAR = _names(_TABLE["unclear"])
_OUT_OF_SVG = _names(_TABLE["out_of_svg"])
_SVG = b"svg:"
_HTML_IN_SVG = frozenset(_SVG + name for name in _names(_TABLE["html_in_svg"]))
_ENDS = {name.encode(): _names(ended) for name, ended in _TABLE["ends"].items()}
_ENDS_P = _names(_TABLE["closing"]["of_p"])
_ENDS_IMPLIED = _names(_TABLE["closing"]["of_implied"])
_IMPLIED = _names(_TABLE["closing"]["implied"])
_OF_TABLES = _names(_TABLE["closing"]["of_tables"])
_IMPLIED_IN_TABLES = _IMPLIED | _names(_TABLE["closing"]["implied_in_tables"])

# Start tags of which more is to be noted than that they stand inside what is open.
_SPECIAL = _ENDS.keys() | _FORMATTING | _NOT_BEGUN | _UNCLEAR | {b"svg"}

_ATTRIBUTES = (
    rb"((?:[ \t\n\r\f/]++|[^ \t\n\r\f/>][^ \t\n\r\f/>=]*+"
    rb"(?:[ \t\n\r\f]*+=[ \t\n\r\f]*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|(?![>\"'])[^ \t\n\r\f>]++)?)?)*+)(?:>|\Z)"
)
# Groups: a raw element, its attributes, its text; any other tag (an end tag with its slash), its attributes; CDATA.
# Possessive all through: no character is looked at more than a few times.
_TOKEN = re.compile(
    rb"<(?:(?i:(" + b"|".join(sorted(_names(_TABLE["raw"]))) + rb")(?=[ \t\n\r\f/>]))"
    rb"" + _ATTRIBUTES + rb"((?:[^<]++|<(?!(?i:/\1)[ \t\n\r\f/>]))*+)"
    rb"|(/?[A-Za-z][^ \t\n\r\f/>]*+)" + _ATTRIBUTES + rb""
    rb"|!--(?:-?>|(?s:.*?)(?:--!?>|\Z))|(!\[CDATA\[)[^>]*+(?:>|\Z)|[!?/][^>]*+(?:>|\Z))"
)
_VALUE = re.compile(rb"[ \t\n\r\f]*+=[ \t\n\r\f]*+(?:\"[^\"]*+\"?|'[^']*+'?)")
_NAME = re.compile(rb"[^ \t\n\r\f/]++")


def too_complex(html: bytes, limits: Limits) -> str | None:
    """What makes a page (without its scripts) more than a parser should be given; None where it is not."""
    nodes = html.count(b"<")
    if nodes > limits.max_nodes:
        return f"about {nodes} tags, more than {limits.max_nodes}"
    has_few_tags = nodes <= FEW_TAGS * limits.max_depth
    if has_few_tags and len(html) <= FEW_BYTES:
        return None
    tokens = _TOKEN.findall(html)
    large = [inside for token in tokens if len(inside := token[1] or token[4]) > 2 * MAX_ATTRIBUTES]
    if any(map(has_many_attributes, large)):
        return f"an element of more than {MAX_ATTRIBUTES} attributes"
    return None if has_few_tags or is_surely_flat(tokens, limits) else trial.verdict(html, limits)


def has_many_attributes(inside: bytes, limit: int = MAX_ATTRIBUTES) -> bool:
    """Are more than `limit` attributes in a tag, of which `inside` is what follows the name?"""
    return len(inside) > 2 * limit and len(_NAME.findall(_VALUE.sub(b"= ", inside))) > limit


def is_surely_flat(tokens: list[tuple[bytes, ...]], limits: Limits) -> bool:
    """Can no parser make more of these than the limits allow? False also where that is not clear."""
    return _Nesting(limits).takes_all(tokens)


class _Nesting:
    """Follows the tags of one page: `_open` holds at least what a parser has open, elements of SVG as `svg:NAME`."""

    def __init__(self, limits: Limits) -> None:
        self._max_depth = limits.max_depth
        self._open: list[bytes] = []
        self._has_svg = False
        self._formatting: dict[bytes, list[bytes]] = defaultdict(list)  # begun and not ended: name -> attributes
        self._active = 0  # how many formatting elements these are
        self._left = limits.max_nodes * MAX_MADE_ANEW

    def takes_all(self, tokens: Iterable[tuple[bytes, ...]]) -> bool:
        """Follows all tokens; False where the page is too deep, or what a parser makes of it not clear."""
        elements = self._open
        for token in tokens:
            tag = token[3]
            last = elements[-1] if elements else b""
            # What nearly every tag is, for the sake of speed; `takes` says the same of it.
            if tag and last[:4] != _SVG:
                if tag == b"/" + last and last not in _FORMATTING:
                    elements.pop()
                    continue
                if tag not in _SPECIAL and tag.islower() and tag[:1] != b"/":
                    if last == b"p" and tag in _ENDS_P:
                        elements.pop()
                    elements.append(tag)
                    self._left -= self._active
                    if len(elements) + self._active > self._max_depth or self._left < 0:
                        return False
                    continue
            if not self.takes(token):
                return False
        return True

    def takes(self, token: tuple[bytes, ...]) -> bool:
        """Follows one token; False where the page is too deep, or what a parser makes of it not clear."""
        raw, raw_inside, text, tag, inside, cdata = token
        tag = (raw or tag).lower()
        if not tag:
            # In SVG it ends elsewhere than in HTML.
            return not (cdata and self._has_svg)
        last = self._open[-1] if self._open else b""
        if last[:4] == _SVG and last not in _HTML_IN_SVG:
            if tag[:1] == b"/" or tag not in _OUT_OF_SVG:
                return self._take_in_svg(tag, raw_inside or inside, text, last)
            while self._open and self._open[-1][:4] == _SVG and self._open[-1] not in _HTML_IN_SVG:
                self._open.pop()
        if raw:
            return tag != b"script" or b"<!--" not in text
        if tag[:1] == b"/":
            self._end(tag[1:])
            return True
        self._left -= self._active
        if not self._begin(tag, inside):
            return False
        return len(self._open) + self._active <= self._max_depth and self._left >= 0

    def _take_in_svg(self, tag: bytes, inside: bytes, text: bytes, last: bytes) -> bool:
        if tag[:1] == b"/":
            if last == _SVG + tag[1:]:
                self._open.pop()
                return True
            return False
        is_closed = inside[-1:] == b"/"
        if not is_closed:
            self._open.append(_SVG + tag)
        return tag != b"font" and b"<" not in text and not (text and is_closed) and len(self._open) <= self._max_depth

    def _begin(self, tag: bytes, inside: bytes) -> bool:
        """Takes note of a start tag; False where the rules for it are not known here."""
        elements = self._open
        if tag in _ENDS_P and elements and elements[-1] == b"p":
            elements.pop()
        if ended := _ENDS.get(tag):
            if len(elements) > 1 and elements[-1] == b"p" and elements[-2] in ended:
                elements.pop()
            while elements and elements[-1] in ended:
                elements.pop()
        elif tag in _FORMATTING:
            alike = self._formatting[tag]
            # Of equal ones a parser keeps three.
            if alike.count(inside) < 3:
                alike.append(inside)
                self._active += 1
        elif tag == b"svg":
            self._has_svg = True
            if inside[-1:] == b"/":
                return True
            tag = _SVG + tag
        if tag not in _NOT_BEGUN:
            elements.append(tag)
        return tag not in _UNCLEAR

    def _end(self, tag: bytes) -> None:
        elements = self._open
        if elements and elements[-1] == tag:
            elements.pop()
            if tag in _FORMATTING and self._formatting[tag]:
                self._formatting[tag].pop()
                self._active -= 1
            return
        implied = _IMPLIED if tag in _ENDS_IMPLIED else _IMPLIED_IN_TABLES if tag in _OF_TABLES else frozenset[bytes]()
        at = len(elements) - 1
        while at >= 0 and elements[at] in implied and elements[at] != tag:
            at -= 1
        if at >= 0 and elements[at] == tag:
            del elements[at:]
        elif elements and elements[-1] == _SVG + tag:
            elements.pop()
