"""What stays, or goes, where the rules find nearly all of a text."""

from __future__ import annotations

import pytest

from pipelines.boilerplate import Context, load_rules, split
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
        ["县里的公众号改版了。", "新的菜单在左下角，点击阅读原文可以查天气。", "以前的老读者说，还是喜欢旧的。"],
    ],
)
def test_other_texts_keep_something(lines: list[str]) -> None:
    assert body_of(*lines) != ""


def test_a_foot_may_not_be_as_long_as_an_article() -> None:
    text = "渡" * 700 + "桥" * 100
    cuts = [Cut(0, 700, "follow_prompt", "follow_prompt.star"), Cut(700, 800, "copyright", "copyright.mark")]
    assert keep_enough(RULES.index, text, cuts) == []
    assert (
        keep_enough(RULES.index, text[:300] + text[-100:], [Cut(0, 300, *cuts[0][2:]), Cut(300, 400, *cuts[1][2:])])
        != []
    )


def test_a_little_of_it_may_be_told_by_wording() -> None:
    text = "渡" * 30 + "桥" * 30 + "河" * 6
    cuts = [Cut(0, 30, "follow_prompt", "follow_prompt.star"), Cut(30, 60, "recommendation", "recommendation.heading")]
    assert keep_enough(RULES.index, text, [*cuts, Cut(60, 66, "copyright", "copyright.by_wording")]) != []


def test_what_is_told_by_wording_is_not_sure() -> None:
    text = "渡" * 30 + "桥" * 30
    told = [Cut(0, 30, "follow_prompt", "follow_prompt.star"), Cut(30, 60, "copyright", "copyright.by_wording")]
    assert keep_enough(RULES.index, text, told) == []


CONTACT = ["联系电话：0000-8800123", "报名请扫描下方二维码添加老师微信"]


@pytest.mark.parametrize("heading", ["寻船启事", "关于渡口停航的通告", "柳湾小学招生公告"])
def test_a_notice_keeps_whom_to_ask(heading: str) -> None:
    lines = [heading, "渡口因闸门检修停航三天，来往的人请走下游的石桥，恢复的时间另行通知。", *CONTACT]
    assert body_of(*lines) == "\n".join(lines)


def test_below_an_article_whom_to_ask_goes() -> None:
    lines = ["渡口停航三天", "闸门检修的三天里，来往的人都走下游的石桥，桥头的小店卖空了两回。"]
    assert body_of(*lines, *CONTACT) == "\n".join(lines)


CALLS = ["演练的时间：三月七日。", "假简历由一个陌生的号投递过来。"]  # words of appeals, said of something else


def test_a_long_article_is_no_appeal_for_a_few_of_their_words() -> None:
    prose = "老船工把这件事从头讲了一遍，讲到水退的那一夜，他停下来喝了一口茶，又接着往下讲。"
    short, long = ([*CALLS, *[prose] * times, "扫码进群：获取每天的水位"] for times in (3, 80))
    assert body_of(*short).endswith("水位")
    assert body_of(*long).endswith(prose)


OFFER = [
    "渡口夜航今日限量免费领船票（每人一张）👇",
    "限时：3月7日至3月14日，三步坐上头一班船。",
    "点击下方卡片预约直播，今晚八点一起看船下水🚀",
]


def test_an_article_that_is_nothing_but_an_offer_keeps_it() -> None:
    assert body_of(*OFFER) == "\n".join(OFFER)


def test_an_offer_below_an_article_goes() -> None:
    text = ["渡口的夜航停了四年，今年春天又开了，船还是那条船，船工换成了他的儿子。"] * 3
    assert body_of(*text, *OFFER[::2]) == "\n".join(text)


@pytest.mark.parametrize("title", ["渡口漏水点众测活动启动公告", "夜航体验活动来了", "划船大赛通知"])
def test_an_activity_keeps_whom_to_ask(title: str) -> None:
    text = ["现邀请沿河的船工参加。", "有意报名者可询问渡口联系人。", "联系人：林河 13800000000"]
    assert split("\n".join(text), rules=RULES, context=Context(title=title)).body == "\n".join(text)
