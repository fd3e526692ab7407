"""Rules as data: what a rule is, and a set of them read from TOML files (the built-in ones, a user's, learned ones).

A file may hold `[[rule]]` (a phrase), `[[section]]` (a heading that takes what follows it) and `[[cue]]` (a word
that makes a line suspect); `kind` at the top or in the entry. docs: the fields of the classes below.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from dataclasses import dataclass, fields, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar, get_args

from crawler.items import BoilerplateKind
from pipelines.boilerplate.credit_roles import role_words
from pipelines.boilerplate.fold import fold, fold_core
from pipelines.boilerplate.literals import LiteralScanner, required_literals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

RELEASE = "0.1.0"  # of the built-in rules; goes up whenever one of them changes
FOLDER = Path(__file__).with_name("rules")
Where = Literal["head", "tail", "edge", "anywhere"]
Unit = Literal["line", "sentence", "statement", "span"]
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
Takes = Literal["titles", "statement", "question", "rest"]
_ID = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+\Z")

LONGEST_REFERENCE = 24  # folded characters of a heading of references
TRAILING_TITLES = "recommendation.heading"
_MACRO = re.compile(r"\{\{([a-z_]+)\}\}")


class RuleError(ValueError):
    """A rule cannot be used: which file and rule, and what to do."""

    def __init__(self, file: str, rule: str, problem: str) -> None:
        super().__init__(f"{file}: rule {rule!r}: {problem}")
        self.file, self.rule, self.problem = file, rule, problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A phrase that is boilerplate where it stands at the right place.

    `pattern` is matched on folded text (fold.py): no white space, lower case, ASCII punctuation. It has to match a
    whole unit, less the punctuation around it: a `line`, a `sentence` (also one that is a line), or a `statement`
    (a line of several sentences, or one of them). A `span` is found inside a line: at the head from the text's
    first character on, at the tail up to the last one. `line` in place of `pattern` is an exact text.
    """

    id: str
    kind: BoilerplateKind
    pattern: str = ""
    line: str = ""
    where: Where = "edge"
    unit: Unit = "sentence"
    near: int = ANYWHERE  # at most so many folded characters of body between it and the edge, or a find further out
    evidence: tuple[str, ...] = ()  # only in captures of these kinds (Article.evidence)
    account: str = ""  # only in this account's articles (its name, alias or label)
    appeal: bool = False  # stays where the whole article is an appeal (a call, a sale, a recruitment)
    opens: bool = False  # may begin in the middle of a line, glued to what stands before it
    longest: int = 120  # folded characters of a unit that it may match
    example: str = ""
    counter_example: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading that is boilerplate together with what follows it.

    `takes` titles: lines that look like titles; statement: the lines that speak of its kind (by the cues);
    question: lines that ask something; rest: all up to the text's end. Never more than `most` lines.
    """

    id: str
    kind: BoilerplateKind
    pattern: str
    where: Where = "tail"
    takes: Takes = "titles"
    least: int = 0  # titles that have to follow
    most: int = 30
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
    appeal: bool = False
    example: str = ""


@dataclass(frozen=True)
class RuleSet:
    """All rules of one run, and what is worked out from them once."""

    rules: tuple[Rule, ...]
    sections: tuple[Section, ...]
    cues: tuple[Cue, ...]
    tables: dict[str, tuple[str, ...]]  # word lists of segments.toml
    version: str

    @cached_property
    def index(self) -> RuleIndex:
        """The rules ready to be matched."""
        return RuleIndex(self)


class _Compiled:
    """Rules (or sections, or cues) by the literals they need."""

    def __init__(self, entries: Sequence[tuple[str, Any]]) -> None:
        self.entries = [(re.compile(pattern, re.DOTALL), entry) for pattern, entry in entries]
        self._by_literal: dict[str, list[int]] = {}
        self._always: list[int] = []
        for number, (pattern, _) in enumerate(entries):
            literals = required_literals(pattern)
            for literal in literals:
                self._by_literal.setdefault(literal, []).append(number)
            if not literals:
                self._always.append(number)

    @property
    def literals(self) -> Iterable[str]:
        """All literals, of which one has to stand where an entry matches."""
        return self._by_literal

    def candidates(self, literals: Iterable[str]) -> list[tuple[re.Pattern[str], Any]]:
        """The entries that could match where (only) these literals stand, in their order."""
        numbers = {number for literal in literals for number in self._by_literal.get(literal, ())}
        if self._always:
            numbers.update(self._always)
        return [self.entries[number] for number in sorted(numbers)]


class RuleIndex:
    """A rule set compiled: what the walk asks of it. Folded text in, rules out."""

    def __init__(self, ruleset: RuleSet) -> None:
        general = sorted(
            (r for r in ruleset.rules if not r.account and r.pattern), key=lambda r: PRIORITY.index(r.kind)
        )
        self.units = _Compiled([(r.pattern, r) for r in general if r.unit != "span"])
        self.spans = _Compiled([(r.pattern, r) for r in general if r.unit == "span"])
        self.sections = _Compiled(
            [(s.pattern, s) for s in sorted(ruleset.sections, key=lambda s: PRIORITY.index(s.kind))]
        )
        self.trailing_titles = next((s for s in ruleset.sections if s.id == TRAILING_TITLES), None)
        self.cues = _Compiled([(c.pattern, c) for c in ruleset.cues])
        every = (*ruleset.tables.get("strong_openers", ()), *ruleset.tables.get("openers", ()))
        self.openers = re.compile("|".join(every) or r"(?!)")
        self.strong_openers = re.compile("|".join(ruleset.tables.get("strong_openers", ())) or r"(?!)")
        self.tables = {name: re.compile("|".join(words) or r"(?!)") for name, words in ruleset.tables.items()}
        compiled = (self.units, self.spans, self.sections, self.cues)
        self.roles = frozenset(fold(word) for word in role_words())
        self.scanner = LiteralScanner({literal for part in compiled for literal in part.literals} | self.roles)
        self.anywhere = frozenset(
            literal
            for r in general
            if r.where == "anywhere" and r.unit != "span"
            for literal in required_literals(r.pattern)
        )
        self._references = self.tables["references"]
        self.lines: dict[str, Rule] = {fold_core(r.line): r for r in ruleset.rules if r.line and not r.account}
        self.appeal_rules = frozenset(
            entry.id for entry in (*ruleset.rules, *ruleset.sections, *ruleset.cues) if entry.appeal
        )
        self._accounts: dict[str, list[Rule]] = {}
        for rule in ruleset.rules:
            if rule.account:
                self._accounts.setdefault(fold(rule.account), []).append(rule)
        self._of_account: dict[tuple[str, ...], AccountRules] = {}

    def is_reference(self, core: str) -> bool:
        """Whether a line (folded) is the heading of a list of references."""
        return len(core) <= LONGEST_REFERENCE and self._references.fullmatch(core) is not None

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
        self.lines = {fold_core(r.line): r for r in rules if r.line}
        self.units = _Compiled([(r.pattern, r) for r in rules if r.pattern])
        self.scanner = LiteralScanner(self.units.literals)


def load_rules(user_files: Sequence[Path] = (), *, disabled: Iterable[str] = ()) -> RuleSet:
    """The built-in rules and those of `user_files` (TOML, the same form), less those whose id is in `disabled`.

    Raises:
        RuleError: a file cannot be read, or one of its rules cannot be used.
    """
    off = frozenset(disabled)
    macros = _macros()
    parts = [_read(file, macros) for file in sorted(FOLDER.glob("*.toml")) if file.name not in {"credit_roles.toml"}]
    digest = hashlib.sha256()
    for file in user_files:
        part = _read(file, macros)
        _check_users(file, part)
        digest.update(repr(part[:3]).encode("utf-8", "surrogatepass"))
        parts.append(part)
    digest.update(repr(sorted(off)).encode())
    version = f"{RELEASE}+{digest.hexdigest()[:8]}" if user_files or off else RELEASE
    rules = _unique([r for part in parts for r in part[0]])
    sections = _unique([s for part in parts for s in part[1]])
    cues = _unique([c for part in parts for c in part[2]])
    tables: dict[str, tuple[str, ...]] = {}
    for part in parts:
        tables |= part[3]
    return RuleSet(
        rules=tuple(r for r in rules if r.id not in off),
        sections=tuple(s for s in sections if s.id not in off),
        cues=tuple(c for c in cues if c.id not in off),
        tables=tables,
        version=version,
    )


Entry = TypeVar("Entry", Rule, Section, Cue)
_Part = tuple[list[Rule], list[Section], list[Cue], dict[str, tuple[str, ...]]]


def _load(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RuleError(str(file), "", f"cannot be read ({error}); mend the file or leave it out") from error


def _macros() -> dict[str, str]:
    """Name -> the part of a pattern that {{name}} stands for."""
    macros: dict[str, str] = _load(FOLDER / "segments.toml")["macros"]
    return macros


def _read(file: Path, macros: dict[str, str]) -> _Part:
    data = _load(file)
    name = str(file)
    tables = data.get("tables", {})
    return (
        [_entry(Rule, row, name) for row in _rows(data, "rule", name, macros)],
        [_entry(Section, row, name) for row in _rows(data, "section", name, macros)],
        [_entry(Cue, row, name) for row in _rows(data, "cue", name, macros)],
        {key: tuple(words) for key, words in tables.items()},
    )


def _rows(data: dict[str, Any], name: str, file: str, macros: dict[str, str]) -> list[dict[str, Any]]:
    """The entries [[name]] of a file, its kind filled in and macros put for their names."""
    rows = data.get(name, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise RuleError(file, "", f"write each entry under a line [[{name}]]")
    filled = []
    for row in rows:
        pattern = row.get("pattern", "")
        if isinstance(pattern, str) and "{{" in pattern:
            pattern = _MACRO.sub(lambda m: macros.get(m[1], m[0]), pattern)
        extra = {"pattern": pattern} if pattern else {}
        filled.append({"kind": data.get("kind", ""), **row, **extra})
    return filled


def _entry(cls: Callable[..., Entry], row: dict[str, Any], file: str) -> Entry:
    """One entry of a file as `cls`, its fields checked."""
    identity = str(row.get("id", ""))
    if not _ID.match(identity):
        raise RuleError(file, identity, "give it an id such as follow_prompt.tap_blue_words")
    known = {f.name: f for f in fields(cls)}  # type: ignore[arg-type]
    for key, value in row.items():
        if key not in known:
            if file.startswith(str(FOLDER)) or key not in _FOR_PEOPLE:
                raise RuleError(file, identity, f"has no field {key!r}; known are {', '.join(known)}")
        elif not isinstance(value, _TYPES.get(str(known[key].type), str)):
            raise RuleError(file, identity, f"{key} = {value!r} is of the wrong type")
    for key, allowed in _CHOICES.items():
        if key in row and row[key] not in allowed:
            raise RuleError(file, identity, f"{key} = {row[key]!r}; choose from {', '.join(allowed)}")
    entry = cls(**{k: tuple(v) if isinstance(v, list) else v for k, v in row.items() if k in known})
    _check_pattern(entry, file)
    return entry


# Fields of learned rules that say where they come from; they change nothing.
_FOR_PEOPLE = frozenset({"support", "of", "position", "note"})
_TYPES: dict[str, Any] = {"bool": bool, "int": int, "float": (int, float), "tuple[str, ...]": list}
_CHOICES: dict[str, tuple[str, ...]] = {
    "kind": get_args(BoilerplateKind),
    "where": get_args(Where),
    "unit": get_args(Unit),
    "takes": get_args(Takes),
}


def _check_pattern(entry: Rule | Section | Cue, file: str) -> None:
    line = entry.line if isinstance(entry, Rule) else ""
    if bool(entry.pattern) == bool(line):
        raise RuleError(file, entry.id, "give it either a pattern or a line")
    if line and not fold_core(line):
        raise RuleError(file, entry.id, "its line has no letter or digit in it")
    try:
        re.compile(entry.pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise RuleError(file, entry.id, f"its pattern is no regular expression ({error})") from error


def _check_users(file: Path, part: _Part) -> None:
    """Refuses rules of a user's file that would be slow or would match nothing at all."""
    from pipelines.boilerplate.lint import cheap_problems  # noqa: PLC0415 - lint imports this module

    for entry in (*part[0], *part[1], *part[2]):
        for problem in cheap_problems(entry):
            raise RuleError(str(file), entry.id, problem)


def _unique(entries: list[Entry]) -> list[Entry]:
    """`entries` by id; a later one (a user's) takes the place of an earlier one of that id."""
    return list({entry.id: entry for entry in entries}.values())


def with_rules(ruleset: RuleSet, rules: Iterable[Rule]) -> RuleSet:
    """`ruleset` and `rules` besides, under the version "<version>+local" (for tests and `learn`)."""
    return replace(ruleset, rules=(*ruleset.rules, *rules), version=f"{ruleset.version}+local")
