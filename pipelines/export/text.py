"""A document as plain text: labelled lines, a rule, the text, and the slip as the last line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from crawler.pages.exported_forms import LABELS, RULE, SLIP

if TYPE_CHECKING:
    from pipelines.export.document import Document


def render_text(document: Document) -> str:
    """The whole file. Ends with a line feed."""
    values = document.values
    lines = [f"{label}：{_line(values[name])}" for label, name in LABELS.items() if name in values]
    lines += [RULE, document.text]
    if document.slip is not None:
        lines += [RULE, f"{SLIP}{json.dumps(document.slip, ensure_ascii=False)}"]
    return "\n".join(lines) + "\n"


def _line(value: str | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else " ".join(value.split("\n"))
