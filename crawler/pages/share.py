"""What a page says it was reposted from: a full reprint, or a card that only points to another account's article."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler import processors as p
from crawler.items import Repost
from crawler.pages.page import PLACES, Found
from crawler.pages.script import descend
from crawler.urls import parse_article_url

if TYPE_CHECKING:
    from crawler.pages.page import Page

_TIPS = re.compile(PLACES["reprint"]["tips"])
_REPRINTED = "2"  # copyright_stat of a repost that WeChat recognised


def is_share_card(page: Page) -> bool:
    """Does the page show only a card of another account's article?"""
    return page.by_id("js_share_content") is not None and page.by_id("js_share_source") is not None


def repost_of(page: Page) -> tuple[Repost, str] | None:
    """The source that the page names, and where it names it; None for an article of the account's own."""
    is_card = is_share_card(page)
    tips = _tips(page)
    stat = page.first(["cgi copyright_info.copyright_stat", "js _copyright_stat", "js copyright_stat"])
    url = _source_url(page)
    biz = p.biz(_value(page, "source_encode_biz") or "") or p.biz_from_decimal(_value(page, "source_biz") or "")
    if not (is_card or tips or (biz and stat and stat.value == _REPRINTED)):
        return None
    parsed = parse_article_url(url) if url else None
    author = page.text(page.by_id("js_share_author"))
    account = tips["account"] if tips else author or _value(page, "platform")
    return (
        Repost(
            kind="share" if is_card else "reprint",
            biz=biz or (parsed.biz if parsed else None),
            mid=p.positive_number(_value(page, "source_mid") or "") or (parsed.mid if parsed else None),
            idx=p.positive_number(_value(page, "source_idx") or "") or (parsed.idx if parsed else None),
            url=parsed.canonical if parsed else url,
            account=p.plain_line(account or ""),
            ghid=p.ghid(_value(page, "source_username") or ""),
            author=p.plain_line((tips["author"] if tips else None) or ""),
            title=_title(page),
        ),
        "#js_share_content" if is_card else "copyright_info" if stat and biz else ".original_primary_card_tips",
    )


def _value(page: Page, name: str) -> str | None:
    found = page.first([f"cgi copyright_info.{name}", f"js {name}"])
    if found is None:
        for value in page.values.objects("copyright_info"):
            inner = descend(value, name)
            if isinstance(inner, str) and inner:
                found = Found(inner, name)
    return found.value if found and found.value != "0" else None


def _source_url(page: Page) -> str | None:
    node = page.by_id("js_share_source")
    given = (node.attributes.get("data-url") or node.attributes.get("href") or "") if node else ""
    return p.url(given) or p.url(_value(page, "reprint_url") or "")


def _title(page: Page) -> str | None:
    found = page.first(["cgi source_title", "id original_panel_title", "css .original_panel_title"])
    return p.plain_line(found.value) if found else None


def _tips(page: Page) -> re.Match[str] | None:
    for node in page.tree.css(".original_primary_card_tips, #js_original_primary_card_tips"):
        match = _TIPS.match(page.text(node))
        if match:
            return match
    return None
