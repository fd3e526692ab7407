from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET  # of charts that were just made here

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.browse import charts

MONTHS = st.builds("{:04}-{:02}".format, st.integers(2012, 2027), st.integers(1, 12))
COUNTS = st.dictionaries(MONTHS, st.integers(1, 10**6), max_size=40)


def rects(svg: str) -> list[dict[str, str]]:
    return [node.attrib for node in ET.fromstring(svg).iter("rect")]  # noqa: S314 - ours


@given(COUNTS)
def test_a_chart_has_a_bar_for_every_month_with_articles_inside_its_frame(counts: dict[str, int]) -> None:
    months = charts.month_range(counts)
    assert set(counts) <= set(months)
    assert months == sorted(months)
    svg = charts.bars(counts, months, "Articles by month")
    if not counts:
        assert svg == ""
        return
    root = ET.fromstring(svg)  # noqa: S314 - ours
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    bars = rects(svg)
    assert len(bars) == len(counts)
    for bar in bars:
        assert 0 <= float(bar["x"]) <= float(bar["x"]) + float(bar["width"]) <= width
        assert 0 <= float(bar["y"]) <= float(bar["y"]) + float(bar["height"]) <= height
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == "Articles by month"


def test_months_without_articles_are_gaps_and_a_day_far_off_does_not_make_thousands() -> None:
    assert charts.month_range({"2024-11": 1}, {"2025-02": 1}) == ["2024-11", "2024-12", "2025-01", "2025-02"]
    assert charts.month_range({"2013-01": 1, "2999-01": 1}) == ["2013-01", "2999-01"]
    assert charts.month_range({"2024-13": 1, "nonsense": 2, "": 3, "２０２４-01": 4}) == []


def test_labels_are_escaped() -> None:
    svg = charts.bars({"2024-01": 1}, ["2024-01"], '"><script>x</script>')
    assert ET.fromstring(svg).attrib["aria-label"] == '"><script>x</script>'  # noqa: S314 - ours


def test_a_sparkline_says_nothing_to_listeners() -> None:
    svg = charts.sparkline({"2024-02": 4}, ["2024-01", "2024-02"])
    assert 'aria-hidden="true"' in svg
    assert len(rects(svg)) == 1
    assert charts.sparkline({}, ["2024-01"]) == ""


@given(st.dictionaries(st.sampled_from([*charts.OUTCOMES, "seen_before"]), st.integers(-3, 10**9)))
def test_a_run_is_drawn_by_the_outcomes_of_captures(counts: dict[str, int]) -> None:
    total = charts.captures_of(counts)
    drawn = rects(charts.outcome_bar(counts, total))
    shown = {name for name in charts.OUTCOMES if counts.get(name, 0) > 0}
    assert {rect["class"] for rect in drawn} == {f"o-{name}" for name in shown}
    assert sum(float(rect["width"]) for rect in drawn) <= 102


@pytest.mark.parametrize("name", charts.OUTCOMES)
def test_every_outcome_has_a_colour_by_day_and_by_night(name: str) -> None:
    style = (Path(charts.__file__).parent / "static" / "archive.css").read_text("utf-8")
    assert f".o-{name} {{ fill: var(--{name}); }}" in style
    assert len(re.findall(rf"--{name}: #[0-9a-f]{{6}};", style)) == 2
