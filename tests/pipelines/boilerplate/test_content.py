"""What is the article's own though it sounds like boilerplate, and what goes although no rule knows it."""

from __future__ import annotations

import pytest
from river import BODY

from pipelines.boilerplate import Context, load_rules, split

RULES = load_rules()


def body_with(*tail: str, head: tuple[str, ...] = (), account: str | None = None, title: str | None = None) -> str:
    text = "\n".join([*head, BODY, *tail])
    return split(text, context=Context(account=account, title=title), rules=RULES).body


@pytest.mark.parametrize(
    "own",
    [
        ("Q1：公众号里可以续借吗？", "A：可以。关注“柳湾图书馆”公众号，点击菜单“我的借阅”即可。"),
        ("“点赞、在看、转发”，听起来像祈使句，其实是一种撒娇。",),
        ("一、船票当天有效。", "二、船工认得的孩子不收钱。", "三、欢迎大家监督，监督邮箱：du@example.com。"),
        ("主讲：林渡（柳湾学会）", "时间：6月10日下午两点半"),
        ("希望大家都守【渡口的规矩", "】"),
        ("方法二：长按识别二维码关注柳湾图书馆，再点“续借”。",),
        (
            "第二十七条 任何个人和组织不得擅自占用渡口，不得妨碍通行。",
            "第二十八条 违反本条例规定的，由渡口管理所责令改正，处二百元以下罚款。",
        ),
        ("公司业务", "河运去年占收入的七成，仓储三处，都是租来的。"),
        ("如有疑问可以直接联系县文化馆",),
        ("每天更新的船期由三个人抄写",),
        ("id: mill-gate-open", "info:", "author: Keeper", "words:", '- "open"'),
        ("船票结果以短信告知。乘客对票价有异议的，可以当面找渡口管理所核对和处理。",),
        ("这座桥不仅为两岸的交流添了一条路，也为磨坊引来了客人。",),
    ],
    ids=[
        *("answer", "quotation", "item", "particulars", "bracket", "way", "law", "trade", "office", "daily"),
        *("keys", "objection", "not_only"),
    ],
)
def test_what_is_the_articles_own_stays(own: tuple[str, ...]) -> None:
    assert body_with(*own) == "\n".join([BODY, *own])


@pytest.mark.parametrize(
    "tail",
    [
        ("🍂🍂🍂", "编辑：林渡"),
        ("编辑：林渡", "”"),
        ("欢迎关注柳湾食记公众号", "长按识别二维码关注我们", "柳湾食记", "写菜市场里的人，也写他们的手艺"),
        ("更多河边消息", "投稿邮箱：tougao@example.com"),
        ("关于我们", "柳湾研究院隶属于柳湾学会，成员获得过三次水利奖项。"),
        ("下期预告", "渡口最后的船工"),
        ("资讯链接：", "https://ferry.example.org/mill/bridge-opens"),
        (*"往期回顾", "渡口最后的船工", "一座桥的三次改名", "老街的裁缝铺"),
        ("欢迎关注我们", "1️⃣ 渡口最后的船工", "2️⃣ 一座桥的三次改名", "3️⃣ 老街的裁缝铺"),
        (
            "欢迎关注我们",
            "推荐阅读",
            *(f"渡口往事之{n}" for n in "一二三四五六七八九十"),
            "免责声明：图片来自网络，侵权请联系删除",
        ),
    ],
    ids=["ornament", "mark", "card", "heading", "firm", "next", "source", "spread", "keycaps", "list"],
)
def test_what_stands_beside_prompts_goes_with_them(tail: tuple[str, ...]) -> None:
    assert body_with(*tail) == BODY


def test_a_long_paragraph_below_a_prompt_is_no_card() -> None:
    last = "船工说，" + "这条河他撑了四十年，水大的年份也没有停过一天。" * 8
    assert body_with("欢迎关注柳湾食记公众号", "长按识别二维码关注我们", last).endswith(last)


PITCH = (
    "今天给大家推荐这本新书，写的是一条河上的桥。",
    "内容简介",
    "全书十二章，从石料写到桥墩。",
    "本书作者",
    "林渡，走遍三十条河。",
    "点个在看，分享给更多人",
)


def test_an_offer_of_a_book_goes_with_what_announces_it() -> None:
    assert body_with(*PITCH) == BODY


def test_an_article_about_a_book_keeps_its_parts() -> None:
    assert "全书十二章" in body_with(*PITCH, title="新书《河上的桥》出版")
    assert "全书十二章" in body_with(*PITCH, head=("这本书写的是渡口，课程里也讲过。",))


@pytest.mark.parametrize(
    ("line", "account"),
    [("过河坐船，就看柳湾渡口", "柳湾渡口"), ("大家好，这里是柳湾渡口，每天一条河", "柳湾渡口")],
)
def test_a_slogan_with_the_accounts_name_goes(line: str, account: str) -> None:
    assert body_with(head=(line,), account=account) == BODY
    assert body_with(head=(line,)) != BODY


def test_a_prompt_in_the_second_sentence_of_a_glued_text_goes() -> None:
    glued = BODY.replace("\n", "") * 3
    text = f"人生如河。点击标题下的蓝字“柳湾渡口”，我们每天为您送上一段故事。{glued}"
    assert "点击标题" not in split(text, rules=RULES).body
    assert split(text, rules=RULES).body.endswith(glued)


@pytest.mark.parametrize(
    "own",
    [
        ("写信的人在那一页里悄悄放进了一个", "img", "标记，打开信的人并不知道。"),
        ("1. 渡口的船工", "2. 磨坊的主人", "......"),
        ("受影响的组件有", ".", "NET 与水位表"),
        ("通过右键菜单发送到水位表获取的记录，可无视时间限制。",),
        ("更多水位脚本，用于大规模搜索",),
        ("本文将分享更多看水的技巧，你将会学习到：", "- 怎样认雾"),
    ],
    ids=["word_of_sentence", "and_so_on", "dot", "menu", "more_scripts", "shares_more"],
)
def test_what_looks_left_over_or_like_a_prompt_stays_at_the_end(own: tuple[str, ...]) -> None:
    assert body_with(*own) == "\n".join([BODY, *own])


def test_what_a_converter_leaves_of_a_picture_goes() -> None:
    assert body_with("img", "桥修好了，孩子们不用再绕路。") == f"{BODY}\n桥修好了，孩子们不用再绕路。"


def test_hidden_buttons_at_the_end_of_a_text_go() -> None:
    assert body_with("长按识别二维码关注我们", "使用小程序", "取消 允许") == BODY


def test_a_stop_stays_where_the_end_of_a_sentence_goes() -> None:
    told = "船工们说，水位比去年低了两尺，老磨坊要到秋天才能再开"
    assert body_with(f"{told}（点击阅读原文查看）。") == f"{BODY}\n{told}。"


def test_an_author_named_with_a_title_and_pictures_goes_whole() -> None:
    above = (
        "本文来自微信公众号：渡口夜话（ID：dukou），作者：林渡，原文标题：《水车停了以后？那年的雨》，题图来自：村史馆"
    )
    assert body_with(head=(above,)) == BODY


def test_a_statement_broken_at_its_mark_up_goes_whole() -> None:
    above = (
        "以下仅供学习，因传播或使用本公众号给出的",
        "POC",
        "信息及",
        "脚本",
        "而引起的后果与损失，由使用者自行承担。",
    )
    assert body_with(head=above) == BODY
    assert body_with("PoC", "水车转起来的记录") == f"{BODY}\nPoC\n水车转起来的记录"


def test_what_was_told_last_time_is_no_title() -> None:
    above = ("前情提要", "在上一篇文章里，磨坊主把水车停了下来", "渡口的人等了三天")
    assert body_with(head=above) == "\n".join([*above, BODY])


def test_what_each_item_is_credited_with_stays() -> None:
    items = [
        line
        for number in range(4)
        for line in (f"水位涨了{number + 3}寸，东渡口停了半天船，下午又开了。", f"来源：河讯第{number}版")
    ]
    assert body_with(*items) == "\n".join([BODY, *items])


def test_one_source_below_the_article_goes() -> None:
    assert body_with("来源：柳湾日报", "编辑：周禾") == BODY
