"""Names of files and members: which are ignored, how they are shown, what they are without their suffixes.

What is ignored is data (ignored.toml). A member's name is only ever a label: nothing is written where it says.
"""

from __future__ import annotations

import tomllib
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from crawler import text

if TYPE_CHECKING:
    from collections.abc import Container

_DATA = tomllib.loads(Path(__file__).with_name("ignored.toml").read_text("utf-8"))
_PREFIXES = tuple(_DATA["prefixes"])
_NAMES = frozenset(_DATA["names"])
_ENDINGS = tuple(_DATA["endings"])
_PAGE_SUFFIXES: tuple[str, ...] = tuple(_DATA["saved_page"]["page_suffixes"])
_FOLDER_ENDINGS: tuple[str, ...] = tuple(_DATA["saved_page"]["folder_endings"])
_CAPTURE_SUFFIXES: tuple[str, ...] = tuple(_DATA["suffixes"]["of_captures"])
_COMPRESSION_SUFFIXES: tuple[str, ...] = tuple(_DATA["suffixes"]["of_compression"])
_MEDIA_PREFIXES = tuple(_DATA["media_types"]["prefixes"])
_MEDIA_NAMES = frozenset(_DATA["media_types"]["names"])
_MAX_LABEL = 1024  # characters; no file system has longer paths


def is_ignored_folder(name: str) -> bool:
    """Whether a folder of that name (its last part only) holds no captures. `Vue.js` is a folder like any."""
    return name.startswith(_PREFIXES) or name.lower() in _NAMES


def is_ignored_file(name: str) -> bool:
    """Whether a file of that name (its last part only) is no capture."""
    return is_ignored_folder(name) or name.lower().endswith(_ENDINGS)


def page_of_folder(name: str) -> str | None:
    """The stem of the page that a browser would have saved together with a folder of that name, or None."""
    for ending in _FOLDER_ENDINGS:
        if name.endswith(ending) and len(name) > len(ending):
            return name.removesuffix(ending)
    return None


def page_stem(name: str) -> str | None:
    """The stem of a saved page's file name; None for other files."""
    for suffix in _PAGE_SUFFIXES:
        if name.lower().endswith(suffix):
            return name[: -len(suffix)]
    return None


def is_ignored_path(path: str, pages: Container[str]) -> bool:
    """Whether a member at `path` (parts joined by `/`) is ignored.

    `pages` holds the paths, without suffix, of saved pages of the same container.
    """
    *folders, name = path.split("/")
    if is_ignored_file(name) or any(is_ignored_folder(part) for part in folders if part not in {".", ".."}):
        return True
    for depth, folder in enumerate(folders):
        stem = page_of_folder(folder)
        if stem is not None and "/".join([*folders[:depth], stem]) in pages:
            return True
    return False


def is_ignored_media_type(media_type: str) -> bool:
    """Whether an HTTP response of that type (in lower case, no parameters) is no capture."""
    return media_type.startswith(_MEDIA_PREFIXES) or media_type in _MEDIA_NAMES


def label(name: str) -> str:
    """A file's or member's name as it is shown and stored: `/` between parts, storable, one line, not endless."""
    plain = text.storable(name.replace("\\", "/"))
    if not plain.isprintable():
        plain = "".join(" " if unicodedata.category(char) == "Cc" else char for char in plain)
    return plain[:_MAX_LABEL] or "-"


def member_uri(uri: str, path: tuple[str, ...]) -> str:
    """The URI of a member: that of its file, then `!/` and a name for each container that it is in."""
    return uri + "".join(f"!/{quote(part, safe='/')}" for part in path)


def recovered(raw: bytes) -> str:
    """A member's name from bytes that do not say their encoding: UTF-8, else Chinese Windows', else DOS's."""
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("cp437")


def without_compression(name: str) -> str:
    """`name` less a suffix such as .gz."""
    return _without(name, _COMPRESSION_SUFFIXES)


def stem(path: str) -> str:
    """`path` less the suffixes that captures and containers have, and no other: `a/b.html.gz` -> `a/b`."""
    return _without(without_compression(path), _CAPTURE_SUFFIXES)


def _without(name: str, suffixes: tuple[str, ...]) -> str:
    for suffix in suffixes:
        if name.lower().endswith(suffix) and len(name) > len(suffix) and not name[: -len(suffix)].endswith("/"):
            return name[: -len(suffix)]
    return name
