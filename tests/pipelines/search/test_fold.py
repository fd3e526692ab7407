from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.search.fold import _formed, fold, fold_with_places
from pipelines.search.letters import NORMAL_FORMS, changing

ANY_TEXT = st.text(max_size=60) | st.text(
    "扶贫貧ab ＡＢ1１-·,，㎡ｶﾞ\n\u3000\u200b\u200d\ufe0fe\u0301ㄱㅏ각ᄀ한\u1161\u11a8ǹß´İﬁ😀", max_size=60
)
# What people search in: nothing whose form depends on what stands beside it, but white space.
WRITTEN = st.text("扶贫貧資资金的，。ab Z9－-+（）㎡😀\n\t　", max_size=60)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("精準扶貧", "精准扶贫"),
        ("ＧＰＴ－４ｏ", "gpt-4o"),
        ("使用 GPT 技术", "使用GPT技术"),
        ("长 按 二 维 码", "长按二维码"),
        ("脱\n贫", "脱贫"),
        ("iPhone 15", "iPhone15"),
        ("open\n source", "open source"),
        ("ｶﾞ", "ガ"),
        ("❤️", "❤"),
        ("ㄱㅏ", "가"),
        ("zero\u200bwidth", "zerowidth"),
        ("e\u0301tude", "étude"),
        ("A \u0300", "à"),  # a mark that stood behind a blank
    ],
)
def test_what_reads_the_same_is_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"), [("magic at", "magicat"), ("C++", "C"), ("2+X", "2X"), ("CVE-2024", "CVE2024"), ("、", "。")]
)
def test_what_reads_otherwise_is_not(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_a_word_does_not_begin_in_another() -> None:
    assert fold("cat") not in fold("magic at night")
    assert fold("hello world") in fold("“Hello   World”")


@example("A \u0300")
@given(ANY_TEXT)
def test_a_normal_form_has_no_white_space_and_is_its_own(text: str) -> None:
    folded = fold(text)
    assert not any(character.isspace() for character in folded)
    assert fold(folded) == folded
    assert unicodedata.is_normalized("NFC", folded)


@given(text=ANY_TEXT, times=st.integers(1, 40))
def test_a_long_text_is_formed_as_a_short_one_is(text: str, times: int) -> None:
    long = f"{text}\n人人，愛看 ＡＢ①ﬁ{text}。" * times
    assert _formed(long) == long.translate(NORMAL_FORMS)


def test_a_long_text_with_many_kinds_of_characters_too() -> None:
    every = "".join(map(chr, range(0x20, 0xD800))) + "".join(map(chr, range(0xE000, 0x11000)))
    for start in range(0, len(every), 300):
        part = every[start : start + 300]
        assert _formed(part) == part.translate(NORMAL_FORMS)
    for character in every:
        assert changing().search(character) or NORMAL_FORMS[ord(character)] == character


@example("A \u0300")
@given(ANY_TEXT)
def test_with_places_it_is_the_same_form(text: str) -> None:
    folded = fold_with_places(text)
    assert folded.text == fold(text)
    assert len(folded.starts) == len(folded.ends) == len(folded.text)
    for place in range(len(folded.text)):
        start, end = folded.original(place, place + 1)
        assert 0 <= start < end <= len(text)
    assert list(folded.starts) == sorted(folded.starts)


@given(WRITTEN, st.data())
def test_every_part_of_a_text_is_a_part_of_its_form(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    assert fold(text[start:end]) in fold(text)


@given(WRITTEN, st.data())
def test_the_way_back_leads_to_the_same_words(text: str, data: st.DataObject) -> None:
    folded = fold_with_places(text)
    if folded.text:
        start = data.draw(st.integers(0, len(folded.text) - 1))
        end = data.draw(st.integers(start + 1, len(folded.text)))
        first, last = folded.original(start, end)
        # ㎡ is two characters of the form; half of it comes from the whole.
        assert folded.text[start:end].strip("␣") in fold(text[first:last])
