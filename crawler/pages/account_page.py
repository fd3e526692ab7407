"""Pages that show an account or name its articles: profile, history, about page, album."""

from __future__ import annotations

import html
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from crawler import processors as p
from crawler.items import Account, Album, ListedArticle, Listing
from crawler.loaders import AccountLoader
from crawler.pages.page import PLACES, Page, plain
from crawler.times import from_unix
from crawler.urls import key_of, parse_article_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborNode

    from crawler.pages.script import Value

_PROFILE = ".page_profile_info, .about-page, #js_profile_history, .profile_info_area"
_ALBUM = ".js_album_item, .album__list, #js_tag_name, .album__list-item"
_ALBUM_ITEMS = ".js_album_item, .album__list-item, .album__item"
_LABELS: dict[str, str] = PLACES["about"]["labels"]
MAX_ENTRIES = 20_000
_MANY = 60  # labelled lines of an account's page


def read_listing(page: Page) -> Listing | None:
    """The listing or account card that the page is, or None."""
    if page.tree.css_first(_ALBUM) is not None:
        return _album(page)
    has_messages = any(isinstance(value, (str, dict)) and value for value in page.values.all("var", "msgList"))
    if page.tree.css_first(_PROFILE) is None and not has_messages:
        return None
    entries = list(_messages(page))[:MAX_ENTRIES]
    account = _account(page)
    if not entries and account == Account():
        return None
    return Listing(kind="history" if entries else "profile", account=account, entries=entries)


def _account(page: Page) -> Account:
    loader = AccountLoader()
    for node in page.tree.css(".profile_account, .profile_desc li, .item-info")[:_MANY]:
        _load_labelled(page, node, loader)
    for field, places in PLACES["account"].items():
        for found in page.find(places):
            if loader.add(field, found.value, found.source):
                break
    for found in page.find(["id nickname", "css .album__author-name", "css .album__head-author"]):
        loader.add("name", found.value, found.source)
    for found in page.find(["js username"]):
        loader.add("ghid", found.value, found.source)
    account: Account = loader.load_item()
    return account


def _load_labelled(page: Page, node: LexborNode, loader: AccountLoader) -> None:
    """A line that has a label and a value: `微信号: example`, `功能介绍 ...`."""
    text = page.text(node)
    for label, field in _LABELS.items():
        if text.startswith(label):
            loader.add(field, text[len(label) :].lstrip(" :："), "account page")


def _messages(page: Page) -> Iterator[ListedArticle]:
    """The articles of `msgList`, an object or JSON in a string, in the form of getmsg."""
    for value in (*page.values.all("var", "msgList"), *page.values.all("window", "msgList")):
        entries = _opened(value)
        for message in entries if isinstance(entries, list) else []:
            if not isinstance(message, dict):
                continue
            info = message.get("app_msg_ext_info")
            common = message.get("comm_msg_info")
            when = common.get("datetime") if isinstance(common, dict) else None
            if isinstance(info, dict):
                more = info.get("multi_app_msg_item_list")
                for item in (info, *(more if isinstance(more, list) else ())):
                    if isinstance(item, dict) and (entry := _entry(item, when)):
                        yield entry


def _opened(value: Value) -> Any:
    """The list of messages in `value`; JSON may have been escaped as HTML once or twice."""
    opened: Any = value
    for _ in range(3):
        if not isinstance(opened, str):
            break
        try:
            opened = json.loads(opened)
        except (ValueError, RecursionError):
            opened = html.unescape(opened)
    return opened.get("list") if isinstance(opened, dict) else opened


def _entry(item: dict[str, Any], when: Any) -> ListedArticle | None:
    given = plain(str(item.get("content_url") or item.get("link") or item.get("url") or ""))
    if given.startswith("/"):
        given = f"https://mp.weixin.qq.com{given}"
    parsed = parse_article_url(given) if given else None
    title = p.plain_line(plain(str(item.get("title") or "")))
    if title is None and parsed is None:
        return None
    return ListedArticle(
        url=parsed.canonical if parsed else None,
        key=key_of(parsed) if parsed else None,
        title=title,
        digest=p.plain_text(plain(str(item.get("digest") or ""))),
        author=p.plain_line(plain(str(item.get("author") or ""))),
        cover_url=p.url(str(item.get("cover") or item.get("cover_img_1_1") or "")),
        published_at=from_unix(str(when or item.get("create_time") or "")),
    )


def _album(page: Page) -> Listing | None:
    title = next((text for found in page.find(PLACES["about"]["album_titles"]) if (text := found.value.strip())), None)
    url = next((u for found in page.find(PLACES["article"]["url"]) if (u := p.url(found.value))), None)
    parsed = parse_article_url(url) if url else None
    own_id = page.first(["js album_id", "attr [data-album_id] @data-album_id"])
    album_id = p.positive_number(own_id.value) if own_id else None
    entries = [entry for node in page.tree.css(_ALBUM_ITEMS) if (entry := _album_entry(page, node, album_id))]
    for name in ("articleList", "videoList"):
        for owner in ("window", "var", "d"):
            for value in page.values.all(owner, name):
                for item in value if isinstance(value, list) else []:
                    found = _entry(item, None) if isinstance(item, dict) else None
                    if found:
                        entries.append(replace(found, album_id=album_id))
    unique = {(entry.key or entry.url or entry.title): entry for entry in reversed(entries)}
    if not unique and not title:
        return None
    return Listing(
        kind="album",
        account=_account(page),
        entries=list(reversed(unique.values()))[:MAX_ENTRIES],
        album=Album(
            album_id=album_id,
            title=(title or "").removeprefix("#"),
            url=parsed.canonical if parsed and parsed.form == "album" else None,
        ),
    )


def _album_entry(page: Page, node: LexborNode, album_id: str | None) -> ListedArticle | None:
    attributes = node.attributes
    title = attributes.get("data-title") or page.text(node.css_first(".album__item-title"))
    link = attributes.get("data-link") or attributes.get("href") or ""
    entry = _entry({"title": title, "url": link}, None)
    when = page.text(node.css_first(".js_article_create_time"))
    return replace(entry, album_id=album_id, published_at=from_unix(when)) if entry else None
