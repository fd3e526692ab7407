from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.items import Credit
from crawler.text import compact, tidy_line
from pipelines.boilerplate import credit_roles
from pipelines.boilerplate.credits import (
    MAX_SPAN,
    credits_of_statement,
    introduces_author,
    is_role,
    looks_like_credit,
    names_several,
    parse_credits,
)


def pairs(text: str) -> list[tuple[str, str]]:
    return [(credit.role, credit.name) for credit in parse_credits(text)]


PRINTED = [
    # Colons, bars, slashes, spaces.
    ("编辑：林小河 周渡", [("编辑", "林小河"), ("编辑", "周渡")]),
    ("文｜林小河", [("文", "林小河")]),
    ("文 | 林小河", [("文", "林小河")]),
    ("文/林小河", [("文", "林小河")]),
    ("文 / 林小河　图 / 周渡", [("文", "林小河"), ("图", "周渡")]),
    ("责任编辑 林小河", [("责任编辑", "林小河")]),
    ("文 林小河 图 周渡", [("文", "林小河"), ("图", "周渡")]),
    ("撰文 \\| 林小河", [("撰文", "林小河")]),
    ("编译 l 林小河", [("编译", "林小河")]),
    ("Lin Xiaohe | 整理&文案", [("整理&文案", "Lin Xiaohe")]),
    ("图片来源 | “柳湾合唱”公众号", [("图片来源", "“柳湾合唱”公众号")]),
    ("The following article is from 柳湾食记 Author 阿禾", [("", "柳湾食记"), ("Author", "阿禾")]),
    ("作者：林小河。来源：柳湾日报。", [("作者", "林小河"), ("来源", "柳湾日报")]),
    # Several roles on one line.
    ("作者丨林小河 编辑丨周渡 校对丨许青山", [("作者", "林小河"), ("编辑", "周渡"), ("校对", "许青山")]),
    ("作者 | 林小河、周渡 | 编辑 | 许青山", [("作者", "林小河"), ("作者", "周渡"), ("编辑", "许青山")]),
    ("播音：林小河 | 审核：周渡", [("播音", "林小河"), ("审核", "周渡")]),
    ("译者：林小河，校对：周渡。", [("译者", "林小河"), ("校对", "周渡")]),
    ("记者 林小河 周渡 通讯员 许青山", [("记者", "林小河"), ("记者", "周渡"), ("通讯员", "许青山")]),
    ("编辑：林小河审核：周渡", [("编辑", "林小河"), ("审核", "周渡")]),
    ("编辑：林小河灯光组长审核：周渡", [("编辑", "林小河灯光组长"), ("审核", "周渡")]),
    ("灯光：林小河 摄影：周渡", [("灯光", "林小河"), ("摄影", "周渡")]),
    ("撰文_林小河", [("撰文", "林小河")]),
    ("EDITOR Lin Xiaohe\nWORDS 周渡", [("EDITOR", "Lin Xiaohe"), ("WORDS", "周渡")]),
    ("本文图片由林小河拍摄", [("图片", "林小河")]),
    ("图片由作者提供", []),
    ("柳湾每日微报，由柳湾文旅局，渡口网每日综合发布。", [("发布", "柳湾文旅局"), ("发布", "渡口网")]),
    ("图文 by 渡口小七", [("图文", "渡口小七")]),
    ("本文首发于渡口网，信息可能已经过时", [("首发于", "渡口网")]),
    ("来源：柳湾日报，渡口网", [("来源", "柳湾日报"), ("来源", "渡口网")]),
    ("来源：公众号【渡口夜话】", [("来源", "渡口夜话")]),
    ("本文由柳湾水文学校 -  Heron 投稿", [("投稿", "柳湾水文学校-Heron")]),
    ("摄影：林小河 - 柳湾日报", [("摄影", "林小河")]),
    ("投稿作者：阿禾/csdn", [("投稿作者", "阿禾")]),
    ("作者：阿禾，10+年的船工，爱好下棋/钓鱼", [("作者", "阿禾")]),
    ("作者：阿禾，原文标题：《水停了？后来呢》", [("作者", "阿禾")]),
    ("校对：Dr. A. Heron, 林小河。", [("校对", "Dr. A. Heron"), ("校对", "林小河")]),
    # Glued by a dump.
    ("渡口之声报道编辑：林小河", [("报道", "渡口之声"), ("编辑", "林小河")]),
    ("摄影丨林小河周青山 许渡", [("摄影", "林小河"), ("摄影", "周青山"), ("摄影", "许渡")]),
    ("摄影：柳湾三月水边", [("摄影", "柳湾三月水边")]),
    # Each name with the next role behind it.
    (
        "监制：\n林小河　策划：\n周渡 许青山　拍摄：\n石见",
        [("监制", "林小河"), ("策划", "周渡"), ("策划", "许青山"), ("拍摄", "石见")],
    ),
    (
        "来源：Heron Blog | 作者：Wen Li（船工）原文：https://example.org/p",
        [("来源", "Heron Blog"), ("作者", "Wen Li")],
    ),
    ("作者：林小河，微信公众号：渡口夜话（ID：dukou）", [("作者", "林小河")]),
    ("本文作者是工作室同事林小河", [("作者", "林小河")]),
    ("以上内容编译自 Heron Blog", [("编译自", "Heron Blog")]),
    ("文 | 读者：阿禾", [("文", "阿禾")]),
    ("，本文由渡口夜话编译。", [("编译", "渡口夜话")]),
    ("本文由柳湾水文团队的林渡供稿", [("供稿", "林渡")]),
    ("source/app.entry.js\t水位的定义", []),
    # Where pictures were taken from.
    ("题图来自柳湾日报", [("题图", "柳湾日报")]),
    ("题图：来自柳湾日报", [("题图", "柳湾日报")]),
    ("渡口夜话报道", [("报道", "渡口夜话")]),
    ("交叉编译", []),
    ("本文由渡口夜话整理", [("整理", "渡口夜话")]),
    ("本文作者为避免误解，特作说明", []),
    ("本文作者是林小河。", [("作者", "林小河")]),
    ("来源：人民日报 - 新华社", [("来源", "人民日报"), ("来源", "新华社")]),
    ("编辑：林小河，二组 周大江", [("编辑", "林小河"), ("编辑", "二组"), ("编辑", "周大江")]),
    ("来源：微博", [("来源", "微博")]),
    ("周渡 SAC 执业证书编号：S0000120000000 SFC CE Ref：ABC123", [("", "周渡")]),
    ("医师执业证书编号：110", []),
    ("编辑 | 公众号：渡口夜话", [("编辑", "渡口夜话")]),
    ("作者：知乎", [("作者", "知乎")]),
    ("作者：林小河，微信", [("作者", "林小河")]),
    ("封图：柳湾图库", [("封图", "柳湾图库")]),
    ("林渡 发自 柳湾\n渡口夜话 | 公众号 riverferry", [("", "林渡"), ("", "渡口夜话")]),
    ("渡口夜话报道\n参与：林小河、周渡", [("报道", "渡口夜话"), ("参与", "林小河"), ("参与", "周渡")]),
    ("作者：公众号：渡口夜话", [("作者", "渡口夜话")]),
    ("本文为林小河编译，原文地址：", [("编译", "林小河")]),
    ("内容支持：柳湾水文站", [("内容支持", "柳湾水文站")]),
    ("漫画：林小河 脚本：周渡", [("漫画", "林小河"), ("脚本", "周渡")]),
    ("来源：《柳湾农技》2019年第6期", [("来源", "《柳湾农技》")]),
    ("来源：ferry.example/post/7201", []),
    # Joined roles stay one.
    ("责编/审核：林小河", [("责编/审核", "林小河")]),
    ("图、文 | 林小河", [("图、文", "林小河")]),
    ("一审一校：林小河 二审二校：周渡", [("一审一校", "林小河"), ("二审二校", "周渡")]),
    # Spaced out.
    ("编辑：林 河 周 渡 许青山", [("编辑", "林河"), ("编辑", "周渡"), ("编辑", "许青山")]),
    ("撰 稿：林 小 河", [("撰稿", "林小河")]),
    ("编辑：欧阳 修 李 小明", [("编辑", "欧阳修"), ("编辑", "李小明")]),
    ("编辑：林", [("编辑", "林")]),
    # After the name.
    ("林小河/文 周渡/图", [("文", "林小河"), ("图", "周渡")]),
    ("（林小河 文/图）", [("文/图", "林小河")]),
    ("林小河 摄影 周渡 文字", [("摄影", "林小河"), ("文字", "周渡")]),
    ("记者 林小河 文/图", [("记者", "林小河")]),
    # Sources.
    ("（来源：青禾发布）", [("来源", "青禾发布")]),
    ("【来源】青禾晚报", [("来源", "青禾晚报")]),
    ("来源：【青禾晚报】", [("来源", "青禾晚报")]),
    ("来源：青禾晚报（ID：qinghewb）", [("来源", "青禾晚报")]),
    ("来源 | 青禾晚报及长河网、山谷周刊等", [("来源", "青禾晚报"), ("来源", "长河网"), ("来源", "山谷周刊")]),
    ("来源：综合青禾晚报、长河网", [("来源", "青禾晚报"), ("来源", "长河网")]),
    ("来源：青禾晚报 长河网", [("来源", "青禾晚报"), ("来源", "长河网")]),
    ("来源：River Daily News", [("来源", "River Daily News")]),
    ("来源：微信公众号“山谷笔记”", [("来源", "山谷笔记")]),
    ("本文来源青禾网，", [("来源", "青禾网")]),
    ("本文转自：青禾晚报", [("转自", "青禾晚报")]),
    ("图片来源于网络", [("图片来源", "网络")]),
    ("来源：《山谷、河流》", [("来源", "《山谷、河流》")]),
    ("首发于《山谷》杂志", [("首发于", "《山谷》杂志")]),
    ("编 辑 | 唐    月（河谷团委）", [("编辑", "唐月")]),
    ("来源：河谷气象和水文资料平台", [("来源", "河谷气象和水文资料平台")]),
    ("来源：青禾晚报和长河网", [("来源", "青禾晚报"), ("来源", "长河网")]),
    ("来源：《山谷》和长河网", [("来源", "《山谷》"), ("来源", "长河网")]),
    ("长河网文化部出品", [("出品", "长河网文化部")]),
    ("本文由青禾学堂 投稿", [("投稿", "青禾学堂")]),
    ("林小河 周渡 发自 柳湾\n编辑：许青", [("", "林小河"), ("", "周渡"), ("编辑", "许青")]),
    ("林小河 发自 柳湾 长河网 出品 | 公众号 changhe", [("", "林小河"), ("出品", "长河网")]),
    ("视觉 | 编辑：林小河、周渡", [("视觉|编辑", "林小河"), ("视觉|编辑", "周渡")]),
    ("青禾晚报", [("", "青禾晚报")]),
    ("山谷笔记（ID：shangubj）", [("", "山谷笔记")]),
    # What stands beside a name.
    ("文/林小河 周渡（青禾县第二中学）", [("文", "林小河"), ("文", "周渡")]),
    ("作者：林小河（来自某网站）", [("作者", "林小河")]),
    ("作者：林小河 青禾大学教授", [("作者", "林小河")]),
    ("作者：林小河，小城教师，业余写作", [("作者", "林小河")]),
    ("作者：林小河，七十年代生，现居海边，周渡", [("作者", "林小河")]),
    ("摄影：林小河，周渡，许青山", [("摄影", "林小河"), ("摄影", "周渡"), ("摄影", "许青山")]),
    (
        "来源：某县广播电视台记者：高 远 许青山编辑：林 渡",
        [("来源", "某县广播电视台"), ("记者", "高远"), ("记者", "许青山"), ("编辑", "林渡")],
    ),
    ("文 | 某某集团AI实验室主任 林小河", [("文", "林小河")]),
    ("文 | 某某网络与信息管理部 林小河 周渡", [("文", "林小河"), ("文", "周渡")]),
    ("原出处：河岸网", [("原出处", "河岸网")]),
    ("供稿：护理部 林小河", [("供稿", "林小河")]),
    ("供稿：青禾县公安局", [("供稿", "青禾县公安局")]),
    ("编辑：王老师 李主任", [("编辑", "王老师"), ("编辑", "李主任")]),
    ("编辑：林小河 2021-03-04", [("编辑", "林小河")]),
    ("编辑：林小河 电话：0123-4567890", [("编辑", "林小河")]),
    ("编辑：林小河。转载请注明出处", [("编辑", "林小河")]),
    ("编辑：林小河，转载请联系后台", [("编辑", "林小河")]),
    ("编辑（林小河）", [("编辑", "林小河")]),
    ("感谢【Yuki01】", [("感谢", "Yuki01")]),
    ("编辑：小编", [("编辑", "小编")]),
    ("文/编辑部", [("文", "编辑部")]),
    ("编辑：林和平", [("编辑", "林和平")]),
    ("编辑：林小河和周渡", [("编辑", "林小河"), ("编辑", "周渡")]),
    # Glued to one another, roles before a slash.
    ("运营统筹 / 林小河运营编辑 / 周渡", [("运营统筹", "林小河"), ("运营编辑", "周渡")]),
    ("文/林小河编辑/周渡", [("文", "林小河"), ("编辑", "周渡")]),
    ("监制 / 林小河校对 / 周渡", [("监制", "林小河"), ("校对", "周渡")]),
    ("编辑：林小河核查：周渡", [("编辑", "林小河"), ("核查", "周渡")]),
    ("《河岸周刊》记者/林小河", [("记者", "林小河")]),
    ("作者 平台与技术部", [("作者", "平台与技术部")]),
    ("策划：林小河，周渡（校友），许青山（校友）", [("策划", "林小河"), ("策划", "周渡"), ("策划", "许青山")]),
    ("文章转载自公众号 河岸夜话 ， 作者 8舟8", [("转载自", "河岸夜话"), ("作者", "8舟8")]),
    # Latin and mixed names.
    ("作者：Jane Roe", [("作者", "Jane Roe")]),
    ("编辑：Ana 小石、TomL", [("编辑", "Ana 小石"), ("编辑", "TomL")]),
    ("编辑：John Doe 林小河", [("编辑", "John Doe"), ("编辑", "林小河")]),
    ("作者：约翰·多伊", [("作者", "约翰·多伊")]),
    ("原文：alex@x 译文：yuki", [("原文", "alex@x"), ("译文", "yuki")]),
    ("Editor: Jane Roe", [("Editor", "Jane Roe")]),
    ("Text by Jane Roe / Photos by John Doe", [("Text by", "Jane Roe"), ("Photos by", "John Doe")]),
    # Several lines.
    ("编辑\n林小河\n审核\n周渡", [("编辑", "林小河"), ("审核", "周渡")]),
    ("> 文：林小河\n- 图：周渡", [("文", "林小河"), ("图", "周渡")]),
    ("感谢【\nYuki01\n】", [("感谢", "Yuki01")]),
    ("编辑：林小河\n编辑：林小河", [("编辑", "林小河")]),
    ("以下文章来源于柳湾夜话 ，作者林小河", [("来源", "柳湾夜话"), ("作者", "林小河")]),
    ("以下内容转载自柳湾夜话", [("来源", "柳湾夜话")]),
    ("以下文章来源于柳湾夜话，作者林小河\n编辑：周渡", [("来源", "柳湾夜话"), ("作者", "林小河"), ("编辑", "周渡")]),
    ("编辑：周渡，林小河翻译", [("编辑", "周渡"), ("翻译", "林小河")]),
    ("原载《渡口评论》杂志，林河编译", [("原载", "《渡口评论》杂志"), ("编译", "林河")]),
    ("作者rivermouth", [("作者", "rivermouth")]),
    ("原载《渡口评论》杂志，林小河译", [("原载", "《渡口评论》杂志"), ("译", "林小河")]),
    ("作者简介\n林小河\n爱拍照的人\n编辑：周渡", [("编辑", "周渡")]),
]


@pytest.mark.parametrize(("text", "expected"), PRINTED, ids=[text for text, _ in PRINTED])
def test_credits_as_they_are_printed(text: str, expected: list[tuple[str, str]]) -> None:
    assert pairs(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "来源：https://example.org/a/b",
        "投稿：someone@example.org",
        "作者简介：林小河，青禾大学教授，著有《河流》。",
        "参考来源：网络",
        "原文链接：https://example.org",
        "发布时间：2021-03-04",
        "编辑：",
        "来源：https://example.org/ 感谢【",
        "本文首发于微信公众号",
        "图片来源：村民拍下的河岸画面被火速传到了网上",
        "图 9、读取消息的过程",
        "编辑：2021年3月4日",
        "编辑：" + "林" * 500,
        "这一年的河水比往年都大。",
    ],
)
def test_what_credits_nobody(text: str) -> None:
    assert parse_credits(text) == []


@pytest.mark.parametrize(
    "line",
    [
        "编辑：林小河",
        "责编/审核：林小河",
        "文｜林小河 图｜周渡",
        "（来源：青禾发布）",
        "灯光：林小河 摄影：周渡",
        "记者林小河 通讯员周渡",
        "青禾晚报记者 林小河",
        "Photo by Jane Roe",
        "图片来源网络",
        "林小河/文 周渡/图",
    ],
)
def test_a_line_of_credits_is_told(line: str) -> None:
    assert looks_like_credit(line)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "来源是一个值得讨论的问题",
        "设计：本系统分为三层",
        "技术：新架构",
        "编辑/etc/some.conf",
        "作者：林小河，是一位作家，他写了很多书。",
        "记者在现场看到，道路已经恢复",
        "来源IP：10.0.0.1",
        "来源地址 目的地址",
        "昨天，编辑：林小河",
        "作者简介：林小河",
        "编辑：林小河，转载请联系后台",
        "图 9、读取消息的过程",
        "图：某某软件第一次启动时的界面",
        "php-fpm 编译",
        "编辑：" + "林小河 " * 100,
        "资料翻译：旧式木桥在洪水里站得住脚的设计方法",
        "编译nginx",
        "编辑hosts",
    ],
)
def test_a_line_of_text_is_none(line: str) -> None:
    assert not looks_like_credit(line)


@pytest.mark.parametrize(("text", "expected"), [("编辑：", True), ("图、文", True), ("简介", False), ("林小河", False)])
def test_a_role_alone_is_told(text: str, expected: bool) -> None:
    assert is_role(text) is expected


LINES = st.text(
    alphabet=st.sampled_from("编辑责文图来源记者审核林小河周渡：|｜丨/、，。（）【】 \nABby@：1"),
    max_size=120,
)


WORDS = tomllib.loads((Path(credit_roles.__file__).with_name("rules") / "credit_roles.toml").read_text("utf-8"))


@pytest.mark.parametrize(
    ("group", "name"),
    [
        ("people", "林小河"),
        ("people_weak", "林小河"),
        ("people_short", "林小河"),
        ("sources", "青禾晚报"),
        ("sources_weak", "青禾晚报"),
        ("english", "Jane Roe"),
    ],
)
def test_every_role_of_the_vocabulary_is_read(group: str, name: str) -> None:
    assert len(set(WORDS[group])) == len(WORDS[group])
    for role in WORDS[group]:
        assert pairs(f"{role}：{name}") == [(WORDS["tidied"].get(role, role), name)]


def is_subsequence(part: str, whole: str) -> bool:
    characters = iter(whole)
    return all(character in characters for character in part)


@given(st.one_of(LINES, st.text()))
def test_any_text_gives_tidy_credits_that_stand_in_it(text: str) -> None:
    found = parse_credits(text)
    assert len(found) == len(set(found))
    for credit in found:
        assert credit.name == tidy_line(credit.name)
        assert credit.name
        assert is_subsequence(compact(credit.name), compact(text))
    looks_like_credit(text)


@given(LINES)
def test_a_line_that_looks_like_credits_gives_some(line: str) -> None:
    if looks_like_credit(line):
        assert parse_credits(line.replace("\n", " "))


def test_a_hostile_span_is_read_up_to_its_limit() -> None:
    assert parse_credits("编辑：林小河\n" + "图" * 1_000_000) == [Credit(role="编辑", name="林小河")]
    assert parse_credits("（" * MAX_SPAN) == []
    assert len(parse_credits("编辑：" * 1_000_000)) <= 1


def test_a_source_that_is_an_address_gives_nothing_behind_it_either() -> None:
    assert parse_credits("来源：https://example.org/a 感谢【") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("观点 / 甲河 主笔 / 乙山 版面 / 丙桥", [("观点", "甲河"), ("主笔", "乙山"), ("版面", "丙桥")]),
        ("资讯来源\n：\nferry.example.org", [("资讯来源", "ferry.example.org")]),
        ("作者：柳湾晚报特约评论员甲河", [("作者", "甲河")]),
        ("作者：甲河，2005级柳湾大学水利系本科。", [("作者", "甲河")]),
        ("乙山 | 图片设计\n甲河 | 编辑", [("图片设计", "乙山"), ("编辑", "甲河")]),
        ("灯光 | 乙山\n编辑 | 甲河", [("灯光", "乙山"), ("编辑", "甲河")]),
    ],
    ids=["slashed", "colon_alone", "employed", "introduced", "name_first", "role_first"],
)
def test_who_is_named(text: str, found: list[tuple[str, str]]) -> None:
    assert pairs(text) == found


@pytest.mark.parametrize(
    ("line", "introduces"),
    [
        ("作者：甲河，2005级柳湾大学水利系本科。", True),
        ("作者：甲河【渡口夜话】专栏作者，生在乌溪江边的渡口，爱好写作和摄影。", True),
        ("作者：甲河", False),
        ("作者认为，水退之后才能修桥。", False),
        ("时间：清明，水退之前。", False),
    ],
)
def test_a_line_may_introduce_the_author(line: str, *, introduces: bool) -> None:
    assert introduces_author(line) is introduces


@pytest.mark.parametrize(
    ("line", "several"),
    [
        ("撰文 甲河舟 责编 乙山桥", True),
        ("文｜甲河舟 编辑｜乙山桥", True),
        ("撰文 甲河舟", False),
        ("导演：甲河舟 编剧：乙山桥", False),  # of a film
        ("记者问起水情，编辑说不知道。", False),
        ("", False),
    ],
)
def test_a_line_may_credit_several_roles(line: str, *, several: bool) -> None:
    assert names_several(line) is several


@pytest.mark.parametrize(
    ("line", "credited"),
    [
        ("供稿 | 水利科文 | 甲河", [("供稿", "水利科"), ("文", "甲河")]),
        ("编辑：甲河图：乙山", [("编辑", "甲河"), ("图", "乙山")]),
        ("摄影：王思文 | 编辑：乙山", [("摄影", "王思文"), ("编辑", "乙山")]),
        ("校对：小河🎫 4月的票在售", [("校对", "小河")]),
        ("审核：甲河▬▬▬▬【开放时间】", [("审核", "甲河")]),
        ("海报：河边的船点赞+在看分享给伙伴", [("海报", "河边的船")]),
        ("终审丨甲河标星渡口夜话", [("终审", "甲河")]),
        ("校对：甲河扫码加入读者群", [("校对", "甲河")]),
    ],
)
def test_what_a_dump_glued_to_a_name_is_none_of_it(line: str, credited: list[tuple[str, str]]) -> None:
    assert [(credit.role, credit.name) for credit in parse_credits(line)] == credited


@pytest.mark.parametrize(
    ("statement", "credited"),
    [
        ("本文来源某县社，经授权发布，如有侵权请联系。", [("来源", "某县社")]),
        (
            "本文策划甲河舟，编辑乙山，审校 Ann Bo，转载请注明来自渡口夜话。",
            [("策划", "甲河舟"), ("编辑", "乙山"), ("审校", "Ann Bo")],
        ),
        ("编辑甲河，校对乙山，转载请联系我们。", [("编辑", "甲河"), ("校对", "乙山")]),
        ("作者甲河，转载请联系我们。", []),
        ("未经授权，编辑甲河，校对乙山，不得转载。", []),
        ("本文版权归作者所有，转载请联系。", []),
        ("本文策划甲河舟", []),
        ("", []),
    ],
)
def test_whom_a_statement_names(statement: str, credited: list[tuple[str, str]]) -> None:
    assert [(credit.role, credit.name) for credit in credits_of_statement(statement)] == credited


@pytest.mark.parametrize("line", ["校 审 | 甲河舟编 辑 | 乙 山", "校审|甲河舟编辑|乙山"])
def test_a_role_that_is_spaced_out_ends_a_name(line: str) -> None:
    assert [(credit.role, credit.name) for credit in parse_credits(line)] == [("校审", "甲河舟"), ("编辑", "乙山")]
