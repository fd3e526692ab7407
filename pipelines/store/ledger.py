"""What a spider may ask the database: whether a file, or a capture, is stored already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.store import capture_rows, files
from pipelines.store.database import connect

if TYPE_CHECKING:
    from pathlib import Path

    from crawler.items import Hints
    from pipelines.store.capture_rows import Outcome


class Ledger:
    """A read-only view of what has been stored; sees committed work only."""

    def __init__(self, path: Path) -> None:
        """Opens the database at `path`, which is there. Raises DatabaseError."""
        self._db = connect(path, read_only=True)

    def file_captures(self, uri: str, size: int, mtime_ns: int) -> int | None:
        """How many captures an earlier run made of a file that is unchanged since, or None."""
        return files.unchanged(self._db.conn, uri, size, mtime_ns)

    def capture(self, uri: str, sha256: str, hints: Hints) -> tuple[Outcome | None, Hints]:
        """What is known of this very capture, and the hints to read it with (`capture_rows.capture_known`)."""
        return capture_rows.capture_known(self._db.conn, uri, sha256, hints)

    def close(self) -> None:
        """Closes the database."""
        self._db.close()
