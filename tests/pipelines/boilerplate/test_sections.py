"""Headings that take what follows them: lists, links, what a firm is, offers."""

from __future__ import annotations

import pytest
import river
from river import BODY

LONG = "\n".join([BODY, BODY.replace("渡口", "码头"), BODY.replace("渡口", "河埠")])
PROMPT = "长按识别二维码关注我们"
TITLES = ["老街的裁缝铺", "一碗汤圆的来历", "渡口最后的船工"]
FIRM = "柳湾科技是五个船工的孩子办的，团队住在河边，服务沿河十一个村子的水车与闸口，去年冬天还替老磨坊换过一回木头。"
LESSONS = [f"* 第{number}座桥的石料怎样过河" for number in range(1, 23)]
MANY_TITLES = [f"{title}（{number}）" for number in (1, 2, 3, 4) for title in TITLES]


def kept(*tail: str, linked: tuple[str, ...] = ()) -> list[str]:
    """The lines below a long body that stay."""
    return river.kept(*tail, body=LONG, linked=linked)


def test_related_matter_goes_where_the_page_links_it_to_articles() -> None:
    related = ["相关资料", *TITLES]
    assert kept(*related, PROMPT, linked=tuple(TITLES)) == []
    assert kept(*related, PROMPT) == related, "a text may mean its references"
    assert kept("相关资料", "[1] 石某. 河志. 2012.", PROMPT) == ["相关资料", "[1] 石某. 河志. 2012."]


def test_numbered_titles_may_say_more_than_a_title_can() -> None:
    longer = "渡口最后的船工：五十年里他送过三千个孩子上学，撑断过十一根竹篙，"
    longer += "也在大水那年把磨坊主人一家从屋顶上接了下来，从没有收过钱，如今桥通了"
    assert len(longer) > 64
    assert kept("往期推荐", f"1.{longer}", "2.老街的裁缝铺", PROMPT) == []
    assert kept("往期推荐", longer, "老街的裁缝铺", PROMPT)[0] == "往期推荐"


def test_one_title_among_others_may_end_as_a_sentence_does() -> None:
    assert kept("往期推荐", TITLES[0], "换了一根篙，渡口就安静了。", *TITLES[1:], PROMPT) == []
    told = BODY.split("\n")
    assert kept("往期推荐", TITLES[0], *told) == told


@pytest.mark.parametrize(("heading", "goes"), [("更多河边日记", True), ("更多勇气", False), ("年度回顾", False)])
def test_a_heading_that_ends_the_text_goes_if_it_can_be_nothing_else(heading: str, *, goes: bool) -> None:
    assert kept(heading) == ([] if goes else [heading])


def test_what_a_firm_is_goes_below_its_name() -> None:
    assert kept("关于柳湾科技", FIRM, PROMPT) == []
    assert kept("关于柳湾科技", FIRM) == []


@pytest.mark.parametrize(
    "tail",
    [
        ["关于老磨坊", "村里人都知道，它换过三回木头。"],
        ["关于柳湾科技", "孩子们问起这家公司，团队成员说，他们提供修水车的服务。"],
        ["关于柳湾科技", FIRM, "船工听完这番话，把缆绳系好，回家去了。"],
        ["关于柳湾科技", *[f"柳湾科技的第{number}个团队服务沿河的村子，拥有船坞。" for number in range(1, 7)]],
    ],
    ids=["no firm", "not by its name", "the article goes on", "it goes on and on"],
)
def test_a_heading_about_something_is_the_articles(tail: list[str]) -> None:
    assert kept(*tail) == tail


def test_an_offer_goes_up_to_its_heading_however_much_it_lists() -> None:
    offer = ["圈子介绍", "在这里你会读到：", *LESSONS, "入圈一年99元，中途不退，随时可以提问。"]
    assert kept(*offer, "往期推荐", *MANY_TITLES, PROMPT) == []


def test_a_list_as_long_without_such_a_heading_stays() -> None:
    told = ["石匠的话", "在这里你会读到：", *LESSONS]
    assert kept(*told, "往期推荐", *MANY_TITLES, PROMPT) == told


def test_what_a_circle_is_the_source_of_goes_only_above_what_goes() -> None:
    circle = ["本文同步自知识星球《渡口夜话》", "星球里每天读一段河志，定价99元一年。"]
    assert kept(*circle, "欢迎你的加入！") == []
    assert kept(circle[0], *BODY.split("\n")) == [circle[0], *BODY.split("\n")]


def test_a_divider_ends_no_offer() -> None:
    offer = ["福利1：免费直播课程", "适听人群：想修水车的人", "▼", "六天里每晚八点，石匠带你认木头", "福利2：图纸一份"]
    assert kept(*offer, "扫码报名，名额有限，先到先得") == []


LISTED = ["渡口最后的船工", "老街的裁缝铺和它的主人", "一碗汤圆的来历", "灯塔上的三十年"]


def test_titles_without_a_heading_go_between_a_prompt_and_the_prompts_that_end_the_text() -> None:
    between = ["更多精彩文章，尽在“渡口夜话”微信公众号", *LISTED, "打赏支持我写出更多好文章，谢谢！"]
    assert kept(*between) == []
    assert {river.rules_of(*between)[title] for title in LISTED} == {"recommendation.heading"}


@pytest.mark.parametrize(
    "between",
    [
        ["船工们还记得这些事", *LISTED, PROMPT],
        ["点个在看", "我在渡口等你来", "等到河水涨三尺", "等到柳树都开花", "等到船头长青苔", "编辑：林小河"],
        [PROMPT, "参考文献", "河流地貌学导论", "中国水文年鉴汇编", "渡口志（1987年）", "柳湾镇志（续编）", PROMPT],
    ],
    ids=["no prompt above", "credits below", "references"],
)
def test_lines_like_titles_stay_elsewhere(between: list[str]) -> None:
    rules = river.rules_of(*between)
    assert "recommendation.heading" not in {rules.get(line) for line in between}


def test_a_long_paragraph_that_ends_with_a_question_closes_the_article() -> None:
    closing = "今年的水位比往年高了一尺，沿河的十一个村子都加高了自家的码头，有人说这是上游修闸的缘故，"
    closing += "也有人说雨水本来就多，老船工翻出三十年前的账本来对，账本上记着的最高水位就刻在磨坊的门框上，"
    closing += "刻痕旁边写着修桥那一年的名字，字已经浅得快要看不见了。对此，你怎么看？"
    assert kept("今日话题", closing)[-1] == closing
    assert kept("今日话题", "你家门前的河今年涨水了吗？") == []


def test_what_a_firm_is_may_begin_with_where_it_is() -> None:
    assert kept("关于石桥科技", FIRM.replace("柳湾科技", "柳湾石桥科技有限公司"), PROMPT) == []
    assert kept("关于石桥", "村里人都说那座石桥该修了，公司也来看过，平台的客户没有表态。", PROMPT)[0] == "关于石桥"
