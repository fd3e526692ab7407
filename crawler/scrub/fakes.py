"""Values that look like those of a capture and are not: the same value always gives the same fake.

Everything here keeps the shape: as many characters, letters for letters, digits for digits.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import tomllib
from datetime import date, timedelta
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

NEUTRAL: dict[str, Any] = tomllib.loads(Path(__file__).with_name("neutral.toml").read_text("utf-8"))
# Less U+4E28, which is printed as a bar between a role and a name.
HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u4e27\u4e29-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)([-/.年]\s?)(\d{1,2})([-/.月]\s?)(\d{1,2})(?!\d)")
# Base64 of decimal digits begins with one of these.
BIZ = re.compile(r"[MNO][A-Za-z0-9]{9,18}(?:==?)?")
_LETTERS, _CAPITALS, _DIGITS, _HEX = (
    "abcdefghijklmnopqrstuvwxyz",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "0123456789",
    "0123456789abcdef",
)
_SECONDS = re.compile(r"1[0-9]{9}\Z")
_MILLISECONDS = re.compile(r"1[0-9]{12}\Z")
_DAY = 86_400


class Faker:
    """Makes fakes; `seed` decides which (of two seeds they have nothing in common)."""

    def __init__(self, seed: str) -> None:
        self.seed = seed.encode()

    @cached_property
    def days(self) -> int:
        """By how many days every date is moved: one to three years back."""
        return -365 - int.from_bytes(self._bytes("days", 4), "big") % 730

    def _bytes(self, value: str, size: int) -> bytes:
        return hashlib.shake_256(self.seed + b"\0" + value.encode("utf-8", "surrogatepass")).digest(size)

    def han(self, run: str) -> str:
        """As many neutral Han characters; never one that stands at its place in `run`."""
        pool: str = NEUTRAL["han"]
        drawn = self._bytes("han" + run, 2 * len(run))
        made = []
        for place, char in enumerate(run):
            index = int.from_bytes(drawn[2 * place : 2 * place + 2], "big") % len(pool)
            made.append(pool[index] if pool[index] != char else pool[(index + 1) % len(pool)])
        return "".join(made)

    def word(self, token: str) -> str:
        """Letters for letters (capitals for capitals), digits for digits; what is neither stays."""
        drawn = self._bytes("word" + token, len(token))
        return "".join(_same_class(char, byte) for char, byte in zip(token, drawn, strict=True))

    def hex(self, token: str) -> str:
        """As many hexadecimal digits, in the same case."""
        drawn = self._bytes("hex" + token.lower(), len(token))
        made = "".join(_HEX[byte % 16] for byte in drawn)
        return made.upper() if token.isupper() else made

    def number(self, digits: str) -> str:
        """As many digits, the first kept; Unix times (seconds, milliseconds) are moved by `days` instead."""
        if _SECONDS.match(digits):
            return str(int(digits) + self.days * _DAY)
        if _MILLISECONDS.match(digits):
            return str(int(digits) + self.days * _DAY * 1000)
        kept = 3 if digits in {"400", "800"} else 2 if len(digits) == 11 else 1
        drawn = self._bytes("number" + digits, len(digits))
        return digits[:kept] + "".join(_DIGITS[byte % 10] for byte in drawn[kept:])

    def biz(self, token: str) -> str | None:
        """Another account's base64 id in the same form; None where `token` is no such id."""
        bare = token.rstrip("=")
        try:
            decimal = base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True).decode("ascii")
        except (binascii.Error, UnicodeDecodeError, ValueError):
            return None
        if not decimal.isdigit() or len(decimal) < 7:
            return None
        made = base64.b64encode(self.number(decimal).encode()).decode().rstrip("=")
        return made + token[len(bare) :]

    def date(self, match: re.Match[str]) -> str:
        """A match of `DATE`, moved by `days`; what is no date stays."""
        try:
            moved = date(int(match[1]), int(match[3]), int(match[5])) + timedelta(days=self.days)
        except (ValueError, OverflowError):
            return match[0]
        padded = (len(match[3]) == 2 and len(match[5]) == 2) or "0" in (match[3][0], match[5][0])
        month, day = (f"{moved.month:02}", f"{moved.day:02}") if padded else (str(moved.month), str(moved.day))
        return f"{moved.year}{match[2]}{month}{match[4]}{day}"

    def host(self, host: str) -> str:
        """`host` where readers look at it, else one below example.com."""
        plain = host.lower()
        if any(plain == known or plain.endswith("." + known) for known in NEUTRAL["hosts"]):
            return host
        return f"site-{self._bytes('host' + plain, 3).hex()}.example.com"


def _same_class(char: str, byte: int) -> str:
    if char.isdigit():
        return _DIGITS[byte % 10]
    if char.isupper():
        return _CAPITALS[byte % 26]
    return _LETTERS[byte % 26] if char.isalpha() else char


@lru_cache(maxsize=1)
def kept_suffixes() -> frozenset[str]:
    """What may stand after a stop in a URL's path."""
    return frozenset(NEUTRAL["suffixes"])
