"""A query's tree as SQL: one MATCH wherever the index alone can answer, sets of article ids where it cannot.

The index knows no accounts, which are renamed, merged and told apart again: a word that names accounts is also the
set of their articles, and what excludes without asking for anything is a set less another.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.search.query import All, AnyOf, Not, Word, words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pipelines.search.query import Node

COLUMNS = ("body", "title", "author")
_EVERYTHING = "SELECT id FROM articles"


@dataclass(frozen=True, slots=True)
class Match:
    """What the index can answer: an expression of FTS5."""

    expression: str


@dataclass(frozen=True, slots=True)
class Ids:
    """A SELECT of article ids, and its parameters in their order."""

    sql: str
    parameters: tuple[str | int, ...] = ()


def compiled(tree: Node, accounts_of: Callable[[str], Sequence[int]]) -> Match | Ids:
    """What finds the articles of `tree`. `accounts_of` gives the ids of the accounts that a folded word names."""
    match tree:
        case Word():
            return _word(tree, accounts_of)
        case Not(operand=operand):
            return _less(None, [compiled(operand, accounts_of)])
        case AnyOf(operands=operands):
            return _united([compiled(operand, accounts_of) for operand in operands])
        case All(operands=operands):
            wanted = [compiled(one, accounts_of) for one in operands if not isinstance(one, Not)]
            unwanted = [compiled(one.operand, accounts_of) for one in operands if isinstance(one, Not)]
            both = _intersected(wanted) if wanted else None
            return _less(both, unwanted) if unwanted or both is None else both


def phrase(word: Word) -> str | None:
    """The expression that finds a word where the index can; None where it is looked for in accounts only.

    Each character is a token; in quotes nothing but a quote has a meaning, and it is doubled.
    """
    columns = [column for column in COLUMNS if column in word.fields]
    if not columns:
        return None
    tokens = " ".join(word.folded).replace('"', '""')
    prefix = "" if len(columns) == len(COLUMNS) else f"{{{' '.join(columns)}}} : "
    return f'{prefix}"{tokens}"'


def any_of(expressions: Sequence[str]) -> str:
    """The expression that finds what any of `expressions`, of which there is one at least, finds."""
    return expressions[0] if len(expressions) == 1 else f"({' OR '.join(expressions)})"


def ids(found: Match | Ids) -> Ids:
    """The same as a SELECT."""
    if isinstance(found, Ids):
        return found
    return Ids("SELECT rowid FROM search_spaced WHERE search_spaced MATCH ?", (found.expression,))


def _word(word: Word, accounts_of: Callable[[str], Sequence[int]]) -> Match | Ids:
    expression = phrase(word)
    accounts = list(accounts_of(word.folded)) if "account" in word.fields else []
    if expression is not None and not accounts:
        return Match(expression)
    # As one value: a character may name thousands of accounts, and a statement has a longest length.
    chosen = "SELECT value FROM json_each(?)"
    published = Ids(f"SELECT id FROM articles WHERE account_id IN ({chosen})", (json.dumps(accounts),))
    return published if expression is None else _united([Match(expression), published])


def _united(parts: Sequence[Match | Ids]) -> Match | Ids:
    matches = [part.expression for part in parts if isinstance(part, Match)]
    united = [Match(any_of(matches))] if matches else []
    others = [part for part in parts if isinstance(part, Ids)]
    return united[0] if not others else _compound("UNION", [*united, *others])


def _intersected(parts: Sequence[Match | Ids]) -> Match | Ids:
    matches = [part.expression for part in parts if isinstance(part, Match)]
    both = matches[0] if len(matches) == 1 else f"({' AND '.join(matches)})"
    others = [part for part in parts if isinstance(part, Ids)]
    return Match(both) if not others else _compound("INTERSECT", [*([Match(both)] if matches else []), *others])


def _less(wanted: Match | Ids | None, unwanted: Sequence[Match | Ids]) -> Match | Ids:
    without = _united(unwanted)
    if isinstance(wanted, Match) and isinstance(without, Match):
        return Match(f"({wanted.expression} NOT {without.expression})")
    return _compound("EXCEPT", [wanted or Ids(_EVERYTHING), without])


def _compound(operator: str, parts: Sequence[Match | Ids]) -> Ids:
    selects = [ids(part) for part in parts]
    if len(selects) == 1:
        return selects[0]
    sql = f" {operator} ".join(f"SELECT * FROM ({select.sql})" for select in selects)
    return Ids(sql, tuple(parameter for select in selects for parameter in select.parameters))


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which articles are looked at; empty means all."""

    accounts: tuple[int, ...] = ()  # ids
    since: str | None = None  # the first day in Beijing, YYYY-MM-DD
    until: str | None = None  # the last day, inclusive
    kinds: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    unique: bool = False  # no duplicates


def with_found(tree: Node, filters: Filters, accounts_of: Callable[[str], Sequence[int]], *, ranked: bool) -> Ids:
    """The WITH clause, and its parameters, that makes `found (id, score)` of what finds the articles of `tree`.

    The score is BM25, the higher the better; 0 where nothing but an account's name was found, or without `ranked`.
    Tables are materialized: SQLite would otherwise ask the index once for every article.
    """
    chosen = compiled(tree, accounts_of)
    terms, values = conditions(filters)
    score = "-s.rank" if ranked else "0.0"
    if isinstance(chosen, Match):
        where = " AND ".join(["search_spaced MATCH ?", *terms])
        joined = " JOIN articles AS a ON a.id = s.rowid" if terms else ""
        select = f"SELECT s.rowid, {score} FROM search_spaced AS s{joined}\n  WHERE {where}"
        return Ids(_with("found", select), (chosen.expression, *values))
    where = " AND ".join([f"a.id IN ({chosen.sql})", *terms])
    phrases = list(dict.fromkeys(filter(None, map(phrase, words(tree))))) if ranked else []
    if not phrases:
        return Ids(
            _with("found", f"SELECT a.id, 0.0 FROM articles AS a\n  WHERE {where}"), (*chosen.parameters, *values)
        )
    scores = "SELECT rowid, -rank FROM search_spaced WHERE search_spaced MATCH ?"
    select = f"SELECT a.id, coalesce(scored.score, 0.0) FROM articles AS a LEFT JOIN scored USING (id)\n  WHERE {where}"
    clause = _with("scored", scores) + ",\n" + _with("found", select).removeprefix("WITH ")
    return Ids(clause, (any_of(phrases), *chosen.parameters, *values))


def _with(name: str, select: str) -> str:
    return f"WITH {name} (id, score) AS MATERIALIZED (\n  {select}\n)"


def conditions(filters: Filters) -> tuple[list[str], list[str | int]]:
    """What `filters` ask of articles `a`: conditions, all of which hold, and their parameters in order."""
    terms: list[str] = []
    values: list[str | int] = []
    for column, allowed in (("account_id", filters.accounts), ("kind", filters.kinds), ("status", filters.statuses)):
        if allowed:
            terms.append(f"a.{column} IN ({', '.join('?' * len(allowed))})")
            values.extend(allowed)
    for operator, day in ((">=", filters.since), ("<=", filters.until)):
        if day:
            terms.append(f"a.published_on {operator} ?")
            values.append(day)
    if filters.unique:
        terms.append("a.duplicate_of IS NULL")
    return terms, values


def written_out(sql: str, parameters: Sequence[str | int]) -> str:
    """`sql`, which has no ? but its parameters, with their values in their places."""
    pieces = sql.split("?")
    literals = [
        str(value) if isinstance(value, int) else f"'{value.replace(chr(39), chr(39) * 2)}'" for value in parameters
    ]
    return "".join(piece + literal for piece, literal in zip(pieces, [*literals, ""], strict=True))
