"""The content of each kind of article page: where its text and its media are.

`article`: the content area itself. All other kinds have a short text in a script, and their media in another.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler import processors as p
from crawler.items import ArticleKind, Media
from crawler.pages import media as elements
from crawler.pages import templates
from crawler.pages.content import Content, read_content, read_fragment
from crawler.pages.page import plain
from crawler.pages.script import Value, descend, read_expression
from crawler.pages.share import is_share_card

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborNode

    from crawler.pages.page import Page

# A text of these kinds may hold links; any other "<" in it is a character like others.
_TAGS_OF_TEXT = re.compile(r"<(?!/?(?:a|br|p|div|span|section|img|strong|em|b|i|mp-[a-z-]{1,40})(?=[\s/>]))")
_TEXT_PLACES: dict[ArticleKind, tuple[str, ...]] = {
    "text": ("text_page_info.content_noencode", "content_noencode", "text_page_info.content"),
}
_TEXT_IDS = (
    "js_share_notice",
    "js_text_desc",
    "js_image_desc",
    "js_image_content",
    "js_video_desc",
    "js_common_share_desc",
    "js_audio_desc",
)
_TEXT_CLASSES = ".share_notice, .share_notice_inner, .share_media_text, .folder_text_content, .video_desc"
_IMAGE_CLASSES = "#img_list, #img_swiper_content, .swiper_item_img, .share_media_swiper_content"
_DESCRIPTIONS = ("cgi desc", "d desc", "js msg_desc", "meta og:description", "meta description")
# Without a content area that is marked, the first of these that has text.
_OUTER = (".rich_media_content", "#img-content", "#page-content", ".rich_media_area_primary", "article", "main")


def read_body(page: Page, kind: ArticleKind) -> Content:
    """The content of a page of `kind`; empty where the page has none."""
    if kind == "article":
        return _article(page)
    content = _text(page, kind)
    if not content.full_text and kind in {"audio", "music", "short"}:
        content = _article(page)
    content.media += _media(page, kind, content)
    return content


def content_area(page: Page) -> LexborNode | None:
    """The element that WeChat's page has for the content; of several the one that holds most."""
    nodes = page.ids.get("js_content", ())
    if len(nodes) < 2:
        return nodes[0] if nodes else None
    return max(nodes, key=lambda node: len(node.text()))


def _article(page: Page) -> Content:
    if is_share_card(page):
        return _share_card(page)
    node = content_area(page)
    content = read_content(node) if node is not None else Content()
    encoded = page.data.text("content_noencode") if page.data and not content else None
    if content or node is None:
        return content or (read_fragment(encoded) if encoded else _outer(page))
    written = page.written_in(node)
    return _from_text(written) if written else read_fragment(encoded or "")


def _outer(page: Page) -> Content:
    """The content of a page whose content area is not marked as WeChat marks it."""
    for selector in _OUTER if templates.evidence_of(page) == "export" else _OUTER[:1]:
        node = page.tree.css_first(selector)
        content = read_content(node, outer=True) if node is not None else Content()
        if content:
            return content
    body = page.tree.body if templates.is_fragment(page) else None
    return read_content(body, outer=True) if body is not None else Content()


def _share_card(page: Page) -> Content:
    """What the account says of the article that it shares, then what the card shows of that article."""
    parts = []
    notice = page.by_id("js_share_notice")
    if notice is not None:
        written = page.written_in(notice)
        parts.append(_from_text(written) if written else read_content(notice))
    excerpt = content_area(page)
    if excerpt is not None:
        parts.append(read_content(excerpt))
    if not any(part.full_text for part in parts):
        title = page.tree.css_first(".original_panel_title span, .original_panel_title")
        parts += [read_content(title)] if title is not None else []
    return _joined(parts)


def _joined(parts: list[Content]) -> Content:
    """Contents one below the other, marks moved to where their text is."""
    whole = Content()
    for part in parts:
        if part.full_text and whole.full_text:
            whole.full_text += "\n"
        offset = len(whole.full_text)
        whole.full_text += part.full_text
        whole.links += part.links
        whole.media += part.media
        whole.marks += [
            type(mark)(start=mark.start + offset, end=mark.end + offset, kind=mark.kind, value=mark.value)
            for mark in part.marks
        ]
    return whole


def _from_text(text: str) -> Content:
    """Text of a script, whose line feeds are lines and whose only tags are links."""
    lines = _TAGS_OF_TEXT.sub("&lt;", text).replace("\r\n", "\n").replace("\n", "<br>").replace("\r", "<br>")
    return read_fragment(lines)


def _text(page: Page, kind: ArticleKind) -> Content:
    for path in _TEXT_PLACES.get(kind, ("content_noencode",)):
        value = page.data.text(path) if page.data else None
        if value and (content := _from_text(value)).full_text:
            return content
    for node in _text_nodes(page):
        written = page.written_in(node)
        content = _from_text(written) if written else read_content(node)
        if content.full_text:
            return content
    places = (*_DESCRIPTIONS, "meta og:title") if kind == "text" else _DESCRIPTIONS
    for found in page.find(places):
        content = _from_text(found.value)
        if content.full_text:
            return content
    return Content()


def _text_nodes(page: Page) -> Iterator[LexborNode]:
    for name in _TEXT_IDS:
        yield from page.ids.get(name, ())
    area = content_area(page)
    if area is not None and page.written_in(area):
        yield area
    yield from page.tree.css(_TEXT_CLASSES)


def _media(page: Page, kind: ArticleKind, content: Content) -> list[Media]:
    found: list[Media] = []
    if kind == "picture":
        found = list(_pictures(page))
    elif kind == "video":
        found = list(_videos(page))
    elif kind in {"audio", "music"}:
        found = list(_voices(page, kind))
    known = {(item.url, item.media_id) for item in content.media}
    unique: list[Media] = []
    for item in found:
        mark = (item.url, item.media_id)
        if mark not in known:
            known.add(mark)
            unique.append(item)
    return unique


def _entries(page: Page, *names: str) -> Iterator[Value]:
    """The entries of every list of these names, and the objects of these names."""
    for name in names:
        values: list[Value] = [page.data.get(name)] if page.data else []
        values += [*page.values.all("window", name), *page.values.all("var", name), *page.values.all("d", name)]
        for value in values:
            opened = _opened(value)
            yield from opened if isinstance(opened, list) else [opened]


def _opened(value: Value) -> Value:
    """A list or object that a script holds as a string."""
    text = plain(value).strip() if isinstance(value, str) else ""
    return read_expression(text, 0)[0] if text.startswith(("[", "{")) else value


def _string(value: Value, *paths: str) -> str | None:
    for path in paths:
        found = descend(value, path)
        if isinstance(found, str) and found not in {"", "0"}:
            return plain(found)
    return None


def _pictures(page: Page) -> Iterator[Media]:
    for entry in _entries(page, "picture_page_info_list", "picturePageInfoList"):
        url = p.url(_string(entry, "cdn_url", "url") or "")
        if url:
            width, height = elements.number(_string(entry, "width")), elements.number(_string(entry, "height"))
            yield Media(kind="image", url=url, width=width, height=height)
    for node in page.tree.css(_IMAGE_CLASSES):
        for image in node.css("img"):
            found = elements.image(image.attributes)
            if found is not None and found.url:
                yield found


def _videos(page: Page) -> Iterator[Media]:
    title = page.first(["js video_title", "cgi title", "d title", "js msg_title"])
    for entry in _entries(page, "video_page_info", "video_page_infos", "videoPageInfos", "cgiData"):
        media_id = _string(entry, "video_id", "vid", "hit_vid")
        if media_id is None:
            continue
        first = descend(entry, "mp_video_trans_info")
        file = first[0] if isinstance(first, list) and first else None
        milliseconds = _string(file, "duration_ms")
        yield Media(
            kind="video",
            url=p.url(_string(file, "url") or ""),
            media_id=media_id,
            title=p.plain_line(_string(entry, "title", "video_title") or (title.value if title else "")),
            width=elements.number(_string(file, "width")),
            height=elements.number(_string(file, "height")),
            duration=float(milliseconds) / 1000 if milliseconds and milliseconds.isdigit() else None,
            size=elements.number(_string(file, "filesize")),
        )
    for found in page.find(["js vid"]):
        yield Media(kind="video", media_id=found.value, title=p.plain_line(title.value if title else ""))


def _voices(page: Page, kind: ArticleKind) -> Iterator[Media]:
    entries = list(_entries(page, "voice_in_appmsg", "voiceList", "musicList", "audio_page_info", "music_page_info"))
    text = page.data.text("voice_in_appmsg_list_json") if page.data else None
    entries.append(_opened(text))
    for entry in entries:
        inner = descend(entry, "voice_in_appmsg")
        for item in inner if isinstance(inner, list) else [entry]:
            media_id = _string(item, "voice_id", "voice_encode_fileid", "fileid", "music_id", "musicid", "song_id")
            if media_id:
                yield Media(
                    kind="music" if kind == "music" else "voice",
                    media_id=media_id,
                    title=p.plain_line(_string(item, "title", "name", "music_name") or ""),
                    duration=elements.duration(_string(item, "duration", "play_length")),
                )
    for found in page.find(["js voiceid", "js musicid"]):
        yield Media(kind="music" if kind == "music" else "voice", media_id=found.value)
