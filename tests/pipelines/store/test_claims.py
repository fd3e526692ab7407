"""Which captures are of one article: cases, and that the order of captures has no say."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.store.claims import Claim, group_claims, is_of_page

if TYPE_CHECKING:
    from collections.abc import Sequence

RIVER = (
    "清晨的河面上起了薄雾，渡船慢慢靠了岸，卖菜的人挑着担子上了船，船家数着铜板，说今年的水比去年低了一尺。"
    "对岸的茶棚刚刚生火，水汽混着柴烟往柳树上飘，两个孩子蹲在石阶上数鸭子，数到一半就忘了。"
    "等太阳照到第三级台阶，头一班船就该回去了，船家解开缆绳，冲茶棚喊了一声，明天还来。"
)
NOODLES = "牛肉面的汤要慢慢熬，面要手工拉，葱花和香菜等出锅了再撒，辣子油另外盛一小碟，谁要谁自己加。" * 3
PAPER = frozenset({"name:某报", "alias:somepaper"})


def page(number: int, body: str = RIVER, **values: object) -> Claim:
    claim = Claim(
        capture_id=number,
        proven=True,
        keys=frozenset({f"mp:MzAwMDAwMDAwMQ==:{number}:1"}),
        article_id=None,
        full_text=body,
        body=body,
        account_names=PAPER,
        title="渡口",
    )
    return replace(claim, **values)  # type: ignore[arg-type]


def text(number: int, body: str = RIVER, **values: object) -> Claim:
    claim = Claim(
        capture_id=number,
        proven=False,
        keys=frozenset(),
        article_id=None,
        full_text=body + "阅读原文",
        body=body,
        account_names=frozenset({"name:某报"}),
    )
    claim = replace(claim, **values)  # type: ignore[arg-type]
    return replace(claim, keys=frozenset({claim.text_key}))


def members(claims: Sequence[Claim]) -> list[list[int]]:
    return sorted(sorted(claim.capture_id for claim in group.claims) for group in group_claims(claims))


@pytest.mark.parametrize(
    ("dump", "is_one"),
    [
        (text(2), True),
        (text(2, "图片" + RIVER), True),
        (text(2, title="渡口"), True),
        (text(2, title="渡口 | 某报"), True),
        (text(2, account_names=frozenset({"alias:somepaper"})), True),
        (text(2, published_on="2024-05-02"), True),
        (text(2, account_names=frozenset({"name:别报"})), False),
        (text(2, account_names=frozenset()), False),
        (text(2, title="早市"), False),
        (text(2, published_on="2024-05-09"), False),
        (text(2, NOODLES), False),
        (text(2, RIVER[: len(RIVER) // 2]), False),
    ],
)
def test_a_dump_is_of_the_page_with_its_account_and_its_text(dump: Claim, is_one: bool) -> None:
    claims = [page(1, published_on="2024-05-01"), dump]
    assert is_of_page(dump, claims[0]) == is_one
    assert members(claims) == ([[1, 2]] if is_one else [[1], [2]])


def test_short_texts_are_one_only_if_they_are_equal() -> None:
    greeting = "早安，今天也要好好吃饭，记得带伞，晚上早一点回家。"
    assert members([page(1, greeting), text(2, greeting)]) == [[1, 2]]
    assert members([page(1, greeting), text(2, greeting + "好")]) == [[1], [2]]
    assert members([page(1, "早安！"), text(2, "早安！")]) == [[1], [2]]


def test_a_text_that_two_articles_have_is_of_neither_unless_one_has_the_very_body() -> None:
    assert members([page(1), page(2), text(3)]) == [[1], [2], [3]]
    assert members([page(1), page(2, RIVER + "（修订）"), text(3)]) == [[1, 3], [2]]


def test_a_joined_dump_takes_the_pages_key_and_proves_none() -> None:
    (group,) = group_claims([page(1), text(2)])
    assert group.key == "mp:MzAwMDAwMDAwMQ==:1:1"
    assert group.keys == {group.key}


def test_a_claimed_url_that_the_page_contradicts_makes_no_article_of_both() -> None:
    stray = replace(page(2, NOODLES), proven=False, keys=frozenset({"mp:MzAwMDAwMDAwMQ==:1:1"}))
    groups = group_claims([page(1), stray])
    assert sorted(group.key for group in groups) == ["mp:MzAwMDAwMDAwMQ==:1:1", stray.text_key]


SET = [
    page(1),
    page(2, RIVER + "（修订）"),
    page(3, NOODLES, keys=frozenset({"mp:MzAwMDAwMDAwMQ==:2:1", "short:abc"})),
    text(4),
    text(5, "图片" + RIVER),
    text(6, NOODLES),
    replace(page(7, NOODLES), proven=False, keys=frozenset({"short:abc"})),
    replace(page(8, RIVER), proven=False, keys=frozenset({"short:abc"})),
    text(9, "早安！"),
]


@given(st.lists(st.sampled_from(SET), unique_by=lambda claim: claim.capture_id), st.randoms(use_true_random=False))
def test_the_order_of_captures_has_no_say_and_none_is_lost(claims: list[Claim], random: object) -> None:
    shuffled = list(claims)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert members(shuffled) == members(claims)
    assert sorted(number for group in members(claims) for number in group) == sorted(c.capture_id for c in claims)
    assert {group.key for group in group_claims(claims)} == {group.key for group in group_claims(shuffled)}
