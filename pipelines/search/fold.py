"""The normal form of a text for search: two texts that a reader would call the same are the same.

A query finds a text where its normal form is a part of the text's (`in`). Beside what `letters` says of single
characters: what has no width is gone, and so is white space (lines break anywhere, and people put blanks between
漢字 and GPT or not), except between two letters of scripts that are written with blanks, where it is one `BLANK`.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from dataclasses import dataclass
from itertools import pairwise

from pipelines.search.letters import NORMAL_FORMS, changing

BLANK = "␣"
# Below the Chinese, Japanese and Korean blocks; digits are not meant (iPhone 15 is iPhone15).
_LETTER = r"[^\W\d_\u2e80-\U0010ffff]"
_BETWEEN_LETTERS = re.compile(rf"(?<={_LETTER}) +(?={_LETTER})")
# Characters that no normalisation joins to what stands before them.
_ALONE = re.compile("[\x20-\x7e\u3000-\u3029\u3041-\u3096\u30a1-\u30fa\u3400-\u9fff\U00020000-\U0003ffff]")


# From so many code points on it pays to look for what changes first; of so many kinds, to go through all at once.
_LONG = 200
_MANY = 16


def fold(text: str) -> str:
    """The normal form of `text`."""
    folded = _normalized(_formed(text))
    if " " in folded:
        # Once more: a mark that stood behind a blank now stands behind a letter.
        folded = _normalized(_BETWEEN_LETTERS.sub(BLANK, folded).replace(" ", ""))
    return folded


def _formed(text: str) -> str:
    """`text.translate(NORMAL_FORMS)`, several times faster where few kinds of characters have another form."""
    if len(text) < _LONG:
        return text.translate(NORMAL_FORMS)
    forms = {one: NORMAL_FORMS[ord(one)] for one in set(changing().findall(text))}
    if len(forms) > _MANY or changing().search("".join(forms.values())):
        return text.translate(NORMAL_FORMS)
    for one, form in forms.items():
        text = text.replace(one, form)
    return text


def _normalized(text: str) -> str:
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


@dataclass(frozen=True, slots=True)
class Folded:
    """A normal form, and where each of its characters comes from."""

    text: str
    starts: array[int]  # offsets in the original, in code points
    ends: array[int]  # half-open

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The range of the original that `text[start:end]`, which is not empty, comes from."""
        return self.starts[start], max(self.ends[start:end])


def fold_with_places(text: str) -> Folded:
    """The same as `fold`, a hundred times slower, with the way back."""
    characters: list[str] = []
    starts, ends = array("l"), array("l")
    for place, character in enumerate(text):
        for form in NORMAL_FORMS[ord(character)]:
            characters.append(form)
            starts.append(place)
            ends.append(place + 1)
    return _composed(_without_blanks(_composed(Folded("".join(characters), starts, ends))))


def _composed(folded: Folded) -> Folded:
    """In NFC; where marks and letters are joined, each character comes from all that were joined."""
    text, starts, ends = folded.text, array("l"), array("l")
    if unicodedata.is_normalized("NFC", text):
        return folded
    made: list[str] = []
    bounds = [0, *(match.start() for match in _ALONE.finditer(text, 1)), len(text)]
    for first, last in pairwise(bounds):
        part = text[first:last]
        composed = unicodedata.normalize("NFC", part)
        made.append(composed)
        if composed == part:
            starts.extend(folded.starts[first:last])
            ends.extend(folded.ends[first:last])
        else:
            starts.extend([folded.starts[first]] * len(composed))
            ends.extend([folded.ends[last - 1]] * len(composed))
    return Folded("".join(made), starts, ends)


def _without_blanks(folded: Folded) -> Folded:
    text, starts, ends = folded.text, array("l"), array("l")
    made: list[str] = []
    kept = {match.start() for match in _BETWEEN_LETTERS.finditer(text)}
    for place, character in enumerate(text):
        if character != " " or place in kept:
            made.append(BLANK if character == " " else character)
            starts.append(folded.starts[place])
            ends.append(folded.ends[place])
    return Folded("".join(made), starts, ends)
