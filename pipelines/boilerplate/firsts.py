"""What a pattern can match at all (its first characters, its length): all else is passed over without a try."""

from __future__ import annotations

import importlib
import re
from typing import Any

_parser: Any = importlib.import_module("re._parser")
_MAX_RANGE = 64  # characters of a range that is spelled out
_WHITE_SPACE = frozenset(character for character in map(chr, range(0x3001)) if character.isspace())
_REPEATS = frozenset({"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"})
# Letters that `re` takes for others where case does not matter, besides their own two cases.
_ODD_CASES = {"\u0130": "i", "\u0131": "i", "\u017f": "s", "\u212a": "k"}
_WITHOUT_WIDTH = frozenset({"ASSERT", "ASSERT_NOT", "AT"})


class _UnknownError(Exception):
    """What begins the pattern cannot be told."""


def first_characters(pattern: str) -> frozenset[str]:
    """Characters of which one begins every match of `pattern`; empty where that cannot be told.

    Raises:
        re.error: `pattern` is no regular expression.
    """
    tree = _parser.parse(pattern)
    if tree.state.flags != re.UNICODE:  # flags for the whole pattern: (?i)
        return frozenset()
    try:
        characters, may_be_empty = _of_sequence(tree)
    except _UnknownError:
        return frozenset()
    return frozenset() if may_be_empty else frozenset(characters)


def longest_match(pattern: str) -> int:
    """The most characters that `pattern` can match.

    Raises:
        re.error: `pattern` is no regular expression.
    """
    return int(_parser.parse(pattern).getwidth()[1])


def compile_search(pattern: str) -> re.Pattern[str]:
    """`pattern` compiled to find what it finds, at less cost where nothing stands.

    Raises:
        re.error: `pattern` is no regular expression.
    """
    characters = first_characters(pattern)
    if not characters:
        return re.compile(pattern)
    return re.compile(f"(?=[{re.escape(''.join(sorted(characters)))}])(?:{pattern})")


def _of_sequence(sequence: Any) -> tuple[set[str], bool]:
    """What can begin a match of a parsed sequence, and whether the match may be empty."""
    characters: set[str] = set()
    for operator, argument in sequence:
        first, may_be_empty = _of_item(str(operator), argument)
        characters |= first
        if not may_be_empty:
            return characters, False
    return characters, True


def _of_item(name: str, argument: Any) -> tuple[set[str], bool]:
    if name == "LITERAL":
        return {chr(argument)}, False
    if name == "IN":
        return _of_class(argument), False
    if name in _WITHOUT_WIDTH:
        return set(), True
    if name in _REPEATS:
        characters, may_be_empty = _of_sequence(argument[2])
        return characters, may_be_empty or argument[0] == 0
    if name == "SUBPATTERN" and argument[1] in {0, re.IGNORECASE} and not argument[2]:
        characters, may_be_empty = _of_sequence(argument[3])
        return (_in_both_cases(characters) if argument[1] else characters), may_be_empty
    if name == "BRANCH":
        branches = [_of_sequence(branch) for branch in argument[1]]
        return set().union(*(first for first, _ in branches)), any(empty for _, empty in branches)
    raise _UnknownError


def _in_both_cases(characters: set[str]) -> set[str]:
    """`characters` with all that are equal to one of them where case does not matter."""
    if any(character.lower() != character.upper() and not character.isascii() for character in characters):
        raise _UnknownError  # more than two may be one: ß, ẞ
    cases = {case for character in characters for case in (character.lower(), character.upper())}
    return cases | {odd for odd, usual in _ODD_CASES.items() if usual in cases}


def _of_class(items: Any) -> set[str]:
    characters: set[str] = set()
    for operator, argument in items:
        name = str(operator)
        if name == "LITERAL":
            characters.add(chr(argument))
        elif name == "RANGE" and argument[1] - argument[0] < _MAX_RANGE:
            characters.update(map(chr, range(argument[0], argument[1] + 1)))
        elif name == "CATEGORY" and str(argument) == "CATEGORY_SPACE":
            characters |= _WHITE_SPACE
        else:
            raise _UnknownError
    return characters
