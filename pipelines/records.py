"""What an archive says of articles, as typed records for other people's code (see `pipelines.archive`)."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from crawler.items import Article, BoilerplateKind, Link, Media
from crawler.pages import Limits, read
from crawler.times import from_utc_text
from pipelines.store import lookup, raw, rederive
from pipelines.store import reading as rows

if TYPE_CHECKING:
    from sqlite3 import Connection

    from crawler.items import Album, Credit, Mark, Repost
    from pipelines.store.revisions import RevisionText


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRecord:
    """An Official Account, as far as the archive knows it."""

    label: str  # the best name there is
    name: str | None
    alias: str | None  # 微信号
    ghid: str | None
    biz: str | None
    intro: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """A stretch of the full text that is not in the body (code points of the full text, half-open)."""

    start: int
    end: int
    kind: BoilerplateKind
    rule: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionRecord:
    """One version of an article's text by its author."""

    number: int
    title: str | None
    full_text: str
    text_hash: str  # SHA-256 of the compacted full text
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureRecord:
    """One look at an article."""

    uri: str
    name: str
    outcome: str
    sha256: str
    evidence: str | None  # None of a notice
    template: str | None
    captured_at: datetime


@dataclass(frozen=True, kw_only=True)
class ArticleRecord:
    """One article. Its columns are described in docs/database.md; times are aware, UTC."""

    key: str
    kind: str
    title: str | None
    headline: str
    account: AccountRecord | None
    author: str | None
    digest: str | None
    url: str | None
    source_url: str | None
    cover_url: str | None
    published_at: datetime | None
    published_on: date | None  # the day in Beijing
    published_precision: str | None
    is_original: bool | None
    is_paid: bool | None
    is_title_modified: bool | None
    ip_region: str | None
    declaration: str | None
    comment_id: str | None
    modified_at: datetime | None
    body: str
    char_count: int
    content_hash: str
    text_hash: str  # of the current revision
    status: str
    duplicate_of: str | None  # a key
    duplicate_kind: str | None
    similarity: float | None
    evidence: str
    rules_version: str
    revision: int  # number of the current one
    sha256: str  # of its best capture's bytes
    captured_at: datetime  # of that capture
    updated_at: datetime
    _id: int = field(repr=False)
    _capture_id: int = field(repr=False)
    _db: Connection = field(repr=False, compare=False)

    @cached_property
    def _text(self) -> RevisionText:
        return lookup.current_text(self._db, self._id)

    @property
    def full_text(self) -> str:
        """The text with everything in it that was removed from the body."""
        return self._text.full_text

    @property
    def credits(self) -> list[Credit]:
        """Who wrote, edited, shot, supplied it."""
        return self._text.credits

    @property
    def boilerplate(self) -> list[Removal]:
        """What was removed; body and these give back the full text exactly."""
        text = self._text.full_text
        return [
            Removal(start=s.start, end=s.end, kind=s.kind, rule=s.rule, text=text[s.start : s.end])
            for s in self._text.spans
        ]

    @property
    def revisions(self) -> list[RevisionRecord]:
        """Its author's versions, by when they were first captured."""
        names = ("number", "title", "full_text", "text_hash", "seen_at")
        found = rows.rows_of(self._db, "revisions", names, "article_id", self._id, "number")
        return [
            RevisionRecord(number=row[0], title=row[1], full_text=row[2], text_hash=row[3], seen_at=_moment(row[4]))
            for row in found
        ]

    @property
    def captures(self) -> list[CaptureRecord]:
        """Every look at it, notices included, by the time it was taken."""
        names = ("uri", "name", "outcome", "sha256", "evidence", "template", "captured_at")
        found = rows.rows_of(self._db, "captures", names, "article_id", self._id, "captured_at, sha256, uri")
        return [
            CaptureRecord(**dict(zip(names[:-1], row[:-1], strict=True)), captured_at=_moment(row[-1])) for row in found
        ]

    @property
    def links(self) -> list[Link]:
        """The links in it, in reading order."""
        found = rows.rows_of(self._db, "links", ("url", "text", "kind"), "article_id", self._id, "position")
        return [Link(url=row[0], text=row[1], kind=row[2]) for row in found]

    @property
    def media(self) -> list[Media]:
        """Images, videos, voices, music, in reading order."""
        names = tuple(one.name for one in fields(Media))
        found = rows.rows_of(self._db, "media", names, "article_id", self._id, "position")
        return [Media(**dict(zip(names, row, strict=True))) for row in found]

    @property
    def albums(self) -> list[Album]:
        """The albums that it belongs to."""
        return rows.albums(self._db, self._id)

    @property
    def repost(self) -> Repost | None:
        """What it says that it was reposted from."""
        return rows.repost(self._db, self._id)

    def raw(self) -> bytes | None:
        """The bytes of its best capture, as they came; None where they are not kept."""
        return raw.load(self._db, self.sha256)

    def marks(self, limits: Limits | None = None) -> list[Mark]:
        """Headings, tables, links, ... of the full text, read from the raw capture; [] where it is not kept.

        Also [] where the readers have changed since the text was stored: `scrapy renormalize` brings it up to date.
        """
        capture = rederive.load_capture(self._db, self._capture_id)
        found = read(capture, limits or Limits()).found if capture else None
        return found.marks if isinstance(found, Article) and found.full_text == self.full_text else []


_TIMES = frozenset({"published_at", "modified_at", "captured_at", "updated_at"})
_FLAGS = frozenset({"is_original", "is_paid", "is_title_modified"})
_PLAIN = [one.name for one in fields(ArticleRecord) if not one.name.startswith("_")]


def article_record(db: Connection, number: int) -> ArticleRecord:
    """The record of the article in row `number`. Raises KeyError."""
    row = rows.article_row(db, number)
    values: dict[str, Any] = {name: row.get(name) for name in _PLAIN}
    values |= {name: _moment(row[name]) for name in _TIMES if row[name] is not None}
    values |= {name: bool(row[name]) for name in _FLAGS if row[name] is not None}
    values["published_on"] = date.fromisoformat(row["published_on"]) if row["published_on"] else None
    values["duplicate_of"] = row["duplicate_of_key"]
    values["account"] = (
        None
        if row["account_id"] is None
        else AccountRecord(**{one.name: row[f"account_{one.name}"] for one in fields(AccountRecord)})
    )
    return ArticleRecord(**values, _id=row["id"], _capture_id=row["capture_id"], _db=db)


def _moment(text: str) -> datetime:
    return from_utc_text(text)
