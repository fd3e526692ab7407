"""Near or template: the same text, or the same frame."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench import articles
from pipelines.similarity.kinds import kind_of, numbered_alike, unlike
from pipelines.similarity.shape import shape_of

SENTENCES = articles.prose(Random(7), 1600)
BODY = "\n".join("".join(SENTENCES[at : at + 4]) for at in range(0, len(SENTENCES), 4))


def kind(one: str, other: str, title: str | None = None, other_title: str | None = None) -> str:
    first = kind_of(shape_of(one), shape_of(other), title, other_title)
    assert kind_of(shape_of(other), shape_of(one), other_title, title) == first
    return first


@pytest.mark.parametrize("way", articles.COPYING[:-1], ids=lambda way: way.__name__)
@pytest.mark.parametrize("seed", range(4))
def test_copies_are_near(way: object, seed: int) -> None:
    assert callable(way)
    assert kind(BODY, way(Random(seed), BODY)) == "near"


@pytest.mark.parametrize("seed", range(12))
def test_issues_of_a_bulletin_are_templates(seed: int) -> None:
    random = Random(seed)
    issue = articles.bulletin(random, 800)
    assert kind(issue(random)[0], issue(random)[0]) == "template"


@pytest.mark.parametrize("seed", range(12))
def test_a_column_with_other_contents_is_a_template(seed: int) -> None:
    random = Random(seed)
    issue = articles.column(random, 900)
    (one, title), (other, other_title) = issue(random), issue(random)
    assert kind(one, other, title, other_title) == "template"


def test_one_corrected_number_is_near_in_a_long_text_and_a_template_in_a_short_one() -> None:
    note = "全村共有{}户人家领到了新的水表。"
    assert kind(note.format(1203) + BODY, note.format(1345) + BODY) == "near"
    short = "".join(SENTENCES[:4])
    assert kind(note.format(1203) + short, note.format(1345) + short) == "template"


def test_lines_about_the_article_at_its_edges_do_not_count() -> None:
    one = f"来源：渡口小报\n2024-05-03 08:00\n{BODY}\n阅读 1203"
    other = f"来源：江边晚报\n2023-11-20 19:30\n{BODY}\n阅读 88"
    assert kind(one, other) == "near"


def test_titles_that_differ_in_numbers_alone_speak_for_a_template() -> None:
    other = articles.added_to(Random(1), BODY)
    assert kind(BODY, other, "渡口周报第12期", "渡口周报第13期") == "template"
    assert kind(BODY, other, "渡口周报", "渡口周报") == "near"
    assert kind(BODY, other, "渡口周报", None) == "near"


def test_other_contents_at_the_edge_under_another_title_are_a_template() -> None:
    frame = "".join(SENTENCES[2:12])
    one, other = "甲乙丙丁戊己庚辛壬癸" * 4 + frame, "子丑寅卯辰巳午未申酉" * 4 + frame
    assert kind(one, other, "昨夜的大雨", "新开的面馆") == "template"


def test_texts_of_the_same_few_words_in_another_order_are_a_template() -> None:
    random = Random(3)
    one, other = ("".join(random.choice("甲乙丙") for _ in range(2000)) for _ in range(2))
    assert kind(one, other) == "template"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("哈" * 60_000, "哈" * 59_000 + "笑" * 1_000),
        ("a" * 60_000, "b" * 60_000),
        ("1." * 30_000, "a." * 30_000),
        ("。\n" * 30_000, "！\n" * 30_000),
        ("发布时间\n" * 9_000, "发布\n" * 9_000),
        ("".join(map(str, range(12_000))), "".join(map(str, range(12_000, 0, -1)))),
    ],
    ids=["one letter", "one word", "numbers", "stops", "labels", "digits"],
)
def test_hostile_texts_are_compared_in_bounded_work(one: str, other: str) -> None:
    assert kind(one, other) in ("near", "template")


def test_numbered_titles() -> None:
    assert numbered_alike("早报 5月3日", "早报 11月20日")
    assert not numbered_alike("早报", "早报")
    assert not numbered_alike("12", "13")
    assert not numbered_alike("", "")
    assert unlike("昨夜的大雨", "新开的面馆")
    assert not unlike("昨夜的大雨", "昨夜的大雨停了")
    assert not unlike("", "新开的面馆")


@settings(max_examples=40, deadline=None)
@given(
    st.text(alphabet="哈1aＡ，。\n甲乙", min_size=20, max_size=400), st.text(alphabet="哈1aＡ，。\n甲乙", max_size=400)
)
def test_any_two_texts_have_one_kind_either_way_round(one: str, other: str) -> None:
    kind(one, other)
