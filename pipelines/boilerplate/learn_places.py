"""Where the lines of one account's articles stand at their edges: the evidence that learn.py judges by."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Literal

from pipelines.boilerplate.learn_edges import Piece, edge_of, is_reworded, masked, pieces_of
from pipelines.boilerplate.learn_words import heaviest_kind, kind_by_cue, nearest_kind
from pipelines.boilerplate.splitting import split

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crawler.items import BoilerplateKind, Span
    from pipelines.boilerplate.ruleset import RuleSet
    from pipelines.boilerplate.splitting import Context

Side = Literal["head", "tail"]
_BLOCK = 3  # whole lines that recur, one below the other, are standing text rather than chance
_MOST_OF_ALL = 0.75  # a run that takes more of an article than this is a repeated article, or nothing else
_SENTENCE_END = re.compile(r"[。！？!?…~～.」”\"）)]\s*$")


@dataclass(slots=True)
class Seen:
    """Where one line stands at one edge, over all articles of an account."""

    count: int = 0
    already: int = 0  # places that other rules took
    after_sentence: int = 0  # places whose run follows (or precedes) a whole sentence
    alone: int = 0  # places where it is a line of its own, not a sentence of one
    enclosed: int = 0  # places with something else that is boilerplate further in
    in_block: int = 0  # places where it is one of several whole lines that recur, one below the other
    outward: Counter[str] = field(
        default_factory=Counter
    )  # where it is the innermost of a block: the next line of that
    positions: list[int] = field(default_factory=list)
    texts: Counter[str] = field(default_factory=Counter)
    # Places in whose run something else is boilerplate by a rule or a word, by the kind that gives this line.
    beside: Counter[BoilerplateKind | None] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Text:
    """One article and what the rules in force cut from it."""

    full_text: str
    cut: list[Span]
    size: int  # folded characters


def read_text(full_text: str, context: Context, rules: RuleSet) -> Text:
    """An article's text with what `rules` cut from it."""
    return Text(
        full_text=full_text,
        cut=split(full_text, context=context, rules=rules).spans,
        size=sum(len(piece.core) for piece in pieces_of(full_text) if piece.is_line),
    )


def _key(piece: Piece, recurring: set[str]) -> str:
    """What `piece` recurs as: its text, or its text with numbers masked; "" if it does not."""
    if piece.core in recurring:
        return piece.core
    mask = masked(piece.core)
    return mask if mask in recurring else ""


def _runs(texts: Sequence[Text], side: Side, recurring: set[str]) -> Iterator[tuple[list[Piece], Piece]]:
    """Of each article the pieces from the edge on that recur or are cut, and the one that ends them.

    A piece between lines that recur belongs to them if it is nearly one: standing text is reworded now and then.
    """
    for text in texts:
        edge = edge_of(text.full_text, text.cut, recurring, tail=side == "tail")
        known = [not piece.core or piece.cut is not None or bool(_key(piece, recurring)) for piece in edge]
        length = 0
        while length < len(edge):
            inside = length > 0 and all(known[length + 1 : length + 1 + _BLOCK])
            if not known[length] and not (inside and is_reworded(edge[length].core, recurring)):
                break
            length += 1
        run = edge[:length]
        taken = sum(len(piece.core) for piece in run)
        if length < len(edge) and taken <= _MOST_OF_ALL * text.size:
            yield run, edge[length]


def count_places(texts: Sequence[Text], side: Side, recurring: set[str]) -> dict[str, Seen]:
    """Where each recurring line stands at this edge of `texts`; once an article."""
    found: dict[str, Seen] = defaultdict(Seen)
    for run, end in _runs(texts, side, recurring):
        kinds = [piece.cut or kind_by_cue(piece.core) for piece in run]
        whole = _SENTENCE_END.search(end.text) is not None
        blocks = _blocks(run)
        met: set[str] = set()
        for number, piece in enumerate(run):
            core = _key(piece, recurring)
            if not core or core in met:
                continue
            met.add(core)
            seen = found[core]
            block = blocks[number]
            in_block = _is_block(run, block)
            others = [(abs(n - number), kind) for n, kind in enumerate(kinds) if kind and n != number]
            seen.count += 1
            seen.already += bool(piece.cut)
            seen.after_sentence += whole
            seen.in_block += in_block
            seen.alone += piece.is_line
            seen.enclosed += any(kinds[number + 1 :])
            if in_block and number - 1 in block and number + 1 not in block:
                seen.outward[_key(run[number - 1], recurring)] += 1
            seen.positions.append(number + 1)
            seen.texts[piece.text] += 1
            if others:
                spoken = heaviest_kind((len(run[n].core), kinds[n]) for n in block) if in_block else None
                seen.beside[spoken or nearest_kind(core, others)] += 1
    return found


def _blocks(run: Sequence[Piece]) -> list[range]:
    """For each piece of a run the numbers of those in its block: whole lines in a row that no rule takes yet.

    Dividers do not end a block.
    """
    found: list[range] = []
    for lone, group in groupby(run, key=lambda piece: piece.is_line and piece.cut in {None, "decoration"}):
        size = len(list(group))
        begins = len(found)
        found += [range(begins, begins + size) if lone else range(0)] * size
    return found


def _is_block(run: Sequence[Piece], numbers: range) -> bool:
    """Whether the pieces of these numbers are lines enough to be standing text rather than chance."""
    return sum(bool(run[n].core) for n in numbers) >= _BLOCK
