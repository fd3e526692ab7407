"""A site on this machine that answers as a test wants it, and notes what it was asked."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """How one request is answered."""

    body: bytes = b""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    media_type: str = HTML
    wait: float = 0.0  # seconds before it begins
    cut: bool = False  # the connection is closed in the middle of the body


@dataclass(frozen=True)
class Asked:
    """A request that came in."""

    at: float  # of time.monotonic()
    host: str
    path: str
    agent: str
    cookie: str | None


def html(page: str) -> Answer:
    """A page."""
    return Answer(body=page.encode())


def redirect(target: str, status: int = 302) -> Answer:
    """A redirect, whatever `target` is."""
    return Answer(status=status, headers=(("Location", target),))


ROBOTS = Answer(body=b"User-agent: *\nAllow: /\n", media_type="text/plain")


@dataclass
class Site:
    """`answers` by path and query; of a list, each request gets the next and the last stays. All else is 404."""

    answers: dict[str, Answer | list[Answer]] = field(default_factory=lambda: {"/robots.txt": ROBOTS})
    asked: list[Asked] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]

    def answer(self, path: str) -> Answer:
        found = self.answers.get(path, Answer(status=404, body=b"none", media_type="text/plain"))
        if isinstance(found, list):
            return found.pop(0) if len(found) > 1 else found[0]
        return found

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                headers = self.headers
                site.asked.append(
                    Asked(
                        time.monotonic(),
                        headers.get("Host", ""),
                        self.path,
                        headers.get("User-Agent", ""),
                        headers.get("Cookie"),
                    )
                )
                answer = site.answer(self.path)
                time.sleep(answer.wait)
                try:
                    self.send_response(answer.status)
                    self.send_header("Content-Type", answer.media_type)
                    self.send_header("Content-Length", str(len(answer.body)))
                    for name, value in answer.headers:
                        self.send_header(name, value)
                    self.end_headers()
                    if answer.cut:
                        self.wfile.write(answer.body[: len(answer.body) // 2])
                        self.close_connection = True
                        self.connection.close()
                        return
                    self.wfile.write(answer.body)
                except OSError:
                    self.close_connection = True  # whoever asked has gone

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

        return Handler
