"""Words that are nobody's: labels, notices, names of fields, what rules look for."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.scrub.fakes import HAN, NEUTRAL

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_PAGES = Path(__file__).parents[1] / "pages"
_HAN_WORD = re.compile(f"[{HAN}]{{2,}}")
_LATIN_WORD = re.compile(r"(?<![\\A-Za-z])(?=([A-Za-z]{2,}))(?=([A-Za-z][A-Za-z0-9_-]+))")
_NUMBER = re.compile(r"(?<![{,\d])\d{3}(?![},\d])")
_SINGLE = re.compile(rf"(?<=[(|])[{HAN}](?=[|)])")
_LETTERS = re.compile("[A-Za-z]{3,}")
RUN = re.compile(f"[{HAN}]+")


class Vocabulary:
    """Words that are nobody's: those that the project's own data asks for."""

    def __init__(self, patterns: Iterable[str], phrases: Iterable[str] = ()) -> None:
        """`patterns`: texts or regular expressions, of which the words count; `phrases` count as they are."""
        given = list(patterns)
        phrases = [phrase for phrase in phrases if phrase]
        self.texts = frozenset(given) | frozenset(phrases)
        self.han = frozenset(word for text in given for word in _HAN_WORD.findall(text)) | frozenset(NEUTRAL["words"])
        latin = {word.lower() for text in given for words in _LATIN_WORD.findall(text) for word in words}
        self.latin = frozenset(latin) | frozenset(NEUTRAL["latin"])
        self.numbers = frozenset(number for text in given for number in _NUMBER.findall(text))
        # Buttons of one character: 赞
        self.singles = frozenset(
            char for text in given for char in (_SINGLE.findall(text) or text[:1] * (len(text) == 1))
        )
        every = sorted({*self.han, *phrases}, key=lambda word: (-len(word), word))
        self._any = re.compile("|".join(map(re.escape, every)) or r"(?!)")

    def places(self, text: str) -> Iterator[tuple[int, int]]:
        """Where words of it stand in `text`."""
        for match in self._any.finditer(text):
            yield match.span()
        for match in RUN.finditer(text):
            if match[0] in self.singles:
                yield match.span()
        for match in _LETTERS.finditer(text):
            if match[0].lower() in self.latin:
                yield match.span()

    def covers(self, line: str) -> bool:
        """Whether `line` has ideographs, and all of them stand in words of it."""
        covered = [False] * len(line)
        for start, end in self.places(line):
            covered[start:end] = [True] * (end - start)
        ideographs = [is_covered for char, is_covered in zip(line, covered, strict=True) if RUN.match(char)]
        return bool(ideographs) and all(ideographs)

    def __contains__(self, word: str) -> bool:
        return word in self.han or word.lower() in self.latin


@lru_cache(maxsize=1)
def labels() -> tuple[str, ...]:
    """Every text of the readers' own data (labels, notices, page chrome, names of fields)."""
    return tuple(
        text for file in sorted(_PAGES.glob("*.toml")) for text in texts_of(tomllib.loads(file.read_text("utf-8")))
    )


def texts_of(value: Any) -> Iterator[str]:
    """Every text in `value` (of TOML), keys too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for pair in value.items() for member in pair for text in texts_of(member))
    elif isinstance(value, list):
        yield from (text for member in value for text in texts_of(member))
