"""The slip of an export of this project: what its text does not show, and how the full text is put together again."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import msgspec

from crawler import processors
from crawler import text as forms
from crawler.items import Album, BoilerplateKind, Credit, Link, Media, Repost, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

_PROGRAM = re.compile(r"weixin://[!-~]{1,4096}")  # a link to a mini-program
_RULE = re.compile(r"[a-z0-9_.+-]{1,400}")


@dataclass(slots=True, kw_only=True)
class Removed:
    """A span that was cut out of the full text (offsets in its code points, half-open)."""

    start: int
    end: int
    kind: BoilerplateKind
    rule: str
    text: str
    after: int = 0  # code points of the compacted body before it


@dataclass(slots=True, kw_only=True)
class Slip:
    """What an export's text does not show."""

    text_hash: str = ""  # SHA-256 of the compacted full text
    boilerplate: list[Removed] = field(default_factory=list)
    credits: list[Credit] = field(default_factory=list)
    media: list[Media] | None = None  # None: what the text shows is all
    links: list[Link] | None = None
    albums: list[Album] = field(default_factory=list)
    repost: Repost | None = None


def parse_slip(given: object) -> Slip | None:
    """The slip of an export: an object, or JSON of one; None where it is none that can be used."""
    try:
        value = json.loads(given) if isinstance(given, str) else given
        slip = msgspec.convert(value, Slip)
    except (ValueError, RecursionError):
        return None
    return _clean(slip) if _is_sound(slip.boilerplate) else None


def _clean(slip: Slip) -> Slip:
    """The slip with no value that a page's own reader would not let through."""
    names = ((forms.tidy_line(credit.role), forms.tidy_line(credit.name)) for credit in slip.credits)
    slip.credits = [Credit(role=role, name=name) for role, name in names if forms.is_visible(name)]
    slip.media = None if slip.media is None else [_clean_medium(medium) for medium in slip.media]
    slip.links = None if slip.links is None else [link for given in slip.links if (link := _clean_link(given))]
    slip.albums = [
        replace(album, title=title, url=processors.url(album.url))
        for album in slip.albums
        if (title := processors.plain_line(album.title))
    ]
    slip.repost = None if slip.repost is None else _clean_repost(slip.repost)
    return slip


def _clean_link(link: Link) -> Link | None:
    url = link.url if _PROGRAM.fullmatch(link.url) else processors.url(link.url)
    return replace(link, url=url, text=forms.tidy_line(link.text)) if url else None


def _clean_medium(medium: Media) -> Media:
    url, media_id, title = processors.url(medium.url), _line(medium.media_id), _line(medium.title)
    return replace(medium, url=url, media_id=media_id, title=title)


def _clean_repost(repost: Repost) -> Repost:
    return Repost(
        kind=repost.kind,
        biz=processors.biz(repost.biz),
        mid=processors.positive_number(repost.mid),
        idx=processors.positive_number(repost.idx),
        url=processors.url(repost.url),
        account=_line(repost.account),
        ghid=processors.ghid(repost.ghid),
        author=_line(repost.author),
        title=_line(repost.title),
    )


def _line(value: str | None) -> str | None:
    return processors.plain_line(value) if value else None


def _is_sound(cuts: Sequence[Removed]) -> bool:
    """Are the spans in order, apart, and as long as their texts?"""
    end = 0
    for cut in cuts:
        if cut.start < end or cut.end - cut.start != len(cut.text) or not cut.text or not _RULE.fullmatch(cut.rule):
            return False
        end = cut.end
    return True


def rebuild(body: str, slip: Slip) -> tuple[str, list[Span]] | None:
    """The full text that `body` was cut from, and its spans; None where it is not the body that was exported.

    Where the letters are the same and only their white space differs (a format may join lines), spans go back
    between the same letters.
    """
    for find in (_places, _places_between_letters):
        full_text, spans = _inserted(body, slip.boilerplate, find(body, slip.boilerplate))
        is_whole = forms.compact_hash(full_text) == slip.text_hash
        if is_whole and forms.join_lines(full_text.split("\n")) == full_text:
            return full_text, spans
    return None


def _places(body: str, cuts: Sequence[Removed]) -> list[int]:  # noqa: ARG001 - one of two ways
    """Where in the body each cut was, counted in characters."""
    places: list[int] = []
    removed = 0
    for cut in cuts:
        places.append(cut.start - removed)
        removed += len(cut.text)
    return places


def _places_between_letters(body: str, cuts: Sequence[Removed]) -> list[int]:
    """The same, counted in characters that are no white space."""
    places: list[int] = []
    at = letters = 0
    for cut in cuts:
        while letters < cut.after and at < len(body):
            letters += len(forms.compact(body[at]))
            at += 1
        if not cut.text[:1].isspace():
            while at < len(body) and body[at].isspace():
                at += 1
        places.append(at)
    return places


def _inserted(body: str, cuts: Sequence[Removed], places: Sequence[int]) -> tuple[str, list[Span]]:
    parts: list[str] = []
    spans: list[Span] = []
    at = length = 0
    for cut, place in zip(cuts, places, strict=True):
        parts += (body[at:place], cut.text)
        start = length + max(0, min(place, len(body)) - at)
        length = start + len(cut.text)
        at = max(at, place)
        spans.append(Span(start=start, end=length, kind=cut.kind, rule=cut.rule))
    parts.append(body[at:])
    return "".join(parts), spans
