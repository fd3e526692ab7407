"""Samples for the model: short articles of invented accounts, written for it, each line labelled.

    @ trade | account | title
    f 点击上方蓝字，关注集市小报
    - 天还没亮，集市已经开了。
    e 你家那边的集市几点开？
    c+ 文/甲

A code, a space, the text of a line; a `+` behind the code says that it goes on the line before. Articles are parted
by an empty line. Codes: see `CODES`; `-` is body.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.items import BoilerplateKind

FOLDER = Path(__file__).with_name("samples")
CODES: dict[str, BoilerplateKind | None] = {
    "-": None,
    "f": "follow_prompt",
    "p": "page_chrome",
    "e": "engagement",
    "r": "read_more",
    "R": "recommendation",
    "c": "credits",
    "C": "copyright",
    "k": "contact",
    "P": "promotion",
    "d": "decoration",
    "H": "decoration",  # a title repeated, a converter's heading
}


class SampleError(ValueError):
    """A file of samples cannot be read; the message names file and line."""


@dataclass(slots=True)
class Sample:
    """An article: its printed lines, each the pieces of one kind that it is made of."""

    account: str
    title: str
    lines: list[list[tuple[str, BoilerplateKind | None]]] = field(default_factory=list)

    @property
    def full_text(self) -> str:
        """The lines as a reading would have them."""
        return "\n".join("".join(text for text, _ in pieces) for pieces in self.lines)

    def kinds(self) -> list[BoilerplateKind | None]:
        """The kind of each character of the full text; of a line feed, None."""
        kinds: list[BoilerplateKind | None] = []
        for pieces in self.lines:
            for text, kind in pieces:
                kinds += [kind] * len(text)
            kinds.append(None)
        return kinds[:-1]


def read_samples(folder: Path = FOLDER) -> list[Sample]:
    """All samples of the files `*.txt` in `folder`, in the order of their names.

    Raises:
        SampleError: a line is of no known form.
    """
    return [sample for file in sorted(folder.glob("*.txt")) for sample in read_file(file)]


def read_file(file: Path) -> Iterator[Sample]:
    """The samples of one file. Raises SampleError."""
    sample: Sample | None = None
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        code, _, text = line.partition(" ")
        text = text.strip()
        if code == "@" and text.count("|") > 1:
            if sample is not None:
                yield sample
            _, account, title = (part.strip() for part in text.split("|", 2))
            sample = Sample(account, title)
        elif text and sample is not None and code.rstrip("+") in CODES:
            piece = (text, CODES[code.rstrip("+")])
            if code.endswith("+") and sample.lines:
                sample.lines[-1].append(piece)
            else:
                sample.lines.append([piece])
        elif line.strip():
            wanted = "write `@ trade | account | title`, then lines of a code, a space and the text"
            raise SampleError(f"{file.name}:{number}: {wanted}; this is {line!r}")
    if sample is not None:
        yield sample
