"""The bytes of a capture as a download: whatever they are, no browser shows them as a page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipelines.browse.site import PageError
from pipelines.store import raw

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from sqlite3 import Connection

_DIGEST = re.compile(r"[0-9a-f]{64}\Z")


@dataclass(frozen=True, slots=True)
class Download:
    """Bytes to be sent, piece by piece, under the name of their digest and with no ending that would open them."""

    sha256: str
    size: int
    pieces: Iterator[bytes]

    async def asgi_send(self, send: Callable[[dict[str, Any]], Awaitable[None]]) -> None:
        """Sends head and body."""
        headers = {
            "content-type": "application/octet-stream",
            "content-length": str(self.size),
            "content-disposition": f'attachment; filename="{self.sha256}.bin"',
            "content-security-policy": "sandbox; default-src 'none'",
            "x-content-type-options": "nosniff",
            "cache-control": "no-store",
        }
        named = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": 200, "headers": named})
        for piece in self.pieces:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


def download(db: Connection, sha256: str) -> Download:
    """The bytes whose digest is `sha256`. Raises PageError."""
    found = raw.parts(db, sha256) if _DIGEST.match(sha256) else None
    if found is None:
        raise PageError(404, "There are no bytes with this digest: they are not kept, or this is no SHA-256.")
    return Download(sha256, *found)
