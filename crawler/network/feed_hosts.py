"""Which feeds may be asked for: those that the user names, each allowing its own origin and nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.exits import ArgumentError
from crawler.network.policy import is_address, origin_of, shown
from crawler.network.targets import without_token

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crawler.network.policy import UrlPolicy


def allowing(policy: UrlPolicy, url: str, own_hosts: Iterable[str]) -> UrlPolicy:
    """`policy` with the origin of a feed that the user named.

    An origin is a scheme, a host and a port. http and addresses are for `own_hosts` (FEED_HOSTS: `host` or
    `host:port`), the user's own servers, and http also where ALLOW_HTTP is on.

    Raises:
        ArgumentError: it may not be asked for; says what to do.
    """
    called = shown(without_token(url))
    origin = origin_of(url)
    parts = urlsplit(origin)
    host = parts.hostname or ""
    if not origin or "@" in urlsplit(url).netloc:
        raise ArgumentError(f"{called} is no URL of a feed: https://host/path, without a name and password")
    own = {name.strip().lower() for name in own_hosts}
    if not own & {host, parts.netloc}:
        where = f"if that is a server of yours, say so with -s FEED_HOSTS={parts.netloc}"
        if is_address(host) or host == "localhost" or host.endswith(".localhost"):
            raise ArgumentError(f"{called} is at an address and not at a name; {where}")
        if parts.scheme != "https" and not policy.allow_http:
            raise ArgumentError(f"{called} comes over http, which may be anybody's; {where}")
    return replace(policy, origins=policy.origins | {origin})
