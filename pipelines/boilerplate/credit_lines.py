"""Credits by what stands around them: lines that are some beside others, and those that are an item's own."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from crawler.text import tidy_line
from pipelines.boilerplate.credit_roles import vocabulary
from pipelines.boilerplate.credit_segments import heads_in, segments_of
from pipelines.boilerplate.credits import credit_likeness, first_role, is_role, names_source, reprinted
from pipelines.boilerplate.fold import fold_core
from pipelines.boilerplate.rule import ANYWHERE
from pipelines.boilerplate.units import Find

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipelines.boilerplate.page import Page
    from pipelines.boilerplate.units import Unit

_URL = re.compile(r"\s*https?://\S+\s*")
_NAME = re.compile(r"[\u3400-\u9fff·]{2,5}(?:[ 、][\u3400-\u9fff·]{2,5}){0,3}|[A-Z][\w.'-]*(?: [A-Z][\w.'-]*){0,3}")
_LONGEST_CHAINED = 60  # characters of a line
_LEAST_CHAINED = 3  # lines
_LEAST_ENDING = 2  # of them that end with a role
_COLONS = ":：|｜丨"
_LONGEST_ROLE = 8  # folded characters
_LEAST_TURNS = 4  # lines of roles and names
_WORK = re.compile(r"(?:\d{1,2}[.、] ?)?《[^《》]{1,40}》")  # an item of a list of books
_SEVERAL_WORKS = 2
_NEAR_PAPER = 2  # lines up to what a paper is called and where it was published
_SEVERAL_ITEMS = 3  # that are credited with something each


def settle_likely_credits(page: Page, units: Sequence[Unit]) -> None:
    """A role that proves nothing by itself (配乐：甲) is a credit beside lines that are credits."""
    if not any(unit.goes and unit.find and unit.find.kind == "credits" for unit in units):
        return
    filled = [unit for unit in units if unit.core]
    for ordered in (filled, filled[::-1]):
        for known, unit in pairwise(ordered):
            if not known.goes or unit.goes or unit.protected or unit.glued or unit.line == known.line:
                continue
            if known.find and known.find.kind == "credits":
                text = page.full_text[unit.start : unit.end]
                if credit_likeness(text) in {"brief", "likely"}:
                    unit.find = Find("credits", "credits.beside", 0)
                    unit.goes = True


def settle_reprint_card(page: Page, units: Sequence[Unit]) -> None:
    """Below `以下文章来源于某号` the account's name goes, as its card is copied. What stands below may be the text."""
    for unit, name in pairwise([unit for unit in units if unit.core]):
        named = reprinted(page.full_text[unit.start : unit.end].strip()) if unit.goes else []
        if named and name.core == fold_core(named[0].name) and not (name.goes or name.protected):
            name.find, name.goes = Find("follow_prompt", "follow_prompt.reprint_card", 0), True


def find_roles_above_names(page: Page, units: Sequence[Unit]) -> None:
    """Roles and names that take turns, each on a line of its own (撰稿 / 甲某 / 校对 / 乙某), are credits."""
    filled = [unit for unit in units if unit.core]
    roles = {id(unit) for unit in filled if _may_be_role(page, unit)}
    if 2 * len(roles) < _LEAST_TURNS:
        return
    runs: list[list[Unit]] = [[]]
    for above, unit in pairwise(filled):
        if runs[-1] and above is runs[-1][-1]:
            continue
        if id(above) in roles and _may_be_name(page, unit) and is_role(page.full_text[above.start : above.end]):
            runs[-1] += [above, unit]
        else:
            runs.append([])
    for one in (unit for run in runs if len(run) >= _LEAST_TURNS for unit in run):
        one.find = one.find or Find("credits", "credits.role_above_name", ANYWHERE)


def find_chained_roles(page: Page, units: Sequence[Unit]) -> None:
    """Names each with the next role behind them, below the line of their own (监制： / 甲某　策划： / 乙某).

    None of a work's (导演： / 甲某　主演： / 乙某).
    """
    text, roles = page.full_text, page.index.roles
    ending = (unit for unit in units if not roles.isdisjoint(unit.literals) and text[unit.end - 1] in _COLONS)
    if sum(1 for _ in ending) < _LEAST_ENDING:
        return
    for chain in _chains((unit, _chained(page, unit)) for unit in units if unit.core):
        for one in chain if len(chain) >= _LEAST_CHAINED else ():
            one.find = one.find or Find("credits", "credits.role_above_name", ANYWHERE)


def _chains(lines: Iterable[tuple[Unit, _Chained | None]]) -> Iterator[list[Unit]]:
    """Lines one below the other of which just those begin with names that stand below a role; one has both."""
    chain: list[Unit] = []
    wants_name = has_both = False
    for unit, line in lines:
        if line is None or line.begins_with_names != wants_name:
            if has_both and not wants_name:
                yield chain
            chain, wants_name, has_both = [], False, False
        if line is not None and line.begins_with_names == wants_name:
            chain.append(unit)
            has_both = has_both or (line.begins_with_names and line.ends_with_role)
            wants_name = line.ends_with_role
    if has_both and not wants_name:
        yield chain


class _Chained(NamedTuple):
    """A line of roles and names and nothing else."""

    begins_with_names: bool  # of the role above
    ends_with_role: bool  # whose names stand below


def _chained(page: Page, unit: Unit) -> _Chained | None:
    text = tidy_line(page.full_text[unit.start : unit.end])
    if unit.glued or unit.protected or len(text) > _LONGEST_CHAINED:
        return None
    segments = segments_of(text)
    if not segments:
        return _Chained(begins_with_names=True, ends_with_role=False) if _NAME.fullmatch(text) else None
    head = next(heads_in(text), None)
    if head is None:
        return None  # 甲/文 乙/图
    named = text[: head.start()].strip()
    values = [named, *(segment.value for segment in segments)]
    of_works = vocabulary().of_works
    if any(segment.form == "unknown" or segment.role in of_works for segment in segments):
        return None
    if not all(map(_NAME.fullmatch, filter(None, values))):
        return None
    return _Chained(begins_with_names=bool(named), ends_with_role=not values[-1])


def _may_be_role(page: Page, unit: Unit) -> bool:
    return len(unit.core) <= _LONGEST_ROLE and not unit.glued and not page.index.roles.isdisjoint(unit.literals)


def _may_be_name(page: Page, unit: Unit) -> bool:
    text = page.full_text[unit.start : unit.end].strip()
    return not unit.glued and _NAME.fullmatch(text) is not None and not is_role(text)


def settle_address_below(page: Page, units: Sequence[Unit]) -> None:
    """A URL alone on its line goes with the line above it that says who wrote the text, or where it stood first.

    Several URLs are a list of the article's own.
    """
    if "://" not in page.full_text:
        return
    filled = [unit for unit in units if unit.core]
    taken_from = page.index.tables["taken_from"]
    for number, (above, unit) in enumerate(pairwise(filled), 1):
        if above.find is None and taken_from.fullmatch(above.core) and _is_url(page, unit):
            above.find, above.goes = Find("credits", "credits.address_below", 0), True
        if unit.goes or not above.goes or above.find is None or above.find.kind != "credits":
            continue
        if not _is_url(page, unit) or any(_is_url(page, below) for below in filled[number + 1 : number + 2]):
            continue
        if page.index.tables["first_written"].match(above.core):
            unit.find, unit.goes, unit.protected = Find("credits", "credits.address_below", 0), True, False


def _is_url(page: Page, unit: Unit) -> bool:
    return _URL.fullmatch(page.full_text, unit.start, unit.end) is not None


def drop_particulars(page: Page, units: Sequence[Unit]) -> None:
    """Drops credits next to the time or place of an event (主讲：甲 above 时间：…): they are particulars, too.

    So are a paper's authors beside its title or where they work, a book's below its title, and what each item of a
    digest is credited with, behind it in its line or below it.
    """
    if not any(unit.find is not None and unit.find.kind == "credits" for unit in units):
        return
    behind = [
        after
        for item, after in pairwise(units)
        if item.line == after.line and item.find is None and after.find is not None and after.find.kind == "credits"
    ]
    if len({unit.line for unit in behind}) < _SEVERAL_ITEMS:
        behind = []
    for unit in [*behind, *_below_items(page, units)]:
        unit.find, unit.goes = None, False
    filled = [unit for unit in units if unit.core]
    of_works = _below_works(page, filled)
    for position, unit in enumerate(filled):
        if unit.find is None or unit.find.kind != "credits":
            continue
        above = filled[max(0, position - _NEAR_PAPER) : position]
        below = filled[position + 1 :][:_NEAR_PAPER]
        is_particular = _is_particular(page, unit, above[-1:] + below[:1])
        if is_particular or _is_of_paper(page, unit, above + below) or unit.start in of_works:
            unit.find, unit.goes = None, False


def _below_works(page: Page, units: Sequence[Unit]) -> set[int]:
    """Where what a book is credited with begins, below its title, in a list of several."""
    works = [
        (above, unit)
        for above, unit in pairwise(units)
        if above.find is None
        and page.full_text[above.end - 1] == "》"
        and _WORK.fullmatch(page.full_text, above.start, above.end)
    ]
    by_author = page.index.tables["authors_of_works"]
    found = {unit.start for _, unit in works if by_author.match(page.full_text, unit.start, unit.end)}
    return found if len(works) >= _SEVERAL_WORKS else set()


def _below_items(page: Page, units: Sequence[Unit]) -> list[Unit]:
    """Credits of one role that stand again and again with text of the article between them: each is its item's."""
    by_role: dict[str, list[Unit]] = {}
    if sum(unit.find is not None and unit.find.kind == "credits" for unit in units) < _SEVERAL_ITEMS:
        return []
    parted: set[str] = set()  # roles behind which text of the article has come
    for unit in units:
        if unit.find is None and unit.core:
            parted.update(by_role)
        elif unit.find is not None and unit.find.kind == "credits" and not unit.glued:
            role = first_role(page.full_text[unit.start : unit.end])
            if role in parted or role not in by_role:
                by_role.setdefault(role, []).append(unit)
            parted.discard(role)
    return [unit for found in by_role.values() if len(found) >= _SEVERAL_ITEMS for unit in found]


def _is_of_paper(page: Page, unit: Unit, near: Sequence[Unit]) -> bool:
    """Whether `unit` says what a paper is called, or who wrote it, beside where it was published."""
    tables, text = page.index.tables, page.full_text
    return tables["paper_original"].match(text, unit.start, unit.end) is not None and any(
        tables["paper_published"].match(text, other.start, other.end) for other in near
    )


def _is_particular(page: Page, unit: Unit, beside: Sequence[Unit]) -> bool:
    tables, text = page.index.tables, page.full_text
    authors = tables["paper_authors"].match(text, unit.start, unit.end)
    particulars = [tables["particulars"], *([tables["paper_particulars"]] if authors else [])]
    found = any(one.match(text, other.start, other.end) for one in particulars for other in beside)
    return found and not names_source(text[unit.start : unit.end])
