"""A user's own session with WeChat: from the environment, or from a file that nobody else can read.

It goes into requests for the account's list and nowhere else: no database, no log, no argument, no export.
"""

from __future__ import annotations

import os
import re
import stat
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.exits import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Mapping

FEED = "feed"  # a table of the file: keys of feeds, see crawler/network/feed_secrets.py
NAMES = ("token", "cookie", "key", "uin", "pass_ticket", "appmsg_token")
PREFIX = "WECHAT_"  # of variables of the environment: WECHAT_TOKEN, WECHAT_COOKIE, ...
_PRINTABLE = re.compile(r"[\x20-\x7e]{1,16384}\Z")
_MOST_BYTES = 65_536
_SHORTEST_SECRET = 8  # characters: a shorter value is no secret, and may stand anywhere
HOW = (
    "set WECHAT_TOKEN and WECHAT_COOKIE (of mp.weixin.qq.com, logged in), or WECHAT_KEY, WECHAT_UIN and "
    "WECHAT_PASS_TICKET (of the app) in the environment, or write token, cookie, key, ... into a TOML file that only "
    "you can read (chmod 600) and name it with -s CREDENTIALS=FILE"
)


@dataclass(frozen=True, slots=True)
class Credentials:
    """A session. Its values are never printed."""

    values: Mapping[str, str] = field(repr=False)

    @property
    def form(self) -> str | None:
        """Which list it opens: `publish_page` or `getmsg`; None where it is not whole."""
        if self.values.keys() >= {"token", "cookie"}:
            return "publish_page"
        return "getmsg" if self.values.keys() >= {"key", "uin", "pass_ticket"} else None

    @property
    def headers(self) -> dict[str, str]:
        """The headers that it adds to its own requests."""
        return {"Cookie": self.values["cookie"]} if "cookie" in self.values else {}

    def secrets(self) -> set[bytes]:
        """What must stand nowhere: every value, each part of the cookie too."""
        words = set(self.values.values())
        words |= {pair.partition("=")[2].strip() for pair in self.values.get("cookie", "").split(";")}
        return {word.encode() for word in words if len(word) >= _SHORTEST_SECRET}


def credentials(path: str, environ: Mapping[str, str]) -> Credentials:
    """The session that the file `path` holds, if one is named, else the environment.

    Raises:
        ArgumentError: there is none, it is not whole, or others can read it.
    """
    if path:
        given = {name: str(value).strip() for name, value in _from_file(path).items() if name != FEED}
    else:
        given = {name: environ.get(PREFIX + name.upper(), "").strip() for name in NAMES}
    values = {name: value for name, value in given.items() if value}
    # Line breaks in a header would begin another.
    wrong = sorted(name for name, value in values.items() if not _PRINTABLE.match(value))
    if wrong:
        raise ArgumentError(f"{wrong[0]} of the credentials has characters that none has; copy it once more")
    found = Credentials(values)
    if found.form is None:
        what = f"the credentials have {', '.join(sorted(values))} only" if values else "there are no credentials"
        raise ArgumentError(f"{what}: {HOW}")
    return found


def feed_values(path: str) -> dict[str, str]:
    """The keys of feeds that the file `path` holds, by name; none where no file is named.

    Raises:
        ArgumentError: others can read it, or it is not what it should be.
    """
    table = _from_file(path).get(FEED, {}) if path else {}
    if not isinstance(table, dict) or not all(isinstance(value, str) for value in table.values()):
        raise ArgumentError(f'CREDENTIALS={path} has a {FEED} that is no table of lines such as NAME = "..."')
    return table


def _from_file(name: str) -> dict[str, Any]:
    path = Path(name).expanduser()
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            if mode & 0o077:
                raise ArgumentError(f"CREDENTIALS={path} can be read by others; say `chmod 600` to it")
            body = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise ArgumentError(f"CREDENTIALS={path} cannot be read: {error.strerror or error}") from error
    # What is wrong is told without a word of what stands there.
    try:
        loaded = tomllib.loads(body.decode("utf-8")) if len(body) <= _MOST_BYTES else None
    except ValueError:
        loaded = None
    if loaded is None:
        raise ArgumentError(f'CREDENTIALS={path} is no TOML; write lines such as token = "..."')
    unknown = sorted(loaded.keys() - {*NAMES, FEED})
    if unknown:
        raise ArgumentError(f"CREDENTIALS={path} has names that are none of {', '.join((*NAMES, FEED))}")
    return loaded
