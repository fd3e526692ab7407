"""Text and URLs of articles made fit to be shown on a page: nothing of them steers it. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode, urlsplit

from markupsafe import Markup, escape

from crawler.text import storable
from crawler.times import BEIJING, from_utc_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crawler.items import Span
    from pipelines.difference import Row
    from pipelines.search.snippet import Marked

ARTICLE = "/-/article/"
FIND = "/-/find"
RAW = "/-/raw/"
# What turns the direction of writing around beyond the text that it is part of.
_STEERING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SCHEMES = frozenset({"http", "https"})
_TAGS = {"lost": "del", "gained": "ins"}


def harmless(text: str | None) -> str:
    """`text` without control characters, and without what turns the direction of writing around."""
    return _STEERING.sub("", storable(text or ""))


def is_external(url: str | None) -> bool:
    """May this be linked to? Only the Web; never a script, a file, or data."""
    try:
        parts = urlsplit((url or "").strip())
    except ValueError:
        return False
    return parts.scheme.lower() in _SCHEMES and bool(parts.netloc) and not any(char < "!" for char in url or "")


def external(url: str | None, text: str | None = None) -> Markup:
    """A link that leaves the archive and tells nobody where from; what may not be linked to is text."""
    shown = harmless(text or url)
    if not is_external(url):
        return escape(shown)
    return Markup('<a href="{}" rel="noreferrer noopener">{}</a>').format(url, shown)


def article_path(key: str) -> str:
    """Where the reading page of an article is."""
    return ARTICLE + quote(key, safe=":=,+")


def raw_path(sha256: str) -> str:
    """Where the bytes of a capture are."""
    return RAW + quote(sha256, safe="")


def find_path(**terms: object) -> str:
    """Where articles are listed that `terms` (parameters of the search page) find; empty ones are left out."""
    given = [(name, str(value)) for name, value in terms.items() if value not in (None, "", False)]
    return FIND + ("?" + urlencode(given) if given else "")


def changed_path(terms: Mapping[str, object], **changes: object) -> str:
    """The same search with some of its terms changed, from its first page."""
    return find_path(**{**terms, "page": "", **changes})


def beijing(text: str | None) -> Markup:
    """A UTC time of the database as it is in Beijing, to the minute; what is no time, as it stands."""
    try:
        moment = from_utc_text(text or "")
    except ValueError:
        return escape(harmless(text))
    local = moment.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")
    return Markup('<time datetime="{}" title="{} UTC">{}</time>').format(text, text, local)


def marked(found: Marked) -> Markup:
    """A text with what a query found in it marked."""
    made, position = Markup(""), 0
    for start, end in found.marks:
        made += escape(harmless(found.text[position:start]))
        made += Markup("<mark>{}</mark>").format(harmless(found.text[start:end]))
        position = end
    return made + escape(harmless(found.text[position:]))


def with_removed(full_text: str, spans: Sequence[Span]) -> Markup:
    """A full text with what is not in the body struck through; kind and rule are said on hovering, and to readers."""
    made, position = Markup(""), 0
    for span in spans:
        made += escape(storable(full_text[position : span.start]))
        text = storable(full_text[span.start : span.end])
        made += Markup('<del data-kind="{}" title="{}">{}</del>').format(span.kind, f"{span.kind}: {span.rule}", text)
        position = span.end
    return made + escape(storable(full_text[position:]))


def changed(row: Row) -> Markup:
    """A line of a difference, what was lost and gained in it marked."""
    parts = [
        Markup("<{0}>{1}</{0}>").format(_TAGS[kind], storable(text)) if kind in _TAGS else escape(storable(text))
        for kind, text in row.parts
    ]
    return Markup("").join(parts)


def count(number: int, one: str, many: str = "") -> str:
    """`1 article`, `2,345 articles`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


FILTERS = {
    "harmless": harmless,
    "external": external,
    "article_path": article_path,
    "raw_path": raw_path,
    "beijing": beijing,
    "marked": marked,
    "changed": changed,
}
GLOBALS = {"count": count, "find_path": find_path}
