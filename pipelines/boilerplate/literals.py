"""Which literals a pattern needs, and a scanner that finds them all in one pass.

A rule is tried on a line only where one of its literals stands: with some hundred rules and lines that mostly hold
none, that is nearly all of the speed.
"""

from __future__ import annotations

import importlib
from itertools import compress, count
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

_parser: Any = importlib.import_module("re._parser")
_MAX_ALTERNATIVES = 600
_MAX_CLASS = 12  # characters of a class that is spelled out
_PAIR = 2  # characters of a literal that are looked for first
_START = 3  # characters by which literals are told apart next


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
    """Finds which of many literals stand in a text, and where.

    Where the first two characters of a literal stand is found by looking at pairs of neighbouring characters as
    numbers of 64 bits (UTF-32), many times faster than at pieces of text; then pieces of three are looked up.
    """

    def __init__(self, literals: Iterable[str]) -> None:
        by_start: dict[str, list[str]] = {}
        for literal in sorted(set(literals)):
            by_start.setdefault(literal[:_START], []).append(literal)
        self._single = tuple(start for start in by_start if len(start) < _PAIR)
        self._of_two = frozenset(start for start in by_start if len(start) == _PAIR)
        self._longer = {start: tuple(found) for start, found in by_start.items() if len(start) > _PAIR}
        self._pairs = frozenset(pair for start in by_start for pair in _pairs(start[:_PAIR])[0])

    def find(self, text: str) -> set[str]:
        """The literals that stand in `text`, overlapping ones too."""
        found = {literal for _, literal in self._places_of_longer(text)}
        for single in self._single:
            if single in text:
                found.add(single)
        return found

    def places(self, text: str) -> list[tuple[int, str]]:
        """Every place of a literal in `text`: (offset, literal), by offset."""
        places = self._places_of_longer(text)
        for single in self._single:
            place = text.find(single)
            while place >= 0:
                places.append((place, single))
                place = text.find(single, place + 1)
        places.sort()
        return places

    def _places_of_longer(self, text: str) -> list[tuple[int, str]]:
        """The places, in no order, of the literals of two characters or more."""
        of_two, longer = self._of_two, self._longer
        is_known = self._pairs.__contains__
        places: list[tuple[int, str]] = []
        for first, pairs in enumerate(_pairs(text)):
            for place in compress(count(first, _PAIR), map(is_known, pairs)):
                start = text[place : place + _START]
                if start in longer and text.startswith(longer[start], place):
                    places += [(place, word) for word in longer[start] if text.startswith(word, place)]
                if start[:_PAIR] in of_two:
                    places.append((place, start[:_PAIR]))
        return places


def _pairs(text: str) -> tuple[memoryview[int], memoryview[int]]:
    """The pairs of neighbouring characters as numbers: those at even offsets, those at odd ones."""
    encoded = text.encode("utf-32-le", "surrogatepass")
    bytes_a_pair = 8
    even = memoryview(encoded)[: len(encoded) // bytes_a_pair * bytes_a_pair].cast("Q")
    encoded = encoded[bytes_a_pair // 2 :]
    return even, memoryview(encoded)[: len(encoded) // bytes_a_pair * bytes_a_pair].cast("Q")
