"""Code, which is never boilerplate; and prose that an editor put into a code block for its looks."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.boilerplate.units import Line

_LATE = 0.5  # of the text: where an account's standing foot begins at the earliest
_HAN = re.compile(r"[\u3400-\u9fff]")
_LABELLED = re.compile(r"[^：:\s]{1,8}[：:]")
_SIGN_OF_CODE = re.compile(r"[{}=;$\\|\u2190-\u21ff\u2500-\u257f]|\+--|\w\(|^(?:#|//|--|\*|/\*|>>>|curl |sudo )")


def open_prose(full_text: str, lines: Sequence[Line]) -> None:
    """Lets rules look at lines of `full_text` that are protected as code, and are Chinese prose, where they end it.

    Some editors set their foot (往期推荐, 后台回复) in a code block, whose look is a box.
    """
    late = _LATE * len(full_text)
    blocks = [list(block) for protected, block in groupby(lines, key=lambda line: line.protected) if protected]
    last = blocks[-1] if blocks else []
    if last and last[-1] is lines[-1] and last[0].start >= late and _is_prose(last):
        for line in last:
            line.protected = line.text.startswith("```")


def _is_prose(lines: Sequence[Line]) -> bool:
    """Whether most letters are Chinese, and no line has a sign of code."""
    inside = [line.text for line in lines if not line.text.startswith("```")]
    text = "\n".join(inside)
    letters = sum(map(str.isalnum, text))
    labelled = sum(_LABELLED.match(line) is not None for line in inside)  # fields, or who says what
    is_han = 2 * len(_HAN.findall(text)) > letters
    return is_han and 2 * labelled < len(inside) and not any(_SIGN_OF_CODE.search(line) for line in inside)
