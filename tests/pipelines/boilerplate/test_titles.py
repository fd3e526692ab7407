"""Lists of other articles' titles that have no heading."""

from __future__ import annotations

import pytest
from river import BODY

from pipelines.boilerplate import Context, load_rules, split

RULES = load_rules()
PROMPT = "长按识别二维码关注我们"
HEADLINES = (
    "石桥通车啦！对岸的孩子们今天走着去上学",
    "“水车换新木” | 老磨坊停转一个月之后重新开工",
    "渡口最后一位船工：河上的雾我看了四十年",
)


def kept(*tail: str, title: str | None = None) -> list[str]:
    """The lines below the body that stay."""
    text = "\n".join([BODY, *tail])
    body = split(text, context=Context(title=title), rules=RULES).body
    assert body.startswith(BODY)
    return body[len(BODY) :].strip().split("\n") if body != BODY else []


def test_headlines_without_a_heading_go_above_what_goes() -> None:
    assert kept(*HEADLINES, "投稿邮箱：tougao@example.com") == []


@pytest.mark.parametrize(
    "lines",
    [
        HEADLINES,  # nothing goes below
        (*HEADLINES[:2], "投稿邮箱：tougao@example.com"),  # too few
        (
            "主讲老师：石磨坊主人与他的两个徒弟",
            "活动地点：对岸村口的老磨坊二层木楼",
            "集合时间：清晨五点水车开始转动之时",
            PROMPT,
        ),
        ("河上的雾散了，我们也要回去了！", "愿所有等桥的人都能等到桥建成！", "亲爱的朋友们，明年春天再见吧！", PROMPT),
        ("清晨的雾漫过渡口的旧木桩", "磨坊的水车数着五点的钟声", "我在对岸等一座没有名字的桥", PROMPT),
    ],
)
def test_lines_that_are_no_list_of_headlines_stay(lines: tuple[str, ...]) -> None:
    stays = [line for line in lines if line != PROMPT and "邮箱" not in line]
    assert kept(*lines) == stays
