"""A record that breaks a rule of the database is rejected, with the rule."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from crawler.grouping import for_each
from crawler.items import Article, Reading, Rejected
from crawler.text import is_visible
from crawler.times import EARLIEST, utc_text

# A clock may be ahead by this much before a time of publication is not believed.
CLOCK_SLACK = timedelta(days=2)


def fault(article: Article) -> Rejected | None:
    """Why `article` cannot be stored, with a sentence for people; None where it breaks no rule."""
    if not article.key:
        return Rejected(reason="invalid", detail="it has no key")
    has_text = is_visible(article.full_text)
    if not has_text and not article.media and not article.repost and not article.title:
        return Rejected(reason="no_content", detail="it has neither text, title, media nor a source it reposts")
    for mark in article.marks:
        if not 0 <= mark.start <= mark.end <= len(article.full_text):
            return Rejected(reason="invalid", detail=f"a mark ({mark.kind}) lies outside the text")
    return None


def doubtful_time(article: Article, captured_at: datetime) -> str | None:
    """Why the article's time of publication cannot be true, or None."""
    published = article.published_at
    if published is None:
        return None
    if published < EARLIEST:
        return f"published {utc_text(published)}, before there were Official Accounts"
    latest = max(captured_at, datetime.now(UTC)) + CLOCK_SLACK
    if published > latest:
        return f"published {utc_text(published)}, in the future"
    return None


def validate(reading: Reading) -> None:
    """Turns an article that breaks a rule into a rejected capture; drops a time that cannot be true."""
    article = reading.found
    if not isinstance(article, Article):
        return
    if (why := doubtful_time(article, reading.captured_at or reading.capture.captured_at)) is not None:
        reading.warnings.append(f"published_at left empty: {why}")
        article.published_at = article.published_precision = article.published_source = None
    if (broken := fault(article)) is not None:
        reading.found = broken


class ValidatePipeline:
    """Validates every reading."""

    def process_item(self, item: Any) -> Any:
        """Passes every item on."""
        return for_each(item, self._process)

    def _process(self, item: Any) -> None:
        if isinstance(item, Reading):
            validate(item)
