"""The value of a credit (`林 河 周 渡、许青山（某报）`) -> the names in it."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

from pipelines.boilerplate.credit_roles import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_VALUE = 400  # characters; what is longer is no list of names
_MAX_NAME = 30
_MIN_PERSON = 2  # characters on each side of a conjunction, so that 林和平 stays one name
_MIN_SOURCE = 3
_LONGEST_SOURCE = 6  # characters of a further source that does not end as the names of media and offices do
_CONJUNCTION_OF_SOURCES = "及"  # no medium has it in its name
_MAX_HAN_NAME = 4
_GLUED_NAME = 3
_GLUED_LENGTHS = frozenset({2 * _GLUED_NAME, 3 * _GLUED_NAME})
_MIN_EMPLOYER = 7
_HAN_FIRST = "\u3400"
_COMMA = re.compile("[，,]")
_BRACKETED = re.compile(r"[（(\[【〔][^（(\[【〔）)\]】〕]*[）)\]】〕]")
_OPENED = re.compile(r"[（(\[【〔].*", re.DOTALL)
_SENTENCE_END = re.compile(r"[。！？!?…]|\.{3}")
_NAMELESS = re.compile(
    r"https?:|www\.|^[\w.+-]+@[\w-]+\.[\w.-]+$|^(?=.*\d)[\d年月日时分./:：\- +()（）]{1,14}$|^\W*$|[她他它]们?的"
    r"|^[一两这那][个位本双场部段名条].*的"
    r"|被[\u4e00-\u9fff]{2}|[吗呢]$",
    re.IGNORECASE,
)
_JOINED_BY_DASH = re.compile(r"(?<=[\u3400-\u9fff]{4}) {1,2}[-–—] {1,2}(?=[A-Za-z])")  # 某某学院 - X: one name
_ABBREVIATED = re.compile(r"[A-Z][a-z]?\.")  # part of a name: Dr. X, J. K. Y
_YEARS = re.compile(r"\d{1,3}\+?[多余]?[年岁]")  # of work, or of age
# Behind a name, what a dump glued to it begins: a picture, a line drawn.
_DRESSED = re.compile(r"(?<=\w) ?[\u2190-\u22ff\u2300-\u2bff\u3030\U0001f000-\U0001faff]+(?!$)")
_LABEL = re.compile(r"([\u3400-\u9fff]{2,8})[：:] ?(?=\w)")  # 读者：甲
_ISSUE = re.compile(r"(《[^》]{2,24}》) ?(?:\d{4}年)?(?:第?\d{1,4}期|\d{1,2}月刊|第\d)")  # of a magazine
_PERSON = re.compile(r"[\u3400-\u9fff]{2,3}")
_HAN_TOKEN = re.compile(r"[\u3400-\u9fff〇·]+")
_QUOTES = (("“", "”"), ("「", "」"), ("‘", "’"))
_EDGES = " @\t\u3000:：、，,;；/|丨｜\\-—–_~～*#>=“”\"'‘’「」·•.。）)】]〕"


def names(value: str, *, source: bool) -> list[str]:
    """The names in the value of one role, in order, without repetition.

    Args:
        value: what is printed after the role, one line (longer than `MAX_VALUE` characters: no names).
        source: the names are of media or offices, not of people.

    Brackets and what stands in them are dropped, so are titles and employers beside a person's name, dates,
    URLs and e-mail addresses. A person's characters that were spaced out are one name again.
    """
    if len(value) > MAX_VALUE:
        return []
    found: list[str] = []
    plain = _OPENED.sub(" ", _BRACKETED.sub(" ", value))
    plain = vocabulary().behind_names.split(_DRESSED.split(plain, maxsplit=1)[0], maxsplit=1)[0]
    plain = _SENTENCE_END.split(plain, maxsplit=1)[0] if _SENTENCE_END.search(plain) else plain
    plain = _without_clauses(plain) if source else _without_description(plain)
    parts = vocabulary().separator.split(plain)
    for part in parts:
        if said := vocabulary().not_names.search(part):
            name = part[: said.start()].strip(_EDGES)
            found += [name] if not source and _PERSON.fullmatch(name) else []
            break
        found += _of_part(_bare(part), source=source)
    if not source:
        found = _without_affiliations(found) or _labelled(parts)
        found = [name for name in found if name not in vocabulary().places_of_people] or found
    return list(dict.fromkeys(name for name in found if _is_name(name)))


def is_plain(value: str) -> bool:
    """Whether `value` is nothing but names by its form: short parts, no sentence, no statement."""
    plain = _OPENED.sub("", _BRACKETED.sub("", value)).strip()
    if _SENTENCE_END.search(plain.rstrip("。")) or vocabulary().not_names.search(plain):
        return False
    return all(len(part.strip()) <= _MAX_NAME for part in vocabulary().separator.split(plain))


def is_medium(name: str) -> bool:
    """Whether `name` ends as the names of media do (某某日报, 某某网)."""
    return vocabulary().media.fullmatch(name) is not None


def names_office(name: str) -> bool:
    """Whether `name` ends as the names of media and offices do."""
    return name.endswith("》") or is_medium(name) or vocabulary().affiliation.fullmatch(name) is not None


def _without_description(value: str) -> str:
    """`林小河，中学教师，著有……` less what follows the first comma, if some of it is no name."""
    first, *others = (clause.strip() for clause in _COMMA.split(value))
    told = any(
        _YEARS.match(clause) is not None
        or (len(clause) > _MAX_HAN_NAME and clause.isalnum())
        or vocabulary().affiliation.fullmatch(clause)
        for clause in others
        if _YEARS.match(clause) or (not vocabulary().separator.search(clause) and not clause.isascii())
    )
    return first if told else value


def _without_clauses(value: str) -> str:
    """`某号，信息可能已经过时` less the clauses behind the first comma that are no further source."""
    first, *others = (clause.strip() for clause in _COMMA.split(value))
    named = []
    for clause in others:
        if len(clause) > _LONGEST_SOURCE and not names_office(clause):
            break
        named.append(clause)
    return "，".join([first, *named])


def _of_part(part: str, *, source: bool) -> list[str]:
    """The names in what stands between two separators."""
    words = vocabulary()
    while (ending := words.endings.search(part)) and ending.start() >= _MIN_PERSON:
        part = part[: ending.start()].rstrip(_EDGES)
    if source and (issue := _ISSUE.match(part)):
        part = issue[1]
    if source and (beginning := words.beginnings.match(part)) and len(part) - beginning.end() >= _MIN_PERSON:
        part = part[beginning.end() :]
    if not source:
        label = _LABEL.match(part)
        if label is not None and label[1].endswith(tuple(words.labels_of_names)):
            return []  # the author's account
        part = _without_employer(part[label.end() :] if label is not None else part)
    for word in words.conjunctions:
        left, found, right = part.partition(word)
        of_sources = source and _CONJUNCTION_OF_SOURCES not in word
        least = _MIN_SOURCE if of_sources else _MIN_PERSON
        if of_sources and not names_office(left.strip()):
            continue  # 漏洞和威胁信息平台 is one
        if right.endswith(words.departments) and not left.endswith(words.departments):
            continue  # 平台与技术部
        if found and min(len(left.strip()), len(right.strip())) >= least:
            return [*_of_part(left.strip(), source=source), *_of_part(right.strip(), source=source)]
    tokens = [
        f"{bare}." if _ABBREVIATED.fullmatch(token) else bare
        for token in _JOINED_BY_DASH.sub("-", part).split()
        if (bare := _bare(token)) and not _NAMELESS.search(bare)
    ]
    if not tokens:
        return []
    if all(map(_HAN_TOKEN.fullmatch, tokens)):
        return tokens if source else _close_up(tokens)
    return [" ".join(tokens)] if source or len(tokens) == 2 else _group_latin(tokens)


def _labelled(parts: Iterable[str]) -> list[str]:
    """Whom `公众号：某号` names: an account stands for its people where nobody else is named."""
    labels = ((part.lstrip(), _LABEL.match(part.lstrip())) for part in parts)
    return [part[label.end() :] for part, label in labels if label and label[1] in vocabulary().labels_of_accounts]


def _bare(part: str) -> str:
    """`part` less the marks around it, but for a quote that belongs to one inside: “甲”公众号."""
    bare = part.strip(_EDGES)
    for opening, closing in _QUOTES:
        if bare.count(closing) > bare.count(opening) and part[: part.find(bare)].endswith(opening):
            bare = opening + bare
    return bare


def _without_employer(part: str) -> str:
    """`某某研究院技术部 林小河`, `某某社评论员林小河` less what is too long for a name, or says where one works."""
    if employed := vocabulary().employed_name.fullmatch(part):
        return employed["name"]
    tokens = part.split()
    long = [
        token
        for token in tokens
        if len(token) >= _MIN_EMPLOYER and (token[0] >= _HAN_FIRST or vocabulary().affiliation.fullmatch(token))
    ]
    names_too = any(_MIN_PERSON <= len(token) <= _MAX_HAN_NAME and _HAN_TOKEN.fullmatch(token) for token in tokens)
    return " ".join(token for token in tokens if token not in long) if long and names_too else part


def _close_up(tokens: list[str]) -> list[str]:
    """Names whose characters were padded with spaces, closed up: 林 河 周 渡 许青山 are three people."""
    surnames = vocabulary().compound_surnames
    closed: list[str] = []
    run: list[str] = []  # single characters that follow one another
    for token in [*chain.from_iterable(map(_unglued, tokens)), ""]:
        if len(token) == 1:
            run.append(token)
            continue
        name = token
        if run and closed and closed[-1] in surnames:
            closed[-1] += run.pop(0)
        if len(run) == 1 and len(token) == 2:
            name = run[0] + token  # 李 小明
        else:
            closed += _pairs(run)
        run = []
        if name:
            closed.append(name)
    return closed


def _unglued(token: str) -> list[str]:
    """Two or three names of three characters that a dump glued: each begins with a surname."""
    if len(token) not in _GLUED_LENGTHS:
        return [token]
    parts = [token[start : start + _GLUED_NAME] for start in range(0, len(token), _GLUED_NAME)]
    return parts if all(part[0] in vocabulary().surnames for part in parts) else [token]


def _pairs(run: list[str]) -> list[str]:
    """Single characters as names of two, the last of three where the number is odd."""
    if len(run) <= 3:
        return ["".join(run)] if run else []
    return [run[0] + run[1], *_pairs(run[2:])]


def _group_latin(tokens: list[str]) -> list[str]:
    """Tokens of both scripts: words in Latin letters that follow one another are one name."""
    grouped: list[str] = []
    before_latin = False
    for token in tokens:
        latin = not _HAN_TOKEN.fullmatch(token)
        if latin and before_latin:
            grouped[-1] += f" {token}"
        else:
            grouped.append(token)
        before_latin = latin
    return grouped


def _without_affiliations(found: list[str]) -> list[str]:
    """`found` without employers and titles, unless that leaves nobody."""
    pattern = vocabulary().affiliation
    people = [
        name
        for name in found
        if not (pattern.fullmatch(name) and (len(name) > 3 or not pattern.fullmatch("·" + name[1:])))
    ]
    return people or found


def _is_name(name: str) -> bool:
    if len(name) > _MAX_NAME or name in vocabulary().labels_of_names or _NAMELESS.search(name):
        return False
    return any(character.isalnum() for character in name)
