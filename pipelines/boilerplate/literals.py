"""Which literals a pattern needs, and a scanner that finds them all in one pass.

A rule is tried on a line only where one of its literals stands: with some hundred rules and lines that mostly hold
none, that is nearly all of the speed.
"""

from __future__ import annotations

import importlib
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

_parser: Any = importlib.import_module("re._parser")
_MAX_ALTERNATIVES = 60


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
    if name == "IN" and all(str(op) == "LITERAL" for op, _ in argument) and len(argument) <= 6:
        return {chr(code) for _, code in argument}
    if name == "SUBPATTERN":
        return _spell_sequence(argument[3])
    if name == "BRANCH":
        alternatives = [_spell_sequence(branch) for branch in argument[1]]
        if all(alternatives) and sum(map(len, alternatives)) <= _MAX_ALTERNATIVES:
            return set().union(*alternatives)
    return set()


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
    """Finds which of many literals stand in a text."""

    def __init__(self, literals: Iterable[str]) -> None:
        known = sorted({literal for literal in literals if literal})
        # A literal that begins another is found wherever the longer one is.
        self._implied = {
            literal: tuple(literal[:n] for n in range(1, len(literal) + 1) if literal[:n] in set(known))
            for literal in known
        }
        self._search = re.compile(_trie_pattern(known)).search if known else None

    def find(self, text: str) -> set[str]:
        """The literals that stand in `text`, overlapping ones too."""
        found: set[str] = set()
        if self._search is None:
            return found
        match = self._search(text)
        while match:
            found.update(self._implied[match.group()])
            match = self._search(text, match.start() + 1)
        return found

    def places(self, text: str) -> list[int]:
        """Where literals begin in `text`, in order."""
        result: list[int] = []
        match = self._search(text) if self._search else None
        while match and self._search:
            result.append(match.start())
            match = self._search(text, match.start() + 1)
        return result


def _trie_pattern(words: list[str]) -> str:
    """A pattern of `words` that shares their beginnings and prefers the longest."""
    heads: dict[str, list[str]] = {}
    for word in words:
        heads.setdefault(word[:1], []).append(word[1:])
    branches = []
    for head, tails in heads.items():
        longer = [tail for tail in tails if tail]
        rest = f"(?:{_trie_pattern(longer)})" if longer else ""
        branches.append(re.escape(head) + (f"{rest}?" if longer and len(longer) < len(tails) else rest))
    return "|".join(branches)
