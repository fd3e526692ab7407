"""Splits an article's full text into body and boilerplate, as a careful editor would."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.items import BoilerplateKind, Credit, Evidence, Mark, Normalized, Span
from pipelines.boilerplate.blocks import closing_chrome, take_cards
from pipelines.boilerplate.code_blocks import open_prose
from pipelines.boilerplate.credits import credits_of_statement, parse_credits
from pipelines.boilerplate.finds import is_ornament
from pipelines.boilerplate.glued_credits import cut_rows
from pipelines.boilerplate.guard import is_appeal, is_appeal_itself, keep_enough
from pipelines.boilerplate.page import Page, open_page
from pipelines.boilerplate.phrases import cut_phrases_anywhere, cut_phrases_of_head, phrase_inside
from pipelines.boilerplate.reasons import ORNAMENT, PLACEHOLDER
from pipelines.boilerplate.rule import ANYWHERE
from pipelines.boilerplate.scoring.ends import settle_by_wording
from pipelines.boilerplate.sections import take_sections
from pipelines.boilerplate.settle import settle
from pipelines.boilerplate.spans import Cut, body_of, make_spans
from pipelines.boilerplate.titles import take_pointed_titles, take_trailing_titles
from pipelines.boilerplate.traditional import is_traditional, restored, simplified
from pipelines.boilerplate.units import Find, Line, whole
from pipelines.boilerplate.walk import judge_line, scan

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipelines.boilerplate.ruleset import RuleSet

_LINES_TO_CUT: dict[str, tuple[BoilerplateKind, str]] = {
    "account_card": ("follow_prompt", "follow_prompt.account_card"),
    "program_card": ("promotion", "promotion.program_card"),
}
_FOOT: frozenset[BoilerplateKind] = frozenset({"credits", "copyright", "recommendation"})
_LONGEST_DIVIDER = 60
_LONGEST_PLACEHOLDER = 8  # folded characters
_LEAST_PLACEHOLDERS = 3  # in a text
_LEAST_ORNAMENTS = 4  # the same in a text


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What is known of the article besides its text."""

    account: str | None = None  # the account's name
    alias: str | None = None  # its 微信号
    title: str | None = None
    evidence: Evidence = "text"


NO_CONTEXT = Context()


def split(full_text: str, *, marks: Sequence[Mark] = (), context: Context = NO_CONTEXT, rules: RuleSet) -> Normalized:
    """The body of `full_text`, what was cut from it and where, and the credits among that.

    `full_text` has one line a block (crawler.text.join_lines); `marks` are the page's, in code points of it.
    Body and spans rebuild the full text exactly (spans.rebuild). Never raises.
    """
    letters, title, account = full_text, context.title, context.account
    if is_traditional(full_text):
        letters, title, account = simplified(full_text), simplified(title or ""), simplified(account or "")
    page = open_page(
        letters,
        rules.index,
        evidence=context.evidence,
        title=title,
        names=dict.fromkeys((account, context.account, context.alias)),
    )
    _apply_marks(page, marks)
    cuts = [cut for cut in _find(page) if not rules.disabled or not rules.disabled.issuperset(cut.rule.split("+"))]
    if any(cut.rule in _appeal_rules(rules) for cut in cuts) and _appeals(page, title, cuts):
        spared, head, foot = _appeal_rules(rules), _first_kept(page), _standing_foot(letters, cuts)
        cuts = [
            cut
            for cut in cuts
            if not spared.intersection(cut.rule.split("+"))
            or cut.start > foot
            or (cut.start < head and cut.kind != "promotion")  # an appeal may begin with what it offers
        ]
    cuts = keep_enough(rules.index, letters, cuts)
    spans = make_spans(full_text, cuts)
    credited = _credits(letters, spans)
    return Normalized(
        body=body_of(full_text, spans),
        spans=spans,
        credits=credited if letters is full_text else _in_letters_of(full_text, spans, credited),
        rules_version=rules.version,
    )


def _find(page: Page) -> list[Cut]:
    """All cuts, wherever they are; not yet in order."""
    if not page.lines:
        return []
    tail = _settle_by_rules(page)
    begins = _first_kept(page)
    phrases = [*cut_phrases_of_head(page, begins), *cut_rows(page), *cut_phrases_anywhere(page)]
    phrasing = page.index.phrasing
    kept = [unit for line in tail for unit in line.units or () if not unit.goes and unit.core]
    for unit in kept:
        if not phrasing.isdisjoint(unit.literals):
            inside = phrase_inside(page, unit, "tail", is_last=unit is kept[-1])
            phrases += [inside] if inside is not None else []
    # What stands anywhere says nothing of what stands beside it.
    edges = [cut for cut in phrases if cut.rule not in page.index.inside_anywhere]
    cuts = [*phrases, *settle_by_wording(page, edges)]
    for line in page.lines:
        for unit in line.units or ():
            if unit.goes and unit.find:
                cuts += _by_line(page.full_text, unit.start, unit.end, unit.find)
    return cuts


def _cut_placeholders(page: Page) -> None:
    """Takes what stands for pictures in a dump or a record, where it does so several times."""
    if page.evidence not in {"dump", "record", "feed"}:
        return  # a page has pictures; in texts and exports a rule knows it
    placeholder = page.index.tables["placeholders"]
    lines = [line for line in page.lines if len(line.core) <= _LONGEST_PLACEHOLDER and not line.protected]
    found = [line for line in lines if placeholder.fullmatch(line.core)]
    if len(found) >= _LEAST_PLACEHOLDERS:
        for line in found:
            _cut_whole(line, "decoration", PLACEHOLDER)


def _cut_ornaments(page: Page) -> None:
    """Takes a line of nothing but pictures that stands in a text again and again (🍁 above each of its parts)."""
    telling = page.index.tables["telling_signs"]
    lines = [line for line in page.lines if not line.core and not line.protected]
    if len(lines) < _LEAST_ORNAMENTS:
        return
    lines = [line for line in lines if is_ornament(line.text)]
    times = Counter(line.text for line in lines)
    for line in lines:
        if times[line.text] >= _LEAST_ORNAMENTS and not telling.search(line.text):
            _cut_whole(line, "decoration", ORNAMENT)


def _settle_by_rules(page: Page) -> list[Line]:
    """Marks the units that go by the rules; gives the lines of the tail."""
    _cut_closing_chrome(page)
    _cut_placeholders(page)
    _cut_ornaments(page)
    _judge_anywhere(page)
    tail = scan(page, "tail")
    take_sections(page, tail, "tail")
    if page.index.trailing_titles is not None:
        take_pointed_titles(page, tail, page.index.trailing_titles)
        take_trailing_titles(page, tail, page.index.trailing_titles)
    head = scan(page, "head")
    take_sections(page, head, "head")
    settle(page, head, "head")
    settle(page, tail, "tail")
    take_cards(page)
    return tail


def _by_line(full_text: str, start: int, end: int, find: Find) -> list[Cut]:
    """The cuts of one find, one a line."""
    cuts = []
    while start < end:
        feed = full_text.find("\n", start, end)
        stop = feed if feed >= 0 else end
        cuts.append(Cut(start, stop, find.kind, find.rule))
        start = stop + 1
    return cuts


def _first_kept(page: Page) -> int:
    """Where the body begins, as far as known."""
    for line in page.lines:
        if line.units is None:
            return line.start
        for unit in line.units:
            if not unit.goes:
                return unit.start
    return len(page.full_text)


def _judge_anywhere(page: Page) -> None:
    """Tries the rules for anywhere on the lines that hold one of their literals; finds the dividers."""
    for line in page.lines:
        if not line.core and len(line.text) <= _LONGEST_DIVIDER and not line.text[0].isalnum() and not line.protected:
            judge_line(page, line, "middle")
            settle(page, [line], "middle")
    anywhere = page.index.anywhere
    for line in page.lines:
        if line.units is None and line.literals and not line.glued and not anywhere.isdisjoint(line.literals):
            judge_line(page, line, "middle")
            if line.found:
                settle(page, [line], "middle")
            else:
                line.units = None


def _apply_marks(page: Page, marks: Sequence[Mark]) -> None:
    """What the page's markup tells of its lines."""
    lines = page.lines
    _protect(lines, (mark for mark in marks if mark.kind == "code"))
    open_prose(page.full_text, lines)
    _protect(lines, (mark for mark in marks if mark.kind == "table"))
    if not marks:
        return
    number = 0
    for mark in sorted(marks, key=lambda m: (m.start, m.end)):
        while number < len(lines) - 1 and lines[number].end <= mark.start:
            number += 1
        if not lines:
            return
        line = lines[number]
        covers = mark.start <= line.start and line.end <= mark.end
        if mark.kind == "article_link" and mark.end - mark.start >= 0.7 * (line.end - line.start):
            line.article_link = True
        elif mark.kind in _LINES_TO_CUT and covers:
            _cut_whole(line, *_LINES_TO_CUT[mark.kind])


def _protect(lines: Sequence[Line], marks: Iterable[Mark]) -> None:
    """Keeps rules from the lines in which something of `marks` stands."""
    number = 0
    for mark in sorted(marks, key=lambda m: (m.start, m.end)):
        while number < len(lines) - 1 and lines[number].end <= mark.start:
            number += 1
        at = number
        while at < len(lines) and lines[at].start < mark.end:
            lines[at].protected = True
            at += 1


def _cut_whole(line: Line, kind: BoilerplateKind, rule: str) -> None:
    line.units = [whole(line, Find(kind, rule, ANYWHERE))]
    line.units[0].goes = True


def _cut_closing_chrome(page: Page) -> None:
    """Takes the page's own end off a dump; what is looked at is what stands above it."""
    begins = closing_chrome(page)
    if begins is None:
        return
    number = next(line.number for line in page.lines if line.start >= begins)
    for line in page.lines[number:]:
        _cut_whole(line, "page_chrome", "page_chrome.closing")


def _appeal_rules(rules: RuleSet) -> frozenset[str]:
    return rules.index.appeal_rules


def _standing_foot(full_text: str, cuts: Sequence[Cut]) -> int:
    """Where, in an appeal, the foot begins that stands below every article: its first credits, statement or list."""
    return min(
        (cut.start for cut in cuts if cut.kind in _FOOT and 2 * cut.start > len(full_text)), default=len(full_text)
    )


def _appeals(page: Page, title: str | None, cuts: Sequence[Cut]) -> bool:
    gone = {cut.start for cut in cuts}
    kept = [line for line in page.lines if line.start not in gone]
    return (
        page.is_offer
        or is_appeal(page.index, title, kept, page.lines)
        or is_appeal_itself(page.index, page.full_text, page.lines, cuts)
    )


def _in_letters_of(full_text: str, spans: Sequence[Span], credited: Sequence[Credit]) -> list[Credit]:
    """`credited`, which were read in simplified characters, as the spans have them."""
    original = "\n".join(full_text[span.start : span.end] for span in spans if span.kind in {"credits", "copyright"})
    roles = restored((credit.role for credit in credited), original)
    names = restored((credit.name for credit in credited), original)
    return [Credit(role=role, name=name) for role, name in zip(roles, names, strict=True)]


def _credits(full_text: str, spans: Sequence[Span]) -> list[Credit]:
    """The people and sources of the credit spans; neighbouring lines are read together.

    A statement on rights may begin with whom it names.
    """
    texts: list[str] = []
    found: list[Credit] = []
    reached = -1
    for span in spans:
        if span.kind == "credits":
            text = full_text[span.start : span.end].strip()
            if span.start == reached:
                texts[-1] += "\n" + text
            else:
                texts.append(text)
            reached = span.end
        elif span.kind == "copyright":
            found += credits_of_statement(full_text[span.start : span.end].strip())
    found = [credit for text in texts for credit in parse_credits(text)] + found
    return list(dict.fromkeys(found))
