"""Articles as files of a folder, a file each, that can be brought up to date.

The folder remembers (`.gzh-export.json`, which no reader takes for a capture) which file is of which article and
what was written into it. A file that somebody has changed since is left as it is, and told of.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.pages.exported import MARKER
from pipelines.export.formats import EXTENSIONS, render
from pipelines.export.names import names_of
from pipelines.store import reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from sqlite3 import Connection

    from pipelines.archive import Archive
    from pipelines.export.formats import Options

STATE = ".gzh-export.json"
_SAVE_EVERY = 5.0  # seconds; what a killed export had written is known up to then


class ExportError(Exception):
    """An export that cannot be made; the message says what to do."""


@dataclass(slots=True)
class Entry:
    """A file that an export wrote."""

    name: str
    sha256: str


@dataclass(slots=True)
class State:
    """What a folder remembers of its last export."""

    format: str
    filter: dict[str, Any]
    changed_until: str | None = None
    files: dict[str, Entry] = field(default_factory=dict)  # by key


@dataclass(slots=True)
class Report:
    """What an export did. Names are of files in the folder."""

    written: int = 0
    unchanged: int = 0
    edited: list[str] = field(default_factory=list)  # left alone: changed by somebody else
    gone: dict[str, str | None] = field(default_factory=dict)  # of articles that are no more -> key that they went into
    pruned: int = 0


def load_state(folder: Path) -> State | None:
    """What the folder remembers, or None. Raises ExportError where that cannot be read."""
    path = folder / STATE
    try:
        given = json.loads(path.read_text("utf-8"))
        files = {key: _entry(**entry) for key, entry in given["files"].items()}
        return State(given["format"], given["filter"], given["changed_until"], files)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ExportError(f"{path} is damaged ({error}); remove it and export again with --overwrite") from error


def _entry(name: str, sha256: str) -> Entry:
    if Path(name).name != name:
        raise ValueError(f"it names a file that is not in the folder: {name!r}")
    return Entry(name, sha256)


def export_folder(
    archive: Archive,
    ids: Sequence[int],
    folder: Path,
    options: Options,
    *,
    filters: dict[str, Any],
    overwrite: bool = False,
    prune: bool = False,
    progress: Callable[[int, int], None],
) -> Report:
    """Writes the articles of `ids`, and those whose file has to be renamed; says what became of them.

    Args:
        archive: in a transaction, so that all of it is of one moment.
        ids: of the articles.
        folder: made if it is not there.
        options: how they are written.
        filters: which articles were meant, to be remembered.
        overwrite: files that were changed since, or that no export wrote, too.
        prune: removes the files of articles that are no more.
        progress: is told how many are done, of how many.

    Raises:
        ExportError: the folder holds an export in another format.
        OSError: it cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    state = load_state(folder) or State(options.format, filters)
    if state.format != options.format:
        raise ExportError(f"{folder} holds an export as {state.format}; name another folder for {options.format}")
    return _Export(archive, folder, options, state, overwrite=overwrite).run(ids, filters, progress, prune=prune)


class _Export:
    def __init__(self, archive: Archive, folder: Path, options: Options, state: State, *, overwrite: bool) -> None:
        self.archive = archive
        self.db: Connection = archive.connection
        self.folder = folder
        self.options = options
        self.state = state
        self.overwrite = overwrite
        self.report = Report()
        self.names = names_of(reading.name_parts(self.db), EXTENSIONS[options.format])
        self.taken = frozenset(self.names.values())

    def run(
        self, ids: Sequence[int], filters: dict[str, Any], progress: Callable[[int, int], None], *, prune: bool
    ) -> Report:
        changed_until = reading.latest_change(self.db)
        renamed = [key for key, entry in self.state.files.items() if self.names.get(key, entry.name) != entry.name]
        chosen = dict.fromkeys(ids)
        chosen |= dict.fromkeys(number for key in renamed if (number := reading.article_id(self.db, key)) is not None)
        saved = time.monotonic()
        for done, number in enumerate(chosen, 1):
            article = self.archive.article_by_id(number)
            self._put(article.key, render(article, self.options).encode("utf-8", "replace"))
            progress(done, len(chosen))
            if time.monotonic() - saved > _SAVE_EVERY:
                self._save()
                saved = time.monotonic()
        self._tell_gone(prune=prune)
        self.state.filter, self.state.changed_until = filters, changed_until
        self._save()
        return self.report

    def _put(self, key: str, content: bytes) -> None:
        former = self.state.files.get(key)
        entry = Entry(self.names[key], _digest(content))
        target = self.folder / entry.name
        found = _digest_of(target)
        if found == entry.sha256:
            self.report.unchanged += 1
        elif found is not None and not self.overwrite and (former is None or found != former.sha256):
            self.report.edited.append(entry.name)
            return
        else:
            write_whole(target, content)
            self.report.written += 1
        if former is not None and former.name != entry.name:
            self._remove(former)
        self.state.files[key] = entry

    def _tell_gone(self, *, prune: bool) -> None:
        for key, entry in list(self.state.files.items()):
            if key in self.names:
                continue
            self.report.gone[entry.name] = reading.current_key(self.db, key)
            if prune:
                self.report.pruned += self._remove(entry)
                del self.state.files[key]

    def _remove(self, entry: Entry) -> bool:
        """Removes a file that is as it was written, and no other article's now."""
        path = self.folder / entry.name
        if _digest_of(path) != entry.sha256 or entry.name in self.taken:
            return False
        path.unlink()
        return True

    def _save(self) -> None:
        files = {key: {"name": e.name, "sha256": e.sha256} for key, e in sorted(self.state.files.items())}
        state = {
            "archive": MARKER,
            "format": self.state.format,
            "filter": self.state.filter,
            "changed_until": self.state.changed_until,
            "files": files,
        }
        write_whole(self.folder / STATE, json.dumps(state, ensure_ascii=False, indent=0).encode() + b"\n")


def write_whole(path: Path, content: bytes) -> None:
    """Writes a file at once: whoever looks sees the old one or the new one."""
    write_pieces(path, [content])


def write_pieces(path: Path, pieces: Iterable[bytes]) -> None:
    """The same, piece by piece."""
    handle, name = tempfile.mkstemp(prefix=".gzh-", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(pieces)
        Path(name).chmod(0o666 & ~_umask())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _digest_of(path: Path) -> str | None:
    try:
        return _digest(path.read_bytes())
    except FileNotFoundError:
        return None
