"""What WeChat's page prints around an article (dump_chrome.toml), ready to be matched against lines."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler import text as forms

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True, kw_only=True)
class Chrome:
    """The table, its patterns compiled; sets hold folded lines (see `fold`)."""

    card_alias: tuple[str, ...]
    card_intro: tuple[str, ...]
    glued_card: re.Pattern[str]
    max_intro: int
    max_lines_before: int
    window: int
    max_unknown: int
    max_name: int
    max_title: int
    original: frozenset[str]
    head_chrome: frozenset[str]
    head_patterns: re.Pattern[str]
    albums: frozenset[str]
    album_line: re.Pattern[str]
    album_size: re.Pattern[str]
    region: frozenset[str]
    region_line: re.Pattern[str]
    relative: re.Pattern[str]
    reprint: re.Pattern[str]
    reprint_author: re.Pattern[str]
    reprint_stop: frozenset[str]
    declaration: re.Pattern[str]
    proofs: frozenset[str]
    account_after: frozenset[str]
    account_before: frozenset[str]
    title_after: frozenset[str]
    title_before: frozenset[str]
    title_window: frozenset[str]
    modified: re.Pattern[str]
    reads: re.Pattern[str]
    likes: re.Pattern[str]
    tail_window: int
    places: frozenset[str]
    placeholders: frozenset[str]


_LONGEST = 400  # code points of a line that may be a name or a label, spaced out


def fold(line: str) -> str:
    """A line as it is compared with the table: without white space, zero-width characters and case.

    A line that is too long for a name or label is like none: it stays as it is.
    """
    return fold_text(line) if len(line) <= _LONGEST else line


def fold_text(text: str) -> str:
    """The same of text of any length."""
    return forms.compact(text).casefold()


def _folded(lines: Iterable[str]) -> frozenset[str]:
    return frozenset(fold(line) for line in lines)


def _any(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


def _glued_card(alias: Iterable[str], intro: Iterable[str], max_name: int) -> re.Pattern[str]:
    """NAME微信号ALIAS功能介绍 at the start of a line, name and alias perhaps missing."""
    return re.compile(
        rf"(?P<name>.{{0,{max_name}}}?)(?:{'|'.join(alias)}) ?[:：]? ?"
        rf"(?P<alias>[A-Za-z][-_A-Za-z0-9]{{4,31}})? ?(?:{'|'.join(intro)}) ?[:：]? ?"
    )


@cache
def chrome() -> Chrome:
    """The table of dump_chrome.toml."""
    table: dict[str, Any] = tomllib.loads(Path(__file__).with_name("dump_chrome.toml").read_text(encoding="utf-8"))
    card, head, tail = table["card"], table["head"], table["tail"]
    return Chrome(
        card_alias=tuple(card["alias"]),
        card_intro=tuple(card["intro"]),
        glued_card=_glued_card(card["alias"], card["intro"], head["max_name"]),
        max_intro=card["max_intro"],
        max_lines_before=card["max_lines_before"],
        window=head["window"],
        max_unknown=head["max_unknown"],
        max_name=head["max_name"],
        max_title=head["max_title"],
        original=_folded(head["original"]),
        head_chrome=_folded(head["chrome"]),
        head_patterns=_any(head["chrome_patterns"]),
        albums=_folded(head["albums"]),
        album_line=re.compile(head["album_line"]),
        album_size=re.compile(head["album_size"]),
        region=_folded(head["region"]),
        region_line=re.compile(head["region_line"]),
        relative=_any(head["relative"]),
        reprint=re.compile(head["reprint"]),
        reprint_author=re.compile(head["reprint_author"]),
        reprint_stop=frozenset(head["reprint_stop"]),
        declaration=re.compile(head["declaration"]),
        proofs=_folded(tail["proofs"]),
        account_after=_folded(tail["account_after"]),
        account_before=_folded(tail["account_before"]),
        title_after=_folded(tail["title_after"]),
        title_before=_folded(tail["title_before"]),
        title_window=_folded(tail["title_window"]),
        modified=re.compile(tail["modified"]),
        reads=re.compile(tail["reads"]),
        likes=re.compile(tail["likes"]),
        tail_window=tail["window"],
        places=_folded(table["places"]["names"]),
        placeholders=_folded(table["placeholders"]["names"]),
    )
