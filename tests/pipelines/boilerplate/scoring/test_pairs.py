"""Pairs of characters: cut from text, written, read, explained."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.boilerplate.scoring.count import digest_of
from pipelines.boilerplate.scoring.pairs import Pairs, alike, load_pairs, pairs_in, save

if TYPE_CHECKING:
    from pathlib import Path


def test_the_pairs_are_of_the_samples() -> None:
    assert load_pairs().samples == digest_of(), "samples or counting changed: run `make pairs`"


def test_white_space_parts_no_pair() -> None:
    assert list(pairs_in("关 注\n我们")) == ["关注", "注我", "我们"]


@pytest.mark.parametrize("text", ["", "关", " \n"])
def test_there_are_no_pairs_in_next_to_nothing(text: str) -> None:
    assert list(pairs_in(text)) == []


@pytest.mark.parametrize(
    ("one", "other"), [("第3期", "第8期"), ("Follow US", "follow us"), ("电话5550126", "电话5550188")]
)
def test_letters_and_digits_are_made_alike(one: str, other: str) -> None:
    assert alike(one) == alike(other)


@given(st.text(max_size=80))
def test_what_is_made_alike_keeps_its_length(text: str) -> None:
    assert len(alike(text)) == len(text)


def test_what_is_saved_is_what_is_loaded(tmp_path: Path) -> None:
    pairs = Pairs("abc", {"关注": 2.2, "的x": -0.5, "x。": 0.3}, {"contact": {"关注": 1.5}})
    save(pairs, tmp_path / "p.txt")
    assert load_pairs(tmp_path / "p.txt") == pairs


@pytest.mark.parametrize(
    "text", ["", "boilerplate +1.0 关注\n", "# samples a\n", "# samples a\nboilerplate much 关注\ncredits +1.0 关注\n"]
)
def test_a_damaged_file_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "p.txt"
    file.write_text(text, "utf-8")
    with pytest.raises(ValueError, match=r"p\.txt is damaged, run `make pairs`"):
        load_pairs(file)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("文字：周禾  摄影：林渡", "credits"),
        ("未经授权，不得以任何形式转载", "copyright"),
        ("长按识别二维码，关注公众号", "follow_prompt"),
        ("你还知道哪些？欢迎在评论区留言", "engagement"),
    ],
)
def test_kinds_are_told_apart(text: str, kind: str) -> None:
    assert load_pairs().kind(text) == kind


@given(st.text(alphabet="关注我们，的。a1 ", max_size=60))
def test_reasons_are_pairs_of_the_text_the_weightiest_first(text: str) -> None:
    reasons = load_pairs().reasons(text)
    weights = [weight for _, weight in reasons]
    assert {pair for pair, _ in reasons} <= set(pairs_in(alike(text)))
    assert weights == sorted(weights, reverse=True)
    assert all(weight > 0 for weight in weights)
    assert len(reasons) <= 5
