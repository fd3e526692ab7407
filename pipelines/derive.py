"""A capture's whole way up to the store, without an engine: what a crawl's readers and pipelines do, as one call.

Workers of `crawl files -a jobs=N`, `renormalize` and `merge` use it; a crawl in one process goes the same way through
the pipelines' classes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.items import Article
from crawler.pages import read
from pipelines.dedupe import DedupePipeline
from pipelines.normalize import NormalizePipeline
from pipelines.validate import ValidatePipeline

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crawler.items import Capture, Reading
    from crawler.pages.document import Limits
    from pipelines.boilerplate.ruleset import RuleSet


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
