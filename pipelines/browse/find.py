"""The search page: what a query and filters find, marked, counted by what it can be narrowed to; or the latest."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, get_args

from crawler.items import ArticleKind, NoticeReason
from pipelines.browse.home import month_chart
from pipelines.browse.shown import changed_path
from pipelines.browse.site import PageError
from pipelines.search.query import QueryError
from pipelines.store import browsing, search
from pipelines.store.search_sql import Filters

if TYPE_CHECKING:
    from collections.abc import Mapping
    from sqlite3 import Connection

KINDS: tuple[str, ...] = get_args(ArticleKind)
STATUSES: tuple[str, ...] = ("available", *get_args(NoticeReason))
_A_PAGE = 20
_MOST_PAGES = 500
_LONGEST = 500  # characters of a value
_MOST_COUNTED = 20_000  # articles of which it is said what they can be narrowed to
_MOST_VALUES = 8
_MOST_LABELS = 300  # accounts that the form offers
_YEAR = re.compile(r"[0-9]{4}\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a reader filled in; empty means all."""

    q: str = ""
    account: str = ""
    since: str = ""
    until: str = ""
    kind: str = ""
    status: str = ""
    unique: bool = False
    sort: search.Sort = "rank"
    page: int = 1

    @property
    def terms(self) -> dict[str, object]:
        """The parameters of a URL that asks the same."""
        sort = "" if self.sort == "rank" else self.sort
        unique = "1" if self.unique else ""
        page = "" if self.page == 1 else self.page
        return {name: getattr(self, name) for name in ("q", "account", "since", "until", "kind", "status")} | {
            "unique": unique,
            "sort": sort,
            "page": page,
        }

    @property
    def is_filtered(self) -> bool:
        """Is anything asked besides words?"""
        return any((self.account, self.since, self.until, self.kind, self.status, self.unique))


def asked(given: Mapping[str, str]) -> Asked:
    """What the parameters of a URL ask. Raises PageError for a value that means nothing."""
    values = {name: given.get(name, "").strip() for name in ("q", "account", "since", "until", "kind", "status")}
    for name, value in values.items():
        if len(value) > _LONGEST:
            raise PageError(400, f"{name} is longer than {_LONGEST} characters; ask for less")
    for name, allowed in (("kind", KINDS), ("status", STATUSES)):
        if values[name] and values[name] not in allowed:
            raise PageError(400, f"There is no {name} like that; there are {', '.join(allowed)}.")
    page = given.get("page", "") or "1"
    if not (page.isascii() and page.isdecimal() and 1 <= int(page[:6]) <= _MOST_PAGES):
        raise PageError(400, f"Pages are 1 to {_MOST_PAGES}; beyond that, narrow the search.")
    return Asked(
        q=values["q"],
        account=values["account"],
        since=_day(values["since"], "01-01"),
        until=_day(values["until"], "12-31"),
        kind=values["kind"],
        status=values["status"],
        unique=given.get("unique", "") == "1",
        sort="date" if given.get("sort") == "date" else "rank",
        page=int(page),
    )


def find(db: Connection, what: Asked) -> dict[str, Any]:
    """What the template archive_find.html shows. Raises PageError."""
    context: dict[str, Any] = {
        "asked": what,
        "kinds": KINDS,
        "statuses": STATUSES,
        "labels": browsing.labels(db, limit=_MOST_LABELS),
        "hits": [],
        "listed": [],
        "facets": {},
        "problem": "",
        "chart": "",
    }
    accounts = tuple(search.accounts_named(db, what.account)) if what.account else ()
    if what.account and not accounts:
        like = search.account_labels(db, what.account)[:5]
        context["problem"] = f"No account is called {what.account}." + (
            f" Did you mean {', '.join(like)}?" if like else ""
        )
        return context
    filters = Filters(
        accounts=accounts,
        since=what.since or None,
        until=what.until or None,
        kinds=(what.kind,) if what.kind else (),
        statuses=(what.status,) if what.status else (),
        unique=what.unique,
    )
    if not what.q:
        return context | _latest(db, what, filters) | _account(db, accounts)
    try:
        return context | _found(db, what, filters)
    except QueryError as error:
        return context | {"problem": str(error)}
    except search.SearchIndexError as error:
        raise PageError(503, str(error)) from error


def _latest(db: Connection, what: Asked, filters: Filters) -> dict[str, Any]:
    listed = browsing.latest(db, filters, limit=_A_PAGE + 1, offset=(what.page - 1) * _A_PAGE)
    return {"listed": listed[:_A_PAGE], **_turning(what, has_more=len(listed) > _A_PAGE)}


def _account(db: Connection, accounts: tuple[int, ...]) -> dict[str, Any]:
    if not accounts:
        return {}
    by_month = browsing.months(db, accounts)
    return {"chart": month_chart(by_month), "months": list(reversed(by_month.items()))}


def _found(db: Connection, what: Asked, filters: Filters) -> dict[str, Any]:
    offset = (what.page - 1) * _A_PAGE
    found = search.search(db, what.q, filters=filters, sort=what.sort, limit=_A_PAGE, offset=offset)
    facets: dict[str, Any] = {}
    if 1 < found.total <= _MOST_COUNTED:
        numbers = search.article_ids(db, what.q, filters=filters)
        facets = _facets(browsing.facets(db, numbers, most=_MOST_VALUES), what)
    return {
        "hits": found.hits,
        "total": found.total,
        "pending": found.pending,
        "facets": facets,
        **_turning(what, has_more=offset + _A_PAGE < found.total),
    }


def _facets(counted: dict[str, list[tuple[str, int]]], what: Asked) -> dict[str, list[tuple[str, int, str]]]:
    """Of each facet that tells articles apart: value, how many, and where only those are."""
    made: dict[str, list[tuple[str, int, str]]] = {}
    for name, values in counted.items():
        if len(values) < 2:
            continue
        made[name] = [(value, number, changed_path(what.terms, **_narrowed(name, value))) for value, number in values]
    return made


def _narrowed(name: str, value: str) -> dict[str, str]:
    return {"since": f"{value}-01-01", "until": f"{value}-12-31"} if name == "year" else {name: value}


def _turning(what: Asked, *, has_more: bool) -> dict[str, str]:
    """Where the pages before and after this one are; "" where there is none."""
    return {
        "before": changed_path(what.terms, page="" if what.page == 2 else what.page - 1) if what.page > 1 else "",
        "after": changed_path(what.terms, page=what.page + 1) if has_more and what.page < _MOST_PAGES else "",
    }


def _day(text: str, rest: str) -> str:
    """A day, or the first or last one of a year, as YYYY-MM-DD. Raises PageError."""
    if not text:
        return ""
    try:
        return date.fromisoformat(f"{text}-{rest}" if _YEAR.match(text) else text).isoformat()
    except ValueError as error:
        raise PageError(400, "Days are written YYYY-MM-DD, years YYYY.") from error
