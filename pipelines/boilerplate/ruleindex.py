"""A rule set compiled: which entries could match where which literals stand."""

from __future__ import annotations

import re
from copy import copy
from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Generic, TypeVar, get_args

from pipelines.boilerplate.credit_roles import role_words
from pipelines.boilerplate.firsts import first_characters, longest_match
from pipelines.boilerplate.fold import fold, fold_core
from pipelines.boilerplate.literals import LiteralScanner, required_literals
from pipelines.boilerplate.openers import Openers
from pipelines.boilerplate.reasons import BY_NEIGHBOURS, DIVIDER, ORNAMENT, PLACEHOLDER, beside, by_wording
from pipelines.boilerplate.rule import PRIORITY, UNITS, USUAL_HEADING, ZONES, Cue, Mark, Rule, Section, Whole, Zone
from pipelines.boilerplate.scoring.pairs import Pairs, load_pairs
from pipelines.boilerplate.traditional import forms

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from crawler.items import BoilerplateKind
    from pipelines.boilerplate.ruleset import RuleSet

LONGEST_REFERENCE = 120  # folded characters of a heading of references, with the first of them
_SURE_HEADING = 4  # characters
_BANNER_WEIGHT = 0.7
_REMEMBERED = 4000  # combinations of literals whose entries are kept at hand
TRAILING_TITLES = "recommendation.heading"
# What an article that is an appeal as a whole says in its own cause.
_APPEALING: tuple[BoilerplateKind, ...] = ("contact", "engagement", "follow_prompt", "promotion", "read_more")
_TELLING = ("appeal", "lottery", "subject_of_pitch")
Entry = TypeVar("Entry", Rule, Section, Cue)


class _Entries(dict[int, tuple[re.Pattern[str], Entry]]):
    """Number of an entry -> its pattern and the entry; a pattern is compiled when first asked for."""

    def __init__(self, entries: Sequence[tuple[str, Entry]]) -> None:
        super().__init__()
        self._given: Sequence[tuple[str, Entry]] = entries

    def __missing__(self, number: int) -> tuple[re.Pattern[str], Entry]:
        pattern, entry = self._given[number]
        self[number] = found = (re.compile(pattern, re.DOTALL), entry)
        return found


class _Compiled(Generic[Entry]):
    """Rules (or sections, or cues) by the literals they need."""

    def __init__(self, entries: Sequence[tuple[str, Entry]]) -> None:
        self._given: Sequence[tuple[str, Entry]] = entries
        self._entries: _Entries[Entry] = _Entries(entries)
        self._needs = [required_literals(pattern) for pattern, _ in entries]
        self._put(range(len(entries)))

    def _put(self, numbers: Iterable[int]) -> None:
        self._by_literal: dict[str, list[int]] = {}
        self._always: list[int] = []
        for number in numbers:
            for literal in self._needs[number]:
                self._by_literal.setdefault(literal, []).append(number)
            if not self._needs[number]:
                self._always.append(number)
        self._known = frozenset(self._by_literal)
        self._needing_none: list[tuple[re.Pattern[str], Entry]] = [self._entries[number] for number in self._always]
        self._found: dict[frozenset[str], list[tuple[re.Pattern[str], Entry]]] = {}

    def subset(self, wanted: Callable[[Entry], bool]) -> _Compiled[Entry]:
        """Those entries that are `wanted`; each pattern is compiled once for all subsets."""
        part = copy(self)
        part._put(number for number, (_, entry) in enumerate(self._given) if wanted(entry))
        return part

    @cached_property
    def scanner(self) -> LiteralScanner:
        """Finds the literals of these entries alone."""
        return LiteralScanner(self._by_literal)

    @property
    def literals(self) -> Iterable[str]:
        """All literals, of which one has to stand where an entry matches."""
        return self._by_literal

    def candidates(self, literals: Collection[str]) -> list[tuple[re.Pattern[str], Entry]]:
        """The entries that could match where (only) these literals stand, in their order. Not to be changed."""
        if self._known.isdisjoint(literals):
            return self._needing_none
        known = self._known.intersection(literals)
        found = self._found.get(known)
        if found is None:
            if len(self._found) >= _REMEMBERED:
                self._found.clear()
            numbers = {number for literal in known for number in self._by_literal[literal]}
            numbers.update(self._always)
            found = self._found[known] = [self._entries[number] for number in sorted(numbers)]
        return found


def _bounded(rule: Rule) -> Rule:
    """`rule`, its `longest` no more than what its pattern can match: a longer text needs no try."""
    return replace(rule, longest=min(rule.longest, longest_match(rule.pattern)))


def _by_line(rules: Iterable[Rule]) -> dict[str, Rule]:
    """The rules that are an exact text, by that text, folded."""
    return {fold_core(line): rule for rule in rules if rule.line for line in forms(rule.line)}


def _holds(rule: Rule, *, zone: Zone, whole: Whole) -> bool:
    """Whether `rule` is one for such a whole in this zone."""
    return zone in ZONES[rule.where] and rule.unit in UNITS[whole]


class RuleIndex:
    """A rule set compiled: what the walk asks of it. Folded text in, rules out."""

    def __init__(self, ruleset: RuleSet) -> None:
        general = sorted(
            (r for r in ruleset.rules if not r.account and r.pattern), key=lambda r: PRIORITY.index(r.kind)
        )
        self.units = _Compiled([(r.pattern, _bounded(r)) for r in general if r.unit != "span"])
        self.units_in: dict[tuple[Zone, Whole], _Compiled[Rule]] = {
            (zone, whole): self.units.subset(partial(_holds, zone=zone, whole=whole))
            for zone in get_args(Zone)
            for whole in get_args(Whole)
        }
        self.spans = _Compiled([(r.pattern, r) for r in general if r.unit == "span"])
        self.spans_of_head = self.spans.subset(lambda rule: "head" in ZONES[rule.where])
        self.spans_inside = self.spans.subset(lambda rule: rule.where != "head")
        self.sections = _Compiled(
            [(s.pattern, s) for s in sorted(ruleset.sections, key=lambda s: PRIORITY.index(s.kind))]
        )
        self.inside_anywhere = frozenset(r.id for r in general if r.unit == "span" and r.where == "anywhere")
        self.literals_inside_anywhere = frozenset(self.spans_inside.subset(lambda r: r.where == "anywhere").literals)
        self.trailing_titles = next((s for s in ruleset.sections if s.id == TRAILING_TITLES), None)
        self.cues = _Compiled([(c.pattern, c) for c in ruleset.cues])
        strong = ruleset.tables.get("strong_openers", ())
        self.openers = Openers((*strong, *ruleset.tables.get("openers", ())))
        self.strong_openers = Openers(strong)
        # The article's own headings begin something, too, where they are long enough to be no word of a sentence.
        headings = (word for word in ruleset.tables.get("headings", ()) if len(word) >= _SURE_HEADING and word[0] > "z")
        self.beginnings = Openers([*ruleset.tables.get("beginnings", ()), *map(re.escape, headings)])
        self.tables = {name: re.compile("|".join(words) or r"(?!)") for name, words in ruleset.tables.items()}
        compiled = (self.units, self.spans, self.sections, self.cues)
        self.roles = frozenset(fold(word) for word in role_words())
        # Literals of which one stands where a rule of the zone, or a role, can be found; where a suspect word can.
        self.concerning: dict[Zone, frozenset[str]] = {
            zone: (frozenset() if zone == "middle" else self.roles).union(
                *(part.literals for (z, _), part in self.units_in.items() if z == zone)
            )
            for zone in get_args(Zone)
        }
        # The same of a sentence: rules for sentences, roles, what begins something of its own.
        self.concerning_units: dict[Zone, frozenset[str]] = {
            zone: self.roles.union(self.openers.literals, self.units_in[zone, "sentence"].literals)
            for zone in get_args(Zone)
        }
        self.suspect = frozenset(self.cues.literals)
        # The same where a phrase inside a line can be found, and where a heading.
        self.phrasing, self.heading = frozenset(self.spans_inside.literals), frozenset(self.sections.literals)
        self.long_heading = frozenset(self.sections.subset(lambda section: section.longest > USUAL_HEADING).literals)
        # Literals of which one stands in each find of a table that is searched for in whole texts.
        self._telling = {name: required_literals(self.tables[name].pattern) for name in _TELLING}
        self.scanner = LiteralScanner(
            {literal for part in compiled for literal in part.literals}.union(*self._telling.values())
            | self.roles
            | self.openers.literals
            | self.beginnings.literals
        )
        self.anywhere = frozenset(
            literal
            for r in general
            if r.where == "anywhere" and r.unit != "span"
            for literal in required_literals(r.pattern)
        )
        # Told by their form alone: `服务三农 助农增收`.
        self.banners = Cue(
            id="follow_prompt.cue.banner", kind="follow_prompt", pattern="", weight=_BANNER_WEIGHT, banner=True
        )
        self.chrome_lines = frozenset(ruleset.tables.get("chrome_lines", ()))
        self.follow_word = next(iter(ruleset.tables.get("follow_word", ())), "\0")  # stands before a name: follow X
        self._references = self.tables["references"]
        self._begin_references = first_characters(self._references.pattern)
        self.lines = _by_line(r for r in ruleset.rules if not r.account)
        self.appeal_rules = frozenset(entry.id for entry in ruleset.entries() if entry.appeal).union(
            map(by_wording, _APPEALING),
            (beside(kind, why) for kind in _APPEALING for why in BY_NEIGHBOURS if why != "behind_the_end"),
        )
        self.marked: dict[Mark, frozenset[str]] = {
            mark: frozenset(r.id for r in ruleset.rules if mark in r.marks) for mark in get_args(Mark)
        }
        self.marked["silent"] |= {DIVIDER, ORNAMENT, PLACEHOLDER}
        self._by_wording = ruleset.by_wording
        self._switched_off = [
            (re.compile(one.pattern if isinstance(one, Cue) else rf"\A(?:{one.pattern})\Z", re.DOTALL), one)
            for one in ruleset.switched_off
            if one.pattern
        ]
        self._accounts: dict[str, list[Rule]] = {}
        for rule in ruleset.rules:
            if rule.account:
                self._accounts.setdefault(fold(rule.account), []).append(rule)
        self._of_account: dict[tuple[str, ...], AccountRules] = {}

    @cached_property
    def pairs(self) -> Pairs:
        """By what the wording of text is told that no rule has found; nothing where that is not wanted."""
        return load_pairs() if self._by_wording else Pairs("", {}, {})

    def may_tell(self, table: str, literals: frozenset[str]) -> bool:
        """Whether a word of this table, which is searched for in whole texts, may stand where `literals` do."""
        needed = self._telling[table]
        return not needed or not needed.isdisjoint(literals)

    def is_switched_off(self, core: str) -> bool:
        """Whether a rule finds something in a line (folded) that a user has switched off or replaced."""
        return any(
            pattern.search(core) and not (isinstance(entry, Rule) and entry.is_excepted(core))
            for pattern, entry in self._switched_off
        )

    def is_reference(self, core: str) -> bool:
        """Whether a line (folded) is the heading of a list of references."""
        if len(core) > LONGEST_REFERENCE or (self._begin_references and core[:1] not in self._begin_references):
            return False
        return self._references.fullmatch(core) is not None

    def of_account(self, names: Iterable[str | None]) -> AccountRules | None:
        """The rules that hold for an account with one of these names, or None."""
        known = tuple(name for name in (fold(n) for n in names if n) if name in self._accounts)
        if not known:
            return None
        if known not in self._of_account:
            self._of_account[known] = AccountRules([r for name in known for r in self._accounts[name]])
        return self._of_account[known]


class AccountRules:
    """The rules of one account."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.lines = _by_line(rules)
        self.units = _Compiled([(r.pattern, r) for r in rules if r.pattern])
