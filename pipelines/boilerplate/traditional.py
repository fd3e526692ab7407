"""Texts in traditional characters: the rules are written in simplified ones.

A text is split in simplified characters, one for one, so that offsets stay; what comes out is in its own again.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from pipelines.search.letters import han_forms

if TYPE_CHECKING:
    from collections.abc import Iterable

# Everyday characters that only traditional texts have; a text of some length has several.
_TELLING = re.compile(
    "[關註點擊識別碼載權聯繫編輯閱讀賞轉發訂號體這們個來說為與從對時國後過還會開動樣學長書員業聽問題請東車馬門見記話語實現無圖電報]"
)
_LEAST = 4
_LOOKED_AT = 400  # characters at each end


def is_traditional(text: str) -> bool:
    """Whether `text` is in traditional characters, by both its ends."""
    ends = text if len(text) <= 2 * _LOOKED_AT else text[:_LOOKED_AT] + text[-_LOOKED_AT:]
    return _TELLING.search(ends) is not None and len(_TELLING.findall(ends)) >= _LEAST


# Forms of others that simplified texts have as well: 著作权, 怎么.
_ALSO_SIMPLIFIED = frozenset("著么")


@cache
def _table() -> dict[int, str]:
    return str.maketrans({one: form for one, form in han_forms().items() if one not in _ALSO_SIMPLIFIED})


def simplified(text: str) -> str:
    """`text` in simplified characters, one for one: of the same length."""
    return text.translate(_table())


def forms(text: str) -> tuple[str, ...]:
    """A line or pattern of a user and, where it has traditional characters, the same in simplified ones.

    The second is what it is in a text that is made simplified to be split.
    """
    other = simplified(text) if _TELLING.search(text) else text
    return (text,) if other == text else (text, other)


def restored(words: Iterable[str], original: str) -> list[str]:
    """`words`, parts of `simplified(original)`, in the characters that they have in `original`."""
    plain = simplified(original)
    back: dict[str, str | int | None] = {new: old for new, old in zip(plain, original, strict=True) if new != old}
    found = []
    for word in words:
        at = plain.find(word)
        whole = original[at : at + len(word)] if at >= 0 else word.translate(str.maketrans(back))
        found.append(whole)
    return found
