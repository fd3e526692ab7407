"""A set of rules, read from TOML files: the built-in ones, a user's, learned ones.

A file may hold `[[rule]]` (a phrase), `[[section]]` (a heading that takes what follows it) and `[[cue]]` (a word
that makes a line suspect); `kind` at the top or in the entry. The fields are those of the classes in rule.py.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from dataclasses import dataclass, fields
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, get_args

from crawler.items import BoilerplateKind
from pipelines.boilerplate.fold import fold_core
from pipelines.boilerplate.reasons import BY_WORDING, unknown
from pipelines.boilerplate.rule import Cue, Mark, Rule, RuleError, Section, Takes, Unit, Where
from pipelines.boilerplate.ruleindex import RuleIndex
from pipelines.boilerplate.traditional import forms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

RELEASE = "0.12.0"  # of the built-in rules and of what is told by wording; goes up whenever one of them changes
FOLDER = Path(__file__).with_name("rules")
_ID = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+\Z")
_TABLES_OF_USERS = {"kind", "rule", "section", "cue"}
_MACRO = re.compile(r"\{\{([a-z_]+)\}\}")


@dataclass(frozen=True)
class RuleSet:
    """All rules of one run, and what is worked out from them once."""

    rules: tuple[Rule, ...]
    sections: tuple[Section, ...]
    cues: tuple[Cue, ...]
    tables: dict[str, tuple[str, ...]]  # word lists, by name
    version: str
    disabled: frozenset[str] = frozenset()  # ids that take nothing out, those of no entry too (promotion.by_wording)
    by_wording: bool = False  # what no rule finds is told by its wording
    switched_off: tuple[Rule | Section | Cue, ...] = ()  # what they were, and what an entry of the same id replaced

    def entries(self) -> list[Rule | Section | Cue]:
        """Every rule, section and cue."""
        return [*self.rules, *self.sections, *self.cues]

    @cached_property
    def index(self) -> RuleIndex:
        """The rules ready to be matched."""
        return RuleIndex(self)


def load_rules(user_files: Sequence[Path] = (), *, disabled: Iterable[str] = ()) -> RuleSet:
    """The built-in rules and those of `user_files` (TOML, the same form), less those whose id is in `disabled`.

    Raises:
        RuleError: a file cannot be read, or one of its rules cannot be used.
    """
    off = frozenset(disabled)
    macros = _macros()
    parts = [_read(file, macros) for file in sorted(FOLDER.glob("*.toml")) if file.name != "credit_roles.toml"]
    _check_ids(str(FOLDER), parts)
    digest = hashlib.sha256()
    for file in user_files:
        part = _read(file, macros)
        _check_ids(str(file), [part])
        _check_users(file, part)
        if any(part[:3]):
            digest.update(repr(part[:3]).encode("utf-8", "surrogatepass"))
        parts.append(part)
    known = off.difference(unknown(off, {entry.id for part in parts for entries in part[:3] for entry in entries}))
    digest.update(repr(sorted(known)).encode())
    # A file without a rule and an id that is none change nothing.
    is_changed = known or any(any(part[:3]) for part in parts[-len(user_files) :] if user_files)
    version = f"{RELEASE}+{digest.hexdigest()[:8]}" if is_changed else RELEASE
    rules = _unique([r for part in parts for r in part[0]])
    sections = _unique([s for part in parts for s in part[1]])
    cues = _unique([c for part in parts for c in part[2]])
    tables: dict[str, tuple[str, ...]] = {}
    for part in parts:
        tables |= part[3]
    entries: list[Rule | Section | Cue] = [*rules, *sections, *cues]
    kept = {id(entry) for entry in entries if entry.id not in off}
    return RuleSet(
        rules=tuple(r for r in rules if r.id not in off),
        sections=tuple(s for s in sections if s.id not in off),
        cues=tuple(c for c in cues if c.id not in off),
        tables=tables,
        version=version,
        disabled=off,
        by_wording=BY_WORDING not in off,
        switched_off=tuple(e for part in parts for es in part[:3] for e in es if id(e) not in kept),
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
    macros: dict[str, str] = _load(FOLDER / "macros.toml")["macros"]
    return macros


def _read(file: Path, macros: dict[str, str]) -> _Part:
    data = _load(file)
    name = str(file)
    if not name.startswith(str(FOLDER)) and (others := data.keys() - _TABLES_OF_USERS):
        known = ", ".join(sorted(f"[[{table}]]" for table in _TABLES_OF_USERS - {"kind"}))
        raise RuleError(
            name, "", f"has {', '.join(sorted(others))}, which is nothing here; entries stand under {known}"
        )
    tables = data.get("tables", {})
    return (
        [_entry(Rule, row, name) for row in _rows(data, "rule", name, macros)],
        [_entry(Section, row, name) for row in _rows(data, "section", name, macros)],
        [_entry(Cue, row, name) for row in _rows(data, "cue", name, macros)],
        {key: tuple(_with_macros(word, macros) for word in words) for key, words in tables.items()},
    )


def _with_macros(pattern: str, macros: dict[str, str]) -> str:
    """`pattern` with each {{name}} of a macro replaced by what it stands for. Raises KeyError for an unknown name."""
    return _MACRO.sub(lambda m: macros[m[1]], pattern) if "{{" in pattern else pattern


def _rows(data: dict[str, Any], name: str, file: str, macros: dict[str, str]) -> list[dict[str, Any]]:
    """The entries [[name]] of a file, its kind filled in and macros put for their names."""
    rows = data.get(name, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise RuleError(file, "", f"write each entry under a line [[{name}]]")
    filled = []
    for row in rows:
        patterns = {key: row[key] for key in ("pattern", "unless") if isinstance(row.get(key), str)}
        try:
            extra = {key: _with_macros(pattern, macros) for key, pattern in patterns.items()}
        except KeyError as error:
            known = ", ".join(sorted(macros))
            raise RuleError(file, str(row.get("id", "")), f"there is no macro {error}; known are {known}") from error
        if not file.startswith(str(FOLDER)):
            extra = {key: _any_of(forms(given)) for key, given in extra.items()}
        filled.append({"kind": data.get("kind", ""), **row, **extra})
    return filled


def _any_of(patterns: Sequence[str]) -> str:
    return patterns[0] if len(patterns) == 1 else "|".join(f"(?:{pattern})" for pattern in patterns)


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
        chosen = row[key] if isinstance(row.get(key), list) else [row[key]] if key in row else []
        if any(one not in allowed for one in chosen):
            raise RuleError(file, identity, f"{key} = {row[key]!r}; choose from {', '.join(allowed)}")
    entry = cls(**{k: tuple(v) if isinstance(v, list) else v for k, v in row.items() if k in known})
    _check_pattern(entry, file)
    return entry


# Fields of learned rules that say where they come from; they change nothing.
_FOR_PEOPLE = frozenset({"support", "of", "position", "note"})
_TYPES: dict[str, Any] = {
    "bool": bool,
    "int": int,
    "float": (int, float),
    "tuple[str, ...]": list,
    "tuple[Mark, ...]": list,
}
_CHOICES: dict[str, tuple[str, ...]] = {
    "kind": get_args(BoilerplateKind),
    "where": get_args(Where),
    "unit": get_args(Unit),
    "takes": get_args(Takes),
    "marks": get_args(Mark),
}


def _check_pattern(entry: Rule | Section | Cue, file: str) -> None:
    line = entry.line if isinstance(entry, Rule) else ""
    if bool(entry.pattern) == bool(line):
        raise RuleError(file, entry.id, "give it either a pattern or a line")
    if line and not fold_core(line):
        raise RuleError(file, entry.id, "its line has no letter or digit in it")
    if file.startswith(str(FOLDER)):
        return  # those have been tested; each is compiled where first needed
    _check_compiles(entry.id, file, "pattern", entry.pattern)
    if isinstance(entry, Rule) and entry.unless:
        if not entry.pattern or entry.unit == "span":
            raise RuleError(file, entry.id, "unless goes with a pattern for whole units; leave it out")
        _check_compiles(entry.id, file, "unless", entry.unless)


def _check_compiles(identity: str, file: str, name: str, pattern: str) -> None:
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise RuleError(file, identity, f"its {name} is no regular expression ({error})") from error


def _check_users(file: Path, part: _Part) -> None:
    """Refuses rules of a user's file that would be slow, match the empty text or not do what their examples say."""
    from pipelines.boilerplate.lint import cheap_problems, wrong_examples  # noqa: PLC0415 - lint imports this module

    entries: list[Rule | Section | Cue] = [*part[0], *part[1], *part[2]]
    for entry in entries:
        for problem in chain(cheap_problems(entry), wrong_examples(entry)):
            raise RuleError(str(file), entry.id, problem)


def _check_ids(file: str, parts: Sequence[_Part]) -> None:
    """Refuses two entries of one id in what belongs together: the later one would silently replace the other."""
    seen: set[str] = set()
    for entry in (entry for part in parts for entries in part[:3] for entry in entries):
        if entry.id in seen:
            raise RuleError(file, entry.id, "two entries have this id; give each one of its own")
        seen.add(entry.id)


def _unique(entries: list[Entry]) -> list[Entry]:
    """`entries` by id; a later one (a user's) takes the place of an earlier one of that id."""
    return list({entry.id: entry for entry in entries}.values())
