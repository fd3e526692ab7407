"""The first page: what there is, what came last, what is gone, and how it is spread over time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipelines.browse import charts
from pipelines.browse.shown import count
from pipelines.store import browsing
from pipelines.store.search_sql import Filters

if TYPE_CHECKING:
    from collections.abc import Mapping
    from sqlite3 import Connection

_LATEST = 12
_GONE = 6
_ACCOUNTS = 8
_RUNS = 10
_ACCOUNTS_A_PAGE = 50


def home(db: Connection) -> dict[str, Any]:
    """What the template archive_home.html shows."""
    by_month = browsing.months(db)
    shown = browsing.accounts(db, limit=_ACCOUNTS)
    return {
        "totals": browsing.totals(db),
        "latest": browsing.latest(db, Filters(), limit=_LATEST),
        "gone": browsing.gone(db, limit=_GONE),
        "months": list(reversed(by_month.items())),
        "chart": month_chart(by_month),
        **_rows(shown, by_month),
        **_runs(browsing.runs(db, limit=_RUNS)),
    }


def accounts(db: Connection, page: int) -> dict[str, Any]:
    """What the template archive_accounts.html shows: accounts, those with most articles first."""
    found = browsing.accounts(db, limit=_ACCOUNTS_A_PAGE + 1, offset=(page - 1) * _ACCOUNTS_A_PAGE)
    shown = found[:_ACCOUNTS_A_PAGE]
    return {"page": page, "has_more": len(found) > len(shown), **_rows(shown, browsing.months(db))}


def month_chart(by_month: Mapping[str, int]) -> Any:
    """Bars of articles by month, with a sentence for those who cannot see them."""
    span = charts.month_range(by_month)
    if not span:
        return ""
    most = max(by_month, key=lambda month: by_month[month])
    label = (
        f"Articles by month, {span[0]} to {span[-1]}: {sum(by_month.values()):,} in all, "
        f"most in {most}: {by_month[most]:,}. The numbers are in the table below."
    )
    return charts.bars(by_month, span, label)


def _rows(shown: list[browsing.AccountFigures], by_month: Mapping[str, int]) -> dict[str, Any]:
    span = charts.month_range(by_month)
    return {
        "accounts": [(one, charts.sparkline(one.months, span), count(one.articles, "article")) for one in shown],
        "span": (span[0], span[-1]) if span else None,
    }


def _runs(found: list[browsing.Run]) -> dict[str, Any]:
    most = max((charts.captures_of(run.counts) for run in found), default=0)
    told = [
        " · ".join(f"{name} {run.counts[name]:,}" for name in charts.OUTCOMES if run.counts.get(name)) or "nothing new"
        for run in found
    ]
    bars = [charts.outcome_bar(run.counts, most) for run in found]
    return {"runs": list(zip(found, bars, told, strict=True)), "outcomes": charts.OUTCOMES}
