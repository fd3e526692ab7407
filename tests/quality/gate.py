"""The quality gate: figures of the normaliser may not fall below the floors in floors.json.

    python tests/quality/gate.py                          prints figures, floors and the worst documents
    python tests/quality/gate.py --update                 raises floors to what is measured now
    python tests/quality/gate.py --update --allow-lower   sets them, lower ones too

The tracks are the documents of labelled.jsonl, and where the folder in the environment variable CORPUS
(default: corpus/ in the folder shared/ beside the project) has a labels.jsonl of the same form, those of each
type there. Texts are measured a second time glued to one line, as dumps have them (`fixtures:glued`). The track
`lines` is of lines alone at the edges of a body (lines.py).
"""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
if __name__ == "__main__":  # run as a script: the project's folder is not on the path
    sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "support")]

from pipelines.boilerplate import load_rules  # noqa: E402
from tests.quality.lines import measure_lines, read_lines  # noqa: E402
from tests.quality.score import Document, Score, measure, read_documents  # noqa: E402

FIXTURES = HERE / "labelled.jsonl"
LINES = HERE / "lines.tsv"
FLOORS = HERE / "floors.json"
WORST = 8
Figures = dict[str, float]


def corpus_file() -> Path:
    """Where labels of a corpus beside the project would be."""
    return Path(os.environ.get("CORPUS") or ROOT.parent / "shared" / "corpus") / "labels.jsonl"


def tracks(corpus: Path | None = None) -> dict[str, list[Document]]:
    """The documents of each track that is present: `fixtures`, `corpus:<type>` for each type there, texts glued."""
    found = {"fixtures": read_documents(FIXTURES)}
    file = corpus if corpus is not None else corpus_file()
    if file.is_file():
        for document in read_documents(file):
            found.setdefault(f"corpus:{document.type}", []).append(document)
    for track, documents in [*found.items()]:
        if texts := [document.on_one_line() for document in documents if document.type == "text"]:
            found[f"{track}:glued"] = texts
    return found


def measured(found: dict[str, list[Document]]) -> tuple[dict[str, Figures], dict[str, list[Score]]]:
    """The figures and the scores of each track, by the built-in rules alone."""
    rules = load_rules()
    results = {name: measure(documents, rules) for name, documents in found.items()}
    return {name: r[0] for name, r in results.items()}, {name: r[1] for name, r in results.items()}


def read_floors(file: Path = FLOORS) -> dict[str, Figures]:
    """The floors by track and figure."""
    floors: dict[str, Figures] = json.loads(file.read_text("utf-8"))
    return floors


def below(figures: dict[str, Figures], floors: dict[str, Figures]) -> list[str]:
    """A sentence for each figure under its floor, for the tracks that were measured."""
    return [
        f"{track}: {name} is {figures[track].get(name, 0.0):.4f}, its floor {floor:.4f}"
        for track, of_track in floors.items()
        if track in figures
        for name, floor in of_track.items()
        if figures[track].get(name, 0.0) < floor
    ]


def new_floors(figures: dict[str, Figures], floors: dict[str, Figures], *, allow_lower: bool) -> dict[str, Figures]:
    """The floors at what was measured, cut to four decimals; those of tracks not measured stay.

    Raises:
        ValueError: a floor would become lower and `allow_lower` is not set.
    """
    updated = dict(floors)
    for track, of_track in figures.items():
        updated[track] = {name: math.floor(value * 10_000) / 10_000 for name, value in of_track.items()}
    lowered = [
        f"{track} {name}: {old:.4f} to {updated[track].get(name, 0.0):.4f}"
        for track, of_track in floors.items()
        for name, old in of_track.items()
        if updated[track].get(name, 0.0) < old
    ]
    if lowered and not allow_lower:
        raise ValueError("floors would be lowered: " + "; ".join(lowered))
    return updated


def _badness(s: Score) -> float:
    return min(1.0 if s.recall is None else s.recall, s.precision, s.kept)


def _report(figures: dict[str, Figures], scores: dict[str, list[Score]]) -> str:
    lines = []
    for track, of_track in figures.items():
        lines.append(f"{track}: " + " ".join(f"{name}={value:.4f}" for name, value in of_track.items()))
        for s in sorted(scores[track], key=_badness)[:WORST]:
            recall = "-" if s.recall is None else f"{s.recall:.3f}"
            lines.append(f"  {s.id}: recall {recall} precision {s.precision:.3f} kept {s.kept:.3f}")
    return "\n".join(lines) + "\n"


def _report_of_lines(figures: Figures, wrong: list[tuple[str, str]]) -> str:
    heading = "lines: " + " ".join(f"{name}={value:.4f}" for name, value in figures.items())
    return "\n".join([heading, *(f"  {kind}: {line}" for kind, line in wrong)]) + "\n"


def main(arguments: list[str] | None = None) -> int:
    """The command; gives its exit code: 1 where a figure is below its floor or a floor would fall."""
    parser = argparse.ArgumentParser(description="The quality gate of the normaliser.")
    parser.add_argument("--update", action="store_true", help="raise the floors to what is measured now")
    parser.add_argument("--lines", action="store_true", help="print the lines that stay or go and should not")
    parser.add_argument("--allow-lower", action="store_true", help="let a floor become lower")
    given = parser.parse_args(arguments)
    figures, scores = measured(tracks())
    sys.stdout.write(_report(figures, scores))
    figures["lines"], wrong = measure_lines(read_lines(LINES), load_rules())
    sys.stdout.write(_report_of_lines(figures["lines"], wrong if given.lines else []))
    floors = read_floors(FLOORS) if FLOORS.exists() else {}
    if given.update:
        try:
            updated = new_floors(figures, floors, allow_lower=given.allow_lower)
        except ValueError as error:
            sys.stderr.write(f"{error}\nUse --allow-lower if that is meant.\n")
            return 1
        FLOORS.write_text(json.dumps(updated, indent=2, sort_keys=True) + "\n", encoding="utf-8")
        return 0
    problems = below(figures, floors)
    sys.stderr.write("".join(f"{problem}\n" for problem in problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
