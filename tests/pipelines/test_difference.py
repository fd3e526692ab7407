from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipelines.difference import LONGEST_LINE, Row, difference

LINES = st.lists(st.text("甲乙丙丁 ab", max_size=8), max_size=8).map("\n".join)


def sides(rows: list[Row], kind: str) -> list[str]:
    return ["".join(text for own, text in row.parts if own in ("same", kind)) for row in rows]


@given(LINES, LINES)
def test_both_texts_can_be_read_off_their_difference(before: str, after: str) -> None:
    rows = difference(before, after, context=10_000)
    if before == after:
        assert rows == []
        return
    assert [line for row, line in zip(rows, sides(rows, "lost"), strict=True) if row.sign != "+"] == before.split("\n")
    gained = [line for row, line in zip(rows, sides(rows, "gained"), strict=True) if row.sign != "-"]
    assert gained == after.split("\n")


def test_far_lines_are_counted_and_a_changed_line_shows_its_characters() -> None:
    before = "\n".join(f"第{number}行没有变化" for number in range(20))
    after = before.replace("第10行没有变化", "第10行略有变化")
    rows = difference(before, after)
    assert [row.sign for row in rows] == [" ", "~", " "]
    assert rows[0].skipped == 9
    assert rows[1].parts == (("same", "第10行"), ("lost", "没"), ("gained", "略"), ("same", "有变化"))


def test_unlike_lines_are_lost_and_gained_whole() -> None:
    assert [row.sign for row in difference("甲乙丙丁", "abcdefg")] == ["-", "+"]


def test_lines_too_long_to_compare_are_shown_whole() -> None:
    line = "甲乙" * LONGEST_LINE
    assert [row.sign for row in difference(line, line + "丙")] == ["-", "+"]
