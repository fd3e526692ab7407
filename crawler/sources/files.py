"""The files of a run: what the user named, read in order, with what an earlier run knows left out."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.items import Capture, FileSeen, Ignored
from crawler.sources import walk
from crawler.sources.captures import Knowledge, Known, advice, captures_of, never_seen, unreadable
from crawler.sources.layout import Layout
from crawler.sources.limits import SourceLimits
from crawler.sources.sidecar import read_sidecar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True)
class _Missing:
    """A line of a list that names nothing."""

    path: Path
    line: str


class FileSource:
    """All captures of some files and folders.

    Iterating yields, file by file in a stable order, each `Capture` and then the file's `FileSeen`; `Ignored` for
    what is no capture. A file that is known and unchanged gives only its `FileSeen`. What cannot be read is a
    Capture with a `problem`. Nothing is read before the first item is asked for.

    Args:
        paths: files, folders and globs.
        list_file: a file that names more, one a line, or `-` for standard input. Relative ones are looked for in
            the working directory, then beside the list.
        layout: what paths tell, as in `{year}/{account}/{date} - {title}`.
        sidecar: a table that tells more (see `crawler.sources.sidecar`).
        limits: how much a capture and a file may have.
        known: the number of captures that an earlier run made of a file with that URI, size and mtime, or None.
        skip: files in those folders that are no captures.

    Raises:
        ValueError: a path is not there, a glob matches nothing, the layout or the sidecar cannot be used.
    """

    def __init__(
        self,
        paths: Sequence[str | Path] = (),
        *,
        list_file: str | Path | None = None,
        layout: str | None = None,
        sidecar: str | Path | None = None,
        limits: SourceLimits | None = None,
        known: Known = never_seen,
        skip: Iterable[str | Path] = (),
    ) -> None:
        self._paths = [str(path) for path in paths]
        self._list = None if list_file is None else str(list_file)
        self._knowledge = Knowledge(
            limits=limits or SourceLimits(),
            layout=Layout(layout) if layout else None,
            sidecar=read_sidecar(Path(sidecar)) if sidecar else None,
            known=known,
        )
        aside = [sidecar, None if self._list == STANDARD_INPUT else self._list, *skip]
        self._skip = frozenset(Path(path).absolute() for path in aside if path)
        for path in self._paths:
            if not path or not walk.is_there(path):
                raise ValueError(f"nothing to read at {path!r}: no file or folder of that name, and no glob that fits")
        if self._list not in {None, STANDARD_INPUT} and not Path(str(self._list)).is_file():
            raise ValueError(f"nothing to read at {self._list!r}: the list is not there")

    def __iter__(self) -> Iterator[Capture | FileSeen | Ignored]:
        for found in self._found():
            if isinstance(found, Ignored):
                yield found
            elif isinstance(found, walk.FoundFile):
                yield from captures_of(found, self._knowledge)
            elif isinstance(found, walk.Unlisted):
                yield unreadable(found.path, found.name, f"the folder cannot be listed: {advice(found.error)}")
            else:
                yield unreadable(found.path, found.line, f"{self._list} names it, but it is not there")

    def unused(self) -> list[str]:
        """A sentence for the layout, and for the sidecar, if it told of none of the files that were read."""
        named = (("layout", self._knowledge.layout), ("sidecar", self._knowledge.sidecar))
        return [
            f"the {name} tells of none of the {told.asked} files; is it meant for another folder?"
            for name, told in named
            if told is not None and told.asked and not told.fitting
        ]

    def total(self) -> int | None:
        """How many files there are to read, without opening any; None where standard input names them."""
        if self._list == STANDARD_INPUT:
            return None
        return sum(1 for found in self._found() if not isinstance(found, Ignored))

    def _found(self) -> Iterator[walk.Found | _Missing]:
        for path in self._paths:
            yield from walk.found(path, skip=self._skip)
        for line in self._lines():
            yield from self._named_in_list(line)

    def _named_in_list(self, line: str) -> Iterator[walk.Found | _Missing]:
        beside = Path() if self._list == STANDARD_INPUT else Path(str(self._list)).parent
        given = next((path for path in (line, str(beside / line)) if walk.is_there(path)), None)
        if given is None:
            yield _Missing(Path(line.replace("\x00", "?")), line)
            return
        for found in walk.found(given, skip=self._skip):
            if isinstance(found, walk.FoundFile) and not found.in_folder and not Path(line).is_absolute():
                yield replace(found, name=Path(line).as_posix())
            else:
                yield found

    def _lines(self) -> Iterator[str]:
        if self._list is None:
            return
        if self._list == STANDARD_INPUT:
            yield from _lines_of(sys.stdin.buffer)
            return
        with Path(self._list).open("rb") as file:
            yield from _lines_of(file)


def _lines_of(file: Iterable[bytes]) -> Iterator[str]:
    for number, line in enumerate(file):
        plain = line.rstrip(b"\r\n")
        if number == 0:
            plain = plain.removeprefix(b"\xef\xbb\xbf")
        if plain.strip():
            yield os.fsdecode(plain)
