"""Texts in traditional characters are split as they would be in simplified ones, and keep their own."""

from __future__ import annotations

from pathlib import Path

import pytest
from opencc import OpenCC

from pipelines.boilerplate import Context, load_rules, split
from pipelines.boilerplate.spans import rebuild
from pipelines.boilerplate.traditional import forms, is_traditional, restored, simplified
from tests.quality.score import Document, read_documents

RULES = load_rules()
DOCUMENTS = read_documents(Path(__file__).parents[2] / "quality" / "labelled.jsonl")
TO_TRADITIONAL = OpenCC("s2t")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.id)
def test_a_text_is_split_alike_in_both_forms(document: Document) -> None:
    text = "".join(TO_TRADITIONAL.convert(character) for character in document.full_text)
    plain = simplified(text)
    assert len(plain) == len(text)
    context = Context(evidence="text")
    in_simplified = split(plain, context=context, rules=RULES)
    in_traditional = split(text, context=context, rules=RULES)
    if is_traditional(text):
        assert [(s.start, s.end, s.rule) for s in in_traditional.spans] == [
            (s.start, s.end, s.rule) for s in in_simplified.spans
        ]
        assert [(simplified(c.role), simplified(c.name)) for c in in_traditional.credits] == [
            (c.role, c.name) for c in in_simplified.credits
        ]
    removed = [(s.start, s.end, text[s.start : s.end]) for s in in_traditional.spans]
    assert rebuild(in_traditional.body, removed) == text


def test_most_of_them_are_told_to_be_traditional() -> None:
    texts = ["".join(map(TO_TRADITIONAL.convert, document.full_text)) for document in DOCUMENTS]
    assert sum(map(is_traditional, texts)) > 0.95 * len(texts)
    assert not any(is_traditional(document.full_text) for document in DOCUMENTS)


def test_credits_stay_in_their_own_characters() -> None:
    text = "天還沒亮，修船的人已經在岸邊生起了火。\n他說這條船跑了二十七年，還要再跑下去。\n編輯：陳後河　攝影：張開來"
    assert [(c.role, c.name) for c in split(text, rules=RULES).credits] == [("編輯", "陳後河"), ("攝影", "張開來")]


def test_a_name_that_was_spaced_out_is_restored_character_by_character() -> None:
    assert restored(["陈河"], "編輯：陳 河") == ["陳河"]


def test_a_line_in_traditional_characters_has_two_forms() -> None:
    assert forms("關注渡口") == ("關注渡口", "关注渡口")
    assert forms("关注渡口") == ("关注渡口",)


def test_a_users_rule_in_traditional_characters_finds_both(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text(
        '[[rule]]\nid = "follow_prompt.ferry"\nkind = "follow_prompt"\nwhere = "tail"\npattern = "渡口與你每晚相見"\n',
        "utf-8",
    )
    rules = load_rules([file])
    lead = "天還沒亮，修船的人已經在岸邊生起了火，這條船跑了二十七年。"
    assert split(f"{lead}\n渡口與你每晚相見", rules=rules).body == lead
    lead = simplified(lead)
    assert split(f"{lead}\n渡口与你每晚相见", rules=rules).body == lead
