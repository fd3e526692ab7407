"""The feet of articles of many trades go whole; the ways in which bodies end stay."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.boilerplate import load_rules, split

RULES = load_rules()
HERE = Path(__file__).parent
BODY = "\n".join(
    [
        "河水比往年都大，岸边站满了人，有人撑着伞，有人把孩子举过头顶。",
        "镇上的老人说，上一次这样的大水还是在三十年前，那一年桥塌了一半。",
        "年轻人不大相信，他们只在照片上见过那座旧桥，石头的栏杆，长着青苔。",
        "到了傍晚，水慢慢退下去，露出一条发亮的泥路，孩子们赤着脚跑来跑去。",
        "桥头的面馆又开了门，老板娘把桌子一张张搬出来，擦干净，摆上筷子。",
        "没有人提起白天的事，大家只是坐下来吃面，听河水在远处响。",
    ]
)


def _lines(name: str) -> list[str]:
    return [line for line in (HERE / name).read_text("utf-8").splitlines() if line and not line.startswith("#")]


def _tails() -> dict[str, str]:
    tails: dict[str, list[str]] = {}
    for line in _lines("tails.txt"):
        if line.startswith("@"):
            tails[line] = []
        else:
            tails[list(tails)[-1]].append(line)
    return {trade: "\n".join(lines) for trade, lines in tails.items()}


@pytest.mark.parametrize("tail", _tails().values(), ids=_tails())
def test_a_foot_goes_whole(tail: str) -> None:
    result = split(f"{BODY}\n{tail}", rules=RULES)
    assert result.body == BODY


@pytest.mark.parametrize(
    "below", ["", "\n长按识别二维码关注我们", "\n编辑：周禾\n长按二维码关注"], ids=["nothing", "code", "more"]
)
@pytest.mark.parametrize("ending", _lines("endings.txt"))
def test_an_ending_stays(ending: str, below: str) -> None:
    assert split(f"{BODY}\n{ending}{below}", rules=RULES).body == f"{BODY}\n{ending}"
