"""What learn.py knows of words (learn.toml): the kind of a recurring line."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pipelines.boilerplate.credits import looks_like_credit
from pipelines.boilerplate.fold import fold_core

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable

    from crawler.items import BoilerplateKind

_FILE = Path(__file__).with_name("learn.toml")
_CATCHING: frozenset[BoilerplateKind] = frozenset({"promotion", "contact", "recommendation", "follow_prompt"})
_LONGEST_NAME = 12
_LONG_SLOGAN = 30  # folded characters


@cache
def _words() -> tuple[tuple[BoilerplateKind, re.Pattern[str]], ...]:
    data = tomllib.loads(_FILE.read_text("utf-8"))
    kinds = [(entry["name"], "|".join(re.escape(word) for word in entry["words"])) for entry in data["kind"]]
    return tuple((name, re.compile(words)) for name, words in kinds)


def kind_by_cue(core: str) -> BoilerplateKind | None:
    """The kind whose word a folded line has; None if it has a word of no kind."""
    return next((kind for kind, words in _words() if words.search(core)), None)


def nearest_kind(core: str, others: Iterable[tuple[int, BoilerplateKind]]) -> BoilerplateKind | None:
    """The kind that a line without a word of its own has from what stands beside it: (distance, kind) of each.

    A name under a line of credits is credits, a longer line there is none; a divider says nothing of its neighbours.
    """
    for distance, kind in sorted(others):
        if kind in _CATCHING or (kind == "credits" and distance == 1 and len(core) < _LONGEST_NAME):
            return kind
    return None


def heaviest_kind(pieces: Iterable[tuple[int, BoilerplateKind | None]]) -> BoilerplateKind | None:
    """The kind that a line of a block has from the others, by their (length, kind): what most of it speaks of."""
    weights: dict[BoilerplateKind, int] = {}
    for length, kind in pieces:
        if kind in _CATCHING:
            weights[kind] = weights.get(kind, 0) + length
    return max(sorted(weights), key=weights.__getitem__, default=None)


def guess_kind(text: str, beside: Counter[BoilerplateKind | None], side: Literal["head", "tail"]) -> BoilerplateKind:
    """The likeliest kind of a line that recurs at `side`.

    `beside`: what `heaviest_kind` or `nearest_kind` said at its places. By its form (credits) or a word of its own,
    else as most of its neighbours, else as what stands there most often.
    """
    if looks_like_credit(text):
        return "credits"
    if kind := kind_by_cue(core := fold_core(text)):
        return kind
    caught = [(-count, kind) for kind, count in beside.items() if kind]
    if caught:
        return min(caught)[1]
    return "promotion" if side == "tail" and len(core) > _LONG_SLOGAN else "follow_prompt"
