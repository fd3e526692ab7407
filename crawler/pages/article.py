"""A page of WeChat with content -> `Article`, whatever its kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.loaders import ArticleLoader
from crawler.pages import templates
from crawler.pages.article_fields import kind_of, load_fields, load_from_export, load_times
from crawler.pages.bodies import read_body
from crawler.pages.details import load_details
from crawler.pages.notice import notice_of_text
from crawler.pages.share import repost_of
from crawler.text import compact

if TYPE_CHECKING:
    from crawler.items import Article, ArticleKind
    from crawler.pages.page import Page

_STUB_LENGTH = 200  # characters of a content area that holds no more than a notice


def read_article(page: Page) -> tuple[Article | None, dict[str, str]]:
    """The article and where each of its fields came from; (None, {}) where the page has no content."""
    told, source = kind_of(page)
    kind: ArticleKind = told or "article"
    body = read_body(page, kind)
    if not body and told not in {None, "article"}:
        # The scripts may speak of another kind than the page was made for.
        body = read_body(page, "article")
    if not body or _is_notice(page, body.full_text):
        return None, {}
    loader = ArticleLoader()
    loader.add("kind", kind, source or "structure")
    loader.add("evidence", templates.evidence_of(page), "structure")
    load_fields(page, loader)
    load_times(page, loader)
    load_details(page, loader)
    if kind == "article":
        load_from_export(page, loader)
    repost = repost_of(page)
    if repost is not None:
        loader.add("repost", repost[0], repost[1])
    article = loader.load()
    article.full_text = body.full_text
    article.marks, article.links, article.media = body.marks, body.links, body.media
    if kind == "text":
        _untitle(page, article, loader)
    if article.digest and compact(article.digest) == compact(article.full_text):
        article.digest = None
    return article, loader.all_sources()


def _is_notice(page: Page, text: str) -> bool:
    """Some tools put a notice's sentence where the content was."""
    if len(text) > _STUB_LENGTH or page.first(["js biz", "cgi bizuin"]):
        return False
    return notice_of_text(text) is not None and not page.text(page.by_id("activity-name"))


def _untitle(page: Page, article: Article, loader: ArticleLoader) -> None:
    """A text post without a title of its author's has its text for a title: that is none."""
    own = page.first(["cgi text_page_info.is_user_title"])
    title, text = compact(article.title or ""), compact(article.full_text)
    is_own = own is not None and own.value == "1"
    if title and not is_own and (text.startswith(title) or title.startswith(text)):
        article.title = None
        loader.sources.pop("title", None)
