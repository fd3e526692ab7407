"""Shapes: where a text proper begins and ends, what is kept at hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.text import compact
from pipelines.similarity.shape import KEPT, Shapes, is_metadata, shape_of
from pipelines.similarity.shingles import LONGEST

PROSE = "渡口的石阶被磨得发亮，清早就有人在那里洗菜。"


@pytest.mark.parametrize(
    "line",
    [
        "2024年5月3日",
        "2024-05-0310:21",
        "发布时间：2024-05-03",
        "来源：渡口小报",
        "作者/某某",
        "阅读1234次",
        "3月5日星期二",
        "浏览量：88",
    ],
)
def test_lines_about_the_article_are_known(line: str) -> None:
    assert is_metadata(line)


@pytest.mark.parametrize("line", [PROSE, "5月3日，渡口重新开放。", "来源不明的石头", "今天下雨了", "作者" + "很" * 50])
def test_prose_is_none(line: str) -> None:
    assert not is_metadata(line)


def test_the_text_proper_is_without_lines_about_it_at_its_edges() -> None:
    shape = shape_of(f"来源：渡口小报\n2024年5月3日\n{PROSE}\n2024年6月1日\n{PROSE}\n阅读 12 次")
    assert shape.text[shape.start : shape.end] == compact(f"{PROSE}2024年6月1日{PROSE}")


def test_a_text_of_nothing_but_such_lines_is_itself() -> None:
    shape = shape_of("2024年5月3日\n来源：渡口小报")
    assert (shape.start, shape.end) == (0, len(shape.text))


@given(st.text(max_size=200))
def test_a_shape_is_of_the_compacted_text(body: str) -> None:
    shape = shape_of(body)
    assert shape.text == compact(body)
    assert 0 <= shape.start <= shape.end <= len(shape.text)
    assert shape.sentences >= 1
    assert all(shape.shingles[place] == shingle for shingle, place in shape.once.items())
    assert all(shape.shingles.count(shingle) == 1 for shingle in shape.once)


def test_of_a_very_long_text_the_beginning_counts() -> None:
    assert len(shape_of("长" * (LONGEST + 9)).text) == LONGEST


def test_what_was_asked_for_last_is_kept_at_hand() -> None:
    shapes = Shapes(kept=50)
    for name in "abc":
        shapes.put(name, shape_of(PROSE))
        shapes.get("a")
    assert shapes.get("a") is not None
    assert shapes.get("b") is None
    assert shapes.get("c") is not None


def test_one_shape_larger_than_the_room_is_kept() -> None:
    shapes = Shapes(kept=1)
    shapes.put("a", shape_of(PROSE))
    assert shapes.get("a") is not None
    assert KEPT >= LONGEST
