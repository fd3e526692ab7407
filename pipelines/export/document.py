"""One article made ready to be written: its fields, its text as blocks, and its slip."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from crawler.items import Span
from crawler.pages.exported import MARKER, MARKER_FIELD
from crawler.text import compact
from crawler.times import BEIJING
from crawler.urls import key_of, parse_article_url
from pipelines.export.blocks import Block, Piece, blocks_of, cut

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from crawler.items import Link, Mark, Media
    from crawler.pages import Limits
    from pipelines.archive import ArticleRecord

# Every field that an export may have, in the order in which they are printed.
FIELD_NAMES = (
    "title",
    "account",
    "account_alias",
    "ghid",
    "biz",
    "account_intro",
    "author",
    "published_at",
    "url",
    "mid",
    "idx",
    "disputed_url",
    "read_more_url",
    "kind",
    "cover_url",
    "digest",
    "is_original",
    "is_paid",
    "ip_region",
    "declaration",
    "is_title_modified",
    "comment_id",
    "modified_at",
    "status",
    "duplicate_of",
    "key",
    "evidence",
    "captured_at",
    "sha256",
    "rules_version",
    MARKER_FIELD,
)
_TIMES = {"second": "%Y-%m-%dT%H:%M:%S+08:00", "minute": "%Y-%m-%dT%H:%M+08:00", "day": "%Y-%m-%d"}


@dataclass(slots=True, kw_only=True)
class Document:
    """What a renderer needs of an article. `values`: in the order in which they are printed, none of them None."""

    title: str
    values: dict[str, str | bool]
    text: str  # the body, or the full text
    blocks: list[Block]
    credits: list[tuple[str, str]] = field(default_factory=list)  # role, name
    slip: dict[str, Any] | None = None


def document_of(
    article: ArticleRecord,
    *,
    full: bool = False,
    bare: bool = False,
    plain_text: bool = False,
    limits: Limits | None = None,
) -> Document:
    """The document of `article`.

    Args:
        article: whose archive is open.
        full: with what was removed, in place.
        bare: without a slip.
        plain_text: for a format that shows neither links nor images; its raw capture is not read.
        limits: of reading the raw capture.
    """
    spans = [] if full else [Span(start=r.start, end=r.end, kind=r.kind, rule=r.rule) for r in article.boilerplate]
    marks = [] if plain_text else article.marks(limits)
    media, links = article.media, article.links
    blocks = [] if plain_text else _blocks(article.full_text, marks, spans, media)
    return Document(
        title=article.headline,
        values=values_of(article),
        text=article.full_text if full else article.body,
        blocks=blocks,
        credits=[(credit.role, credit.name) for credit in article.credits],
        slip=None if full or bare else slip_of(article) | _not_shown(blocks, media, links),
    )


def _not_shown(blocks: Sequence[Block], media: Sequence[Media], links: Sequence[Link]) -> dict[str, Any]:
    """The media and links, each list only where the blocks do not show all of it."""
    pieces = [piece for block in blocks for piece in (*block.pieces, *block.cell_pieces())]
    lists: tuple[tuple[str, Sequence[Media] | Sequence[Link], list[str]], ...] = (
        ("media", media, [piece.url for piece in pieces if piece.kind == "image"]),
        ("links", links, [piece.url for piece in pieces if piece.kind == "link"]),
    )
    return {name: [plain(one) for one in given] for name, given, shown in lists if [one.url for one in given] != shown}


def values_of(article: ArticleRecord) -> dict[str, str | bool]:
    """The fields of an export (`crawler.pages.exported`), and what else people want to know of an article."""
    account = article.account
    values: dict[str, Any] = {
        "account": account and account.name,
        "account_alias": account and account.alias,
        "ghid": account and account.ghid,
        "biz": account and account.biz,
        "account_intro": account and account.intro,
        "published_at": _printed(article.published_at, article.published_precision),
        **_identity(article),
        "read_more_url": article.source_url,
        "modified_at": _printed(article.modified_at, "second"),
        "captured_at": _printed(article.captured_at, "second"),
        MARKER_FIELD: MARKER,
    }
    given = ((name, values[name] if name in values else getattr(article, name, None)) for name in FIELD_NAMES)
    return {name: value for name, value in given if value is not None and value != ""}


def _identity(article: ArticleRecord) -> dict[str, str | None]:
    """The URL, and the ids where the URL does not lead to the key; a URL that others claim too identifies nothing."""
    parsed = parse_article_url(article.url) if article.url else None
    of_url = key_of(parsed) if parsed else None
    scheme, _, rest = article.key.partition(":")
    if of_url == article.key or (scheme == "text" and of_url is None):
        return {"url": article.url, "mid": None, "idx": None}
    if scheme == "mp":
        return {"url": article.url, "mid": rest.split(":")[1], "idx": rest.split(":")[2]}
    if scheme == "short":
        return {"url": f"https://mp.weixin.qq.com/s/{rest}"}
    return {"url": None, "disputed_url": article.url}


def _printed(moment: datetime | None, precision: str | None) -> str | None:
    """A time as it is printed for people, in Beijing's time, no more exact than it is."""
    return moment.astimezone(BEIJING).strftime(_TIMES[precision or "second"]) if moment else None


def slip_of(article: ArticleRecord) -> dict[str, Any]:
    """The slip (`crawler.pages.exported_slip`) of an article, less its media and links, as JSON values."""
    removed = []
    body, at, taken, letters = article.body, 0, 0, 0
    for cut_out in article.boilerplate:
        place = cut_out.start - taken
        letters += len(compact(body[at:place]))
        at, taken = place, taken + len(cut_out.text)
        removed.append(plain(cut_out) | {"after": letters})
    slip: dict[str, Any] = {
        "text_hash": article.text_hash,
        "boilerplate": removed,
        "credits": [plain(credit) for credit in article.credits],
        "albums": [msgspec.to_builtins(album) for album in article.albums],
        "repost": plain(article.repost) if article.repost else None,
    }
    return {name: value for name, value in slip.items() if value}


def plain(value: object) -> dict[str, Any]:
    """A record as JSON values, without those that are None."""
    return {name: inner for name, inner in msgspec.to_builtins(value).items() if inner is not None}


def _blocks(full_text: str, marks: Sequence[Mark], spans: Sequence[Span], media: Sequence[Media]) -> list[Block]:
    """The blocks of the text, and after them the images and players that have no place in it."""
    text, kept = cut(full_text, marks, spans)
    blocks = blocks_of(text, kept)
    placed = {mark.value for mark in marks if mark.kind == "image"}
    has_players = any(mark.kind == "media" for mark in marks)
    for medium in media:
        if medium.kind == "image" and medium.url and medium.url not in placed:
            blocks.append(Block(kind="figure", pieces=[Piece("image", url=medium.url)]))
        elif medium.kind != "image" and not has_players:
            piece = Piece("player", text=medium.title or medium.kind, url=medium.url or "")
            blocks.append(Block(kind="figure", pieces=[piece]))
    return blocks
