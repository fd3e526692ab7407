"""Roles and names in a row inside a text that stands on one line."""

from __future__ import annotations

import pytest

from pipelines.boilerplate import Context, load_rules, split
from pipelines.boilerplate.glued_credits import cut_rows, length_of_row
from pipelines.boilerplate.page import open_page

LEAD = "那年冬天，河面结了三尺厚的冰，渡口的船都搁在岸上，船工们没有活干，就聚在老周家里烤火、喝茶、说从前的事。"
BODY = "“河水退了以后，我们才看见那座桥。”老周说。" + "他带我们沿着河滩往上走，一路讲哪里曾经有船，哪里曾经有树。" * 40


@pytest.mark.parametrize(
    ("text", "length", "roles"),
    [
        ("文｜甲河编辑｜乙山“水退了。”", 9, 2),
        ("文 | 甲河舟编辑 | 乙山运营 | 丙桥2016年，水退了。", 21, 3),
        ("文｜甲河编辑｜乙山摄影｜丙桥水退了。", 9, 3),  # where the last name ends cannot be told
        ("文／甲河 水退了。", 4, 1),
        ("文／甲河水退了。", 0, 1),
        ("编辑：甲河舟校对：River🎫 4月", 14, 2),
        ("记者：你好（笑），水退了吗？", 0, 1),
        ("来源：水退了之后编辑：乙山2016年", 0, 1),  # no name
        ("水退了。文｜甲河编辑｜乙山“桥”", 0, 0),
        ("作者：埃德温·甲（Edwin Ford）译者：乙山2016年", 25, 2),
        ("作者 | 甲河来源 | 渡口夜话（ID：dukou-yehua）去年春节前", 32, 2),
        ("来自：Ann's Blog-渡口夜话链接：https://example.com/a.html在从前", 47, 2),
        ("作者：Ann出处：https://example.com/a 从前", 30, 3),
        ("作者：甲河说，链接：https://example.com/a", 0, 1),
        ("文｜甲河摄影｜乙山部分图片由受访者提供编辑｜丙桥 丁船标星渡口夜话", 27, 3),
        ("文｜甲河摄影｜乙山部分图片由受访者在那一年的冬天和次年的春天提供编辑｜丙桥2016年", 4, 2),  # too much between
        ("", 0, 0),
    ],
)
def test_how_much_at_the_beginning_is_a_row(text: str, length: int, roles: int) -> None:
    assert length_of_row(text) == (length, roles)


def test_the_last_name_ends_where_something_else_begins() -> None:
    text = "文｜甲河编辑｜乙山河水退了以后"
    assert length_of_row(text) == (4, 2)
    assert length_of_row(text, breaks=lambda: {9}) == (9, 2)
    assert length_of_row("文｜甲河编辑｜乙山点击阅读原文") == (9, 2)


def credited(text: str) -> tuple[list[tuple[str, str]], str]:
    found = split(text, context=Context(evidence="dump"), rules=load_rules())
    return [(credit.role, credit.name) for credit in found.credits], found.body


def test_a_row_below_a_lead_is_found() -> None:
    found, body = credited(LEAD * 4 + "文｜甲河舟编辑｜乙山桥" + BODY)
    assert found == [("文", "甲河舟"), ("编辑", "乙山桥")]
    assert body == LEAD * 4 + BODY


def test_of_a_last_name_that_runs_on_nothing_goes() -> None:
    found, body = credited(LEAD * 4 + "文｜甲河舟编辑｜乙山桥接到通知那天，" + BODY)
    assert found == [("文", "甲河舟")]
    assert "乙山桥接到通知那天" in body


@pytest.mark.parametrize(
    "inside",
    [
        "导演：甲河舟编剧：乙山桥主演：丙木舟",  # of a film
        "主持人：甲河舟记录：乙山桥时间：周六下午地点：渡口",  # of an event
        "编辑说：水退了。记者问：桥呢？",
        "他做过编辑、记者、摄影。",
    ],
)
def test_what_only_looks_like_a_row_stays(inside: str) -> None:
    text = LEAD * 4 + inside + BODY
    assert credited(text) == ([], text)


def test_of_many_rows_each_is_its_items() -> None:
    item = LEAD + "文｜甲河舟图｜乙山桥“好。”"
    index = load_rules().index
    pages = [open_page(item * times + BODY, index, evidence="dump", title=None, names=()) for times in (1, 2, 3)]
    assert [len(cut_rows(page)) for page in pages] == [1, 2, 0]


@pytest.mark.parametrize("lines", [["撰文 甲河舟 责编 乙山桥"], ["文｜甲河舟 编辑｜乙山桥"]])
def test_a_row_on_a_line_of_its_own_below_a_long_lead(lines: list[str]) -> None:
    lead = [LEAD[start : start + 26] for start in range(0, len(LEAD), 26)] * 4
    text = "\n".join([*lead, *lines, *BODY.replace("。", "。\n").split("\n")])
    found = split(text, context=Context(evidence="text"), rules=load_rules())
    assert len(found.credits) == 2
    assert lines[0] not in found.body


def test_of_two_such_lines_each_is_its_items() -> None:
    lead = [LEAD[start : start + 26] for start in range(0, len(LEAD), 26)] * 4
    text = "\n".join([*lead, "文｜甲河舟 图｜乙山桥", *lead, "文｜丙木舟 图｜丁水桥", BODY])
    assert split(text, context=Context(evidence="text"), rules=load_rules()).credits == []
