"""The formats of exports of this project: where fields, text and slip stand in each (see `exported`)."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from selectolax.lexbor import LexborHTMLParser

from crawler import text as forms
from crawler.pages import exported, lines, markdown_blocks
from crawler.pages.content import Content, read_content
from crawler.pages.exported_slip import Slip, parse_slip

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crawler.items import Reading
    from crawler.pages.document import Document

SLIP = "gzh-archive slip: "  # what a slip begins with at the end of a text
SLIP_COMMENT = "<!-- " + SLIP
PLAYER = "[▶ "  # what a line begins with that shows a video or voice: no text of the article's
META = "gzh-archive"  # name of the meta element that holds fields and slip
BODY_ID = "gzh-body"
# An image is a link, so that opening the file loads nothing.
_IMAGE_LINK = re.compile(rb'<a class="gzh-image" href="([^"<>]*)"[^<>]*>[^<]*</a>')
RULE = "─" * 24  # between the head of a text and its body, and before its slip
# Labels of the head of a text -> field; in the order in which they are printed.
LABELS: dict[str, str] = {
    "标题": "title",
    "公众号": "account",
    "微信号": "account_alias",
    "原始ID": "ghid",
    "功能介绍": "account_intro",
    "作者": "author",
    "发布时间": "published_at",
    "发布地": "ip_region",
    "原文链接": "url",
    "阅读原文": "read_more_url",
    "封面": "cover_url",
    "摘要": "digest",
    "原创": "is_original",
    "付费": "is_paid",
    "声明": "declaration",
    "修改时间": "modified_at",
    "标题改过": "is_title_modified",
    "biz": "biz",
    "mid": "mid",
    "idx": "idx",
    "comment_id": "comment_id",
    "类型": "kind",
    "存档时间": "captured_at",
    "键": "key",
    "状态": "status",
    "证据": "evidence",
    "规则": "rules_version",
    "存档": exported.MARKER_FIELD,
}
_LABELLED = re.compile(r"(?P<label>[^：]{1,20})：(?P<value>.*)\Z")
_HEAD = len(LABELS) + 4  # lines in which the head of a text may stand


def markdown(document: Document, values: Mapping[str, Any], source: Sequence[str]) -> Reading:
    """The article of a Markdown file; `source` are its lines below the front matter."""
    slip: Slip | None = None
    end = len(source)
    for at in range(len(source) - 1, max(-1, len(source) - 8), -1):
        line = source[at].strip()
        if line.startswith(SLIP_COMMENT):
            slip, end = parse_slip(line.removeprefix(SLIP_COMMENT).removesuffix("-->").strip()), at
            break
    body = [line for line in markdown_blocks.parse(source[:end]) if not line.raw.lstrip().startswith(PLAYER)]
    title = forms.compact(str(values.get("title") or ""))
    if title and body and body[0].level() == 1 and forms.compact(body[0].text) == title:
        del body[0]
    return exported.read(
        document,
        values,
        _content(body),
        slip,
        source="front_matter",
        captured_source="front_matter",
        template="markdown",
        media_type="text/markdown",
    )


def html(document: Document, markup: bytes) -> Reading | None:
    """The article of an HTML file; None where it is none of ours."""
    if f'name="{META}"'.encode() not in markup:
        return None
    tree = LexborHTMLParser(_IMAGE_LINK.sub(rb'<img src="\1">', markup))
    node, root = tree.css_first(f'meta[name="{META}"]'), tree.css_first(f"#{BODY_ID}")
    values = _object((node.attributes.get("content") if node else None) or "")
    if root is None or not exported.is_export(values):
        return None
    return exported.read(
        document,
        values,
        read_content(root),
        parse_slip(values.get("slip")),
        source="page",
        captured_source="page",
        template="html",
        media_type="text/html",
    )


def text(document: Document, source: Sequence[str]) -> Reading | None:
    """The article of a plain text; None where it is none of ours."""
    values: dict[str, str] = {}
    start = next((at for at, line in enumerate(source[:_HEAD]) if line.strip() == RULE), None)
    for line in source[: start or 0]:
        match = _LABELLED.match(line.strip())
        if match and match["label"] in LABELS:
            values.setdefault(LABELS[match["label"]], match["value"].strip())
    if start is None or not exported.is_export(values):
        return None
    body = list(source[start + 1 :])
    while body and not body[-1].strip():
        body.pop()
    slip = None
    if body and body[-1].startswith(SLIP):
        slip = parse_slip(body.pop().removeprefix(SLIP))
        if body and body[-1].strip() == RULE:
            body.pop()
    return exported.read(
        document,
        values,
        _content([lines.plain(line) for line in body]),
        slip,
        source="header",
        captured_source="front_matter",
        template="text",
        media_type="text/plain",
    )


def row(document: Document, values: Mapping[str, Any]) -> Reading | None:
    """The article of a record (JSON Lines) or a row (CSV); None where it is none of ours."""
    if not exported.is_export(values):
        return None
    if values[exported.MARKER_FIELD] == exported.CELLS_MARKER:
        values = {name: unguarded(value) for name, value in values.items()}
    body = values.get("body")
    given = {name: opened for name in _SLIP_FIELDS if (opened := _opened(values.get(name)))}
    slip = parse_slip(given) if "text_hash" in given else None
    return exported.read(
        document,
        values,
        Content(full_text=forms.join_lines(body.splitlines()) if isinstance(body, str) else ""),
        slip,
        source="record",
        captured_source="record",
        template="record",
        media_type="application/json",
    )


GUARD = "'"
_SLIP_FIELDS = ("text_hash", "boilerplate", "credits", "media", "links", "albums", "repost")
# What a spreadsheet takes for the beginning of a formula, and the guard itself, so that it can be taken away again.
GUARDED = frozenset("=+-@\t\r\n＝＋－＠" + GUARD)


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return GUARD + cell if cell[:1] in GUARDED else cell


def unguarded(cell: Any) -> Any:
    """The inverse of `guarded`."""
    return cell[1:] if isinstance(cell, str) and cell[:1] == GUARD and cell[1:2] in GUARDED else cell


def _content(body: Sequence[lines.Line]) -> Content:
    full_text, marks = lines.join(body)
    return Content(
        full_text=full_text,
        marks=marks,
        links=[link for line in body for link in line.links],
        media=[medium for line in body for medium in line.media],
    )


def _object(given: str) -> dict[str, Any]:
    try:
        value = json.loads(given)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _opened(value: Any) -> Any:
    """A cell that holds JSON, opened; anything else as it is."""
    if isinstance(value, str) and value[:1] in ("[", "{"):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return None
    return value
