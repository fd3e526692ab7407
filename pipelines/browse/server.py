"""Datasette on an archive: made here, served in this process until it is told to stop."""

from __future__ import annotations

import socket
import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import uvicorn
from datasette.app import Datasette
from datasette.database import Database
from datasette.plugins import pm

from pipelines.browse.guard import LOOPBACK
from pipelines.browse.metadata import DATABASE, metadata
from pipelines.browse.plugin import Plugin
from pipelines.store.database import DatabaseError, connect, schema_version
from pipelines.store.schema import relations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pipelines.browse.site import Site

_HERE = Path(__file__).parent
_EVERYWHERE = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 - what is compared with
_SECONDS_TO_END = 2


class _Archive(Database):  # type: ignore[misc]  # an untyped library
    """The database, opened read-only, whatever signs its path has: Datasette itself takes ? and # amiss."""

    def connect(self, write: bool = False) -> sqlite3.Connection:
        if write:
            raise DatabaseError("an archive is only read here")
        uri = Path(self.path).absolute().as_uri() + "?mode=ro"
        connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
        self._all_file_connections.append(connection)
        return connection


@contextmanager
def application(site: Site, hosts: frozenset[str] | None = LOOPBACK) -> Iterator[Any]:
    """Datasette with our pages on it; one at a time in a process, as its plugins are the process's.

    Raises:
        DatabaseError: the database is not there, not ours, or of an earlier or later release.
    """
    with closing(connect(site.path, read_only=True)) as db:
        version = db.execute("PRAGMA user_version").fetchone()[0]
        described = metadata(relations(db.conn))
    if version != schema_version():
        raise DatabaseError(
            f"{site.path} was written by an earlier release (schema {version}, this one knows {schema_version()}); "
            "`scrapy renormalize` brings it up to date"
        )
    plugin = Plugin(site, hosts)
    pm.register(plugin)
    # With rich Datasette prints every variable, texts of articles too, when somebody asks for a page that is not there.
    exceptions = pm.get_plugin("datasette.handle_exception")
    rich, exceptions.rich = exceptions.rich, None
    archive = None
    try:
        datasette = Datasette(
            files=[],
            metadata=described,
            template_dir=str(_HERE / "templates"),
            static_mounts=[("assets", str(_HERE / "static"))],
            settings={
                "sql_time_limit_ms": max(1, round(site.seconds * 1000)),
                "allow_download": False,
                "default_page_size": 50,
                "truncate_cells_html": 100,
                # Guessing at facets reads every row of every column; those of use are named in metadata.toml.
                "suggest_facets": False,
            },
        )
        datasette.remove_database("_memory")
        archive = datasette.add_database(_Archive(datasette, path=str(site.path), is_mutable=True), name=DATABASE)
        yield datasette
    finally:
        if archive is not None:
            archive.close()
        pm.unregister(plugin)
        exceptions.rich = rich


def serve(site: Site, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serves until SIGINT or SIGTERM; `ready` is told the URL once pages can be asked for. Port 0 is a free one.

    Raises:
        DatabaseError: see `application`.
        OSError: nothing can listen there.
    """
    hosts = None if host in _EVERYWHERE else LOOPBACK | {_named(host).lower()}
    with application(site, hosts) as datasette, _listening(host, port) as listening:
        url = f"http://{_named('127.0.0.1' if hosts is None else host)}:{listening.getsockname()[1]}/"
        config = uvicorn.Config(
            datasette.app(),
            log_level="warning",
            access_log=False,
            ws="none",
            server_header=False,
            timeout_graceful_shutdown=_SECONDS_TO_END,
        )
        _Server(config, lambda: ready(url)).run(sockets=[listening])


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()


def _named(host: str) -> str:
    """A host as it stands in URLs."""
    return f"[{host}]" if ":" in host else host


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
    except OSError:
        listening.close()
        raise
    return listening
