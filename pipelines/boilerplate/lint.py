"""Whether rules are fit to be used: what would make one slow, useless or wrong, in words for its author."""

from __future__ import annotations

import importlib
import math
import re
import time
from typing import TYPE_CHECKING, Any

from pipelines.boilerplate.fold import fold, fold_core
from pipelines.boilerplate.literals import required_literals
from pipelines.boilerplate.rule import Cue, Rule, Section

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.boilerplate.ruleset import RuleSet

_parser: Any = importlib.import_module("re._parser")
_MANY = 8  # repeats from which on a repeat counts as one without end
_LONGEST = 700
_ATTEMPTS = 4  # measurements of a pattern that seems slow, and of the floor
_MOST = 1000  # times the floor: for one pattern on one text made to slow it down
_FAR_TOO_MUCH = 3000
_FLOOR = re.compile("a*b")  # on a text of nothing but a, it tries every stretch of it once
_FLOOR_TEXT = "a" * 1000
# What a hostile text may repeat: characters that classes and dots let through, and the pattern's own literals.
_WORD = re.compile("[\u4e00-\u9fffa-z]+")
_FILLERS = ("a", "1", "关", ",", " ", ":", "点击关注", "扫码a1")


def cheap_problems(entry: Rule | Section | Cue) -> Iterator[str]:
    """What is wrong with one entry by its pattern alone. Never raises; the pattern has been compiled before."""
    if not entry.pattern:
        return
    if re.fullmatch(entry.pattern, "", re.DOTALL):
        yield "its pattern matches the empty text; make something in it required"
    if isinstance(entry, Rule) and entry.account == "" and not required_literals(entry.pattern):
        yield "its pattern has no fixed words, so it would be tried on every line; name one that always stands there"
    try:
        tree = _parser.parse(entry.pattern)
    except (re.error, RecursionError, OverflowError) as error:
        yield f"its pattern cannot be read ({error})"
        return
    exceptions = _parser.parse(entry.unless) if isinstance(entry, Rule) else []
    if _nested(tree, inside=False) or _nested(exceptions, inside=False):
        yield "a repeat without end stands inside another; bound one of them, as in {0,20}"


def problems(ruleset: RuleSet) -> list[str]:
    """Everything wrong with `ruleset`, one sentence each, each naming the rule. Slow: for tests, not for a crawl."""
    found: list[str] = []
    seen: dict[str, str] = {}
    for entry in ruleset.entries():
        what = entry.pattern or f"line {entry.line}" if isinstance(entry, Rule) else entry.pattern
        if what in seen:
            found.append(f"{entry.id}: says the same as {seen[what]}")
        seen[what] = entry.id
        found += [f"{entry.id}: {problem}" for problem in cheap_problems(entry)]
        if not entry.example or not entry.counter_example:
            found.append(f"{entry.id}: has no example or no counter-example")
        found += [f"{entry.id}: {problem}" for problem in wrong_examples(entry)]
        for pattern in filter(None, (entry.pattern, entry.unless if isinstance(entry, Rule) else "")):
            if (times := _times_floor(pattern)) > _MOST:
                found.append(
                    f"{entry.id}: takes {times:.0f} times as long as {_FLOOR.pattern!r} (at most {_MOST}) on a text of"
                    f" {_LONGEST} characters; bound its repeats"
                )
        if not entry.id.startswith(f"{entry.kind}."):
            found.append(f"{entry.id}: its id does not begin with its kind {entry.kind!r}")
    return found


def wrong_examples(entry: Rule | Section | Cue) -> Iterator[str]:
    """What of an entry's example and counter-example, so far as it has them, its pattern does not bear out."""
    if entry.example and not matches(entry, entry.example):
        yield (
            f"does not match its example {entry.example!r}; patterns are matched on folded text: small letters, ASCII"
            f" punctuation, no white space, here {fold_core(entry.example)!r}"
        )
    if entry.counter_example and matches(entry, entry.counter_example):
        yield f"matches its counter-example {entry.counter_example!r}"


def matches(entry: Rule | Section | Cue, text: str) -> bool:
    """Whether the entry alone would match `text`, a whole unit (of a cue, or a rule for spans: somewhere in it)."""
    if isinstance(entry, Cue):
        return re.search(entry.pattern, fold_core(text), re.DOTALL) is not None
    core = fold(text) if isinstance(entry, Rule) and entry.unit == "span" else fold_core(text)
    if isinstance(entry, Rule):
        if entry.line:
            return core == fold_core(entry.line)
        if entry.unit == "span":
            return re.search(entry.pattern, core, re.DOTALL) is not None
        if len(core) > entry.longest or entry.is_excepted(core):
            return False
    return re.fullmatch(entry.pattern, core, re.DOTALL) is not None


def _times_floor(pattern: str) -> float:
    """How many times the floor `pattern` takes; the least of some measurements where it is a little too much.

    Other work disturbs them, so the floor is taken anew for each.
    """
    least = math.inf
    for _ in range(_ATTEMPTS):
        floor = min(_seconds(_FLOOR, _FLOOR_TEXT) for _ in range(_ATTEMPTS))
        least = min(least, slowest(pattern) / floor)
        if not _MOST < least < _FAR_TOO_MUCH:
            break
    return least


def slowest(pattern: str) -> float:
    """The most processor seconds that `pattern` takes on texts made to make it try again and again."""
    compiled = re.compile(pattern, re.DOTALL)
    words = sorted(set(_WORD.findall(pattern)), key=lambda word: (len(word), word))
    worst = 0.0
    for filler in (*_FILLERS, *words[:12], *words[-4:], "".join(words[:8]), "".join(words[-30:])):
        if not filler:
            continue
        text = (filler * (_LONGEST // len(filler) + 1))[:_LONGEST] + "\x00"
        worst = max(worst, _seconds(compiled, text))
    return worst


def _seconds(pattern: re.Pattern[str], text: str) -> float:
    """Processor seconds that `pattern` takes to say whether it matches all of `text` or some of it."""
    begin = time.process_time()
    pattern.fullmatch(text)
    pattern.search(text)
    return time.process_time() - begin


def _nested(tree: Any, *, inside: bool) -> bool:
    """Whether a repeat of (nearly) any number stands inside another one."""
    for operator, argument in tree:
        name = str(operator)
        if name in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
            _, most, repeated = argument
            # A possessive repeat never gives back what it took, so nothing is tried twice.
            open_ended = most >= _MANY and name != "POSSESSIVE_REPEAT"
            if (inside and open_ended) or _nested(repeated, inside=inside or open_ended):
                return True
        elif name in {"SUBPATTERN", "ATOMIC_GROUP"}:
            if _nested(argument[3] if name == "SUBPATTERN" else argument, inside=inside):
                return True
        elif name == "BRANCH":
            if any(_nested(branch, inside=inside) for branch in argument[1]):
                return True
        elif name in {"ASSERT", "ASSERT_NOT"} and _nested(argument[1], inside=inside):
            return True
    return False
