"""Reading rules from files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pipelines.boilerplate import Context, RuleError, load_rules, split
from pipelines.boilerplate.ruleset import RELEASE

if TYPE_CHECKING:
    from pathlib import Path

GOOD = """
[[rule]]
id = "follow_prompt.ours"
kind = "follow_prompt"
line = "河边书店，慢慢读"
where = "edge"
account = "河边书店"
support = 9
of = 10
"""


def write(folder: Path, text: str) -> Path:
    file = folder / "rules.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_built_in_rules_have_the_release_as_version() -> None:
    assert load_rules().version == RELEASE


def test_a_users_rule_holds_for_its_account_only(tmp_path: Path) -> None:
    rules = load_rules([write(tmp_path, GOOD)])
    text = "镇上新开了一家小店，卖旧书和热茶，傍晚总有人坐着。\n河边书店， 慢慢读"
    assert split(text, context=Context(account="河边书店"), rules=rules).body == text.split("\n", maxsplit=1)[0]
    assert split(text, context=Context(alias="河边书店"), rules=rules).spans
    assert split(text, context=Context(account="山上书店"), rules=rules).body == text
    assert split(text, rules=rules).body == text


def test_the_version_tells_of_users_rules_and_disabled_ones(tmp_path: Path) -> None:
    with_user = load_rules([write(tmp_path, GOOD)]).version
    without = load_rules(disabled=["decoration.end"]).version
    assert with_user.startswith(f"{RELEASE}+")
    assert without.startswith(f"{RELEASE}+")
    assert with_user != without
    assert load_rules([write(tmp_path, GOOD)]).version == with_user


def test_a_disabled_rule_cuts_nothing() -> None:
    text = "镇上新开了一家小店，卖旧书和热茶，傍晚总有人坐着。\n—— END ——"
    assert split(text, rules=load_rules()).body != text
    assert split(text, rules=load_rules(disabled=["decoration.end"])).body == text


def test_a_users_rule_takes_the_place_of_a_built_in_one(tmp_path: Path) -> None:
    file = write(tmp_path, '[[rule]]\nid = "decoration.end"\nkind = "decoration"\nline = "以上就是全部"\n')
    text = "镇上新开了一家小店，卖旧书和热茶，傍晚总有人坐着。\n—— END ——"
    assert split(text, rules=load_rules([file])).body == text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[rule", "cannot be read"),
        ("rule = 3", "under a line"),
        ('[[rule]]\nkind = "contact"\nline = "x"\n', "give it an id"),
        ('[[rule]]\nid = "contact.x"\nkind = "ads"\nline = "x"\n', "choose from"),
        ('[[rule]]\nid = "contact.x"\nkind = "contact"\n', "either a pattern or a line"),
        ('[[rule]]\nid = "contact.x"\nkind = "contact"\nline = "x"\npattern = "x"\n', "either a pattern or a line"),
        ('[[rule]]\nid = "contact.x"\nkind = "contact"\npattern = "("\n', "no regular expression"),
        ('[[rule]]\nid = "contact.x"\nkind = "contact"\npattern = ".*"\n', "matches the empty text"),
        ('[[rule]]\nid = "contact.x"\nkind = "contact"\npattern = "甲(?:乙+)+"\n', "inside another"),
        ('[[rule]]\nid = "contact.x"\nkind = "contact"\npattern = ".{2}"\n', "no fixed words"),
        ('[[rule]]\nid = "contact.x"\nkind = "contact"\nline = "。"\n', "no letter"),
        ('[[rule]]\nid = "contact.x"\nkind = "contact"\nline = "x"\nwhere = "top"\n', "choose from"),
        ('[[rule]]\nid = "contact.x"\nkind = "contact"\nline = "x"\nnear = "far"\n', "wrong type"),
        ('[[rule]]\nid = "contact.x"\nkind = "contact"\nline = "x"\nweight = 2\n', "no field"),
    ],
)
def test_a_bad_rule_is_refused_with_what_to_do(tmp_path: Path, text: str, said: str) -> None:
    file = write(tmp_path, text)
    with pytest.raises(RuleError, match=said) as caught:
        load_rules([file])
    assert caught.value.file == str(file)


def test_a_missing_file_is_a_rule_error(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="cannot be read"):
        load_rules([tmp_path / "none.toml"])
