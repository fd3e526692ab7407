"""Readings of HTML that a test writes, without files."""

from __future__ import annotations

from datetime import UTC, datetime

from crawler.items import Article, Capture, Listing, Notice, Reading, Rejected
from crawler.pages import html
from crawler.pages.document import Document, Limits

LIMITS = Limits()
CAPTURED = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def read_html(content: str | bytes, *, url: str | None = None, limits: Limits = LIMITS) -> Reading:
    """What the HTML reader makes of `content`; invalid UTF-8 is replaced, as decoding does."""
    given = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    capture = Capture(
        uri="file:///page.html",
        name="page.html",
        content=given,
        captured_at=CAPTURED,
        captured_at_source="mtime",
        url=url,
    )
    utf8 = given.decode("utf-8", "replace").encode()
    return html.read(Document(capture=capture, utf8=utf8, encoding="utf-8", limits=limits))


def article(content: str | bytes, *, url: str | None = None) -> Article:
    """The article that `content` is."""
    found = read_html(content, url=url).found
    assert isinstance(found, Article), found
    return found


def notice(content: str | bytes, *, url: str | None = None) -> Notice:
    """The notice that `content` is."""
    found = read_html(content, url=url).found
    assert isinstance(found, Notice), found
    return found


def listing(content: str | bytes) -> Listing:
    """The listing that `content` is."""
    found = read_html(content).found
    assert isinstance(found, Listing), found
    return found


def rejected(content: str | bytes, *, limits: Limits = LIMITS) -> Rejected:
    """Why `content` is rejected."""
    found = read_html(content, limits=limits).found
    assert isinstance(found, Rejected), found
    return found


def page(
    content: str,
    *,
    scripts: str = "",
    title: str = "石桥旧事",
    head: str = "",
    item: str = 'var biz = "MzkwMDAxMDAwMQ==";',
) -> str:
    """A page as WeChat sends it, with `content` in its content area and `scripts` behind it."""
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8">{head}<title></title></head>
<body id="activity-detail" class="zh_CN mm_appmsg"><script>{item}</script>
<div id="js_article" class="rich_media"><h1 class="rich_media_title" id="activity-name">{title}</h1>
<div id="meta_content" class="rich_media_meta_list"><a id="js_name">河湾街坊</a><em id="publish_time"></em></div>
<div class="rich_media_content" id="js_content" style="visibility: hidden;">{content}</div></div>
<script>{scripts}</script></body></html>"""
