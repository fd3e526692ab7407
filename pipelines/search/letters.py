"""What one character is to search: its normal form, alike for every way of writing it.

The forms: NFKC (full-width is half-width, ㎡ is m2), case folded, and of Chinese characters one for traditional,
simplified and regional ones. That last map goes character by character: OpenCC's own conversion looks at whole
phrases, so that a part of a text would come out unlike the same part inside the text, and no substring could be
trusted to be found. Its dictionaries are asked once, for each character alone.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.metadata import version
from itertools import pairwise

# To be raised with every change of what a character, or a text (`fold.py`), becomes.
RELEASE = 1
# Regional forms first (Taiwan, Hong Kong), then traditional to simplified.
_CONVERSIONS = ("tw2t", "hk2t", "t2s")
# Radicals, unified ideographs and their extensions; compatibility ideographs are NFKC's.
_HAN = ((0x2E80, 0x2FE0), (0x3400, 0x4DC0), (0x4E00, 0xA000), (0x20000, 0x2FA20), (0x30000, 0x33480))
# Without width though no format characters: Hangul fillers, Khmer and Mongolian signs, variation selectors.
_WITHOUT_WIDTH = frozenset(
    map(chr, (0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0, *range(0x180B, 0x1810), *range(0xFE00, 0xFE10)))
) | frozenset(map(chr, range(0xE0100, 0xE01F0)))


def normal_form_version() -> str:
    """What made a normal form: this code's release, Python's Unicode data and OpenCC's dictionaries."""
    return f"{RELEASE} unicode-{unicodedata.unidata_version} opencc-{version('opencc')}"


@cache
def han_forms() -> dict[str, str]:
    """Chinese character to the one that stands for all its forms (simplified), where that is another."""
    """Chinese character to the one that stands for all its forms, where that is another."""
    from opencc import OpenCC  # noqa: PLC0415 - its dictionaries take longer to load than most commands run

    characters = [chr(code) for first, last in _HAN for code in range(first, last)]
    text = "\n".join(characters)
    for conversion in _CONVERSIONS:
        text = OpenCC(conversion).convert(text)
    made = dict(zip(characters, text.split("\n"), strict=True))
    for character in characters:
        # A few need two steps: what they become has another form itself.
        while (next_form := made.get(made[character], made[character])) != made[character]:
            made[character] = next_form
    return {character: form for character, form in made.items() if character != form}


class NormalForms(dict[int, str]):
    """Code point to its normal form, for `str.translate`: white space is a blank, what has no width is nothing."""

    def __missing__(self, code: int) -> str:
        """Works one out, and keeps it."""
        form = self[code] = _normal_form(chr(code))
        return form


NORMAL_FORMS = NormalForms()

# Most of what is printed is of these blocks, and most of that is its own normal form.
_COMMON_HAN = (0x4E00, 0xA000)
_COMMON_SIGNS = (*range(0x20, 0x7F), *range(0x2010, 0x2027), *range(0x3001, 0x3020))


@cache
def changing() -> re.Pattern[str]:
    """Finds every character whose normal form is another one, and some rare ones whose form is not."""
    first, last = _COMMON_HAN
    others = sorted(ord(one) for one in han_forms() if first <= ord(one) < last)
    own = "".join(
        f"{chr(before + 1)}-{chr(after - 1)}"
        for before, after in pairwise([first - 1, *others, last])
        if after - before > 1
    )
    own += "".join(re.escape(chr(code)) for code in _COMMON_SIGNS if _normal_form(chr(code)) == chr(code))
    return re.compile(f"[^{own}]")


def _normal_form(character: str) -> str:
    if character.isspace():
        return " "
    category = unicodedata.category(character)
    if category == "Cs":
        return "\ufffd"
    if category in ("Cc", "Cf") or character in _WITHOUT_WIDTH:
        return ""
    wide = unicodedata.normalize("NFKC", character)
    if " " in wide:
        # A free-standing accent (´) would become a blank, and its mark fall upon the letter before it.
        return character
    folded = unicodedata.normalize("NFKC", wide.casefold())
    return "".join(han_forms().get(one, one) for one in folded)
