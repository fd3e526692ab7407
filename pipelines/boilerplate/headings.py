"""Headings of the articles themselves (修复建议, 一、事件背景): they recur, stand near the edge, and are content."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

from pipelines.boilerplate.fold import fold

_FILE = Path(__file__).with_name("rules") / "segments.toml"
# 一、 (二) 3. 4.1 0x05 part.06 第七章: what stands before a heading.
_NUMBER = re.compile(
    r"(?:[(\[]?(?:0x)?[\d一二三四五六七八九十]{1,3}(?:[.\d]{0,6})[)\]、.,:]?|part\.?\d{0,3}|第.{1,3}[章节期])"
)
_LONGEST = 20


@cache
def _headings() -> frozenset[str]:
    return frozenset(fold(word) for word in tomllib.loads(_FILE.read_text("utf-8"))["tables"]["headings"])


def is_heading(core: str) -> bool:
    """Whether a line (folded) is one of the known headings, with or without a number."""
    if not 0 < len(core) <= _LONGEST:
        return False
    return core in _headings() or without_number(core) in _headings()


def without_number(core: str) -> str:
    """`core` less the number of a heading before it."""
    number = _NUMBER.match(core)
    return core[number.end() :].lstrip("、.,:)") if number else core
