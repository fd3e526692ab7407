from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import get_args

import pytest

from crawler.items import BoilerplateKind
from pipelines.boilerplate import load_rules
from tests.quality import gate
from tests.quality.gate import FIXTURES, LINES, below, corpus_file, measured, new_floors, read_floors, tracks
from tests.quality.lines import OWN, measure_lines, read_lines
from tests.quality.score import Document, figures, measure, read_documents, score


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    return read_documents(FIXTURES)


def document(*spans: tuple[str, str | None]) -> Document:
    return Document(id="d", type="text", account=None, title=None, spans=spans, credits=frozenset())


def test_no_figure_of_the_fixtures_is_below_its_floor(documents: list[Document]) -> None:
    found, _ = measured({"fixtures": documents})
    assert below(found, {"fixtures": read_floors()["fixtures"]}) == []


@pytest.mark.skipif(not corpus_file().is_file(), reason="no labelled corpus beside the project")
def test_no_figure_of_a_corpus_is_below_its_floor() -> None:
    found, _ = measured(tracks())
    assert len(found) > 1
    assert below(found, read_floors()) == []


def test_no_figure_of_the_lines_is_below_its_floor() -> None:
    found, _ = measure_lines(read_lines(LINES), load_rules())
    assert below({"lines": found}, {"lines": read_floors()["lines"]}) == []


def test_the_lines_are_sound() -> None:
    rows = read_lines(LINES)
    kinds = Counter(kind for kind, _ in rows)
    assert set(kinds) <= {OWN, *get_args(BoilerplateKind)}
    assert kinds[OWN] >= 800
    assert sum(kinds.values()) - kinds[OWN] >= 500
    assert len({line for _, line in rows}) == len(rows)


def test_a_line_that_goes_or_stays_wrongly_is_named(tmp_path: Path) -> None:
    file = tmp_path / "lines.tsv"
    file.write_text("body\t石碑上的字已经磨平\nbody\t编辑：周禾\ncredits\t编辑：林渡\ncredits\t河水\n", "utf-8")
    found, wrong = measure_lines(read_lines(file), load_rules())
    assert found == {"own_last_stays": 0.5, "own_first_stays": 0.5, "boilerplate_last_goes": 0.5}
    assert wrong == [("last body", "编辑：周禾"), ("last credits", "河水"), ("first body", "编辑：周禾")]
    assert measure_lines([], load_rules())[0]["own_last_stays"] == 1.0


def test_the_fixtures_are_sound(documents: list[Document]) -> None:
    assert len(documents) >= 44
    assert len({d.id for d in documents}) == len(documents)
    kinds = Counter(kind for d in documents for _, kind in d.spans if kind)
    assert set(kinds) <= {*get_args(BoilerplateKind), "header"}
    assert {d.type for d in documents} == {"text", "dump", "html-text"}
    for d in documents:
        assert any(kind is None and text.strip() for text, kind in d.spans), d.id
        # Tidy already, so that labels and offsets of a split fall on the same characters.
        assert "".join(text for text, _ in d.spans) == d.full_text, d.id
        text = d.full_text.replace(" ", "")
        assert all(name.replace(" ", "") in text and role.replace(" ", "") in text for role, name in d.credits)


def test_a_perfect_split_scores_nearly_one(documents: list[Document]) -> None:
    perfect = figures([score(d, "".join(text for text, kind in d.spans if kind is None)) for d in documents])
    # Not 1: the alignment may put a kept character on a like one that was boilerplate.
    assert all(value > 0.99 for value in perfect.values())


def test_what_is_left_in_costs_recall_and_what_is_lost_costs_body() -> None:
    doc = document(("甲乙丙丁", None), ("\n", None), ("戊己", "credits"))
    nothing_removed = score(doc, "甲乙丙丁\n戊己")
    assert (nothing_removed.recall, nothing_removed.precision, nothing_removed.kept) == (0.0, 1.0, 1.0)
    everything_removed = score(doc, "")
    assert (everything_removed.recall, everything_removed.kept) == (1.0, 0.0)
    assert everything_removed.precision == pytest.approx(2 / 6)
    half = score(doc, "甲乙丙戊")
    assert (half.recall, half.precision, half.kept) == (0.5, 0.5, 0.75)


def test_a_document_without_boilerplate_has_no_recall() -> None:
    doc = document(("甲乙丙丁", None))
    assert score(doc, "甲乙丙丁").recall is None
    assert figures([score(doc, "甲乙丙丁")])["removal_f1"] == 1.0


def test_credits_are_compared_without_white_space() -> None:
    doc = Document(
        id="d",
        type="text",
        account=None,
        title=None,
        spans=(("河水比往年都大，岸边站满了人。" * 4, None), ("\n", None), ("编辑：林 渡", "credits")),
        credits=frozenset({("编辑", "林渡")}),
    )
    found, _ = measure([doc], load_rules())
    assert found["credits_recall"] == found["credits_precision"] == 1.0


def test_a_figure_below_its_floor_is_named() -> None:
    problems = below({"a": {"micro_f1": 0.5, "body_kept": 1.0}}, {"a": {"micro_f1": 0.6, "body_kept": 0.9}})
    assert problems == ["a: micro_f1 is 0.5000, its floor 0.6000"]
    assert below({"a": {}}, {"a": {"micro_f1": 0.6}}) != []
    assert below({"a": {}}, {"b": {"micro_f1": 0.6}}) == []


def test_floors_rise_but_do_not_fall_unasked() -> None:
    old = {"a": {"micro_f1": 0.6}, "b": {"micro_f1": 0.9}}
    assert new_floors({"a": {"micro_f1": 0.70019}}, old, allow_lower=False) == {
        "a": {"micro_f1": 0.7001},
        "b": {"micro_f1": 0.9},
    }
    with pytest.raises(ValueError, match=r"a micro_f1: 0\.6000 to 0\.5000"):
        new_floors({"a": {"micro_f1": 0.5}}, old, allow_lower=False)
    assert new_floors({"a": {"micro_f1": 0.5}}, old, allow_lower=True)["a"] == {"micro_f1": 0.5}


@pytest.fixture
def one_track(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The gate over one invented document of which nothing is boilerplate, with floors of its own."""
    doc = document(("河水比往年都大，岸边站满了人。" * 4, None))
    monkeypatch.setattr(gate, "tracks", lambda: {"fixtures": [doc]})
    monkeypatch.setattr(gate, "FLOORS", tmp_path / "floors.json")
    monkeypatch.setattr(gate, "LINES", tmp_path / "lines.tsv")
    gate.LINES.write_text("body\t石碑上的字已经磨平\nbody\t编辑：周禾\n", "utf-8")
    return tmp_path / "floors.json"


def test_the_command_writes_floors_and_holds_to_them(one_track: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert gate.main(["--update"]) == 0
    assert json.loads(one_track.read_text("utf-8"))["fixtures"]["body_kept"] == 1.0
    assert gate.main([]) == 0
    one_track.write_text(json.dumps({"fixtures": {"body_kept": 1.5}}), encoding="utf-8")
    assert gate.main([]) == 1
    assert gate.main(["--update"]) == 1
    assert "--allow-lower" in capsys.readouterr().err
    assert gate.main(["--update", "--allow-lower"]) == 0
    assert gate.main([]) == 0
    assert "编辑：周禾" not in capsys.readouterr().out
    assert gate.main(["--lines"]) == 0
    assert "last body: 编辑：周禾" in capsys.readouterr().out


def test_the_command_runs_as_a_script() -> None:
    done = subprocess.run(
        [sys.executable, gate.__file__, "--help"], capture_output=True, text=True, check=False, cwd=Path("/")
    )
    assert done.returncode == 0
    assert "--allow-lower" in done.stdout
