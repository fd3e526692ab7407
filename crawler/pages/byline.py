"""Lines that surely belong to the head of a dumped page: byline, time, place, topics, source of a reprint."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from crawler import times
from crawler.pages.chrome import chrome, fold

if TYPE_CHECKING:
    from collections.abc import Sequence

_TIME_AT_END = re.compile(
    r"(?P<who>.*?)[\s_*（(]*(?P<time>(?:19|20)\d\d ?[-/.年].{4,30}?|"
    r"\b[A-Z][a-z]{2,8}\.? \d{1,2},? (?:19|20)\d\d.{0,30}?)[\s_*）)]*\Z"
)
_WHOLE = re.compile(
    r"(?P<who>\S.{1,60}?) (?:19|20)\d\d ?[-/.年] ?\d{1,2} ?[-/.月] ?\d{1,2}日? \d{1,2}:\d{2}"
    r"(?P<behind>(?: \S{2,8}){0,3})"
)
SENTENCE = re.compile(r"[。！？；!?;：:]")
_CLOCK = re.compile(r"\d[:：时]")
_LABEL = re.compile(r"[:：][\s_*]*\Z")  # what stands before a time, and is no name: date_saved: …
_EDGES = " *_·•|｜-—:："
_AFTER_LABEL = ("", " ", ":", "：")
_MAX_BYLINE = 160  # code points of a line that names author, account and time


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
    is_linked: bool = False  # the account's name was told by the page's own link on it
    taken: set[int] = field(default_factory=set)
    relative: str | None = None  # a time such as 昨天, which gives no date
    glued: int = 0  # code points of the first line (not taken) that belong to the card all the same


def is_whole_byline(line: str) -> bool:
    """Whether `line` alone shows that it was copied from a page's head: names, a time of day, and the page's own words.

    A place alone is none: 讲座 2025-01-02 19:00 北京.
    """
    match = _WHOLE.fullmatch(line) if len(line) <= _MAX_BYLINE else None
    if match is None or SENTENCE.search(match["who"]):
        return False
    table = chrome()
    begins = any(match["who"].casefold().startswith(f"{word} ") for word in table.original)
    own = {*table.original, *table.head_chrome}
    return begins or any(table.region_line.fullmatch(word) or fold(word) in own for word in match["behind"].split())


def _is_place(word: str) -> bool:
    own = chrome().region_line.fullmatch(word)
    return fold(own["place"] if own else word) in chrome().places


def proves_nothing(line: str, head: Head, *, has_names: bool) -> bool:
    """Whether `line` has a date at its end that any text may have: one without a time of day, or a word beside it.

    The page's own words on the line, its link on the account, or the account's known name prove a byline.
    So do a place behind it, and a time alone. `has_names`: lines that may be names stand above it.
    """
    if head.is_original or head.is_linked or head.has_card:
        return False
    bare, says_original = _without_last_words(line)
    rest, when = _without_time(bare, head)
    if when is None or says_original or _without_original(rest, head)[1]:
        return False
    if head.account and rest.endswith(head.account):
        return False
    if when[0] is None or when[2] is not None:
        return False
    return _CLOCK.search(when[0]) is None or (has_names and bool(rest))


def take(lines: Sequence[str], at: int, head: Head) -> int:
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
        head.is_original = True
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
    head.published = printed
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
    """One line of several of: 原创, author, account, time; it takes 原创, a time or the page's own link to be one."""
    if len(line) > _MAX_BYLINE:
        return 0
    line, says_original = _without_last_words(line)
    rest, when = _without_time(line, head)
    rest, is_original = _without_original(rest, head)
    is_original = is_original or (says_original and when is not None)
    account = head.account or ""
    ends = bool(account) and rest.endswith(account)
    is_own = ends and head.is_linked and rest[: -len(account)][-1:] in (" ", "")
    if ends:
        rest = rest[: -len(account)].strip(_EDGES)
    proved = is_original or is_own or (when is not None and (ends or not head.has_card))
    if not proved or len(rest) > chrome().max_name or SENTENCE.search(rest):
        return 0
    # A name of several words that a front matter tells is the author's whole name, and no author and account.
    names = [] if " " in rest and rest == head.author else rest.split()
    # The account is always printed, an author only where there is one.
    if not account and (len(names) > 1 or (names and when is not None and not is_original)):
        head.account = names.pop()
    head.author = head.author or _once(" ".join(names)) or None
    head.is_original = is_original or head.is_original
    if when is not None:
        head.published, head.relative = when[0] or head.published, when[1] or head.relative
        head.region = head.region or when[2]
    return 1


# What a line says of time: as printed, relative to an unknown day, and the place after it.
_When: TypeAlias = "tuple[str | None, str | None, str | None]"


def _without_last_words(line: str) -> tuple[str, bool]:
    """The line without 原创 and 听全文 behind its time, and whether 原创 was there."""
    table, is_original = chrome(), False
    while " " in line and fold(line.rpartition(" ")[2]) in {*table.original, *table.head_chrome}:
        line, _, last = line.rpartition(" ")
        is_original = is_original or fold(last) in table.original
    return line, is_original


def _without_time(line: str, head: Head) -> tuple[str, _When | None]:
    """The line without the time at its end, and that time; None where there is none or one is known."""
    table = chrome()
    if (match := _TIME_AT_END.match(line)) and head.published is None:
        words = match["time"].split(" ")
        place = words.pop() if _is_place(words[-1]) else None
        words = _without_region_label(words) if place else words
        own = table.region_line.fullmatch(place or "")
        is_english = match["time"][0].isalpha()
        says_own = fold(line.partition(" ")[0]) in table.original or bool(head.account and head.account in line)
        if is_english and match["who"].strip(_EDGES) and not says_own:
            return line, None  # a sentence
        if times.parse_printed_time(" ".join(words)) and not _LABEL.search(match["who"]):
            return match["who"].strip(_EDGES), (" ".join(words), None, own["place"] if own else place)
    before, _, last = line.rpartition(" ")
    if before and table.relative.fullmatch(last):
        return before.strip(_EDGES), (None, last, None)
    return line, None


def _without_region_label(words: list[str]) -> list[str]:
    """`words` without 发表于 or Posted on at their end, before the place."""
    label = next((n for n in (1, 2) if fold(" ".join(words[-n:])) in chrome().region), 0)
    return words[: len(words) - label]


def _without_original(rest: str, head: Head) -> tuple[str, bool]:
    """The line without 原创 at its start, and whether it was there; glued to a name only where that is known."""
    for word in chrome().original:
        if rest.casefold().startswith(word) and (rest[len(word) :][:1] in _AFTER_LABEL or head.account):
            return rest[len(word) :].strip(_EDGES), True
    return rest, False


def _once(name: str) -> str:
    """A name that stands twice in a row (visible and hidden on the page), once."""
    half = len(name) // 2
    if len(name) > 1 and name[:half].strip() == name[-half:].strip() and len(name) - 2 * half <= 1:
        return name[:half].strip()
    return name
