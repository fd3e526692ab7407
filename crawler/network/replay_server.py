"""A server on this machine that gives captures back under the paths of their own URLs, for trying and for tests."""

from __future__ import annotations

import sys
import threading
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime  # noqa: TC003 - the annotation of a dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from crawler.items import Article, Capture, Listing, Notice
from crawler.network.targets import frontier_url
from crawler.pages import read
from crawler.urls import HOST, key_of, parse_article_url
from pipelines.store import raw

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crawler.items import Reading
    from crawler.pages.document import Limits

LOOPBACK = "127.0.0.1"
ALLOW_ALL = b"User-agent: *\nAllow: /\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A capture as it is served."""

    packed: bytes = field(repr=False)  # its content in zstd
    media_type: str
    captured_at: datetime
    sha256: str


@dataclass(slots=True, kw_only=True)
class Pages:
    """Captures by the URLs that they name. One URL may have several, in the order in which they were taken."""

    robots: bytes = ALLOW_ALL
    in_turn: bool = False  # the first request gets the earliest capture, the next the next one; else always the latest
    captures: int = 0
    without_url: int = 0
    _by_name: dict[str, list[Page]] = field(default_factory=dict)  # canonical URL, or key -> pages
    _asked: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, reading: Reading) -> None:
        """Takes a capture in; one that names no URL is counted, and not served."""
        self.captures += 1
        urls = list(urls_of(reading))
        if not urls:
            self.without_url += 1
            return
        content = reading.capture.content
        page = Page(
            packed=raw.pack(content),
            media_type=reading.capture.media_type or reading.media_type,
            captured_at=reading.captured_at or reading.capture.captured_at,
            sha256=raw.digest(content),
        )
        for name in dict.fromkeys(name for url in urls for name in names_of(url)):
            pages = self._by_name.setdefault(name, [])
            pages.append(page)
            pages.sort(key=lambda one: (one.captured_at, one.sha256))

    def urls(self) -> list[str]:
        """The URLs that are served, sorted."""
        return sorted(name for name in self._by_name if name.startswith("https://"))

    def find(self, url: str) -> Page | None:
        """What a request for `url` is answered with, or None."""
        for name in names_of(url):
            if pages := self._by_name.get(name):
                if not self.in_turn:
                    return pages[-1]
                with self._lock:
                    turn = self._asked[name]
                    self._asked[name] += 1
                return pages[min(turn, len(pages) - 1)]
        return None


def urls_of(reading: Reading) -> Iterator[str]:
    """The URLs that a capture may be asked for by."""
    if reading.capture.url:
        yield reading.capture.url
    match reading.found:
        case Article(urls=urls):
            yield from (alias.url for alias in urls)
        case Notice(url=str(url)):
            yield url
        case Listing(album=album) if album is not None and album.url:
            yield album.url


def names_of(url: str) -> Iterator[str]:
    """By what a URL is looked up: its canonical form, then the key of the article, or the album, that it leads to."""
    yield frontier_url(url)
    parsed = parse_article_url(url)
    key = key_of(parsed) if parsed else None
    if key:
        yield key
    elif parsed and parsed.form == "album":
        # The spider asks for JSON, what was saved may be the page. Its further pages are captures of their own.
        given = parse_qs(urlsplit(url).query)
        if given.get("album_id") and "begin_msgid" not in given:
            yield f"album:{given['album_id'][0]}"


def collect(captures: Iterable[Capture], limits: Limits, pages: Pages) -> Pages:
    """Reads captures and puts them into `pages`."""
    for capture in captures:
        pages.add(read(capture, limits))
    return pages


class ReplayServer(ThreadingHTTPServer):
    """Serves `pages` on the loopback address; `port` 0 takes any that is free. Raises OSError where it is taken."""

    daemon_threads = True

    def __init__(self, pages: Pages, port: int, hosts: Iterable[str]) -> None:
        super().__init__((LOOPBACK, port), _Handler)
        self.pages = pages
        # A web page in the user's browser must not read captures here under a name of its own.
        own = {f"{name}:{self.server_port}" for name in (LOOPBACK, "localhost")}
        self.hosts = frozenset(hosts) | own

    def handle_error(self, request: object, client_address: object) -> None:
        """Says nothing of a client that has gone; any other fault is told as it always is."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]

    @property
    def url(self) -> str:
        """What REPLAY_SERVER is to be set to."""
        return f"http://{LOOPBACK}:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "gzh-archive-replay"
    sys_version = ""
    server: ReplayServer

    def do_GET(self) -> None:
        host = self.headers.get("Host", "")
        if host not in self.server.hosts:
            self._send(403, "text/plain", b"this server stands for other hosts\n")
        elif self.path == "/robots.txt":
            self._send(200, "text/plain; charset=utf-8", self.server.pages.robots)
        elif page := self.server.pages.find(f"https://{HOST if ':' in host else host}{self.path}"):
            self._send(200, page.media_type, raw.unpack(page.packed))
        else:
            self._send(404, "text/plain", b"no capture names this URL\n")

    def _send(self, status: int, media_type: str, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that the base class gives
        """Says nothing: the crawl has its own log."""
