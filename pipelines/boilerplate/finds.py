"""What the rules say of one line, sentence or phrase by itself, wherever it stands in its zone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from unicodedata import category

from pipelines.boilerplate.credit_roles import vocabulary
from pipelines.boilerplate.credit_segments import segments_of
from pipelines.boilerplate.credits import credit_likeness, first_role, introduces_author, names_several
from pipelines.boilerplate.reasons import DIVIDER, ORNAMENT
from pipelines.boilerplate.rule import ANYWHERE, ZONES
from pipelines.boilerplate.units import Find, Line, Unit

if TYPE_CHECKING:
    from pipelines.boilerplate.page import Page
    from pipelines.boilerplate.rule import Rule, Whole, Zone
    from pipelines.boilerplate.ruleindex import AccountRules

_ALBUM = "#"  # begins the name of what an article is collected in
LONGEST_UNIT = 700  # folded characters; no rule looks at more
_CREDIT_LABEL = re.compile(r"[:：|｜丨∣│/／]")
_MAKERS = re.compile(r"[\u3400-\u9fff·]{2,4}(?:[ 、/／&][\u3400-\u9fff·]{2,4}){0,5}|[A-Za-z@][\w .@'-]{1,24}")
_LONGEST_CREDIT = 200
_LONGEST_BARE_CREDIT = 24
_LATEST_LABEL = 8  # characters before the colon of a role that begins a text
_LONGEST_ORNAMENT = 24
_NEAR_SOURCE = 150  # characters of body below a source alone: farther in it is a picture's
_LONGEST_BANNER = 40
_BANNER = re.compile(r'["》)]?[|·,:\-/]')


def match(page: Page, core: str, literals: frozenset[str], zone: Zone, unit: Whole) -> Find | None:
    """What the rules say of the whole of `core`; of several finds the one that asks least of its neighbours."""
    if not core or len(core) > LONGEST_UNIT:
        return None
    if page.account is not None:
        rule = _of_account(page.account, core)
        if rule is not None and zone in ZONES[rule.where]:
            return Find(rule.kind, rule.id, rule.near)
    exact = page.index.lines.get(core)
    if exact is not None and zone in ZONES[exact.where]:
        return Find(exact.kind, exact.id, exact.near)
    best: Find | None = None
    length = len(core)
    for pattern, rule in page.index.units_in[zone, unit].candidates(literals) if literals else ():
        if length > rule.longest:
            continue
        if rule.evidence and page.evidence not in rule.evidence:
            continue
        if (best is None or rule.near > best.near) and pattern.fullmatch(core) and not rule.is_excepted(core):
            best = Find(rule.kind, rule.id, rule.near)
            if rule.near == ANYWHERE:
                break
    return best


def _of_account(account: AccountRules, core: str) -> Rule | None:
    rule: Rule | None = account.lines.get(core)
    if rule is None:
        for pattern, candidate in account.units.candidates(account.units.scanner.find(core)):
            if pattern.fullmatch(core) and not candidate.is_excepted(core):
                found: Rule = candidate
                return found
    return rule


def may_be_known(page: Page, line: Line) -> bool:
    """Whether anything can be found in a line although no literal of a rule stands in it."""
    return page.evidence == "dump" or line.text[0] == _ALBUM or is_known(page, line)


def is_known(page: Page, unit: Line | Unit) -> bool:
    """Whether a line or unit may be known by itself: by the account's own rules, as the title, by a name in it."""
    core = unit.core
    if page.account is not None or core == page.title or core in page.index.lines:
        return True
    for name in page.names:  # noqa: SIM110 - a loop is twice as fast, and this is asked very often
        if name in core:
            return True
    return False


def find_for_line(page: Page, line: Line, zone: Zone) -> Find | None:
    """What the line as a whole shows: the title, the account's name, credits, a divider."""
    if page.title and line.core == page.title and zone == "head" and line.number < 3:
        return Find("decoration", "decoration.title_repeated", ANYWHERE)
    if line.number > 0 and (find := title(page, line.core, zone)):
        return find
    if page.names and len(line.core) <= _LONGEST_BANNER and (find := _banner(page, line.core, zone)):
        return find
    if find := _by_form(page, line, zone):
        return find
    if zone == "tail" and page.evidence == "dump" and (not line.core or line.core in page.index.chrome_lines):
        return Find("page_chrome", "page_chrome.button", 0)
    return credit(page, line.text, line.literals, zone) if line.core else None


def _by_form(page: Page, line: Line, zone: Zone) -> Find | None:
    """A divider, at the edges also nothing but symbols (🍂🍂🍂); what the article is collected in (#渡口 19 个)."""
    text = line.text
    if line.core:
        is_album = text[0] == _ALBUM and page.index.tables["albums"].fullmatch(text)
        return Find("page_chrome", "page_chrome.albums", 20) if is_album else None
    if page.index.tables["dividers"].fullmatch(text.replace(" ", "")):
        return Find("decoration", DIVIDER, ANYWHERE)
    return Find("decoration", ORNAMENT, 0) if zone != "middle" and is_ornament(text) else None


def is_ornament(text: str) -> bool:
    """Whether `text` is nothing but a few symbols, and what joins or dresses them."""
    return len(text) <= _LONGEST_ORNAMENT and all(
        character.isspace() or category(character)[0] in "SM" or category(character) == "Cf" for character in text
    )


def title(page: Page, core: str, zone: Zone) -> Find | None:
    """The article's title among the page chrome of a dump's tail."""
    if zone == "tail" and page.evidence == "dump" and page.title and core == page.title:
        return Find("page_chrome", "page_chrome.title_repeated", 0)
    return None


def _banner(page: Page, core: str, zone: Zone) -> Find | None:
    """The account's name alone, or with a few words at its side (name and slogan)."""
    if core in page.names:
        if page.evidence == "dump" and zone == "tail":
            return Find("page_chrome", "page_chrome.account_name", 0)
        return Find("follow_prompt", "follow_prompt.account_name", 0)
    if any(_is_slogan_with(page, core, name, zone) for name in page.names if len(name) > 1 and name in core):
        return Find("follow_prompt", "follow_prompt.slogan_with_our_name", 20)
    if any(
        len(name) > 1
        and ((core.startswith(name) and _BANNER.match(core, len(name))) or f"{page.index.follow_word}{name}" in core)
        for name in page.names
    ):
        return Find("follow_prompt", "follow_prompt.account_banner", 0)
    return None


def _is_slogan_with(page: Page, core: str, name: str, zone: Zone) -> bool:
    """Whether `core` ends with the account's name as slogans do, or greets in its name above the article."""
    if core.endswith((name, f'{name}"')):
        return page.index.tables["before_name"].search(core[: core.rfind(name)]) is not None
    return zone == "head" and page.index.tables["greets"].match(core) is not None


def credit(page: Page, text: str, literals: frozenset[str], zone: Zone) -> Find | None:
    """Whether `text` is nothing but roles and names."""
    if zone == "middle" or len(text) > _LONGEST_CREDIT or page.index.roles.isdisjoint(literals):
        return None
    label = _CREDIT_LABEL.search(text)
    begins = label is not None and label.start() < _LATEST_LABEL
    if "，" in text and begins and _tells_life(page, text):
        return Find("credits", "credits.introduced", 60)
    is_sentence = text.endswith("。") and "，" in text and not (begins and names_several(text))
    if is_sentence or (len(text) > _LONGEST_BARE_CREDIT and label is None):
        return None
    likeness = credit_likeness(text)
    if not (likeness == "sure" or (likeness == "brief" and zone == "tail")) or describes_picture(page, text):
        return None
    if likeness == "brief":
        return Find("credits", "credits.likely", 0)
    return Find("credits", "credits.roles", _how_near(page, text, zone))


def _how_near(page: Page, text: str, zone: Zone) -> int:
    """How far from the edge a credit may stand: a caption's is in brackets, a picture's source alone on its line."""
    if page.index.tables["caption_starts"].match(text):
        return 0
    may_be_caption = zone == "tail" and first_role(text) in vocabulary().roles_of_captions and not names_several(text)
    return _NEAR_SOURCE if may_be_caption else ANYWHERE


def _tells_life(page: Page, text: str) -> bool:
    """Whether `text` introduces its author by a life (作者：甲，1979年生，…)."""
    return page.index.tables["life"].search(text) is not None and introduces_author(text)


def describes_picture(page: Page, text: str) -> bool:
    """Whether `text` is the caption of a picture, not its maker's credit."""
    # What such a word names with a colon may be the picture's maker, or what is to be seen on it.
    picture = page.index.tables["picture_labels"].fullmatch(text)
    if picture is None or len(segments_of(text)) > 1:
        return False
    value = picture[1].strip()
    known = vocabulary()
    return not (_MAKERS.fullmatch(value) or known.affiliation.fullmatch(value) or known.media.fullmatch(value))
