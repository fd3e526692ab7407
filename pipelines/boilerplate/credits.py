"""The text of a credits span -> who is credited, as what: `编辑：甲 乙` is two people with the role 编辑.

Roles are printed in many ways: `文｜甲`, `图、文 | 甲`, `记者 甲 通讯员 乙`, `（来源：某报）`, `甲/文 乙/图`,
`Photo by X`, a role on a line of its own, six on one line, one glued to the name before it.
The words are data: rules/credit_roles.toml.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from crawler.items import Credit
from crawler.text import tidy_line
from pipelines.boilerplate.credit_names import is_medium, is_plain, names
from pipelines.boilerplate.credit_roles import STRONG_SEPARATOR, vocabulary

MAX_SPAN = 4000  # characters; no span of credits is longer, and what is beyond is not read
_MAX_LINE_OF_CREDITS = 200
_MAX_PENDING = 24  # characters of a name that stands on the line after its role
_MARKERS = " \t>*#●■▲▼◆▍▎▏|丨｜-—–~·•⊙○☆★✎✍"
_BRACKETS = re.compile(r"[（(\[【〔]([^（(\[【〔）)\]】〕]*)[）)\]】〕]")
_DANGLING = re.compile(r" ?[（(\[【〔]$")
_OPEN = re.compile(r"[（(\[【〔][^）)\]】〕]*$")
_BEFORE_VALUE = re.compile(f"{STRONG_SEPARATOR} ?$")
_POSTFIX = re.compile(r"([^\s/／]{2,12})[/／]([^\s/／]{1,8})(?: |$)")
_OPENING = frozenset({"any", "inner", "english"})  # forms of a role that make a bracket part of the line
_BARE = frozenset({"spaced", "end"})  # forms of a role without a separator
_WHOLE = re.compile(r"[（(\[【〔]([^（(\[【〔）)\]】〕]*)[）)\]】〕][。.]?")
_FILE = re.compile(r"[\w/]\.[A-Za-z]\w{1,4}$")
_HAN_NAME = re.compile(r"[\u3400-\u9fff·]{2,4}")
_NAME_OF_SHORT_ROLE = re.compile(r"[\u3400-\u9fff·《》]{1,8}|[A-Za-z@][\w .'-]{1,20}")
_SHORT_NAME = re.compile(r"[\u3400-\u9fff·]{2,4}|[A-Za-z][\w .'-]{1,30}")
_NAMES_BY_FORM = {"postfix": _HAN_NAME, "glued": _SHORT_NAME, "spaced": _SHORT_NAME, "employed": _SHORT_NAME}
_URL = re.compile(r"https?://[^\s\u3000-\u303f\uff00-\uffef]*", re.IGNORECASE)
_ADDRESS = "\N{OBJECT REPLACEMENT CHARACTER}"  # stands for a URL: a value, but no name
_AFTER_BAR = re.compile(r"[:：|｜丨、，,/／&] ?$")
_MARKDOWN_ESCAPE = re.compile(r"\\([|*_#>\-])")


@dataclass(frozen=True, slots=True)
class _Segment:
    """A role and what is printed after it, up to the next role."""

    role: str
    value: str
    form: str  # which alternative of Vocabulary.head found it


def parse_credits(text: str) -> list[Credit]:
    """The people and sources that a credits span names, in reading order, without repetition.

    Args:
        text: one or several lines. Give the spans of one block together, their lines joined by a line feed:
            a name may stand on the line after its role, and a paragraph about the author has none.

    Roles are as printed, less padding and 本文. A source printed without a role has the role "". A role whose
    value is only a URL, an address or a date gives nothing. Never raises.
    """
    found: list[Credit] = []
    pending = ""  # a role whose name is expected on the next line
    about = False
    lines = _lines(text[:MAX_SPAN])
    for line in lines:
        if vocabulary().about.match(line):
            about, pending = True, ""
            continue
        if about and not looks_like_credit(line):
            continue
        segments = _segments(line)
        if not segments:
            if pending and len(line) <= _MAX_PENDING and is_plain(line):
                found += _credits(pending, line)
            elif len(lines) == 1:
                found += _source_without_role(line)
            pending = ""
            continue
        for segment in segments:
            found += _credits(segment.role, segment.value)
        pending = segments[-1].role if not segments[-1].value else ""
    return list(dict.fromkeys(found))


def looks_like_credit(line: str) -> bool:
    """Whether the whole `line` is credits by its form: a role that proves it (or two others) and names.

    Where it stands is not asked; 来源：某局 under a table of the body looks just so. Never raises.
    """
    if not 2 < len(line) <= _MAX_LINE_OF_CREDITS:
        return False
    tidied = next(iter(_lines(" ".join(line.splitlines()))), "")
    segments = _segments(tidied)
    if not segments or vocabulary().about.match(tidied):
        return False
    if segments[0].form != "postfix":
        first = vocabulary().head.search(tidied)
        if first is None or first.start() > 0:
            return False
    filled = [segment for segment in segments if segment.value]
    if not filled or not all(map(_is_sure, filled)):
        return False
    known = [segment for segment in filled if segment.form != "unknown"]
    return any(s.form == "english" or vocabulary().strong.fullmatch(s.role) for s in known) or len(known) > 1


def _is_sure(segment: _Segment) -> bool:
    """Whether the value is names and nothing else; the less divides it from the role, the more is asked."""
    found = [credit.name for credit in _credits(segment.role, segment.value)]
    if not found or not is_plain(segment.value) or any(map(_FILE.search, found)):
        return False
    source = vocabulary().source.fullmatch(segment.role) is not None
    if segment.form == "glued" and source:
        return all(name in vocabulary().glued_values or is_medium(name) for name in found)
    if source or segment.form == "english":
        return not segment.value.endswith(".")
    pattern = _NAMES_BY_FORM.get(segment.form)
    if pattern is None and len(segment.role) == 1:
        pattern = _NAME_OF_SHORT_ROLE  # none in 图：某某软件的启动界面
    if pattern is not None:
        return all(map(pattern.fullmatch, found))
    return not segment.value.endswith("。") and segment.value.count("，") < 2


def is_role(text: str) -> bool:
    """Whether `text` is nothing but a role (编辑, 图、文), as on a line of its own."""
    role = tidy_line(text).strip(_MARKERS + ":：")
    return (
        bool(role) and role.casefold() not in vocabulary().not_roles and (vocabulary().role.fullmatch(role) is not None)
    )


def _lines(text: str) -> list[str]:
    """Tidy lines without list markers; a bracket that a line break divides is one line again."""
    lines: list[str] = []
    for raw in text.splitlines():
        line = tidy_line(_URL.sub(f" {_ADDRESS} ", _MARKDOWN_ESCAPE.sub(r"\1", raw))).lstrip(_MARKERS).rstrip(" \t")
        line = vocabulary().spaced_out.sub(_closed_up, line)
        if whole := _WHOLE.fullmatch(line):
            line = whole[1].strip()
        if not line:
            continue
        if lines and _OPEN.search(lines[-1]):
            lines[-1] += line
        else:
            lines.append(line)
    return [_unbracket(_DANGLING.sub("", line)) for line in lines]


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
        return match[0]

    return _BRACKETS.sub(opened, line).strip()


def _segments(line: str) -> list[_Segment]:
    """The roles of one line with their values; [] where it has none."""
    line = _BRACKETS.sub(" ", line).strip()
    if postfix := _postfix(line):
        return postfix
    heads = _heads(line)
    if not heads:
        return []
    ends = [head.start() for head in heads[1:]] + [len(line)]
    found = [
        _Segment(_role(head), line[head.end() : end].strip(), str(head.lastgroup))
        for head, end in zip(heads, ends, strict=True)
    ]
    preface = line[: heads[0].start()].strip(_MARKERS)
    bare = all(segment.form in _BARE for segment in found)
    if preface and bare and not found[-1].value and is_plain(preface):
        # 甲 摄影 乙 文字: the roles stand after the names.
        values = [preface, *(segment.value for segment in found[:-1])]
        found = [_Segment(s.role, value, "postfix") for s, value in zip(found, values, strict=True)]
    return _named_like_roles(found)


def _heads(line: str) -> list[re.Match[str]]:
    """The places where a role and its separator stand, from left to right, none inside another."""
    pattern = vocabulary().head
    heads: list[re.Match[str]] = []
    position = 0
    while head := pattern.search(line, position):
        if head.lastgroup == "unknown":
            head = _known_inside(line, head)
        if head.lastgroup == "unknown" and heads and _AFTER_BAR.search(line, 0, head.start()):
            position = head.end()  # a name between two bars: 作者 | 甲 | 编辑 | 乙
            continue
        heads.append(head)
        position = max(head.end(), head.start() + 1)
    return heads


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


def _named_like_roles(found: list[_Segment]) -> list[_Segment]:
    """`编辑：小编`: a role's word after a role without a name is the name."""
    merged: list[_Segment] = []
    for segment in found:
        bare = segment.form in _BARE and not segment.value
        if bare and merged and not merged[-1].value and merged[-1].form not in _BARE:
            merged[-1] = _Segment(merged[-1].role, segment.role, merged[-1].form)
        else:
            merged.append(segment)
    return merged


def _postfix(line: str) -> list[_Segment]:
    """`甲/文 乙/图`: [] unless the whole line is of this form."""
    pairs = list(_POSTFIX.finditer(line))
    whole = pairs and pairs[0].start() == 0 and pairs[-1].end() == len(line)
    if not whole or any(a.end() != b.start() for a, b in pairwise(pairs)):
        return []
    role = vocabulary().role
    if any(role.fullmatch(pair[1]) or not role.fullmatch(pair[2]) for pair in pairs):
        return []
    return [_Segment(pair[2], pair[1], "postfix") for pair in pairs]


def _credits(role: str, value: str) -> list[Credit]:
    if not value or role.casefold() in vocabulary().not_roles:
        return []
    source = vocabulary().source.fullmatch(role) is not None
    if source and value.lstrip().startswith(_ADDRESS):
        return []  # a source that is an address has no name; what stands behind it is another's
    return [Credit(role=role, name=name) for name in names(value, source=source)]


def _source_without_role(line: str) -> list[Credit]:
    """A medium's name alone, or any name with its account's id in brackets."""
    bare = _BRACKETS.sub("", line).strip()
    found = names(bare, source=True)
    identified = bare != line and re.search(r"(?i)[（(【\[] ?(?:微信)?(?:ID|公众号)", line)
    if len(found) == 1 and is_plain(bare) and (identified or is_medium(found[0])):
        return [Credit(role="", name=found[0])]
    return []
