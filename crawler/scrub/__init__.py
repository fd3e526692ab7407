"""A capture made a fixture: what it says replaced by neutral text of the same shape, its structure kept.

Pure and deterministic: the same capture and reading give the same fixture. Nothing of Scrapy in here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, is_dataclass
from typing import TYPE_CHECKING, Any

from crawler.items import Article, Listing, Notice, Reading
from crawler.scrub.fakes import Faker
from crawler.scrub.ids import scrub_escaped, tokens_of_url
from crawler.scrub.keeping import kept_places
from crawler.scrub.known import Known
from crawler.scrub.rewriting import Rewriter
from crawler.scrub.vocabulary import Vocabulary, labels
from crawler.scrub.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crawler.pages.detect import Kind

__all__ = ["Wishes", "kept_texts", "scrub", "values_of", "words_of"]

# Fields of items that name somebody, wherever they stand.
_NAMES = frozenset({"name", "alias", "author", "account", "media_id"})
# Fields that are no text of the capture.
_NO_TEXT = frozenset(
    {"kind", "evidence", "key", "form", "reason", "published_source", "published_precision", "role", "marks"}
)
_SEPARATORS = re.compile(r"[\s、,，/&|；;]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What is to be kept of a capture."""

    rule_words: Sequence[str] = ()  # patterns of the rules: their words stay in what is removed from the body
    phrases: Sequence[str] = ()  # kept wherever they stand
    whole: bool = False  # contact and promotion keep their sentences, where the shape hangs on them
    in_body: bool = False  # rule words stay in the body too, where the shape hangs on them
    attempt: int = 0  # other fakes for each


def scrub(text: str, kind: Kind, reading: Reading, seed: str, wishes: Wishes) -> str:
    """`text` as a fixture.

    Args:
        text: the capture's content, decoded (of MHTML: its HTML part).
        kind: what the capture is, as `crawler.pages.detect.kind_of` says.
        reading: what the readers made of it, normalised if it is an article.
        seed: decides the fakes; the SHA-256 of the capture's content.
        wishes: what is to be kept.
    """
    wording = Wording(Faker(f"{seed}.{wishes.attempt}"), words_of(wishes), _names(reading))
    known = Known(wording)
    found = reading.found
    if isinstance(found, Article):
        known.add(found.full_text, _kept(reading, wishes))
    elif isinstance(found, Notice):
        known.add(found.detail, [True] * len(found.detail))
    texts = list(dict.fromkeys(value for name, value in values_of(found) if name != "full_text"))
    for value in texts:
        if not value.startswith(("http:", "https:")):
            known.add(value)
    rewriter = Rewriter(wording, known, frozenset(texts) if isinstance(found, (Article, Listing)) else frozenset())
    text = scrub_escaped(text, wording.faker)
    if kind in {"html", "mhtml"}:
        return rewriter.html(text)
    return rewriter.json(text) if kind == "json" else rewriter.plain(text)


def words_of(wishes: Wishes) -> Vocabulary:
    """The words that stay wherever they stand: those of the readers' data, and the phrases wished for."""
    return Vocabulary(labels(), wishes.phrases)


def kept_texts(reading: Reading, wishes: Wishes) -> list[str]:
    """What may survive in the fixture: kept stretches of the full text, a notice's sentence, the project's words."""
    kept = [*labels(), *wishes.phrases]
    if isinstance(reading.found, Notice):
        kept.append(reading.found.detail)
    if isinstance(reading.found, Article):
        text, flags = reading.found.full_text, _kept(reading, wishes)
        kept += "".join(char if stays else "\n" for char, stays in zip(text, flags, strict=True)).split("\n")
    return [text for text in kept if text]


def _kept(reading: Reading, wishes: Wishes) -> list[bool]:
    text = reading.found.full_text if isinstance(reading.found, Article) else ""
    spans = reading.normalized.spans if reading.normalized else []
    rule_words = Vocabulary([*wishes.rule_words, *labels()])
    kept = kept_places(text, spans, rule_words, words_of(wishes), whole=wishes.whole, in_body=wishes.in_body)
    for phrase in wishes.phrases:
        for match in re.finditer(re.escape(phrase), text):
            kept[match.start() : match.end()] = [True] * len(phrase)
    return kept


def _names(reading: Reading) -> Iterator[str]:
    found: Any = reading.found
    credited = reading.normalized.credits if reading.normalized else []
    cards = [mark.value for mark in getattr(found, "marks", ()) if mark.kind in {"account_card", "program_card"}]
    given = [value for name, value in values_of(found) if name in _NAMES and len(value) <= 60]
    tokens = [token for name, value in values_of(found) if "url" in name for token in tokens_of_url(value)]
    for name in (*given, *tokens, *(credit.name for credit in credited), *cards):
        yield name.strip()
        yield from _SEPARATORS.split(name.strip())


def values_of(item: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """(field, text) for every text that `item` holds."""
    if isinstance(item, str):
        if item.strip():
            yield name, item
    elif is_dataclass(item):
        for field in fields(item):
            if field.name not in _NO_TEXT:
                yield from values_of(getattr(item, field.name), field.name)
    elif isinstance(item, (list, tuple)):
        for member in item:
            yield from values_of(member, name)
