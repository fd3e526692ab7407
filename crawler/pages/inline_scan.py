"""Where the markup of one line of Markdown is: maps that are made in one pass each, before the line is read."""

from __future__ import annotations

import re
import sys
from bisect import bisect_right

TAG = re.compile(r"<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9:-]{0,30})(?P<rest>[^<>]{0,16384})>")
# Tags that only dress text; dropped where both ends are on the line. Others may be what the author writes about.
_DRESSING = frozenset(
    {"span", "strong", "b", "em", "i", "u", "s", "del", "ins", "font", "small", "big", "sup", "sub", "mark", "center"}
    | {"a", "code", "kbd", "label", "section", "p", "div"}
)
_BRACKET = re.compile(r"[\[\]]|\\.", re.DOTALL)
TICKS = re.compile(r"`+")
# $y_{j}^{*}$: a formula has no markup in it. $100, \$a and a name_with_marks are none.
_FORMULA = re.compile(
    r"(?<!\\)\$(?![\s\d])(?=[^$`\n]{0,300}[\\^{])(?:(?!\]\(|\*\*|\^_)[^$`\n\u2e80-\u9fff\uff00-\uffef]){1,300}(?<![\s\\])\$"
)
_RUN = re.compile(r"\*+|_+|~~+|`+")


def brackets(source: str) -> dict[int, int]:
    """Place of each `[` -> place of the `]` that closes it."""
    found: dict[int, int] = {}
    stack: list[int] = []
    if "[" not in source:
        return found
    for sign in _BRACKET.finditer(source):
        if sign[0] == "[":
            stack.append(sign.start())
        elif sign[0] == "]" and stack:
            found[stack.pop()] = sign.start()
    return found


def backticks(source: str) -> dict[int, list[int]]:
    """Length of a run of backticks -> places of such runs, in order."""
    found: dict[int, list[int]] = {}
    if "`" in source:
        for run in TICKS.finditer(source):
            found.setdefault(len(run[0]), []).append(run.start())
    return found


def paired_tags(source: str) -> frozenset[int]:
    """Places of tags that only dress text and have both ends in the line."""
    if "</" not in source:
        return frozenset()
    found: set[int] = set()
    stacks: dict[str, list[int]] = {}
    for tag in TAG.finditer(source):
        name = tag["name"].lower()
        if name not in _DRESSING:
            continue
        if not tag["close"]:
            stacks.setdefault(name, []).append(tag.start())
        elif stacks.get(name):
            found |= {stacks[name].pop(), tag.start()}
    return frozenset(found)


def formulas(source: str) -> list[tuple[int, int]]:
    """Where formulas between dollar signs begin and end, in order."""
    return [match.span() for match in _FORMULA.finditer(source)] if source.count("$") > 1 else []


def end_of_formula(found: list[tuple[int, int]], at: int) -> int:
    """Where the one of `found` ends that holds `at`; 0 if none does."""
    number = bisect_right(found, (at, sys.maxsize)) - 1
    return found[number][1] if number >= 0 and at < found[number][1] else 0


def emphasis(source: str, inside_formulas: list[tuple[int, int]]) -> dict[int, int]:
    """Place of each run of `*`, `_` or `~~` that is markup -> where it ends; none is `inside_formulas`."""
    dropped: dict[int, int] = {}
    openers: dict[str, list[tuple[int, int]]] = {}
    for run in _RUN.finditer(source):
        start, end, mark = run.start(), run.end(), run[0]
        if mark[0] == "`" or (start and source[start - 1] == "\\"):
            continue
        if inside_formulas and end_of_formula(inside_formulas, start):
            continue
        before, after = source[start - 1 : start], source[end : end + 1]
        inside_word = _is_plain_word(before) and _is_plain_word(after)
        if mark[0] == "*" and len(mark) > 1:
            # Converters leave stray pairs behind, so these are not matched up.
            if not inside_word and not (before.isspace() and after.isspace()):
                dropped[start] = end
            continue
        waiting = openers.setdefault(mark, [])
        word_after = after.isalnum() if mark[0] == "_" else inside_word
        word_before = before.isalnum() if mark[0] == "_" else inside_word
        if waiting and before and not before.isspace() and not word_after:
            opener = waiting.pop()
            dropped[opener[0]], dropped[start] = opener[1], end
        elif after and not after.isspace() and not word_before:
            waiting.append((start, end))
    return dropped


def _is_plain_word(char: str) -> bool:
    return char.isascii() and char.isalnum()
