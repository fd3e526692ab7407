"""What holds because of where it stands: banners at the end, signatures, the foot of an appeal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from river import BODY, kept

from pipelines.boilerplate import Context, load_rules, split

RULES = load_rules()
PROMPT = "长按识别二维码关注我们"
DISCLAIMER = "免责声明：本文内容仅供学习交流，请勿用于非法用途，否则后果自负。"


@pytest.mark.parametrize(
    "banner",
    ["服务三农 助农增收", "讲好小城故事", "小城生活圈", "让装修更简单", "新店开业，全场八折", "权威发布 · 便民服务"],
)
def test_a_banner_above_a_prompt_goes_with_it(banner: str) -> None:
    assert kept(banner, PROMPT) == []


@pytest.mark.parametrize(
    "line",
    [
        "愿每一条河都有人记得",
        "关注老人，就是关注我们的未来",
        "有温度的城市，从一盏路灯开始",
        "明天会更好",
        "林渡 写于小城",
        "春天来了",
        "下一步，县医院将继续以病人为中心，提升服务质量。",
    ],
)
def test_a_last_line_of_the_body_stays_above_a_prompt(line: str) -> None:
    assert kept(line, PROMPT) == [line]


@pytest.mark.parametrize("line", ["第一时间知道", "小城生活圈", "全场八折"])
def test_a_banner_needs_a_prompt(line: str) -> None:
    assert kept(line) == [line]


def test_two_banners_at_the_very_end_hold_each_other() -> None:
    assert kept("招聘 · 猎头 · 劳务派遣 · 社保代缴", "让用工更简单") == []


def test_a_signature_stays() -> None:
    notice = ["咨询电话：0000-8800123", "柳湾水利站", "2021年4月2日"]
    assert kept(*notice) == notice
    assert kept(*notice, "编辑：林小渡", PROMPT) == notice


def test_the_foot_below_an_appeal_goes() -> None:
    appeal = ["岗位：渡口管理员两名", "投稿邮箱：zhaopin@example.com"]
    foot = ["编辑：林小渡", "小城骑行交流群：添加小助手微信，备注“进群”"]
    assert kept(*appeal, *foot, title="渡口招聘启事") == appeal


def test_a_call_to_a_course_keeps_its_own_lines() -> None:
    call = (
        "船工的培训安排已出",
        "学员反馈",
        "保障班的石女士说，师傅讲得慢，听得懂。",
        "别处渡口的排期扫码咨询",
    )
    assert kept(*call) == list(call)


LOTTERY = (
    "粉丝福利",
    "扫描下方二维码，在公众号后台回复关键字水车，参与抽奖",
    "扫码添加助手，开奖之后领取奖品",
    "长按识别小程序码参与抽奖，获奖名单在开奖之后公布",
)


def test_a_lottery_keeps_its_own_lines() -> None:
    text = "\n".join(["渡口的新书《水车志》印好了。", "书里有磨坊的图纸，也有船工的口述。", *LOTTERY])
    assert split(text, rules=RULES).body == text


def test_a_call_keeps_the_question_before_its_request() -> None:
    question = "你愿意来吗？动动小手转发给朋友。"
    result = split(f"征文启事\n{BODY}\n{question}", context=Context(title="征文启事"), rules=RULES)
    assert question in result.body


def test_a_lottery_below_an_article_goes() -> None:
    assert kept(*LOTTERY) == []


def test_an_office_and_the_day_below_a_notice_are_no_titles() -> None:
    notice = ["渡口检修，给大家带来不便，敬请谅解！", "柳湾渡口管理所", "2023年6月4日"]
    assert kept("如有疑问，请拨打渡口的服务热线0000-8800123。", *notice)[-3:] == notice


def test_what_an_article_is_collected_in_goes() -> None:
    assert split(f"收录于合集\n#渡口 19 个\n#水车 5 个\n{BODY}", rules=RULES).body == BODY
    assert kept("#渡口 19 个") == []
    assert kept("#渡口") == ["#渡口"]


def test_a_name_and_the_day_are_a_signature_too() -> None:
    assert kept("林渡，2021/12/18", "声明：内容包含观点，请独立判断。") == ["林渡，2021/12/18"]


def test_a_vertical_heading_is_no_prompt() -> None:
    vertical = ["关", "注", "范", "围"]
    assert kept(*vertical, "主流版本都在其中，详见表格第三列。") == [*vertical, "主流版本都在其中，详见表格第三列。"]
    assert kept(*"长按二维码关注我们") == []


def test_the_second_line_of_a_prompt_at_the_head_goes() -> None:
    head = "点击上方“小城女性”关注我们\n传播小城声音 关爱女性成长\n"
    assert split(head + BODY, rules=RULES).body == BODY
    slogan = "关注我们\n带你读懂渡口\n"
    assert split(slogan + BODY, rules=RULES).body == BODY


@pytest.mark.parametrize("heading", ["一座桥和它的三次改名", "一文读懂水车的来历", "三分钟带你了解水车"])
def test_a_heading_below_a_prompt_at_the_head_stays(heading: str) -> None:
    lead = f"点击上方“小城女性”关注我们\n{heading}\n"
    assert split(lead + BODY, rules=RULES).body == f"{heading}\n{BODY}"


@given(
    st.lists(
        st.sampled_from([*BODY.split("\n"), PROMPT, "讲好小城故事", "06", "2021年4月2日", "配乐：甲乙"]), max_size=12
    )
)
def test_no_mixture_of_lines_loses_prose(lines: list[str]) -> None:
    body = split("\n".join([BODY, *lines]), rules=RULES).body
    assert all(line in body for line in BODY.split("\n"))


def test_where_to_get_what_the_article_is_about_stays() -> None:
    address = ("项目地址：", "https://git.example.com/mill/waterwheel")
    assert kept("渡口的水位程序已经公开。", *address, DISCLAIMER) == ["渡口的水位程序已经公开。", *address]


def test_references_below_an_appeal_to_join_stay() -> None:
    appeal = ("船工招新啦", "撑船的，补帆的，都要", "扫码添加船工微信，申请加入群聊")
    references = ("参考资料", "河志，第三卷", "https://ferry.example.org/mill")
    assert kept(*appeal) == []
    assert kept(*appeal, *references) == list(references)
    assert kept(*appeal, references[2]) == [references[2]]


def test_whom_to_ask_above_a_notices_signature_is_its_own() -> None:
    notice = ["值班电话：0000-8800123", "联系邮箱：ferry@example.com", "柳湾渡口管理站", "2024年6月3日"]
    assert kept(*notice, PROMPT) == notice
    assert kept(*notice[:2], PROMPT) == []


@pytest.mark.parametrize(
    "line", ["她后来把这篇文章转发给了家人", "他们在公众号后台留言，说想看后续", "他关注了那个公众号"]
)
def test_what_somebody_else_did_is_no_prompt(line: str) -> None:
    assert split(f"{BODY}\n{line}", rules=RULES).body == f"{BODY}\n{line}"
