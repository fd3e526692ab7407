"""What stays, or goes, where the rules find nearly all of a text."""

from __future__ import annotations

import pytest

from pipelines.boilerplate import load_rules, split
from pipelines.boilerplate.guard import keep_enough
from pipelines.boilerplate.spans import Cut

RULES = load_rules()
PROMPT = "将“渡口纪事”设为星标，关注信息不走丢"
LIST = ["往期推荐", "老磨坊的五个冬天", "桥墩立起来的那一天"]


def body_of(*lines: str) -> str:
    """What stays of a text of these lines."""
    return split("\n".join(lines), rules=RULES).body


def test_the_foot_of_an_article_of_pictures_goes_though_nothing_is_left() -> None:
    assert body_of(PROMPT, *LIST) == ""


@pytest.mark.parametrize(
    "lines",
    [
        [PROMPT],  # one kind alone may be what the article is about
        LIST,
        ["编辑：石川", "审核：林渡"],
        ["渡口的雾散了。", PROMPT, *LIST],
    ],
)
def test_other_texts_keep_something(lines: list[str]) -> None:
    assert body_of(*lines) != ""


def test_a_foot_may_not_be_as_long_as_an_article() -> None:
    text = "渡" * 700 + "桥" * 100
    cuts = [Cut(0, 700, "follow_prompt", "follow_prompt.star"), Cut(700, 800, "copyright", "copyright.mark")]
    assert keep_enough(text, cuts) == []
    assert keep_enough(text[:300] + text[-100:], [Cut(0, 300, *cuts[0][2:]), Cut(300, 400, *cuts[1][2:])]) != []


def test_a_little_of_it_may_be_told_by_wording() -> None:
    text = "渡" * 30 + "桥" * 30 + "河" * 6
    cuts = [Cut(0, 30, "follow_prompt", "follow_prompt.star"), Cut(30, 60, "recommendation", "recommendation.heading")]
    assert keep_enough(text, [*cuts, Cut(60, 66, "copyright", "copyright.by_wording")]) != []


def test_what_is_told_by_wording_is_not_sure() -> None:
    text = "渡" * 30 + "桥" * 30
    told = [Cut(0, 30, "follow_prompt", "follow_prompt.star"), Cut(30, 60, "copyright", "copyright.by_wording")]
    assert keep_enough(text, told) == []
