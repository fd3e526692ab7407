"""Every built-in rule: fit to be used, true to its example and counter-example."""

from __future__ import annotations

from dataclasses import replace

import pytest
from river import BODY

from pipelines.boilerplate import Context, load_rules, split
from pipelines.boilerplate.lint import matches, problems, slowest
from pipelines.boilerplate.rule import Cue, Rule, Section

RULES = load_rules()


def test_the_built_in_rules_are_fit_to_be_used() -> None:
    assert problems(RULES) == []


WHOLE = [rule for rule in RULES.rules if rule.unit != "span"]


def beside(rule: Rule, text: str) -> str:
    """`text` at the edge where the rule may stand."""
    return f"{text}\n{BODY}" if rule.where == "head" else f"{BODY}\n{text}"


def context_of(rule: Rule) -> Context:
    return Context(evidence=rule.evidence[0] if rule.evidence else "text")  # type: ignore[arg-type]


@pytest.mark.parametrize("rule", WHOLE, ids=lambda r: r.id)
def test_the_example_goes_by_this_rule(rule: Rule) -> None:
    """By itself: of several rules that find the same, another one may be named."""
    alone = replace(RULES, rules=(rule,), sections=(), cues=(), by_wording=False)
    result = split(beside(rule, rule.example), context=context_of(rule), rules=alone)
    assert result.body == BODY
    assert rule.id in [one for s in result.spans for one in s.rule.split("+")]


@pytest.mark.parametrize("rule", WHOLE, ids=lambda r: r.id)
def test_the_example_goes_and_the_counter_example_stays(rule: Rule) -> None:
    result = split(beside(rule, rule.example), context=context_of(rule), rules=RULES)
    assert result.body == BODY, [s.rule for s in result.spans]
    stays = beside(rule, rule.counter_example)
    kept = split(stays, context=context_of(rule), rules=RULES)
    assert kept.body == stays, [s.rule for s in kept.spans]


def test_no_built_in_entry_replaces_another() -> None:
    assert RULES.switched_off == ()


@pytest.mark.parametrize("section", [s for s in RULES.sections if s.takes == "titles"], ids=lambda s: s.id)
def test_a_heading_of_titles_takes_the_titles(section: Section) -> None:
    text = f"{BODY}\n{section.example}\n老街的裁缝铺\n一碗汤圆的来历\n他在灯塔上住了三十年"
    assert split(text, rules=RULES).body == BODY
    kept = split(f"{BODY}\n{section.counter_example}", rules=RULES)
    assert section.id not in [s.rule for s in kept.spans]


@pytest.mark.parametrize("cue", RULES.cues, ids=lambda c: c.id)
def test_a_cue_weighs_something(cue: Cue) -> None:
    assert 0 < cue.weight < 1, "one word alone must not condemn a line"


def test_a_runaway_pattern_is_noticed() -> None:
    assert slowest("(?:关注|关|注){1,13}点") > slowest("关注{1,13}点")


def test_a_rule_that_takes_long_is_a_problem() -> None:
    slow = Rule(id="contact.x", kind="contact", pattern=".{0,150}a.{0,150}a.{0,150}甲")
    found = problems(replace(RULES, rules=(slow,), sections=(), cues=()))
    assert [problem for problem in found if problem.endswith("bound its repeats")]


def test_matches_respects_the_length() -> None:
    rule = Rule(id="contact.x", kind="contact", pattern="甲.{0,99}", longest=5)
    assert matches(rule, "甲乙丙")
    assert not matches(rule, "甲乙丙丁戊己")
