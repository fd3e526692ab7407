"""A capture's whole way up to the store, without an engine: what a crawl's readers and pipelines do, as one call.

Workers of `crawl files -a jobs=N`, `renormalize` and `merge` use it; a crawl in one process goes the same way through
the pipelines' classes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from crawler.items import Article
from crawler.limits import limits_of
from crawler.pages import read
from pipelines.boilerplate.ruleset import load_rules
from pipelines.dedupe import DedupePipeline
from pipelines.normalize import NormalizePipeline, rule_files
from pipelines.validate import ValidatePipeline

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path
    from typing import Self

    from scrapy.settings import BaseSettings

    from crawler.items import Capture, Reading
    from crawler.pages.document import Limits
    from pipelines.boilerplate.ruleset import RuleSet


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What a worker needs to derive captures as the settings say; picklable."""

    limits: Limits
    rule_files: tuple[Path, ...] = ()
    disabled_rules: tuple[str, ...] = ()

    @classmethod
    def from_settings(cls, settings: BaseSettings, files: Sequence[Path] | None = None) -> Self:
        """The limits, the rules' files (or `files` in their place) and the rules switched off that they name."""
        return cls(
            limits=limits_of(settings),
            rule_files=tuple(dict.fromkeys(rule_files(settings) if files is None else files)),
            disabled_rules=tuple(settings.getlist("DISABLED_RULES")),
        )

    def rules(self) -> RuleSet:
        """The rules, made once a process. Raises RuleError."""
        return _rules(self.rule_files, self.disabled_rules)

    def deriver(self) -> Deriver:
        """Derives with these limits and rules. Raises RuleError."""
        return Deriver(self.limits, self.rules())


@cache
def _rules(files: tuple[Path, ...], disabled: tuple[str, ...]) -> RuleSet:
    rules = load_rules(files, disabled=disabled)
    rules.index.pairs  # noqa: B018 - cached properties, both: ready to be matched
    return rules


class Deriver:
    """Reads captures with one set of limits and rules."""

    def __init__(self, limits: Limits, rules: RuleSet) -> None:
        self.limits = limits
        self._stages = (ValidatePipeline(), NormalizePipeline(rules, limits.max_seconds), DedupePipeline())

    def derive(self, capture: Capture) -> Reading:
        """What the current readers and rules make of `capture`. Never raises."""
        return self.derive_all([capture])[0]

    def derive_all(self, captures: Iterable[Capture]) -> list[Reading]:
        """The same of several, each stage with all of them. Never raises."""
        readings = [read(capture, self.limits) for capture in captures]
        for stage in self._stages:
            for reading in readings:
                stage.process_item(reading)
        return readings


def body_of(reading: Reading) -> str | None:
    """The body of an article, or None of anything else."""
    return reading.normalized.body if isinstance(reading.found, Article) and reading.normalized else None
