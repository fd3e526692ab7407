"""Is the file a whole database of this release?"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pipelines.store import search_check
from pipelines.store.database import schema_version
from pipelines.store.doctor_case import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.store.doctor_case import Case

_MOST = 5  # faults of one kind that are told
_RESTORE = "restore the latest copy that `scrapy backup` made, then run the crawls again"


def schema(case: Case) -> Iterator[Finding]:
    """Is the schema older than this release's? A newer one is refused when the database is opened."""
    version = case.db.execute("PRAGMA user_version").fetchone()[0]
    if version < schema_version():
        yield Finding(
            check="schema",
            fact=f"it is of an older release (schema {version}, not {schema_version()}): its rows are not examined",
            remedy="any run that writes copies it, then brings it up to date, such as `scrapy reindex`",
        )


def integrity(case: Case) -> Iterator[Finding]:
    """SQLite's own check; the full one reads the indexes against the tables too."""
    pragma = "integrity_check" if case.is_full else "quick_check"
    for (fault,) in case.db.execute(f"PRAGMA {pragma}({_MOST})"):
        if fault != "ok":
            yield Finding(check="integrity", fact=str(fault), remedy=_RESTORE, is_fatal=True)


def foreign_keys(case: Case) -> Iterator[Finding]:
    """Does every reference point at a row?"""
    dangling = Counter((row[0], row[2]) for row in case.db.execute("PRAGMA foreign_key_check"))
    for (table, parent), count in sorted(dangling.items()):
        yield Finding(
            check="foreign keys",
            fact=f"rows of {table} that point at rows of {parent} that are not there: {count}",
            remedy=_RESTORE,
            is_fatal=True,
        )


def search_index(case: Case) -> Iterator[Finding]:
    """Does the search index hold what the articles hold?"""
    for sentence in search_check.verify(case.db):
        fact, _, remedy = sentence.rpartition(": ")
        yield Finding(check="search index", fact=fact, remedy=remedy)
