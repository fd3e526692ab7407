"""Two neighbouring characters, and how much they speak for boilerplate, or for one kind of it.

`pairs.txt` has a line for all pairs of one weight: what they speak for (`boilerplate`, or a kind), the weight (natural
logarithm of the odds; below 0: against it), and the pairs, one behind the other. `make pairs` writes it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from operator import add
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.items import BoilerplateKind

FILE = Path(__file__).with_name("pairs.txt")
UNKNOWN = -0.35  # weight of a pair that is not in the file: boilerplate is made of common phrases
_HEADING = "# samples "
_DIGIT = re.compile(r"\d")
SPACE = re.compile(r"\s+")
_ALL = "boilerplate"


def alike(text: str) -> str:
    """`text` in small letters, its digits made alike; of the same length."""
    small = text.lower()
    if len(small) != len(text):  # a letter whose small form is two
        small = "".join(character.lower()[:1] for character in text)
    return _DIGIT.sub("0", small)


def pairs_in(text: str) -> Iterator[str]:
    """Every two neighbouring characters of `text` (made alike), white space left out."""
    return pairs_of(SPACE.sub("", text))


def pairs_of(letters: str) -> Iterator[str]:
    """Every two neighbouring characters."""
    return map(add, letters, letters[1:])


@dataclass(frozen=True)
class Pairs:
    """What was counted."""

    samples: str  # a digest of what it was counted in
    weights: dict[str, float]
    kinds: dict[BoilerplateKind, dict[str, float]]

    def reasons(self, text: str, *, most: int = 5) -> list[tuple[str, float]]:
        """The pairs in `text` that speak most for its being boilerplate, with their weights."""
        found = {pair: self.weights[pair] for pair in pairs_in(alike(text)) if self.weights.get(pair, 0.0) > 0}
        return sorted(found.items(), key=lambda one: (-one[1], one[0]))[:most]

    def kind(self, text: str) -> BoilerplateKind:
        """The kind of boilerplate that `text` is likeliest to be."""
        found = list(pairs_in(alike(text)))

        def sum_of(kind: BoilerplateKind) -> float:
            weights = self.kinds[kind]
            return sum([weights[pair] for pair in found if pair in weights])

        return max(sorted(self.kinds), key=sum_of)


@cache
def load_pairs(file: Path = FILE) -> Pairs:
    """What was counted.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is not what `save` wrote.
    """
    heading, *lines = file.read_text("utf-8").split("\n")
    by_name: dict[str, dict[str, float]] = {}
    try:
        for line in lines[:-1]:
            name, weight, pairs = line.split(" ", 2)
            ends = range(0, len(pairs), 2)
            by_name.setdefault(name, {}).update(dict.fromkeys([pairs[n : n + 2] for n in ends], float(weight)))
    except ValueError as error:
        raise ValueError(f"{file.name} is damaged, run `make pairs`: {error}") from error
    if not heading.startswith(_HEADING) or len(by_name) < 2 or _ALL not in by_name:
        raise ValueError(f"{file.name} is damaged, run `make pairs`: it begins with {heading[:40]!r}")
    weights = by_name.pop(_ALL)
    return Pairs(heading.removeprefix(_HEADING), weights, by_name)  # type: ignore[arg-type]


def save(pairs: Pairs, file: Path = FILE) -> None:
    """Writes what `load_pairs` reads, sorted; weights to a tenth."""
    lines = [f"{_HEADING}{pairs.samples}"]
    for name, weights in ((_ALL, pairs.weights), *sorted(pairs.kinds.items())):
        by_weight: dict[str, list[str]] = {}
        for pair, weight in sorted(weights.items()):
            by_weight.setdefault(f"{weight:+.1f}", []).append(pair)
        lines += [f"{name} {weight} {''.join(by_weight[weight])}" for weight in sorted(by_weight, key=float)]
    file.write_text("\n".join(lines) + "\n", "utf-8", newline="\n")
