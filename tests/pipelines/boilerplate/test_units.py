"""Lines, sentences and glued phrases."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pipelines.boilerplate import load_rules
from pipelines.boilerplate.units import LONG_LINE, make_lines, opened, sentences, split_line

INDEX = load_rules().index


def texts(text: str) -> list[str]:
    return [text[a:b] for a, b in sentences(text)]


def test_sentences_end_after_stop_and_closing_marks() -> None:
    assert texts("他说：“走吧。”她没有动。真的？！好") == ["他说：“走吧。”", "她没有动。", "真的？！", "好"]
    assert texts("   ") == []


def test_an_aside_in_brackets_is_a_sentence_of_its_own() -> None:
    assert texts("（掌声持续了很久很久）那么再见。") == ["（掌声持续了很久很久）", "那么再见。"]
    assert texts("（上）卷。") == ["（上）卷。"]


def test_a_line_that_goes_on_is_one_with_the_line_before() -> None:
    lines = make_lines("参见\n附录\n，以及\n第三章。\n撰文：\n石见\n结束", INDEX.scanner)
    assert [line.text for line in lines] == ["参见", "附录\n，以及", "第三章。", "撰文：\n石见", "结束"]


def test_a_heading_does_not_swallow_the_line_below() -> None:
    lines = make_lines("步骤：\n先烧水", INDEX.scanner)
    assert len(lines) == 2


def test_fenced_code_is_protected() -> None:
    lines = make_lines("正文\n```\n关注我们\n```\n正文", INDEX.scanner)
    assert [line.protected for line in lines] == [False, True, True, True, False]


def test_a_fence_never_closed_protects_nothing() -> None:
    lines = make_lines("正文\n```\n关注我们", INDEX.scanner)
    assert [line.protected for line in lines] == [False, True, False]


def test_a_glued_line_is_opened_before_known_labels() -> None:
    text = "会议由镇长主持编辑：石见联系我们地址：渡口镇一号" + "。" * LONG_LINE
    line = make_lines(text, INDEX.scanner)[0]
    unit = split_line(line, INDEX.beginnings, INDEX.openers, head=500, tail=500)[0]
    pieces = [text[p.start : p.end] for p in opened(text, unit, INDEX)]
    assert pieces[:3] == ["会议由镇长主持", "编辑：石见", "联系我们"]


def test_only_the_ends_of_a_long_line_are_cut_into_sentences() -> None:
    text = "风吹过河面。" * 400
    units = split_line(make_lines(text, INDEX.scanner)[0], INDEX.beginnings, INDEX.openers, head=50, tail=100)
    assert [unit.protected for unit in units] == [False] * 8 + [True] + [False] * 16
    assert (units[0].start, units[-1].end) == (0, len(text))
    assert all(one.end == other.start for one, other in pairwise(units))


@given(st.text())
def test_sentences_cover_all_that_is_no_white_space(text: str) -> None:
    line = text.replace("\n", " ")
    found = sentences(line)
    covered = [False] * len(line)
    for start, end in found:
        assert start < end
        covered[start:end] = [True] * (end - start)
    assert all(c.isspace() for c, seen in zip(line, covered, strict=True) if not seen)
    assert all(a[1] <= b[0] for a, b in pairwise(found))


def test_a_role_its_colon_and_its_name_on_three_lines_are_one() -> None:
    text = "河水退了。\n资讯来源\n：\nferry.example.org\n桥通了。"
    assert [line.text for line in make_lines(text, INDEX.scanner)] == [
        "河水退了。",
        "资讯来源\n：\nferry.example.org",
        "桥通了。",
    ]
