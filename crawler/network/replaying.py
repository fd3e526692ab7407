"""REPLAY_SERVER: a server on this machine that stands for the allowed hosts (`scrapy replay FOLDER`)."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from crawler.exits import ArgumentError
from crawler.network.policy import host_of

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings


@dataclass(frozen=True, slots=True)
class Replay:
    """Where requests go instead of to the hosts that their URLs name."""

    netloc: str

    def mapped(self, url: str) -> str:
        """The URL at the server that stands for `url`."""
        parts = urlsplit(url)
        return urlunsplit(("http", self.netloc, parts.path or "/", parts.query, ""))


def replay_of(settings: BaseSettings) -> Replay | None:
    """What REPLAY_SERVER says; None where it is empty.

    Raises:
        ArgumentError: it is no server on this machine.
    """
    given = (settings.get("REPLAY_SERVER") or "").strip()
    if not given:
        return None
    wrong = ArgumentError(f"REPLAY_SERVER={given!r} is none on this machine; write http://127.0.0.1:PORT")
    try:
        parts = urlsplit(given)
        host, port = parts.hostname or "", parts.port
        address = ipaddress.ip_address("127.0.0.1" if host == "localhost" else host)
    except ValueError:
        raise wrong from None
    if parts.scheme != "http" or not address.is_loopback or not port or "@" in parts.netloc:
        raise wrong
    return Replay(f"[{address}]:{port}" if address.version == 6 else f"{address}:{port}")


def asked_host(replay: Replay | None, url: str) -> str:
    """Whose budget a request counts against: the host that its URL names, or the server that stands for it."""
    return replay.netloc if replay else host_of(url)
