"""Listings in JSON: what an account's list (getmsg), the publisher's own (publish_page) and an album answer."""

from __future__ import annotations

import html
import json
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler import processors, times
from crawler.items import Account, Album, ListedArticle, Listing, Notice, Reading, Rejected
from crawler.pages.identity import leads_to
from crawler.pages.record_shapes import without_found_words
from crawler.urls import article_key, key_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Literal

    from crawler.pages.document import Document

MEDIA_TYPE = "application/json"
_MAX_LAYERS = 6  # JSON in strings in JSON
_MAX_DEPTH = 12
_MAX_ENTRIES = 20_000
_DATA = tomllib.loads(Path(__file__).with_name("listing.toml").read_text(encoding="utf-8"))
_ADVICE: dict[str, str] = _DATA["advice"]
_DELETED_STATUS = frozenset(_DATA["messages"]["deleted_status"])
_KEPT_FLAGS = frozenset(_DATA["messages"]["kept_flags"])


@dataclass(slots=True)
class _Found:
    kind: Literal["getmsg", "publish_page", "album"]
    entries: list[ListedArticle] = field(default_factory=list)
    biz: str | None = None
    account: Account = field(default_factory=Account)
    album: Album | None = None
    has_more: bool | None = None
    next_offset: str | None = None


def read(document: Document, value: Any) -> Reading | None:
    """The listing that a JSON value is; None where it is none.

    An answer that says why there is no list (no session, too many requests) is a notice of verification.
    """
    value = _opened(value)
    found = _getmsg(value) or _publish_page(value) or _album(value)
    if found is None:
        refused = _refusal(value)
        return _reading(document, refused, "listing-refused") if refused else None
    if not found.entries and (refused := _refusal(value)):
        return _reading(document, refused, "listing-refused")
    found.account.biz = found.account.biz or found.biz
    listing = Listing(
        kind=found.kind,
        account=found.account,
        entries=found.entries[:_MAX_ENTRIES],
        album=found.album,
        has_more=found.has_more,
        next_offset=found.next_offset,
    )
    return _reading(document, listing, found.kind)


def _reading(document: Document, found: Listing | Notice | Rejected, template: str) -> Reading:
    return Reading(
        capture=document.capture,
        found=found,
        template=template,
        media_type=MEDIA_TYPE,
        warnings=list(document.warnings),
    )


def _opened(value: Any, layers: int = _MAX_LAYERS, depth: int = _MAX_DEPTH) -> Any:
    """`value` with the JSON that stands in its strings (perhaps HTML-escaped) read."""
    if isinstance(value, str):
        return _opened_text(value, layers, depth)
    if depth and isinstance(value, dict):
        return {name: _opened(member, layers, depth - 1) for name, member in value.items()}
    if depth and isinstance(value, list):
        return [_opened(member, layers, depth - 1) for member in value]
    return value


def _opened_text(value: str, layers: int, depth: int) -> Any:
    text = value.strip()
    if not layers or text[:1] not in ("{", "["):
        return value
    for form in (text, html.unescape(text)) if "&quot;" in text else (text,):
        try:
            return _opened(json.loads(form), layers - 1, depth)
        except (ValueError, RecursionError):
            continue
    return value


def _refusal(value: Any) -> Notice | None:
    """What an answer says that holds an error and no list."""
    if not isinstance(value, dict):
        return None
    inner = value.get("base_resp")
    base: dict[str, Any] = inner if isinstance(inner, dict) else value
    code = str(base.get("ret"))
    advice = _ADVICE.get(code)
    message = str(base.get("err_msg") or base.get("errmsg") or value.get("errmsg") or "")[:200]
    if advice is None and (code in ("0", "None") or not message):
        return None
    detail = f"ret {code} {message}: {advice or 'the site gave no list'}".replace("  ", " ")
    return Notice(reason="verification", retryable=True, detail=detail)


def _dicts(value: Any) -> Iterator[dict[str, Any]]:
    """The objects among the members of a list; of anything else none."""
    if isinstance(value, list):
        yield from (member for member in value if isinstance(member, dict))


def _getmsg(value: Any) -> _Found | None:
    """`{general_msg_list: {list: [...]}, can_msg_continue, next_offset}`, its list alone, or single messages."""
    messages: Any = None
    outer: dict[str, Any] = {}
    if isinstance(value, dict):
        outer = value
        general = value.get("general_msg_list")
        inner = general.get("list") if isinstance(general, dict) else general
        if isinstance(inner, list):
            messages = inner
        elif isinstance(value.get("list"), list) and any("comm_msg_info" in m for m in _dicts(value["list"])):
            messages = value["list"]
        elif "comm_msg_info" in value or "app_msg_ext_info" in value:
            messages = [value]
    elif isinstance(value, list) and any("comm_msg_info" in m or "app_msg_ext_info" in m for m in _dicts(value)):
        messages = value
    if messages is None:
        return None
    found = _Found("getmsg")
    for message in _dicts(messages):
        _message(message, found)
    if "can_msg_continue" in outer:
        found.has_more = str(outer["can_msg_continue"]) == "1"
    if str(outer.get("next_offset", "")).isdigit():
        found.next_offset = str(outer["next_offset"])
    return found


def _message(message: dict[str, Any], found: _Found) -> None:
    common = message.get("comm_msg_info")
    common = common if isinstance(common, dict) else {}
    first = message.get("app_msg_ext_info")
    sent = times.from_unix(_text(common.get("datetime")))
    found.biz = found.biz or processors.biz_from_decimal(common.get("fakeid"))
    gone = str(common.get("status")) in _DELETED_STATUS
    if not isinstance(first, dict):
        return
    for item in (first, *_dicts(first.get("multi_app_msg_item_list"))):
        deleted = gone or str(item.get("del_flag")) not in _KEPT_FLAGS
        _add(found, item, url=item.get("content_url"), published=sent, deleted=deleted)


_SEARCH = frozenset({"app_msg_cnt", "app_msg_list", "base_resp"})  # what the publisher's search answers


def _publish_page(value: Any) -> _Found | None:
    """`{publish_page: {publish_list: [{publish_info: {appmsgex|appmsg_info: []}}]}}`, its part, or app_msg_list."""
    page = value.get("publish_page", value) if isinstance(value, dict) else None
    if isinstance(page, dict) and page.keys() <= _SEARCH and page.get("app_msg_list"):
        # What the publisher's search answers: the same items, without what they were sent in.
        page = {"publish_list": [{"publish_info": {"appmsgex": [item]}} for item in _dicts(page["app_msg_list"])]}
    if not isinstance(page, dict) or not isinstance(page.get("publish_list"), list):
        return None
    found = _Found("publish_page")
    for row in _dicts(page["publish_list"]):
        info = row.get("publish_info")
        if not isinstance(info, dict):
            continue
        sent = info.get("sent_info")
        published = times.from_unix(_text(sent.get("time"))) if isinstance(sent, dict) else None
        seen: set[str] = set()
        for item in (*_dicts(info.get("appmsgex")), *_dicts(info.get("appmsg_info"))):
            url = item.get("link") or item.get("content_url")
            mark = _text(item.get("itemidx")) or _text(url)
            if mark in seen:
                continue
            seen.add(mark)
            own = times.from_unix(_text(item.get("create_time") or item.get("update_time"))) if not published else None
            deleted = item.get("is_deleted") in (True, 1, "1", "true")
            _add(found, item, url=url, published=published or own, deleted=deleted)
    total = page.get("total_count")
    if isinstance(total, int) and not isinstance(total, bool) and total > 0 and total <= len(page["publish_list"]):
        found.has_more = False
    return found


def _album(value: Any) -> _Found | None:
    """`{getalbum_resp: {article_list, base_info, continue_flag}}` of mp/appmsgalbum?action=getalbum."""
    answer = value.get("getalbum_resp", value) if isinstance(value, dict) else None
    if not isinstance(answer, dict) or "article_list" not in answer:
        return None
    found = _Found("album")
    base = answer.get("base_info")
    base = base if isinstance(base, dict) else {}
    size = _text(base.get("article_count"))
    album_id = processors.positive_number(base.get("album_id")) or processors.positive_number(answer.get("album_id"))
    title = processors.plain_line(base.get("title") or "")
    if album_id or title:
        found.album = Album(album_id=album_id, title=title or "", size=int(size) if size.isdigit() else None)
    found.account.name = processors.plain_line(base.get("nickname") or "")
    found.account.ghid = processors.ghid(base.get("username") or base.get("user_name") or "")
    found.biz = processors.biz(base.get("__biz") or base.get("biz") or "")
    listed = answer["article_list"]
    for item in _dicts([listed] if isinstance(listed, dict) else listed):
        published = times.from_unix(_text(item.get("create_time")))
        _add(found, item, url=item.get("url"), published=published, album_id=album_id)
    if "continue_flag" in answer:
        found.has_more = str(answer["continue_flag"]) == "1"
    if found.has_more and found.entries:
        items = list(_dicts(listed))
        found.next_offset = processors.positive_number(items[-1].get("msgid")) if items else None
    return found


def _add(
    found: _Found,
    item: dict[str, Any],
    *,
    url: Any,
    published: Any,
    deleted: bool = False,
    album_id: str | None = None,
) -> None:
    """Adds one article, if it tells a title or a URL."""
    address = processors.url(_text(url).replace("\\/", "/")) if url else None
    parsed = leads_to(address)
    title = processors.plain_line(without_found_words(_text(item.get("title")) or ""))
    if parsed is None and title is None:
        return
    if parsed and parsed.biz:
        found.biz = found.biz or parsed.biz
    key = key_of(parsed) if parsed else None
    if key is None or not key.startswith("mp:"):
        # The list knows the ids although the link is a short one.
        ids = article_key(
            found.biz, _text(item.get("appmsgid") or item.get("msgid") or item.get("aid")), _text(item.get("itemidx"))
        )
        key = ids or key
    cover = processors.url(_text(item.get("cover") or item.get("cover_img_1_1")).replace("\\/", "/"))
    found.entries.append(
        ListedArticle(
            url=parsed.canonical if parsed else None,
            key=key,
            title=title,
            digest=processors.plain_text(item.get("digest") or ""),
            author=processors.plain_line(item.get("author") or item.get("author_name") or ""),
            cover_url=cover,
            published_at=published,
            is_deleted=deleted,
            album_id=album_id,
        )
    )


def _text(value: Any) -> str:
    """A scalar as text; of anything else nothing."""
    return str(value) if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""
