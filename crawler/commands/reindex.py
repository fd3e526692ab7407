"""`scrapy reindex`: make the search index anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.writing_command import WritingCommand
from pipelines.store import search_index

if TYPE_CHECKING:
    import argparse
    from sqlite3 import Connection

    from crawler.writing_command import Progress


class Command(WritingCommand):
    """Reads no capture, only the articles that are stored."""

    doing = "indexing"

    def __init__(self) -> None:
        super().__init__()
        self.articles = 0

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Make the search index anew"

    def long_desc(self) -> str:
        """What --help says first."""
        return (
            "Make the search index anew from the articles that are stored. It is kept up to date by every run, and "
            "made anew by the first run of a release that makes another one; this command is for when `scrapy search` "
            "or `scrapy doctor` asks for it. Searches go on meanwhile; a run that was stopped leaves the former index."
        )

    def work(self, db: Connection, opts: argparse.Namespace, run_id: int, progress: Progress) -> None:
        """Indexes every article."""
        self.articles = search_index.rebuild(db, progress)

    def counts(self) -> dict[str, object]:
        """How many articles can be found."""
        return {"articles": self.articles}
