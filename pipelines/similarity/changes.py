"""What a difference between two texts is: another number, another name, a slip of the pen, another passage."""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher
from typing import Literal

Change = Literal[
    "number",  # other digits, dates, ordinals: the mark of a series
    "digit",  # a digit for a digit, a digit more or less: another number, or a slip
    "name",  # a few letters stand for a few others, two or more on each side
    "slip",  # a letter for a letter, a letter more or less
    "addition",  # one text has something where the other has nothing
    "passage",  # prose stands for other prose
]
# Words of a name or a short phrase; what is longer on both sides is prose.
LONGEST_NAME = 15
# Words of a stretch that is aligned word by word; Latin words are words, every other letter is one.
LONGEST_ALIGNED = 60
LEAST_SHARED = 0.5  # of the words of two stretches that are aligned; chance alone lets unlike ones share some
CROWDED = 3  # slips in one stretch that are none
MISSPELT = 0.75  # of the letters of two Latin words of which one is the other with a slip

# A whole word with a digit in it, and what is joined to it: 3.5%, cve-2024-1234, v2.0.
_NUMBER = re.compile(r"(?<![0-9a-z])[a-z]*[0-9][0-9a-z]*(?:[.:/%\-][a-z]*[0-9][0-9a-z]*)*%?")
# Chinese numerals, and what counts with them: 第三期, 周五, 上半年.
_COUNTING = re.compile(
    r"[〇零一二三四五六七八九十百千万亿两廿卅上中下初末半周日壹贰叁肆伍陆柒捌玖拾甲乙丙丁第期年月号]+"
)
_NUMERALS = re.compile(r"[〇零一二三四五六七八九十百千万亿两廿卅壹贰叁肆伍陆柒捌玖拾]")
_WORD = re.compile(r"[a-z]+|.", re.DOTALL)
_NO_LETTER = re.compile(r"[\W_]+")


def changes_of(one: str, other: str) -> list[Change]:
    """What changed between two compacted stretches that stand in the same place of two texts; nothing of substance: [].

    Width, case and punctuation are nothing of substance.
    """
    first, second = _plain(one), _plain(other)
    if _letters(first) == _letters(second):
        return []
    found: list[Change] = []
    numbers, other_numbers = _NUMBER.findall(first), _NUMBER.findall(second)
    rest, other_rest = _letters(_NUMBER.sub("", first)), _letters(_NUMBER.sub("", second))
    if numbers and other_numbers and numbers != other_numbers:
        is_slip = _is_slip("".join(numbers), "".join(other_numbers))
        # A digit that became a letter is a slip, not another number.
        if not is_slip or bool(rest) == bool(other_rest):
            found.extend(["digit"] if is_slip else ["number"] * _differing(numbers, other_numbers))
    elif bool(numbers) != bool(other_numbers) and not rest and not other_rest:
        return ["addition"]
    if rest == other_rest:
        return found or ["slip"]
    return found + _of_letters(rest, other_rest)


def _of_letters(one: str, other: str) -> list[Change]:
    if not one or not other:
        return ["slip" if len(one + other) <= 1 else "addition"]
    if _counts(one, other):
        return ["number"]
    words, other_words = _WORD.findall(one), _WORD.findall(other)
    if max(len(words), len(other_words)) > LONGEST_ALIGNED:
        return [_of_replaced(words, other_words)]
    matcher = SequenceMatcher(None, words, other_words, autojunk=False)
    if matcher.ratio() < LEAST_SHARED:
        return [_of_replaced(words, other_words)]
    found: list[Change] = []
    for tag, start, end, other_start, other_end in matcher.get_opcodes():
        if tag == "replace":
            found.append(_of_replaced(words[start:end], other_words[other_start:other_end]))
        elif tag != "equal":
            found.append("slip" if end - start + other_end - other_start == 1 else "addition")
    # Slips are strewn; letter for letter in one place is another name.
    return ["name"] if found.count("slip") >= CROWDED else found


def _of_replaced(words: list[str], other_words: list[str]) -> Change:
    one, other = "".join(words), "".join(other_words)
    if _counts(one, other):
        return "number"
    if min(len(words), len(other_words)) > LONGEST_NAME:
        return "passage"
    if one.isascii() and other.isascii():
        return "slip" if SequenceMatcher(None, one, other, autojunk=False).ratio() >= MISSPELT else "name"
    return "slip" if min(len(one), len(other)) == 1 else "name"


def _differing(numbers: list[str], others: list[str]) -> int:
    """How many of two rows of numbers, at least 1, are another number in the same place."""
    pairs = zip(numbers, others, strict=False)
    return max(1, sum(not _is_slip(number, other) for number, other in pairs if number != other))


def _is_slip(one: str, other: str) -> bool:
    """Is one the other but for a letter, or a letter more or less?"""
    shorter, longer = sorted((one, other), key=len)
    if len(longer) - len(shorter) > 1:
        return False
    start = next((i for i, letter in enumerate(shorter) if letter != longer[i]), len(shorter))
    return shorter[start + (len(shorter) == len(longer)) :] == longer[start + 1 :]


def _counts(one: str, other: str) -> bool:
    """Are both ways to count, numerals among them?"""
    return bool(
        _COUNTING.fullmatch(one)
        and _COUNTING.fullmatch(other)
        and _NUMERALS.findall(one) != _NUMERALS.findall(other)
        and (_NUMERALS.search(one) and _NUMERALS.search(other))
    )


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _letters(text: str) -> str:
    return _NO_LETTER.sub("", text)


def skeleton(title: str) -> str:
    """A title without its numbers, counting words and punctuation: that of a column is the same every week."""
    return _letters(_COUNTING.sub("", _NUMBER.sub("", _plain(title))))


def plain_title(title: str) -> str:
    """A title's letters and digits, in one width and case."""
    return _letters(_plain(title))
