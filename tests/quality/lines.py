"""Lines of articles, each alone at the edge of an invented body: do those stay that have to, do those go that should?

`lines.tsv` has one a row: `body` or a kind of boilerplate, a tab, the line. A line of a body is one that an article may
end or begin with though its words sound like boilerplate; a line of boilerplate is one that goes wherever it stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from river import BODY

from pipelines.boilerplate import RuleSet, split

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

OWN = "body"
Row = tuple[str, str]  # kind and line


def read_lines(file: Path) -> list[Row]:
    """The rows of a file, in its order."""
    rows = [row.partition("\t") for row in file.read_text("utf-8").splitlines() if row]
    return [(kind, line) for kind, _, line in rows]


def measure_lines(rows: Sequence[Row], rules: RuleSet) -> tuple[dict[str, float], list[Row]]:
    """The shares that are right, and the rows that are not, each with `last` or `first` before its kind.

    `own_last_stays` and `own_first_stays`: of the lines of bodies, below and above the invented one.
    `boilerplate_last_goes`: of the others, below it; part of a line is enough.
    """
    own = [row for row in rows if row[0] == OWN]
    others = [row for row in rows if row[0] != OWN]
    lost = [row for row in own if row[1] not in split(f"{BODY}\n{row[1]}", rules=rules).body]
    beheaded = [row for row in own if row[1] not in split(f"{row[1]}\n{BODY}", rules=rules).body]
    left = [row for row in others if row[1] in split(f"{BODY}\n{row[1]}", rules=rules).body]
    figures = {
        "own_last_stays": _share(own, lost),
        "own_first_stays": _share(own, beheaded),
        "boilerplate_last_goes": _share(others, left),
    }
    wrong = [(f"last {kind}", line) for kind, line in [*lost, *left]] + [(f"first {k}", line) for k, line in beheaded]
    return figures, wrong


def _share(rows: Sequence[Row], wrong: Sequence[Row]) -> float:
    return 1 - len(wrong) / len(rows) if rows else 1.0
