"""Fields that every kind of article page has, put into the loaders in the order of trust (page.toml)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.pages import export_head, fields
from crawler.pages.page import PLACES
from crawler.times import EARLIEST, from_unix, parse_printed_time
from crawler.urls import parse_article_url

if TYPE_CHECKING:
    from datetime import datetime

    from crawler.items import ArticleKind, PublishedPrecision
    from crawler.loaders import ArticleLoader, SourcedLoader
    from crawler.pages.page import Page

_TYPES: dict[str, ArticleKind] = PLACES["kind"]["types"]
_CLASSES: dict[str, ArticleKind] = PLACES["kind"]["classes"]
_URL_LABELS = tuple(PLACES["export"]["url_labels"])
_ENDS = 12  # links at the head and at the tail that may be labelled
_LABELLED_LENGTH = 400  # characters of a line that is a label and a URL
_PLACEHOLDERS = frozenset(PLACES["title"]["placeholders"])


def load_fields(page: Page, loader: ArticleLoader) -> None:
    """Everything that has one place in page.toml or several: account, identity, title, author, links out."""
    for table, into in (("account", loader.account), ("article", loader)):
        for field, places in PLACES[table].items():
            _load(page, into, field, places)
    loader.add("url", page.saved_from, "saved from")
    _load_identity(loader)
    _load_profile_card(page, loader)
    _load_byline(page, loader)


def load_times(page: Page, loader: ArticleLoader) -> None:
    """When the article was published: Unix seconds first, then printed times; never a guess."""
    for found in page.find(PLACES["published"]["second"]):
        moment = from_unix(found.value) if found.value.isdigit() else None
        if moment and _add_time(loader, moment, "second", found.source):
            return
    groups: tuple[tuple[str, PublishedPrecision | None], ...] = (("minute", "minute"), ("printed", None))
    for names, precision in groups:
        for found in page.find(PLACES["published"][names]):
            printed = parse_printed_time(found.value)
            if printed and _add_time(loader, printed[0], precision or printed[1], found.source):
                return
            if not printed and names == "printed" and found.source == "#publish_time" and found.value:
                page.warnings.append(f"the time is printed in words only: {found.value[:40]}")
    svr = page.values.svr_times()
    if svr and (moment := from_unix(svr[0])):
        _add_time(loader, moment, "second", "publish_time script")


def kind_of(page: Page) -> tuple[ArticleKind | None, str]:
    """The page's kind and where it says so; None where it does not."""
    for found in page.find(PLACES["kind"]["places"]):
        if found.value in _TYPES:
            return _TYPES[found.value], found.source
        if found.value.isdigit():
            page.warnings.append(f"item_show_type {found.value[:8]} is not known; read as an article")
            return "article", found.source
    for name, kind in _CLASSES.items():
        if name in page.body_classes:
            return kind, f"body.{name}"
    return None, ""


def load_from_export(page: Page, loader: ArticleLoader) -> None:
    """Title and URL of a page that a tool made anew, where WeChat's own places are gone."""
    for found in page.find(PLACES["export"]["titles"]):
        title = found.value.strip()
        if title not in _PLACEHOLDERS and title != loader.account.known("name"):
            loader.add("title", title, found.source)
    if loader.known("evidence") == "export":
        _load_header(page, loader)
    if loader.known("url") or loader.known("mid") or loader.known("evidence") != "export":
        return
    nodes = page.tree.css("a[href]")
    for node in nodes[:_ENDS] + nodes[max(_ENDS, len(nodes) - _ENDS) :]:
        label = page.text(node), page.text(node.parent)
        # A link in running text gives no identity.
        if any(text.startswith(_URL_LABELS) and len(text) <= _LABELLED_LENGTH for text in label):
            parsed = parse_article_url(node.attributes.get("href") or "")
            if parsed is not None and parsed.form in {"long", "short"}:
                loader.add("url", parsed.canonical, "labelled link")
                _load_identity(loader)
                return


def _load_header(page: Page, loader: ArticleLoader) -> None:
    """Account, author and time that the tool has printed above the content."""
    values = export_head.read_values(page)
    loader.account.add("name", next(iter(values.of("account")), None) or fields.account_as_source(values), "header")
    loader.add("author", next(iter(values.of("author")), None), "header")
    for printed in values.of("published"):
        moment = parse_printed_time(str(printed))
        if moment is not None and _add_time(loader, *moment, "header"):
            return


def _load(page: Page, loader: SourcedLoader, field: str, places: list[str]) -> None:
    for found in page.find(places):
        if field == "title" and found.value.strip() in _PLACEHOLDERS:
            continue
        if loader.add(field, found.value, found.source):
            return


def _load_identity(loader: ArticleLoader) -> None:
    """What the scripts leave open is in the page's own URL."""
    parsed = parse_article_url(str(loader.known("url") or ""))
    if parsed is None or parsed.biz is None:
        return
    known = loader.known("biz")
    if known is None or known == parsed.biz:
        for field in ("biz", "mid", "idx", "sn"):
            loader.add(field, getattr(parsed, field), "page url")
        loader.account.add("biz", parsed.biz, "page url")


def _load_profile_card(page: Page, loader: ArticleLoader) -> None:
    """The hidden card of pages up to 2022: 微信号, then 功能介绍."""
    values = page.tree.css(".profile_meta_value")
    for number, field in enumerate(("alias", "intro")):
        if number < len(values):
            loader.account.add(field, page.text(values[number]), f".profile_meta_value[{number}]")


def _load_byline(page: Page, loader: ArticleLoader) -> None:
    """The author of pages without a name for it: a line of the head that is no date and no account."""
    if loader.known("author"):
        return
    for node in page.tree.css(
        ".rich_media_meta_list > .rich_media_meta_text, .rich_media_meta_list > em.rich_media_meta.text"
    ):
        attributes = node.attributes
        if attributes.get("id") or "nickname" in (attributes.get("class") or ""):
            continue
        text = page.text(node)
        if text and len(text) <= 40 and parse_printed_time(text) is None and text != loader.account.known("name"):
            loader.add("author", text, ".rich_media_meta_text")
            return


def _add_time(loader: ArticleLoader, moment: datetime, precision: PublishedPrecision, source: str) -> bool:
    if moment < EARLIEST or not loader.add("published_at", moment, source):
        return False
    loader.add("published_precision", precision, source)
    loader.add("published_source", "page", source)
    return True
