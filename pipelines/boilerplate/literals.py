"""Which literals a pattern needs, and a scanner that finds them all in one pass.

A rule is tried on a line only where one of its literals stands: with some hundred rules and lines that mostly hold
none, that is nearly all of the speed.
"""

from __future__ import annotations

import importlib
import re
from typing import TYPE_CHECKING, Any

from ahocorasick_rs import AhoCorasick, Implementation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_parser: Any = importlib.import_module("re._parser")
_MAX_ALTERNATIVES = 600
_MAX_CLASS = 12  # characters of a class that is spelled out
_SURROGATE = re.compile("[\ud800-\udfff]")


def required_literals(pattern: str) -> frozenset[str]:
    """Literals of which at least one stands in every match of `pattern`; empty where none can be told.

    Raises:
        re.error: `pattern` is no regular expression.
    """
    return frozenset(_of_sequence(_parser.parse(pattern))) - {""}


def _of_sequence(sequence: Any) -> set[str]:
    """The best set of literals that the items of a parsed sequence give: the longest shortest one."""
    best: set[str] = set()
    runs: set[str] = {""}  # what the literal run up to here can be
    for operator, argument in sequence:
        name = str(operator)
        spelled = _spellings(name, argument)
        if spelled and len(runs) * len(spelled) <= _MAX_ALTERNATIVES:
            runs = {run + end for run in runs for end in spelled}
            continue
        best = _better(best, runs)
        runs = spelled or {""}
        if not spelled:
            best = _better(best, _of_item(name, argument))
    return _better(best, runs)


def _spellings(name: str, argument: Any) -> set[str]:
    """All texts that an item can match, where these are few; else empty."""
    if name == "LITERAL":
        return {chr(argument)}
    if name == "IN":
        return _spell_class(argument)
    if name == "SUBPATTERN":
        return _spell_sequence(argument[3])
    if name == "BRANCH":
        alternatives = [_spell_sequence(branch) for branch in argument[1]]
        if all(alternatives) and sum(map(len, alternatives)) <= _MAX_ALTERNATIVES:
            return set().union(*alternatives)
    return set()


def _spell_class(items: Any) -> set[str]:
    characters: set[str] = set()
    for operator, argument in items:
        if str(operator) == "LITERAL":
            characters.add(chr(argument))
        elif str(operator) == "RANGE" and argument[1] - argument[0] < _MAX_CLASS:
            characters.update(map(chr, range(argument[0], argument[1] + 1)))
        else:
            return set()
    return characters if len(characters) <= _MAX_CLASS else set()


def _spell_sequence(sequence: Any) -> set[str]:
    texts = {""}
    for operator, argument in sequence:
        spelled = _spellings(str(operator), argument)
        if not spelled or len(texts) * len(spelled) > _MAX_ALTERNATIVES:
            return set()
        texts = {text + end for text in texts for end in spelled}
    return texts if texts != {""} else set()


def _of_item(name: str, argument: Any) -> set[str]:
    """The literals that one item of a pattern needs, if any."""
    if name in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
        return _of_sequence(argument[2]) if argument[0] >= 1 else set()
    if name == "SUBPATTERN":
        return _of_sequence(argument[3])
    if name == "ASSERT" and argument[0] == 1:  # a lookahead
        return _of_sequence(argument[1])
    if name == "ATOMIC_GROUP":
        return _of_sequence(argument)
    if name == "BRANCH":
        branches = [_of_sequence(branch) for branch in argument[1]]
        return set().union(*branches) if all(branches) else set()
    return set()


def _better(a: set[str], b: set[str]) -> set[str]:
    """Of two sets of literals the one that tells more: whose shortest literal is longer, then the smaller set."""
    a, b = a - {""} if "" not in a else set(), b - {""} if "" not in b else set()
    if not a or not b:
        return a or b
    return max(a, b, key=lambda s: (min(map(len, s)), -len(s)))


class LiteralScanner:
    """Finds which of many literals stand in a folded text, and where."""

    def __init__(self, literals: Iterable[str]) -> None:
        # What cannot be encoded stands in no folded text.
        self._literals = sorted(literal for literal in set(literals) if literal and not _SURROGATE.search(literal))
        self._automaton = AhoCorasick(self._literals, implementation=Implementation.DFA)

    def find(self, text: str) -> set[str]:
        """The literals that stand in `text` (without lone surrogates), overlapping ones too."""
        literals = self._literals
        found = self._automaton.find_matches_as_indexes(text, overlapping=True)
        return {literals[number] for number, _, _ in found}

    def matches(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Every place of a literal in `text` (without lone surrogates): start, end (code points), literal; by end."""
        literals = self._literals
        found = self._automaton.find_matches_as_indexes(text, overlapping=True)
        return ((start, end, literals[number]) for number, start, end in found)

    def places(self, text: str) -> list[tuple[int, str]]:
        """The same as (start, literal), by start."""
        return sorted([(start, literal) for start, _, literal in self.matches(text)])
