"""The head of a dumped page: title, names and what stands between them and the body."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.pages.byline import SENTENCE, Head, proves_nothing, take
from crawler.pages.chrome import chrome, fold

if TYPE_CHECKING:
    from collections.abc import Sequence


def read_head(
    lines: Sequence[str],
    start: int = 0,
    *,
    head: Head | None = None,
    profile: str = "",
    title_first: bool = True,
    is_dump: bool = True,
) -> Head:
    """Reads the lines from `start` on (tidy, blank ones empty) as the head of a page without a card.

    `head` holds what is known already (title, account) and is filled; `profile` is the account's name where
    a link told it. With `title_first` the first line may be the title. The head ends at the first line that
    is none of it; lines of unknown kind are names only if something of a head follows. Where the text is not
    known to be a whole page (`is_dump`), a date proves no head: 甲公司 2026-05-14 may be a digest's heading.
    """
    head = head or Head()
    head.account = head.account or profile or None
    head.is_linked = bool(profile) and profile == head.account
    table = chrome()
    unknown: list[int] = []
    taken: set[int] = set()
    confirmed: list[int] = []
    visible = 0
    at = start
    while at < len(lines) and visible < table.window:
        line = lines[at]
        if not line:
            at += 1
            continue
        visible += 1
        if not is_dump and proves_nothing(line, head, has_names=bool(unknown)):
            break
        step = take(lines, at, head)
        if step:
            taken.update(range(at, at + step))
            taken.update(unknown)
            confirmed = list(unknown)
            at += step
            continue
        if fold(line) in table.head_chrome or table.head_patterns.fullmatch(line):
            if unknown and fold(line) in table.head_chrome:
                confirmed = list(unknown)
                taken.update(unknown)
            at += 1
            continue
        if not _may_be_name(line, first=title_first and not unknown) or len(unknown) > table.max_unknown:
            break
        unknown.append(at)
        at += 1
    name_by_order(lines, confirmed, head, title_first=title_first)
    head.taken |= taken | _doubled(lines, unknown[len(confirmed) :], head)
    return head


def _doubled(lines: Sequence[str], unknown: Sequence[int], head: Head) -> set[int]:
    """After 原创 the author stands twice (visible and hidden), then the account."""
    if not head.is_original or head.author or len(unknown) < 2 or lines[unknown[0]] != lines[unknown[1]]:
        return set()
    head.author = lines[unknown[0]]
    if head.account or len(unknown) < 3:
        return set(unknown[:2])
    head.account = lines[unknown[2]]
    return set(unknown[:3])


def read_after_card(lines: Sequence[str], start: int, head: Head) -> None:
    """Takes what may stand between the account card and the body: topics, place, time, the names again."""
    at = start
    known = {fold(name) for name in (head.account, head.title, head.author) if name}
    while at < len(lines):
        line = lines[at]
        step = 1 if not line or fold(line) in known else take(lines, at, head)
        if not step:
            return
        head.taken.update(range(at, at + step) if line else ())
        at += step


def _may_be_name(line: str, *, first: bool) -> bool:
    table = chrome()
    if first:
        return len(line) <= table.max_title
    return len(line) <= table.max_name and not SENTENCE.search(line)


def name_by_order(lines: Sequence[str], found: Sequence[int], head: Head, *, title_first: bool) -> None:
    """Gives the lines of unknown kind their meaning by their order: title, author, account."""
    names = list(dict.fromkeys(lines[i] for i in found))
    if names and title_first and head.title is None:
        head.title = names.pop(0)
    for name in names:
        author, account = _stands_twice(name)
        if author and head.author is None:
            head.author, head.account = author, head.account or account or None
            names.remove(name)
            break
    names = [name for name in names if fold(name) != fold(head.account or "")]
    if names and head.account is None:
        head.account = names.pop()
    if names and head.author is None:
        head.author = names[-1]


def _stands_twice(line: str) -> tuple[str, str]:
    """The author and the account of a line that names the author twice (visible and hidden); else two empty ones."""
    words = line.split()
    for half in range(1, len(words) // 2 + 1):
        if words[:half] == words[half : 2 * half]:
            return " ".join(words[:half]), " ".join(words[2 * half :])
    return "", ""
