"""A document as a page of HTML that stands alone: no script, nothing is loaded, every text escaped.

`article_html` is the article without a page around it, for whoever has one. Images are links unless they are asked
for: a page that is opened tells nobody.
"""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.pages.exported_forms import BODY_ID, META
from crawler.text import storable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipelines.export.blocks import Block, Piece
    from pipelines.export.document import Document

_NUMBER = re.compile(r"\d{1,9}[.)](?=\s)")
_SCHEMES = frozenset({"http", "https", "mailto"})
STYLE = """
:root { color-scheme: light dark; }
body { font: 17px/1.75 -apple-system, "PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif;
  max-width: 42em; margin: 2em auto; padding: 0 1em; overflow-wrap: anywhere; }
h1 { font-size: 1.5em; line-height: 1.4; }
h2, h3, h4, h5, h6 { font-size: 1.15em; line-height: 1.4; margin: 1.6em 0 .6em; }
p, li { margin: .7em 0; }
li.gzh-further { list-style: none; }
.gzh-head, .gzh-credits { color: GrayText; font-size: .85em; }
.gzh-head a { color: inherit; }
blockquote { border-left: 3px solid GrayText; margin: 1em 0; padding: 0 0 0 1em; }
pre { overflow-x: auto; padding: .8em; border: 1px solid GrayText; font-size: .85em; line-height: 1.5; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
td, th { border: 1px solid GrayText; padding: .3em .6em; text-align: left; vertical-align: top; overflow-wrap: normal; }
img { max-width: 100%; height: auto; }
hr { border: 0; border-top: 1px solid GrayText; margin: 1.6em 0; }
article + article { border-top: 1px solid GrayText; margin-top: 3em; }
""".strip()


def render_html(document: Document, *, images: bool = False) -> str:
    """A whole page of one article; with its fields and slip, it can be read back. `images`: load them when opened."""
    values = document.values | ({"slip": json.dumps(document.slip, ensure_ascii=False)} if document.slip else {})
    meta = f'<meta name="{META}" content="{_text(json.dumps(values, ensure_ascii=False))}">'
    return page(document.title, [article_html(document, images=images)], images=images, head=meta)


def page(title: str, articles: Iterable[str], *, images: bool = False, head: str = "") -> str:
    """A page of articles (as `article_html` gives them)."""
    return "".join(page_parts(title, articles, images=images, head=head))


def page_parts(title: str, articles: Iterable[str], *, images: bool = False, head: str = "") -> Iterator[str]:
    """The same, piece by piece."""
    # Nothing but the page's own style, whatever its text may have slipped in.
    policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    policy += "; img-src https: http:" if images else ""
    yield f"""<!DOCTYPE html>
<html lang="zh">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
{head}
<title>{_text(title)}</title>
<style>
{STYLE}
</style>
</head>
<body>
"""
    yield from articles
    yield "</body>\n</html>\n"


def article_html(document: Document, *, images: bool = False) -> str:
    """One `article` element: title, who and when, the body, credits."""
    title = f"<h1>{_text(document.title)}</h1>\n"
    body = "\n".join(body_html(document.blocks, images=images))
    credits_ = " · ".join(_text(f"{role} {name}".strip()) for role, name in document.credits)
    tail = f'<p class="gzh-credits">{credits_}</p>\n' if credits_ else ""
    return f'<article>\n{title}{_head(document)}<div id="{BODY_ID}">\n{body}\n</div>\n{tail}</article>\n'


def _head(document: Document) -> str:
    values = document.values
    published = str(values.get("published_at", "")).replace("T", " ").removesuffix("+08:00")
    shown = [*(str(values[name]) for name in ("account", "author") if name in values), published]
    parts = [_text(part) for part in dict.fromkeys(shown) if part]
    if values.get("status", "available") != "available":
        parts.append(_text(str(values["status"])))
    url = str(values.get("url", ""))
    if is_safe(url):
        parts.append(f'<a href="{_text(url)}" rel="noreferrer">{_text(url)}</a>')
    return f'<p class="gzh-head">{" · ".join(parts)}</p>\n' if parts else ""


def body_html(blocks: Sequence[Block], *, images: bool = False) -> Iterator[str]:
    """The blocks as elements, a line each or more."""
    depth = 0
    is_quoted = False
    for block in blocks:
        wanted = block.level if block.kind == "item" else 0
        if depth and (wanted == 0 or block.is_quoted != is_quoted):
            yield "</ul>" * depth
            depth = 0
        if block.is_quoted != is_quoted:
            yield "<blockquote>" if block.is_quoted else "</blockquote>"
            is_quoted = block.is_quoted
        if wanted > depth:
            yield "<ul>" * (wanted - depth)
        elif wanted < depth:
            yield "</ul>" * (depth - wanted)
        depth = wanted
        yield from _block(block, images=images)
    if depth:
        yield "</ul>" * depth
    if is_quoted:
        yield "</blockquote>"


def _block(block: Block, *, images: bool) -> Iterator[str]:
    if block.kind == "divider":
        yield "<hr>"
    elif block.kind == "code":
        yield f"<pre>{_text(chr(10).join(block.lines))}</pre>"
    elif block.kind == "table":
        yield "<table>"
        for row in block.rows:
            cells = ("<br>".join(_inline(line, images=images) for line in cell) for cell in row)
            yield f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
        yield "</table>"
    elif inside := _inline(block.pieces, images=images):
        tag = {"heading": f"h{min(block.level + 1, 6)}", "item": "li"}.get(block.kind, "p")
        is_further = block.kind == "item" and block.continues
        yield f'<li class="gzh-further">{inside}</li>' if is_further else f"<{tag}>{inside}</{tag}>"


def _inline(pieces: Sequence[Piece], *, images: bool) -> str:
    return "".join(_piece(piece, images=images) for piece in pieces)


def _piece(piece: Piece, *, images: bool) -> str:
    url = _text(piece.url) if is_safe(piece.url) else ""
    if piece.kind == "image":
        if not url:
            return ""
        shown = f'<img src="{url}" alt="" loading="lazy">'
        return shown if images else f'<a class="gzh-image" href="{url}" rel="noreferrer">[图片]</a>'
    if piece.kind == "player":
        text = f"▶ {_text(piece.text or 'media')}"
        inside = f'<a href="{url}" rel="noreferrer">{text}</a>' if url else text
        return f'<span class="gzh-player">{inside}</span>'
    if piece.kind == "link" and url:
        return f'<a href="{url}" rel="noreferrer">{_text(piece.text)}</a>'
    return f"<code>{_text(piece.text)}</code>" if piece.kind == "code" else _text(piece.text)


def is_safe(url: str) -> bool:
    """May this be the target of a link?"""
    try:
        return urlsplit(url.strip()).scheme.lower() in _SCHEMES and not any(char < "!" for char in url)
    except ValueError:
        return False


def _text(text: str) -> str:
    return html.escape(storable(text), quote=True)
