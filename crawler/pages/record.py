"""Records: one JSON object with an article's fields under names that are known (fields.toml)."""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING, Any

from crawler.items import Article, ListedArticle, Listing, Notice, Reading, Rejected
from crawler.pages import (
    assemble,
    content,
    detect,
    dump,
    exported_forms,
    feed,
    fields,
    listing,
    markdown,
    record_shapes,
    textnotice,
)
from crawler.pages import html as whole_page
from crawler.pages.chrome import chrome, fold
from crawler.pages.document import Document
from crawler.pages.identity import leads_to
from crawler.urls import key_of

if TYPE_CHECKING:
    from collections.abc import Iterable

MEDIA_TYPE = "application/json"
_HTML = re.compile(
    r"<(?:p|div|section|span|img|br|strong|em|h[1-6]|table|ul|ol|figure|blockquote|a)(?:\s[^<>]{0,4096})?/?>",
    re.IGNORECASE,
)
_WHOLE_PAGE = re.compile(
    r"\s{0,99}(?:<\?xml[^<>]{0,200}>\s{0,99})?(?:<!--[^<>]{0,400}-->\s{0,99})?<(?:!doctype|html|head|body)\b",
    re.IGNORECASE,
)
_ESCAPED = re.compile(
    r"\s{0,99}(?:&lt;|\\x3c)(p|div|section|h[1-6]|ul|ol|table|blockquote|span|strong)\b", re.IGNORECASE
)
_TAG_CLOSES = re.compile(r"(?:&lt;|\\x3c)/\w{1,12}(?:&gt;|\\x3e)\s{0,99}\Z", re.IGNORECASE)
_ESCAPE = re.compile(r"\\x([0-9a-fA-F]{2})")
_TOLD = {"title", "url", "published", "name", "account"}  # one of these beside a content makes it an article
# What a record tells of an article, or of its account, where the page in it does not.
_OF_ARTICLE = (
    "title",
    "author",
    "url",
    "biz",
    "mid",
    "idx",
    "sn",
    "digest",
    "cover_url",
    "is_original",
    "ip_region",
    "comment_id",
)
_OF_ACCOUNT = ("biz", "ghid", "alias", "name", "intro")
_MAX_NAMES = 12  # names of an unknown object that are printed


def read(document: Document) -> Reading:
    """The article or listing of a JSON document.

    `Rejected("unknown")` with the object's names where it is neither; "corrupt" where it is no JSON.
    """
    try:
        value = json.loads(document.text)
    except RecursionError:
        return _rejected(document, Rejected(reason="too_complex", detail="JSON nested too deeply"))
    except ValueError as error:
        value = _json_lines(document.text)
        if value is None:
            return _rejected(document, Rejected(reason="corrupt", detail=f"not JSON: {error}"))
    if (entry := feed.entry_of(value)) is not None:
        return _read_entry(document, entry)
    if found := feed.read_list(document, value) or listing.read(document, value):
        return found
    inner = record_shapes.within(value)
    row = inner[0] if len(inner) == 1 else record_shapes.unwrapped(value)
    if row is not None and (reading := read_row(document, row)):
        return reading
    return _rejected(document, Rejected(reason="unknown", detail=_described(value)))


def read_row(document: Document, row: dict[str, Any]) -> Reading | None:
    """The article of a record, or None where its names tell no article."""
    if export := exported_forms.row(document, row):
        return export
    values = fields.Values()
    for name, value in record_shapes.flat(row).items():
        values.add(name, value)
    bodies = [
        (name, text)
        for kind in ("content_html", "content")
        for name, value in values.all(kind)
        if (text := _joined(value)) is not None
    ]
    known = values.found.keys() | values.empty
    if not known & _TOLD:
        return None
    unread = any(value and _joined(value) is None for kind in ("content_html", "content") for value in values.of(kind))
    told = next(((name, text) for name, text in bodies if _is_text(text)), None)
    if told is None and not unread and (link := _read_link(document, values)):
        return link
    if not bodies:
        return None
    draft = assemble.Draft(document=document)
    assemble.fill_values(draft, values, "record")
    name, body = told or ("", "")
    reading = _read_content(draft, body, is_markdown=fields.fold(name) in fields.field_names().markdown)
    if isinstance(reading.found, Article) and reading.found.evidence != "page":
        reading.found.evidence = "record"
    reading.template = f"record-{reading.template}"
    reading.captured_at_source = "record" if reading.captured_at else None
    return reading


def _is_text(content: str) -> bool:
    return bool(content.strip()) and fold(content) not in chrome().placeholders


def _read_entry(document: Document, entry: dict[str, Any]) -> Reading:
    """The article of a feed's entry; a notice where the feed's server was shown one and took it for the article."""
    values = fields.Values()
    for name, value in entry.items():
        values.add(name, value)
    draft = assemble.Draft(document=document)
    assemble.fill_values(draft, values, "record")
    body = next((text for kind in ("content_html", "content") for text in map(_joined, values.of(kind)) if text), "")
    reading = _read_html(draft, body) if "<" in body else _read_content(draft, body)
    if not isinstance(article := reading.found, Article):
        return reading
    if notice := textnotice.read_notice(draft, article.full_text.splitlines(), media_type=MEDIA_TYPE):
        return notice
    article.evidence = "feed"
    reading.template = "feed-entry"
    return reading


def _joined(value: Any) -> str | None:
    """A content as text: paragraphs may come in a list."""
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return "\n".join(value)
    return value if isinstance(value, str) else None


def _read_link(document: Document, values: fields.Values) -> Reading | None:
    """A record without a content that names an article of WeChat's: a listing of one."""
    draft = assemble.Draft(document=document)
    assemble.fill_values(draft, values, "record")
    article = draft.loader.load()
    parsed = leads_to(article.url)
    if parsed is None or article.title is None:
        return None
    entry = ListedArticle(
        url=parsed.canonical,
        key=key_of(parsed),
        title=article.title,
        digest=article.digest,
        author=article.author,
        cover_url=article.cover_url,
        published_at=article.published_at,
    )
    found = Listing(kind="history", account=article.account, entries=[entry])
    return Reading(capture=document.capture, found=found, template="record-link", media_type=MEDIA_TYPE)


def _read_content(draft: assemble.Draft, body: str, *, is_markdown: bool = False) -> Reading:
    """The content of a record by what it is: HTML (perhaps escaped), Markdown, a dump of a page, or plain text."""
    body = _unescaped(body)
    if len(_HTML.findall(body[:20_000])) > 1 or (_HTML.match(body.lstrip()) and "</" in body):
        return _read_html(draft, body)
    if is_markdown or detect.is_markdown(body):
        return markdown.read_text(draft, body, media_type=MEDIA_TYPE)
    return dump.read_lines(draft, body, media_type=MEDIA_TYPE)


def _unescaped(body: str) -> str:
    """`body` with its tags, where it begins and ends with tags that are escaped, as HTML is or JavaScript."""
    opening = _ESCAPED.match(body)
    if opening is None or _TAG_CLOSES.search(body) is None:
        return body
    name = opening[1].lower()
    if len(re.findall(rf"(?:&lt;|\\x3c){name}\b", body.lower())) != body.lower().count(f"/{name}"):
        return body  # it speaks of tags
    plain = html.unescape(body) if "&lt;" in body else _ESCAPE.sub(lambda match: chr(int(match[1], 16)), body)
    return plain if _HTML.match(plain.lstrip()) else body


def _read_page(draft: assemble.Draft, body: str) -> Reading | None:
    """A whole page that is a record's content, as the page itself is read; the record fills what it leaves open.

    None where it is no page of WeChat's.
    """
    document = draft.document
    reading = whole_page.read(
        Document(capture=document.capture, utf8=body.encode(), encoding="utf-8", limits=document.limits)
    )
    reading.media_type = MEDIA_TYPE
    told = draft.loader.load()
    found = reading.found
    if isinstance(found, Article):
        _fill_gaps(found, told, _OF_ARTICLE)
        _fill_gaps(found.account, told.account, _OF_ACCOUNT)
        if found.published_at is None:
            found.published_at = told.published_at
            found.published_precision, found.published_source = draft.precision, draft.published_source
    elif isinstance(found, Notice):
        found.url = found.url or told.url
    else:
        return None
    return reading


def _fill_gaps(found: object, told: object, names: Iterable[str]) -> None:
    for name in names:
        if getattr(found, name) is None:
            setattr(found, name, getattr(told, name))


def _read_html(draft: assemble.Draft, body: str) -> Reading:
    if _WHOLE_PAGE.match(body) and (page := _read_page(draft, body)):
        return page
    limits = draft.document.limits
    if body.count("<") > limits.max_nodes:
        return _rejected(
            draft.document, Rejected(reason="too_complex", detail=f"more than {limits.max_nodes} tags in its HTML")
        )
    found = content.read_fragment(body)
    reading = assemble.finish(draft, [], evidence="record", template="html", media_type=MEDIA_TYPE)
    if isinstance(article := reading.found, Article):
        article.full_text, article.marks = found.full_text, found.marks
        article.links, article.media = found.links, found.media
    return reading


def _json_lines(text: str) -> list[Any] | None:
    """The values of JSON Lines, or None where a line is no JSON."""
    try:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError):
        return None


def _described(value: Any) -> str:
    if isinstance(value, dict):
        names = ", ".join(repr(str(name)[:40]) for name in list(value)[:_MAX_NAMES])
        known = fields.field_names().by_name.keys() & {fields.fold(str(name)) for name in value}
        if known:
            return f"a JSON object with {names}, but with no text, and no title with an article's address"
        return f"a JSON object with names that are no article's: {names or 'none'}"
    if isinstance(value, list):
        return f"a JSON array of {len(value)} that is no listing: give records one a line (.jsonl)"
    return f"a JSON {type(value).__name__}"


def _rejected(document: Document, why: Rejected) -> Reading:
    return Reading(capture=document.capture, found=why, media_type=MEDIA_TYPE, warnings=list(document.warnings))
