"""Which article a capture is of: its key, and the URLs that lead to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.items import ArticleUrl
from crawler.text import compact_hash
from crawler.urls import ParsedUrl, article_key, key_of, parse_article_url, strip_reader, unwrap

if TYPE_CHECKING:
    from crawler.items import Article, Capture, Notice

ARTICLE_FORMS = frozenset({"long", "short", "temporary", "preview"})


def leads_to(url: str | None) -> ParsedUrl | None:
    """The URL of an article that `url` is or stands for (behind a verification page), else None."""
    parsed = parse_article_url(url) if url else None
    parsed = unwrap(parsed) if parsed else None
    return parsed if parsed and parsed.form in ARTICLE_FORMS else None


def identify(article: Article, capture: Capture) -> list[str]:
    """Sets the article's key and the URLs that lead to it; gives warnings.

    The key is `mp:<biz>:<mid>:<idx>` from the page's own values, else from its own URL, else from the URL
    that was asked for; else `short:<token>`; else `text:<sha256 of the compacted full text>`.
    """
    warnings: list[str] = []
    parsed = [found for url in (article.url, capture.url) if (found := leads_to(url))]
    for found in parsed:
        if not (article.biz and article.mid and article.idx) and found.biz and found.mid and found.idx:
            if article.biz and article.biz != found.biz:
                warnings.append(f"the account's id {article.biz} is not that of {found.canonical}")
                continue
            article.biz, article.mid, article.idx = found.biz, found.mid, found.idx
            article.account.biz = article.account.biz or found.biz
    key = article_key(article.biz, article.mid, article.idx)
    own = []
    for found in parsed:
        other = key_of(found)
        if key and other and other.startswith("mp:") and other != key:
            warnings.append(f"the capture is of {key}, not of its URL's article {other}")
            continue
        own.append(found)
        article.sn = article.sn or found.sn
    key = key or next((k for found in own if (k := key_of(found))), None)
    article.key = key or f"text:{compact_hash(_own_text(article))}"
    if full := _long_url(article):
        own.append(full)
    known = {found.canonical: ArticleUrl(url=found.canonical, form=found.form, key=key_of(found)) for found in own}
    for url in (article.url, capture.url):
        # As it was seen too: links without their `chksm` meet the verification page more often.
        if url and (found := leads_to(url)) and found.canonical in known:
            seen = strip_reader(url)
            known.setdefault(seen, ArticleUrl(url=seen, form=found.form, key=key_of(found)))
    article.urls = list(known.values())
    if own:
        article.url = max(own, key=_tells_most).canonical
    elif article.url:
        article.url = strip_reader(article.url)
    return warnings


def _own_text(article: Article) -> str:
    """The full text; of an article that is only pictures its title and their URLs, so that no two are one."""
    media = (item.url or item.media_id or "" for item in article.media)
    return article.full_text or "\n".join(("", article.title or "", *media))


def _tells_most(parsed: ParsedUrl) -> tuple[bool, bool, str]:
    """What makes a URL the one to keep: that it opens the article (`sn`, or a token), then that it is long."""
    return bool(parsed.sn or parsed.token), parsed.form == "long", parsed.canonical


def _long_url(article: Article) -> ParsedUrl | None:
    """The canonical URL of an article whose ids are known."""
    if not (article.biz and article.mid and article.idx):
        return None
    sn = f"&sn={article.sn}" if article.sn else ""
    return parse_article_url(f"https://mp.weixin.qq.com/s?__biz={article.biz}&mid={article.mid}&idx={article.idx}{sn}")


def identify_notice(notice: Notice, capture: Capture) -> None:
    """Sets which article a notice is about, where its page does not say, from the URL that was asked for."""
    for url in (notice.url, capture.url, capture.hints.url):
        found = leads_to(url)
        if found:
            notice.url = found.canonical
            notice.key = notice.key or key_of(found)
            return
