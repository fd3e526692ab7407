"""What holds because of where it stands: banners beside prompts, likely credits, signatures, the foot of an appeal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from river import BODY

from pipelines.boilerplate import Context, load_rules, split

RULES = load_rules()
PROMPT = "长按识别二维码关注我们"
DISCLAIMER = "免责声明：本文内容仅供学习交流，请勿用于非法用途，否则后果自负。"


def kept(*tail: str, title: str | None = None) -> list[str]:
    """The lines below the body that stay."""
    text = "\n".join([BODY, *tail])
    body = split(text, context=Context(title=title), rules=RULES).body
    assert body.startswith(BODY)
    return body[len(BODY) :].strip().split("\n") if body != BODY else []


def rules_of(*tail: str) -> dict[str, str]:
    """Line -> the rule that took it."""
    text = "\n".join([BODY, *tail])
    return {text[s.start : s.end].strip(): s.rule for s in split(text, rules=RULES).spans}


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


def test_a_heading_of_the_article_is_no_filling() -> None:
    assert kept("修复建议", "重启路由器", "读者交流群") == ["修复建议", "重启路由器"]


def test_a_role_that_proves_nothing_is_a_credit_beside_others() -> None:
    found = rules_of("主播：林小渡", "配乐：夜的钢琴曲")
    assert found["配乐：夜的钢琴曲"] == "credits.beside"
    assert kept("配乐：夜的钢琴曲") == ["配乐：夜的钢琴曲"]


def test_a_brief_name_behind_such_a_role_ends_the_article() -> None:
    assert rules_of("后期：林小渡") == {"后期：林小渡": "credits.likely"}
    assert kept("导演：林小渡") == ["导演：林小渡"], "the film's, not the article's"
    assert kept("后期：一条河的三种走向") == ["后期：一条河的三种走向"]


def test_a_name_goes_with_what_it_is_below_it() -> None:
    about = "柳湾安全实验室成立于2012年，一直以来本着守护家园的初心，研究家用路由器的安全。"
    assert kept("关于柳湾安全实验室", about) == []
    assert kept("关于渡口", about) == ["关于渡口"]


def test_an_ordinal_goes_with_the_heading_below_it() -> None:
    assert kept("06", "内部圈子介绍", "专属社群答疑，欢迎加入知识星球") == []


def test_a_signature_stays() -> None:
    notice = ["咨询电话：0000-8800123", "柳湾水利站", "2021年4月2日"]
    assert kept(*notice) == notice
    assert kept(*notice, "编辑：林小渡", PROMPT) == notice


def test_near_finds_of_one_kind_hold_over_a_little_filling() -> None:
    assert kept("小城食记官方微博", "阿禾", "小城食记官方抖音") == []
    long = "他把三袋米背过了山梁，又沿着铁路走了四十里，天亮的时候才到家。"
    assert kept("小城食记官方微博", long, "小城食记官方抖音") == ["小城食记官方微博", long]


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


def test_who_the_author_is_goes_over_several_sentences() -> None:
    assert kept("作者：石见（水车老师），柳湾水利学校校长。两个孩子的妈妈，修了二十年的水车。") == []


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


def test_a_statement_that_a_converter_broke_goes_whole() -> None:
    text = "\n".join(["内容仅供学习交流使用，由于传播、利用本号所提供的", "脚本", "信息及", "工具", BODY])
    broken = text.replace(BODY, "而造成的任何直接或者间接的后果，均由使用者本人负责。\n" + BODY)
    assert split(broken, rules=RULES).body == BODY
    assert "脚本" in split(text, rules=RULES).body


def test_the_second_line_of_a_prompt_at_the_head_goes() -> None:
    head = "点击上方“小城女性”关注我们\n传播小城声音 关爱女性成长\n"
    assert split(head + BODY, rules=RULES).body == BODY
    slogan = "关注我们\n带你读懂渡口\n"
    assert split(slogan + BODY, rules=RULES).body == BODY


@pytest.mark.parametrize("heading", ["一座桥和它的三次改名", "一文读懂水车的来历", "三分钟带你了解水车"])
def test_a_heading_below_a_prompt_at_the_head_stays(heading: str) -> None:
    lead = f"点击上方“小城女性”关注我们\n{heading}\n"
    assert split(lead + BODY, rules=RULES).body == f"{heading}\n{BODY}"


def test_the_source_that_a_statement_begins_with_is_a_credit() -> None:
    text = f"{BODY}\n本文来源小城夜话，经小城夜话授权发布，版权归原作者所有。"
    result = split(text, rules=RULES)
    assert result.body == BODY
    assert [(c.role, c.name) for c in result.credits] == [("来源", "小城夜话")]


def test_the_address_of_the_original_goes_with_its_label() -> None:
    assert kept("原文链接", "https://www.example.org/2021/p/12") == []
    assert kept("参考链接", "https://www.example.org/2021/p/12") != []


def test_people_named_on_lines_of_their_own_under_about_the_authors() -> None:
    people = ["林一川", "柳湾大学博士研究生. 主要研究方向为机器人控制.", "周禾 (通信作者)", "柳湾大学教授."]
    assert kept("作者简介", *people) == []
    assert kept("作者简介", *people, "往期推荐", "老街的裁缝铺", "渡口最后的船工") == []
    assert kept("作者简介", "一本没有作者的书放在窗台上，谁也不知道它从哪里来。") != []


@given(
    st.lists(
        st.sampled_from([*BODY.split("\n"), PROMPT, "讲好小城故事", "06", "2021年4月2日", "配乐：甲乙"]), max_size=12
    )
)
def test_no_mixture_of_lines_loses_prose(lines: list[str]) -> None:
    body = split("\n".join([BODY, *lines]), rules=RULES).body
    assert all(line in body for line in BODY.split("\n"))


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


def test_where_to_get_what_the_article_is_about_stays() -> None:
    address = ("项目地址：", "https://git.example.com/mill/waterwheel")
    assert kept("渡口的水位程序已经公开。", *address, DISCLAIMER) == ["渡口的水位程序已经公开。", *address]


def test_a_section_of_the_article_between_two_offers_stays() -> None:
    section = ("修复建议", "1、换木头", "2、涂桐油")
    assert kept("桐油的方子请在公众号知识星球获取", *section) == list(section)


def test_references_below_an_appeal_to_join_stay() -> None:
    appeal = ("船工招新啦", "撑船的，补帆的，都要", "扫码添加船工微信，申请加入群聊")
    references = ("参考资料", "河志，第三卷", "https://ferry.example.org/mill")
    assert kept(*appeal) == []
    assert kept(*appeal, *references) == list(references)
    assert kept(*appeal, references[2]) == [references[2]]


def test_a_phrase_over_several_lines_ends_where_a_label_begins() -> None:
    lines = ["- 地点：", "报名后告知", "- 形式：", "围坐茶话", "- 流程："]
    assert kept(*lines, PROMPT) == lines


ADDRESS = "https://notes.example.org/p/5"


@pytest.mark.parametrize("line", ["作者：林渡", "来源：河谷晚报", "转自：渡口纪事"])
def test_an_address_below_who_wrote_a_text_goes_with_it(line: str) -> None:
    assert kept(line, ADDRESS, PROMPT) == []
    assert rules_of(line, ADDRESS, PROMPT)[ADDRESS] == "credits.address_below"


@pytest.mark.parametrize(
    "lines",
    [
        ["编辑：林渡", ADDRESS],  # who edited it wrote nothing there
        ["作者：林渡", ADDRESS, "https://notes.example.org/p/6"],  # a list of the article's own
        ["渡口的水位见下面的网页。", ADDRESS],
    ],
)
def test_other_addresses_stay(lines: list[str]) -> None:
    assert ADDRESS in kept(*lines)


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


def test_where_the_authors_of_a_paper_work_is_no_credit() -> None:
    lines = ["作者团队：河谷大学、渡口研究院", "arXiv：https://arxiv.example.org/abs/0"]
    text = "\n".join([*lines, BODY])
    assert lines[0] in split(text, rules=RULES).body


def test_what_a_paper_is_stays_and_a_translated_articles_author_is_credited() -> None:
    paper = [
        "原文标题：On Ferries",
        "原文作者：Wen Li, Ada Moss",
        "发表期刊：River Studies",
        "原文链接：https://example.org/ferries",
    ]
    assert all(line in split("\n".join([*paper, BODY]), rules=RULES).body for line in paper)
    translated = split(f"原文作者：Wen Li\n译者：林渡\n{BODY}", rules=RULES)
    assert [(credit.role, credit.name) for credit in translated.credits] == [("原文作者", "Wen Li"), ("译者", "林渡")]


@pytest.mark.parametrize("above", ["《柳湾日报》", "往期推荐\n《老街的裁缝铺》\n《渡口最后的船工》"])
def test_who_is_credited_below_a_title_that_is_no_books_is_credited(above: str) -> None:
    result = split("\n".join([BODY, above, "编辑：林渡"]), rules=RULES)
    assert [(credit.role, credit.name) for credit in result.credits] == [("编辑", "林渡")]
    assert "编辑" not in result.body


def test_whom_to_ask_above_a_notices_signature_is_its_own() -> None:
    notice = ["值班电话：0000-8800123", "联系邮箱：ferry@example.com", "柳湾渡口管理站", "2024年6月3日"]
    assert kept(*notice, PROMPT) == notice
    assert kept(*notice[:2], PROMPT) == []


def test_names_go_on_behind_a_semicolon() -> None:
    assert kept("文 | 河谷大学 张小河 孔林；", "渡口大学 刘青山") == []


@pytest.mark.parametrize("source", ["转自\nhttps://ferry.example.org/p/12", "文章原文：https://ferry.example.org/p/12"])
def test_where_a_text_stood_is_credited_at_its_end(source: str) -> None:
    assert kept(source) == []


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


def test_roles_and_names_that_take_turns_are_credits() -> None:
    result = split(f"{BODY}\n撰稿\n林渡\n校对\nDr. Wen Li\n今天先写到这里，明天再去渡口看看。", rules=RULES)
    assert [(credit.role, credit.name) for credit in result.credits][:1] == [("撰稿", "林渡")]
    assert "校对" not in result.body


def test_one_role_above_a_name_stays() -> None:
    text = f"{BODY}\n船长\n林渡\n他每天第一个到渡口，最后一个离开。"
    assert split(text, rules=RULES).body == text


def test_who_wrote_a_text_and_where_it_stood_go_though_a_sentence_follows() -> None:
    credited = "作者：甲河，来源：渡口夜话（ID：dukou），从细小处看人，一个慢下来的夜听。"
    result = split(f"{BODY}\n{credited}\n渡口文艺经授权发布。", rules=RULES)
    assert result.body == BODY
    assert ("作者", "甲河") in [(one.role, one.name) for one in result.credits]


@pytest.mark.parametrize(
    "line", ["她后来把这篇文章转发给了家人", "他们在公众号后台留言，说想看后续", "他关注了那个公众号"]
)
def test_what_somebody_else_did_is_no_prompt(line: str) -> None:
    assert split(f"{BODY}\n{line}", rules=RULES).body == f"{BODY}\n{line}"
