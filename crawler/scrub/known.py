"""The texts that a reading gave, with the fake of each character, found again in the raw capture.

A capture holds its text several times (in the page, in scripts, in meta tags), each time escaped and broken up
by markup in another way. What is found again gets the same fake everywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.scrub.wording import Wording

_HAN_FIRST = "\u3400"
_GRAM = 4  # characters that have to agree before two places count as the same


def is_content(char: str) -> bool:
    """Letters, digits and ideographs: what is compared; the rest may differ between two forms of one text."""
    return char.isalnum()


def _tells(piece: str) -> bool:
    """Whether `piece` is text: digits agree by chance, and so do few letters."""
    return any(char >= _HAN_FIRST for char in piece) or (len(piece) > 2 and any(char.isalpha() for char in piece))


def may_take(char: str, known: str) -> bool:
    """Whether `char` takes its known fake. Words and numbers are faked as wholes, but for those that stay."""
    return len(known) == 1 and (char >= _HAN_FIRST or known == char)


class Known:
    """Known texts, less all that is no content."""

    def __init__(self, wording: Wording) -> None:
        self._wording = wording
        self._chars: list[str] = []
        self._fakes: list[str] = []
        self._grams: dict[str, list[int]] = {}
        self._text = ""
        self._cursor = 0

    def add(self, text: str, kept: Sequence[bool] | None = None) -> str:
        """Adds `text` (where `kept` says which characters stay) and gives its fake; what is known already stays so."""
        fakes, fixed = self._wording.fake(text, kept)
        places = [place for place, char in enumerate(text) if is_content(char)]
        found = self.find([text[place] for place in places])
        for place, known in zip(places, found, strict=True):
            if known is not None and not fixed[place] and may_take(text[place], known):
                fakes[place] = known
        first = len(self._chars)
        self._chars += [text[place] for place in places]
        self._fakes += [fakes[place] for place in places]
        for start in range(first, len(self._chars) - _GRAM + 1):
            self._grams.setdefault("".join(self._chars[start : start + _GRAM]), []).append(start)
        self._text = "".join(self._chars)
        self._cursor = 0
        return "".join(fakes)

    def find(self, chars: Sequence[str]) -> list[str | None]:
        """The fakes of `chars` (content only), None where they are unknown; pieces are expected in reading order."""
        found: list[str | None] = [None] * len(chars)
        at = 0
        while at < len(chars):
            start = self._place("".join(chars[at : at + _GRAM]), whole=len(chars) - at < _GRAM and at == 0)
            if start is None:
                at += 1
                continue
            first = at
            while at < len(chars) and start < len(self._chars) and self._chars[start] == chars[at]:
                found[at] = self._fakes[start]
                at, start = at + 1, start + 1
            if not _tells("".join(chars[first:at])):
                found[first:at] = [None] * (at - first)
                continue
            self._cursor = start
        return found

    def _place(self, gram: str, *, whole: bool) -> int | None:
        if not gram:
            return None
        if len(gram) == _GRAM:
            places = self._grams.get(gram, ())
            return next((place for place in places if place >= self._cursor), places[0] if places else None)
        # A short piece may stand anywhere; only as a whole, and best behind the last find.
        if not whole:
            return None
        place = self._text.find(gram, self._cursor)
        place = place if place >= 0 else self._text.find(gram)
        return place if place >= 0 else None
