"""Values that text readers found, made into an article."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from crawler import processors, times
from crawler.items import Album, Article, Metrics, Reading, Rejected, Repost
from crawler.loaders import ArticleLoader
from crawler.pages import fields, lines
from crawler.pages.pagetail import count, is_article_url

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.items import CapturedAtSource, Evidence, PublishedPrecision, PublishedSource
    from crawler.pages.byline import Head
    from crawler.pages.document import Document
    from crawler.pages.pagetail import Tail

_PLAIN = ("title", "mid", "idx", "sn", "digest", "ip_region", "comment_id", "cover_url")
_OF_ACCOUNT = ("biz", "ghid", "alias", "intro")
_MILLISECONDS = 100_000_000_000  # a Unix time above this is in milliseconds
# A spreadsheet's time, in days since 1899-12-30: from 2012 to 2099.
_SPREADSHEET = range(40_909, 73_051)
_SPREADSHEET_ZERO = datetime(1899, 12, 30, tzinfo=times.BEIJING)


@dataclass(slots=True, kw_only=True)
class Draft:
    """An article being put together from the values of a text."""

    document: Document
    loader: ArticleLoader = field(default_factory=ArticleLoader)
    precision: PublishedPrecision | None = None
    published_source: PublishedSource | None = None
    captured_at: datetime | None = None
    metrics: dict[str, int] = field(default_factory=dict)
    repost: Repost | None = None
    warnings: list[str] = field(default_factory=list)

    def publish(self, printed: object, source: PublishedSource, where: str, *, is_dump: bool = False) -> bool:
        """Takes a time of publication if it is one and none is known yet.

        A dump was printed by a browser in a zone that nobody knows: there only the day is trusted, unless
        the zone stands with it.
        """
        when = moment(printed)
        if when is None or self.published_source is not None:
            return False
        at, precision = when
        if is_dump and not times.has_zone(str(printed)):
            at, precision = times.day_only(at), "day"
        self.loader.add("published_at", at, where)
        self.precision, self.published_source = precision, source
        return True


def refused(draft: Draft, text: str, signs: str, media_type: str) -> Reading | None:
    """`Rejected("too_complex")` where `text` has more lines and `signs` of markup than a capture may have nodes."""
    limit = draft.document.limits.max_nodes
    if len(text) <= limit or sum(map(text.count, ("\n", *signs))) <= limit:
        return None
    why = Rejected(reason="too_complex", detail=f"more than {limit} lines and signs of markup")
    return Reading(capture=draft.document.capture, found=why, media_type=media_type)


# Seconds, milliseconds or days; tables with gaps make floating numbers of them.
_NUMBER = re.compile(r"(?:\d{10,13}|\d{5})(?:\.\d{1,12})?")
_MAX_SHOWN = 40  # characters of a value in a warning


def moment(value: object) -> tuple[datetime, PublishedPrecision] | None:
    """The time that a field holds: printed, Unix seconds or milliseconds, or a spreadsheet's days, also in digits."""
    if isinstance(value, bool) or value is None:
        return None
    text = str(value).strip()
    if isinstance(value, (int, float)) or _NUMBER.fullmatch(text):
        number = float(text)
        if int(number) in _SPREADSHEET:
            day = _SPREADSHEET_ZERO + timedelta(seconds=round(number * 86_400))
            return day.astimezone(UTC), "day" if number.is_integer() else "second"
        at = times.from_unix(number / 1000 if number > _MILLISECONDS else number)
        return (at, "second") if at else None
    return times.parse_printed_time(text) if isinstance(value, str) else None


def fill_values(draft: Draft, values: fields.Values, source: PublishedSource, *, is_dump: bool = False) -> None:
    """Puts labelled values into the draft: the fields of a record, a front matter, a header."""
    loader = draft.loader
    for target, kinds in ((loader, _PLAIN), (loader.account, _OF_ACCOUNT)):
        for kind in kinds:
            for name, value in values.all(kind):
                target.add(kind, _line(value), f"{source} {name}")
    _fill_author(draft, values, source)
    _fill_account(draft, values, source)
    _fill_urls(draft, values, source)
    _fill_codes(draft, values, source)
    _fill_times(draft, values, source, is_dump=is_dump)
    for kind in ("reads", "likes", "shares", "comments"):
        for _, value in values.all(kind):
            number = count(_scalar(value))
            if number is not None and 0 <= number < 2**53:
                draft.metrics.setdefault(kind, number)


def _fill_author(draft: Draft, values: fields.Values, source: str) -> None:
    """The author, whose line may name the account too."""
    for name, value in values.all("author"):
        both = fields.field_names().author_account.fullmatch(_line(value))
        draft.loader.add("author", both["author"] if both else _line(value), f"{source} {name}")
        if both and not values.all("account"):
            draft.loader.account.add("name", both["account"], f"{source} {name}")


def _fill_times(draft: Draft, values: fields.Values, source: PublishedSource, *, is_dump: bool) -> None:
    """When it was published, edited and captured."""
    unread = []
    for name, value in values.all("published"):
        printed = _scalar(value).strip()
        if not draft.publish(printed, source, f"{source} {name}", is_dump=is_dump) and printed:
            unread.append(
                f"published_at left empty: {name} is {printed[:_MAX_SHOWN]!r}, which is no time that can be read"
            )
    if draft.published_source is None:
        draft.warnings += unread[:1]
    for name, value in values.all("modified"):
        if when := moment(_scalar(value)):
            draft.loader.add("modified_at", when[0], f"{source} {name}")
    for _, value in values.all("captured"):
        if draft.captured_at is None and (when := moment(_scalar(value))):
            draft.captured_at = when[0]


def _fill_codes(draft: Draft, values: fields.Values, source: str) -> None:
    """Values that stand for others: flags and the site's own numbers."""
    names = fields.field_names()
    for name, value in values.all("original"):
        draft.loader.add("is_original", names.flags.get(str(value).strip(), value), f"{source} {name}")
    for name, value in values.all("copyright"):
        draft.loader.add("is_original", names.copyright_stat.get(str(value)), f"{source} {name}")
    for name, value in values.all("kind"):
        draft.loader.add("kind", names.kinds.get(str(value)), f"{source} {name}")


def _fill_account(draft: Draft, values: fields.Values, source: str) -> None:
    """The account's name, where `name` and `account` mean now this, now that.

    `name account title content`: the name and the 微信号. `name` without a title is the title.
    """
    loader, account = draft.loader, draft.loader.account
    names = values.all("name")
    if not values.all("account"):
        account.add(
            "name", fields.account_as_source(values, is_dated=draft.published_source is not None), f"{source} source"
        )
    for name, value in values.all("account"):
        given = _line(value)
        if fields.fold(name) == "account" and (names or account.known("name")) and processors.account_alias(given):
            account.add("alias", given, f"{source} {name}")
        elif processors.ghid(given):
            account.add("ghid", given, f"{source} {name}")
        else:
            account.add("name", given, f"{source} {name}")
    for name, value in names:
        if loader.known("title"):
            account.add("name", _line(value), f"{source} {name}")
        else:
            loader.add("title", _line(value), f"{source} {name}")


def _fill_urls(draft: Draft, values: fields.Values, source: str) -> None:
    """The article's own URL is one of WeChat's; `source_url` with another is where 阅读原文 leads."""
    for name, value in values.all("url"):
        given = processors.url(_scalar(value).strip("<>[]() "))
        if given and is_article_url(given):
            draft.loader.add("url", given, f"{source} {name}")
        elif given and fields.fold(name) == "sourceurl":
            draft.loader.add("source_url", given, f"{source} {name}")


def fill_head(draft: Draft, head: Head, *, source: PublishedSource, is_dump: bool) -> None:
    """Puts what a page's head says into the draft."""
    loader, account = draft.loader, draft.loader.account
    loader.add("title", head.title, "head")
    loader.add("author", head.author, "head")
    loader.add("ip_region", head.region, "head")
    loader.add("declaration", head.declaration, "head")
    loader.add("is_original", head.is_original, "head")
    where = "account card" if head.has_card else "head"
    for name in ("alias", "ghid", "intro"):
        account.add(name, getattr(head, name), where)
    account.add("name", head.account, where)
    for title in head.albums:
        loader.add("albums", Album(album_id=None, title=title), "head")
    if head.published:
        draft.publish(head.published, source, "head", is_dump=is_dump)
    if head.reprint_account:
        draft.repost = Repost(kind="reprint", account=head.reprint_account, author=head.reprint_author)


def fill_tail(draft: Draft, tail: Tail) -> None:
    """Puts what a page's tail says into the draft."""
    loader = draft.loader
    loader.account.add("name", tail.account, "tail")
    loader.add("title", tail.title, "tail")
    loader.add("url", tail.url, "tail")
    loader.add("declaration", tail.declaration, "tail")
    if tail.modified and (when := moment(tail.modified)):
        loader.add("modified_at", when[0], "tail")
    for name, number in (("reads", tail.reads), ("likes", tail.likes)):
        if number is not None:
            draft.metrics.setdefault(name, number)


def finish(
    draft: Draft,
    text_lines: Sequence[lines.Line],
    *,
    evidence: Evidence,
    template: str,
    media_type: str,
    captured_source: CapturedAtSource = "page",
) -> Reading:
    """The reading of a draft whose full text is `text_lines`."""
    article: Article = draft.loader.load()
    article.kind = article.kind or "article"
    article.evidence = evidence
    article.full_text, article.marks = lines.join(text_lines)
    article.links = [link for line in text_lines for link in line.links]
    article.media = [medium for line in text_lines for medium in line.media]
    article.repost = draft.repost
    article.published_precision = draft.precision
    article.published_source = draft.published_source
    if draft.metrics:
        article.metrics = Metrics(**draft.metrics)
    captured = draft.captured_at
    return Reading(
        capture=draft.document.capture,
        found=article,
        template=template,
        sources=draft.loader.all_sources(),
        warnings=[*draft.document.warnings, *draft.warnings],
        captured_at=captured.astimezone(UTC) if captured else None,
        captured_at_source=captured_source if captured else None,
        media_type=media_type,
    )


def _scalar(value: Any) -> str:
    """A value as text; of a list its first member; of an object nothing."""
    if isinstance(value, (list, tuple)):
        value = value[0] if value else ""
    return "" if isinstance(value, (dict, list)) or value is None else str(value)


def _line(value: Any) -> str:
    """A value as one line; members of a list joined by spaces, wiki brackets dropped."""
    members = value if isinstance(value, (list, tuple)) else [value]
    return " ".join(_scalar(member).replace("[[", "").replace("]]", "").strip() for member in members[:20])
