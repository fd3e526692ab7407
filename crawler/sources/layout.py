"""A layout such as `{year}/{account}/{date} - {title}` reads what paths tell about the captures in them."""

from __future__ import annotations

import re
import string
import unicodedata
from dataclasses import dataclass

from crawler.sources import names

# What each placeholder matches; inside one part of a path, and never much, so that no pattern can run away.
_PLACEHOLDERS = {
    "year": r"(?:19|20)[0-9]{2}",
    "month": r"[0-9]{1,2}",
    "day": r"[0-9]{1,2}",
    "date": r"(?:19|20)[0-9]{2}(?:[-./_ ]?[0-9]{1,2}[-./_ ]?[0-9]{1,2}|年[0-9]{1,2}月[0-9]{1,2}日?)",
    "time": r"[0-9]{1,2}[-:：._ 时h]?[0-9]{2}(?:[-:：._ 分m]?[0-9]{2})?[秒分]?",
    "title": r"[^/]{1,255}?",
    "account": r"[^/]{1,255}?",
    "url_token": r"[-_A-Za-z0-9]{10,64}",
}
_SHORT_URL = "https://mp.weixin.qq.com/s/"


@dataclass(frozen=True, slots=True, kw_only=True)
class FromPath:
    """What a path tells. `published` is `YYYY-MM-DD`, with ` HH:MM` or ` HH:MM:SS` behind it if there is a time."""

    title: str | None = None
    account: str | None = None
    url: str | None = None
    published: str | None = None


class Layout:
    """A compiled layout.

    Raises ValueError, with what is known, for a placeholder that is not, and for a layout without any.
    """

    def __init__(self, pattern: str) -> None:
        plain = names.stem(unicodedata.normalize("NFC", pattern).strip().removeprefix("./").strip("/"))
        self._parts = plain.count("/") + 1
        self._expression = re.compile(_expression(plain))
        self.asked = self.fitting = 0  # paths looked at, and those among them that it fits

    def read(self, path: str, *, in_folder: bool = True) -> FromPath | None:
        """What `path` tells (relative to the folder given, `/` between its parts), or None where it does not fit.

        A path that was given itself (`in_folder` false) is compared by as many of its last parts as the layout has.
        """
        plain = names.stem(unicodedata.normalize("NFC", path))
        if not in_folder:
            plain = "/".join(plain.split("/")[-self._parts :])
        found = self._expression.fullmatch(plain)
        self.asked += 1
        if found is None:
            return None
        self.fitting += 1
        values = {name: value.strip() for name, value in found.groupdict().items() if value}
        token = values.get("url_token")
        return FromPath(
            title=values.get("title") or None,
            account=values.get("account") or None,
            url=_SHORT_URL + token if token else None,
            published=_published(values),
        )


def _expression(pattern: str) -> str:
    known = ", ".join(f"{{{name}}}" for name in _PLACEHOLDERS)
    try:
        pieces = list(string.Formatter().parse(pattern))
    except ValueError as error:
        raise ValueError(f"the layout {pattern!r} cannot be read: {error}; known are {known}") from error
    expression, seen = [], set[str]()
    for literal, name, form, conversion in pieces:
        expression.append(re.escape(literal))
        if name is None:
            continue
        if name not in _PLACEHOLDERS or form or conversion:
            raise ValueError(f"the layout {pattern!r} has {{{name}}}, which is not known; known are {known}")
        expression.append(f"(?P={name})" if name in seen else f"(?P<{name}>{_PLACEHOLDERS[name]})")
        seen.add(name)
    if not seen:
        raise ValueError(f"the layout {pattern!r} has nothing to read; known are {known}")
    return "".join(expression)


def _published(values: dict[str, str]) -> str | None:
    if "date" in values:
        year, month, day = _date_parts(values["date"])
    else:
        year, month, day = (values.get(name, "") for name in ("year", "month", "day"))
    if not (year and month and day) or not (1 <= int(month) <= 12 and 1 <= int(day) <= 31):
        return None
    date = f"{year}-{int(month):02}-{int(day):02}"
    time = re.findall(r"[0-9]{1,2}", values.get("time", ""))
    return f"{date} {':'.join(part.rjust(2, '0') for part in time)}" if len(time) > 1 else date


def _date_parts(date: str) -> tuple[str, str, str]:
    rest = date[4:]
    numbers = re.findall(r"[0-9]+", rest)
    if len(numbers) == 2:
        return date[:4], numbers[0], numbers[1]
    digits = "".join(numbers)
    # Without signs between them only four digits tell month from day.
    return (date[:4], digits[:2], digits[2:]) if len(digits) == 4 else (date[:4], "", "")
