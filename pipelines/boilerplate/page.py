"""A text on its way through the walk: its lines, what is known of the article, the rules."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from itertools import takewhile
from typing import TYPE_CHECKING

from pipelines.boilerplate.fold import fold, fold_core
from pipelines.boilerplate.rule import ANYWHERE
from pipelines.boilerplate.units import Line, Unit, make_lines, split_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crawler.items import Evidence
    from pipelines.boilerplate.rule import Zone
    from pipelines.boilerplate.ruleindex import AccountRules, RuleIndex

OFTEN = 3  # times that a suspect word stands in an article about it ...
OFTEN_CHARACTERS = 250  # ... or once in so many characters, where that is more
OFFERED = 4  # times that an article says what it offers ...
OFFERED_CHARACTERS = 400  # ... or once in so many characters, where that is more
LONGEST_HALF = 4000  # characters of the first half that are searched for words used in earnest


@dataclass(frozen=True, slots=True)
class Reach:
    """How far from the text's end (or its beginning) is looked: at first, and beyond each find."""

    lines: int
    characters: int
    more_lines: int
    more_characters: int


HEAD = Reach(8, 500, 5, 300)
TAIL = Reach(30, 900, 16, 700)


@dataclass(slots=True)
class Page:
    """A text on its way through the walk."""

    full_text: str
    lines: list[Line]
    index: RuleIndex
    account: AccountRules | None = None
    evidence: Evidence = "text"
    title: str = ""  # folded
    printed_title: str = ""
    names: frozenset[str] = frozenset()  # of the account, folded
    _first_half: str | None = None
    _is_about_offers: bool | None = None
    _earnest: dict[str, bool] = field(default_factory=dict)

    def in_earnest(self, word: str) -> bool:
        """Whether `word` (folded) stands in the article's first half again and again, outside what goes there."""
        if self._first_half is None:
            self._first_half = self._fold_first_half()
        if word not in self._earnest:
            often = max(OFTEN, len(self._first_half) // OFTEN_CHARACTERS)
            self._earnest[word] = self._first_half.count(word) >= often
        return self._earnest[word]

    @property
    def _offering(self) -> Iterator[Line]:
        """The lines in which a book or a course may be spoken of."""
        return (line for line in self.lines if self.index.may_tell("subject_of_pitch", line.literals))

    @property
    def is_about_offers(self) -> bool:
        """Whether the title, or the first third, speaks of books and courses: then what offers one may be body."""
        if self._is_about_offers is None:
            subject = self.index.tables["subject_of_pitch"]
            first = takewhile(lambda line: line.end <= len(self.full_text) / 3, self._offering)
            self._is_about_offers = bool(subject.search(self.title)) or any(subject.search(line.core) for line in first)
        return self._is_about_offers

    @property
    def is_offer(self) -> bool:
        """Whether the article speaks of books or courses again and again before its last third: it is about them."""
        most = 2 * len(self.full_text) // 3
        lines = [line.folded for line in takewhile(lambda line: line.end <= most, self._offering)]
        said = self.index.tables["subject_of_pitch"].findall("\n".join(lines)) if lines else ()
        return len(said) >= max(OFFERED, most // OFFERED_CHARACTERS)

    def _fold_first_half(self) -> str:
        half: list[str] = []
        left = LONGEST_HALF
        for line in self.lines:
            if left <= 0 or line.end > len(self.full_text) * 0.55:
                break
            if not any(u.find and u.find.near == ANYWHERE for u in line.units or ()):
                half.append(line.folded if len(line.text) <= left else fold(line.text[:left]))
                left -= len(line.text)
        return "".join(half)

    def units(self, line: Line, zone: Zone) -> list[Unit]:
        """The units of `line`, made when first asked for."""
        if line.units is None:
            line.units = split_line(
                line, self.index.beginnings, self.index.openers, head=HEAD.characters, tail=TAIL.characters
            )
        return line.units


_folded_name = lru_cache(maxsize=1024)(fold_core)  # an account's articles come one after another


def open_page(
    full_text: str,
    index: RuleIndex,
    *,
    evidence: Evidence,
    title: str | None,
    names: Iterable[str | None],
) -> Page:
    """`full_text` ready to be walked. `names`: the account's name and alias, as far as known."""
    given = [name for name in names if name]
    return Page(
        full_text=full_text,
        lines=make_lines(full_text, index.scanner, dump=evidence == "dump"),
        index=index,
        account=index.of_account(given),
        evidence=evidence,
        title=fold_core(title or ""),
        printed_title=title or "",
        names=frozenset(core for core in map(_folded_name, given) if core),
    )
