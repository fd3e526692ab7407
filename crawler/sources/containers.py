"""What a file holds: itself, or the members of the containers in it, one after another.

Nothing is written to disk and no container is held whole. A file is looked at on two levels: a container, and
containers that are its members; each of them, and what is in it, may be compressed once.
"""

from __future__ import annotations

import io
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO, Literal

from crawler.items import Ignored, Rejected
from crawler.sources import names, records, sniff, streams, tars, warcs, zips
from crawler.sources.limits import Budget, DamagedError, SourceLimits

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

_DEEPEST = 2
_TOO_DEEP = "containers are nested too deep here; unpack the outer one first"

MemberPath = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """What is a capture: a file that is no container, a file in one, or a record of one.

    `path` names it from the file inwards, one part a container; () is the file itself.
    """

    path: MemberPath
    content: bytes = field(repr=False)
    kind: Literal["file", "record", "response"] = "file"
    modified: datetime | None = None  # when the member was changed, where its container says; UTC
    captured_at: datetime | None = None  # when a web archive took it; UTC
    url: str | None = None  # that a web archive asked for
    media_type: str | None = None
    problem: Rejected | None = None


def members(file: BinaryIO, name: str, limits: SourceLimits | None = None) -> Iterator[Member | Ignored]:
    """The captures in `file` (seekable, at its start), called `name`, and what was ignored, in order.

    Never raises on hostile bytes: what cannot be read is a Member with a `problem`, and a damaged or cut-off
    container gives what is readable and then such a member of its own path. Raises OSError where the disk fails.
    """
    limits = limits or SourceLimits()
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    walker = _Walker(limits, Budget(limits, size))
    yield from walker.opened(streams.rewound(b"", file), _Place((), name, file=file, size=size))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Inner:
    """A file in a container."""

    name: str
    content: streams.Readable
    modified: datetime | None
    size: int | None


@dataclass(frozen=True, slots=True)
class _Place:
    path: MemberPath
    name: str
    depth: int = 0  # of containers around it
    file: BinaryIO | None = None  # where it can be read from anywhere: a file on disk, not compressed
    size: int | None = None
    modified: datetime | None = None
    packed: streams.Gunzip | None = None


class _Walker:
    def __init__(self, limits: SourceLimits, budget: Budget) -> None:
        self.limits = limits
        self.budget = budget

    def opened(self, stream: io.BufferedReader, place: _Place) -> Iterator[Member | Ignored]:
        """What is at `place`. Raises DamagedError only where a container around it is damaged."""
        try:
            yield from self._dispatched(stream, place)
        except DamagedError as damage:
            if damage.owner != place.path:
                raise
            yield Member(path=place.path, content=b"", modified=place.modified, problem=damage.problem)

    def _dispatched(self, stream: io.BufferedReader, place: _Place) -> Iterator[Member | Ignored]:
        head, stream = streams.look_ahead(stream)
        kind = sniff.kind_of(head, place.name)
        if kind in {"gzip", "zstd"}:
            if kind == "gzip":
                packed = streams.Gunzip(stream)
                plain = streams.guarded(packed, place.path, self.budget)
            else:
                packed = None
                plain = streams.guarded(streams.ZstdReader(stream), place.path, self.budget)
            place = _Place(
                place.path,
                names.without_compression(place.name),
                place.depth,
                modified=place.modified,
                packed=packed,
            )
            head, stream = streams.look_ahead(plain)
            kind = sniff.kind_of(head, place.name)
            if kind in {"gzip", "zstd"}:
                raise DamagedError(place.path, "corrupt", _TOO_DEEP)
        if kind == "json":
            kind, stream = self._told_json(stream)
        if kind == "json":
            yield from self._object(stream, place)
        elif kind == "single":
            yield self._single(stream, place)
        elif place.depth >= _DEEPEST:
            raise DamagedError(place.path, "corrupt", _TOO_DEEP)
        elif kind == "zip":
            yield from self._zip(stream, place)
        elif kind == "tar":
            yield from self._inner_files(self._tar(stream, place), place, content_owner=place.path)
        elif kind == "warc":
            yield from self._warc(stream, place)
        else:
            yield from self._records(kind, stream, place)

    def _told_json(self, stream: io.BufferedReader) -> tuple[sniff.Kind, io.BufferedReader]:
        """Whether what starts with an object is one object or lines of records."""
        first = stream.readline(self.limits.max_bytes + 1)
        rest = stream.peek(streams.CHUNK) if first.endswith(b"\n") else b""
        kind: sniff.Kind = "json_lines" if sniff.is_json_lines(first, rest) else "json"
        return kind, streams.rewound(first, stream)

    def _single(self, stream: io.BufferedReader, place: _Place) -> Member:
        limit = self.limits.max_bytes
        if place.size is not None and place.size > limit:
            raise DamagedError(place.path, "oversize", streams.too_large(limit, place.size))
        content = streams.read_all(stream, place.path, limit)
        return Member(path=place.path, content=content, modified=place.modified)

    def _object(self, stream: io.BufferedReader, place: _Place) -> Iterator[Member]:
        """One capture, or each of the records in the lists of an interface's answer."""
        whole = self._single(stream, place)
        is_single = True
        for record in records.within(whole.content):
            is_single = False
            self.budget.count_member()
            yield Member(path=(*place.path, str(record.number)), content=record.content, kind="record")
        if is_single:
            yield whole

    def _records(self, kind: sniff.Kind, stream: io.BufferedReader, place: _Place) -> Iterator[Member | Ignored]:
        limit = self.limits.max_bytes
        try:
            if kind == "json_array":
                found = records.array(stream, place.path, limit)
            elif kind == "json_lines":
                found = records.lines(stream, limit)
            else:
                found = records.table(stream, place.path, limit)
            for record in found:
                self.budget.count_member()
                path = (*place.path, str(record.number))
                yield Member(path=path, content=record.content, kind="record", problem=record.problem)
        except records.NoRecordsError as error:
            yield self._single(streams.rewound(error.head, stream), place)

    def _warc(self, stream: io.BufferedReader, place: _Place) -> Iterator[Member | Ignored]:
        offsets = place.packed.packed_offset if place.packed else lambda _: None
        for response in warcs.responses(stream, place.path, self.limits, offsets):
            self.budget.count_member()
            if response is None:
                yield Ignored()
                continue
            yield Member(
                path=(*place.path, str(response.offset)),
                content=response.content,
                kind="response",
                captured_at=response.captured_at,
                url=response.url,
                media_type=response.media_type,
                problem=response.problem,
            )

    def _tar(self, stream: io.BufferedReader, place: _Place) -> Iterator[_Inner | Ignored]:
        pages: set[str] = set()
        for entry in tars.entries(stream, place.path):
            if entry is None:
                yield Ignored()
                continue
            name = names.label(entry.name)
            stem = names.page_stem(name)
            if stem is not None:
                pages.add(stem)
            if names.is_ignored_path(name, pages):
                yield Ignored()
            else:
                yield _Inner(name=name, content=entry.content, modified=entry.modified, size=entry.size)

    def _zip(self, stream: io.BufferedReader, place: _Place) -> Iterator[Member | Ignored]:
        file = place.file or io.BytesIO(streams.read_all(stream, place.path, self.limits.max_inner_zip))
        try:
            is_document, pages = _surveyed(file)
        except ValueError:
            # No sound directory at the end: the file was cut off, or is damaged there.
            yield from self._inner_files(self._salvaged(file, place), place, content_owner=place.path)
            return
        if is_document:
            file.seek(0)
            yield self._single(streams.rewound(b"", file), place)
            return
        yield from self._inner_files(self._unzipped(file, place, pages), place)

    def _unzipped(self, file: BinaryIO, place: _Place, pages: frozenset[str]) -> Iterator[_Inner | Ignored]:
        encrypted = total = 0
        for entry in zips.entries(file):
            name = names.label(entry.name)
            total += not entry.is_folder
            if entry.is_folder:
                continue
            if names.is_ignored_path(name, pages):
                yield Ignored()
            elif entry.is_encrypted:
                encrypted += 1
            else:
                yield _Inner(name=name, content=_Late(file, entry), modified=entry.modified, size=entry.size)
        if encrypted:
            detail = f"{encrypted} of {total} members need a password; unpack it with the password first"
            raise DamagedError(place.path, "encrypted", detail)

    def _salvaged(self, file: BinaryIO, place: _Place) -> Iterator[_Inner | Ignored]:
        try:
            for entry, content in zips.salvage(file, place.path):
                name = names.label(entry.name)
                if entry.is_folder:
                    continue
                if entry.is_encrypted:
                    raise DamagedError(place.path, "encrypted", "needs a password, and is cut off or damaged")
                if names.is_ignored_path(name, frozenset()):
                    yield Ignored()
                else:
                    yield _Inner(name=name, content=content, modified=entry.modified, size=None)
        except (EOFError, ValueError, OverflowError, zlib.error) as error:
            raise DamagedError(place.path, *streams.fault(error)) from error

    def _inner_files(
        self, found: Iterator[_Inner | Ignored], place: _Place, content_owner: MemberPath | None = None
    ) -> Iterator[Member | Ignored]:
        """Opens each file of a container. A fault in a member's own bytes is the member's, or `content_owner`'s."""
        for inner in found:
            self.budget.count_member()
            if isinstance(inner, Ignored):
                yield inner
                continue
            path = (*place.path, inner.name)
            deeper = _Place(path, inner.name, place.depth + 1, size=inner.size, modified=inner.modified)
            owner = path if content_owner is None else content_owner
            yield from self.opened(streams.guarded(inner.content, owner, self.budget), deeper)


class _Late:
    """A member of a .zip that is looked up when it is first read, so that its faults come as all others do."""

    def __init__(self, file: BinaryIO, entry: zips.ZipEntry) -> None:
        self._file = file
        self._entry = entry
        self._content: streams.Readable | None = None

    def read(self, size: int = -1, /) -> bytes | None:
        if self._content is None:
            self._content = zips.unpack(self._file, self._entry)
        return self._content.read(size)


def _surveyed(file: BinaryIO) -> tuple[bool, frozenset[str]]:
    """Whether a .zip is a document, and which of its saved pages have a folder beside them.

    Raises ValueError where it has no sound directory.
    """
    if zips.is_document(file):
        return True, frozenset()
    wanted: set[str] = set()
    for entry in zips.entries(file):
        folders = names.label(entry.name).split("/")[:-1]
        for depth, folder in enumerate(folders):
            stem = names.page_of_folder(folder)
            if stem is not None:
                wanted.add("/".join([*folders[:depth], stem]))
    if not wanted:
        return False, frozenset()
    stems = (names.page_stem(names.label(entry.name)) for entry in zips.entries(file))
    return False, frozenset(stem for stem in stems if stem in wanted)
