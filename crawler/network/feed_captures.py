"""What of a feed is kept: an entry with content is a capture, the list of its entries another."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crawler import processors
from crawler.items import Capture, CapturedAtSource
from crawler.pages.feed import ENTRY, FEED, LIST, MANY_ACCOUNTS, is_content, is_laid_out
from crawler.pages.identity import leads_to
from crawler.text import tidy_line
from crawler.urls import key_of

if TYPE_CHECKING:
    from datetime import datetime

    from crawler.network.feeds import Entry, Feed
    from crawler.urls import ParsedUrl


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A feed as it is kept."""

    entries: tuple[tuple[Capture, str], ...]  # with content, each an article; and its canonical URL
    listing: Capture | None  # None where the feed names no article
    without_content: tuple[str, ...]  # canonical URLs of the others
    foreign: int  # entries that lead to no article of WeChat's


def captures_of(feed: Feed, uri: str, name: str, captured_at: datetime, source: CapturedAtSource) -> Kept:
    """The captures of a feed that was read from `uri` (which tells nothing private), shown as `name`.

    The same entry gives the same bytes, whenever it is read.
    """
    named = [(entry, parsed) for entry in feed.entries if (parsed := _article(entry)) is not None]
    account = _account_of(feed, [entry for entry, _ in named])
    rows: list[dict[str, str]] = []
    captures: dict[str, tuple[Capture, str]] = {}
    without: dict[str, None] = {}
    about = {"kind": feed.kind} | ({"account_name": account} if account else {})

    def capture(value: dict[str, Any], end: str = "") -> Capture:
        return Capture(
            uri=uri + end,
            name=name + end,
            content=json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"),
            captured_at=captured_at,
            captured_at_source=source,
            media_type="application/json",
        )

    for entry, parsed in named:
        row = _row(entry, parsed, account)
        rows.append({field: row[field] for field in row if field != "account_name"})
        content = _content(entry)
        if not content:
            without[parsed.canonical] = None
            continue
        mark = (key_of(parsed) or "").partition(":")[2] or hashlib.sha256(parsed.canonical.encode()).hexdigest()[:16]
        made = capture({FEED: about, ENTRY: row | {"content_html": content}}, f"!/{mark}")
        captures.setdefault(mark, (made, parsed.canonical))
    return Kept(
        entries=tuple(captures.values()),
        listing=capture({FEED: about, LIST: rows}) if rows else None,
        without_content=tuple(without),
        foreign=len(feed.entries) - len(named),
    )


def _article(entry: Entry) -> ParsedUrl | None:
    """Which article an entry leads to; None where it is none of WeChat's."""
    found = (leads_to(processors.url(link)) for link in entry.links)
    return next((parsed for parsed in found if parsed is not None), None)


def _content(entry: Entry) -> str:
    """An entry's content (HTML), wherever it stands; "" where there is only a digest."""
    if is_content(entry.content, title=entry.title, digest=entry.summary if entry.summary != entry.content else ""):
        return entry.content
    if is_laid_out(entry.summary) and is_content(entry.summary, title=entry.title):
        return entry.summary
    return ""


def _row(entry: Entry, parsed: ParsedUrl, account: str) -> dict[str, str]:
    """The fields of an entry under names that a record has, those that it has not left out."""
    name = tidy_line(entry.account) or account
    author = tidy_line(entry.author)
    values = {
        "url": parsed.canonical,
        "title": tidy_line(entry.title),
        "account_name": name,
        "author": author if author != name else "",
        "published_at": tidy_line(entry.published),
        "digest": "" if is_laid_out(entry.summary) else entry.summary,
        "cover": entry.image,
    }
    return {field: value for field, value in values.items() if value}


def _account_of(feed: Feed, entries: list[Entry]) -> str:
    """The account whose articles a feed has: its title, where no entry is by somebody else."""
    title = tidy_line(feed.title)
    authors = {tidy_line(entry.author) for entry in entries} - {""}
    return title if title.casefold() not in MANY_ACCOUNTS and authors <= {title} else ""
