"""Names of fields as exports, converters, records and people write them, and labelled lines (`标题：...`)."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.pages import chrome
from crawler.pages.identity import leads_to

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SEPARATORS = re.compile(r"[\s_\-]+")
_LABELLED = re.compile(r"[>*\-•·\s]{0,8}(?P<label>[^:：\n]{1,24}?)\s{0,4}[:：]\s{0,8}(?P<value>\S.*)?\Z")
_BETWEEN = re.compile(r"\s[|｜]\s")
_LONGEST_NAME = 30  # characters of an account's name
MAX_ROWS = 16  # values kept of one field
MAX_VALUE = 2048  # code points of a value in a header; a longer one is text


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldNames:
    """The table fields.toml."""

    by_name: Mapping[str, str]  # folded name -> field
    rank: Mapping[str, int]  # folded name -> place in its field's order of trust
    telling: frozenset[str]
    weak: frozenset[str]
    tail_url: frozenset[str]
    sources: frozenset[str]  # labels under which tools write an account's name, or an address
    markdown: frozenset[str]  # folded names of contents that are Markdown
    kinds: Mapping[str, str]
    copyright_stat: Mapping[str, bool]
    flags: Mapping[str, bool]
    author_account: re.Pattern[str]
    account_as_source: re.Pattern[str]  # for fullmatch(); group `account`
    no_account: re.Pattern[str]  # for fullmatch(): a source that names no account
    clipper: re.Pattern[str]  # for fullmatch(): a line that a clipper writes above a text
    callout: re.Pattern[str]  # for fullmatch(): a reader's line, groups `account` and `time`
    clipper_mark: re.Pattern[str]  # for fullmatch(): a note app's mark
    clipper_labels: frozenset[str]  # lines that are labels behind such a mark


@dataclass(slots=True)
class Values:
    """Values found under known names, by field, each with the name it stood under; the most trusted first."""

    found: dict[str, list[tuple[str, Any]]] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    empty: set[str] = field(default_factory=set)  # fields that are named without a value

    def add(self, name: str, value: object) -> str | None:
        """Adds `value` under `name`; gives the field that the name is of, or None."""
        names = field_names()
        folded = fold(name)
        kind = names.by_name.get(folded)
        if kind is None:
            self.unknown.append(name)
            return None
        if value is None or value == "":
            self.empty.add(kind)
        elif not _is_placeholder(kind, value):
            rows = self.found.setdefault(kind, [])
            if len(rows) < MAX_ROWS:
                rows.append((name, value))
            rows.sort(key=lambda row: names.rank[fold(row[0])])
        return kind

    def of(self, kind: str) -> list[Any]:
        """The values of a field, in the order of trust."""
        return [value for _, value in self.all(kind)]

    def telling(self) -> set[str]:
        """The fields among them that prove a header: the labels of running texts are others."""
        names = field_names()
        return {
            kind
            for kind in names.telling & self.found.keys()
            if any(
                fold(name) not in names.weak and (kind != "url" or leads_to(str(value).strip("<>[]() ")))
                for name, value in self.found[kind]
            )
        }

    def all(self, kind: str) -> Sequence[tuple[str, Any]]:
        """Every (name, value) of a field, in the order of trust."""
        return self.found.get(kind, [])


def _is_placeholder(kind: str, value: object) -> bool:
    """Whether a tool printed this because it found no title, author or account."""
    given = value[0] if isinstance(value, list) and len(value) == 1 else value
    if isinstance(given, float) and isnan(given):  # a table's empty cell
        return True
    return (
        kind in ("title", "author", "account")
        and isinstance(given, str)
        and chrome.fold(given.strip("[]")) in chrome.chrome().placeholders
    )


@cache
def field_names() -> FieldNames:
    """The names, from fields.toml. Raises ValueError where a name stands under two fields."""
    table = tomllib.loads(Path(__file__).with_name("fields.toml").read_text(encoding="utf-8"))
    by_name: dict[str, str] = {}
    rank: dict[str, int] = {}
    for kind, names in table["names"].items():
        for place, name in enumerate(names):
            if by_name.setdefault(fold(name), kind) != kind:
                raise ValueError(f"fields.toml: {name!r} is under {kind} and {by_name[fold(name)]}")
            rank.setdefault(fold(name), place)
    return FieldNames(
        by_name=by_name,
        rank=rank,
        telling=frozenset(table["header"]["telling"]),
        weak=frozenset(fold(name) for name in table["header"]["weak"]),
        tail_url=frozenset(fold(name) for name in table["header"]["tail_url"]),
        sources=frozenset(table["header"]["sources"]),
        markdown=frozenset(fold(name) for name in table["content"]["markdown"]),
        kinds=table["kinds"],
        copyright_stat=table["copyright_stat"],
        flags=table["flags"],
        author_account=re.compile(table["patterns"]["author_account"]),
        account_as_source=re.compile(table["patterns"]["account_as_source"]),
        no_account=re.compile(table["patterns"]["no_account"]),
        clipper=re.compile("|".join(table["clippers"]["lines"]), re.IGNORECASE),
        callout=re.compile(table["clippers"]["callout"]),
        clipper_mark=re.compile("|".join(table["clippers"]["marks"])),
        clipper_labels=frozenset(table["clippers"]["labels"]),
    )


def account_as_source(values: Values, *, is_dated: bool = False) -> str | None:
    """The account that a tool's header names as the source, beside the article's own address and its time.

    A source that is printed without those is where a text comes from: 来源：某报. `is_dated`: the time is known from
    elsewhere in the head.
    """
    names = field_names()
    printed = [str(value).strip() for name, value in values.all("url") if fold(name) in names.sources]
    for given in printed:
        both = names.account_as_source.fullmatch(given)
        if both and not names.no_account.fullmatch(both["account"]):
            return str(both["account"]).strip()
    is_dated = is_dated or bool(values.all("published")) or "published" in values.empty
    if not (is_dated and any(leads_to(str(value).strip("<>[]() ")) for value in values.of("url"))):
        return None
    plain = (given for given in printed if len(given) <= _LONGEST_NAME and "/" not in given)
    return next((given for given in plain if not names.no_account.fullmatch(given)), None)


def fold(name: str) -> str:
    """A field's name as names are compared: no case, white space, `_` or `-`; 【】 and the like dropped."""
    return _SEPARATORS.sub("", name.strip().strip("【】[]「」*`\"'")).casefold()


def labelled(line: str) -> list[tuple[str, str]]:
    """The (label, value) pairs that a header line is made of, or [] where any part has no known label.

    `公众号: 甲 | 发布时间: 2024-01-02` gives two.
    """
    if len(line) > MAX_VALUE or not (":" in line or "：" in line):
        return []
    pairs = []
    for part in _BETWEEN.split(line):
        match = _LABELLED.match(part.strip())
        if not match or fold(match["label"]) not in field_names().by_name:
            break
        pairs.append((match["label"], (match["value"] or "").strip()))
    else:
        return pairs
    # A title may hold " | ": then the line as a whole is one pair.
    match = _LABELLED.match(line.strip())
    if match and fold(match["label"]) in field_names().by_name:
        return [(match["label"], (match["value"] or "").strip())]
    return []
