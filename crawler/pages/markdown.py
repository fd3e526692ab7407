"""Markdown that converters and readers made of an article, and notes that people keep in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler import text as forms
from crawler.pages import assemble, exported, exported_forms, fields, frontmatter, lines, markdown_blocks
from crawler.pages.byline import Head
from crawler.pages.card import read_card
from crawler.pages.chrome import chrome, fold
from crawler.pages.dump import labelled_head
from crawler.pages.pagehead import read_after_card, read_head
from crawler.pages.pagetail import is_article_url, read_tail
from crawler.pages.textnotice import read_notice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.items import Evidence, Reading
    from crawler.pages.document import Document
    from crawler.pages.pagetail import Tail

MEDIA_TYPE = "text/markdown"
# The line under the title that the most used converter writes: [原创 ][author]  account   2024-12-06 10:11
_BYLINE = re.compile(r"(?P<who>.{0,160}?)[ \t]{2,}(?P<time>(?:19|20)\d\d-\d\d-\d\d \d\d:\d\d(?::\d\d)?)[ \t]*\Z")
_QUOTED_LABEL = re.compile(r"[^:：]{1,16}[:：].{0,400}\Z")
_WECHAT_HOSTS = ("//mmbiz.qpic.cn/", "//mmbiz.qlogo.cn/", "//mmecoa.qpic.cn/", "//wx.qlogo.cn/", "//mp.weixin.qq.com/")
_PAGE_IDS = re.compile(r"<a id=\"(?:js_name|profileBt|js_author_name|js_ip_wording)\">")  # what a clipper kept
_SIGNS = "[<*_`&\\"  # characters that begin markup inside a line
_HEAD = 120  # lines in which a header may stand


def read(document: Document) -> Reading:
    """The article of a Markdown text; header lines are values and not in its full text."""
    return read_text(assemble.Draft(document=document), document.text)


def read_text(draft: assemble.Draft, text: str, *, media_type: str = MEDIA_TYPE) -> Reading:
    """The same for `text`, with a draft in which some values are known already."""
    if refusal := assemble.refused(draft, text, _SIGNS, media_type):
        return refusal
    source = text.splitlines()
    if export := exported_forms.text(draft.document, source):
        return export
    pairs, start = frontmatter.split(source)
    if exported.is_export(dict(pairs)):
        return exported_forms.markdown(draft.document, dict(pairs), source[start:])
    front = fields.Values()
    for name, value in pairs:
        front.add(name, value)
    assemble.fill_values(draft, front, "front_matter")
    printed, start, is_reader = _reader_header(source, start)
    body = markdown_blocks.parse(source[start:])
    shown = [line for line in body if line.text]
    tail = read_tail([line.text for line in shown])
    is_dump = is_reader or tail.is_page
    assemble.fill_values(draft, printed, "header", is_dump=is_reader)
    taken, style = _read_header(draft, body, tail, is_dump=is_dump)
    assemble.fill_tail(draft, tail)
    kept = [line for at, line in enumerate(body) if at not in taken]
    if notice := read_notice(draft, [line.text for line in kept if line.text], media_type=media_type):
        return notice
    if tail.starts is not None:
        _drop_images(body, shown[tail.starts])
    evidence: Evidence = "text"
    if is_dump:
        evidence = "dump"
    elif style == "byline" or draft.loader.known("url") or _has_wechat(body):
        evidence = "export"
    if is_reader:
        style = "reader"
    elif style is None and pairs:
        style = "front-matter"
    _take_cover(draft, body)
    return assemble.finish(
        draft,
        kept,
        evidence=evidence,
        template=_template(style, is_page=tail.is_page),
        media_type=media_type,
        captured_source="front_matter",
    )


def _reader_header(source: Sequence[str], start: int) -> tuple[fields.Values, int, bool]:
    """The labelled lines with which a reader service begins (Title:, URL Source:, ... Markdown Content:)."""
    shown = [forms.tidy_line(line) for line in source[start : start + 60]]
    end = next((i for i, line in enumerate(shown) if fold(line) == "markdowncontent:"), None)
    values, after, _ = labelled_head(shown[: end + 1] if end is not None else shown)
    if end is None:
        return (values, start + after, False) if after else (fields.Values(), start, False)
    return values, start + end + 1, True


def _read_header(
    draft: assemble.Draft, body: Sequence[lines.Line], tail: Tail, *, is_dump: bool
) -> tuple[set[int], str | None]:
    """Reads title, byline and labelled lines at the head; gives the lines that are not text, and the style."""
    taken: set[int] = set()
    style: str | None = None
    names = fields.field_names()
    is_clipped = False
    at = 0
    while at < min(len(body), _HEAD):
        line = body[at]
        title = draft.loader.known("title")
        if not line.text:
            at += 1
        elif (title and fold(line.text) == fold(title)) or fold(line.text) in chrome().placeholders:
            taken.add(at)
            at += 1
        elif title is None and (_is_title(line) or _is_title_above_account(body, at)):
            draft.loader.add("title", line.text, "heading")
            taken.add(at)
            at += 1
        elif style is None and (title or not at) and _read_byline(draft, line):
            style = "byline"
            taken.add(at)
            at += 1
        elif style is None and title and (author := _author_above_byline(line, body[at + 1 : at + 2])):
            draft.loader.add("is_original", True, "byline")
            draft.loader.add("author", author, "byline")
            taken.add(at)
            at += 1
        elif callout := names.callout.fullmatch(line.text):
            draft.loader.account.add("name", callout["account"], "header")
            draft.publish(callout["time"], "header", "clipper")
            _read_clipper(draft, line)
            taken.add(at)
            at += 1
        elif names.clipper_mark.fullmatch(line.text):
            is_clipped = True
            taken.add(at)
            at += 1
        elif names.clipper.fullmatch(line.text) or (is_clipped and line.text in names.clipper_labels):
            _read_clipper(draft, line)
            taken.add(at)
            at += 1
        elif run := _labelled_run(draft, body, at):
            style = style or "header"
            taken.update(range(at, at + run))
            at += run
        else:
            break
    if style != "byline":
        _read_page_head(draft, body, at, taken, tail, is_dump=is_dump)
    return taken, style


def _is_title(line: lines.Line) -> bool:
    return line.level() == 1 and all(mark.kind != "list_item" for mark in line.marks)


def _is_title_above_account(body: Sequence[lines.Line], at: int) -> bool:
    """Whether the line at `at` is a heading of any level that begins the text right above the page's own link."""
    below = next((line for line in body[at + 1 :] if line.text), None)
    begins = not any(line.text for line in body[:at])
    return begins and body[at].level() > 0 and below is not None and bool(below.profile)


def _read_byline(draft: assemble.Draft, line: lines.Line) -> bool:
    match = _BYLINE.match(line.raw.rstrip())
    if match is None or assemble.moment(match["time"]) is None:
        return False
    names = [name.strip() for name in re.split(r"\s{2,}", match["who"].strip()) if name.strip()]
    if not names:
        return False
    account = names.pop()
    author = " ".join(names)
    original = next((word for word in chrome().original if fold(author[: len(word)]) == word), None)
    if original:
        draft.loader.add("is_original", True, "byline")
        author = author[len(original) :].strip()
    draft.loader.add("author", author, "byline")
    draft.loader.account.add("name", account, "byline")
    draft.publish(match["time"], "header", "byline")
    return True


def _author_above_byline(line: lines.Line, below: Sequence[lines.Line]) -> str | None:
    """The author whom `line` names behind 原创, where the byline stands `below` it, with or without that name."""
    original, _, author = line.text.partition(" ")
    if fold(original) not in chrome().original or len(author) > chrome().max_name or not below:
        return None
    byline = _BYLINE.match(below[0].raw.strip())
    return author if byline is not None and assemble.moment(byline["time"]) is not None else None


def _labelled_run(draft: assemble.Draft, body: Sequence[lines.Line], start: int) -> int:
    """How many lines from `start` on are a header of labelled lines, its values taken; 0 for none."""
    values = fields.Values()
    end = start
    for at in range(start, min(len(body), start + 40)):
        pairs = fields.labelled(body[at].text)
        if pairs:
            for label, value in pairs:
                values.add(label, _target(body[at], value))
            end = at + 1
        elif body[at].text and not (end > start and _is_set_off(body[at]) and _QUOTED_LABEL.match(body[at].text)):
            break
        elif body[at].text:
            end = at + 1
    in_quote = _is_quote(body[start]) and "account" in values.found
    if not (values.telling() or in_quote):
        return 0
    assemble.fill_values(draft, values, "header")
    return end - start


def _target(line: lines.Line, value: str) -> str:
    """The value of a labelled line: where it is a link's text, the link's URL."""
    link = next((link for link in line.links if link.text and link.text == value), None)
    return link.url if link and is_article_url(link.url) else value


def _read_clipper(draft: assemble.Draft, line: lines.Line) -> None:
    """The address in a line that a clipper has written."""
    for link in line.links:
        if is_article_url(link.url):
            draft.loader.add("url", link.url, "clipper")


def _is_set_off(line: lines.Line) -> bool:
    """Whether a header's lines may go on with `line`: it is quoted, or an item of a list."""
    return any(mark.kind in {"quote", "list_item"} for mark in line.marks)


def _is_block(line: lines.Line) -> bool:
    """Whether `line` is a heading, an item or a row: none of those names an author or an account."""
    return any(mark.kind in {"heading", "list_item", "table"} for mark in line.marks)


def _says_original(line: lines.Line) -> bool:
    return fold(line.text.partition(" ")[0]) in chrome().original


def _is_quote(line: lines.Line) -> bool:
    return any(mark.kind == "quote" for mark in line.marks)


def _read_page_head(
    draft: assemble.Draft, body: Sequence[lines.Line], start: int, taken: set[int], tail: Tail, *, is_dump: bool
) -> None:
    """Reads the byline and chrome that a whole page's dump has between title and text."""
    if not (is_dump or draft.loader.known("url") or _has_wechat(body)):
        return
    shown = [line.text for line in body]
    profile = next((line.profile for line in body[start : start + 12] if line.profile), "")
    known = draft.loader
    head = Head(
        title=known.known("title") or tail.title,
        account=known.account.known("name") or tail.account or profile or None,
        author=known.known("author"),
    )
    card = read_card(shown[start : start + 60])
    if card and not card.glued:
        card.account = card.account or head.account
        card.title = head.title
        read_after_card(shown[start:], max(card.taken, default=-1) + 1, card)
        head = card
        taken.update(start + at for at in card.taken)
    else:
        is_proved = is_dump or bool(profile) or any(_says_original(line) for line in body[start : start + 12])
        ends = len(body) if is_proved else next((n for n in range(start, len(body)) if _is_block(body[n])), len(body))
        read_head(shown[:ends], start, head=head, profile=profile, title_first=False, is_dump=is_dump)
        taken.update(head.taken)
    assemble.fill_head(draft, head, source="text" if is_dump else "header", is_dump=is_dump)
    if head.relative and draft.published_source is None:
        draft.warnings.append(f"the page prints no date but {head.relative!r}")


def _has_wechat(body: Sequence[lines.Line]) -> bool:
    """Whether something is of WeChat's page: images or links of its hosts, or its elements."""
    if any(_PAGE_IDS.search(line.raw) for line in body[:_HEAD]):
        return True
    urls = [medium.url or "" for line in body for medium in line.media]
    urls += [link.url for line in body for link in line.links]
    return any(host in url for url in urls for host in _WECHAT_HOSTS)


def _take_cover(draft: assemble.Draft, body: Sequence[lines.Line]) -> None:
    """The cover is the image that converters call cover_image; it is no image of the text."""
    for line in body[:12]:
        for medium in line.media:
            if medium.title and "cover_image" in medium.title:
                draft.loader.add("cover_url", medium.url, "cover_image")
                line.media = [m for m in line.media if m is not medium]
                line.marks = [m for m in line.marks if m.kind != "image" or m.value != medium.url]
                return


def _drop_images(body: Sequence[lines.Line], first: lines.Line) -> None:
    """The images after the `first` line of the page's tail are its own (avatar, QR code), not the article's."""
    at = next(i for i, line in enumerate(body) if line is first)
    for line in body[at:]:
        line.media = []
        line.marks = [mark for mark in line.marks if mark.kind != "image"]


def _template(style: str | None, *, is_page: bool) -> str:
    if style == "reader":
        return "dump-reader"
    if is_page:
        return "dump-html2text"
    return f"markdown-{style}" if style else "markdown"
