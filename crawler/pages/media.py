"""Attributes of an element -> the `Media` or link it stands for. Pure; nothing raises."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote

from crawler import processors as p
from crawler.items import Link, Media
from crawler.pages.escapes import unescape_html
from crawler.urls import parse_article_url

if TYPE_CHECKING:
    from collections.abc import Mapping

    Attributes = Mapping[str, str | None]

_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{2})\Z")
_DECIMAL = re.compile(r"\d{1,9}(?:\.\d{1,12})?")
_MILLISECONDS = 36_000  # a player's length above this is not seconds but milliseconds
# Drawn by WeChat's own pages: smileys, icons, place-holders.
_ICON_HOSTS = ("res.wx.qq.com/", "res.mail.qq.com/", "/zh_CN/htmledition/")
_ICON_CLASSES = ("rich_emoji", "icon_emoji", "wx_follow_avatar", "wxw-icon", "qr_code")
_ARTICLE_FORMS = frozenset({"long", "short", "temporary", "preview"})
_NOT_LINKS = ("javascript:", "#", "about:", "data:", "blob:", "##")


def title(text: str | None) -> str | None:
    """A title as pages write it into an attribute, where it is escaped once more than the rest."""
    return p.plain_line(unescape_html(text)) if text else None


def first(attributes: Attributes, *names: str) -> str | None:
    """The first of the attributes `names` that has something in it, without space around it."""
    for name in names:
        value = (attributes.get(name) or "").strip()
        if value:
            return value
    return None


def number(value: str | None) -> int | None:
    """The whole number that `value` begins with (`640`, `640px`, `640.5`), or None."""
    match = _DECIMAL.match((value or "").strip())
    return round(float(match[0])) if match else None


def query_value(url: str | None, name: str) -> str | None:
    """The value of a parameter of `url`, or None."""
    query = (url or "").partition("?")[2].partition("#")[0]
    return next(iter(parse_qs(query, max_num_fields=200).get(name, ())), None) if query.count("&") < 200 else None


def image(attributes: Attributes) -> Media | None:
    """The image of an `img` element; None for icons of the page and for place-holders."""
    if "display:none" in (attributes.get("style") or "").replace(" ", ""):
        return None
    source = first(attributes, "data-src", "data-original", "data-backsrc", "src", "href", "xlink:href")
    classes = attributes.get("class") or ""
    if source is None or any(name in classes for name in _ICON_CLASSES):
        return None
    if source.startswith("data:") and len(source) < 512:
        return None
    url = p.url(source)
    if url and any(host in url for host in _ICON_HOSTS):
        return None
    if url is None and not source.startswith(("data:", "blob:")):
        # A saved page's own copy (`NAME_files/640.png`) has no address; what it was may still be told.
        url = p.url(first(attributes, "data-croporisrc", "data-backsrc") or "")
    width, height = _sizes(attributes)
    return Media(kind="image", url=url, media_id=first(attributes, "data-imgfileid"), width=width, height=height)


def voice(attributes: Attributes) -> Media:
    """The voice recording of an `mpvoice` or `mp-common-mpaudio`."""
    return Media(
        kind="voice",
        media_id=first(attributes, "voice_encode_fileid", "data-voice_encode_fileid"),
        title=title(first(attributes, "name", "title", "data-title")),
        duration=duration(first(attributes, "play_length", "data-play_length", "duration")),
        size=_kilobytes(first(attributes, "source_size")),
    )


def music(attributes: Attributes) -> Media:
    """The piece of music of a `qqmusic`."""
    name, singer = first(attributes, "music_name", "data-music_name"), first(attributes, "singer", "data-singer")
    return Media(
        kind="music",
        url=p.url(first(attributes, "audiourl", "otherid_url") or ""),
        media_id=first(attributes, "musicid", "mid", "media_id", "otherid"),
        title=title(f"{name} {singer}" if name and singer else name),
        duration=duration(first(attributes, "play_length")),
    )


def video(attributes: Attributes) -> Media | None:
    """The video of a player element or frame; None for frames that are no video."""
    source = first(attributes, "data-src", "src", "data-url")
    address = p.url(source or "")
    media_id = first(attributes, "data-mpvid", "vid", "data-vid", "data-id", "data-feedid")
    media_id = media_id or query_value(address, "vid") or query_value(address, "mpvid")
    if media_id is None and not (address and "v.qq.com/" in address):
        return None
    width, height = _sizes(attributes, of_video=True)
    name = first(attributes, "data-title", "data-desc", "data-nickname", "title")
    return Media(kind="video", url=address, media_id=media_id, title=title(name), width=width, height=height)


def duration(value: str | None) -> float | None:
    """Seconds of a player's length as pages write it: milliseconds, seconds, or `3:21`."""
    if value is None:
        return None
    clock = _CLOCK.match(value)
    if clock:
        return float(int(clock[1] or 0) * 3600 + int(clock[2]) * 60 + int(clock[3]))
    match = _DECIMAL.fullmatch(value)
    if not match:
        return None
    length = float(match[0])
    return length / 1000 if length > _MILLISECONDS else length or None


def anchor(attributes: Attributes, text: str) -> Link | None:
    """What an `a` element with `text` leads to; None where it leads nowhere."""
    appid = first(attributes, "data-miniprogram-appid")
    if appid:
        return program(attributes, text)
    target = first(attributes, "href", "data-href", "data-link", "data-url") or ""
    # SingleFile and browsers leave `javascript:void(0)` where a script opens the page.
    if target.lower().startswith(_NOT_LINKS):
        target = first(attributes, "data-href", "data-link", "data-url") or ""
    url = p.url(target) or (target if target.startswith(("mailto:", "weixin:", "tel:")) else None)
    if url is None or len(url) > p.MAX_URL:
        return None
    classes = attributes.get("class") or ""
    if "wx_topic_link" in classes or first(attributes, "topic-id", "data-topic"):
        return Link(url=url, text=text, kind="topic")
    return Link(url=url, text=text, kind="article" if is_article(url) else "link")


def is_article(url: str) -> bool:
    """Does `url` lead to a WeChat article?"""
    parsed = parse_article_url(url) if "weixin.qq.com" in url else None
    return parsed is not None and parsed.form in _ARTICLE_FORMS


def program(attributes: Attributes, text: str) -> Link | None:
    """The mini-program that a card or link opens, as the documented URL scheme writes it."""
    appid = first(attributes, "data-miniprogram-appid")
    if appid is None:
        return None
    path = first(attributes, "data-miniprogram-path") or ""
    url = f"weixin://dl/business/?appid={quote(appid, safe='')}&path={quote(path[:2048], safe='/')}"
    return Link(url=url, text=text, kind="program")


def account(attributes: Attributes, text: str) -> Link | None:
    """The account that an `mp-common-profile` card shows; None where its id is not told."""
    biz = p.biz(first(attributes, "data-id") or "")
    if biz is None:
        return None
    url = f"https://mp.weixin.qq.com/mp/profile_ext?action=home&__biz={biz}"
    return Link(url=url, text=text, kind="account")


def _sizes(attributes: Attributes, *, of_video: bool = False) -> tuple[int | None, int | None]:
    """Width and height in pixels. `data-ratio` is height to width of an image, width to height of a video."""
    width = number(first(attributes, "data-w", "data-width", "width"))
    height = number(first(attributes, "data-height", "height")) if not attributes.get("data-ratio") else None
    ratio = _DECIMAL.match((attributes.get("data-ratio") or "").strip())
    value = float(ratio[0]) if ratio else 0.0
    if width and value:
        height = round(width / value if of_video else width * value)
    return width or None, height or None


def _kilobytes(value: str | None) -> int | None:
    match = _DECIMAL.fullmatch(value or "")
    return round(float(match[0]) * 1024) if match else None
