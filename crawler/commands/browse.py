"""`scrapy browse`: the archive in a browser."""

from __future__ import annotations

import os
import sys
import threading
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy.exceptions import UsageError

from crawler.exits import Exit
from crawler.limits import limits_of
from crawler.reading_command import ReadingCommand
from pipelines.browse.site import Site
from pipelines.store.database import DatabaseError

if TYPE_CHECKING:
    import argparse
    from sqlite3 import Connection

LOOPBACK = ("127.0.0.1", "::1", "localhost")
_NO_DATASETTE = (
    "Datasette is not installed, and the pages need it: .venv/bin/python -m pip install 'datasette>=0.65,<1' "
    "(or make browse, which installs everything)"
)


class Command(ReadingCommand):
    """Serves the archive until it is told to stop."""

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Open the archive in a browser: search, read, tables, charts (read-only, on this machine)"

    def long_desc(self) -> str:
        """What --help says first."""
        return (
            "Serve pages of the archive on this machine and open them in a browser: search, articles to be read with "
            "their revisions, removed passages and captures, figures, and with Datasette every table, facets, queries "
            "by name and SQL of your own. Nothing is written; a crawl may run meanwhile, and what it stores shows at "
            "once. CTRL+C ends it."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Adds where to listen, and whether to open a browser."""
        super().add_options(parser)
        add = parser.add_argument
        add("--port", metavar="N", type=_port, default=0, help="listen on this port (default: one that is free)")
        add("--host", metavar="ADDRESS", default=LOOPBACK[0], help="listen on this address (default: 127.0.0.1)")
        add("--no-open", action="store_true", help="print the address, open no browser")

    def ask(self, db: Connection, args: list[str], opts: argparse.Namespace) -> int:
        """Serves until SIGINT or SIGTERM."""
        db.close()  # each page has a connection of its own
        try:
            from pipelines.browse.server import serve  # noqa: PLC0415 - optional, and slow to import
        except ModuleNotFoundError as error:
            if (error.name or "").partition(".")[0] not in ("datasette", "uvicorn"):
                raise
            return self.refuse(_NO_DATASETTE)
        settings: Any = self.settings
        seconds = settings.getfloat("BROWSE_SECONDS")
        if not seconds > 0:
            raise UsageError("BROWSE_SECONDS: say how many seconds the questions of one page may take")
        site = Site(path=Path(settings["DATABASE"]).expanduser(), seconds=seconds, limits=limits_of(settings))
        if opts.host not in LOOPBACK:
            sys.stderr.write(
                f"Listening on {opts.host}: whoever can reach this machine can read the whole archive, without a "
                "password.\n"
            )
        try:
            serve(site, opts.host, opts.port, lambda url: _tell(url, is_to_open=not opts.no_open))
        except KeyboardInterrupt:
            sys.stderr.write("\n")
        except DatabaseError as error:
            sys.stderr.write(f"{error}\n")
            return int(Exit.DATABASE)
        except OSError as error:
            return self.refuse(f"cannot listen on {opts.host}, port {opts.port}: {error.strerror or error}")
        return int(Exit.DONE)


def _tell(url: str, *, is_to_open: bool) -> None:
    sys.stdout.write(f"{url}\n")
    sys.stdout.flush()
    sys.stderr.write("The archive is at this address until you press CTRL+C.\n")
    if is_to_open and _has_screen():
        threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()


def _has_screen() -> bool:
    """Is there a screen? On a server a browser of the terminal would start, and take it over."""
    if sys.platform.startswith("linux"):
        return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"))
    return True


def _port(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 65535:
        raise ValueError(text)
    return number
