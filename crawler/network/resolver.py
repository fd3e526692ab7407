"""Names are resolved to public addresses only: an allowed name must not lead into the private network."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from scrapy.resolver import CachingThreadedResolver
from twisted.internet.error import DNSLookupError

from crawler.network.policy import host_of, is_address, is_public, shown

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Self

    from scrapy.crawler import Crawler
    from twisted.internet.base import ReactorBase
    from twisted.internet.defer import Deferred

logger = logging.getLogger(__name__)


class PublicAddressResolver(CachingThreadedResolver):
    """Scrapy's resolver (IPv4, with a cache), which gives no address that is not public.

    The connection is made to the very address that was looked at, so that a second lookup cannot give another.
    """

    allow_private = False
    own: frozenset[str] = frozenset()  # names that may be private: the user's own servers of feeds

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        """Reads ALLOW_PRIVATE_ADDRESSES, FEED_HOSTS and Scrapy's DNS settings."""
        resolver = super().from_crawler(crawler, reactor)
        resolver.allow_private = crawler.settings.getbool("ALLOW_PRIVATE_ADDRESSES")
        resolver.own = frozenset(host_of(f"//{host.strip()}") for host in crawler.settings.getlist("FEED_HOSTS"))
        return resolver

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802 - Twisted's name
        """The address of `name`; fails with DNSLookupError where it has none that may be asked."""
        found = super().getHostByName(name, timeout)
        # No URL with an address in it gets here: this is the server that REPLAY_SERVER names.
        return found if is_address(name) else found.addCallback(self._checked, name)

    def _checked(self, address: Any, name: str) -> str:
        if not self.allow_private and name not in self.own and not is_public(str(address)):
            logger.warning(
                "%s resolves to %s, which is no public address, so it is not asked; where a proxy on this machine "
                "resolves names so, set ALLOW_PRIVATE_ADDRESSES",
                shown(name),
                address,
            )
            raise DNSLookupError(f"{name} resolves to an address that is not public")
        return str(address)
