"""Fields that take more than a look: original or not, region, declaration, edits, albums, readers' counts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler import processors as p
from crawler.items import Album, Metrics
from crawler.pages.media import query_value
from crawler.pages.page import PLACES, plain
from crawler.pages.script import Value, descend

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.loaders import ArticleLoader
    from crawler.pages.page import Page
    from crawler.pages.values import Owner

MAX_ALBUMS = 100
CHINA = "156"  # ISO 3166-1, as ip_wording has it
_COPYRIGHT: dict[str, bool] = PLACES["copyright_stat"]
_COUNT = re.compile(r"(\d{1,9}(?:\.\d{1,3})?)\s*(万|w|W)?\+?")
_METRICS: dict[str, tuple[str, ...]] = {
    "reads": ("read_num_new", "read_num"),
    "likes": ("old_like_count", "like_num"),
    "shares": ("share_count",),
    "comments": ("comment_count",),
}
_METRIC_IDS = {"reads": ("readNum3", "js_read_num"), "likes": ("likeNum3", "likeNum_old", "js_like_num")}
_ALBUM_SELECTOR = "#js_tags [data-album_id], #js_tags [data-url], .article-tag__item-wrp, .js_album_item"


def load_details(page: Page, loader: ArticleLoader) -> None:
    """All of them."""
    _load_original(page, loader)
    _load_region(page, loader)
    _load_declaration(page, loader)
    _load_edits(page, loader)
    for album, source in _albums(page):
        loader.add("albums", album, source)
    metrics, source = _metrics(page)
    if metrics is not None:
        loader.add("metrics", metrics, source)


def _objects(page: Page, *names: str) -> Iterator[tuple[dict[str, Value], str]]:
    """Every object of these names, in cgiDataNew or assigned by a script, with its place."""
    for name in names:
        value = page.data.get(name) if page.data else None
        if isinstance(value, dict):
            yield value, f"cgiDataNew.{name}"
        for found in page.values.objects(name):
            yield found, f"window.{name}"


def _string(value: Value, *paths: str) -> str | None:
    for path in paths:
        found = descend(value, path)
        if isinstance(found, str) and found.strip():
            return plain(found).strip()
    return None


def _load_original(page: Page, loader: ArticleLoader) -> None:
    for found, source in _objects(page, "copyright_info"):
        loader.add("is_original", _COPYRIGHT.get(_string(found, "copyright_stat") or ""), f"{source}.copyright_stat")
    for stat in page.find(["js _copyright_stat", "js copyright_stat"]):
        loader.add("is_original", _COPYRIGHT.get(stat.value), stat.source)
    logo = page.by_id("copyright_logo")
    if logo is not None and page.text(logo):
        loader.add("is_original", True, "#copyright_logo")


def _load_region(page: Page, loader: ArticleLoader) -> None:
    for found, source in _objects(page, "ip_wording"):
        country_id = _string(found, "country_id", "countryId")
        province = _string(found, "province_name", "provinceName")
        country = _string(found, "country_name", "countryName")
        is_home = country_id == CHINA or (country_id is None and province is not None)
        loader.add("ip_region", province if is_home else country, source)
    loader.add("ip_region", page.text(page.by_id("js_ip_wording")), "#js_ip_wording")


def _load_declaration(page: Page, loader: ArticleLoader) -> None:
    for found, source in _objects(page, "claim_source"):
        wording = _string(found, "claim_source", "claim_source_wording", "wording")
        ai_wording = _string(found, "aigc_wording")
        loader.add("declaration", " ".join(filter(None, (wording, ai_wording))), source)
    loader.add("declaration", page.text(page.by_id("js_claim_source")), "#js_claim_source")


def _load_edits(page: Page, loader: ArticleLoader) -> None:
    for found in page.find(["cgi is_title_modified", "js isTitleModified"]):
        loader.add("is_title_modified", found.value, found.source)
    for found in page.find(["cgi modify_time", "js modify_time"]):
        loader.add("modified_at", found.value if found.value != "0" else None, found.source)


def _albums(page: Page) -> Iterator[tuple[Album, str]]:
    """The albums and topics of the article, each once."""
    seen: set[str] = set()
    for album, source in _all_albums(page):
        mark = album.album_id or album.title
        if mark not in seen and album.title:
            seen.add(mark)
            yield album, source
        if len(seen) >= MAX_ALBUMS:
            return


def _all_albums(page: Page) -> Iterator[tuple[Album, str]]:
    if page.data:
        for path in ("appmsgalbuminfo", "appmsg_album_info", "appmsg_album"):
            yield from _albums_in(page.data.get(path), f"cgiDataNew.{path}")
        for path in ("public_tag_info.tags", "appmsg_album_infos", "album_info_list"):
            yield from _albums_in(page.data.get(path), f"cgiDataNew.{path}")
    for name in ("album_info_list", "albums"):
        owners: tuple[Owner, ...] = ("var", "window", "d")
        for owner in owners:
            for value in page.values.all(owner, name):
                yield from _albums_in(value, name)
    for node in page.tree.css(_ALBUM_SELECTOR):
        attributes = node.attributes
        url = p.url(attributes.get("data-url") or attributes.get("href") or "")
        album_id = attributes.get("data-album_id") or _album_id(url)
        if album_id or url:
            title = (page.text(node).removeprefix("#").strip()) or ""
            yield Album(album_id=p.positive_number(album_id or ""), title=title, url=url), "#js_tags"


def _albums_in(value: Value, source: str) -> Iterator[tuple[Album, str]]:
    entries = value if isinstance(value, list) else [value]
    for entry in entries:
        title = _string(entry, "title", "tag_name", "album_info.title", "name")
        if not title:
            continue
        url = p.url(_string(entry, "link", "tag_link", "album_info.link", "url") or "")
        album_id = p.positive_number(_string(entry, "album_id", "albumId", "album_info.album_id", "id") or "")
        size = _string(entry, "size", "tag_content_num", "content_size", "article_count", "album_info.content_size")
        position = _string(entry, "pos_num", "position")
        yield (
            Album(
                album_id=album_id or _album_id(url),
                title=p.plain_line(title.removeprefix("#")) or "",
                url=url,
                size=count(size),
                position=count(position),
            ),
            source,
        )


def _album_id(url: str | None) -> str | None:
    return p.positive_number(query_value(url, "album_id") or "")


def _metrics(page: Page) -> tuple[Metrics | None, str]:
    found: dict[str, int] = {}
    sources: list[str] = []
    places: list[tuple[Value, str]] = []
    if page.data:
        places += [(page.data.get(path), f"cgiDataNew.{path}") for path in ("user_info.appmsg_bar_data", "appmsgstat")]
    places += [(value, "window.appmsg_bar_data") for value in page.values.objects("appmsg_bar_data")]
    for value, source in places:
        for name, keys in _METRICS.items():
            number = next((n for key in keys if (n := count(_string(value, key))) is not None), None)
            if number is not None and name not in found:
                found[name] = number
                sources.append(source)
    for name in ("reads", "likes"):
        places_of = [f"js {key}" for key in _METRICS[name] if "count" not in key]
        places_of += [f"id {element}" for element in _METRIC_IDS[name]]
        for where in page.find(places_of):
            number = count(where.value)
            if name not in found and number is not None:
                found[name] = number
                sources.append(where.source)
    # A page that was saved logged out has zeros where it knows nothing.
    if not any(found.values()):
        return None, ""
    return Metrics(**found), sources[0]


def count(text: str | None) -> int | None:
    """A number of readers' doings as printed: `1234`, `10万+` (at least that many); None for other text."""
    match = _COUNT.fullmatch((text or "").strip().replace(",", ""))
    if not match:
        return None
    return round(float(match[1]) * (10_000 if match[2] else 1))
