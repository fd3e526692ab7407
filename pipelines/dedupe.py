"""By what an article's text is known again: fingerprints, made before the store looks for others like it."""

from __future__ import annotations

import hashlib
from typing import Any

from crawler.grouping import for_each
from crawler.items import Article, Fingerprint, Reading
from crawler.text import compact
from pipelines.similarity.signature import signature


def fingerprint(full_text: str, body: str) -> Fingerprint:
    """The fingerprint of an article with this full text and body."""
    compacted = compact(body)
    return Fingerprint(
        text_hash=_digest(compact(full_text)) if full_text != body else _digest(compacted),
        content_hash=_digest(compacted),
        char_count=len(compacted),
        signature=signature(compacted),
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class DedupePipeline:
    """Adds its fingerprint to every article."""

    def process_item(self, item: Any) -> Any:
        """Passes every item on."""
        return for_each(item, self._process)

    def _process(self, item: Any) -> None:
        if not isinstance(item, Reading) or item.fingerprint is not None:
            return
        if isinstance(item.found, Article) and item.normalized is not None:
            item.fingerprint = fingerprint(item.found.full_text, item.normalized.body)
