"""Stands before every page: who may ask, what may be asked, and what browsers may do with the answer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlencode

from pipelines.browse.cells import spreadsheet_rows

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence

    Scope = MutableMapping[str, Any]
    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]
    Application = Callable[[Scope, Receive, Send], Awaitable[None]]

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
# Pages of ours: no script, nothing from elsewhere.
OWN_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# Datasette's pages have scripts in them. No value of a table is among them: it escapes every one.
_DATASETTE_POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    b"content-security-policy": _DATASETTE_POLICY.encode(),
    b"referrer-policy": b"no-referrer",
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
}
_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_PORT = re.compile(r":[0-9]+\Z")


class Guard:
    """An ASGI application before another one.

    Args:
        application: what answers.
        hosts: by which names it may be asked; None for any. A page elsewhere whose name was made to lead here
            (DNS rebinding) asks by that name, and is refused.
        database: the name of the database in URLs.
        hidden: table -> columns that are shown only where they are asked for.
    """

    def __init__(
        self,
        application: Application,
        *,
        hosts: frozenset[str] | None,
        database: str,
        hidden: Mapping[str, Sequence[str]],
    ) -> None:
        self._application = application
        self._hosts = hosts
        self._table = re.compile(f"/{re.escape(database)}/(?P<table>[^/.]+)(?:\\.(?:json|csv))?\\Z")
        self._hidden = hidden

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers, or lets the application answer."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        sending = _with_headers(send)
        if self._hosts is not None and _host(scope) not in self._hosts:
            await _refuse(sending, 403, b"This archive is not known by that name.\n")
        elif scope["method"] not in _METHODS:
            await _refuse(sending, 405, b"This archive can only be read.\n")
        else:
            sending = _for_spreadsheets(sending) if _is_csv(scope) else sending
            await self._application(self._less_hidden(scope), receive, sending)

    def _less_hidden(self, scope: Scope) -> Scope:
        match = self._table.match(scope["path"])
        columns = self._hidden.get(unquote(match["table"]).replace("~5F", "_"), ()) if match else ()
        query: bytes = scope["query_string"]
        if not columns or re.search(rb"(?:^|&)_(?:no)?col=", query):
            return scope
        added = urlencode([("_nocol", column) for column in columns]).encode()
        return {**scope, "query_string": query + b"&" + added if query else added}


def _host(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"host":
            return _PORT.sub("", value.decode("latin-1")).lower()
    return ""


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = list(message.get("headers", []))
            named = {name.lower() for name, _ in headers}
            headers += [(name, value) for name, value in _HEADERS.items() if name not in named]
            message = {**message, "headers": headers}
        await send(message)

    return sending


def _is_csv(scope: Scope) -> bool:
    # With _trace Datasette gives a page that shows the rows.
    return bool(scope["path"].endswith(".csv")) and b"_trace=" not in scope["query_string"]


def _for_spreadsheets(send: Send) -> Send:
    """Datasette sends rows of CSV one by one, each in a message of its own."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.body" and message.get("body"):
            message = {**message, "body": spreadsheet_rows(message["body"].decode()).encode()}
        await send(message)

    return sending


async def _refuse(send: Send, status: int, sentence: bytes) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(sentence)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": sentence})
