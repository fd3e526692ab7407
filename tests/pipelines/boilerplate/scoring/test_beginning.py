"""Where the wording of boilerplate begins in a sentence glued to the body."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipelines.boilerplate import load_rules
from pipelines.boilerplate.scoring.beginning import where_wording_begins

PAIRS = load_rules().index.pairs
PROMPT = "长按识别二维码关注我们"
TOLD = "他说今年以来渡口的船少了一半"


def test_the_wording_begins_behind_a_pause() -> None:
    assert where_wording_begins(f"{TOLD}，{PROMPT}", PAIRS) == len(TOLD) + 1


def test_the_wording_begins_at_a_bracket() -> None:
    assert where_wording_begins(f"{TOLD}【{PROMPT}】", PAIRS) == len(TOLD)


def test_a_prompt_is_taken_whole() -> None:
    assert where_wording_begins(PROMPT, PAIRS) == 0
    assert where_wording_begins("点赞，在看，转发，关注我们", PAIRS) == 0


def test_without_a_place_to_begin_at_all_of_it_is_taken() -> None:
    assert where_wording_begins(TOLD + PROMPT, PAIRS) == 0


@given(st.text(max_size=60))
def test_it_begins_inside_the_text(text: str) -> None:
    assert 0 <= where_wording_begins(text, PAIRS) <= len(text)
