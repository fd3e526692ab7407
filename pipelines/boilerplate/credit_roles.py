"""The vocabulary of credits (rules/credit_roles.toml), compiled once."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_FILE = Path(__file__).with_name("rules") / "credit_roles.toml"
# A colon or a bar ends a role wherever it stands; the other separators only where a word begins.
STRONG_SEPARATOR = "[:：|｜丨∣│┃︱❘¦]"
WEAK_SEPARATOR = r"[/／\-—–·•=＝】〕\]]"
_JOINER = "[、/／&＆+＋和与及丨|｜]"
_HAN = "[\\u3400-\\u9fff]"
_BOUNDARY = r"(?<![^\W_])"  # no letter, digit or ideograph before


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Words and patterns of credits. Patterns match within one line; group `role` is the role as printed."""

    head: re.Pattern[str]  # a role and what divides it from its value
    short_inside: re.Pattern[str]  # a role of one character glued to the name before it, and what divides it
    role: re.Pattern[str]  # for fullmatch(): a role, also several joined (图、文)
    strong: re.Pattern[str]  # for fullmatch(): a role that says by itself that a line is a credit
    source_clause: re.Pattern[str]  # for match(): 本文来源某某社，; groups `role` and `value`
    named_clause: re.Pattern[str]  # for fullmatch(): 本文策划甲某; groups `role` and `name`
    source: re.Pattern[str]  # for fullmatch(): a role whose values are media or offices
    reprint_in_english: re.Pattern[str]  # for fullmatch(): groups `account` and `author`
    reprint: re.Pattern[str]  # the same in Chinese
    reprint_roles: tuple[str, ...]  # of both
    translating: tuple[str, ...]  # ends of the roles of who translated
    author_is: re.Pattern[str]  # for match(): before a name that the line ends with: 本文作者是甲某
    before_latin: re.Pattern[str]  # for fullmatch(): groups `role` and `who` (作者rivermouth)
    done_by: re.Pattern[str]  # for search(): groups `who` and `role` (，甲某译)
    spaced_out: re.Pattern[str]  # single characters before a separator: 编 辑：; a role of two also behind a name
    of_poems: re.Pattern[str]  # for search(): what stands beside the author of a poem
    of_works: frozenset[str]  # roles in works that an article may be about
    tidied: dict[str, str]  # a role as printed -> as kept
    not_roles: frozenset[str]
    about: re.Pattern[str]  # for match(): begins a paragraph about the author
    separator: re.Pattern[str]  # divides names
    not_names: re.Pattern[str]  # for search(): a statement begins, the names are over
    conjunctions: tuple[str, ...]
    endings: re.Pattern[str]  # for search(): what stands after the last name
    beginnings: re.Pattern[str]  # for match(): what stands before a source's name
    behind_names: re.Pattern[str]  # for search(): what a dump glues to the last name
    compound_surnames: frozenset[str]
    surnames: frozenset[str]  # of one character, that most people have
    affiliation: re.Pattern[str]  # for fullmatch(): an employer, an office or a title
    glued_values: frozenset[str]  # what may follow a source's role without a separator: 图片来源网络
    employed_name: re.Pattern[str]  # for fullmatch(): an employer, what one is there, and the group `name`
    media: re.Pattern[str]  # for fullmatch(): the name of a medium
    behind_medium: re.Pattern[str]  # for match(): a medium before what one is there: 《某刊》记者/甲
    after_comma: re.Pattern[str]  # for sub(): a comma and a role at a line's end, group `role`: 转载自某刊，作者 甲
    made_by: re.Pattern[str]  # for fullmatch(): groups `who` and `role` (甲某报道)
    issued_by: re.Pattern[str]  # for fullmatch(): groups `who` and `role` (由甲报，乙网联合发布)
    pictures_by: re.Pattern[str]  # for fullmatch(): groups `role` and `who` (图片由甲某拍摄)
    taken_from: tuple[str, ...]  # one of them stands in what the next finds
    from_where: re.Pattern[str]  # for sub(): between a picture's role, group `role`, and its value: 题图：来自某网
    pictures_from: re.Pattern[str]  # for fullmatch(): groups `role` and `who` (题图来自某网)
    where_to_find: re.Pattern[str]  # for split(): behind who made it, where: ，原文地址：
    of_account: re.Pattern[str]  # for fullmatch(): groups `who` and (empty) `role` (某号 | 公众号 Someid)
    licensed: re.Pattern[str]  # for match(): group `who` (甲某 SAC 执业证书编号：…)
    nobody: frozenset[str]  # who has no name of their own (图片由作者提供)
    in_english: frozenset[str]  # roles in English, in small letters
    departments: tuple[str, ...]  # ends of the names of departments
    labels_of_names: frozenset[str]  # before a name, and none
    roles_of_captions: frozenset[str]  # that a picture is captioned with
    labels_of_accounts: frozenset[str]  # those of an account
    places_of_people: frozenset[str]  # where a person is found, and none


def _any(words: Iterable[str]) -> str:
    """A pattern of alternatives of which the longest wins, with what they begin with in common taken out.

    Python's `re` tries alternatives one by one: hundreds of roles at every place are slow, a dozen beginnings are not.
    """
    by_first: dict[str, list[str]] = {}
    for word in sorted(set(words)):
        by_first.setdefault(word[:1], []).append(word[1:])
    may_end = by_first.pop("", None) is not None
    branches = [re.escape(first) + _rest(rests) for first, rests in by_first.items()]
    return "|".join([*branches, ""] if may_end else branches)


def _rest(rests: list[str]) -> str:
    """The pattern of what may follow a common beginning."""
    if rests == [""]:
        return ""
    return re.escape(rests[0]) if len(rests) == 1 else f"(?:{_any(rests)})"


def _guarded(words: Iterable[str]) -> str:
    """`_any`, tried only where one of the words' first characters stands."""
    known = set(words)
    firsts = "".join(sorted({re.escape(word[0].lower() + word[0].upper()) for word in known if word}))
    return f"(?=[{firsts}])(?:{_any(known)})"


@cache
def vocabulary() -> Vocabulary:
    """The built-in vocabulary, compiled on the first call.

    Raises:
        OSError, tomllib.TOMLDecodeError, KeyError: the file in the package is missing or damaged.
    """
    data = tomllib.loads(_FILE.read_text("utf-8"))
    modifiers = f"(?:{_guarded(data['modifiers'])}){{0,2}}"
    suffix = f"(?:{_any(data['suffixes'])})?"
    long_words = [*data["people"], *data["people_weak"], *data["sources"], *data["sources_weak"]]
    long_role = f"{modifiers}(?:{_guarded(long_words)}){suffix}"
    short_role = f"(?:{_any(data['people_short'])})"
    part = f"(?:(?:{long_role}){{1,2}}|{short_role}{{1,2}})"
    joined = f"{part}(?:(?: ?{_JOINER} ?| ){part}){{0,4}}"
    english = f"(?!(?:{_any(data['keys_in_code'])})(?:['\"]? ?:|/[\\w-]+[./]))(?i:{_any(data['english'])})"
    # A role of the open kind (灯光, 航拍): known by its colon or bar alone, at the beginning of a word.
    unknown = f"{_HAN}{{2,8}}"
    spaced = [" ".join(word) for word in data["people"] if len(word) == len("编辑")]
    employed = _any(data["after_employer"])
    dropped = f"(?:{_any(data['dropped'])})?"
    dropped_glued = f"(?:{_any([*data['dropped'], *data['dropped_glued']])})?"
    head = "|".join(
        (
            f"{_BOUNDARY}(?P<end>{part}(?: ?[、/／] ?{part}){{1,3}})$",
            f"{_BOUNDARY}{dropped}(?P<any>{joined}) ?(?:{STRONG_SEPARATOR}|{WEAK_SEPARATOR})[ :：|｜丨—\\-]*",
            f"(?P<inner>(?:{long_role}){{1,2}}(?: ?[、/／] ?{part}){{0,3}}) ?{STRONG_SEPARATOR}[ :：|｜丨]*",
            f"{_BOUNDARY}{dropped}(?P<spaced>{joined})(?= (?!\\d)|$)",
            f"{_BOUNDARY}{_HAN}{{2,10}}(?P<employed>{employed}) ",
            f"{_BOUNDARY}{dropped_glued}(?P<glued>{_any(data['glued'])})(?=[\\w《“「@])",
            f"{_BOUNDARY}(?P<english>{english}) ?(?:{STRONG_SEPARATOR} ?|[/／] ?|(?<=[bB][yY]) )",
            f"{_BOUNDARY}(?P<unknown>{unknown}) ?{STRONG_SEPARATOR}[ :：|｜丨]*",
        )
    )
    strong = f"(?:{modifiers}(?:{_any([*data['people'], *data['sources']])}){suffix}){{1,2}}"
    affiliation = f".*(?:{_any(data['affiliations'])})"
    surnames = "".join(data["surnames"].split())
    return Vocabulary(
        head=re.compile(head),
        short_inside=re.compile(f"(?<=\\w)(?P<inner>{short_role}) ?{STRONG_SEPARATOR}[ :：|｜丨]*"),
        role=re.compile(joined),
        strong=re.compile(rf"(?:.*[^\w])?(?:{strong}|{short_role}(?: ?{_JOINER}? ?{short_role}){{0,3}})(?:[^\w].*)?"),
        source=re.compile(
            f"{modifiers}(?:{_any([*data['sources'], *data['sources_weak']])}){suffix}|.*来源(?:于|自)?"
            "|(?i:(?:photo |image )?(?:source|credit)s?)"
        ),
        source_clause=re.compile(
            f"[（(\\[【〔]?(?:{_any([*data['dropped'], *data['dropped_glued']])}|(?={_any(data['begin_statements'])}))"
            f"(?P<role>{_any(data['glued'])})(?P<value>[^，,。；;]{{2,30}})[，,]"
        ),
        named_clause=re.compile(
            f"{dropped} ?(?P<role>{modifiers}(?:{_guarded(data['people'])})) ?[:：]?"
            f"(?P<name>{_HAN}{{2,4}}|[A-Z][\\w.]*(?: [A-Z][\\w.]*){{0,2}})"
        ),
        reprint_in_english=re.compile(data["reprint_in_english"], re.IGNORECASE),
        reprint=re.compile(data["reprint"]),
        reprint_roles=tuple(data["reprint_roles"]),
        translating=tuple(data["behind_who"]),
        author_is=re.compile(
            f"(?:本文|此文)的?作者[是为系](?=(?:[^，。]{{0,12}}(?:{_any(data['jobs_before_names'])}){_HAN}{{2,4}}"
            f"|[{surnames}]{_HAN}{{1,2}}) ?[，。]?$)"
        ),
        before_latin=re.compile(f"(?P<role>{_any(data['before_latin'])})(?P<who>[A-Za-z][\\w.-]{{1,20}})"),
        done_by=re.compile(f" ?[，,] ?(?P<who>{_HAN}{{2,4}}?)(?P<role>{_any(data['behind_who'])})$"),
        spaced_out=re.compile(f"(?:{_BOUNDARY}{_HAN}(?: {_HAN}){{1,4}}|{_guarded(spaced)})(?= ?{STRONG_SEPARATOR})"),
        of_poems=re.compile(f"(?<!\\w)(?:{_any(data['particulars_of_poems'])})(?=[\\]】)）:：])"),
        of_works=frozenset(data["people_of_works"]),
        tidied=data["tidied"],
        not_roles=frozenset(word.casefold() for word in data["not_roles"]),
        about=re.compile(f"[\\W_]{{0,4}}(?i:{_any(data['about'])})"),
        # Not inside a title: 《甲、乙》 is one source.
        separator=re.compile(f"[{re.escape(data['name_separators'])}](?![^《》]*》)"),
        not_names=re.compile(_any(data["not_names"])),
        conjunctions=tuple(data["name_conjunctions"]),
        endings=re.compile(f" ?(?:{_any(data['endings'])})$"),
        beginnings=re.compile(f"(?:{_any(data['beginnings'])}) ?[：:]? ?"),
        behind_names=re.compile(rf"(?<=\w)(?:{_any(data['behind_names'])})"),
        compound_surnames=frozenset(data["compound_surnames"]),
        surnames=frozenset(surnames),
        affiliation=re.compile(affiliation, re.DOTALL),
        glued_values=frozenset(data["glued_values"]),
        employed_name=re.compile(f"{_HAN}{{2,}}(?:{_any(data['jobs_before_names'])})(?P<name>{_HAN}{{2,4}})"),
        media=re.compile(f".+(?:{_any(data['media'])})", re.DOTALL),
        behind_medium=re.compile(f"《[^》]{{2,12}}》(?=(?:{_any(data['after_medium'])})[/／ ｜|：:])"),
        after_comma=re.compile(
            f" ?[，,] ?(?P<role>{_any(data['after_comma'])})[ ：:]+(?=\\S{{2,16}}$)"
            # Behind an account and its id it may be glued to the name.
            f"|(?<=[）)]) ?[，,] ?(?P<glued>{_any(data['after_comma'])})(?={_HAN}{{2,6}}$)"
        ),
        made_by=re.compile(
            f"(?:(?:本文|本期|本片)?[由为系]?|(?P<of_article>本文[由为系]))(?:[^，。：:！？!?了]{{2,20}}(?:{_any(data['groups'])})的)?"
            f"(?P<who>[^，。：:！？!?的了由]{{2,30}}?) ?"
            f"(?P<role>{_any(data['after_makers'])}|(?(of_article)(?:{_any(data['after_makers_of_article'])})|(?!)))"
            f"[。.]?(?: ?[|｜] ?(?:{_any(data['labels_of_names'])}) ?\\w{{2,20}})?"
        ),
        where_to_find=re.compile(f"[，,] ?(?:{_any(data['before_address'])})"),
        of_account=re.compile(
            f"(?P<who>[^|｜，。：:]{{2,16}}?)(?P<role>) ?[|｜] ?"
            f"(?:{_any(data['labels_of_accounts'])})[：:]? ?\\w{{2,20}}"
        ),
        licensed=re.compile(f"(?P<who>[{surnames}]{_HAN}{{1,2}}) ?(?i:{_any(data['before_licence'])})"),
        nobody=frozenset(data["nobody"]),
        in_english=frozenset(data["english"]),
        issued_by=re.compile(
            f"(?:[^，。：:]{{2,20}}，|本[期文报])?由(?P<who>[^。：:的了]{{4,60}}?)(?:{_any(data['before_issued'])})+"
            f"(?P<role>{_any(data['issued'])})。?"
        ),
        pictures_by=re.compile(
            f"[（(]?(?:本文|文中|本期)?(?:所有|部分)?(?P<role>{_any(data['pictures'])})均?由(?P<who>[^，。：:！？的了]{{2,20}}?)"
            f"(?:{_any(data['after_pictures'])})[）)]?[。.]?"
        ),
        taken_from=tuple(data["taken_from"]),
        from_where=re.compile(
            f"(?P<role>(?:{_any(data['pictures'])}) ?{STRONG_SEPARATOR}) ?(?:{_any(data['taken_from'])})(?=\\w)"
        ),
        pictures_from=re.compile(
            f"[（(]?(?:本文|文中|本期)?(?:所有|部分)?(?P<role>{_any(data['pictures'])})均?"
            f"(?:{_any(data['taken_from'])})[：:]? ?(?P<who>[^，。：:！？!?的了]{{2,20}})[）)]?[。.]?"
        ),
        departments=tuple(data["departments"]),
        labels_of_names=frozenset(data["labels_of_names"]),
        roles_of_captions=frozenset(data["roles_of_captions"]),
        labels_of_accounts=frozenset(data["labels_of_accounts"]),
        places_of_people=frozenset(data["places_of_people"]),
    )


def role_words() -> frozenset[str]:
    """Words of which one stands in every line that is surely a credit: roles, short ones with a separator.

    Raises:
        OSError, tomllib.TOMLDecodeError, KeyError: the file in the package is missing or damaged.
    """
    data = tomllib.loads(_FILE.read_text("utf-8"))
    weak = [*data["people_short"], *data["people_weak"]]
    short = {f"{word}{separator}" for word in weak for separator in ":|/-·"}
    # In brackets or at a line's end the name stands first: 甲/文.
    short |= {f"/{word}" for word in data["people_short"]}
    english = {word for word in data["english"] if len(word) > 2}
    return frozenset([*data["people"], *data["sources"], *data["after_employer"], *data["glued"], *short, *english])
