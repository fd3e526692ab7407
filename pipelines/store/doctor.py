"""Examines a database: what is wrong with it or its surroundings, and what an operator does about each.

It only reads, in one snapshot, and waits for nobody; a run may go on meanwhile.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from typing import TypeAlias

from pipelines.store import doctor_file, doctor_place, doctor_rows, doctor_runs
from pipelines.store.database import explain
from pipelines.store.doctor_case import Case, Finding

Check: TypeAlias = Callable[[Case], Iterable[Finding]]

# In the order in which they are done and told: what others build on comes first.
FIRST: dict[str, Check] = {"schema": doctor_file.schema, "integrity": doctor_file.integrity}
PLACE: dict[str, Check] = {
    "disk": doctor_place.disk,
    "file system": doctor_place.file_system,
    "permissions": doctor_place.permissions,
    "write-ahead log": doctor_place.write_ahead_log,
}
# These need the tables of this release.
ROWS: dict[str, Check] = {
    "foreign keys": doctor_file.foreign_keys,
    "search index": doctor_file.search_index,
    "orphans": doctor_rows.orphans,
    "texts": doctor_rows.texts,
    "bytes": doctor_rows.contents,
    "rules": doctor_rows.rules,
    "leases": doctor_runs.leases,
    "runs": doctor_runs.unended,
    "last success": doctor_runs.last_success,
    "sources": doctor_runs.overdue,
    "clock": doctor_runs.clock,
}
CHECKS = (*FIRST, *PLACE, *ROWS)  # names, as findings have them


def examine(case: Case) -> list[Finding]:
    """What was found, in the order of the checks; nothing where all is well.

    Where the file itself cannot be trusted nothing else is asked of it.
    """
    case.db.execute("BEGIN")
    try:
        found = [finding for name, check in FIRST.items() for finding in _ask(name, check, case)]
        found += [finding for name, check in PLACE.items() for finding in _ask(name, check, case)]
        if not any(finding.is_fatal or finding.check == "schema" for finding in found):
            found += [finding for name, check in ROWS.items() for finding in _ask(name, check, case)]
    finally:
        case.db.rollback()
    return found


def _ask(name: str, check: Check, case: Case) -> list[Finding]:
    try:
        return list(check(case))
    except (sqlite3.DatabaseError, ValueError) as error:
        fact = explain(error, case.path) if isinstance(error, sqlite3.Error) else str(error)
        return [Finding(check=name, fact=f"it cannot be examined: {fact}", remedy="", is_fatal=True)]
