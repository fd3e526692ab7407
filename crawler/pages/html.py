"""A saved HTML page -> article, notice, listing, or the reason why it is none of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.items import Article, Listing, Notice, Reading, Rejected
from crawler.pages import complexity, exported_forms, markup, templates
from crawler.pages.account_page import read_listing
from crawler.pages.article import read_article
from crawler.pages.notice import read_notice
from crawler.pages.page import Page
from crawler.times import parse_printed_time
from crawler.urls import parse_article_url

if TYPE_CHECKING:
    from crawler.pages.document import Document

MEDIA_TYPE = "text/html"
_END = re.compile(rb"</(?:html|body)", re.IGNORECASE)


def read(document: Document) -> Reading:
    """What the page is. Never raises on any content; `crawler.pages.read` guards against our own faults."""
    reading = Reading(
        capture=document.capture,
        found=Rejected(reason="no_content", detail=""),
        warnings=list(document.warnings),
        media_type=MEDIA_TYPE,
    )
    utf8 = document.utf8
    if markup.is_escaped(utf8):
        utf8 = markup.undo_escapes(utf8)
        reading.warnings.append("the page's quotes were escaped once too often; one layer was undone")
    source = markup.take_out_scripts(utf8)
    beyond = complexity.too_complex(source.html, document.limits)
    if beyond:
        reading.found = Rejected(reason="too_complex", detail=beyond)
        return reading
    if export := exported_forms.html(document, source.html):
        return export
    page = Page(source)
    _read_page(page, reading)
    reading.warnings += page.warnings
    return reading


def _read_page(page: Page, reading: Reading) -> None:
    is_ours = templates.is_wechat(page)
    is_of_site = is_ours or templates.is_of_site(page) or _asked_of_wechat(reading)
    listing = read_listing(page) if is_of_site and not page.ids.get("js_content") else None
    if listing is not None:
        _found(reading, listing, listing.kind)
        return
    if is_ours:
        article, sources = read_article(page)
        if article is not None:
            reading.sources = sources
            if not templates.is_whole(page) and article.evidence == "page":
                # Something long may follow a page's end.
                reading.is_cut = page.markup.is_cut or not _END.search(page.markup.html)
                reading.warnings.append("the page ends in the middle; what it has was read")
            _found(reading, article, templates.name_of(page, article))
            _date(page, reading)
            return
    notice = read_notice(page, ours=is_of_site)
    if notice is not None:
        _found(reading, notice, "notice")
        _date(page, reading)
        return
    reading.found = _nothing(page, is_ours=is_ours)


def _asked_of_wechat(reading: Reading) -> bool:
    parsed = parse_article_url(reading.capture.url or "")
    return parsed is not None


def _found(reading: Reading, found: Article | Notice | Listing, template: str) -> None:
    reading.found = found
    reading.template = template


def _date(page: Page, reading: Reading) -> None:
    """When the capture was taken, where the tool that saved the page noted it."""
    noted = page.saved_date
    moment = templates.saved_moment(noted) or parse_printed_time(noted) if noted else None
    if moment is not None:
        reading.captured_at, reading.captured_at_source = moment[0], "page"


def _nothing(page: Page, *, is_ours: bool) -> Rejected:
    if not is_ours:
        return Rejected(
            reason="foreign",
            detail="a web page without any mark of a WeChat article; save the article's own page (mp.weixin.qq.com/s)",
        )
    title = page.text(page.by_id("activity-name")) or page.text_of_title() or page.meta.get("og:title", "")
    about = f" (title: {title[:80]})" if title else ""
    if page.markup.is_cut or not templates.is_whole(page):
        return Rejected(reason="truncated", detail=f"the page ends before its content begins{about}; save it again")
    return Rejected(
        reason="no_content",
        detail=f"a page of WeChat with nothing of an article in it{about}; save it after it has loaded",
    )
