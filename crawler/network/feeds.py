"""Feeds: RSS 0.9 to 2.0, Atom, JSON Feed, and OPML, which names feeds. Pure: bytes in, entries out.

XML is read by lxml, strictly, with no entity, DTD or file resolved; what servers of feeds get wrong most often (control
characters, HTML's entities, a bare `&`) is mended and tried once more. A feed that ends early is none: the rest of an
entry's text would be missing without a sign.
"""

from __future__ import annotations

import html.entities
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from lxml import etree

from crawler.text import tidy_line

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_ENTRIES = 20_000
_ENCODING = re.compile(rb"""<\?xml[^>]{0,200}?encoding=["']([-A-Za-z0-9_.]{1,40})["']""")
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]{0,200}\?>")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)(?:([A-Za-z][A-Za-z0-9]{1,31});)?")
_CDATA_AS_TEXT = re.compile(r"\A\s*<!\[CDATA\[(.*)\]\]>\s*\Z", re.DOTALL)
_ROOTS = frozenset({"rss", "rdf", "feed", "opml"})
_ATOM_CONTENT = frozenset({"html", "xhtml", "text", "text/html", "text/plain", "application/xhtml+xml"})


class FeedError(ValueError):
    """What was given is no feed, or a broken one; the message says how."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry, as the feed has it: unchecked text, "" for what it does not have."""

    title: str = ""
    links: tuple[str, ...] = ()  # the entry's URL first, then what else may be one (guid, id)
    author: str = ""
    account: str = ""  # of the feed that it was taken from, where it says so
    published: str = ""  # as printed
    summary: str = ""  # HTML or text
    content: str = ""  # HTML
    image: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed, or a list of feeds."""

    kind: str  # rss, atom, json, opml
    title: str = ""
    entries: tuple[Entry, ...] = ()
    feeds: tuple[str, ...] = field(default=())  # of an OPML: URLs


def parse(body: bytes, url: str = "", charset: str | None = None) -> Feed:
    """The feed that `body` is. `url`: where it is from, for what it names relatively; `charset` as HTTP declares it.

    Raises:
        FeedError: it is none of the known forms, or broken.
    """
    if not body.strip():
        raise FeedError("it is empty")
    text = _decoded(body, charset)
    start = text.lstrip("\ufeff \t\r\n")[:1]
    if start == "{":
        return _json_feed(text, url)
    if start != "<":
        raise FeedError("it is neither XML nor JSON")
    root = _root(text)
    name = _name(root).lower()
    if name not in _ROOTS:
        what = "a web page" if name == "html" else f"XML whose first element is {tidy_line(name)[:40]!r}"
        raise FeedError(f"it is no feed, but {what}")
    if name == "opml":
        found = (urljoin(url, node.get("xmlUrl", "").strip()) for node in root.iter() if node.get("xmlUrl"))
        return Feed(kind="opml", feeds=tuple(dict.fromkeys(found))[:MOST_ENTRIES])
    return _atom(root, url) if name == "feed" else _rss(root, url)


def _decoded(body: bytes, charset: str | None) -> str:
    declared = _ENCODING.search(body[:400])
    boms = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
    names = [name for bom, name in boms if body.startswith(bom)]
    names += [charset] if charset else []
    names += [declared[1].decode("ascii")] if declared else []
    for name in (*names, "utf-8", "gb18030"):
        try:
            return body.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    raise FeedError("its encoding is unknown")


def _root(text: str) -> Any:
    """The root element. Raises FeedError."""
    # Its encoding is decided; lxml refuses a text that declares one.
    plain = _DECLARATION.sub("", text.lstrip("\ufeff"), count=1).lstrip()
    try:
        root = _tree(plain)
    except etree.XMLSyntaxError:
        try:
            root = _tree(_mended(plain))
        except etree.XMLSyntaxError as error:
            raise FeedError(f"it is broken XML: {tidy_line(str(error.msg))[:150]}") from None
    if any(isinstance(node, etree._Entity) for node in root.iter(etree.Entity)):
        raise FeedError("it defines entities of its own, which are not read")
    return root


def _tree(text: str) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False)
    return etree.fromstring(text.encode("utf-8", "replace"), parser)


def _mended(text: str) -> str:
    """`text` without control characters, HTML's entities as characters, any other `&` escaped."""

    def character(match: re.Match[str]) -> str:
        name = match[1]
        known = html.entities.html5.get(f"{name};") if name else None
        return known if known and known not in "<>&" else f"&amp;{match[0][1:]}"

    return _ENTITY.sub(character, _CONTROLS.sub("", text))


# --- XML --------------------------------------------------------------------------------------------------------------


def _name(node: Any) -> str:
    """An element's name without its namespace or prefix; "" of a comment."""
    return node.tag.rpartition("}")[2].rpartition(":")[2] if isinstance(node.tag, str) else ""


def _prefixed(node: Any) -> str:
    """An element's name, with `content:` or `dc:` where it is of that module, however it is declared."""
    tag = node.tag if isinstance(node.tag, str) else ""
    space, _, name = tag.rpartition("}")
    for prefix, mark in (("content", "purl.org/rss/1.0/modules/content"), ("dc", "purl.org/dc/"), ("atom", "/Atom")):
        if mark in space:
            return f"{prefix}:{name}"
    return name if not space else name if "rss" in space.lower() or "netscape" in space else f"other:{name}"


def _text(node: Any) -> str:
    """An element's text; of one with markup in it, that markup."""
    if len(node) and any(isinstance(child.tag, str) for child in node):
        inner = "".join(etree.tostring(child, encoding="unicode", method="html") for child in node)
        return f"{node.text or ''}{inner}".strip()
    text = "".join(node.itertext()).strip()
    # Escaped twice by some servers.
    match = _CDATA_AS_TEXT.match(text)
    return match[1].strip() if match else text


def _rss(root: Any, url: str) -> Feed:
    channel = next((node for node in root if _name(node) == "channel"), root)
    items = [node for parent in (root, channel) for node in parent if _name(node) == "item"]
    title = next((_text(node) for node in channel if _prefixed(node) == "title"), "")
    # `channel` is `root` where there is none: each item once.
    once = list(dict.fromkeys(items))[:MOST_ENTRIES]
    return Feed(kind="rss", title=title, entries=tuple(_rss_entry(item, url) for item in once))


def _rss_entry(item: Any, url: str) -> Entry:
    values: dict[str, str] = {}
    for node in item:
        name = _prefixed(node)
        if name in {"atom:link", "enclosure"}:
            kind = node.get("type") or "image/"
            if name == "atom:link" or kind.startswith("image/"):
                values.setdefault(name, node.get("href") or node.get("url") or "")
        elif text := _text(node):
            values.setdefault(name, text)
    links = (values.get(name, "") for name in ("link", "guid", "atom:link", "comments"))
    return Entry(
        title=values.get("title", ""),
        links=_links(links, url),
        author=values.get("dc:creator") or values.get("author", ""),
        account=values.get("source", ""),
        published=values.get("pubDate") or values.get("dc:date") or values.get("atom:published", ""),
        summary=values.get("description", ""),
        content=values.get("content:encoded") or values.get("encoded") or values.get("atom:content", ""),
        image=values.get("enclosure", ""),
    )


def _atom(root: Any, url: str) -> Feed:
    title = next((_text(node) for node in root if _name(node) == "title"), "")
    entries = [node for node in root if _name(node) == "entry"][:MOST_ENTRIES]
    return Feed(kind="atom", title=title, entries=tuple(_atom_entry(node, url) for node in entries))


def _atom_entry(entry: Any, url: str) -> Entry:
    values: dict[str, str] = {}
    links: list[str] = []
    for node in entry:
        name = _name(node)
        if name == "link":
            if node.get("rel", "alternate") == "alternate":
                links.append(node.get("href", ""))
            elif node.get("rel") == "enclosure" and node.get("type", "").startswith("image/"):
                values.setdefault("image", node.get("href", ""))
        elif name in {"author", "source"}:
            inner = "name" if name == "author" else "title"
            values.setdefault(name, next((_text(child) for child in node if _name(child) == inner), ""))
        elif name in {"content", "summary"}:
            if node.get("type", "text") in _ATOM_CONTENT and not node.get("src"):
                values.setdefault(name, _text(node))
        elif name:
            values.setdefault(name, _text(node))
    return Entry(
        title=values.get("title", ""),
        links=_links((*links, values.get("id", "")), url),
        author=values.get("author", ""),
        account=values.get("source", ""),
        published=values.get("published") or values.get("updated", ""),
        summary=values.get("summary", ""),
        content=values.get("content", ""),
        image=values.get("image", ""),
    )


def _links(given: Any, url: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(joined for link in given if link.strip() and (joined := _joined(url, link.strip()))))


def _joined(url: str, link: str) -> str:
    try:
        return urljoin(url, link)
    except ValueError:
        return ""


# --- JSON Feed --------------------------------------------------------------------------------------------------------


def _json_feed(text: str, url: str) -> Feed:
    try:
        value = json.loads(text.lstrip("\ufeff"))
    except RecursionError:
        raise FeedError("it is JSON that is nested too deeply") from None
    except ValueError as error:
        raise FeedError(f"it is broken JSON: {error}") from None
    items = value.get("items") if isinstance(value, dict) else None
    if not isinstance(items, list):
        raise FeedError("it is JSON, but no JSON Feed: it has no `items`")
    rows = [row for row in items[:MOST_ENTRIES] if isinstance(row, dict)]
    return Feed(kind="json", title=_string(value.get("title")), entries=tuple(_json_entry(row, url) for row in rows))


def _json_entry(row: dict[str, Any], url: str) -> Entry:
    names = (_string(one.get("name")) for one in _authors(row))
    links = (_string(row.get(name)) for name in ("url", "external_url", "id"))
    return Entry(
        title=_string(row.get("title")),
        links=_links(links, url),
        author=next(filter(None, names), ""),
        published=_string(row.get("date_published") or row.get("date_modified")),
        summary=_string(row.get("summary")),
        content=_string(row.get("content_html")) or _string(row.get("content_text")),
        image=_string(row.get("image") or row.get("banner_image")),
    )


def _authors(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    given = row.get("authors")
    yield from (
        one for one in (*(given if isinstance(given, list) else ()), row.get("author")) if isinstance(one, dict)
    )


def _string(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""
