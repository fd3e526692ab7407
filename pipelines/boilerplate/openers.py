"""The openers' table compiled: phrases that begin something of their own although no stop stands before them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.boilerplate.firsts import compile_search
from pipelines.boilerplate.fold import fold
from pipelines.boilerplate.literals import required_literals

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_WHITE_SPACE = r"\s?"  # as patterns of the table allow it; folding drops it


class Openers:
    """Finds where openers begin. Their patterns are for text as it stands, their literals for folded text."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self._search = compile_search("|".join(patterns) or r"(?!)")
        needed = [required_literals(pattern.replace(_WHITE_SPACE, "")) for pattern in patterns]
        self.literals = frozenset(fold(literal) for literals in needed for literal in literals) - {""}
        self._is_told_by_literals = all(needed)

    def may_stand_where(self, literals: Collection[str]) -> bool:
        """Whether an opener can stand in a text in which, folded, of all literals (only) these stand."""
        return not (self._is_told_by_literals and self.literals.isdisjoint(literals))

    def places(self, text: str, start: int, end: int) -> set[int]:
        """The offsets in `text` (code points) at which an opener begins between `start` and `end`."""
        return {match.start() for match in self._search.finditer(text, start, end)}

    def begins_at(self, text: str, offset: int) -> bool:
        """Whether an opener begins at this offset in `text`."""
        return self._search.match(text, offset) is not None
