"""Many captures of one article become one row: a pure function of their set, whatever order they came in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.items import Account, Article, Evidence, PublishedPrecision

if TYPE_CHECKING:
    from collections.abc import Iterable

# Better evidence has the higher rank.
EVIDENCE_RANK: dict[Evidence, int] = {"page": 5, "export": 4, "feed": 3, "record": 2, "dump": 1, "text": 0}
PRECISION_RANK: dict[PublishedPrecision, int] = {"second": 2, "minute": 1, "day": 0}
FILLED_FIELDS = (
    "title",
    "author",
    "digest",
    "url",
    "source_url",
    "cover_url",
    "is_original",
    "ip_region",
    "declaration",
    "is_title_modified",
    "modified_at",
    "is_paid",
    "comment_id",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One capture's view of an article (without its full text, which its revision holds)."""

    uri: str
    sha256: str
    captured_at: str
    article: Article
    revision_id: int  # 0 while its article is made

    def rank(self) -> tuple[int, str, str, str]:
        """Better evidence, then the later capture; digest and URI make the order total."""
        return EVIDENCE_RANK[self.article.evidence], self.captured_at, self.sha256, self.uri


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """What a set of observations says."""

    top: Observation  # the one whose text, links and media are the article's
    article: Article  # scalar fields, each from the best observation that has it
    account: Account  # the strongest identity that any observation gives


def fold(observations: Iterable[Observation]) -> Folded:
    """Folds at least one observation. Raises ValueError on none."""
    ranked = sorted(observations, key=Observation.rank, reverse=True)
    if not ranked:
        raise ValueError("an article without captures")
    top = ranked[0]
    folded = Article(kind=top.article.kind, evidence=top.article.evidence)
    for field in FILLED_FIELDS:
        for seen in ranked:
            value = getattr(seen.article, field)
            if value is not None:
                setattr(folded, field, value)
                break
    dated = [seen for seen in ranked if seen.article.published_at and seen.article.published_precision]
    if dated:
        # max() keeps the first of equals, and `ranked` has the best first.
        best = max(dated, key=_precision).article
        folded.published_at = best.published_at
        folded.published_precision = best.published_precision
        folded.published_source = best.published_source
    return Folded(top=top, article=folded, account=_strongest(seen.article.account for seen in ranked))


def _precision(seen: Observation) -> int:
    precision = seen.article.published_precision
    return PRECISION_RANK[precision] if precision else -1


def _strongest(accounts: Iterable[Account]) -> Account:
    given = list(accounts)
    for field in ("biz", "ghid", "alias", "name"):
        for account in given:
            if getattr(account, field):
                return account
    return Account()
