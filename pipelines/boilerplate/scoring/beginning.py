"""Where in a sentence that is glued to the body the wording of boilerplate begins.

A rule takes a sentence whole; where no stop stands before a prompt, that is the end of the article's own text, too.
"""

from __future__ import annotations

import re
from itertools import accumulate
from typing import TYPE_CHECKING

from pipelines.boilerplate.scoring.pairs import SPACE, UNKNOWN, alike, pairs_of

if TYPE_CHECKING:
    from pipelines.boilerplate.scoring.pairs import Pairs

LEAST_GAIN = 6.0  # of the sum of weights, for which something is left out
SURELY_ARTICLE = 12.0  # by which the sum falls behind a prompt, where the article goes on
LEAST_MEAN = 0.5  # weight of a pair, from which on a short text reads like boilerplate: a slogan
LONGEST_SLOGAN = 14  # characters
# Where something may begin without a stop before it: after a pause or a bracket, at one, where the script changes.
_BREAKS = re.compile(
    r"(?<=[，,、：:）)】》」”;；\s])|(?=[【\[（(「“▲▼●■◆★👇↓])"
    r"|(?<=[\u4e00-\u9fff])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9])(?=[\u4e00-\u9fff])"
)


def where_wording_begins(text: str, pairs: Pairs) -> int:
    """The offset in `text`, one sentence, from which on its pairs speak most for boilerplate; 0 for all of it."""
    weights = pairs.weights
    letters = SPACE.sub("", alike(text))
    offsets = [offset for offset, character in enumerate(text) if not character.isspace()]
    # Sums of the weights from each letter to the end.
    sums = [0.0] * (len(letters) + 1)
    for number, pair in reversed(list(enumerate(pairs_of(letters)))):
        sums[number] = sums[number + 1] + weights.get(pair, UNKNOWN)
    places = {match.start() for match in _BREAKS.finditer(text)}
    candidates = [(sums[number], offset) for number, offset in enumerate(offsets) if offset in places]
    if not candidates:
        return 0
    best, place = max(candidates)
    return place if best >= sums[0] + LEAST_GAIN else 0


def where_wording_ends(text: str, pairs: Pairs) -> int:
    """The offset in `text` up to which its pairs speak most for boilerplate, where what follows surely is an article.

    0 for none: all of it may be boilerplate, or no part is.
    """
    letters = SPACE.sub("", alike(text))
    offsets = [offset for offset, character in enumerate(text) if not character.isspace()]
    sums = list(accumulate((pairs.weights.get(pair, UNKNOWN) for pair in pairs_of(letters)), initial=0.0))
    best = max(range(len(sums)), key=sums.__getitem__)
    if best == 0 or sums[best] < LEAST_GAIN or sums[-1] > sums[best] - SURELY_ARTICLE:
        return 0
    return offsets[best] + 1


def is_wording(text: str, pairs: Pairs) -> bool:
    """Whether `text`, taken alone, reads like boilerplate (每天学点新知识) rather than like an article."""
    weights = [pairs.weights.get(pair, UNKNOWN) for pair in pairs_of(SPACE.sub("", alike(text)))]
    return len(weights) < LONGEST_SLOGAN and sum(weights) >= LEAST_MEAN * len(weights)
