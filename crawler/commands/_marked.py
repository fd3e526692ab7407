"""A full text on a terminal, with what was removed marked by kind and rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.items import Span


def marked(full_text: str, spans: Sequence[Span]) -> Text:
    """`full_text` with each span in ⟦kind rule: text⟧, struck through where the terminal can."""
    made, position = Text(), 0
    for span in spans:
        made.append(full_text[position : span.start])
        made.append(f"⟦{span.kind} {span.rule}: ", style="dim")
        made.append(full_text[span.start : span.end], style="strike red")
        made.append("⟧", style="dim")
        position = span.end
    made.append(full_text[position:])
    return made
