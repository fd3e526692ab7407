"""Keys in the URLs of feeds: what is stored has a place `{NAME}` where the key stands, filled when it is asked for.

The key comes from the environment (FEED_NAME) or from the table `[feed]` of the file CREDENTIALS.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, urlsplit

from crawler.exits import ArgumentError
from crawler.network.credentials import feed_values

if TYPE_CHECKING:
    from collections.abc import Mapping

_DATA = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
_ALWAYS, _BY_LOOK = (frozenset(_DATA[name]["names"]) for name in ("always", "by_look"))
_SHORTEST, _SHORTEST_BY_LOOK = (int(_DATA[name]["shortest"]) for name in ("always", "by_look"))
PREFIX = "FEED_"  # of variables of the environment
_PLACE = re.compile(r"\{([^{}]*)\}")
_NAME = re.compile(r"[A-Z][A-Z0-9_]{0,39}\Z")
_SIGNED = re.compile(r"eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.")  # a JSON Web Token
# Letters and digits, or capitals here and there among small letters.
_DRAWN = re.compile(r"(?:(?=.*[0-9])(?=.*[A-Za-z])|(?=.*[a-z])(?:[^A-Z]*[A-Z]){3})[-A-Za-z0-9_.~+/=]+\Z")


def secret_in(url: str) -> str | None:
    """The name of the first parameter of `url` whose value looks like a secret; None where none does.

    A place `{NAME}` is none. What stands in the path is not judged: it cannot be told from an id.
    """
    try:
        query = urlsplit(url).query
    except ValueError:
        return None
    for name, value in parse_qsl(query):
        if not _PLACE.fullmatch(value) and _is_secret(name, value):
            return name
    return None


def _is_secret(name: str, value: str) -> bool:
    plain = re.sub(r"[-_.]", "", name).lower()
    if plain in _ALWAYS and len(value) >= _SHORTEST:
        return True
    looks_drawn = len(value) >= _SHORTEST_BY_LOOK and bool(_DRAWN.match(value))
    return bool(_SIGNED.match(value)) or (plain in _BY_LOOK and looks_drawn)


def check_places(url: str) -> None:
    """Raises ValueError where a `{` of a URL is no place, or a place is not the value of a parameter."""
    head, _, query = url.partition("?")
    if "{" in head or "}" in head or ("#" in url and "{" in url.partition("#")[2]):
        raise ValueError("a place {NAME} for a key stands after the ?, as the value of a parameter")
    if any(not _NAME.match(name) for name in _PLACE.findall(query)) or set("{}") & set(_PLACE.sub("", query)):
        raise ValueError("a place for a key is written {NAME}: capital letters, digits and _")


def filled(url: str, path: str, environ: Mapping[str, str]) -> str:
    """`url` with every place filled. It is to be sent, and to be written down nowhere.

    Args:
        url: of a feed.
        path: the setting CREDENTIALS; "" for none.
        environ: the environment.

    Raises:
        ArgumentError: a place has no value; it says what to do.
    """
    if not set("{}") & set(url):
        return url
    try:
        check_places(url)
    except ValueError as error:
        raise ArgumentError(str(error)) from error
    values = feed_values(path)

    def value(place: re.Match[str]) -> str:
        name = place[1]
        found = (environ.get(PREFIX + name) or values.get(name, "")).strip()
        if not found:
            raise ArgumentError(
                f"there is no value for {{{name}}} in the feed's URL: set {PREFIX}{name} in the environment, or write "
                f'{name} = "..." under [feed] into a TOML file that only you can read (chmod 600), and name it with '
                "-s CREDENTIALS=FILE"
            )
        return quote(found, safe="-._~")

    return _PLACE.sub(value, url)
