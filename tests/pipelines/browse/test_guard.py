"""Who may ask, what may be asked, and what is sent along with every answer."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from pipelines.browse.guard import LOOPBACK, Guard

if TYPE_CHECKING:
    from collections.abc import MutableMapping

HIDDEN = {"captures": ("reading", "text"), "account_names": ("name",)}


def asked(
    path: str = "/",
    *,
    method: str = "GET",
    host: str | None = "127.0.0.1:8001",
    query: str = "",
    hosts: frozenset[str] | None = LOOPBACK,
    body: tuple[bytes, ...] = (b"fine",),
    headers: tuple[tuple[bytes, bytes], ...] = (),
) -> tuple[int, dict[bytes, bytes], bytes, str | None]:
    """Status, headers and body of the answer, and the query that the application was asked with (None: not at all)."""
    seen: list[str] = []
    sent: list[MutableMapping[str, Any]] = []

    async def application(scope: MutableMapping[str, Any], receive: object, send: Any) -> None:
        seen.append(scope["query_string"].decode())
        await send({"type": "http.response.start", "status": 200, "headers": list(headers)})
        for part in body:
            await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.disconnect"}

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": query.encode(),
        "headers": [(b"host", host.encode())] if host is not None else [],
    }
    guard = Guard(application, hosts=hosts, database="archive", hidden=HIDDEN)
    asyncio.run(guard(scope, receive, send))
    answer = b"".join(message.get("body", b"") for message in sent)
    return sent[0]["status"], dict(sent[0]["headers"]), answer, seen[0] if seen else None


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:9", "localhost:8001", "LOCALHOST", "[::1]:8001"])
def test_this_machine_may_ask(host: str) -> None:
    assert asked(host=host)[0] == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8001", "127.0.0.1.evil.example", "localhost@evil.example", "", None]
)
def test_a_name_made_to_lead_here_may_not(host: str | None) -> None:
    status, headers, _, seen = asked(host=host)
    assert (status, seen) == (403, None)
    assert headers[b"x-content-type-options"] == b"nosniff"


def test_with_an_address_for_all_any_name_may() -> None:
    assert asked(host="library.example", hosts=None)[0] == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "CONNECT"])
def test_nothing_can_be_sent(method: str) -> None:
    assert asked(method=method)[::3] == (405, None)


def test_every_answer_keeps_browsers_from_loading_framing_and_telling() -> None:
    headers = asked()[1]
    policy = headers[b"content-security-policy"].decode()
    assert policy.startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in policy
    assert "http:" not in policy
    assert headers[b"referrer-policy"] == b"no-referrer"
    assert headers[b"x-frame-options"] == b"DENY"


def test_what_a_page_says_itself_stands() -> None:
    own = ((b"content-security-policy", b"sandbox"),)
    assert asked(headers=own)[1][b"content-security-policy"] == b"sandbox"


@pytest.mark.parametrize(
    ("path", "query", "given"),
    [
        ("/archive/captures", "", "_nocol=reading&_nocol=text"),
        ("/archive/captures.json", "a=1", "a=1&_nocol=reading&_nocol=text"),
        ("/archive/captures.csv", "", "_nocol=reading&_nocol=text"),
        ("/archive/captures", "_col=text", "_col=text"),
        ("/archive/captures", "x=1&_nocol=id", "x=1&_nocol=id"),
        ("/archive/account_names", "", "_nocol=name"),
        ("/archive/account~5Fnames", "", "_nocol=name"),
        ("/archive/captures/1", "", ""),
        ("/archive/runs", "", ""),
        ("/other/captures", "", ""),
    ],
)
def test_heavy_columns_are_left_out_until_they_are_asked_for(path: str, query: str, given: str) -> None:
    assert asked(path, query=query)[3] == given


def test_rows_for_spreadsheets_are_made_harmless_and_nothing_else_is() -> None:
    rows = (b"title\r\n", b"=1+1\r\n", "－标题\r\n".encode())
    assert asked("/archive/runs.csv", body=rows)[2].decode() == "title\r\n'=1+1\r\n'－标题\r\n"
    assert asked("/archive/runs.json", body=rows)[2] == b"".join(rows)
    assert asked("/archive/runs.csv", query="_trace=1", body=rows)[2] == b"".join(rows)
