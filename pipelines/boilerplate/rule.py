"""What a rule, a section and a cue are: the entries of the rule files. See the classes for their fields."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from crawler.items import BoilerplateKind  # noqa: TC001 - the rule files are checked against the annotations

Where = Literal["head", "tail", "edge", "anywhere"]
Unit = Literal["line", "sentence", "statement", "span"]
Zone = Literal["head", "tail", "middle"]  # of a text
ZONES: dict[Where, frozenset[Zone]] = {
    "head": frozenset({"head"}),
    "tail": frozenset({"tail"}),
    "edge": frozenset({"head", "tail"}),
    "anywhere": frozenset({"head", "middle", "tail"}),
}
Whole = Literal["line", "sentence", "statement"]  # what is matched as a whole
UNITS: dict[Whole, frozenset[Unit]] = {
    "line": frozenset({"line", "sentence", "statement"}),
    "sentence": frozenset({"sentence", "statement"}),
    "statement": frozenset({"line", "statement"}),
}
USUAL_HEADING = 60  # folded characters of a section's heading, where it does not say otherwise
ANYWHERE = 1_000_000  # a rule's `near`: wherever in the zone
# Of two rules that hold the one of the kind named first here is taken.
PRIORITY: tuple[BoilerplateKind, ...] = (
    "page_chrome",
    "credits",
    "copyright",
    "read_more",
    "contact",
    "recommendation",
    "follow_prompt",
    "engagement",
    "promotion",
    "decoration",
)
# Kinds that ask something of the reader, or offer it: beside one of them a banner needs fewer suspect words.
PROMPTING: frozenset[BoilerplateKind] = frozenset({"follow_prompt", "contact", "promotion", "engagement", "read_more"})
# What else a rule's finds mean. alone: stays where it is a word of a sentence that a converter broke at its mark-up;
# card: how many articles an account has, on the card that is copied with it; end: the article is over;
# firm: who a firm or an account is, others of that may follow; silent: says nothing of what stands around it.
Mark = Literal["alone", "card", "end", "firm", "silent"]
Takes = Literal["titles", "links", "statement", "question", "about", "named", "address", "pitch", "rest"]


class RuleError(ValueError):
    """A rule cannot be used: which file and rule, and what to do."""

    def __init__(self, file: str, rule: str, problem: str) -> None:
        super().__init__(f"{file}: rule {rule!r}: {problem}" if rule else f"{file}: {problem}")
        self.file, self.rule, self.problem = file, rule, problem


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A phrase that is boilerplate where it stands at the right place.

    `pattern` is matched on folded text (fold.py): no white space, lower case, ASCII punctuation. It has to match a
    whole unit, less the punctuation around it: a `line`, a `sentence` (also one that is a line), or a `statement`
    (a line of several sentences, or one of them). A `span` is found inside a line: at the head from the text's
    first character on, at the tail up to the last one. `line` in place of `pattern` is an exact text.

    `unless` is searched in a unit that `pattern` has matched: where it is found, the rule does not hold.
    """

    id: str
    kind: BoilerplateKind
    pattern: str = ""
    unless: str = ""
    line: str = ""
    where: Where = "edge"
    unit: Unit = "sentence"
    near: int = ANYWHERE  # at most so many folded characters of body between it and the edge, or a find further out
    evidence: tuple[str, ...] = ()  # only in captures of these kinds (Article.evidence)
    account: str = ""  # only in this account's articles (its name, alias or label)
    appeal: bool = False  # stays where the whole article is an appeal (a call, a sale, a recruitment)
    marks: tuple[Mark, ...] = ()
    longest: int = 120  # folded characters of a unit that it may match
    example: str = ""
    counter_example: str = ""

    def is_excepted(self, core: str) -> bool:
        """Whether `core`, a unit (folded) that the pattern has matched, is one of the rule's exceptions."""
        return self.unless != "" and _compiled(self.unless).search(core) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading that is boilerplate together with what follows it.

    `takes` titles: lines that look like titles; links: lines that the page links to other articles; statement: the
    lines that speak of its kind (by the cues); question: lines that ask something; about: lines that tell of a person
    (table `biography`); named: what a firm with the name in the heading is (table `institution`); address: URLs;
    pitch: all up to what goes anyway, where `least` more such headings stand in it, and the lines above that announce
    it (table `announces`); rest: all up to the text's end. Never more than `most` lines.
    """

    id: str
    kind: BoilerplateKind
    pattern: str
    where: Where = "tail"
    takes: Takes = "titles"
    least: int = 0  # titles, or headings, that have to follow
    most: int = 30
    longest: int = USUAL_HEADING  # folded characters of the heading
    evidence: tuple[str, ...] = ()  # only in captures of these kinds (Article.evidence)
    appeal: bool = False
    example: str = ""
    counter_example: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """A word that makes a line at the tail suspect, by weight: at 1 the line goes (see cues.py)."""

    id: str
    kind: BoilerplateKind
    pattern: str
    weight: float
    banner: bool = False  # counts only in a banner: a short line of its own that is no sentence
    appeal: bool = False
    example: str = ""
    counter_example: str = ""
