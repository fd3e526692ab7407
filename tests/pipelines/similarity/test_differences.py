"""Where two texts differ."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipelines.similarity.differences import Difference, differences
from pipelines.similarity.shape import shape_of

HEAD = "清早的渡口还没有人，雾从江面上一层层漫过来，"
MIDDLE = "撑船的老人把缆绳绕了三圈，又蹲下来点起一支烟。"
TAIL = "对岸的灯一盏接一盏地灭了，鸡叫声隐隐约约传过来。"


def found(one: str, other: str) -> list[tuple[str, str, str]]:
    return [(d.one, d.other, d.place) for d in differences(shape_of(one), shape_of(other))]


def test_equal_texts_differ_nowhere() -> None:
    assert found(HEAD + MIDDLE, HEAD + MIDDLE) == []


def test_another_word_in_the_same_place() -> None:
    one, other = f"{HEAD}张大伟说，{MIDDLE}{TAIL}", f"{HEAD}李小红说，{MIDDLE}{TAIL}"
    assert found(one, other) == [("张大伟", "李小红", "inside")]


def test_a_number_is_whole_where_a_digit_changed() -> None:
    one, other = f"{HEAD}共有1234人，{MIDDLE}{TAIL}", f"{HEAD}共有1254人，{MIDDLE}{TAIL}"
    assert found(one, other) == [("1234", "1254", "inside")]


def test_what_one_has_more() -> None:
    assert found(HEAD + MIDDLE + TAIL, HEAD + TAIL) == [(MIDDLE, "", "inside")]


def test_head_and_foot_are_told() -> None:
    one = "转自渡口小报" + HEAD + MIDDLE + TAIL
    other = "本报讯" + HEAD + MIDDLE + TAIL + "编辑老王"
    assert found(one, other) == [("转自渡口小报", "本报讯", "head"), ("", "编辑老王", "foot")]


def test_a_moved_sentence_is_gone_here_and_more_there() -> None:
    sides = found(HEAD + MIDDLE + TAIL * 2, MIDDLE + TAIL * 2 + HEAD)
    assert [(one, other) for one, other, _ in sides] == [(HEAD, ""), ("", HEAD)]


def test_texts_without_anything_in_common_are_one_difference() -> None:
    assert found("甲乙丙丁戊己庚辛" * 3, "子丑寅卯辰巳午未" * 3) == [
        ("甲乙丙丁戊己庚辛" * 3, "子丑寅卯辰巳午未" * 3, "inside")
    ]


@given(
    st.lists(st.sampled_from([HEAD, MIDDLE, TAIL, "一二三", "甲", "12", "哈哈哈哈哈哈"]), max_size=12).map("".join),
    st.lists(st.sampled_from([HEAD, MIDDLE, TAIL, "四五六", "乙", "34", "哈哈哈哈哈哈"]), max_size=12).map("".join),
)
def test_what_is_left_beside_the_differences_is_the_same(one: str, other: str) -> None:
    first, second = shape_of(one), shape_of(other)
    rest, other_rest = first.text, second.text
    for difference in differences(first, second):
        assert isinstance(difference, Difference)
        assert difference.one in rest
        assert difference.other in other_rest
    lengths = [(len(d.one), len(d.other)) for d in differences(first, second)]
    assert len(rest) - sum(a for a, _ in lengths) == len(other_rest) - sum(b for _, b in lengths)


@given(st.text(alphabet="哈1aＡ，\n", max_size=300), st.text(alphabet="哈1aＡ，\n", max_size=300))
def test_any_texts_can_be_compared(one: str, other: str) -> None:
    assert all(found.one or found.other for found in differences(shape_of(one), shape_of(other)))
