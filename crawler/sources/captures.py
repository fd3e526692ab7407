"""A file on disk becomes captures: opened with care, its members named, dated and given what the user knows."""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal

from crawler.items import NO_HINTS, Capture, CapturedAtSource, FileSeen, Hints, Ignored, Rejected
from crawler.sources import containers, names
from crawler.sources.limits import SourceLimits
from crawler.urls import strip_reader

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from crawler.sources.layout import FromPath, Layout
    from crawler.sources.sidecar import Sidecar, SidecarRow
    from crawler.sources.walk import FoundFile

# How many captures an earlier run made of a file (URI, size in bytes, mtime in nanoseconds), or None.
Known = Callable[[str, int, int], int | None]
_SMALL = 2**18  # bytes
_CLOCK_SKEW = timedelta(days=1)
_EPOCH = datetime.fromtimestamp(0, UTC)
_KINDS = (
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISDIR, "a folder"),
)
# A file's mode and the limits may change without the file's mtime.
_MAY_PASS = frozenset({"unreadable", "oversize"})
HintSource = Literal["sidecar", "path"]


def never_seen(uri: str, size: int, mtime_ns: int) -> int | None:  # noqa: ARG001 - it is a `Known`
    """A `Known` for a database without files."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """What holds for all files of a source."""

    limits: SourceLimits = field(default_factory=SourceLimits)
    layout: Layout | None = None
    sidecar: Sidecar | None = None
    known: Known = never_seen


def uri_of(path: Path) -> str:
    """The URI of a file or folder; symbolic links stay, except where the path goes back with `..`."""
    return (path.resolve() if ".." in path.parts else path.absolute()).as_uri()


def unreadable(path: Path, name: str, detail: str, captured_at: datetime = _EPOCH) -> Capture:
    """The capture of a file whose bytes cannot be had, and why."""
    return Capture(
        uri=uri_of(path),
        name=names.label(name),
        content=b"",
        captured_at=captured_at,
        captured_at_source="mtime",
        problem=Rejected(reason="unreadable", detail=detail),
        file_uri=uri_of(path),
    )


def advice(error: OSError) -> str:
    """What to say about a file that the system does not give."""
    if isinstance(error, PermissionError):
        return "no permission to read it; change its mode or run as its owner"
    if isinstance(error, FileNotFoundError):
        return "it is not there, or no longer; if it is a link, what it leads to is gone"
    return f"the system does not give it: {error.strerror or error}"


def captures_of(found: FoundFile, knowledge: Knowledge) -> Iterator[Capture | FileSeen]:
    """The captures in a file, then that it was seen; only the latter where it is known and unchanged.

    A file that could not be read, or not within the limits, is not seen: the next run tries again.
    """
    try:
        before = found.path.stat()
        problem = _not_a_file(before)
        if problem:
            yield unreadable(found.path, found.name, problem)
            return
        uri = uri_of(found.path)
        captures = knowledge.known(uri, before.st_size, before.st_mtime_ns)
        if captures is not None:
            yield _seen(uri, before, captures, again=True)
            return
        yield from _File(found, uri, before, knowledge).read()
    except OSError as error:
        yield unreadable(found.path, found.name, advice(error))


def _not_a_file(status: os.stat_result) -> str | None:
    if stat.S_ISREG(status.st_mode):
        return None
    kind = next((name for is_kind, name in _KINDS if is_kind(status.st_mode)), "something special")
    return f"it is no file but {kind}; save what it gives to a file first"


def _seen(uri: str, status: os.stat_result, captures: int, *, ignored: int = 0, again: bool = False) -> FileSeen:
    return FileSeen(
        uri=uri, size=status.st_size, mtime_ns=status.st_mtime_ns, captures=captures, ignored=ignored, again=again
    )


def _opener(path: str, flags: int) -> int:
    # Not to wait for a writer, should a pipe have taken the file's place.
    return os.open(path, flags | os.O_NONBLOCK | os.O_CLOEXEC)


class _File:
    def __init__(self, found: FoundFile, uri: str, status: os.stat_result, knowledge: Knowledge) -> None:
        self.found = found
        self.uri = uri
        self.status = status
        self.knowledge = knowledge
        self.modified = _mtime(status)
        self.name = names.label(found.name)
        # What a path that was given itself is compared by: there is no folder that it is relative to.
        self.path = found.name if found.in_folder else found.path.absolute().as_posix()

    def read(self) -> Iterator[Capture | FileSeen]:
        captures = ignored = 0
        is_final = True
        with open(self.found.path, "rb", opener=_opener) as file:
            problem = _not_a_file(os.fstat(file.fileno()))
            if problem:
                yield unreadable(self.found.path, self.found.name, problem)
                return
            # One read of a small file: every call lets go of the interpreter, and takes its turn to get it back.
            stream = io.BytesIO(file.read(_SMALL)) if self.status.st_size < _SMALL else file
            for member in containers.members(stream, self.found.path.name, self.knowledge.limits):
                if isinstance(member, Ignored):
                    ignored += member.count
                    continue
                if not member.path and self._has_changed(file.fileno()):
                    break
                capture = self._capture(member)
                is_final = is_final and (capture.problem is None or capture.problem.reason not in _MAY_PASS)
                captures += 1
                yield capture
            if self._has_changed(file.fileno()):
                detail = "it was changed while it was read; run again when nothing writes to it"
                yield unreadable(self.found.path, self.found.name, detail, self.modified)
                return
        if is_final:
            yield _seen(self.uri, self.status, captures, ignored=ignored)

    def _has_changed(self, descriptor: int) -> bool:
        now = os.fstat(descriptor)
        return (now.st_size, now.st_mtime_ns) != (self.status.st_size, self.status.st_mtime_ns)

    def _capture(self, member: containers.Member) -> Capture:
        captured_at, source = self._time(member)
        return Capture(
            uri=names.member_uri(self.uri, member.path),
            name="!/".join([self.name, *member.path]),
            content=member.content,
            captured_at=captured_at,
            captured_at_source=source,
            url=strip_reader(member.url) if member.url else None,
            media_type=member.media_type,
            hints=self._hints(member),
            problem=member.problem,
            file_uri=self.uri,
        )

    def _time(self, member: containers.Member) -> tuple[datetime, CapturedAtSource]:
        if member.captured_at is not None:
            return member.captured_at, "warc"
        # A member cannot be younger than its container; the time of such a one is a wrong clock's.
        if member.modified is not None and member.modified <= self.modified + _CLOCK_SKEW:
            return member.modified, "mtime"
        return self.modified, "mtime"

    def _hints(self, member: containers.Member) -> Hints:
        row = self._row(member)
        told = self._told_by_path(member)
        sources: list[tuple[str, HintSource]] = []
        values: dict[str, str] = {}
        for name in ("title", "account", "url", "published"):
            for source, values_of in (("sidecar", row), ("path", told)):
                value = getattr(values_of, name, None)
                if value and name not in values:
                    values[name] = value
                    sources.append((name, "sidecar" if source == "sidecar" else "path"))
        return Hints(**values, sources=tuple(sources)) if values else NO_HINTS

    def _row(self, member: containers.Member) -> SidecarRow | None:
        if self.knowledge.sidecar is None:
            return None
        if member.kind != "file" or not member.path:
            return self.knowledge.sidecar.row_of("!/".join([self.path, *member.path]))
        inside = "!/".join(member.path)
        return self.knowledge.sidecar.row_of(f"{self.path}!/{inside}") or self.knowledge.sidecar.row_of(inside)

    def _told_by_path(self, member: containers.Member) -> FromPath | None:
        layout = self.knowledge.layout
        if layout is None:
            return None
        in_folder = self.found.in_folder
        if not member.path:
            return layout.read(self.path, in_folder=in_folder)
        if member.kind == "file":
            # A container stands for a folder of its name, or for none.
            stems = [names.stem(part) for part in (self.path, *member.path[:-1])]
            joined = "/".join([*stems, member.path[-1]])
            return layout.read(joined, in_folder=in_folder) or layout.read("/".join(member.path))
        # The name of a file of many records is the title and the day of none of them.
        told = layout.read(self.path, in_folder=in_folder)
        return type(told)(account=told.account) if told else None


def _mtime(status: os.stat_result) -> datetime:
    try:
        return datetime.fromtimestamp(status.st_mtime_ns / 1_000_000_000, UTC)
    except (ValueError, OverflowError, OSError):
        return _EPOCH
