"""Whole texts: what goes, what stays, and that the text can be rebuilt."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.items import Credit, Mark, Normalized
from crawler.text import join_lines
from pipelines.boilerplate import Context, load_rules, split
from pipelines.boilerplate.spans import rebuild

RULES = load_rules()
PARAGRAPHS = [
    "清晨的渡口起了雾，船工把缆绳解开，慢慢撑向对岸。",
    "对岸的村子里有一座老磨坊，水车每天从五点转到天黑。",
    "磨坊主人姓石，他说这座水车是祖父留下来的，木头换过三回。",
    "今年春天雨水多，河面宽了一倍，孩子们上学要绕很远的路。",
    "村里商量着要修一座桥，石料已经堆在岸边，只等水退。",
]
BODY = "\n".join(PARAGRAPHS)


def run(text: str, **context: str) -> Normalized:
    result = split(text, context=Context(**context), rules=RULES)  # type: ignore[arg-type]
    assert rebuild(result.body, [(s.start, s.end, text[s.start : s.end]) for s in result.spans]) == text
    return result


def cut(text: str, result: Normalized) -> list[tuple[str, str]]:
    return [(s.kind, text[s.start : s.end].strip()) for s in result.spans]


def test_head_and_tail_go_and_the_body_stays() -> None:
    head = ["点击上方蓝字", "关注我们"]
    names = ["编辑：石 见 方小满", "来源：渡口镇文化站"]
    tail = ["—— END ——", *names, "往期推荐", "老街的裁缝铺", "一碗汤圆的来历", "点个在看吧"]
    result = run("\n".join([*head, BODY, *tail]))
    assert result.body == BODY
    assert [s.kind for s in result.spans] == [
        "follow_prompt", "follow_prompt", "decoration", "credits", "credits",
        "recommendation", "recommendation", "recommendation", "engagement",
    ]  # fmt: skip
    assert Credit(role="编辑", name="石见") in result.credits
    assert Credit(role="编辑", name="方小满") in result.credits
    assert result.rules_version == RULES.version


def test_a_dump_glued_into_one_line() -> None:
    body = "".join(PARAGRAPHS) * 4
    text = (
        "看水乡变化听渡口声音关注渡口电视台3月5日，" + body
        + "渡口电视台公众号所发内容，著作权归渡口镇广播站所有，如需转载请注明来源。"
        + "编辑：石   见 方小满联系我们地址：渡口镇一号"
        + "\n前往“发现”-“看一看”浏览“朋友在看”\n已发送发送中微信扫一扫关注该公众号"
    )  # fmt: skip
    text = join_lines(text.split("\n"))
    result = run(text, evidence="dump")
    assert result.body == "3月5日，" + body
    assert cut(text, result) == [
        ("follow_prompt", "看水乡变化听渡口声音关注渡口电视台"),
        ("copyright", "渡口电视台公众号所发内容，著作权归渡口镇广播站所有，如需转载请注明来源。"),
        ("credits", "编辑：石 见 方小满"),
        ("contact", "联系我们地址：渡口镇一号"),
        ("page_chrome", "前往“发现”-“看一看”浏览“朋友在看”"),
        ("page_chrome", "已发送发送中微信扫一扫关注该公众号"),
    ]
    assert result.credits == [Credit(role="编辑", name="石见"), Credit(role="编辑", name="方小满")]


@pytest.mark.parametrize(
    "phrase", ["长\n按\n关\n注", "长 按 识 别 二 维 码", "点击\n上方蓝字\n关注我们", "微信扫一扫\n关注该公众号"]
)
def test_phrases_spaced_out_or_printed_over_lines(phrase: str) -> None:
    assert run(f"{BODY}\n{phrase}").body == BODY


@pytest.mark.parametrize(
    "sentence",
    [
        "扫码付款的人越来越多，摊主把二维码挂在了竹竿上。",
        "他第一次听说侵权这个词，是在镇上的法庭里。",
        "关注留守老人，是渡口镇今年的头等大事。",
        "文章的来源已经不可考，只知道是一位船工写的。",
        "镇里发表声明，否认了要拆磨坊的传言。",
        "转发这条消息的人，后来都说自己记错了。",
        "老人把电话写在墙上，怕自己忘了。",
        "他说，投稿的人里有一半是学生。",
    ],
)
def test_words_used_in_earnest_stay(sentence: str) -> None:
    text = "\n".join([*PARAGRAPHS, sentence, *PARAGRAPHS[:2]])
    assert run(text).body == text
    assert run(f"{BODY}\n{sentence}").body == f"{BODY}\n{sentence}"


def test_the_title_repeated_at_the_head() -> None:
    result = run(f"渡口 的雾\n{BODY}", title="渡口的雾")
    assert result.body == BODY
    assert [(s.kind, s.rule) for s in result.spans] == [("decoration", "decoration.title_repeated")]


def test_the_title_in_a_dumps_tail() -> None:
    chrome = "已发送\n发送到看一看\n渡口的雾\n最多200字，当前共字\n发送中"
    result = run(f"{BODY}\n{chrome}", title="渡口的雾", evidence="dump")
    assert result.body == BODY
    assert {s.kind for s in result.spans} == {"page_chrome"}


def test_the_accounts_banner_at_the_head() -> None:
    result = run(f"渡口文化 | 慢下来读一段\n{BODY}", account="渡口文化")
    assert [s.rule for s in result.spans] == ["follow_prompt.account_banner"]
    assert run(f"渡口文化 | 慢下来读一段\n{BODY}").spans == []


def test_references_stay() -> None:
    text = f"{BODY}\n参考资料\n[1] 渡口志: https://example.org/1\n[2] 关注: https://example.org/2"
    result = run(f"{text}")
    assert result.body == text


def test_what_stands_in_code_stays() -> None:
    text = f"{BODY}\n```\n# 关注我们\n```"
    assert run(text).body == text


def mark(text: str, part: str, kind: str) -> Mark:
    start = text.index(part)
    return Mark(start=start, end=start + len(part), kind=kind)  # type: ignore[arg-type]


def test_text_in_an_account_card_is_a_prompt() -> None:
    text = f"{BODY}\n磨坊\n{PARAGRAPHS[0]}"
    part = Mark(start=text.index("\n磨坊\n") + 1, end=text.index("\n磨坊\n") + 2, kind="account_card")
    assert split(text, marks=[part], rules=RULES).spans == []  # it covers no whole line
    card = Mark(start=text.index("\n磨坊\n") + 1, end=text.index("\n磨坊\n") + 3, kind="account_card")
    result = split(text, marks=[card], rules=RULES)
    assert cut(text, result) == [("follow_prompt", "磨坊")]


def test_linked_titles_at_the_end_are_recommendations() -> None:
    titles = ["老街的裁缝铺", "一碗汤圆的来历"]
    text = "\n".join([BODY, *titles])
    marks = [mark(text, title, "article_link") for title in titles]
    assert split(text, marks=marks, rules=RULES).body == BODY
    assert split(text, rules=RULES).body == text


def test_what_stands_for_pictures_goes_where_there_are_several() -> None:
    first, *others = BODY.split("\n")
    text = "\n".join([first, "图片", others[0], "[图片]", others[1], "图片", *others[2:]])
    dump = Context(evidence="dump")
    result = split(text, context=dump, rules=RULES)
    assert result.body == BODY
    assert {span.rule for span in result.spans} == {"decoration.placeholder"}
    heading = "\n".join([first, *others[:2], "图片", *others[2:]])
    assert split(heading, context=dump, rules=RULES).body == heading, "a digest has a part with pictures"


def test_code_and_tables_are_left_alone() -> None:
    text = f"{BODY}\necho 关注我们 > a.txt; cat a.txt"
    assert split(text, marks=[mark(text, "echo 关注我们 > a.txt; cat a.txt", "code")], rules=RULES).body == text
    text = f"{BODY}\n关注我们"
    assert split(text, marks=[mark(text, "关注我们", "table")], rules=RULES).body == text


def test_an_article_that_is_an_appeal_keeps_its_own_lines() -> None:
    text = "\n".join(
        [
            "周六下午，渡口书店请来写河流的人，和大家聊聊船。",
            "活动时间：周六下午两点", "活动地点：渡口镇一号", "费用：免费参加", "报名方式：扫描下方二维码",
            "报名电话：0000-123456",
        ]
    )  # fmt: skip
    assert run(text).body == text


@pytest.mark.parametrize(
    "text", ["关注我们", "长按二维码\n关注我们", "编辑：石见", "转载请注明出处。", "。", "—— END ——"]
)
def test_an_article_never_loses_everything(text: str) -> None:
    assert run(text).body.strip()


COURSE = [
    "这门课程讲的是怎样修一架水车，课程从选木料讲到下水。",
    "课程分三讲，每一讲都在磨坊里上，学生自己动手。",
    "第一讲说木料：杉木轻，柏木耐水，课程里两样都会用到。",
    "第二讲说榫头，石匠会来讲他怎样看木纹，课程的这一天最长。",
    "第三讲下水，最后一天，水车要转满一个时辰。",
    "学过的人都说，手上有了茧，心里也有了数。",
]


def test_what_an_article_about_a_course_says_of_it_at_its_end_stays() -> None:
    offer = ["原价299元，现价99元，前十名优惠报名", "扫码添加小助手，报名课程，名额有限"]
    head, foot = "联系电话：0599-88001234", "长按识别二维码关注我们\n编辑：林渡"
    text = "\n".join([head, *COURSE, *offer, foot])
    assert split(text, rules=RULES).body.split("\n")[: len(COURSE) + 2] == [*COURSE, *offer]
    once = "\n".join([BODY, COURSE[0], *offer, foot])
    assert offer[0] not in split(once, rules=RULES).body


def test_nothing_and_white_space() -> None:
    assert run("").body == ""
    assert run("").spans == []
    assert run(" \n ").spans == []


WORDS = [
    *(
        "关注我们",
        "点击上方蓝字",
        "编辑：石见",
        "来源：渡口报",
        "往期推荐",
        "END",
        "转载请注明出处",
        "扫码",
        "声明：",
        "在看",
        "赞",
        "渡口",
    ),
    *("。", "，", "！", "\n", " ", "```", "【", "】", "（", "）", "a1", "👇", "[1]", "http://x.y/z"),
]


@settings(max_examples=300, deadline=None)
@given(
    parts=st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=5)), max_size=40),
    evidence=st.sampled_from(["page", "dump", "text", "record"]),
    title=st.one_of(st.none(), st.sampled_from(["渡口", "", "关注我们"])),
)
def test_any_text_is_split_and_rebuilt(parts: list[str], evidence: str, title: str | None) -> None:
    text = "".join(parts)
    context = Context(evidence=evidence, title=title, account="渡口")  # type: ignore[arg-type]
    result = split(text, context=context, rules=RULES)
    assert rebuild(result.body, [(s.start, s.end, text[s.start : s.end]) for s in result.spans]) == text
    again = split(text, context=context, rules=RULES)
    assert again == result
    if any(c.isalnum() for c in text) and not any(c.isalnum() for c in result.body):
        kinds = {s.kind for s in result.spans} & {"follow_prompt", "recommendation", "copyright", "read_more"}
        assert len(kinds) > 1, "an article never loses everything, unless it is nothing but a foot"


@settings(max_examples=100, deadline=None)
@given(
    text=st.text(max_size=60),
    marks=st.lists(
        st.builds(
            Mark,
            start=st.integers(-5, 80),
            end=st.integers(-5, 80),
            kind=st.sampled_from(["account_card", "article_link", "code", "image", "program_card", "table"]),
        ),
        max_size=6,
    ),
)
def test_any_marks_do_no_harm(text: str, marks: list[Mark]) -> None:
    result = split(text, marks=marks, rules=RULES)
    assert rebuild(result.body, [(s.start, s.end, text[s.start : s.end]) for s in result.spans]) == text


_TAILS = {
    "nothing": [],
    "prompts": ["—END—", "编辑：石小满", "长按二维码关注我们", "转载请联系后台授权"],
    "a list": ["欢迎关注我们，获取更多资讯", "推荐阅读", "老街的裁缝铺", "一碗汤圆的来历", "他在灯塔上住了三十年"],
}


@pytest.mark.parametrize("tail", _TAILS.values(), ids=_TAILS)
@pytest.mark.parametrize(
    "earnest",
    [
        "警方通报称，嫌疑人通过微信群发布虚假招聘信息，诱导受害人扫码转账，涉案金额超过三百万元。",
        "市民可拨打12345热线反映噪声扰民问题，城管部门将在三个工作日内答复。",
        "判决书指出，转载他人作品应当注明作者姓名，并支付报酬。",
        "学生们在评论区留言，希望学校公开调查结果。",
        "许多家长加入了学校的微信群，每天在群里打卡。",
        "参与者扫码进入会场，领取了印有编号的胸牌。",
        "更新授权： 所有第三方应用须重新获得授权，旧令牌在七天后失效。",
        "停止使用旧版： 用户应停止使用旧版客户端发送文件，直到补丁发布。",
        "患者应在医生指导下用药，切勿自行加量，出现皮疹时立即停药并就诊。",
        "该校在官方微信公众号发文回应，称涉事教师已被停职。",
        "图：研究人员绘制的攻击流程",
        "插画：县城的老电影院",
    ],
)
def test_what_is_said_of_others_is_no_prompt(earnest: str, tail: list[str]) -> None:
    """Suspect words in running prose, just above what goes."""
    assert run("\n".join([BODY, earnest, *tail])).body == f"{BODY}\n{earnest}"


def test_a_list_that_hands_point_at_goes_without_a_heading() -> None:
    titles = ["☞ 老街的裁缝铺", "☞ 一碗汤圆的来历", "☞ 他在灯塔上住了三十年"]
    assert run("\n".join([BODY, *titles, "投稿邮箱：tougao@example.com"])).body == BODY
    few = "\n".join([BODY, *titles[:2], "雨一直下到天亮，没有停过。"])
    assert run(few).body == few


def test_about_the_authors_goes_with_its_heading() -> None:
    about = ["作者简介", "石小满 柳湾大学讲师。研究方向为乡土建筑。", "E-mail: shi@example.com"]
    assert run("\n".join([BODY, *about])).body == BODY


def test_readers_comments_below_the_pages_buttons_are_the_page() -> None:
    buttons = ["轻触阅读原文", "赞", "分享", "在看", "写留言", "知道了", "使用小程序", "取消", "允许", "留言"]
    comments = [f"读者{n}来自柳湾\n第{n}次读到，还是喜欢水车那一段。" for n in range(80)]
    page = "\n".join([BODY, *buttons, *comments])
    assert run(page, evidence="dump").body == BODY
    assert comments[0].split("\n")[1] in run(page, evidence="text").body


def test_comments_below_the_button_to_write_one_go_from_a_text_too() -> None:
    comments = [
        "精选留言",
        "写留言",
        "11",
        "读者甲",
        "水车那一段写得真好",
        "1",
        "读者乙",
        "谢谢分享",
        "作者",
        "下一篇讲磨坊",
    ]
    assert run("\n".join([BODY, "欢迎关注渡口夜话公众号", *comments])).body == BODY
    chosen = "\n".join([BODY, "精选留言", "读者甲说，水车那一段让他想起了外婆，她也住在河边。"])
    assert "想起了外婆" in run(chosen).body


def test_a_few_words_like_buttons_end_no_dump() -> None:
    text = "\n".join([PARAGRAPHS[0], "分享", "收藏", *PARAGRAPHS[1:]])
    assert run(text, evidence="dump").body == text


PRESSED = "赞\n分享\n留言\n收藏\n在看\n写留言\n视频\n小程序\n听过\n微信扫一扫"
SENTENCES = "\n".join(
    ["老周把船推下水，绳子在手里绕了三圈，他说今年的水比去年高。", "孩子们站在堤上看，谁也没有说话。"] * 2
)


@pytest.mark.parametrize("heading", ["分享", "视频", "目录", "更多", "故事"])
def test_a_word_of_a_button_above_paragraphs_is_a_heading(heading: str) -> None:
    text = f"{BODY}\n{heading}\n{SENTENCES}"
    assert split(f"{text}\n{PRESSED}", context=Context(evidence="dump"), rules=RULES).body == text


def test_a_sentence_between_words_of_buttons_is_the_articles() -> None:
    text = f"{BODY}\n取消\n分享\n{SENTENCES}"
    assert split(f"{text}\n{PRESSED}", context=Context(evidence="dump"), rules=RULES).body == text


@pytest.mark.parametrize("phrase", ["（可戳阅读原文）", "（相关阅读：渡口的船工们）", ">>>详情"])
def test_a_phrase_for_anywhere_goes_from_the_middle_of_a_text_of_lines(phrase: str) -> None:
    lines = BODY.split("\n") * 3
    with_phrase = [*lines[:9], lines[9] + phrase, *lines[10:]]
    assert split("\n".join(with_phrase), rules=RULES).body == "\n".join(lines)
