"""Texts that stand on one line: what begins and ends without a stop."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from river import BODY

from pipelines.boilerplate import Context, load_rules, split

if TYPE_CHECKING:
    from crawler.items import Evidence

RULES = load_rules()
GLUED = BODY.replace("\n", "") * 2
DISCLAIMER = "免责声明：本文内容仅供学习交流，请勿用于非法用途，否则后果自负。"
FIRM = "柳湾水利有限公司成立于2001年，专注于水车与闸口的修造。公司拥有三处船坞，为沿河的村子提供养护服务。"


@pytest.mark.parametrize(
    "head",
    [
        DISCLAIMER,
        f"点击蓝字 关注我们{DISCLAIMER}本文所述技术仅供研究，由此造成的后果由使用者自行承担，与本公众号无关。",
        DISCLAIMER[:-1],
        DISCLAIMER.replace("。", "！"),
        f"0x00 {DISCLAIMER}",
    ],
    ids=["statement", "prompt_and_statements", "no_stop", "exclaimed", "numbered"],
)
def test_a_statement_at_the_head_of_a_glued_text_goes(head: str) -> None:
    body = f"一、渡口{GLUED}"
    assert split(head + body, context=Context(evidence="dump"), rules=RULES).body == body


@pytest.mark.parametrize(
    "end",
    [
        "磨坊主在一份声明“里写道，水车归全村所有”。",
        "孩子们说：加入我们，和我们一起过河。",
        "更多水位消息看这里：https://ferry.example.org/mill/levels水位表",
        "版权声明写得再周全，也不能代替船工点头。",
        "老船工读完磨坊主的近期文章，把报纸叠好放进抽屉里",
        "一、船票当天有效。二、孩子不收钱。三、如有任何疑问，请拨打渡口的服务热线0000-8800123。",
    ],
    ids=["statement", "join", "address", "sentence", "comma", "item"],
)
def test_a_word_that_is_a_heading_elsewhere_takes_nothing_glued(end: str) -> None:
    text = GLUED + end
    assert split(text, context=Context(evidence="dump"), rules=RULES).body == text


def test_a_firm_below_its_heading_at_the_end_of_a_glued_text_goes() -> None:
    assert split(f"{GLUED}关于我们{FIRM}", context=Context(evidence="dump"), rules=RULES).body == GLUED
    told = f"{GLUED}孩子们问起了关于我们的事，没有人回答。"
    assert split(told, context=Context(evidence="dump"), rules=RULES).body == told


def test_an_address_ends_where_it_is_glued_to_a_statement() -> None:
    body = f"{GLUED}水位的记录见https://ferry.example.org/mill/levels"
    text = f"{body}本文内容仅供学习交流，请勿用于非法用途，否则后果自负。"
    assert split(text, context=Context(evidence="dump"), rules=RULES).body == body


def test_a_heading_of_the_article_parts_a_glued_text() -> None:
    section = "修复建议先换木头，再涂桐油。"
    text = f"{GLUED}桐油的方子请在公众号知识星球获取{section}"
    assert split(text, context=Context(evidence="dump"), rules=RULES).body.endswith(section)


def test_a_statement_at_the_head_does_not_run_on_over_credits() -> None:
    text = f"本文经作者授权转载来源 | 柳湾笔记（ID：liuwan）作者 | 石见河埠头是女人的地方。{GLUED}"
    assert split(text, context=Context(evidence="dump"), rules=RULES).body.endswith(f"河埠头是女人的地方。{GLUED}")


def test_a_rating_is_no_role_of_glued_credits() -> None:
    text = f"{GLUED}评分：7.8 / 10曲目推荐：《占线》编辑 / 石见"
    assert "评分：7.8 / 10曲目推荐：《占线》" in split(text, context=Context(evidence="dump"), rules=RULES).body


def test_credits_do_not_run_on_to_a_bracket_of_a_glued_text() -> None:
    text = f"桥建成了。编译：磨坊夜话省里的水文与河道保护局（水保局）说，{GLUED}"
    assert "省里的水文与河道保护局（水保局）" in split(text, context=Context(evidence="dump"), rules=RULES).body


def test_credits_glued_to_the_lead_of_a_dump() -> None:
    text = "水退了，桥还在。文/林小渡 小城晚报作者近日，" + BODY.replace("\n", "")
    result = split(text, context=Context(evidence="dump"), rules=RULES)
    assert [(c.role, c.name) for c in result.credits] == [("文", "林小渡")]
    assert result.body.startswith("水退了，桥还在。近日，清晨的渡口")
    plain = text.replace("近日，", "的书架上，")
    assert split(plain, context=Context(evidence="dump"), rules=RULES).body == plain


def dump(text: str) -> str:
    return split(text, context=Context(evidence="dump"), rules=RULES).body


def test_titles_end_before_a_sentence_and_before_another_heading() -> None:
    titles = "往期推荐雾里的渡口，船工怎样认路？旧水车的第二春冬天的鱼市"
    prompt = "长按识别二维码，关注我们！"
    assert dump(f"{GLUED}{titles}{prompt}") == GLUED
    assert dump(f"{GLUED}{titles}原文链接https://ferry.example.org/mill{prompt}") == GLUED


def test_a_heading_of_titles_takes_no_references() -> None:
    references = "参考文章水车考https://ferry.example.org/mill渡口志https://ferry.example.org/ferry"
    assert dump(GLUED + references) == GLUED + references


@pytest.mark.parametrize("heading", ["前情提要", "往期回顾"])
def test_a_heading_of_titles_before_the_article_takes_nothing(heading: str) -> None:
    text = f"{heading}上一回说到渡口的水车停了{GLUED[:200].replace('。', '，')}"
    assert "渡口的水车停了" in dump(text)


def test_a_marker_of_the_end_is_one_in_a_glued_text() -> None:
    told = "村里人都说，这样的日子还会很长，长到孩子们把渡口的故事讲给他们的孩子听。"
    assert dump(f"{GLUED}—END—长按识别二维码，关注我们！") == GLUED
    assert dump(f"{GLUED}{told}— 完 —长按识别二维码，关注我们！") == GLUED + told


def test_a_source_is_one_with_the_word_or_bracket_before_it() -> None:
    assert dump(f"{GLUED}原文来源：柳湾日报") == GLUED
    assert dump(f"{GLUED}（来源：柳湾日报）") == GLUED


def test_credits_are_not_one_with_the_statement_behind_them() -> None:
    text = f"{GLUED}编辑：林渡审核：周子衡声明：本平台原创稿件，转载请注明出处。"
    found = split(text, context=Context(evidence="dump"), rules=RULES)
    assert found.body == GLUED
    assert [(credit.role, credit.name) for credit in found.credits] == [("编辑", "林渡"), ("审核", "周子衡")]


def test_a_labelled_statement_takes_the_law_it_quotes() -> None:
    law = (
        "《中华人民共和国刑法》第二百八十五条规定，违反国家规定，侵入国家事务领域的计算机信息系统的，"
        "处三年以下有期徒刑或者拘役。"
    )
    own = "《中华人民共和国水法》第三条规定，水资源属于国家所有。"
    assert dump(f"{GLUED}免责声明：本文仅供学习交流，请勿用于非法用途，后果自负。{law}") == GLUED
    assert dump(GLUED + own) == GLUED + own


def test_the_end_of_the_articles_own_text_stays_before_a_prompt_without_a_stop() -> None:
    told = "他说，今年以来，渡口的船比往年少了一半，他们也没有别的办法，可以看到河面越来越窄"
    prompt = "【长按识别二维码关注我们，后台回复“水车”领取全部资料】"
    assert dump(GLUED + told + prompt) == GLUED + told


def test_a_long_text_without_a_stop_is_looked_at_from_an_opener_on() -> None:
    told = "，".join(["磨坊主把最后一袋面粉搬进仓里", "锁好门", "沿着河堤慢慢往家走"] * 30)
    assert dump(f"{told}免责声明：本文仅供学习交流，请勿用于非法用途，后果自负。") == told


LEADS = ["今年以来，渡口的船比往年少了一半。", "又一家老磨坊关了门！", "上周末，我去了趟渡口。"]


@pytest.mark.parametrize(
    "prompt",
    [
        "点击上方蓝字关注我们",
        "点击蓝色关注我们",
        "点击蓝字关注我们，每天学点新知识！",
        "点击上方蓝字柳湾水利获取更多河道资讯",
        "关注我们丨文末赠书",
        "↑点击上方“柳湾水利”关注我们",
        "点击下方名片，关注“柳湾水利”公众号，第一时间送达",
        "点击关注公众号，河道消息及时送达",
        "点击上方“柳湾水利”，选择“置顶公众号”，每晚十点与您相约",
        "点击上方 柳湾水利 关注 ☞ 右上角 ☞ 设为星标",
        "戳蓝字关注“柳湾水利”，看河不迷路",
        "提示：点击上方“柳湾水利”↑免费订阅本刊",
        "本文首发于微信公众号「柳湾水利」",
        "收录于合集 #渡口 19 个#水车 5 个",
        "在小说阅读器读本章去阅读在小说阅读器中沉浸阅读",
    ],
)
@pytest.mark.parametrize("lead", LEADS)
def test_the_lead_stays_behind_a_prompt_without_a_stop(prompt: str, lead: str) -> None:
    assert dump(f"{prompt}{lead}{GLUED}") == lead + GLUED


@pytest.mark.parametrize("lead", LEADS)
def test_the_lead_stays_behind_a_card_and_a_prompt(lead: str) -> None:
    body = dump(f"微信号dukou功能介绍分享河道的消息。点击上方蓝字关注我们{lead}{GLUED}")
    assert body.endswith(lead + GLUED)
    assert "关注我们" not in body


@pytest.mark.parametrize(
    "end",
    [
        "END阅读推荐雾里的渡口船工怎样认路旧水车的第二春",
        "关/联/阅/读雾里的渡口，船工怎样认路？扫/码/关/注/我/",
        "来源：柳湾水利end",
    ],
)
def test_ends_and_headings_spelt_in_other_ways_are_found(end: str) -> None:
    assert dump(GLUED + end) == GLUED


def test_a_table_of_contents_is_no_offer_of_a_book() -> None:
    contents = "【目录】第1章渡口第2章水车第3章老磨坊第4章鱼市第5章造桥的人"
    assert dump(GLUED + contents) == GLUED + contents


def test_words_that_prompts_use_take_no_long_piece_of_the_article() -> None:
    items = "、".join(["雾里的渡口怎样认路", "旧水车的木头换过几回", "石匠在桥墩上刻了什么", "鱼市几点开门"] * 4)
    text = f"设置星标↓ 目录 {items}{GLUED}"
    assert dump(text).endswith(f"{items}{GLUED}")


FOOT = "编译：林渡来源：河讯审核：周禾本文仅供参考，不构成任何投资建议。爆料、投稿、合作：vx liuwan_2016"


@pytest.mark.parametrize("list_of_titles", ["近期重磅雾里的渡口船工怎样认路", "又一个水车的故事在下游慢慢开始了" * 6])
def test_finds_of_several_kinds_together_are_a_foot_whatever_stands_behind_them(list_of_titles: str) -> None:
    body = dump(f"{GLUED}{FOOT}{list_of_titles}")
    assert body.startswith(GLUED)
    assert not any(word in body for word in ("编译", "审核", "投资建议", "liuwan_2016"))


def test_two_finds_far_from_the_end_are_no_foot() -> None:
    text = f"{GLUED}编译：林渡来源：河讯{GLUED}"
    assert dump(text) == text


def test_what_a_page_in_english_prints_ends_a_glued_text() -> None:
    more = "Read morePeople who liked this content also liked水车的秘密...柳湾水利"
    chrome = f"Modified on 2022-05-26{more}不看的原因- 内容质量低- 不看此公众号Scan to Follow"
    assert dump(f"{GLUED}{chrome}") == GLUED


def test_a_short_piece_between_finds_of_a_foot_is_part_of_it() -> None:
    rights = "【声明】本刊所发文稿著作权归“柳湾水利”所有，任何使用须取得书面同意。"
    foot = f"撰稿：林渡责编：周禾图片：水利站官网{rights}赐稿信箱：liuwan@mail.example，稿酬从优"
    body = dump(f"{GLUED}{foot}又一个水车的故事在下游慢慢开始了，船工们都在传{GLUED[:60]}")
    assert "责编" not in body
    assert "赐稿" not in body


def test_an_office_and_the_day_below_a_glued_notice_stay() -> None:
    text = f"{GLUED}渡口停航三天，请走石桥。柳湾渡口管理所2024年9月26日"
    assert dump(f"{text}来源：水利站编辑：周禾 审核：林渡").endswith("柳湾渡口管理所2024年9月26日")


@pytest.mark.parametrize("sentence", ["雾里的渡口是路，路的另一头也是渡口。"])
def test_the_title_inside_a_sentence_is_no_chrome(sentence: str) -> None:
    foot = "本文仅供参考，不构成任何投资建议。未经许可不得转载。投稿邮箱：liuwan@mail.example"
    result = split(f"{GLUED}{sentence}{foot}", context=Context(title="雾里的渡口", evidence="dump"), rules=RULES)
    assert result.body == f"{GLUED}{sentence}"


def test_three_statements_together_are_a_foot_whatever_stands_behind_them() -> None:
    statements = (
        "本文版权归作者和公众号共有，欢迎转载。"
        "由于传播、利用此文所提供的信息而造成的任何后果及损失，均由使用者本人负责，作者不承担任何责任。"
        "部分图片来自网络，如有侵权请联系删除。"
    )
    body = dump(f"{GLUED}{statements}敲敲小黑板：{GLUED[:150]}")
    assert "版权归" not in body
    assert "侵权" not in body


def test_a_long_description_of_a_firm_ends_a_glued_text() -> None:
    parts = [f"公司在第{n}年拥有{n}处船坞，为沿河{n}个村子提供养护服务，是行业领先的国家级企业。" for n in range(2, 11)]
    assert dump(f"{GLUED}{GLUED}公司简介{FIRM}{''.join(parts)}") == GLUED + GLUED


@pytest.mark.parametrize("prompt", ["如侵权请私聊我们删文", "本文版权归原作者所有，转载请注明出处"])
def test_a_long_lead_stays_behind_a_statement_without_a_stop(prompt: str) -> None:
    lead = "前言今年春天河面宽了一倍，孩子们上学要绕很远的路，村里商量着要修一座桥，石料已经堆在岸边，只等水退。"
    assert dump(f"{prompt}{lead}{GLUED}") == lead + GLUED


@pytest.mark.parametrize("label", ["文章来源：柳湾（LW）水利", "原文链接：https://ferry.example.org/mill/1858闲聊水车"])
def test_a_label_for_an_address_takes_nothing_of_the_body(label: str) -> None:
    assert GLUED[:200] in dump(f"{label}摘要：{GLUED}")


def test_a_label_takes_the_address_behind_it() -> None:
    assert dump(f"{GLUED}原文链接：https://ferry.example.org/mill/1858") == GLUED


@pytest.mark.parametrize(
    "chrome",
    [
        "ReadsWowAdded to Top StoriesComment前往“发现”-“看一看”浏览“朋友在看”OKPostedCancelComment in Top Stories",
        "SendingRelated ArticlesMore articlesScan with WeChat touse this Mini ProgramCancel允许Cancel允许Got ItOK",
        "赞赏苹果用户长按二维码赞赏微信扫一扫赞赏作者Rewardreward(s)上一页 1/3 下一页Cancel允许Got ItOK",
    ],
)
def test_buttons_in_english_are_the_pages(chrome: str) -> None:
    assert split(GLUED + chrome, context=Context(evidence="dump"), rules=RULES).body == GLUED


def test_words_of_buttons_in_a_sentence_are_the_articles() -> None:
    text = GLUED + "The ferry man said: OK, post a comment, I like it"
    assert split(text, context=Context(evidence="dump"), rules=RULES).body == text


@pytest.mark.parametrize(
    "head",
    ["点击上方蓝字 渡口夜话 >右上角 ··· > 设为星标", "字数 1017，阅读大约需 6 分钟", "本文共2300字，预计阅读时间8分钟"],
)
def test_heads_glued_to_the_lead_go(head: str) -> None:
    assert split(head + GLUED, context=Context(evidence="dump"), rules=RULES).body == GLUED


@pytest.mark.parametrize("evidence", ["dump", "text"])
def test_a_source_in_brackets_at_the_very_end_goes(evidence: Evidence) -> None:
    found = split(GLUED[:-1] + "（来源：柳湾晚报）", context=Context(evidence=evidence), rules=RULES)
    assert found.body == GLUED[:-1]
    assert [(credit.role, credit.name) for credit in found.credits] == [("来源", "柳湾晚报")]


def test_a_source_in_brackets_of_an_item_stays() -> None:
    text = (
        "\n".join(f"{part}，水位又降了三尺（来源：柳湾晚报）" for part in ("昨天", "前天", "今天", "上周"))
        + "\n"
        + BODY
    )
    assert split(text, context=Context(evidence="text"), rules=RULES).body == text


@pytest.mark.parametrize(
    ("before", "phrase", "behind"),
    [
        ("下月三日起河堤封闭施工。", "（点击图片查看详情）", "请提前绕行。"),
        ("今年的菊展分三个区", "左右滑动查看更多", "第一个区在河边。"),
        ("签约在昨天下午完成。", "（详情）", "桥上的灯也亮了。"),
    ],
)
def test_a_phrase_that_says_nothing_of_the_article_goes_wherever_it_stands(
    before: str, phrase: str, behind: str
) -> None:
    result = split(f"{GLUED}{before}{phrase}{behind}{GLUED}", context=Context(evidence="dump"), rules=RULES)
    assert result.body == f"{GLUED}{before}{behind}{GLUED}"


def test_phrases_that_stand_anywhere_go_from_the_middle_of_a_glued_text() -> None:
    text = f"{GLUED}河堤明天封闭施工（点击图片查看详情），请绕行。{GLUED}左右滑动查看更多{GLUED}"
    kept = split(text, context=Context(evidence="dump"), rules=RULES).body
    assert kept == f"{GLUED}河堤明天封闭施工，请绕行。{GLUED}{GLUED}"


@pytest.mark.parametrize("said", ["“水至清则无鱼”（原文）", "在首页向左滑动查看更多内容时"])
def test_words_like_them_stay(said: str) -> None:
    text = f"{GLUED}{said}，船工说。{GLUED}"
    assert split(text, context=Context(evidence="dump"), rules=RULES).body == text
