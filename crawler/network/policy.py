"""Which URLs may be fetched at all: exact hosts, https, no addresses, no passwords, no odd ports."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.text import tidy_line

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

_PORTS = {"https": 443, "http": 80}
_ODD = re.compile(r"[\s\\\x00-\x20\x7f]")
# What systems take for an address: decimal, octal and hexadecimal numbers, one to four of them.
_NUMBERS = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)(?:\.(?:0x[0-9a-f]*|[0-9]+)){0,3}\.?", re.IGNORECASE)
MAX_SHOWN = 120  # characters


@dataclass(frozen=True, slots=True)
class UrlPolicy:
    """The hosts that may be asked, by their exact names, lower case; and whole origins that the user named."""

    hosts: frozenset[str]
    allow_http: bool = False
    origins: frozenset[str] = frozenset()  # as `origin_of` writes them

    def refusal(self, url: str) -> str | None:
        """Why `url` may not be fetched, as the end of a sentence; None where it may. Never raises."""
        if _ODD.search(url):
            return "it holds characters that no URL has"
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            return "it is no URL"
        if self.origins and "@" not in parts.netloc and origin_of(url) in self.origins:
            return None
        schemes = ("https", "http") if self.allow_http else ("https",)
        tests = (
            (parts.scheme in schemes, f"its scheme is {shown(parts.scheme) or 'missing'}, not {' or '.join(schemes)}"),
            ("@" not in parts.netloc, "it holds a name or a password before its host"),
            (not is_address(host), f"its host is an address, {shown(host)}, not a name"),
            (host in self.hosts, f"its host is {shown(host) or 'missing'}; allowed is {self._allowed()}"),
            (port in {None, _PORTS.get(parts.scheme)}, f"its port is {port}"),
        )
        return next((why for is_good, why in tests if not is_good), None)

    def _allowed(self) -> str:
        return ", ".join(sorted(self.hosts)) or "none"


def policy_of(settings: BaseSettings) -> UrlPolicy:
    """What the settings ALLOWED_HOSTS and ALLOW_HTTP say."""
    hosts = (host.strip().lower() for host in settings.getlist("ALLOWED_HOSTS"))
    return UrlPolicy(frozenset(filter(None, hosts)), allow_http=settings.getbool("ALLOW_HTTP"))


def is_address(host: str) -> bool:
    """Is a URL's host an IP address, in any of the forms that systems understand?"""
    if _NUMBERS.fullmatch(host):
        return True
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def is_public(address: str) -> bool:
    """Is an IP address one of the public Internet (not private, local, reserved, multicast)?"""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    inner = getattr(parsed, "ipv4_mapped", None) or getattr(parsed, "sixtofour", None)
    return is_public(str(inner)) if inner else parsed.is_global and not parsed.is_multicast


def shown(text: str) -> str:
    """`text` (somebody else's) short, on one line, for a message."""
    line = tidy_line(text)
    return line if len(line) <= MAX_SHOWN else line[: MAX_SHOWN - 1] + "…"


def origin_of(url: str) -> str:
    """Scheme, host and port of a URL, lower case, the usual port left out; "" where it is none."""
    try:
        parts = urlsplit(url)
        scheme, host, port = parts.scheme, parts.hostname or "", parts.port
    except ValueError:
        return ""
    if scheme not in _PORTS or not host:
        return ""
    name = f"[{host}]" if ":" in host else host
    return f"{scheme}://{name}" + (f":{port}" if port not in {None, _PORTS[scheme]} else "")


def host_of(url: str) -> str:
    """The host of a URL, lower case; "" where there is none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
