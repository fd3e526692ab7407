"""The text of a credits span -> who is credited, as what: `编辑：甲 乙` is two people with the role 编辑.

Roles are printed in many ways: `文｜甲`, `图、文 | 甲`, `记者 甲 通讯员 乙`, `（来源：某报）`, `甲/文 乙/图`,
`Photo by X`, a role on a line of its own, six on one line, one glued to the name before it.
The words are data: rules/credit_roles.toml.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import chain, takewhile
from typing import TYPE_CHECKING, Literal

from crawler.items import Credit
from crawler.text import tidy_line
from pipelines.boilerplate.credit_names import is_medium, is_plain, names, names_office
from pipelines.boilerplate.credit_roles import vocabulary
from pipelines.boilerplate.credit_segments import (
    ADDRESS,
    BARE,
    BRACKETS,
    MARKERS,
    Segment,
    heads_in,
    segments_of,
    tidy_lines,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_SPAN = 4000  # characters; no span of credits is longer, and what is beyond is not read
_MAX_LINE_OF_CREDITS = 200
_REMEMBERED = 1024  # texts: an account's articles come one after another, mostly with the same people
_MAX_PENDING = 24  # characters of a name that stands on the line after its role
_WHOLE_LINES = frozenset({"postfix", "slashed"})  # forms that a whole line has, or none of it
_GLUED_FORMS = frozenset({"any", "inner"})  # of a role: those that a colon or a bar proves
_LONGEST_ROLE = 8  # characters of a role with a word before it (本期编辑, 资讯来源)
_SOMEBODY = "李某"
_MOST_CLAUSES = 2  # of a value that is no list of names
_LONGEST_WITH_STOP = 8  # characters of a value that ends with a stop and is names all the same: 作者：甲。
_COMMA = re.compile("[，,]")
_OF_ARTICLE = "本文"
_SPOKEN = re.compile(r"[“「\"][^”」\"]{6,}")  # 记者：“现在生意好吗”
_FILE = re.compile(r"[\w/]\.[A-Za-z]\w{1,4}$")
# A line that does not begin with a role may be credits where the names stand before the roles.
_MAY_NAME_FIRST = re.compile(r"[/／|｜丨]|\w$")
_TELEPHONE = re.compile(r"1\d{10}|0\d{2,3}-?\d{7,8}|\d{3,4}-\d{3,4}-?\d{3,4}")
_DOMAIN = re.compile(
    r"(?i)(?:[a-z0-9-]{2,}\.){1,3}(?:com|cn|net|org|info|io|gov|edu|news|tech|co|me|uk|de|fr|jp|ru|eu)"
)
_HAN_NAMES = re.compile(r"[\u3400-\u9fff]{13,}")  # longer than what people call themselves
_HAN_NAME = re.compile(r"[\u3400-\u9fff·]{2,4}")
_NAME_OF_SHORT_ROLE = re.compile(r"[\u3400-\u9fff·《》]{1,8}|[A-Za-z@][\w .'-]{1,20}")
_BRIEF_NAMES = re.compile(r"[\u3400-\u9fff]{2,3}(?:[ 、&＆][\u3400-\u9fff]{2,3}){0,3}")
# A dateline: 甲 乙 发自 柳湾
_FILED_FROM = re.compile(
    r"(?P<who>[\u3400-\u9fff·]{2,4}(?: [\u3400-\u9fff·]{2,4}){0,3}) ?发自 ?[\u3400-\u9fff]{2,8}(?: |$)"
)
_INTRODUCED = re.compile(r"[\u3400-\u9fff·]{2,4}(?:[，,（(]| [\u3400-\u9fff]{2,8}[，,])")
_SHORT_NAME = re.compile(r"[\u3400-\u9fff·]{2,4}|[A-Za-z][\w .'-]{1,30}")
_NAMES_BY_FORM = {"postfix": _HAN_NAME, "glued": _SHORT_NAME, "spaced": _SHORT_NAME, "employed": _SHORT_NAME}


def parse_credits(text: str) -> list[Credit]:
    """The people and sources that a credits span names, in reading order, without repetition.

    Args:
        text: one or several lines. Give the spans of one block together, their lines joined by a line feed:
            a name may stand on the line after its role, and a paragraph about the author has none.

    A word before a colon that is no known role (灯光：甲) is one only where a known one is among the lines.
    Roles are as printed, less padding and 本文. A source printed without a role has the role "". A role whose
    value is only a URL, an address or a date gives nothing. Never raises.
    """
    return list(_parsed(text[:MAX_SPAN]))


@lru_cache(maxsize=_REMEMBERED)
def _parsed(text: str) -> tuple[Credit, ...]:
    given = text.splitlines()
    reprints = [reprinted(line.strip()[:_MAX_LINE_OF_CREDITS]) for line in given]
    text = "\n".join(line for line, found in zip(given, reprints, strict=True) if not found)
    pending = ""  # a role whose name is expected on the next line
    about = False
    lines, found = _filed_from(tidy_lines(text))
    found = [*chain.from_iterable(reprints), *found]
    by_line = [segments_of(line) for line in lines]
    proven = any(segment.form != "unknown" for segments in by_line for segment in segments)
    for line, segments in zip(lines, by_line, strict=True):
        if vocabulary().about.match(line):
            about, pending = True, ""
            continue
        if about and not looks_like_credit(line):
            continue
        if not pending and (made := _made_by(line, segments)):
            found += made
            continue
        if not segments:
            if pending and len(line) <= _MAX_PENDING and is_plain(line):
                found += _credits(pending, line)
            elif len(lines) == 1:
                found += _source_without_role(line)
            pending = ""
            continue
        found += _named_before(line, pending)
        for segment in segments:
            if segment.form != "unknown":
                found += _credits(segment.role, segment.value)
            elif proven and vocabulary().role.fullmatch(segment.value):
                found += _credits(segment.value, segment.role)  # 甲 | 图片设计
            elif proven:
                found += _credits(segment.role, segment.value)
        is_to_come = not segments[-1].value or segments[-1].value in vocabulary().labels_of_names
        pending = segments[-1].role if is_to_come else ""
    return tuple(dict.fromkeys(found))


def reprinted(line: str) -> list[Credit]:
    """Whom WeChat names above a reprint: `以下文章来源于某号，作者甲`, the account first; [] where it is none."""
    words = vocabulary()
    roles = words.reprint_roles
    found = words.reprint.fullmatch(line)
    if found is None:
        roles = ("", "Author")
        found = words.reprint_in_english.fullmatch(line)
    named = zip(roles, (found["account"], found["author"]), strict=True) if found is not None else ()
    return [Credit(role=role, name=name.strip()) for role, name in named if name]


def looks_like_credit(line: str) -> bool:
    """Whether the whole `line` is credits by its form: a role that proves it (or two others) and names.

    Where it stands is not asked; 来源：某局 under a table of the body looks just so. Never raises.
    """
    return credit_likeness(line) == "sure"


def names_several(line: str) -> bool:
    """Whether the whole `line` is credits of two roles or more, and no parts in a work. Never raises."""
    if not 2 < len(line) <= _MAX_LINE_OF_CREDITS or credit_likeness(line) != "sure":
        return False
    roles = [segment.role for segment in _sure_segments(line) if segment.form != "unknown"]
    return len(roles) > 1 and vocabulary().of_works.isdisjoint(roles)


def first_role(line: str) -> str:
    """The role that `line` begins with, as kept; empty where it has none. Never raises."""
    segments = segments_of(next(iter(tidy_lines(line[:_MAX_LINE_OF_CREDITS])), ""))
    return segments[0].role if segments else ""


def names_source(line: str) -> bool:
    """Whether the first that `line` names is where a text comes from. Never raises."""
    return vocabulary().source.fullmatch(first_role(line)) is not None


def introduces_author(line: str) -> bool:
    """Whether `line` names somebody in a role that proves a credit, and goes on about who that is (作者：甲，教师).

    Never raises.
    """
    segments = segments_of(next(iter(tidy_lines(line[:_MAX_LINE_OF_CREDITS])), ""))
    return (
        len(segments) == 1
        and vocabulary().strong.fullmatch(segments[0].role) is not None
        and vocabulary().head.match(line.strip()) is not None
        and _INTRODUCED.match(segments[0].value) is not None
        and len(_credits(segments[0].role, segments[0].value)) == 1
    )


def _filed_from(lines: list[str]) -> tuple[list[str], list[Credit]]:
    """`lines` without the datelines that they begin with, and who is named in those."""
    left: list[str] = []
    found: list[Credit] = []
    for line in lines:
        filed = _FILED_FROM.match(line)
        found += _credits("", filed["who"]) if filed else []
        left.append(line[filed.end() :] if filed else line)
    return left, found


def _made_by(line: str, segments: Sequence[Segment]) -> list[Credit]:
    """Who is named before the one role of `line`, behind which stands no name, but at most an account's id."""
    words = vocabulary()
    if licensed := words.licensed.match(line):
        return [Credit(role="", name=licensed["who"])]
    if any(segment.value and not segment.value.startswith(tuple(words.labels_of_names)) for segment in segments):
        return []
    line = words.where_to_find.split(line.lstrip("，, "), maxsplit=1)[0]
    forms = (words.pictures_by, words.pictures_from, words.issued_by, words.made_by, words.of_account)
    made = next((match for form in forms if (match := form.fullmatch(line))), None)
    if made is None or made["who"] in words.nobody or words.role.fullmatch(made["who"]):
        return []
    return [Credit(role=made["role"], name=name) for name in names(made["who"], source=True)]


def _named_before(line: str, role: str) -> list[Credit]:
    """Who is named before the first role of `line`: with what they did (某号报道 编辑：甲), or by `role` above."""
    head = next(heads_in(line), None)
    named = line[: head.start()].strip() if head is not None else ""
    if role and named and len(named) <= _MAX_PENDING and is_plain(named):
        return list(_credits(role, named))
    return _made_by(named, ()) if named else []


Likeness = Literal["sure", "brief", "likely", "none"]


def credit_likeness(line: str) -> Likeness:
    """How surely the whole `line` is credits by its form. Never raises.

    `sure`: a role that proves it (or two others) and names. `likely`: a role that stands in ordinary text too
    (配乐：甲) and names; beside other credits it is one. `brief`: likely, and people's names of two or three
    characters; at the text's end it is one.
    """
    return _likeness(line) if 2 < len(line) <= _MAX_LINE_OF_CREDITS else "none"


@lru_cache(maxsize=_REMEMBERED)
def _likeness(line: str) -> Likeness:
    found = _sure_segments(line)
    known = [segment for segment in found if segment.form != "unknown"]
    if len(known) > 1 or any(s.form == "english" or vocabulary().strong.fullmatch(s.role) for s in known):
        return "sure"
    if not known or len(found) > 1 or known[0].form in BARE or known[0].role in vocabulary().of_works:
        return "none"
    return "brief" if _BRIEF_NAMES.fullmatch(known[0].value) else "likely"


def _sure_segments(line: str) -> Sequence[Segment]:
    """The roles of `line` with their values, if nothing else stands in it; else []."""
    tidied = next(iter(tidy_lines(" ".join(line.splitlines()))), "")
    if not _MAY_NAME_FIRST.search(tidied) and not vocabulary().head.match(tidied):
        return []  # told at its beginning alone: most lines that are asked about are prose
    segments = segments_of(tidied)
    if not segments or vocabulary().about.match(tidied) or vocabulary().of_poems.search(line):
        return []
    if not any(segment.form in _WHOLE_LINES for segment in segments):
        first = vocabulary().head.search(tidied)
        if first is None or first.start() > 0 or _is_of_something(first, segments[0]):
            return []
    filled = [segment for segment in segments if segment.value.strip() not in {"", ADDRESS}]
    return filled if all(map(_is_sure, filled)) else []


def _is_of_something(head: re.Match[str], segment: Segment) -> bool:
    """Whether a source's role stands behind a word that is none's (电流来源：太阳能板)."""
    return (
        head.lastgroup == "unknown"
        and segment.form != "unknown"
        and vocabulary().source.fullmatch(segment.role) is not None
    )


def _is_sure(segment: Segment) -> bool:
    """Whether the value is names and nothing else; the less divides it from the role, the more is asked."""
    found = [credit.name for credit in _credits(segment.role, segment.value)]
    source = vocabulary().source.fullmatch(segment.role) is not None
    files = [name for name in found if _FILE.search(name) and not (source and _DOMAIN.fullmatch(name))]
    is_name = is_plain(segment.value) and not _TELEPHONE.search(segment.value)
    if not found or files or not is_name or (not source and _is_nobody(segment, found)):
        return False
    if segment.form == "glued" and source:
        return all(name in vocabulary().glued_values or is_medium(name) for name in found)
    if source or segment.form == "english":
        return not segment.value.endswith(".")
    pattern = _NAMES_BY_FORM.get(segment.form)
    if pattern is None and len(segment.role) == 1:
        pattern = _NAME_OF_SHORT_ROLE  # none in 图：某某软件的启动界面
    if pattern is not None:
        return all(map(pattern.fullmatch, found))
    is_sentence = segment.value.endswith("。") and len(segment.value) > _LONGEST_WITH_STOP
    clauses = segment.value.count("，") + 1
    if is_sentence or clauses <= _MOST_CLAUSES:
        return not is_sentence
    return len(found) == clauses and all(map(_SHORT_NAME.fullmatch, found))


def _is_nobody(segment: Segment, found: Sequence[str]) -> bool:
    """Whether the value, in which `found` looks like names, is what somebody says, or what was translated."""
    if _SPOKEN.match(segment.value):
        return True
    is_translated = segment.role.endswith(vocabulary().translating)
    return is_translated and any(_HAN_NAMES.fullmatch(name) and not names_office(name) for name in found)


def credits_of_statement(text: str) -> list[Credit]:
    """Whom a statement names before it states: `本文来源某某社，经授权发布，…`, `本文策划甲某，编辑乙某，转载请…`.

    Only what clauses up to a comma are nothing but; of people at least two, or the first of an article's (本文). Never
    raises.
    """
    line = tidy_line(text[:_MAX_LINE_OF_CREDITS])
    words = vocabulary()
    clause = words.source_clause.match(line)
    if clause is not None and words.source.fullmatch(clause["role"]) and is_plain(clause["value"]):
        role = clause["role"]
        return list(_credits(words.tidied.get(role, role), clause["value"].strip(MARKERS + ":：")))
    *clauses, _ = _COMMA.split(line)
    named = list(takewhile(lambda match: match is not None, map(words.named_clause.fullmatch, clauses)))
    found = [credit for match in named if match for credit in _credits(match["role"], match["name"])]
    return found if len(found) > 1 or line.startswith(_OF_ARTICLE) else []


def begins_with_role(text: str) -> bool:
    """Whether `text` begins with a known role and its colon or bar. Never raises."""
    head = vocabulary().head.match(text)
    return head is not None and head.lastgroup in _GLUED_FORMS


def is_role(text: str) -> bool:
    """Whether `text` is nothing but a role (编辑, 图、文, 资讯来源：), as on a line of its own."""
    role = tidy_line(text).strip(MARKERS + ":： ")
    if not role or role.casefold() in vocabulary().not_roles:
        return False
    if vocabulary().role.fullmatch(role):
        return True
    return len(role) <= _LONGEST_ROLE and credit_likeness(f"{role}:{_SOMEBODY}") == "sure"


@lru_cache(maxsize=_REMEMBERED)
def _credits(role: str, value: str) -> tuple[Credit, ...]:
    """Asked for when a line is judged, and again when its names are read."""
    if not value or role.casefold() in vocabulary().not_roles:
        return ()
    source = vocabulary().source.fullmatch(role) is not None
    if source and value.lstrip().startswith(ADDRESS):
        return ()  # a source that is an address has no name; what stands behind it is another's
    return tuple([Credit(role=role, name=name) for name in names(value, source=source)])


def _source_without_role(line: str) -> list[Credit]:
    """A medium's name alone, or any name with its account's id in brackets."""
    bare = BRACKETS.sub("", line).strip()
    found = names(bare, source=True)
    identified = bare != line and re.search(r"(?i)[（(【\[] ?(?:微信)?(?:ID|公众号)", line)
    if len(found) == 1 and is_plain(bare) and "，" not in bare and (identified or is_medium(found[0])):
        return [Credit(role="", name=found[0])]
    return []
