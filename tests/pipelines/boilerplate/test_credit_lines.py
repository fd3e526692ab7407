"""Credits by what stands around them: beside others, above addresses, in lists of works and papers."""

from __future__ import annotations

import pytest
from river import BODY, kept, rules_of

from pipelines.boilerplate import load_rules, split

RULES = load_rules()
PROMPT = "长按识别二维码关注我们"


def test_a_role_that_proves_nothing_is_a_credit_beside_others() -> None:
    found = rules_of("主播：林小渡", "配乐：夜的钢琴曲")
    assert found["配乐：夜的钢琴曲"] == "credits.beside"
    assert kept("配乐：夜的钢琴曲") == ["配乐：夜的钢琴曲"]


def test_a_brief_name_behind_such_a_role_ends_the_article() -> None:
    assert rules_of("后期：林小渡") == {"后期：林小渡": "credits.likely"}
    assert kept("导演：林小渡") == ["导演：林小渡"], "the film's, not the article's"
    assert kept("后期：一条河的三种走向") == ["后期：一条河的三种走向"]


def test_who_the_author_is_goes_over_several_sentences() -> None:
    assert kept("作者：石见（水车老师），柳湾水利学校校长。两个孩子的妈妈，修了二十年的水车。") == []


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


def test_names_go_on_behind_a_semicolon() -> None:
    assert kept("文 | 河谷大学 张小河 孔林；", "渡口大学 刘青山") == []


@pytest.mark.parametrize("source", ["转自\nhttps://ferry.example.org/p/12", "文章原文：https://ferry.example.org/p/12"])
def test_where_a_text_stood_is_credited_at_its_end(source: str) -> None:
    assert kept(source) == []


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


def test_names_with_the_next_role_behind_them_are_credits() -> None:
    chained = ["监制：", "林小河\u3000策划：", "周渡 许青山\u3000拍摄：", "石见", "撰文：", "林渡\u3000配音：", "孔林"]
    result = split("\n".join([BODY, *chained]), rules=RULES)
    assert result.body == BODY
    assert ("策划", "许青山") in [(one.role, one.name) for one in result.credits]
    assert ("配音", "孔林") in [(one.role, one.name) for one in result.credits]


def test_whom_to_call_is_no_credit() -> None:
    result = split(f"{BODY}\n平台联系人：林小河18900001234\n本文转载自：柳湾日报", rules=RULES)
    assert [(one.role, one.name) for one in result.credits] == [("转载自", "柳湾日报")]


@pytest.mark.parametrize("line", ["[作者] 林渡 [朝代] 唐", "作者：林渡　朝代：唐"])
def test_who_wrote_a_poem_that_is_quoted_is_no_credit(line: str) -> None:
    assert kept("《渡口》", line, "水落三尺见石滩，", "撑船人家在云间。", PROMPT)[1] == line


@pytest.mark.parametrize(
    ("card", "rest"),
    [
        (["柳湾食记.", "写给爱吃的人"], ["写给爱吃的人"]),
        (["柳湾食记", "渡口的早市从四点开始"], ["渡口的早市从四点开始"]),
        (["柳湾的食记"], ["柳湾的食记"]),
    ],
)
def test_a_reprinted_accounts_card_goes_with_where_it_is_named(card: list[str], rest: list[str]) -> None:
    for named in ("以下文章来源于柳湾食记 ，作者阿禾", "The following article is from 柳湾食记 Author 阿禾"):
        text = "\n".join([named, *card, BODY])
        assert split(text, rules=RULES).body == "\n".join([*rest, BODY])


def test_a_source_far_from_the_end_is_a_pictures() -> None:
    caption = "来源：柳湾日报"
    paragraphs = BODY.split("\n")
    below = [*paragraphs, *paragraphs]
    text = "\n".join([BODY, *below, caption, *below, "文字：林小河", "编辑：周渡"])
    assert caption in split(text, rules=RULES).body
    assert caption not in split("\n".join([BODY, *below, caption, "编辑：周渡"]), rules=RULES).body
