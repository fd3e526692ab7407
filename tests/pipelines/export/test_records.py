"""Cells of tables: harmless in a spreadsheet, and the same when they are read back."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.pages.exported import CELLS_MARKER, MARKER_FIELD
from crawler.pages.exported_forms import guarded, unguarded
from pipelines.export.records import BOM, csv_header, render_csv, render_csv_header, render_jsonl


@pytest.mark.parametrize("cell", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1＋1", "'=1", "'"])
def test_no_cell_begins_a_formula(cell: str) -> None:
    assert guarded(cell) == f"'{cell}"


@given(st.text(st.sampled_from("=+-@'\t\r\n＝甲a"), max_size=6) | st.text(max_size=12))
def test_guarding_is_undone(cell: str) -> None:
    assert unguarded(guarded(cell)) == cell
    assert guarded(cell)[:1] not in set("=+-@\t\r\n＝＋－＠")


@settings(max_examples=200)
@given(st.dictionaries(st.sampled_from(["title", "account", "body", "key"]), st.text(max_size=20)))
def test_a_row_is_read_by_others(record: dict[str, str]) -> None:
    columns = csv_header()
    text = render_csv_header(columns) + render_csv(record, columns)
    assert text.startswith(BOM)
    rows = list(csv.DictReader(io.StringIO(text.removeprefix(BOM), newline="")))
    assert len(rows) == 1
    assert rows[0][MARKER_FIELD] == CELLS_MARKER
    assert {name: unguarded(rows[0][name]) for name in record} == record


def test_lists_are_json_and_json_lines_are_lines() -> None:
    row = render_csv({"credits": [{"role": "编辑", "name": "林渡"}], "is_original": True}, ["credits", "is_original"])
    assert row == '"[{""role"": ""编辑"", ""name"": ""林渡""}]",true\r\n'
    assert render_jsonl({"title": "一\n二"}) == '{"title": "一\\n二"}\n'


def test_columns_for_what_is_asked() -> None:
    assert "full_text" in csv_header(full=True)
    assert "boilerplate" not in csv_header(bare=True)
