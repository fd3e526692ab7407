"""Values in the head of a dumped page: title, byline, account card, and what stands between them and the body."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crawler import processors, times
from crawler.pages.chrome import chrome, fold

if TYPE_CHECKING:
    from collections.abc import Sequence

_TIME_AT_END = re.compile(r"(?P<who>.*?)[\s_*（(]*(?P<time>(?:19|20)\d\d ?[-/.年].{4,30}?)[\s_*）)]*\Z")
_SENTENCE = re.compile(r"[。！？；!?;：:]")
_EDGES = " *_·•|｜-—"


@dataclass(slots=True, kw_only=True)
class Head:
    """What the head says, and which lines said it (their indexes): those are not in the full text."""

    title: str | None = None
    author: str | None = None
    account: str | None = None
    alias: str | None = None
    ghid: str | None = None
    intro: str | None = None
    published: str | None = None  # as printed
    region: str | None = None
    declaration: str | None = None
    is_original: bool | None = None
    albums: list[str] = field(default_factory=list)
    reprint_account: str | None = None
    reprint_author: str | None = None
    has_card: bool = False
    has_byline: bool = False  # some line that only WeChat's page or a copy of it has
    taken: set[int] = field(default_factory=set)
    relative: str | None = None  # a time such as 昨天, which gives no date
    glued: int = 0  # code points of the first line (not taken) that belong to the card the card's all the same


def read_head(
    lines: Sequence[str],
    start: int = 0,
    *,
    head: Head | None = None,
    profile: str = "",
    title_first: bool = True,
) -> Head:
    """Reads the lines from `start` on (tidy, blank ones empty) as the head of a page without a card.

    `head` holds what is known already (title, account) and is filled; `profile` is the account's name where
    a link told it. With `title_first` the first line may be the title. The head ends at the first line that
    is none of it; lines of unknown kind are names only if something of a head follows.
    """
    head = head or Head()
    head.account = head.account or profile or None
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
        step = _strong(lines, at, head)
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
    _name(lines, confirmed, head, title_first=title_first)
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
        step = 1 if not line or fold(line) in known else _strong(lines, at, head)
        if not step:
            return
        head.taken.update(range(at, at + step) if line else ())
        at += step


def _may_be_name(line: str, *, first: bool) -> bool:
    table = chrome()
    if first:
        return len(line) <= table.max_title
    return len(line) <= table.max_name and not _SENTENCE.search(line)


def _strong(lines: Sequence[str], at: int, head: Head) -> int:
    """How many lines from `at` on are surely of a head, their values put into `head`; 0 for none."""
    line = lines[at]
    if not line:
        return 0
    return (
        _known(line, head)
        or _time(line, head)
        or _albums(lines, at, head)
        or _region(lines, at, head)
        or _reprint(lines, at, head)
        or _byline(line, head)
    )


def _known(line: str, head: Head) -> int:
    """A line that is only a label or repeats what is known."""
    table = chrome()
    folded = fold(line)
    if folded in table.original:
        head.is_original = head.has_byline = True
    elif table.relative.fullmatch(line):
        head.relative = line
    elif match := table.declaration.fullmatch(line):
        head.declaration = match["declaration"]
    elif folded not in {fold(name) for name in (head.account, head.title) if name}:
        return 0
    return 1


def _time(line: str, head: Head) -> int:
    """A line that is a time, perhaps with the place after it."""
    bare = line.strip(_EDGES)
    words = bare.split(" ")
    place = words[-1] if len(words) > 1 and fold(words[-1]) in chrome().places else None
    printed = " ".join(words[:-1]) if place else bare
    if head.published is not None or times.parse_printed_time(printed) is None:
        return 0
    head.published, head.has_byline = printed, True
    head.region = head.region or place
    return 1


def _albums(lines: Sequence[str], at: int, head: Head) -> int:
    """收录于话题 and the topics on the same or the next lines."""
    table = chrome()
    own = table.album_line.fullmatch(lines[at])
    if own is None and fold(lines[at]) not in table.albums:
        return 0
    if own is not None and lines[at].startswith("#") and not head.albums:
        return 0  # a line of topics without the label is the author's own text
    found = [own] if own else []
    step = 1
    while at + step < len(lines) and step < 12:
        line = lines[at + step]
        match = table.album_line.fullmatch(line)
        if match and line.startswith("#"):
            found.append(match)
        elif line and not table.album_size.fullmatch(line):
            break
        step += 1
    for match in found:
        head.albums += [topic.strip() for topic in match["topics"].split("#") if topic.strip()]
    return step


def _region(lines: Sequence[str], at: int, head: Head) -> int:
    """发表于 and the place on the same or the next line; a place alone right after the time."""
    table = chrome()
    if match := table.region_line.fullmatch(lines[at]):
        if fold(match["place"]) in table.places:
            head.region = match["place"]
            return 1
        return 0
    if fold(lines[at]) in table.places and head.published and not head.region:
        head.region = lines[at]
        return 1
    if fold(lines[at]) not in table.region:
        return 0
    follows = next((i for i in range(at + 1, min(at + 3, len(lines))) if lines[i]), None)
    if follows is not None and fold(lines[follows]) in table.places:
        head.region = lines[follows]
        return follows - at + 1
    return 1


def _reprint(lines: Sequence[str], at: int, head: Head) -> int:
    """以下文章来源于 ACCOUNT ，作者 AUTHOR, which may go on on the next line and be followed by a card."""
    table = chrome()
    match = table.reprint.fullmatch(lines[at])
    if match is None or head.reprint_account:
        return 0
    head.reprint_account, head.reprint_author = match["account"], match["author"]
    head.has_byline = True
    end = at + 1
    rest = [i for i in range(at + 1, min(at + 12, len(lines))) if lines[i]]
    if rest and not head.reprint_author and (more := table.reprint_author.fullmatch(lines[rest[0]])):
        head.reprint_author = more["author"]
        end = rest.pop(0) + 1
    if rest and fold(lines[rest[0]].rstrip(" .")) == fold(head.reprint_account):
        stop = lines[rest[0]].endswith(".")
        end = rest.pop(0) + 1
        if rest and lines[rest[0]] in table.reprint_stop:
            stop = True
            end = rest.pop(0) + 1
        if stop and rest and len(lines[rest[0]]) <= table.max_intro:
            end = rest[0] + 1
    return end - at


def _byline(line: str, head: Head) -> int:
    """One line of several of: 原创, author, account, time."""
    if len(line) > 160:
        return 0
    table = chrome()
    rest, found = line, 0
    if (match := _TIME_AT_END.match(rest)) and head.published is None:
        printed = match["time"]
        words = printed.split(" ")
        place = words[-1] if fold(words[-1]) in table.places else None
        printed = " ".join(words[:-1]) if place else printed
        if times.parse_printed_time(printed):
            head.published, head.region = printed, head.region or place
            rest, found = match["who"].strip(_EDGES), 1
    for word in table.original:
        if rest.casefold().startswith(word) and (rest[len(word) :][:1] in (" ", "") or head.account):
            rest, found = rest[len(word) :].strip(_EDGES), found + 1
            head.is_original = True
            break
    if head.account and rest.endswith(head.account) and len(rest) < 2 * table.max_name:
        rest, found = rest[: -len(head.account)].strip(_EDGES), found + 1
        head.author = head.author or _once(rest) or None
        rest = ""
    if found < 1 or len(rest) > table.max_name or _SENTENCE.search(rest):
        return 0
    names = rest.split()
    if len(names) > 1 and not head.account:
        head.account = names.pop()
    if names:
        head.author = head.author or _once(" ".join(names))
    head.has_byline = True
    return 1


def _once(name: str) -> str:
    """A name that stands twice in a row (visible and hidden on the page), once."""
    half = len(name) // 2
    if len(name) > 1 and name[:half].strip() == name[-half:].strip() and len(name) - 2 * half <= 1:
        return name[:half].strip()
    return name


def _name(lines: Sequence[str], found: Sequence[int], head: Head, *, title_first: bool) -> None:
    """Gives the lines of unknown kind their meaning by their order: title, author, account."""
    names = list(dict.fromkeys(lines[i] for i in found))
    if names and title_first and head.title is None:
        head.title = names.pop(0)
    names = [name for name in names if fold(name) != fold(head.account or "")]
    if names and head.account is None:
        head.account = names.pop()
    if names and head.author is None:
        head.author = names[-1]


def read_card(lines: Sequence[str]) -> Head | None:
    """The account card and what stands before it, or None where there is no card near the start.

    The card is 微信号, its value, 功能介绍, its value: on lines of their own or glued together.
    """
    return _card_in_lines(lines) or _card_in_one_line(lines)


def _card_in_lines(lines: Sequence[str]) -> Head | None:
    table = chrome()
    shown = [i for i, line in enumerate(lines[:200]) if line][: table.max_lines_before + 6]
    labels = {fold(name) for name in table.card_alias}
    intros = {fold(name) for name in table.card_intro}
    for place, at in enumerate(shown[: table.max_lines_before + 1]):
        name, _, value = lines[at].replace("：", ":").partition(":")
        if fold(name) not in labels:
            continue
        after = shown[place + 1 :]
        head = Head(has_card=True)
        alias_at = at
        if not value and after and fold(lines[after[0]].replace("：", ":").partition(":")[0]) not in intros:
            alias_at = after.pop(0)
            value = lines[alias_at]
        if not after:
            return None
        label, _, intro = lines[after[0]].replace("：", ":", 1).partition(":")
        if fold(label) not in intros:
            return None
        _identify(value, head)
        end = _intro(lines, after, intro, head, is_tight=alias_at == at + 1)
        _before(lines, at, head)
        head.taken.update(range(end))
        return head
    return None


def _intro(lines: Sequence[str], after: Sequence[int], intro: str, head: Head, *, is_tight: bool) -> int:
    """The introduction after its label at `after[0]`; gives the index of the first line after the card."""
    at = after[0]
    if intro.strip():
        head.intro = intro.strip()
        return at + 1
    # Where no blank line stands between label and alias but one does here, the introduction is empty.
    follows = after[1] if len(after) > 1 else None
    if follows is None or (is_tight and follows != at + 1) or len(lines[follows]) > chrome().max_intro:
        return at + 1
    head.intro = lines[follows]
    return follows + 1


def _identify(value: str, head: Head) -> None:
    head.ghid = processors.ghid(value)
    head.alias = processors.account_alias(value.strip())


def _before(lines: Sequence[str], card: int, head: Head) -> None:
    """What stands before the card: the account's name in the last line, before it title and byline."""
    before = [i for i in range(card) if lines[i]]
    if not before:
        return
    table = chrome()
    last = lines[before[-1]]
    if fold(last) not in table.head_chrome and len(last) <= table.max_name:
        head.account = last
        before.pop()
    unknown = [at for at in before if not _strong(lines, at, head) and fold(lines[at]) not in table.head_chrome]
    _name(lines, unknown, head, title_first=True)


def _card_in_one_line(lines: Sequence[str]) -> Head | None:
    """A card glued into the first line: NAME微信号ALIAS功能介绍INTRO..."""
    table = chrome()
    first = next((i for i, line in enumerate(lines) if line), None)
    if first is None:
        return None
    match = table.glued_card.match(lines[first])
    if match is None:
        return None
    head = Head(has_card=True, account=match["name"].strip() or None)
    _identify(match["alias"] or "", head)
    rest = lines[first][match.end() :]
    follows = lines[first + 1 : first + 2]
    if rest and len(rest) <= table.max_intro and any(lines[first + 1 :]):
        head.intro = rest
        head.taken.add(first)
    elif not rest and follows and len(follows[0]) <= table.max_intro:
        head.intro = follows[0] or None
        head.taken |= {first, first + 1}
    else:
        head.glued = match.end()
    return head
