"""Exports of this project, read back: the same article, whatever the format.

An export says that it is one (`archive: gzh-archive/1`) and names its fields as `FIELDS` does. What its text does
not show - what was removed, credits, media without a picture - stands in its *slip*, one JSON object. With the
slip the full text is rebuilt and proves itself by its hash; where somebody has edited the text since, it does not,
and the text counts as it stands. Nothing in an export can claim better evidence than `export`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from crawler.items import Split
from crawler.pages import assemble, fields
from crawler.pages.exported_slip import rebuild

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crawler.items import Article, CapturedAtSource, Evidence, Mark, PublishedSource, Reading, Span
    from crawler.pages.content import Content
    from crawler.pages.document import Document
    from crawler.pages.exported_slip import Slip

MARKER = "gzh-archive/1"
CELLS_MARKER = "gzh-archive/1 cells"  # of a table, whose cells are guarded
MARKER_FIELD = "archive"
# Name in an export -> field of the article's loader, or (with a dot) of its account's.
FIELDS: dict[str, str] = {
    "title": "title",
    "account": "account.name",
    "account_alias": "account.alias",
    "ghid": "account.ghid",
    "biz": "account.biz",
    "account_intro": "account.intro",
    "author": "author",
    "url": "url",
    "mid": "mid",
    "idx": "idx",
    "read_more_url": "source_url",
    "cover_url": "cover_url",
    "digest": "digest",
    "is_original": "is_original",
    "is_paid": "is_paid",
    "ip_region": "ip_region",
    "declaration": "declaration",
    "is_title_modified": "is_title_modified",
    "comment_id": "comment_id",
}
# An export of a dump is no better than a dump.
_LESSER: dict[str, Evidence] = {"feed": "feed", "record": "record", "dump": "dump", "text": "text"}


def is_export(values: Mapping[str, Any]) -> bool:
    """Whether fields are those of an export of ours."""
    return values.get(MARKER_FIELD) in (MARKER, CELLS_MARKER)


def read(
    document: Document,
    values: Mapping[str, Any],
    shown: Content,
    slip: Slip | None,
    *,
    source: PublishedSource,
    captured_source: CapturedAtSource,
    template: str,
    media_type: str,
) -> Reading:
    """The article of an export whose fields are `values` and whose text and media are `shown`."""
    draft = assemble.Draft(document=document)
    for name, target in FIELDS.items():
        loader = draft.loader.account if target.startswith("account.") else draft.loader
        loader.add(target.removeprefix("account."), values.get(name), f"{source} {name}")
    draft.loader.add("kind", fields.field_names().kinds.get(str(values.get("kind"))), f"{source} kind")
    draft.publish(values.get("published_at"), source, f"{source} published_at")
    if when := assemble.moment(values.get("modified_at")):
        draft.loader.add("modified_at", when[0], f"{source} modified_at")
    if when := assemble.moment(values.get("captured_at")):
        draft.captured_at = when[0]
    reading = assemble.finish(
        draft,
        [],
        evidence=_LESSER.get(str(values.get("evidence")), "export"),
        template=f"archive-{template}",
        media_type=media_type,
        captured_source=captured_source,
    )
    article: Article = reading.found  # type: ignore[assignment]
    article.full_text, article.marks = shown.full_text, shown.marks
    article.links, article.media = shown.links, shown.media
    if slip is not None:
        _take_slip(article, slip, str(values.get("rules_version") or ""), reading.warnings)
    return reading


def _take_slip(article: Article, slip: Slip, rules_version: str, warnings: list[str]) -> None:
    if slip.media is not None:
        article.media = slip.media
    if slip.links is not None:
        article.links = slip.links
    article.albums, article.repost = slip.albums, slip.repost
    whole = rebuild(article.full_text, slip)
    if whole is None:
        warnings.append("it was edited after it was exported: its text counts as it stands, what was removed does not")
        return
    article.full_text, spans = whole
    article.marks = [_moved(mark, spans) for mark in article.marks]
    article.split = Split(rules_version=rules_version, spans=tuple(spans), credits=tuple(slip.credits))


def _moved(mark: Mark, spans: Sequence[Span]) -> Mark:
    """A mark of the body as one of the full text, of which `spans` are not in the body."""
    start, end = mark.start, mark.end
    for span in spans:
        length = span.end - span.start
        start += length if start >= span.start else 0
        end += length if end > span.start else 0
    return replace(mark, start=start, end=max(start, end))
