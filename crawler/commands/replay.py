"""`scrapy replay`: a folder of captures as a site on this machine, for trying and testing the network's spiders."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy.exceptions import UsageError

from crawler.exits import Exit
from crawler.given import ProjectCommand
from crawler.items import Capture
from crawler.limits import limits_of
from crawler.network.policy import policy_of
from crawler.network.replay_server import Pages, ReplayServer, collect
from crawler.sources import FileSource, SourceLimits
from crawler.stopping import StoppedError, stop_signals
from crawler.terminal import until_reader_leaves

if TYPE_CHECKING:
    import argparse

PORT = 8765


class Command(ProjectCommand):
    """Serves captures on the loopback address until it is told to stop."""

    default_settings = {"LOG_ENABLED": False}  # noqa: RUF012 - Scrapy's own convention

    def syntax(self) -> str:
        """The words after the command's name."""
        return "[options] PATH"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Serve a folder of captures on this machine, for trying the network's spiders"

    def long_desc(self) -> str:
        """What --help says first."""
        return (
            "Serve the captures of a file, folder or glob on the loopback address, each under the path of its own "
            "URLs. A spider of the network with -s REPLAY_SERVER=http://127.0.0.1:PORT asks this server instead of "
            "the sites that its URLs name; everything else is as on the network."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Adds --port, --robots, --in-turn and --list."""
        super().add_options(parser)
        parser.add_argument("--port", type=int, default=PORT, help=f"default {PORT}; 0 takes any that is free")
        parser.add_argument("--robots", metavar="FILE", help="serve this robots.txt (default: all is allowed)")
        parser.add_argument(
            "--in-turn",
            action="store_true",
            help="where captures share a URL, give the earliest to the first request, then the next (default: the "
            "latest, always)",
        )
        parser.add_argument("--list", action="store_true", help="print the URLs that would be served, and end")

    @until_reader_leaves()
    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Serves, and leaves the exit code in `exitcode`."""
        if unknown := [word for word in args if word.startswith("-")]:
            raise UsageError(f"unknown option {unknown[0]}")
        if len(args) != 1:
            raise UsageError("expected: a file, folder or glob of captures")
        if not 0 <= opts.port <= 65_535:
            raise UsageError(f"--port {opts.port} is no port", print_help=False)
        try:
            with stop_signals():
                self.exitcode = self._serve(args[0], opts)
        except StoppedError as stopped:
            self.exitcode = stopped.exit_code
        except BrokenPipeError:
            raise  # not of the server: whoever read the list has had enough
        except (OSError, ValueError) as error:
            sys.stderr.write(f"{error}\n")
            self.exitcode = int(Exit.FAILED)

    def _serve(self, path: str, opts: argparse.Namespace) -> int:
        settings: Any = self.settings
        limits = limits_of(settings)
        pages = Pages(in_turn=opts.in_turn)
        if opts.robots:
            pages.robots = Path(opts.robots).expanduser().read_bytes()
        source = FileSource([str(Path(path).expanduser())], limits=SourceLimits(max_bytes=limits.max_bytes))
        collect((found for found in source if isinstance(found, Capture)), limits, pages)
        urls = pages.urls()
        if opts.list:
            print("\n".join(urls))
            return 0
        with ReplayServer(pages, opts.port, policy_of(settings).hosts) as server:
            print(f"{len(urls)} URLs of {pages.captures} captures at {server.url}; {pages.without_url} name no URL")
            print("Try it:")
            print(f"  scrapy replay {path} --list > urls.txt")
            print(
                f"  scrapy crawl articles -a list=urls.txt -s REPLAY_SERVER={server.url} -s DOWNLOAD_DELAY=0 "
                f"-s DAILY_BUDGET={max(1000, 2 * len(urls))}",
                flush=True,
            )
            server.serve_forever()
        return 0
