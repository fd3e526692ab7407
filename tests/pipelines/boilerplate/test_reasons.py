"""Rule ids of what no entry of a file finds: listed for users, and known when they are switched off."""

from __future__ import annotations

import re
from pathlib import Path

import pipelines.boilerplate
from pipelines.boilerplate import load_rules
from pipelines.boilerplate.reasons import BY_FORM, BY_NEIGHBOURS, by_wording, is_by_wording, unknown

CODE = Path(pipelines.boilerplate.__file__).parent
GUIDE = Path(__file__).parents[3] / "docs" / "boilerplate.md"
ENTRIES = {entry.id for entry in load_rules().entries()}


def test_every_id_that_the_code_names_is_listed() -> None:
    named = {
        match[1]
        for file in CODE.rglob("*.py")
        if file.name not in {"reasons.py", "ruleset.py"}
        for match in re.finditer(
            r'Find\([^()]*"([a-z_]+\.[a-z_]+)"|Cut\([^()]*"([a-z_]+\.[a-z_]+)"', file.read_text("utf-8")
        )
        if match[1]
    }
    assert len(named) > 10
    assert named <= set(BY_FORM)


def test_the_guide_lists_every_id() -> None:
    guide = GUIDE.read_text("utf-8")
    rows = dict(re.findall(r"^\| `(?:KIND)?([a-z_.]+)` \| (.+) \|$", guide, re.MULTILINE))
    assert {name: rows.get(name) for name in BY_FORM} == BY_FORM
    assert {name: rows.get(f".{name}") for name in BY_NEIGHBOURS} == dict(BY_NEIGHBOURS)


def test_what_went_by_its_wording_is_known_by_its_rule() -> None:
    assert is_by_wording(by_wording("contact"))
    assert is_by_wording("credits.roles+contact.by_wording")
    assert not is_by_wording("credits.roles")


def test_an_id_that_names_nothing_is_told() -> None:
    known = ["by_wording", "promotion.by_wording", "decoration.divider", "contact.between", min(ENTRIES)]
    assert unknown(known, ENTRIES) == []
    assert unknown([*known, "contact.betwen", "contact.nobody"], ENTRIES) == ["contact.betwen", "contact.nobody"]
