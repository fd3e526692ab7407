"""Members of a .tar read forward once, without its list of members in memory."""

from __future__ import annotations

import io
import tarfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler import times
from crawler.sources import names, streams
from crawler.sources.limits import MEBI, DamagedError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

# Names and attributes stand in headers of their own, which tarfile reads whole.
_LONGEST_HEADER = MEBI
_BLOCK = tarfile.BLOCKSIZE


@dataclass(frozen=True, slots=True, kw_only=True)
class TarEntry:
    """A file in a .tar; links, devices and folders are none."""

    name: str
    size: int
    modified: datetime | None  # UTC, or None where it is no time that can be meant
    content: streams.Readable  # to be read before the next entry is asked for


def entries(stream: streams.Readable, owner: tuple[str, ...]) -> Iterator[TarEntry | None]:
    """The files in order; None for something that is neither a file nor a folder.

    Raises DamagedError of `owner` where it ends before its end mark or is damaged; reading a member's content
    raises tarfile.ReadError where the file ends inside it.
    """
    forward = _Forward(stream)
    try:
        tar = tarfile.TarFile(fileobj=forward, mode="r", encoding="utf-8", errors="surrogateescape")
        while (info := tar.next()) is not None:
            tar.members = []  # type: ignore[attr-defined] # or it would keep them all
            if info.isreg():
                content = tar.extractfile(info)
                if content is not None:
                    yield _entry(info, content)
            elif not info.isdir():
                yield None
    except (DamagedError, GeneratorExit):
        raise
    except Exception as error:  # hostile headers make tarfile raise nearly anything
        raise DamagedError(owner, *streams.fault(error)) from error
    # tarfile takes a damaged header, and the end of the bytes, for the end of the archive.
    if forward.last_block.count(0) != _BLOCK:
        if len(forward.last_block) == _BLOCK:
            raise DamagedError(owner, "corrupt", "a header in the .tar is damaged; get it again")
        raise DamagedError(owner, "truncated", "the .tar ends before its end mark; get it again")


def _entry(info: tarfile.TarInfo, content: streams.Readable) -> TarEntry:
    raw = info.name.encode("utf-8", "surrogateescape")
    return TarEntry(name=names.recovered(raw), size=info.size, modified=times.from_unix(info.mtime), content=content)


class _Forward(io.RawIOBase):
    """A stream as TarFile needs it: it tells where it is and can skip, but not go back."""

    def __init__(self, source: streams.Readable) -> None:
        self._source = source
        self._at = 0
        self.last_block = b""  # what was last read where a header may stand

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        if whence != io.SEEK_SET or offset < self._at:
            raise tarfile.StreamError("the .tar is read forward only")
        while self._at < offset and self._take(min(streams.CHUNK, offset - self._at)):
            pass
        return self._at

    def read(self, size: int = -1, /) -> bytes:
        if size < 0 or size > _LONGEST_HEADER:
            raise tarfile.ReadError("a header in the .tar is far too long")
        parts, left = [], size
        while left and (data := self._take(left)):
            parts.append(data)
            left -= len(data)
        data = b"".join(parts)
        if size == _BLOCK:
            self.last_block = data
        return data

    def _take(self, size: int) -> bytes:
        data = self._source.read(size) or b""
        self._at += len(data)
        return data
