"""Every built-in rule: fit to be used, true to its example and counter-example."""

from __future__ import annotations

import pytest
from river import BODY

from pipelines.boilerplate import Context, load_rules, split
from pipelines.boilerplate.lint import matches, problems, slowest
from pipelines.boilerplate.rule import Cue, Rule, Section

RULES = load_rules()


def test_the_built_in_rules_are_fit_to_be_used() -> None:
    assert problems(RULES) == []


@pytest.mark.parametrize("rule", [r for r in RULES.rules if r.unit != "span"], ids=lambda r: r.id)
def test_the_example_goes_and_the_counter_example_stays(rule: Rule) -> None:
    """At the text's edge, where the rule may stand."""
    evidence = rule.evidence[0] if rule.evidence else "text"
    context = Context(evidence=evidence)  # type: ignore[arg-type]

    def beside(text: str) -> str:
        return f"{text}\n{BODY}" if rule.where == "head" else f"{BODY}\n{text}"

    result = split(beside(rule.example), context=context, rules=RULES)
    assert result.body == BODY, [s.rule for s in result.spans]
    kept = split(beside(rule.counter_example), context=context, rules=RULES)
    assert rule.id not in [one for s in kept.spans for one in s.rule.split("+")]


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


def test_matches_respects_the_length() -> None:
    rule = Rule(id="contact.x", kind="contact", pattern="甲.{0,99}", longest=5)
    assert matches(rule, "甲乙丙")
    assert not matches(rule, "甲乙丙丁戊己")
