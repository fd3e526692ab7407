"""The form of text that rules are matched on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.boilerplate import fold as module
from pipelines.boilerplate.fold import fold, fold_core, fold_lines, fold_with_offsets


@pytest.mark.parametrize(
    ("printed", "folded"),
    [
        ("长 按 👇 二维码", "长按二维码"),
        ("“END”", '"end"'),
        ("编辑丨甲", "编辑|甲"),
        ("电话：０１２", "电话:012"),
        ("—— 完 ——", "--完--"),
        ("▲点击\u200b蓝字▼", "点击蓝字"),
        ("→阅读原文←", "→阅读原文←"),
    ],
)
def test_the_same_phrase_folds_alike(printed: str, folded: str) -> None:
    assert fold(printed) == folded


def test_punctuation_around_is_stripped() -> None:
    assert fold_core("【—— 往期推荐 ——】") == "往期推荐"
    assert fold_core("……？！") == ""


@given(st.text())
def test_offsets_lead_back(text: str) -> None:
    folded, offsets = fold_with_offsets(text)
    assert len(folded) == len(offsets)
    assert list(offsets) == sorted(offsets)
    assert "".join(fold(text[offset]) for offset in offsets) == folded
    assert folded == text.translate(module._TABLE)


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Lu", "Lt"])))
def test_the_fast_way_folds_like_the_table(text: str) -> None:
    assert fold(text) == text.translate(module._TABLE)
    assert fold_lines(text) == [line.translate(module._TABLE) for line in text.split("\n")]
