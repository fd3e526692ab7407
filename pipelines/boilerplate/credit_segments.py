"""A line of credits cut at its roles: `编辑：甲 审核：乙` is 编辑 with 甲, 审核 with 乙. credits.py reads the names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from crawler.text import tidy_line
from pipelines.boilerplate.credit_names import is_plain
from pipelines.boilerplate.credit_roles import STRONG_SEPARATOR, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MARKERS = " \t>*#●■▲▼◆▍▎▏|丨｜-—–~·•⊙○☆★✎✍"
BRACKETS = re.compile(r"[（(\[【〔]([^（(\[【〔）)\]】〕]*)[）)\]】〕]")
_LABELLED = re.compile(f"{STRONG_SEPARATOR} ?\\w{{2,5}}$")  # 来源：公众号【某号】
_DANGLING = re.compile(r" ?[（(\[【〔]$")
_COLONS = frozenset("：:")
_UNFINISHED = re.compile(r"[^:：][、，,&＆] ?$")  # a dump broke the list of names
_OPEN = re.compile(r"[（(\[【〔][^）)\]】〕]*$")
_BEFORE_VALUE = re.compile(f"{STRONG_SEPARATOR} ?$")
_NAME_FIRST = re.compile(r"([\u3400-\u9fff·]{2,4}|[A-Za-z][\w .'-]{1,19}?) ?[|｜丨] ?([^|｜丨:：/]{1,10})")
_MAY_BE_POSTFIX = re.compile(r"[|｜丨/／]")
_POSTFIX = re.compile(r"([^\s/／]{2,12})[/／]([^\s/／]{1,8})(?: |$)")
_REMEMBERED = 1024  # lines: each is asked about when it is judged and when its names are read
_BETWEEN_SLASHES = re.compile(r"(?<=[/ ])[\u3400-\u9fff]{4,10}(?= ?/)")
_SHORTEST_NAME = 2  # characters of a person's, glued to a role
_LONGEST_NAME = 4
_SLASHED = re.compile(r"([\u3400-\u9fff]{2,6}) ?[/／] ?([\u3400-\u9fff·]{2,4}|[A-Za-z][\w.-]{1,15})(?: +|$)")
_OPENING = frozenset({"any", "inner", "english"})  # forms of a role that make a bracket part of the line
BARE = frozenset({"spaced", "end"})  # forms of a role without a separator
_WHOLE = re.compile(r"[（(\[【〔]([^（(\[【〔）)\]】〕]*)[）)\]】〕][。.]?")
_URL = re.compile(
    r"(?:https?://|(?<![\w.@/])(?:[a-z0-9-]+\.){1,3}[a-z]{2,8}/)[^\s\u3000-\u303f\uff00-\uffef]*", re.IGNORECASE
)
ADDRESS = "\N{OBJECT REPLACEMENT CHARACTER}"  # stands for a URL: a value, but no name
_AFTER_BAR = re.compile(r"[:：|｜丨、，,/／&] ?$")
_LETTER_FOR_BAR = re.compile(r"(?<=[\u3400-\u9fff]) [lI] (?=\S)")  # 编译 l 甲: drawn as a bar
_BEFORE_LOW_LINE = re.compile(r"([\u3400-\u9fff]{2,6})_(?=\S)")  # 撰文_甲
_BEFORE_BY = re.compile(r"([\u3400-\u9fff]{1,6}) ?[bB][yY] ")  # 图文 by 甲
_CAPITALS = re.compile(
    r"([A-Z]{4,12}(?: [A-Z]{2,8})?) ([\u3400-\u9fff·]{2,8}|[A-Z][a-z]+(?: [A-Z][a-z]+)?)"
)  # EDITOR X
_MARKDOWN_ESCAPE = re.compile(r"\\([|*_#>\-])")


@dataclass(frozen=True, slots=True)
class Segment:
    """A role and what is printed after it, up to the next role."""

    role: str
    value: str
    form: str  # which alternative of Vocabulary.head found it


def tidy_lines(text: str) -> list[str]:
    """Tidy lines without list markers; a bracket or a list of names that a line break divides is one line again."""
    lines: list[str] = []
    for raw in text.splitlines():
        line = tidy_line(_URL.sub(f" {ADDRESS} ", _MARKDOWN_ESCAPE.sub(r"\1", raw))).lstrip(MARKERS).rstrip(" \t")
        line = _as_usual(line)
        if whole := _WHOLE.fullmatch(line):
            line = whole[1].strip()
        if not line:
            continue
        if lines and (_OPEN.search(lines[-1]) or line in _COLONS):
            lines[-1] += line
        elif lines and _UNFINISHED.search(lines[-1]):
            lines[-1] += f" {line}"
        else:
            lines.append(line)
    return [_unbracket(_DANGLING.sub("", line)) for line in lines]


def _as_usual(line: str) -> str:
    """`line` with what stands rarely between a role and its value as what stands there usually."""
    words = vocabulary()
    if said := words.author_is.match(line):
        line = f"作者：{line[said.end() :]}"
    if medium := words.behind_medium.match(line):
        line = line[medium.end() :]
    if "，" in line or "," in line:
        line = words.done_by.sub(r" \g<role>：\g<who>", words.after_comma.sub(_with_colon, line))
    if any(word in line for word in words.taken_from):
        line = words.from_where.sub(r"\g<role>", line)
    line = words.spaced_out.sub(_closed_up, _LETTER_FOR_BAR.sub("｜", line))
    if (by := _BEFORE_BY.match(line)) and words.role.fullmatch(by[1]):
        return f"{by[1]}：{line[by.end() :]}"
    if glued := words.before_latin.fullmatch(line):
        return f"{glued['role']}：{glued['who']}"
    if (low := _BEFORE_LOW_LINE.match(line)) and words.role.fullmatch(low[1]):
        return f"{low[1]}：{line[low.end() :]}"
    if (capitals := _CAPITALS.fullmatch(line)) and capitals[1].casefold() in words.in_english:
        return f"{capitals[1]}：{capitals[2]}"
    return line


def _with_colon(match: re.Match[str]) -> str:
    return f" {match['role'] or match['glued']}："


def _closed_up(match: re.Match[str]) -> str:
    """`编 辑` as 编辑, if that is a role."""
    closed = match[0].replace(" ", "")
    return closed if vocabulary().role.fullmatch(closed) else match[0]


def _unbracket(line: str) -> str:
    """`line` with the brackets opened that hold a role or a role's value; others are left to `names`."""

    def opened(match: re.Match[str]) -> str:
        inside = match[1].strip()
        before = line[: match.start()].rstrip()
        if vocabulary().role.fullmatch(inside):
            return f" {inside}："
        head = vocabulary().head.match(inside)
        if head and head.lastgroup in _OPENING and _role(head).casefold() not in vocabulary().not_roles:
            return f" {inside} "
        if _BEFORE_VALUE.search(before):
            return f"{inside} "
        if vocabulary().role.fullmatch(before.rsplit(" ", 1)[-1]):
            return f"：{inside} "
        if _LABELLED.search(before) and before.endswith(tuple(vocabulary().labels_of_names)):
            return f"{inside} "
        return match[0]

    return BRACKETS.sub(opened, line).strip()


@lru_cache(maxsize=_REMEMBERED)
def segments_of(line: str) -> Sequence[Segment]:
    """The roles of one line with their values; empty where it has none."""
    line = _parted_at_roles(BRACKETS.sub(" ", line).strip())
    # Both forms look at every place of a line; most lines have neither mark.
    if _MAY_BE_POSTFIX.search(line) and (found := _postfix(line) or _slashed(line)):
        return found
    heads = heads_of(line)
    if not heads:
        return []
    ends = [head.start() for head in heads[1:]] + [len(line)]
    found = [
        Segment(_role(head), line[head.end() : end].strip(), str(head.lastgroup))
        for head, end in zip(heads, ends, strict=True)
    ]
    preface = line[: heads[0].start()].strip(MARKERS)
    bare = all(segment.form in BARE for segment in found)
    if preface and bare and not found[-1].value and is_plain(preface):
        # 甲 摄影 乙 文字: the roles stand after the names.
        values = [preface, *(segment.value for segment in found[:-1])]
        found = [Segment(s.role, value, "postfix") for s, value in zip(found, values, strict=True)]
    return _named_like_roles(found)


def heads_of(line: str) -> list[re.Match[str]]:
    """The places where a role and its separator stand, from left to right, none inside another."""
    return list(heads_in(line))


def heads_in(line: str) -> Iterator[re.Match[str]]:
    """The same, one after the other."""
    pattern = vocabulary().head
    is_first = True
    position = 0
    while True:
        head = pattern.search(line, position)
        if head is not None and head.lastgroup == "unknown":
            head = _known_inside(line, head)
        if not is_first and (short := _short_role_inside(line, position, head)):
            head = short
        if head is None:
            return
        if head.lastgroup == "unknown" and not is_first and _AFTER_BAR.search(line, 0, head.start()):
            position = head.end()  # a name between two bars: 作者 | 甲 | 编辑 | 乙
            continue
        yield head
        is_first = False
        position = max(head.end(), head.start() + 1)


def _short_role_inside(line: str, start: int, head: re.Match[str] | None) -> re.Match[str] | None:
    """A role of one character before `head`, glued to a name: `甲某图：乙某`. The end of 王思文 | 编辑：… is none."""
    words = vocabulary()
    end = len(line) if head is None else head.end() if head.lastgroup == "unknown" else head.start()
    for short in words.short_inside.finditer(line, start + _SHORTEST_NAME, end):
        following = words.head.match(line, short.end())
        if following is None or following.lastgroup not in _OPENING:
            return short
    return None


def _known_inside(line: str, head: re.Match[str]) -> re.Match[str]:
    """The known role at the end of what looked like an unknown one (审核 in 甲某某审核：), else `head`."""
    if head["unknown"] in vocabulary().not_roles:
        return head
    for start in range(head.start() + 1, head.end()):
        inner = vocabulary().head.match(line, start)
        if inner and inner.lastgroup == "inner" and inner.end() >= head.end():
            return inner
    return head


def _role(head: re.Match[str]) -> str:
    role = re.sub(r" ?([^\w ]) ?", r"\1", head[str(head.lastgroup)]).strip()
    return vocabulary().tidied.get(role, role)


def _named_like_roles(found: Sequence[Segment]) -> list[Segment]:
    """`编辑：小编`: a role's word after a role without a name is the name."""
    merged: list[Segment] = []
    for segment in found:
        bare = segment.form in BARE and not segment.value
        if bare and merged and not merged[-1].value and merged[-1].form not in BARE:
            merged[-1] = Segment(merged[-1].role, segment.role, merged[-1].form)
        else:
            merged.append(segment)
    return merged


def _parted_at_roles(line: str) -> str:
    """`撰文/甲某编辑/乙某` as `撰文/甲某 编辑/乙某`."""

    def parted(match: re.Match[str]) -> str:
        glued = match[0]
        if vocabulary().role.fullmatch(glued):
            return glued
        for length in range(_SHORTEST_NAME, min(_LONGEST_NAME, len(glued) - _SHORTEST_NAME) + 1):
            if vocabulary().role.fullmatch(glued, length):
                return f"{glued[:length]} {glued[length:]}"
        return glued

    first, slash, _ = line.partition("/")
    if not slash or not vocabulary().role.fullmatch(first.strip()):
        return line
    return _BETWEEN_SLASHES.sub(parted, line)


def _slashed(line: str) -> Sequence[Segment]:
    """`主笔 / 甲 版面 / 乙`: [] unless the whole line is of this form, and one of the roles is known."""
    pairs = list(_SLASHED.finditer(line))
    whole = len(pairs) > 1 and pairs[0].start() == 0 and pairs[-1].end() == len(line)
    if not whole or any(a.end() != b.start() for a, b in pairwise(pairs)):
        return []
    role = vocabulary().role
    known = [role.fullmatch(pair[1]) is not None for pair in pairs]
    if not any(known) or any(role.fullmatch(pair[2]) for pair in pairs):
        return []
    forms = ("slashed" if is_known else "unknown" for is_known in known)
    return [Segment(pair[1], pair[2], form) for pair, form in zip(pairs, forms, strict=True)]


def _postfix(line: str) -> Sequence[Segment]:
    """`甲/文 乙/图`: [] unless the whole line is of this form."""
    first = _NAME_FIRST.fullmatch(line)
    if first and vocabulary().strong.fullmatch(first[2]) and not vocabulary().role.fullmatch(first[1]):
        return [Segment(first[2], first[1], "postfix")]
    pairs = list(_POSTFIX.finditer(line))
    whole = pairs and pairs[0].start() == 0 and pairs[-1].end() == len(line)
    if not whole or any(a.end() != b.start() for a, b in pairwise(pairs)):
        return []
    role = vocabulary().role
    if any(role.fullmatch(pair[1]) or not role.fullmatch(pair[2]) for pair in pairs):
        return []
    return [Segment(pair[2], pair[1], "postfix") for pair in pairs]
