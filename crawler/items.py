"""What is known of one capture, from its bytes to the row: plain typed records, no behaviour.

A source gives a `Capture`; a reader turns it into a `Reading`, which holds exactly one finding (`Article`,
`Notice`, `Listing` or `Rejected`); the pipelines add `Normalized` to an article and store the reading.
The names of kinds and reasons are contracts: they are values in the database.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime  # noqa: TC003 - ItemAdapter and tests resolve the annotations
from typing import Literal

ArticleKind = Literal["article", "picture", "text", "video", "audio", "music", "short"]
Evidence = Literal["page", "export", "feed", "record", "dump", "text"]
CapturedAtSource = Literal["warc", "http", "page", "front_matter", "record", "sidecar", "mtime"]
PublishedPrecision = Literal["second", "minute", "day"]
PublishedSource = Literal["page", "header", "front_matter", "record", "sidecar", "path", "text"]
BoilerplateKind = Literal[
    "follow_prompt",
    "page_chrome",
    "engagement",
    "read_more",
    "recommendation",
    "credits",
    "copyright",
    "contact",
    "promotion",
    "decoration",
]
NoticeReason = Literal[
    "deleted",
    "violation",
    "migrated",
    "account_blocked",
    "account_closed",
    "infringement",
    "rumor",
    "send_failed",
    "private",
    "under_review",
    "unavailable",
    "expired",
    "verification",
    "bad_parameters",
    "system_error",
    "client_only",
]
# Reasons that say something about the moment or the URL; all others are facts about an article.
PASSING_REASONS: frozenset[NoticeReason] = frozenset(
    {"expired", "verification", "bad_parameters", "system_error", "client_only"}
)
RejectReason = Literal[
    "unreadable",  # the file could not be opened or read
    "empty",  # nothing in it, or white space only
    "binary",  # bytes that are no text and no format known here
    "foreign",  # a known format that is none of ours (.docx, .pdf, .rar, a web page of another site)
    "truncated",  # it ends before it should
    "oversize",  # larger than the limit
    "too_complex",  # more nodes or deeper than the limit
    "corrupt",  # a container whose bytes are damaged
    "encrypted",  # a container that needs a password
    "no_content",  # a WeChat page, but without anything of an article
    "unknown",  # text of ours by its marks, but of a kind that no reader knows (a template to report)
    "invalid",  # what was read breaks a rule of the database
    "reader_error",  # our own fault: a reader or a stage raised
]
MediaKind = Literal["image", "video", "voice", "music", "file"]
UrlForm = Literal["long", "short", "temporary", "preview", "captcha", "profile", "album", "other"]
MarkKind = Literal[
    "link",  # text of a link; value: its URL
    "article_link",  # text of a link to a WeChat article; value: its URL
    "account_card",  # a card or mention of an account (mp-common-profile); value: its name
    "program_card",  # a card or link of a mini-program; value: its name
    "image",  # an image stands here (start == end); value: its URL
    "media",  # a video, voice or music player stands here (start == end); value: its title
    "divider",  # hr or an element that only draws a line (start == end)
    "heading",  # h1 to h6, or a paragraph in one bold large run; value: the level, or ""
    "code",  # text of a code block
    "quote",  # text of blockquote
    "table",  # text of a table cell; value: "TABLE.ROW.COLUMN", each counted from 1, or ""
    "list_item",  # text of a list item
    "small",  # text set clearly smaller or paler than the body's
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What only the user knows of a capture, from its path (`layout`) or a table beside it (`sidecar`)."""

    title: str | None = None
    account: str | None = None
    url: str | None = None
    published: str | None = None  # as written; a reader of times makes sense of it
    # Field name -> where it comes from. A sidecar wins over a path.
    sources: tuple[tuple[str, Literal["sidecar", "path"]], ...] = ()


NO_HINTS = Hints()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """A capture that could not be read: why, and what a person can do about it."""

    reason: RejectReason
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One look at one page or file."""

    uri: str  # Path.as_uri() of a file, plus `!/member` inside a container; or a page's URL
    name: str  # readable, relative to the path given
    content: bytes = field(repr=False)
    captured_at: datetime  # aware, UTC
    captured_at_source: CapturedAtSource
    url: str | None = None  # the URL that was asked for, where the container says so
    media_type: str | None = None  # as the container declares it, or None
    hints: Hints = NO_HINTS
    problem: Rejected | None = None  # set where the source could not give the content whole
    file_uri: str | None = None  # the file on disk that it is, or is in; None off disk
    frontier_url: str | None = None  # the row of the frontier that it answers
    # Digest of `content` where that is another capture's, which stands for this one (an unchanged look).
    read_as: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSeen:
    """A file has been read to its end (or was read by an earlier run): its state, to skip it next time."""

    uri: str
    size: int
    mtime_ns: int
    captures: int  # how many captures it gave
    ignored: int = 0  # how many members of it were ignored (images, styles, ...)
    again: bool = False  # it was not read now: size and mtime are those of an earlier run


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureSeen:
    """A capture whose very bytes are stored already: met again, not read again."""

    uri: str
    sha256: str
    was_rejected: bool
    file_uri: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored:
    """Files of no interest (images, styles, dotfiles, `NAME_files/`): counted, nothing else."""

    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleUrl:
    """A URL that leads to the article, in canonical form, less what identifies a reader."""

    url: str
    form: UrlForm
    key: str | None = None  # of the article that it leads to, as far as the URL alone tells


@dataclass(slots=True, kw_only=True)
class Account:
    """An Official Account, as far as one capture tells it."""

    biz: str | None = None  # base64 of a positive decimal, with its padding
    ghid: str | None = None  # gh_...
    alias: str | None = None  # 微信号
    name: str | None = None
    intro: str | None = None  # 功能介绍


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link in the article's content, in reading order."""

    url: str
    text: str
    kind: Literal["link", "article", "account", "program", "topic"] = "link"


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """An image, video, voice, music or file of the article, in reading order."""

    kind: MediaKind
    url: str | None = None
    media_id: str | None = None  # vid, voice_encode_fileid, mpvid, ...
    title: str | None = None
    width: int | None = None  # pixels
    height: int | None = None  # pixels
    duration: float | None = None  # seconds
    size: int | None = None  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Album:
    """An album (合集) or topic that the article belongs to."""

    album_id: str | None
    title: str
    url: str | None = None
    size: int | None = None  # how many articles it has
    position: int | None = None  # this article's place in it, where the page says


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """One person or source and its role, as printed; a source without a role has the role ""."""

    role: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Repost:
    """What the page says it was reposted from."""

    kind: Literal["reprint", "share"]  # the whole text, or a card that only points to it
    biz: str | None = None
    mid: str | None = None
    idx: str | None = None
    url: str | None = None
    account: str | None = None
    ghid: str | None = None
    author: str | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    """Counts of readers' doings, only where the capture holds them."""

    reads: int | None = None
    likes: int | None = None  # 点赞 (before 2020-06 the only count)
    shares: int | None = None
    comments: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What the page's markup says about a stretch of the full text (offsets in code points, half-open)."""

    start: int
    end: int
    kind: MarkKind
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of the full text that is not the article (offsets in code points, half-open)."""

    start: int
    end: int
    kind: BoilerplateKind
    rule: str  # id of the rule that found it; several joined by "+"


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """How an export of this project says that its text was split: believed as long as the same rules are in force."""

    rules_version: str
    spans: tuple[Span, ...]
    credits: tuple[Credit, ...]


@dataclass(slots=True, kw_only=True)
class Article:
    """An article as one capture shows it. Every field may be unknown but `kind`, `evidence`, `full_text`."""

    kind: ArticleKind = "article"
    evidence: Evidence = "page"
    account: Account = field(default_factory=Account)
    biz: str | None = None
    mid: str | None = None
    idx: str | None = None
    sn: str | None = None
    url: str | None = None  # the page's own URL, as the page gives it
    title: str | None = None
    author: str | None = None
    digest: str | None = None
    source_url: str | None = None  # 阅读原文
    cover_url: str | None = None
    published_at: datetime | None = None  # aware, UTC
    published_precision: PublishedPrecision | None = None
    published_source: PublishedSource | None = None
    is_original: bool | None = None
    ip_region: str | None = None
    declaration: str | None = None  # claim of source or of AI-made content, as worded
    is_title_modified: bool | None = None
    modified_at: datetime | None = None
    is_paid: bool | None = None
    comment_id: str | None = None
    full_text: str = ""
    marks: list[Mark] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    media: list[Media] = field(default_factory=list)
    albums: list[Album] = field(default_factory=list)
    credits: list[Credit] = field(default_factory=list)  # from the page's own metadata, not from its text
    repost: Repost | None = None
    metrics: Metrics | None = None
    split: Split | None = None  # only of a capture that is an export of ours
    # Made by crawler.pages.identity from the values above and the capture's URL:
    key: str = ""
    urls: list[ArticleUrl] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Notice:
    """A page that says an article cannot be shown."""

    reason: NoticeReason
    retryable: bool
    detail: str  # the sentence on the page
    url: str | None = None  # of the article that was asked for, canonical
    key: str | None = None  # of that article, where the URL or the page gives it
    account: Account = field(default_factory=Account)
    target_url: str | None = None  # where a migrated article went


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedArticle:
    """One article that a listing names."""

    url: str | None
    key: str | None
    title: str | None
    digest: str | None = None
    author: str | None = None
    cover_url: str | None = None
    published_at: datetime | None = None
    is_deleted: bool = False
    album_id: str | None = None


@dataclass(slots=True, kw_only=True)
class Listing:
    """A page or JSON that names articles (getmsg, publish_page, album, history, feed) or shows an account."""

    kind: Literal["getmsg", "publish_page", "album", "history", "profile", "feed"]
    account: Account = field(default_factory=Account)
    entries: list[ListedArticle] = field(default_factory=list)
    album: Album | None = None
    has_more: bool | None = None
    next_offset: str | None = None


@dataclass(slots=True, kw_only=True)
class Normalized:
    """What normalisation made of an article's full text."""

    body: str
    spans: list[Span]  # in order, not overlapping; the body is the full text less these
    credits: list[Credit]
    rules_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """By what an article's text is known again: SHA-256 (hex) of compacted text, in UTF-8."""

    text_hash: str  # of the full text
    content_hash: str  # of the body
    char_count: int  # code points of the compacted body
    signature: bytes = b""  # MinHash of the compacted body; empty where that is too short to be compared


@dataclass(slots=True, kw_only=True)
class Reading:
    """What a reader made of one capture."""

    capture: Capture
    found: Article | Notice | Listing | Rejected
    template: str | None = None  # which template or flavour was recognised, e.g. `page-2020`, `dump-html2text`
    sources: dict[str, str] = field(default_factory=dict)  # field -> where its value came from
    warnings: list[str] = field(default_factory=list)
    is_cut: bool = False  # it surely ends in the middle; what it has was read
    # Where the capture itself says when it was taken; else the source's time holds.
    captured_at: datetime | None = None
    captured_at_source: CapturedAtSource | None = None
    media_type: str = "application/octet-stream"
    sha256: str = ""  # of the capture's content, hex; set by whoever reads it first
    packed: bytes | None = field(default=None, repr=False)  # the capture's content in zstd, where that is made already
    normalized: Normalized | None = None
    fingerprint: Fingerprint | None = None

    def __repr__(self) -> str:
        """Short: Scrapy prints items in its log, and an article's text does not belong there."""
        return f"<Reading {type(self.found).__name__} {self.capture.name!r}>"


@dataclass(slots=True, kw_only=True)
class Group:
    """Consecutive items of one source, which go through the pipelines together, in their order."""

    members: list[Reading | CaptureSeen | FileSeen | Ignored]
    faults: list[Exception] = field(default_factory=list)  # of members that a stage failed on; they have left

    def __repr__(self) -> str:
        """Short, as that of a reading."""
        ends = [self.members[0], self.members[-1]] if len(self.members) > 1 else self.members
        return f"<Group of {len(self.members)}: {' to '.join(map(repr, ends))}>"
