"""Who we say that we are: a name, a version and how to reach whoever runs this."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.exits import ArgumentError

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

_CONTACT = re.compile(r"[!-'*-~]{3,200}\Z")  # printable ASCII without blanks and parentheses


def user_agent(settings: BaseSettings) -> str:
    """The User-Agent that BOT_NAME, BOT_VERSION and CONTACT make.

    Raises:
        ArgumentError: CONTACT is missing (and the site is not a replayed one), or cannot be reached.
    """
    contact = (settings.get("CONTACT") or "").strip()
    name = f"{settings['BOT_NAME']}/{settings['BOT_VERSION']}"
    if not contact and settings.get("REPLAY_SERVER"):
        return name
    if not contact:
        raise ArgumentError(
            "say how the site can reach you: -s CONTACT=you@example.org, or the address of a page about your archive "
            "(also as the environment's CONTACT); it is sent in the User-Agent and nowhere else"
        )
    if not _CONTACT.match(contact) or ("@" not in contact and not contact.startswith(("https://", "http://"))):
        raise ArgumentError(f"CONTACT={contact!r} is neither a mail address nor a URL")
    return f"{name} (+{contact})"
