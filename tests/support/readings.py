"""Readings made by hand, for tests of the store: no reader, no file, no rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from crawler.items import (
    Account,
    Article,
    ArticleUrl,
    Capture,
    Credit,
    Evidence,
    Link,
    Listing,
    Media,
    Normalized,
    Notice,
    NoticeReason,
    Reading,
    Rejected,
    Span,
)
from crawler.text import compact_hash
from crawler.urls import key_of, parse_article_url
from pipelines.dedupe import fingerprint

if TYPE_CHECKING:
    from crawler.items import ListedArticle

START = datetime(2024, 5, 1, 8, tzinfo=UTC)
BIZ = "MzAwMDAwMDAwMQ=="
NOW = "2026-01-01T00:00:00Z"


def capture(name: str, *, day: int = 0, content: bytes | None = None) -> Capture:
    """A capture `day` days after the first of May 2024."""
    return Capture(
        uri=f"file:///archive/{name}",
        name=name,
        content=name.encode() if content is None else content,
        captured_at=START + timedelta(days=day),
        captured_at_source="mtime",
        file_uri=f"file:///archive/{name}",
    )


def _key(url: str) -> str | None:
    parsed = parse_article_url(url)
    return key_of(parsed) if parsed else None


def article_reading(
    name: str,
    text: str,
    *,
    key: str | None = None,
    urls: tuple[tuple[str, str], ...] = (),
    day: int = 0,
    evidence: Evidence = "page",
    title: str | None = None,
    account: Account | None = None,
    published: datetime | None = None,
    tail: str = "",
) -> Reading:
    """An article whose full text is `text`, plus `tail` as boilerplate of its own line."""
    full_text = f"{text}\n{tail}" if tail else text
    spans = [Span(start=len(text), end=len(full_text), kind="follow_prompt", rule="test.tail")] if tail else []
    article = Article(
        evidence=evidence,
        key=key or f"text:{compact_hash(full_text)}",
        urls=[ArticleUrl(url=url, form=form, key=_key(url)) for url, form in urls],  # type: ignore[arg-type]
        full_text=full_text,
        title=title,
        account=replace(account) if account else Account(),
        published_at=published,
        published_precision="second" if published else None,
        published_source="page" if published else None,
        links=[Link(url=f"https://example.org/{name}", text=name)],
        media=[Media(kind="image", url=f"https://example.org/{name}.png", width=640)],
    )
    body = text
    return Reading(
        capture=capture(name, day=day),
        found=article,
        template="test",
        sources={"full_text": "test"},
        media_type="text/html",
        normalized=Normalized(
            body=body, spans=spans, credits=[Credit(role="编辑", name=name)] if tail else [], rules_version="test"
        ),
        fingerprint=fingerprint(full_text, body),
    )


def notice_reading(name: str, reason: NoticeReason, *, key: str | None, day: int = 0) -> Reading:
    """A notice about the article with `key`."""
    return Reading(
        capture=capture(name, day=day),
        found=Notice(reason=reason, retryable=False, detail="gone", key=key),
        template="notice",
    )


def listing_reading(name: str, entries: list[ListedArticle], *, account: Account, day: int = 0) -> Reading:
    """A getmsg listing."""
    return Reading(capture=capture(name, day=day), found=Listing(kind="getmsg", account=account, entries=entries))


def rejected_reading(name: str, *, content: bytes = b"%PDF") -> Reading:
    """A capture that no reader took."""
    return Reading(
        capture=capture(name, content=content), found=Rejected(reason="foreign", detail="a PDF; save the page as HTML")
    )
