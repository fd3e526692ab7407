"""What is added to Datasette: the pages for readers, cells that lead to them, and the guard before all."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import unquote

from datasette import Response, hookimpl

from pipelines.browse import article, find, home, raw
from pipelines.browse.cells import cell
from pipelines.browse.guard import OWN_POLICY, Guard
from pipelines.browse.metadata import DATABASE, contents, hidden_columns
from pipelines.browse.shown import FILTERS, GLOBALS
from pipelines.browse.site import PageError
from pipelines.store.schema import relations, view_names

if TYPE_CHECKING:
    from collections.abc import Callable
    from sqlite3 import Connection

    from pipelines.browse.site import Site

_Function = TypeVar("_Function", bound="Callable[..., Any]")
_NUMBER = re.compile(r"[1-9][0-9]{0,5}\Z")


def _hook(function: _Function) -> _Function:
    marked: _Function = hookimpl(function)
    return marked


class Plugin:
    """The plugin of one site. Datasette is an untyped library: its objects are Any here."""

    __name__ = "gzh_archive"  # Datasette lists plugins by it

    def __init__(self, site: Site, hosts: frozenset[str] | None) -> None:
        """`hosts`: by which names the site may be asked, None for any."""
        self._site = site
        self._hosts = hosts

    @_hook
    def register_routes(self) -> list[tuple[str, Callable[..., Any]]]:
        """Our pages, before Datasette's."""
        return [
            (r"/$", self._home),
            (r"/-/accounts$", self._accounts),
            (r"/-/tables$", self._tables),
            (r"/-/find$", self._find),
            (r"/-/article/(?P<key>[^/]+)$", self._article),
            (r"/-/article/(?P<key>[^/]+)/revision/(?P<number>[^/]+)$", self._revision),
            (r"/-/raw/(?P<sha256>[^/]+)$", self._raw),
        ]

    @_hook
    def prepare_jinja2_environment(self, env: Any) -> None:
        """The filters of our templates."""
        env.filters.update(FILTERS)
        env.globals.update(GLOBALS)

    @_hook
    def render_cell(self, value: object, column: str, database: str) -> Any:
        """Keys, digests and URLs as links."""
        return cell(column, value) if database == DATABASE else None

    @_hook
    def prepare_connection(self, conn: Connection, database: str) -> None:
        """Nothing is written, and no view of a stranger's database does more than read. Datasette's own is another."""
        if database != DATABASE:
            return
        conn.execute("PRAGMA query_only=ON")
        conn.execute("PRAGMA trusted_schema=OFF")

    @_hook
    def asgi_wrapper(self) -> Callable[[Any], Any]:
        """The guard."""
        return lambda application: Guard(application, hosts=self._hosts, database=DATABASE, hidden=hidden_columns())

    async def _home(self, datasette: Any, request: Any) -> Any:
        return await self._page(datasette, request, "archive_home.html", home.home)

    async def _accounts(self, datasette: Any, request: Any) -> Any:
        given = request.args.get("page") or "1"
        page = int(given) if _NUMBER.match(given) else 1
        return await self._page(datasette, request, "archive_accounts.html", lambda db: home.accounts(db, page))

    async def _tables(self, datasette: Any, request: Any) -> Any:
        return await self._page(
            datasette, request, "archive_tables.html", lambda db: contents(relations(db), view_names(db))
        )

    async def _find(self, datasette: Any, request: Any) -> Any:
        given = {name: request.args.get(name) or "" for name in request.args}
        return await self._page(datasette, request, "archive_find.html", lambda db: find.find(db, find.asked(given)))

    async def _article(self, datasette: Any, request: Any) -> Any:
        key = unquote(request.url_vars["key"])
        limits = self._site.limits
        return await self._page(datasette, request, "archive_article.html", lambda db: article.article(db, key, limits))

    async def _revision(self, datasette: Any, request: Any) -> Any:
        key, number = unquote(request.url_vars["key"]), request.url_vars["number"]
        wanted = int(number) if _NUMBER.match(number) else 0
        return await self._page(
            datasette, request, "archive_revision.html", lambda db: article.revision(db, key, wanted)
        )

    async def _raw(self, datasette: Any, request: Any) -> Any:
        """The bytes of a capture, to be kept: never as a page."""
        sha256 = request.url_vars["sha256"]

        def asking() -> raw.Download:
            with self._site.reading() as db:
                return raw.download(db, sha256)

        try:
            return await asyncio.to_thread(asking)
        except PageError as error:
            return await self._problem(datasette, request, error)

    async def _page(
        self, datasette: Any, request: Any, template: str, ask: Callable[[Connection], dict[str, Any]]
    ) -> Any:
        def asking() -> dict[str, Any]:
            with self._site.reading() as db:
                return ask(db)

        try:
            context = await asyncio.to_thread(asking)
        except PageError as error:
            return await self._problem(datasette, request, error)
        return await self._rendered(datasette, request, template, context)

    async def _problem(self, datasette: Any, request: Any, error: PageError) -> Any:
        context = {"sentence": str(error)}
        return await self._rendered(datasette, request, "archive_problem.html", context, status=error.status)

    @staticmethod
    async def _rendered(
        datasette: Any, request: Any, template: str, context: dict[str, Any], *, status: int = 200
    ) -> Any:
        page = await datasette.render_template(template, {"database": DATABASE, **context}, request=request)
        headers = {"content-security-policy": OWN_POLICY, "cache-control": "no-store"}
        return Response.html(page, status=status, headers=headers)
