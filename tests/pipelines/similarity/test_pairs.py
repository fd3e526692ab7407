"""Two articles compared: short ones need more than equal texts."""

from __future__ import annotations

from functools import partial

import pytest

from crawler.text import compact, compact_hash
from pipelines.similarity.pairs import LEAST_SIMILARITY, Subject, compare
from pipelines.similarity.shape import Shape, shape_of

SHORT = "早安！愿你今天也被温柔以待，记得吃早饭，出门带伞。"
LONG = (
    "清早的渡口还没有人，雾从江面上一层层漫过来，撑船的老人把缆绳绕了三圈，又蹲下来点起一支烟。对岸的灯一盏接一盏地灭了。"
    * 2
)


def subject(body: str, title: str | None = None, day: str | None = None) -> Subject:
    return Subject(
        content_hash=compact_hash(body),
        char_count=len(compact(body)),
        title=title,
        published_on=day,
        shape=partial(shape_of, body),
    )


def never() -> Shape:
    raise AssertionError("equal bodies need not be looked at")


def test_equal_bodies_are_exact_without_being_looked_at() -> None:
    one = Subject(content_hash="a", char_count=900, title=None, published_on=None, shape=never)
    likeness = compare(one, one)
    assert (likeness.similarity, likeness.kind) == (1.0, "exact")


@pytest.mark.parametrize(
    ("title", "day", "other_title", "other_day", "kind"),
    [
        ("渡口停航的通知", "2024-05-03", "渡口停航的通知", "2024-05-03", "exact"),
        ("渡口停航的通知", "2024-05-03", "渡口停航的 通知", None, "exact"),
        ("渡口停航的通知", "2024-05-03", "渡口停航的通知", "2024-05-04", "template"),
        ("早安", "2024-05-03", "早安", "2024-05-03", "template"),
        ("渡口停航的通知", "2024-05-03", "集市改期的通知", "2024-05-03", "template"),
        (None, None, None, None, "template"),
    ],
)
def test_equal_short_texts_are_copies_where_title_and_day_agree(
    title: str | None, day: str | None, other_title: str | None, other_day: str | None, kind: str
) -> None:
    one, other = subject(SHORT, title, day), subject(SHORT, other_title, other_day)
    assert compare(one, other).kind == compare(other, one).kind == kind


def test_short_texts_that_are_not_equal_are_never_copies() -> None:
    likeness = compare(subject(SHORT, "渡口停航的通知"), subject(SHORT + "早安", "渡口停航的通知"))
    assert likeness.similarity >= LEAST_SIMILARITY
    assert likeness.kind == "template"


def test_a_columns_standing_words_under_other_numbers_are_no_copy() -> None:
    assert compare(subject(LONG, "渡口周报第1期"), subject(LONG, "渡口周报第2期")).kind == "template"
    assert compare(subject(LONG, "渡口周报"), subject(LONG, "江边见闻")).kind == "exact"
    assert compare(subject(LONG * 8, "渡口周报第1期"), subject(LONG * 8, "渡口周报第2期")).kind == "exact"


def test_white_space_and_width_of_nothing_are_no_difference() -> None:
    assert compare(subject(LONG), subject(LONG.replace("，", "， \u200b"))).kind == "exact"
