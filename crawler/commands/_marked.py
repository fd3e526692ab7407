"""A full text on a terminal, with what was removed marked by kind and rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from pipelines.boilerplate.reasons import is_by_wording
from pipelines.boilerplate.scoring.pairs import load_pairs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.items import Span


def marked(full_text: str, spans: Sequence[Span]) -> Text:
    """`full_text` with each span in ⟦kind rule: text⟧, struck through where the terminal can.

    What went by its wording shows the pairs of characters that spoke most for it.
    """
    made, position = Text(), 0
    for span in spans:
        made.append(full_text[position : span.start])
        made.append(f"⟦{span.kind} {span.rule}{_why(full_text, span)}: ", style="dim")
        made.append(full_text[span.start : span.end], style="strike red")
        made.append("⟧", style="dim")
        position = span.end
    made.append(full_text[position:])
    return made


def _why(full_text: str, span: Span) -> str:
    if not is_by_wording(span.rule):
        return ""
    reasons = load_pairs().reasons(full_text[span.start : span.end])
    return f" ({', '.join(f'{pair} {weight:+.1f}' for pair, weight in reasons)})"
