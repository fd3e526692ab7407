"""What a page's scripts assign: `var ct = "..."`, `window.alias = ...`, `d.title = ...`, `window.cgiDataNew = {...}`.

A page assigns the same name in several places, some of them empty, some in code that is not about the
article at all (`var biz = null` in a library): every value is kept in order, the first usable one counts.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from crawler.pages import script

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# Who owns the name: a variable, the window, or the object (`d`, `_g`, `cgiData`) that share pages fill.
Owner = Literal["var", "window", "d"]
_OWNERS: tuple[Owner, ...] = ("var", "window", "d")

_LIBRARY = re.compile(
    rb"\s*(?:var __INLINE_SCRIPT__|!function|\(\s*function\s*\(\s*\w+\s*,|\(\s*\(\)\s*=>|System\.register)"
)
_LIBRARY_SIZE = 300_000  # bytes; data scripts are smaller but for the object below
_DATA_OBJECT = b"window.cgiDataNew = {"
_DATA_OBJECT_BEFORE = 65_536  # bytes of its script that may stand before it
# Each begins with plain characters, which are searched for many times faster than a pattern.
_ASSIGNMENTS: tuple[tuple[Owner, re.Pattern[str]], ...] = (
    ("var", re.compile(r"var\s+(\w+)\s*=(?!=)")),
    ("window", re.compile(r"window\.(\w+)\s*=(?!=)")),
    ("d", re.compile(r"_g\.(\w+)\s*=(?!=)")),
    ("d", re.compile(r"d\.(\w+)\s*=(?!=)")),
    ("d", re.compile(r"cgiData\.(\w+)\s*=(?!=)")),
)
# Minified pages list variables: `var a="",ct="1561299713"`.
_LISTED = re.compile(r"[,;]\s*(\w+)\s*=(?!=)\s*(?=['\"])")
_SVR_TIMES = re.compile(r"\w=\"(\d{9,10})\",\w=\"(\d{9,10})\",\w=\"(\d{4}-\d{2}-\d{2})\"")


class ScriptValues:
    """The values that a page's scripts assign to known names, read when first asked for."""

    def __init__(self, scripts: Iterable[bytes], names: frozenset[str]) -> None:
        """`scripts` in the page's order; of other names than `names` nothing is kept."""
        self._names = names
        self._data: bytes | None = None
        self._texts: list[str] = []
        for content in scripts:
            if content.find(_DATA_OBJECT, 0, _DATA_OBJECT_BEFORE) >= 0:
                self._data = self._data or content
            elif len(content) < _LIBRARY_SIZE and not _LIBRARY.match(content):
                self._texts.append(content.decode("utf-8", "replace"))
        self._places: dict[tuple[Owner, str], list[tuple[str, int]]] | None = None
        self._read: dict[tuple[Owner, str], list[script.Value]] = {}
        self._object: script.LazyObject | None = None

    @property
    def data(self) -> script.LazyObject | None:
        """`window.cgiDataNew`, which pages have since 2023, or None."""
        if self._object is None and self._data is not None:
            text = self._data.decode("utf-8", "replace")
            start = text.index(_DATA_OBJECT.decode()) + len(_DATA_OBJECT) - 1
            self._object = script.LazyObject(text, start)
            # What the same script assigns besides.
            self._texts.append(text[: start - len(_DATA_OBJECT) + 1] + text[self._object.end :])
            self._data = None
        return self._object

    def all(self, owner: Owner, name: str) -> list[script.Value]:
        """Every value assigned to `name` of `owner`, in the page's order."""
        if self._places is None:
            self._places = self._find()
        key = (owner, name)
        if key not in self._places:
            return []
        if key not in self._read:
            self._read[key] = [script.read_expression(*place)[0] for place in self._places[key]]
        return self._read[key]

    def text(self, owner: Owner, name: str) -> str | None:
        """The first value of `name` that is a string with something in it."""
        return next((value for value in self.all(owner, name) if isinstance(value, str) and value), None)

    def texts(self, *names: str) -> Iterator[tuple[str, str]]:
        """(value, where it stands) for every non-empty string assigned to one of `names`, names in order."""
        for name in names:
            for owner in _OWNERS:
                for value in self.all(owner, name):
                    if isinstance(value, str) and value:
                        yield value, f"{owner}{' ' if owner == 'var' else '.'}{name}"

    def objects(self, name: str) -> Iterator[dict[str, script.Value]]:
        """Every object assigned to `name`."""
        owners: tuple[Owner, ...] = ("window", "var", "d")
        for owner in owners:
            for value in self.all(owner, name):
                if isinstance(value, dict):
                    yield value

    def svr_times(self) -> tuple[str, str] | None:
        """(Unix seconds, day) that pages of 2018 to 2020 hand to the function that writes the date."""
        for text in self._texts:
            match = _SVR_TIMES.search(text)
            if match:
                return match[2], match[3]
        return None

    def _find(self) -> dict[tuple[Owner, str], list[tuple[str, int]]]:
        _ = self.data  # adds its script's rest to the texts
        found: dict[tuple[Owner, str], list[tuple[str, int]]] = {}
        for owner, pattern in _ASSIGNMENTS:
            for text in self._texts:
                self._collect(found, owner, pattern, text)
        if not any((owner, "biz") in found for owner in _OWNERS):
            for text in self._texts:
                self._collect(found, "var", _LISTED, text)
        return found

    def _collect(
        self,
        found: dict[tuple[Owner, str], list[tuple[str, int]]],
        owner: Owner,
        pattern: re.Pattern[str],
        text: str,
    ) -> None:
        for match in pattern.finditer(text):
            if match[1] not in self._names:
                continue
            before = text[match.start() - 1 : match.start()]
            # `window.cgiData.vid` is meant, `scope.d.vid` is not.
            is_whole = match[0].startswith((",", ";", "cgiData")) or not (before.isalnum() or before in {".", "_", "$"})
            if is_whole:
                found.setdefault((owner, match[1]), []).append((text, match.end()))
