from __future__ import annotations

import random
import tomllib
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.text import join_lines
from pipelines.boilerplate import Context, RuleSet, load_rules, split
from pipelines.boilerplate.learn import LearnArticle, LearnedRule, learn, write_rules
from pipelines.boilerplate.learned_file import render_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

RULES = load_rules(disabled=["by_wording"])  # what is learned here has plain words
BARE = RuleSet((), (), (), RULES.tables, "0")
SLOGAN = "桥下有灯，替你把一条河照亮"
ADDRESS = "河灯书屋在桥北第三棵槐树下，周一不开门"
MAILBOX = "河灯小组来稿请寄桥北槐树下木箱"
BODY = [
    "今天写到第{n}座桥。桥身用青石砌成，石缝里长着蕨草。",
    "桥头的老人说，第{n}次大水的时候，水一直漫到他家的门槛，退下去以后留下了一条红鲤。",
    "我在桥上坐到天黑，数了{n}盏灯，又把它们一盏一盏忘掉。",
]


def article(number: int, text: str, account: str = "河灯") -> LearnArticle:
    return LearnArticle(key=f"mp:a:{number}:1", account=account, full_text=join_lines(text.split("\n")))


def body(number: int) -> str:
    return "\n".join(line.format(n=number) + f"这是第{number}天的记录，和别的日子不同。" for line in BODY)


def archive(count: int, make: Callable[[int], str], account: str = "河灯") -> list[LearnArticle]:
    return [article(number, make(number), account) for number in range(1, count + 1)]


def lines(rules: Sequence[LearnedRule]) -> list[str]:
    return [rule.line or rule.pattern for rule in rules]


def test_lines_that_recur_at_head_and_tail_are_learned() -> None:
    found = learn(archive(6, lambda n: f"{SLOGAN}\n{body(n)}\n{ADDRESS}"), rules=RULES)
    assert [(rule.where, rule.line) for rule in found] == [("head", SLOGAN), ("tail", ADDRESS)]
    assert all((rule.support, rule.of, rule.position) == (6, 6, 1) for rule in found)
    assert all(rule.account == "河灯" and rule.example == rule.line for rule in found)


def test_the_kind_comes_from_the_words() -> None:
    def make(n: int) -> str:
        return f"{body(n)}\n本号图文由河灯小组整理，转到别处请先问一声版权\n{MAILBOX}"

    found = {rule.line: rule.kind for rule in learn(archive(6, make), rules=RuleSet((), (), (), RULES.tables, "0"))}
    assert found["本号图文由河灯小组整理，转到别处请先问一声版权"] == "copyright"
    assert found[MAILBOX] == "contact"


def test_accounts_learn_apart() -> None:
    mixed = [
        *archive(5, lambda n: f"{body(n)}\n{ADDRESS}"),
        *archive(5, lambda n: f"{body(n + 50)}\n山里的电台今晚到此，明天同一时间再见", account="山里电台"),
    ]
    found = learn(mixed, rules=RULES)
    assert [(rule.account, rule.line) for rule in found] == [
        ("山里电台", "山里的电台今晚到此，明天同一时间再见"),
        ("河灯", ADDRESS),
    ]


def test_few_articles_teach_nothing() -> None:
    assert learn(archive(3, lambda n: f"{body(n)}\n{ADDRESS}"), rules=RULES) == []


def test_articles_of_no_known_account_teach_nothing() -> None:
    assert learn(archive(6, lambda n: f"{body(n)}\n{ADDRESS}", account=" "), rules=RULES) == []


def test_the_same_text_twice_counts_once() -> None:
    once = archive(3, lambda n: f"{body(n)}\n{ADDRESS}")
    again = [replace(a, key=a.key + "x") for a in once]
    assert learn([*once, *again], rules=RULES) == []


def test_a_reprinted_article_is_no_boilerplate() -> None:
    # The whole text but for its first line stands in four articles.
    story = "\n".join(f"第{n}幕里谁也没有说话，只有风在翻那本摊开的账簿。" for n in range(1, 9))
    reprints = archive(4, lambda n: f"重登旧稿，编号{n * 37}\n{story}")
    others = archive(8, lambda n: body(n + 20))
    assert learn([*reprints, *[replace(a, key=a.key + "y") for a in others]], rules=RULES) == []


@pytest.mark.parametrize("heading", ["一、漏洞概述", "0x01 影响版本", "今日要闻", "【天气】", "参考资料"])
def test_headings_of_the_articles_are_content(heading: str) -> None:
    for make in (
        lambda n: f"{heading}\n{body(n)}",
        lambda n: f"{body(n)}\n{heading}\nhttps://example.org/{n}",
    ):
        assert learn(archive(8, make), rules=RULES) == []


def test_a_line_that_recurs_inside_the_articles_is_content() -> None:
    def make(n: int) -> str:
        return f"{body(n)}\n夜里的那一段照旧抄在下面\n{body(n + 100)}"

    assert learn(archive(8, make), rules=RULES) == []


def test_a_line_that_also_stands_inside_is_content() -> None:
    refrain = "河水不说话，它只是一直往前走"

    def make(n: int) -> str:
        return f"{body(n)}\n{refrain}" if n % 2 else f"{body(n)}\n{refrain}\n{body(n + 100)}"

    assert learn(archive(10, make), rules=RULES) == []


def test_pieces_of_a_template_are_content() -> None:
    # Not after a whole sentence, no word of boilerplate: the last entry of a list.
    def make(n: int) -> str:
        return f"{body(n)}\n水位记录\n上午 {n * 3} 厘米\n下午测量组完成校核并归档"

    assert learn(archive(8, make), rules=RULES) == []


def test_a_closing_sentence_of_some_articles_is_content() -> None:
    closing = "测量组将继续留意水位的变化并及时告诉大家"

    def make(n: int) -> str:
        return f"{body(n)}\n{closing}" if n <= 4 else body(n)

    assert learn(archive(12, make), rules=RULES) == []


def test_what_the_rules_in_force_cut_needs_no_rule() -> None:
    assert learn(archive(6, lambda n: f"点击上方蓝字关注我们\n{body(n)}\n长按二维码关注我们"), rules=RULES) == []


def test_a_line_beside_known_boilerplate_is_learned() -> None:
    def make(n: int) -> str:
        return f"{body(n)}\n{n * 7}号桥边\n河灯小组敬上\n长按二维码关注我们"

    (rule,) = learn(archive(8, make), rules=RULES)
    assert (rule.line, rule.where, rule.near) == ("河灯小组敬上", "tail", 0)


def test_standing_text_that_was_reworded_once_is_learned() -> None:
    def make(n: int) -> str:
        new = f"每周{'五' if n <= 3 else '一二三四六日天'[n % 7]}晚上，我们在桥北点二十盏灯"
        return f"{body(n)}\n桥北有一间亮着的屋子\n屋子里的书可以坐下来看\n看完请放回原处\n{new}\n{ADDRESS}"

    found = lines(learn(archive(9, make), rules=RULES))
    assert "桥北有一间亮着的屋子" in found


def test_a_line_between_others_that_is_new_each_time_ends_the_standing_text() -> None:
    def make(n: int) -> str:
        return f"{body(n)}\n通过水尺读取\n下载测站给的表格\n原始记录见\nhttps://example.org/{n * 31}/table\n{MAILBOX}"

    assert lines(learn(archive(9, make), rules=RULES)) == [MAILBOX]


def test_sentences_of_a_dump_on_one_line_are_learned() -> None:
    def make(n: int) -> str:
        return (body(n) + body(n + 60)).replace("\n", "") + f"{ADDRESS}。欢迎来桥北的河灯书屋投稿。"

    found = learn(archive(6, make), rules=RULES)
    assert f"{ADDRESS}。" in lines(found)


def test_lines_that_differ_in_numbers_become_a_pattern() -> None:
    def make(n: int) -> str:
        return f"河灯电台第{n * 13}期，请订阅我们的桥边频率\n{body(n)}"

    (rule,) = learn(archive(8, make), rules=RULES)
    assert rule.line == ""
    assert rule.pattern == r"河灯电台第\d{1,9}期,请订阅我们的桥边频率"


def test_news_that_differ_in_numbers_are_content() -> None:
    assert learn(archive(8, lambda n: f"今天测到的水位是{n * 13}厘米\n{body(n)}"), rules=RULES) == []


def test_the_order_of_the_articles_does_not_matter() -> None:
    articles = archive(9, lambda n: f"{SLOGAN}{'！' * (n % 2)}\n{body(n)}\n{ADDRESS}")
    expected = learn(articles, rules=RULES)
    assert len(expected) == 2
    for seed in range(3):
        shuffled = list(articles)
        random.Random(seed).shuffle(shuffled)
        assert learn(shuffled, rules=RULES) == expected


def test_what_was_learned_is_cut_from_the_account_and_from_no_other(tmp_path: Path) -> None:
    articles = archive(6, lambda n: f"{SLOGAN}\n{body(n)}\n{ADDRESS}")
    file = tmp_path / "learned.toml"
    write_rules(learn(articles, rules=RULES), file)
    rules = load_rules([file])
    new = f"{SLOGAN}\n{body(77)}\n{ADDRESS}"
    assert split(new, context=Context(account="河灯"), rules=rules).body == body(77)
    assert split(new, context=Context(account="另一个号"), rules=rules).body == new
    assert rules.version != RULES.version


def test_a_pattern_that_was_learned_is_cut(tmp_path: Path) -> None:
    def make(n: int) -> str:
        return f"河灯电台第{n * 13}期，请订阅我们的桥边频率\n{body(n)}"

    file = tmp_path / "learned.toml"
    write_rules(learn(archive(8, make), rules=RULES), file)
    normalized = split(make(99), context=Context(account="河灯"), rules=load_rules([file]))
    assert normalized.body == body(99)


def rule(**changes: object) -> LearnedRule:
    given = LearnedRule(
        id="learned.0123456789ab",
        kind="follow_prompt",
        account="河灯",
        where="tail",
        line=ADDRESS,
        pattern="",
        near=None,
        example=ADDRESS,
        support=5,
        of=6,
        position=1,
    )
    return replace(given, **changes)  # type: ignore[arg-type]


def test_the_file_is_the_same_for_the_same_rules(tmp_path: Path) -> None:
    rules = [rule(id=f"learned.{n:012x}", position=n) for n in range(5)]
    one, other = tmp_path / "one.toml", tmp_path / "other.toml"
    write_rules(rules, one)
    write_rules(reversed(rules), other)
    assert one.read_bytes() == other.read_bytes()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["one.toml", "other.toml"]


def test_a_file_that_was_there_stays_when_writing_fails(tmp_path: Path) -> None:
    file = tmp_path / "learned.toml"
    file.write_text("old", encoding="utf-8")

    def broken() -> list[LearnedRule]:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        write_rules((r for _ in range(1) for r in broken()), file)
    assert file.read_text("utf-8") == "old"
    assert list(tmp_path.iterdir()) == [file]


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_rules([rule()], tmp_path / "no" / "learned.toml")


@given(st.text(min_size=1), st.text())
def test_any_text_is_written_so_that_it_can_be_read(line: str, account: str) -> None:
    text = join_lines([line])
    (row,) = tomllib.loads(render_rules([rule(line=text or "x", account=account.encode("utf-8", "replace").decode())]))[
        "rule"
    ]
    assert row["line"] == (text or "x")
    assert row["support"] == 5


SOME_LINES = st.lists(
    st.sampled_from([SLOGAN, ADDRESS, "长按二维码关注我们", "一、概述", "第3期", "河水往前走。", "—END—", "2021"]),
    max_size=7,
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.one_of(SOME_LINES.map("\n".join), st.text(max_size=60)), max_size=9))
def test_any_articles_give_rules_that_load(texts: list[str]) -> None:
    found = learn((article(number, text) for number, text in enumerate(texts)), rules=RULES)
    rows = tomllib.loads(render_rules(found)).get("rule", [])
    assert len(rows) == len(found) == len({r.id for r in found})
    assert all(bool(r.line) != bool(r.pattern) for r in found)


def test_a_standing_block_has_the_kind_of_what_most_of_it_speaks_of() -> None:
    block = [
        "河灯夜校是什么",
        "✧━━━━✧",
        "每周三在桥北第三棵槐树下点灯开讲",
        "线上课程与训练营全年可看，资料随到随学",
        "讲过的内容都记在木板上",
    ]
    found = {r.line: r.kind for r in learn(archive(8, lambda n: "\n".join([body(n), *block])), rules=BARE)}
    assert [found.get(line) for line in (block[0], *block[2:])] == ["promotion"] * 4


ENDINGS = [
    "木匠在天黑前量好了新的桥板",
    "邮差把一封没有地址的信放回袋中",
    "唱戏的班子沿河而下",
    "粮站的会计换了一副眼镜",
    "孩子们在堤上放走了风筝",
    "渡船靠岸时雨刚好停",
    "守闸的夫妻收起了晒干的网",
    "裁缝铺的灯亮了整夜",
    "果农把最后一筐梨抬上车",
    "没有人记得那只红鲤后来怎样",
    "铁路那边传来很长的汽笛声",
    "石阶上的青苔又厚了一层",
]


def test_a_standing_sentence_beside_the_articles_own_is_learned_where_many_have_it() -> None:
    mail = "想来听课的请与桥北槐树下的木箱联系。"

    def make(share: int) -> Callable[[int], str]:
        return lambda n: f"{body(n)}\n{ENDINGS[n - 1]}。{mail if n % share == 0 else ''}"

    often = learn(archive(12, make(2)), rules=BARE)
    assert [(r.line, r.kind) for r in often] == [(mail, "contact")]
    assert learn(archive(12, make(4)), rules=BARE) == []


def test_a_line_of_several_sentences_does_not_hide_the_one_that_stands() -> None:
    # The whole line recurs too, in a third of the articles; only one of its sentences is boilerplate.
    def make(n: int) -> str:
        news = "镇上会继续记下水位" if n % 3 == 0 else ENDINGS[n - 1]
        return f"{body(n)}\n{news}。想来看的请与桥北木箱联系。"

    assert [r.line for r in learn(archive(12, make), rules=BARE)] == ["想来看的请与桥北木箱联系。"]


def test_short_pieces_of_a_broken_line_are_learned_where_they_are_usual() -> None:
    tail = ["河灯小组的课程每晚点灯", "来", "听", "课的请与桥北木箱联系"]

    def make(n: int) -> str:
        return "\n".join([body(n), *tail])

    found = learn(archive(8, make), rules=BARE)
    assert sorted(lines(found)) == sorted(tail)
    assert {r.line: r.near for r in found}["听"] == 0, "only beside the others"
    assert learn(archive(8, lambda n: f"{body(n)}\n听"), rules=BARE) == []


def test_the_last_item_of_a_list_is_not_learned_from_what_stands_below() -> None:
    def make(n: int) -> str:
        item = "换上新的缆绳" if n % 3 == 0 else ENDINGS[n - 1]
        return f"{body(n)}\n{item}\n{MAILBOX}\n{ADDRESS}"

    assert sorted(lines(learn(archive(12, make), rules=BARE))) == sorted([MAILBOX, ADDRESS])
