"""What goes because of what stands beside it: fillings, banners, quoted law, what stands behind credits."""

from __future__ import annotations

import pytest
from river import BODY, kept, rules_of

from pipelines.boilerplate import Context, load_rules, split

RULES = load_rules()
PROMPT = "长按识别二维码关注我们"
DISCLAIMER = "免责声明：本文内容仅供学习交流，请勿用于非法用途，否则后果自负。"


def test_a_heading_of_the_article_is_no_filling() -> None:
    assert kept("修复建议", "重启路由器", "读者交流群") == ["修复建议", "重启路由器"]


def test_a_name_goes_with_what_it_is_below_it() -> None:
    about = "柳湾安全实验室成立于2012年，一直以来本着守护家园的初心，研究家用路由器的安全。"
    assert kept("关于柳湾安全实验室", about) == []
    assert kept("关于渡口", about) == ["关于渡口"]


def test_an_ordinal_goes_with_the_heading_below_it() -> None:
    assert kept("06", "内部圈子介绍", "专属社群答疑，欢迎加入知识星球") == []


def test_near_finds_of_one_kind_hold_over_a_little_filling() -> None:
    assert kept("小城食记官方微博", "阿禾", "小城食记官方抖音") == []
    long = "他把三袋米背过了山梁，又沿着铁路走了四十里，天亮的时候才到家。"
    assert kept("小城食记官方微博", long, "小城食记官方抖音") == ["小城食记官方微博", long]


def test_a_statement_that_a_converter_broke_goes_whole() -> None:
    text = "\n".join(["内容仅供学习交流使用，由于传播、利用本号所提供的", "脚本", "信息及", "工具", BODY])
    broken = text.replace(BODY, "而造成的任何直接或者间接的后果，均由使用者本人负责。\n" + BODY)
    assert split(broken, rules=RULES).body == BODY
    assert "脚本" in split(text, rules=RULES).body


LAW = (
    "中华人民共和国河道法：",
    "第十二条：任何单位和个人不得在河道内私自设闸。",
    "第三十条：违反规定私自取水的，由县级以上部门责令改正。",
)


def test_articles_of_a_law_below_a_disclaimer_go_with_it() -> None:
    assert kept(DISCLAIMER, *LAW) == []


def test_articles_of_a_law_without_a_disclaimer_stay() -> None:
    assert kept(*LAW) == list(LAW)


def test_a_law_printed_whole_below_a_disclaimer_stays() -> None:
    printed = [f"第{n}条：河道两岸的第{n}处闸口由沿河各村轮流看管。" for n in "二三四五六七八九十"]
    text = "\n".join([DISCLAIMER, "第一条：为了看管河道，定下这些规矩。", *printed])
    assert split(text, rules=RULES).body.endswith("\n".join(printed))


def test_a_section_of_the_article_between_two_offers_stays() -> None:
    section = ("修复建议", "1、换木头", "2、涂桐油")
    assert kept("桐油的方子请在公众号知识星球获取", *section) == list(section)


def test_a_phrase_over_several_lines_ends_where_a_label_begins() -> None:
    lines = ["- 地点：", "报名后告知", "- 形式：", "围坐茶话", "- 流程："]
    assert kept(*lines, PROMPT) == lines


def test_a_sentence_that_a_converter_broke_goes_to_its_end() -> None:
    rules = rules_of("记得把", "河谷纪事", "“设为星标", "”，", "否则就看不到水位了啦！")
    assert rules["否则就看不到水位了啦！"] == "follow_prompt.rest_of_sentence"


@pytest.mark.parametrize("below", ["船工说，明天还要再去一次。", "水位又高了"])
def test_a_line_below_a_prompt_that_has_ended_stays(below: str) -> None:
    text = "\n".join(["记得把我们设为星标", below, BODY])
    assert below in split(text, rules=RULES).body


@pytest.mark.parametrize("heading", ["0x04 工具下载", "四、资料获取", "3. 内部圈子介绍"])
def test_a_numbered_heading_of_nothing_but_a_prompt_goes_with_it(heading: str) -> None:
    assert kept(heading, "公众号后台回复“渡口”获取") == []


@pytest.mark.parametrize("heading", ["0x04 水位复核", "四、桥墩加固"])
def test_a_numbered_heading_of_the_articles_own_stays_above_a_prompt(heading: str) -> None:
    assert kept(heading, "公众号后台回复“渡口”获取") == [heading]


def test_what_leads_up_to_a_question_for_the_readers_goes_with_it() -> None:
    lines = ["- 今日互动 -", "石匠说修桥靠的是耐心", "你身边有这样的人吗？"]
    assert kept(*lines, PROMPT) == []
    prose = "石匠说修桥靠的是耐心，急不得，快不得，也偷不得懒"
    assert kept(lines[0], prose) == [prose]  # no question, no lead


def test_of_a_subheading_with_an_offer_in_brackets_the_offer_goes() -> None:
    text = "\n".join([BODY, "水位表（全年的表请在公众号知识星球获取）：", BODY.replace("渡口", "码头")])
    assert "\n水位表：\n" in split(text, rules=RULES).body


FESTIVAL = [
    "柳湾的竹编课今年秋天又开了，教课的是上游来的三位篾匠，每人带五个学生。",
    "学满一个月的人可以把自己编的鱼篓带回家，也可以留在磨坊里给别人看。",
]


def test_what_stands_below_the_people_credited_goes_with_what_a_rule_finds_there() -> None:
    foot = ["编辑｜林渡", *FESTIVAL, "欢迎在评论区留言，说说你会编什么。", "竹编课由老磨坊主办。"]
    assert kept(*foot) == []
    assert set(rules_of(*foot)) >= set(FESTIVAL)
    assert rules_of(*foot)[FESTIVAL[0]].endswith(".behind_credits")


@pytest.mark.parametrize(
    "tail",
    [
        ["编辑｜林渡", *FESTIVAL],
        ["来源：柳湾日报", *FESTIVAL, PROMPT],
        ["编辑｜林渡", "参考资料", *FESTIVAL, PROMPT],
        ["1.《河志》", "作者：林渡", "2.《桥志》", "作者：许青山　译者：周渡", *FESTIVAL, PROMPT],
        ["老磨坊", "文｜林渡", *FESTIVAL, PROMPT],
        ["编辑｜林渡", "欢迎留言说说你的故事", *FESTIVAL],
    ],
    ids=["nothing found", "a source", "references", "a book's author", "another piece", "nothing found at the end"],
)
def test_what_may_be_another_part_of_the_article_stays_below_credits(tail: list[str]) -> None:
    assert [line for line in kept(*tail) if line in FESTIVAL] == FESTIVAL


@pytest.mark.parametrize("banner", ["渡 口 长 青", "柳湾水利\n人水相亲"])
def test_a_banner_at_the_very_beginning_goes_with_the_prompt_below_it(banner: str) -> None:
    assert split(f"{banner}\n点击蓝字，关注我们\n{BODY}", rules=RULES).body == BODY


@pytest.mark.parametrize("first", ["三月七日，晴", "水位又涨了。", "一、渡口"])
def test_a_first_line_that_is_no_banner_stays_above_a_prompt(first: str) -> None:
    assert split(f"{first}\n点击蓝字，关注我们\n{BODY}", rules=RULES).body.startswith(first)


def test_banners_at_the_very_beginning_go_with_the_credits_below_them() -> None:
    result = split("\n".join(["渡口之声", "www.dukou.cn", "水边的故事号", "文｜林渡", BODY]), rules=RULES)
    assert result.body == BODY
    assert result.spans[0].rule == "follow_prompt.name_above"


@pytest.mark.parametrize("own", [["三月七日，晴"], ["渡口早晨", "一个人的清晨"]], ids=["one line", "a title"])
def test_what_may_be_the_articles_own_stays_above_the_credits(own: list[str]) -> None:
    text = "\n".join([*own, "文｜林渡", BODY])
    assert split(text, rules=RULES).body.startswith("\n".join(own))


def test_where_the_title_is_known_banners_above_the_credits_are_none() -> None:
    text = "\n".join(["渡口早晨", "一个人的清晨", "文｜林渡", BODY])
    assert split(text, context=Context(title="水退之后"), rules=RULES).body == BODY


def test_a_saying_between_what_goes_stays() -> None:
    saying = "「“水深则流缓，船慢则人稳。”」"
    text = "\n".join(["听说关注这个号，会成为划船好手", saying, "文｜林渡", BODY])
    assert split(text, rules=RULES).body == f"{saying}\n{BODY}"


def test_ornaments_that_come_again_and_again_go_and_hold_no_heading_between_them() -> None:
    parts = [f"{where}游的闸口" for where in "上中下旁"]
    text = "\n".join([BODY, *(line for part in parts for line in ("👇", part, "（点击查看大图）"))])
    assert split(text, rules=RULES).body == "\n".join([BODY, *parts])


@pytest.mark.parametrize("sign", ["🙂", "✅", "⭐⭐⭐"])
def test_a_sign_that_says_something_stays_in_the_middle(sign: str) -> None:
    lines = BODY.split("\n") * 3
    text = "\n".join([*lines[:9], "他只回了一个表情", sign, *lines[9:]])
    assert split(text, rules=RULES).body == text


def test_offices_below_a_prompt_issue_what_the_article_is_about() -> None:
    offices = "柳湾水利局 柳湾渡口管理委员会"
    text = "\n".join(["点击上方蓝字关注我们", offices, BODY])
    assert split(text, rules=RULES).body.startswith(offices)
