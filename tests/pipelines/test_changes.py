from __future__ import annotations

import pytest

from pipelines.changes import Version, change_between

RIVER = (
    "清晨的河面上起了薄雾，渡船慢慢靠了岸，卖菜的人挑着担子上了船，船家数着铜板，说今年的水比去年低了一尺。"
    "对岸的茶棚刚刚生火，水汽混着柴烟往柳树上飘，两个孩子蹲在石阶上数鸭子，数到一半就忘了。"
    "等太阳照到第三级台阶，头一班船就该回去了，船家解开缆绳，冲茶棚喊了一声，明天还来。"
)


def version(body: str = RIVER, title: str | None = "渡口", evidence: str = "page") -> Version:
    return Version(evidence=evidence, title=title, body=body)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        (version(), version(RIVER + "补记：船票涨到两元。"), "edit"),
        (version(), version(title="渡口的早晨"), "edit"),
        (version(), version(RIVER.replace("一尺", "二尺", 1)), "edit"),
        (version(), version(title=None), "edit"),
        (version(), version(), "boilerplate"),
        (version(), version(RIVER.replace("，", "， ")), "boilerplate"),
        (version(RIVER + "共3条船"), version(RIVER + "共３条船"), "noise"),
        (version(), version("图片" + RIVER, title=None, evidence="dump"), "form"),
        (version("图片" + RIVER, title=None, evidence="dump"), version(), "form"),
        (version(), version(RIVER[: len(RIVER) // 2], evidence="dump"), "edit"),
        (version(), version("图片" + RIVER, title="别的题目", evidence="dump"), "edit"),
    ],
)
def test_what_lies_between_two_texts(before: Version, after: Version, change: str) -> None:
    assert change_between(before, after) == change
