"""Input processors of the loaders: pure functions from a raw value to a usable one, or None to refuse it.

They are named for what they let through. None of them raises on any input.
"""

from __future__ import annotations

import base64
import binascii
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

from crawler import text, times

_GHID = re.compile(r"gh_[0-9a-f]{8,16}\Z")
_ALIAS = re.compile(r"[A-Za-z][-_A-Za-z0-9]{4,31}\Z")
_HEX = re.compile(r"[0-9a-f]{16,64}\Z")
_NUMBER = re.compile(r"[1-9][0-9]{0,18}\Z")
_ARCHIVED = re.compile(r"\Ahttps?://web\.archive\.org/web/\d{4,14}(?:[a-z]{2}_)?/(?=https?:/)")
_URL = re.compile(r"(?:https?:)?//[^\s<>\"']+\Z", re.IGNORECASE)
MAX_URL = 8192


def plain_line(value: object) -> str | None:
    """One tidy line of text; None where nothing is to be seen."""
    line = text.tidy_line(str(value))
    return line if text.is_visible(line) else None


def plain_text(value: object) -> str | None:
    """Text whose lines are kept, each tidy; None where nothing is to be seen."""
    return text.join_lines(str(value).splitlines()) or None


def biz(value: object) -> str | None:
    """An account's id as base64 of a positive decimal, with its padding; percent escapes undone.

    Accepts the padding missing or escaped. None for anything else ("null", "", another base64).
    """
    given = unquote(str(value).strip()).rstrip("=")
    try:
        decoded = base64.b64decode(given + "=" * (-len(given) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None
    if not _NUMBER.match(decoded.decode("ascii", "replace")):
        return None
    return base64.b64encode(decoded).decode("ascii")


def biz_from_decimal(value: object) -> str | None:
    """The biz of an account whose decimal id is `value` (`source_biz`, `bizuin`, WeRead's MP_WXS_...)."""
    digits = str(value).strip()
    return base64.b64encode(digits.encode("ascii")).decode("ascii") if _NUMBER.match(digits) else None


def ghid(value: object) -> str | None:
    """An account's gh_ id."""
    given = str(value).strip()
    return given if _GHID.match(given) else None


def account_alias(value: str) -> str | None:
    """A 微信号: a letter, then 4 to 31 letters, digits, - and _; a gh_ id is none."""
    return value if _ALIAS.match(value) and not _GHID.match(value) else None


def positive_number(value: object) -> str | None:
    """The digits of a positive whole number that fits 64 bits."""
    given = str(value).strip()
    return given if _NUMBER.match(given) else None


def hexadecimal(value: object) -> str | None:
    """16 to 64 hexadecimal digits in lower case."""
    given = str(value).strip().lower()
    return given if _HEX.match(given) else None


def url(value: object) -> str | None:
    """An http(s) URL with its HTML escapes undone, https where the scheme was left out; None for others."""
    given = str(value).strip()
    # Not html.unescape(): it makes "×tamp=" of "&timestamp=".
    while "&amp;" in given or "\\x26" in given:
        given = given.replace("\\x26", "&").replace("&amp;", "&")
    if len(given) > MAX_URL or not _URL.match(given):
        return None
    return f"https:{given}" if given.startswith("//") else given


def original_url(value: object) -> str:
    """An address without what a web archive puts before it (`https://web.archive.org/web/20240502000000im_/`)."""
    return _ARCHIVED.sub("", str(value).strip(), count=1)


def moment(value: object) -> datetime | None:
    """An aware UTC time from an aware datetime, or from Unix seconds."""
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else None
    return times.from_unix(value if isinstance(value, (int, float)) else str(value))


def flag(value: Any) -> bool | None:
    """True for True, 1, "1"; False for False, 0, "0"; None for others."""
    given = str(value).strip().lower()
    return {"true": True, "1": True, "false": False, "0": False}.get(given)
