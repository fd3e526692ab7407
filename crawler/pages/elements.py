"""What the elements of a content area mean: content.toml as sets, and a few questions about one element."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from crawler.pages import media

if TYPE_CHECKING:
    from collections.abc import Callable

    from selectolax.lexbor import LexborNode

    from crawler.items import MarkKind, Media

Attributes: TypeAlias = "dict[str, str | None]"
RULES: dict[str, frozenset[str]] = {
    name: frozenset(values)
    for name, values in tomllib.loads(Path(__file__).with_name("content.toml").read_text("utf-8")).items()
}
BLOCKS = RULES["block_tags"]
SKIPPED = RULES["skipped_tags"] | RULES["widget_tags"]
SKIPPED_CLASSES = RULES["skipped_classes"]
VIDEO_CLASSES = RULES["video_classes"]
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
BOLD = frozenset({"b", "strong", "th"}) | HEADINGS
RANGES: dict[str, MarkKind] = {
    "li": "list_item",
    "blockquote": "quote",
    "pre": "code",
    "td": "table",
    "th": "table",
    **dict.fromkeys(HEADINGS, "heading"),
}
CHANGING = BOLD | {"pre"}
# Elements that mean more than where a line ends.
PARTS = RANGES.keys() | {"hr", "table", "tr"}
_CELL_LENGTH = 120  # code points; longer cells make a table a means of layout
# Elements that stand for something and hold no text.
LEAVES: dict[str, Callable[[Attributes], Media | None]] = {
    "img": media.image,
    "image": media.image,
    "iframe": media.video,
    "video": media.video,
    **dict.fromkeys(RULES["voice_tags"], media.voice),
    **dict.fromkeys(RULES["music_tags"], media.music),
    **dict.fromkeys(RULES["video_tags"], media.video),
}


def is_bare(node: LexborNode) -> bool:
    """Is there nothing to see inside `node`?"""
    return not node.text(strip=True) and node.css_first("img,svg,iframe,mpvoice,mp-common-mpaudio") is None


def is_row_of_data(row: LexborNode) -> bool:
    """Is `row` a row of a table of data, not of one that only lays out the page?"""
    cells = [cell for cell in row.iter() if cell.tag in {"td", "th"}]
    if len(cells) < 2:
        return False
    return all(
        len(cell.text(strip=True)) <= _CELL_LENGTH and cell.css_first("table,img,section section") is None
        for cell in cells
    )
