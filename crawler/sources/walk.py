"""Which files there are: a file, a folder and all below it, or what a glob matches, in an order that stays.

The order is that of the paths as bytes. Folders are read one at a time, so a large tree is never held whole.
Symbolic links to files are followed; links to folders are not (they are said so in the log): what they lead to
can be given as a path of its own. No walk can therefore loop, or leave the folder that was given.
"""

from __future__ import annotations

import fnmatch
import logging
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.items import Ignored
from crawler.sources import names

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

logger = logging.getLogger(__name__)

_MAGIC = re.compile(r"[*?[]")
_ANY_DEPTH = "**"


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file to read, as yet unopened."""

    path: Path
    name: str  # relative to the path that was given, `/` between its parts; as the file system has it
    # Whether `name` starts below a folder that was given; if not, it is the file's own name or the line of a list.
    in_folder: bool = True


@dataclass(frozen=True, slots=True)
class Unlisted:
    """A folder whose files cannot be listed, and why."""

    path: Path
    name: str
    error: OSError


Found = FoundFile | Unlisted | Ignored


def found(given: str, *, skip: Collection[Path] = ()) -> Iterator[Found]:
    """The files that a path names: itself, all below it, or all that it matches as a glob.

    `skip` holds absolute paths of files that are no captures (the sidecar, the database). Yields nothing for a
    path that is not there.
    """
    path = Path(given)
    if _is_folder(path):
        yield from _below(path, None, skip)
    elif _exists(path):
        # What is named itself is read, whatever it is called.
        yield FoundFile(path, path.name, in_folder=False)
    elif _MAGIC.search(given):
        base, pattern = _split(path)
        if _is_folder(base):
            yield from _below(base, _Glob(pattern), skip)


def is_there(given: str) -> bool:
    """Whether a path is there, or a glob matches anything."""
    path = Path(given)
    return _exists(path) or any(isinstance(entry, (FoundFile, Unlisted)) for entry in found(given))


def _exists(path: Path) -> bool:
    """Also True for what is there but may not be looked at, and for a link that leads nowhere."""
    try:
        path.lstat()
    except PermissionError:
        return True
    except (OSError, ValueError):
        return False
    return True


def _is_folder(entry: Path | os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except (OSError, ValueError):
        return False


def _split(path: Path) -> tuple[Path, tuple[str, ...]]:
    """The folder that a glob starts in, and its parts from the first that has wildcards on."""
    parts = path.parts
    first = next(number for number, part in enumerate(parts) if _MAGIC.search(part))
    return Path(*parts[:first]), parts[first:]


class _Glob:
    """The parts of a glob that are still to be matched, at one folder; several places at once after `**`."""

    def __init__(self, parts: tuple[str, ...], places: frozenset[int] = frozenset({0})) -> None:
        self._parts = parts
        self._places = places

    def into(self, name: str) -> _Glob | None:
        """What is left to match below a folder `name`; None where nothing below can match."""
        places: set[int] = set()
        for place in self._closure():
            part = self._parts[place] if place < len(self._parts) else ""
            if part == _ANY_DEPTH:
                places.add(place)
            elif fnmatch.fnmatchcase(name, part):
                places.add(place + 1)
        return _Glob(self._parts, frozenset(places)) if places else None

    def fits(self, name: str) -> bool:
        """Whether a file `name` matches what is left."""
        last = len(self._parts) - 1
        return last in self._closure() and fnmatch.fnmatchcase(name, self._parts[last])

    def is_done(self) -> bool:
        """Whether the folder that was entered last is matched itself."""
        return len(self._parts) in self._closure()

    def _closure(self) -> set[int]:
        places = set(self._places)
        for place in self._places:
            after = place
            while after < len(self._parts) and self._parts[after] == _ANY_DEPTH:
                after += 1
                places.add(after)
        return places


@dataclass(frozen=True, slots=True)
class _Folder:
    path: Path
    prefix: str  # of the names of what is in it
    glob: _Glob | None  # what its files have to match; None for anything


def _below(folder: Path, glob: _Glob | None, skip: Collection[Path]) -> Iterator[Found]:
    """What is below `folder`; with a glob only what it matches, a folder that it matches whole."""
    # Not recursive: folders may be nested deeper than Python's stack.
    open_folders = [_inside(_Folder(folder, "", glob), skip)]
    while open_folders:
        entry = next(open_folders[-1], None)
        if entry is None:
            open_folders.pop()
        elif isinstance(entry, _Folder):
            open_folders.append(_inside(entry, skip))
        else:
            yield entry


def _inside(folder: _Folder, skip: Collection[Path]) -> Iterator[Found | _Folder]:
    try:
        listed = _listed(folder.path)
    except OSError as error:
        yield Unlisted(folder.path, folder.prefix.rstrip("/") or folder.path.name, error)
        return
    pages = {stem for name in listed if (stem := names.page_stem(name)) is not None}
    for entry in listed:
        name = entry.rstrip("/")
        path = folder.path / name
        if not entry.endswith("/"):
            if folder.glob is None or folder.glob.fits(name):
                yield Ignored() if _is_left_out(path, name, skip) else FoundFile(path, folder.prefix + name)
            continue
        glob = folder.glob.into(name) if folder.glob else None
        if folder.glob and glob is None:
            continue
        if names.is_ignored_folder(name) or names.page_of_folder(name) in pages:
            yield Ignored(count=_count(path))
        elif path.is_symlink():
            logger.warning("not followed: %s is a link to a folder; give it as a path of its own", path)
            yield Ignored()
        else:
            yield _Folder(path, f"{folder.prefix}{name}/", None if glob is None or glob.is_done() else glob)


def _is_left_out(path: Path, name: str, skip: Collection[Path]) -> bool:
    return names.is_ignored_file(name) or (bool(skip) and path.absolute() in skip)


def _listed(folder: Path) -> list[str]:
    """The names in a folder, those of folders with a `/` behind, so that they sort as their files' paths do."""
    with os.scandir(folder) as entries:
        listed = [f"{entry.name}/" if _is_folder(entry) else entry.name for entry in entries]
    return sorted(listed, key=os.fsencode)


def _count(folder: Path) -> int:
    """How many files are below an ignored folder; as far as it can be read."""
    count = 0
    for _, _, files in os.walk(folder):
        count += len(files)
    return count
