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


EXCEPTED = """
[[rule]]
id = "follow_prompt.see_you"
kind = "follow_prompt"
pattern = '.{0,8}河边天天见.{0,8}'
unless = '说|不再'
where = "tail"
near = 0
account = "ACCOUNT"
"""


@pytest.mark.parametrize("account", ["", "河边书店"])
@pytest.mark.parametrize(
    ("last", "goes"), [("我们河边天天见", True), ("掌柜说河边天天见", False), ("不再河边天天见", False)]
)
def test_a_rule_does_not_hold_for_its_exceptions(tmp_path: Path, account: str, last: str, *, goes: bool) -> None:
    rules = load_rules([write(tmp_path, EXCEPTED.replace("ACCOUNT", account))], disabled=["by_wording"])
    text = f"镇上新开了一家小店，卖旧书和热茶，傍晚总有人坐着。\n{last}"
    assert bool(split(text, context=Context(account="河边书店"), rules=rules).spans) == goes


def test_what_a_rule_says_of_its_own_exceptions_is_not_switched_off(tmp_path: Path) -> None:
    rules = load_rules([write(tmp_path, EXCEPTED.replace("ACCOUNT", ""))], disabled=["follow_prompt.see_you"])
    assert rules.index.is_switched_off("我们河边天天见")
    assert not rules.index.is_switched_off("掌柜说河边天天见")


ENDS = """
[[rule]]
id = "decoration.lights_out"
kind = "decoration"
line = "熄灯"
where = "tail"
MARKS
"""


def test_behind_a_marker_of_ones_own_that_the_article_is_over_all_goes(tmp_path: Path) -> None:
    body = "镇上新开了一家小店，卖旧书和热茶，傍晚总有人坐着。"
    text = f"{body}\n熄灯\n月光照着石阶\n桥下有一条小船"
    plain = load_rules([write(tmp_path, ENDS.replace("MARKS", ""))], disabled=["by_wording"])
    assert "石阶" in split(text, rules=plain).body
    marked = load_rules([write(tmp_path, ENDS.replace("MARKS", 'marks = ["end"]'))], disabled=["by_wording"])
    assert split(text, rules=marked).body == body


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[rule", "cannot be read"),
        ("rule = 3", "under a line"),
        ('[[rules]]\nid = "contact.x"\n', "entries stand under"),
        ('[[rule]]\nid = "contact.x"\nkind = "contact"\npattern = "{{tapp}}"\n', "no macro 'tapp'"),
        (2 * '[[rule]]\nid = "contact.x"\nkind = "contact"\nline = "x"\n', "two entries"),
        ('[[rule]]\nid = "contact.x"\nkind = "contact"\npattern = "ABC扫码"\nexample = "ABC扫码"\n', "small letters"),
        (
            '[[rule]]\nid = "contact.x"\nkind = "contact"\npattern = "扫码"\ncounter_example = "扫码"\n',
            "counter-example",
        ),
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
        ('[[rule]]\nid = "contact.x"\nkind = "contact"\npattern = "甲乙"\nunless = "("\n', "its unless is no regular"),
        ('[[rule]]\nid = "contact.x"\nkind = "contact"\npattern = "甲乙"\nunless = "甲(?:乙+)+"\n', "inside another"),
        ('[[rule]]\nid = "contact.x"\nkind = "contact"\nline = "x"\nunless = "y"\n', "leave it out"),
        ('[[rule]]\nid = "contact.x"\nkind = "contact"\npattern = "甲"\nunit = "span"\nunless = "y"\n', "leave it out"),
        ('[[rule]]\nid = "contact.x"\nkind = "contact"\nline = "x"\nmarks = ["over"]\n', "choose from"),
        ('[[rule]]\nid = "contact.x"\nkind = "contact"\nline = "x"\nmarks = "end"\n', "wrong type"),
    ],
)
def test_a_bad_rule_is_refused_with_what_to_do(tmp_path: Path, text: str, said: str) -> None:
    file = write(tmp_path, text)
    with pytest.raises(RuleError, match=said) as caught:
        load_rules([file])
    assert caught.value.file == str(file)


def test_what_changes_nothing_is_no_other_version(tmp_path: Path) -> None:
    assert load_rules([write(tmp_path, "# nothing was learned\n")]).version == RELEASE
    assert load_rules(disabled=["decoration.ende"]).version == RELEASE
    assert load_rules(disabled=["decoration.end"]).version != RELEASE


def test_a_missing_file_is_a_rule_error(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="cannot be read"):
        load_rules([tmp_path / "none.toml"])
