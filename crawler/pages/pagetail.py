"""Values in the tail of a dumped page: nothing is removed there, that is the normaliser's work."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.pages import fields
from crawler.pages.chrome import chrome, fold, fold_text
from crawler.urls import parse_article_url

if TYPE_CHECKING:
    from collections.abc import Sequence

_URL = re.compile(r"https?://[^\s<>\"')）\]]{4,4096}", re.IGNORECASE)
_GLUED = 4000  # code points at the end of a text in which a proof may stand inside a line
_MIN_GLUED = 8  # shorter phrases prove nothing inside a line


@dataclass(slots=True, kw_only=True)
class Tail:
    """What the end of a page says."""

    is_page: bool = False  # whether WeChat's own page is printed there
    account: str | None = None
    title: str | None = None
    modified: str | None = None  # as printed
    reads: int | None = None
    likes: int | None = None
    url: str | None = None  # of the article, from a labelled line
    declaration: str | None = None
    starts: int | None = None  # index of the first line that surely is the page's


def read_tail(lines: Sequence[str]) -> Tail:
    """The values of a page's last lines (each tidy, blank ones left out)."""
    table = chrome()
    last = list(lines[-table.tail_window :])
    folded = [fold(line) for line in last]
    tail = Tail(is_page=_is_page(last, folded))
    for at, line in enumerate(last):
        before = folded[at - 1] if at else ""
        after = folded[at + 1] if at + 1 < len(folded) else ""
        if before in table.account_after and after in table.account_before and len(line) <= table.max_name:
            tail.account = line
        if before in table.title_after and after in table.title_before and _in_window(folded, at):
            tail.title = line
    tail.starts = next((len(lines) - len(last) + at for at, line in enumerate(folded) if line in table.proofs), None)
    if tail.is_page:
        tail.declaration = _last(last, table.declaration, "declaration")
        tail.modified = _last(last, table.modified, "time")
        tail.reads = count(_last(last, table.reads, "count"))
        tail.likes = count(_last(last, table.likes, "count"))
    tail.url = _labelled_url(last[-12:])
    return tail


def count(printed: str | None) -> int | None:
    """The number that a page prints as `21130`, `10万+`, `1.2万`; None for anything else."""
    digits = (printed or "").replace(" ", "").rstrip("+")
    times = 10_000 if digits.endswith("万") else 1
    try:
        return int(float(digits.removesuffix("万")) * times)
    except (ValueError, OverflowError):
        return None


def _is_page(last: Sequence[str], folded: Sequence[str]) -> bool:
    table = chrome()
    if not table.proofs.isdisjoint(folded):
        return True
    end = fold_text("".join(last)[-_GLUED:])
    return any(proof in end for proof in table.proofs if len(proof) >= _MIN_GLUED)


def _in_window(folded: Sequence[str], at: int) -> bool:
    return not chrome().title_window.isdisjoint(folded[max(0, at - 6) : at])


def _last(lines: Sequence[str], pattern: re.Pattern[str], group: str) -> str | None:
    found = (match[group] for line in reversed(lines) if (match := pattern.fullmatch(line)))
    return next(found, None)


def _labelled_url(lines: Sequence[str]) -> str | None:
    """The article's URL from a line such as `原文链接：https://mp.weixin.qq.com/s/...`."""
    names = fields.field_names()
    for line in reversed(lines):
        for label, value in fields.labelled(line):
            found = _URL.match(value.strip("<[( "))
            if fields.fold(label) in names.tail_url and found and is_article_url(found[0]):
                return found[0]
    return None


def is_article_url(url: str) -> bool:
    """Whether `url` leads to one article of WeChat's."""
    parsed = parse_article_url(url)
    return parsed is not None and parsed.form in ("long", "short", "temporary", "preview")
