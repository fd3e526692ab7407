"""What reads like boilerplate at a text's ends goes; what the article says itself stays, whatever its words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.text import join_lines
from pipelines.boilerplate import Context, load_rules, split
from pipelines.boilerplate.reasons import is_by_wording
from pipelines.boilerplate.spans import rebuild

RULES = load_rules()
BODY = "\n".join(
    [
        "窑建在河边，烧的是后山的松枝，一窑要烧三天三夜。",
        "师傅七十岁，耳朵不好，看火却从来不用温度计。",
        "他说火有三种颜色，红的时候不能急，黄的时候不能停，白的时候不能看。",
        "徒弟是镇上中学的美术老师，周末骑车过来，学了四年。",
        "开窑那天下着小雨，窑顶冒着白气，人们站在屋檐下等。",
        "第一只碗拿出来，釉面上有一道弯弯的裂纹，像河。",
    ]
)


FOOT = "窑边夜话，专注分享手艺人的故事\n新朋友可以在菜单栏里找到往期的全部文章\n也欢迎把我们推荐给身边喜欢手作的朋友"


@pytest.mark.parametrize("below", ["", "\n长按识别二维码关注我们", "\n文字：周禾\n编辑：林渡"])
def test_a_foot_of_unknown_wording_goes(below: str) -> None:
    text = f"{BODY}\n{FOOT}{below}"
    assert FOOT in split(text, rules=load_rules(disabled=["by_wording"])).body, "a rule knows it"
    assert split(text, rules=RULES).body == BODY


@pytest.mark.parametrize("text", [FOOT, f"开窑了。\n{FOOT}"])
def test_what_would_be_most_of_an_article_stays(text: str) -> None:
    assert split(text, rules=RULES).body == text


def test_a_head_of_unknown_wording_goes() -> None:
    head = "窑边夜话，每周五陪你聊手艺\n记得把我们设成星标，不然就收不到推送啦"
    assert split(f"{head}\n{BODY}", rules=RULES).body == BODY


def test_a_foot_glued_to_the_body_goes() -> None:
    body = BODY.replace("\n", "") * 3
    foot = "想和我们一起玩泥巴的朋友，扫码加小陶的微信，备注城市和名字，拉你进陶友群"
    assert split(body + foot, context=Context(evidence="dump"), rules=RULES).body == body


@pytest.mark.parametrize(
    "ending",
    [
        "他说，好看的东西，要等。",
        "明年春天，他打算把窑搬到河对岸去。",
        "“你记住了吗？”师傅问。\n徒弟点了点头。",
        "这样的窑，县里只剩下两座。",
        "编者按：这一窑是去年冬天烧的，作者今年春天才动笔，转给我们的时候附了一张照片。",
        '```\nprint("加小陶的微信，拉你进陶友群，扫码关注公众号")\n```',
    ],
)
@pytest.mark.parametrize("below", ["", "\n长按识别二维码关注我们", "\n文字：周禾\n编辑：林渡"])
def test_the_end_of_a_body_stays(ending: str, below: str) -> None:
    assert split(f"{BODY}\n{ending}{below}", rules=RULES).body == f"{BODY}\n{ending}"


def test_the_articles_last_lines_stand_right_above_credits_more_often_than_above_a_prompt() -> None:
    works = "片头：《雨棚》—— 旧电台乐队\n片尾：《占线》—— 旧电台乐队"
    prompt, named = "长按识别二维码关注我们", "剪辑：周禾 封面：林渡"
    assert split(f"{BODY}\n{works}\n{prompt}", rules=RULES).body == BODY
    assert split(f"{BODY}\n{works}\n{named}", rules=RULES).body == f"{BODY}\n{works}"
    glued = f"{BODY}{works}{prompt}".replace("\n", "")
    assert works.replace("\n", "") in split(glued, context=Context(evidence="dump"), rules=RULES).body


def test_words_that_the_article_uses_again_and_again_say_nothing() -> None:
    about = "菜单栏里放着往期的全部文章，新朋友可以在菜单栏里找到故事，也欢迎把专注手作的我们推荐给身边喜欢分享的朋友。"
    text = f"{BODY}\n{about}\n{about}\n{BODY}\n{FOOT}"
    assert split(text, rules=RULES).body == text


@pytest.mark.parametrize("off", ["by_wording", "kinds"])
def test_it_says_so_and_may_be_switched_off(off: str) -> None:
    text = f"{BODY}\n{FOOT}"
    by_wording = {one for span in split(text, rules=RULES).spans for one in span.rule.split("+") if is_by_wording(one)}
    assert by_wording
    disabled = by_wording if off == "kinds" else {"by_wording"}
    assert split(text, rules=load_rules(disabled=disabled)).body == text


@given(st.lists(st.text(alphabet="关注我们，。加微信群你的扫码\n ab1【】", max_size=40), max_size=9), st.booleans())
def test_spans_and_body_make_the_text_again(lines: list[str], dump: bool) -> None:
    text = join_lines([*lines, BODY, *lines])
    if dump:
        text = text.replace("\n", "")
    result = split(text, context=Context(evidence="dump" if dump else "text"), rules=RULES)
    assert rebuild(result.body, [(s.start, s.end, text[s.start : s.end]) for s in result.spans]) == text


def test_a_divider_holds_nothing() -> None:
    notice = "开窑的消息会写在黑板上。"
    text = f"{BODY}\n——\n{notice}\n文字：周禾\n编辑：林渡"
    assert notice in split(text, rules=RULES).body
