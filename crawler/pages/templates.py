"""Which template of WeChat's, or which tool's export, a page is: told from marks of its markup."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from crawler.pages.page import PLACES

if TYPE_CHECKING:
    from crawler.items import Article, Evidence, PublishedPrecision
    from crawler.pages.page import Page

# Ids and classes that only WeChat's pages have; a page with any of them is one, or a copy of one.
_OWN_IDS = frozenset(PLACES["template"]["own_ids"])
_OWN_MARKS = tuple(mark.encode() for mark in PLACES["template"]["own_marks"])
_SITE_MARKS = tuple(mark.encode() for mark in PLACES["template"]["site_marks"])
_WEAK_MARKS = tuple(mark.encode() for mark in PLACES["template"]["weak_marks"])
_ERAS: tuple[tuple[str, str], ...] = tuple((era["name"], era["mark"]) for era in PLACES["template"]["eras"])
_DOCUMENT = re.compile(rb"<(?:!doctype|html|head|body|title|frameset|meta|link)\b", re.IGNORECASE)
_SAVED = re.compile(
    r"\w{3} (?P<month>\w{3}) (?P<day>\d{2}) (?P<year>\d{4}) (?P<clock>\d{2}:\d{2}:\d{2}) GMT(?P<zone>[+-]\d{4})"
)


def is_wechat(page: Page) -> bool:
    """Is this one of WeChat's pages, or what a tool made of one?"""
    html = page.markup.html
    if page.data is not None or any(mark in html for mark in _OWN_MARKS):
        return True
    own = len(_OWN_IDS & page.ids.keys())
    if own > 1 or (own == 1 and any(mark in html for mark in (*_WEAK_MARKS, *_SITE_MARKS))):
        return True
    # A page of another site may show WeChat's pictures; its own address tells.
    address = page.meta.get("og:url") or page.saved_from or ""
    if address and "weixin.qq.com" not in address:
        return False
    return all(mark in html for mark in _WEAK_MARKS) or (is_fragment(page) and _WEAK_MARKS[0] in html)


def is_of_site(page: Page) -> bool:
    """Does the page's source name WeChat's site, scripts included?"""
    return any(mark in source for source in (page.markup.html, *page.markup.scripts) for mark in _SITE_MARKS)


def is_whole(page: Page) -> bool:
    """Does the page have its end? SingleFile leaves closing tags out that HTML does not need."""
    if page.saved_date is not None:
        return not page.markup.is_cut
    tail = page.markup.html[-2048:].lower()
    return not page.markup.is_cut and (b"</html" in tail or b"</body" in tail)


def is_fragment(page: Page) -> bool:
    """Is it the inside of a content area alone, as programs that take articles apart store it?"""
    return not page.markup.scripts and _DOCUMENT.search(page.markup.html) is None


def evidence_of(page: Page) -> Evidence:
    """`page` where WeChat's own structure is there, `export` where a tool has made the page anew."""
    own = not _OWN_IDS.isdisjoint(page.ids) or page.data is not None
    has_values = page.data is not None or bool(page.values.text("var", "biz") or page.values.text("d", "biz"))
    return "page" if own and (has_values or "og:title" in page.meta or "activity-name" in page.ids) else "export"


def name_of(page: Page, article: Article) -> str:
    """The template's name: the kind's and the era's, or `export`."""
    if evidence_of(page) == "export":
        return "export"
    if article.repost is not None and article.repost.kind == "share":
        prefix = "share"
    else:
        prefix = "page" if article.kind == "article" else article.kind
    html = page.markup.html
    for era, mark in _ERAS:
        kind, _, name = mark.partition(" ")
        if kind == "data":
            found = page.data is not None and (not name or name in page.data)
        elif kind == "id":
            found = name in page.ids
        else:
            found = name.encode() in html
        if found:
            return f"{prefix}-{era}"
    return f"{prefix}-2016"


def saved_moment(text: str) -> tuple[datetime, PublishedPrecision] | None:
    """A time as JavaScript prints it: `Wed Jun 12 2024 21:33:53 GMT+0800 (...)`."""
    match = _SAVED.match(text)
    if not match:
        return None
    given = f"{match['year']} {match['month']} {match['day']} {match['clock']} {match['zone']}"
    try:
        return datetime.strptime(given, "%Y %b %d %H:%M:%S %z").astimezone(UTC), "second"
    except (ValueError, OverflowError):
        return None
