"""Has a template changed under our readers? What it yields in a run, against what it yielded before.

The tally of what came before is kept in `state`, so that the end of a run costs a look at its own captures only. It is
made anew where `renormalize` has read the captures again since.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from sqlite3 import Connection

JOB = "drift"
# Below these a share says little.
LEAST_NOW, LEAST_BEFORE = 5, 20
# A field that nearly every capture of a template had, and that most have no longer.
HIGH, LOW = 0.9, 0.5
# What every page tells whoever wrote it; others (author, digest, ...) differ from account to account. For each, the
# names in `captures.sources` any of which shows that the page has told it.
FIELDS: dict[str, tuple[str, ...]] = {
    "title": ("title",),
    "account": ("account.name",),
    "biz": ("biz", "account.biz"),
    "mid": ("mid",),
    "published_at": ("published_at",),
}
TEXT = "text"  # the full text is not empty
# From paths and tables beside the captures: nothing that a template yields.
_NOT_OF_THE_PAGE = "'path', 'sidecar'"
# What the readers say of a page whose kind they do not know.
_UNKNOWN_KIND = "item_show_type "


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """A field that a template no longer yields; the shares are of 1. Or a kind of page that no reader knows."""

    template: str
    field: str
    before: float
    now: float
    captures: int  # of this run

    def sentence(self) -> str:
        """For the operator."""
        if self.field == "kind":
            return f"{self.captures} pages are of a kind that is not known here ({self.template})."
        return (
            f"Template {self.template} gave {self.field} in {self.before:.0%} of its captures before, "
            f"in {self.now:.0%} of {self.captures} now."
        )


@dataclass(slots=True)
class Tally:
    """Captures of a template, and how many of them had each field."""

    captures: int = 0
    fields: Counter[str] = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        """Adds what `other` counted."""
        self.captures += other.captures
        self.fields.update(other.fields)

    def share(self, name: str) -> float:
        """How many of the captures had the field, of 1."""
        return self.fields[name] / self.captures if self.captures else 0.0


def look(db: Connection, run_id: int) -> list[Drift]:
    """What has drifted in the captures of a run that has ended; then they are counted as what came before.

    Captures of runs that were killed since the last look are judged with this run's. In the caller's transaction.
    """
    through, before = _before(db, run_id)
    newer = db.execute(
        "SELECT id, id = ? OR finish_reason = 'killed' FROM runs WHERE id > ? AND id <= ? ORDER BY id",
        (run_id, through, run_id),
    ).fetchall()
    _add(before, _count(db, (number for number, is_judged in newer if not is_judged)))
    judged = [number for number, is_judged in newer if is_judged]
    now = _count(db, judged)
    found = sorted(compare(before, now), key=lambda drift: (drift.template, drift.field)) + _unknown_kinds(db, judged)
    _add(before, now)
    _keep(db, run_id, before)
    return found


def compare(before: dict[str, Tally], now: dict[str, Tally]) -> list[Drift]:
    """The fields whose share fell from `HIGH` or more to less than `LOW`, where there are captures enough to say so."""
    return [
        Drift(template=template, field=name, before=former.share(name), now=tally.share(name), captures=tally.captures)
        for template, tally in now.items()
        if (former := before.get(template, Tally())).captures >= LEAST_BEFORE and tally.captures >= LEAST_NOW
        for name in (*FIELDS, TEXT)
        if former.share(name) >= HIGH and tally.share(name) < LOW
    ]


def as_json(found: Iterable[Drift]) -> list[dict[str, object]]:
    """The objects that `runs.drift` holds, each with its sentence."""
    return [asdict(drift) | {"sentence": drift.sentence()} for drift in found]


def _before(db: Connection, run_id: int) -> tuple[int, dict[str, Tally]]:
    """Up to which run captures are counted, and their counts; none where they have been read anew since."""
    row = db.execute("SELECT value FROM state WHERE name = ?", (JOB,)).fetchone()
    if row is None:
        return 0, {}
    kept = json.loads(row[0])
    renewed = db.execute(
        "SELECT 1 FROM runs WHERE spider = 'renormalize' AND id > ? AND id < ?", (kept["through"], run_id)
    ).fetchone()
    if renewed:
        return 0, {}
    templates = kept["templates"].items()
    return int(kept["through"]), {name: Tally(count, Counter(fields)) for name, (count, fields) in templates}


def _keep(db: Connection, through: int, tallies: dict[str, Tally]) -> None:
    templates = {name: (tally.captures, dict(tally.fields)) for name, tally in sorted(tallies.items())}
    value = json.dumps({"through": through, "templates": templates}, ensure_ascii=False)
    db.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", (JOB, value))


def _add(tallies: dict[str, Tally], others: dict[str, Tally]) -> None:
    for template, tally in others.items():
        tallies.setdefault(template, Tally()).add(tally)


def _count(db: Connection, runs: Iterable[int]) -> dict[str, Tally]:
    """What the pages that these runs met first had, by template. Other forms of capture have no template to change."""
    has = ", ".join(f"sum({' OR '.join(map(_tells, names))})" for names in FIELDS.values())
    tallies: dict[str, Tally] = {}
    for run in runs:
        rows = db.execute(
            f"SELECT template, count(*), {has}, sum(EXISTS (SELECT 1 FROM revisions AS r WHERE r.id = c.revision_id "
            "AND r.full_text <> '')) FROM captures AS c WHERE run_id = ? AND template IS NOT NULL "
            "AND evidence = 'page' GROUP BY template",
            (run,),
        )
        for template, count, *fields in rows:
            tally = Tally(count, Counter(dict(zip((*FIELDS, TEXT), fields, strict=True))))
            tallies.setdefault(template, Tally()).add(tally)
    return tallies


def _tells(name: str) -> str:
    return f"coalesce(json_extract(c.sources, '$.\"{name}\"') NOT IN ({_NOT_OF_THE_PAGE}), 0)"


def _unknown_kinds(db: Connection, runs: Iterable[int]) -> list[Drift]:
    """What these runs' captures show that is ours by its marks, and of a kind that no reader knows."""
    counts: Counter[str] = Counter()
    for run in runs:
        rows = db.execute(
            "SELECT substr(w.value, 1, instr(w.value || ' is not', ' is not') - 1), count(*) FROM captures AS c, "
            "json_each(c.warnings) AS w WHERE c.run_id = ? AND c.warnings IS NOT NULL "
            "AND substr(w.value, 1, ?) = ? GROUP BY 1",
            (run, len(_UNKNOWN_KIND), _UNKNOWN_KIND),
        )
        counts.update(dict(rows.fetchall()))
    return [
        Drift(template=kind, field="kind", before=0.0, now=1.0, captures=count)
        for kind, count in sorted(counts.items())
    ]
