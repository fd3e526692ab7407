"""A fixture made of a capture, and the proof that it reads the same and holds nothing of it."""

from __future__ import annotations

import dataclasses
import email
import email.policy
import hashlib
import tomllib
from typing import TYPE_CHECKING
from urllib.parse import unquote

from crawler import pages
from crawler.items import Article, Capture, Reading, Rejected
from crawler.pages.decode import decode
from crawler.pages.describe import describe
from crawler.pages.detect import kind_of
from crawler.scrub import Wishes, kept_texts, scrub, values_of, words_of
from crawler.scrub.ids import tokens_of_url
from crawler.scrub.shape import differences, surviving_values, survivors
from crawler.scrub.slimming import slim
from crawler.scrub.units import plain
from crawler.scrub.vocabulary import labels, texts_of
from pipelines.boilerplate.ruleset import FOLDER, RuleSet
from pipelines.normalize import normalize

if TYPE_CHECKING:
    from crawler.pages.detect import Kind
    from crawler.pages.document import Limits

SUFFIXES: dict[Kind, str] = {"html": ".html", "mhtml": ".html", "json": ".json", "markdown": ".md", "text": ".txt"}
# How much wording is kept, the least first: (sentences of spans, words in the body).
LEVELS = {
    "words": (False, False),
    "sentences": (True, False),
    "words in the body": (False, True),
    "sentences, words in the body": (True, True),
}
ATTEMPTS = 2  # with other fakes, before more words are kept


class NotPossibleError(ValueError):
    """No fixture can be made; the message says why."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A fixture that has not been written yet."""

    text: str
    suffix: str
    name: str
    reading: Reading  # of the fixture
    differs: list[str]  # in which respects from the capture
    kept: str  # of the wording: one of LEVELS


class Maker:
    """Makes fixtures under one set of rules."""

    def __init__(self, rules: RuleSet, limits: Limits, phrases: list[str]) -> None:
        self.rules, self.limits = rules, limits
        words = [
            *(rule.pattern or rule.line for rule in rules.rules),
            *(section.pattern for section in rules.sections),
            *(cue.pattern for cue in rules.cues),
            *(word for table in rules.tables.values() for word in table),
            *texts_of(tomllib.loads((FOLDER / "credit_roles.toml").read_text("utf-8"))),
        ]
        self.wishes = Wishes(rule_words=tuple(words), phrases=tuple(phrases))

    def read(self, capture: Capture, text: str) -> Reading:
        """What `text` reads as in the place of `capture`'s content, normalised."""
        content = text.encode("utf-8", "surrogatepass")
        reading = pages.read(dataclasses.replace(capture, content=content, media_type=None, url=None), self.limits)
        if isinstance(reading.found, Article):
            reading.normalized = normalize(reading.found, self.rules)
        return reading

    def make(self, capture: Capture) -> Made:
        """The fixture of `capture`, the least kept that keeps its shape.

        Raises:
            NotPossibleError: it is no text, or some of its text would be left.
        """
        text, kind = self._text_of(capture)
        original = self.read(capture, text)
        before = [plain(text), *(value for _, value in values_of(original.found))]
        seed = hashlib.sha256(capture.content).hexdigest()
        slimmed = slim(text, lambda shorter: _same(self.read(capture, shorter), original)) if kind == "html" else text
        best: Made | None = None
        problem = ""
        for kept, (whole, in_body) in LEVELS.items():
            for attempt in range(ATTEMPTS):
                wishes = dataclasses.replace(self.wishes, whole=whole, in_body=in_body, attempt=attempt)
                made = scrub(slimmed, kind, original, seed, wishes)
                reading = self.read(capture, made)
                left = _left(before, original, made, reading, wishes)
                if left:
                    problem = f"{len(left)} stretches of the capture would be left, such as {left[0]!r}"
                    continue
                differs = differences(original, reading)
                if best is None or len(differs) < len(best.differs):
                    name = f"{reading.template or type(reading.found).__name__.lower()}-{seed[:8]}"
                    best = Made(
                        text=made, suffix=SUFFIXES[kind], name=name, reading=reading, differs=differs, kept=kept
                    )
                if not differs:
                    return best
        if best is None:
            raise NotPossibleError(f"Nothing is written: {problem}. Please report it, without the file.")
        return best

    def _text_of(self, capture: Capture) -> tuple[str, Kind]:
        if capture.problem is not None:
            raise NotPossibleError(f"the file cannot be read: {capture.problem.detail}")
        document = decode(capture, self.limits)
        if isinstance(document, Rejected):
            raise NotPossibleError(f"no text to make a fixture of: {document.detail}")
        kind = kind_of(document)
        if kind != "mhtml":
            return document.text, kind
        for part in email.message_from_bytes(capture.content, policy=email.policy.compat32).walk():
            payload = part.get_payload(decode=True)
            if part.get_content_type() == "text/html" and isinstance(payload, bytes):
                inner = decode(dataclasses.replace(capture, content=payload), self.limits)
                if not isinstance(inner, Rejected):
                    return inner.text, "html"
        raise NotPossibleError("a web archive without a page in it")


def _same(one: Reading, other: Reading) -> bool:
    """Whether two readings say the same, sources and spans included."""
    before, after = one.normalized, other.normalized
    return (
        describe(one) == describe(other)
        and one.sources == other.sources
        and (before.spans if before else None) == (after.spans if after else None)
    )


def _left(before: list[str], original: Reading, made: str, reading: Reading, wishes: Wishes) -> list[str]:
    """Text and values of the original that would be left in the fixture."""
    kept = kept_texts(original, wishes)
    after = [plain(made), plain(unquote(unquote(made))), *(value for _, value in values_of(reading.found))]
    names = ("biz", "ghid", "alias", "mid", "sn", "comment_id", "name", "author", "account", "media_id", "title")
    values = [value for name, value in values_of(original.found) if name in names]
    values += [token for name, value in values_of(original.found) if "url" in name for token in tokens_of_url(value)]
    return [
        *survivors(before, after, kept, words_of(wishes)),
        *surviving_values(values, after[0], [*labels(), *wishes.phrases]),
    ]
