"""A capture's content, decoded once: what every reader starts from."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crawler.items import Capture


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a reader may be asked to do; beyond it a capture is rejected, never cut short."""

    max_bytes: int = 16 * 2**20  # of one capture, decompressed
    max_nodes: int = 400_000  # of one HTML document
    max_depth: int = 400  # of elements inside one another
    max_seconds: float = 30.0  # for reading one capture, and again for splitting its text; 0 for no limit


@dataclass(kw_only=True)
class Document:
    """Content as UTF-8, whatever it was encoded in; `text` is made only when a reader asks for it."""

    capture: Capture
    utf8: bytes = field(repr=False)  # valid UTF-8, no byte order mark
    encoding: str  # what it was read as: "utf-8", "gb18030", ...
    limits: Limits = field(default_factory=Limits)
    warnings: list[str] = field(default_factory=list)  # e.g. that bytes had to be replaced

    @cached_property
    def text(self) -> str:
        """The content as code points."""
        return self.utf8.decode("utf-8")
