"""Records that are made of a feed: an entry with its content is an article, the list of entries is a listing.

A feed's own bytes change with every answer, so that each entry is a capture of its own: a JSON object under `ENTRY`,
its fields under names of fields.toml. The list, without contents, stands under `LIST`. Both name their feed in `FEED`.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler import processors, times
from crawler.items import Account, ListedArticle, Listing, Reading
from crawler.pages.content import read_fragment
from crawler.pages.identity import leads_to
from crawler.text import compact, is_visible, storable
from crawler.urls import key_of

if TYPE_CHECKING:
    from crawler.pages.document import Document

FEED, ENTRY, LIST = "feed", "feed_entry", "feed_list"
MEDIA_TYPE = "application/json"
_DATA = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
_NO_CONTENT: tuple[str, ...] = tuple(_DATA["no_content"]["phrases"])
_LONGEST: int = _DATA["no_content"]["longest"]
_BLOCKS: int = _DATA["layout"]["blocks"]
_MARKS: tuple[str, ...] = tuple(_DATA["layout"]["marks"])
MANY_ACCOUNTS: frozenset[str] = frozenset(_DATA["many_accounts"]["titles"])
_BLOCK = re.compile(r"<(?:p|div|section|article|h[1-6]|li|blockquote|table|figure)[\s>]", re.IGNORECASE)
_MOST_ENTRIES = 20_000


def entry_of(value: Any) -> dict[str, Any] | None:
    """The fields of the entry that a JSON value is, or None where it is none."""
    if not isinstance(value, dict) or not isinstance(value.get(FEED), dict):
        return None
    entry = value.get(ENTRY)
    return entry if isinstance(entry, dict) else None


def read_list(document: Document, value: Any) -> Reading | None:
    """The listing that a JSON value is, or None where it is no list of a feed."""
    if not isinstance(value, dict) or not isinstance(value.get(FEED), dict) or not isinstance(value.get(LIST), list):
        return None
    rows = [row for row in value[LIST][:_MOST_ENTRIES] if isinstance(row, dict)]
    account = Account(name=processors.plain_line(value[FEED].get("account_name") or ""))
    entries = [entry for row in rows if (entry := _listed(row))]
    return Reading(
        capture=document.capture,
        found=Listing(kind="feed", account=account, entries=entries),
        template="feed-list",
        media_type=MEDIA_TYPE,
        warnings=list(document.warnings),
    )


def _listed(row: dict[str, Any]) -> ListedArticle | None:
    parsed = leads_to(processors.url(str(row.get("url") or "")))
    if parsed is None:
        return None
    when = times.parse_printed_time(str(row["published_at"])) if row.get("published_at") else None
    return ListedArticle(
        url=parsed.canonical,
        key=key_of(parsed),
        title=processors.plain_line(row.get("title") or ""),
        digest=processors.plain_text(row.get("digest") or ""),
        author=processors.plain_line(row.get("author") or ""),
        cover_url=processors.url(str(row.get("cover") or "")),
        published_at=when[0] if when else None,
    )


def is_content(html: str, *, title: str = "", digest: str = "") -> bool:
    """Is this the text or the pictures of an article: not nothing, its title, its digest, or a server's excuse?"""
    if not html.strip():
        return False
    found = read_fragment(html)
    text = compact(found.full_text)
    if not is_visible(text):
        return bool(found.media)
    if text in {compact(storable(title)), compact(storable(digest))}:
        return False
    return len(text) > _LONGEST or not any(phrase in text for phrase in _NO_CONTENT)


def is_laid_out(html: str) -> bool:
    """Does a description or summary look like a whole article rather than a digest?"""
    return any(mark in html for mark in _MARKS) or len(_BLOCK.findall(html)) >= _BLOCKS
