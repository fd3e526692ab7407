"""Body comes first: what has to stay when nearly all of an article would go, or when all of it is an appeal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.boilerplate.fold import fold
from pipelines.boilerplate.reasons import is_by_wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crawler.items import BoilerplateKind
    from pipelines.boilerplate.ruleindex import RuleIndex
    from pipelines.boilerplate.spans import Cut
    from pipelines.boilerplate.units import Line

LEAST_BODY = 12  # letters that an article keeps
LEAST_SHARE = 0.12
_APPEAL_CUES = 3  # different words of appeal that make an article one
_APPEAL_CUES_IN_ALL = 4  # the same where what would go is looked at, too
_LONG = 2500  # characters from which on an article has to have one more: it has some by chance
_MOST_OF_APPEAL = 0.3  # of a text that would be cut in its own cause
# Kinds that are hardly ever an article's subject, surest first.
_SURE: tuple[frozenset[BoilerplateKind], ...] = (
    frozenset({"page_chrome", "decoration", "follow_prompt", "credits", "copyright", "read_more", "recommendation"}),
    frozenset({"page_chrome", "decoration", "credits"}),
    frozenset({"page_chrome"}),
)
# Of those that stand below every article: text that is nothing else, of several of these, is the foot of pictures.
_STANDING: frozenset[BoilerplateKind] = frozenset({"follow_prompt", "recommendation", "copyright", "read_more"})
_MOST_STANDING = 600  # letters of such a text
_NEARLY_ALL = 0.85  # of which rules find so many, not its wording alone


def keep_enough(index: RuleIndex, full_text: str, cuts: Sequence[Cut]) -> list[Cut]:
    """`cuts`, or the surest of them where all together would leave next to nothing.

    An article of pictures may have no text but its foot: that goes, though nothing is left.
    """
    if 2 * sum(cut.end - cut.start for cut in cuts) < len(full_text) - LEAST_BODY:
        return list(cuts)
    whole = _letters(full_text)
    remaining, left = list(cuts), 0
    if _is_foot_alone(index, full_text, cuts, whole):
        return remaining
    for kinds in (None, *_SURE):
        if kinds is not None:
            remaining = [cut for cut in cuts if cut.kind in kinds]
        left = whole - sum(_letters(full_text[cut.start : cut.end]) for cut in remaining)
        if left >= max(LEAST_BODY, LEAST_SHARE * whole):
            return remaining
    return remaining if left else []


def _is_foot_alone(index: RuleIndex, full_text: str, cuts: Sequence[Cut], whole: int) -> bool:
    """Whether a text's letters, `whole` of them, all go, and rules find nearly all to be what stands below articles."""
    first = full_text.lstrip().partition("\n")[0].rstrip()
    if first.endswith("。") and not index.tables["speaks_to_reader"].search(first):
        return False  # it tells something
    sure = [cut for cut in cuts if cut.kind in _SURE[0] and not is_by_wording(cut.rule)]
    return (
        whole <= _MOST_STANDING
        and len(_STANDING.intersection(cut.kind for cut in sure)) > 1
        and sum(_letters(full_text[cut.start : cut.end]) for cut in sure) >= _NEARLY_ALL * whole
        and sum(_letters(full_text[cut.start : cut.end]) for cut in cuts) == whole
    )


def _letters(text: str) -> int:
    """How many letters, digits and ideographs `text` has."""
    return sum(map(str.isalnum, text))


def is_appeal(index: RuleIndex, title: str | None, lines: Sequence[Line], every: Sequence[Line]) -> bool:
    """Whether the article as a whole calls for something: by its title, or by words all through its body.

    `lines` are those of the body, `every` all of the text. Where no title is known, the first of the body may be one
    (寻人启事). Words that would go count, where the body has one of its own.
    """
    if title and index.tables["appeal_titles"].search(fold(title)):
        return True
    if not title and lines and index.tables["appeal_headings"].fullmatch(lines[0].folded):
        return True
    kept = len(_words(index, ("appeal",), lines))
    more = int(sum(len(line.text) for line in lines) > _LONG)
    in_all = _APPEAL_CUES_IN_ALL + more
    return kept >= _APPEAL_CUES + more or (kept > 0 and len(_words(index, ("appeal",), every)) >= in_all)


def is_appeal_itself(index: RuleIndex, full_text: str, lines: Sequence[Line], cuts: Sequence[Cut]) -> bool:
    """Whether so much of an article would go in its own cause, and it says so or begins with an offer, that it is one.

    `lines` are all lines of `full_text`.
    """
    length = sum(cut.end - cut.start for cut in cuts if index.appeal_rules.intersection(cut.rule.split("+")))
    if length <= _MOST_OF_APPEAL * len(full_text):
        return False
    if any(cut.start == lines[0].start and cut.kind == "promotion" for cut in cuts):
        return True
    return len(_words(index, ("appeal", "lottery"), lines)) >= _APPEAL_CUES


def _words(index: RuleIndex, tables: Iterable[str], lines: Sequence[Line]) -> set[str]:
    """The different words of `tables` that stand in `lines`."""
    said: set[str] = set()
    for table in tables:
        text = "\n".join(line.folded for line in lines if index.may_tell(table, line.literals))
        said.update(match.group() for match in index.tables[table].finditer(text))
    return said
