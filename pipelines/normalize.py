"""Splits every article's full text into body and boilerplate."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.grouping import for_each
from crawler.items import Article, Normalized, Reading, Rejected
from crawler.timelimit import TimeLimitError, time_limit
from pipelines.boilerplate import Context, split
from pipelines.boilerplate.reasons import unknown
from pipelines.boilerplate.ruleset import RuleSet, load_rules
from pipelines.boilerplate.spans import body_of

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings

logger = logging.getLogger(__name__)


def rule_files(settings: BaseSettings) -> list[Path]:
    """The files of rules that the settings RULES and LEARNED_RULES name; the latter only if it is there."""
    files = [Path(name).expanduser() for name in settings.getlist("RULES")]
    learned = settings.get("LEARNED_RULES")
    if learned and (path := Path(learned).expanduser()).exists():
        files.append(path)
    return files


def rules_from_settings(settings: BaseSettings) -> RuleSet:
    """The rules in force: the project's own, those of `rule_files`, less those that DISABLED_RULES names.

    Raises:
        RuleError: a file of rules cannot be read; the message names file, rule and what to do.
    """
    return load_rules(rule_files(settings), disabled=settings.getlist("DISABLED_RULES"))


def doubts(rules: RuleSet) -> list[str]:
    """A sentence for each id that DISABLED_RULES names in vain."""
    known = {entry.id for entry in (*rules.entries(), *rules.switched_off)}
    return [
        f"DISABLED_RULES names {name}, which is no rule: nothing is switched off by it"
        for name in unknown(rules.disabled, known)
    ]


def normalize(article: Article, rules: RuleSet) -> Normalized:
    """Body, removed spans and credits of `article`; its own metadata's credits come first.

    An export of ours that the same rules have split is split as it says: splitting a body twice takes too much.
    """
    if article.split is not None and article.split.rules_version == rules.version:
        spans = list(article.split.spans)
        return Normalized(
            body=body_of(article.full_text, spans),
            spans=spans,
            credits=list(article.split.credits),
            rules_version=rules.version,
        )
    normalized = split(
        article.full_text,
        marks=article.marks,
        context=Context(
            account=article.account.name,
            alias=article.account.alias,
            title=article.title,
            evidence=article.evidence,
        ),
        rules=rules,
    )
    if article.credits:
        normalized.credits = list(dict.fromkeys([*article.credits, *normalized.credits]))
    return normalized


class NormalizePipeline:
    """Adds body, removed spans and credits to every article."""

    def __init__(self, rules: RuleSet, max_seconds: float = 0) -> None:
        """`max_seconds` for one text; 0 for no limit."""
        self.rules = rules
        self.max_seconds = max_seconds

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Reads RULES, LEARNED_RULES, DISABLED_RULES and MAX_READING_SECONDS."""
        rules = rules_from_settings(crawler.settings)
        for doubt in doubts(rules):
            logger.warning("%s", doubt)
        return cls(rules, crawler.settings.getfloat("MAX_READING_SECONDS"))

    def process_item(self, item: Any) -> Any:
        """Passes every item on."""
        return for_each(item, self._process)

    def _process(self, item: Any) -> None:
        # Readers in other processes have done this already.
        if isinstance(item, Reading) and isinstance(item.found, Article) and item.normalized is None:
            try:
                with time_limit(self.max_seconds):
                    item.normalized = normalize(item.found, self.rules)
            except TimeLimitError:
                detail = f"splitting its text did not end within {self.max_seconds:g} s; please report this page"
                item.found = Rejected(reason="too_complex", detail=detail)
            except Exception as fault:
                # A fault of ours must not cost the capture: its bytes are kept, and read again when it is mended.
                logger.exception("%s could not be normalised", item.capture.name)
                detail = f"the normaliser failed ({type(fault).__name__}: {fault}); please report this page"
                item.found = Rejected(reason="reader_error", detail=detail)
