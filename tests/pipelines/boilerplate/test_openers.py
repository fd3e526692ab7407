"""Phrases that begin something of their own."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipelines.boilerplate.fold import fold
from pipelines.boilerplate.literals import LiteralScanner
from pipelines.boilerplate.openers import Openers
from pipelines.boilerplate.ruleset import load_rules

TABLES = load_rules().tables
PATTERNS = (*TABLES["strong_openers"], *TABLES["openers"])
PIECES = [*"扫码长按(9河，：｜ ", "编辑", "（完）", "END", "the end", "原价", "阅读原文", "每天"]


def test_an_opener_begins_where_its_phrase_stands() -> None:
    openers = Openers([r"编辑\s?[：|]", "END"])
    assert openers.places("河边的人家 编辑 ：林渡END", 0, 20) == {6, 12}
    assert openers.places("河边的人家 编辑 ：林渡END", 7, 12) == set()
    assert openers.literals == {"编辑:", "编辑|", "end"}


def test_without_patterns_nothing_is_found() -> None:
    assert Openers([]).places("编辑：林渡", 0, 5) == set()
    assert not Openers([]).may_stand_where(["编辑"])


def test_a_pattern_that_needs_no_literal_is_always_tried() -> None:
    assert Openers([r"\d"]).may_stand_where([])


def test_every_pattern_of_the_table_is_told_by_literals() -> None:
    assert not Openers(PATTERNS).may_stand_where([])


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_where_an_opener_begins_its_literals_stand(text: str) -> None:
    openers = Openers(PATTERNS)
    if openers.places(text, 0, len(text)):
        assert openers.may_stand_where(LiteralScanner(openers.literals).find(fold(text)))
