"""Large texts made to slow the rules down: they end (a run-away would hang the suite), and are rebuilt."""

from __future__ import annotations

import pytest

from pipelines.boilerplate import Context, load_rules, split
from pipelines.boilerplate.spans import rebuild

RULES = load_rules()
MEGABYTE = 2**20
PIECES = [
    *(
        "关注",
        "关注我们",
        "点击",
        "点击上方蓝字",
        "扫码",
        "编辑：",
        "来源：甲",
        "往期推荐\n",
        "未经授权转载",
        "免责声明\n版权\n",
    ),
    *("。", "，", "（", "【", "「", "：", "\n", " \n", "!?", "👇", "\u200b", "\u0301", "```\n", "[1]\n"),
    *("a", "@a", "https://", "0591-", "甲\n", "赞\n", "关\n注\n"),
]


@pytest.mark.parametrize(("evidence", "size"), [("text", MEGABYTE // 8), ("dump", MEGABYTE)])
@pytest.mark.parametrize("piece", PIECES)
def test_much_of_one_piece(piece: str, evidence: str, size: int) -> None:
    text = piece * (size // len(piece.encode()))
    result = split(text, context=Context(evidence=evidence), rules=RULES)  # type: ignore[arg-type]
    assert rebuild(result.body, [(s.start, s.end, text[s.start : s.end]) for s in result.spans]) == text
