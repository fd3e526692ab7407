"""`scrapy raw`: a capture's bytes, as they came."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from crawler.reading_command import ReadingCommand
from pipelines.store import lookup, raw

if TYPE_CHECKING:
    import argparse
    from sqlite3 import Connection


class Command(ReadingCommand):
    """Writes the bytes of one raw capture to standard output."""

    words = "SHA256|KEY|URL|ID"
    least_words = most_words = 1

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Write the original bytes of a capture to standard output"

    def ask(self, db: Connection, args: list[str], opts: argparse.Namespace) -> int:
        """Writes bytes; refuses where `SHA256` begins several digests or none."""
        found = lookup.digests(db, args[0])
        if len(found) != 1:
            why = f"{len(found)} captures begin with {args[0]}" if found else f"no capture and no article {args[0]}"
            return self.refuse(why)
        content = raw.load(db, found[0])
        if content is None:
            return self.refuse(f"the bytes of {found[0]} are not kept (an unchanged look, or an empty file)")
        sys.stdout.buffer.write(content)
        return 0
