"""The front matter of Markdown files: the few forms of YAML that tools write at a file's head."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_KEY = re.compile(r"(?P<key>[^\s:#\-][^:\n]{0,60}?)[ \t]{0,4}:(?:[ \t]+(?P<value>.*))?\Z")
_ITEM = re.compile(r"[ \t]{0,8}-[ \t]+(?P<value>.*)\Z")
_OPEN_LIST = re.compile(r"\A[^\s:#\-][^:\n]{0,60}:[ \t]+\[(?!\[)")
_MAX_LINES = 200
_TOML = "+++"  # around a front matter in TOML
_DOUBLE = re.compile(r'\\(["\\/nt])')
_UNESCAPED = {"n": "\n", "t": " "}


def split(source: Sequence[str]) -> tuple[list[tuple[str, str | list[str]]], int]:
    """The (key, value) pairs of a front matter at the head of `source` (lines), and where the text begins.

    Values are scalars as text (quotes and escapes undone) or lists of them; of an object its name, if it has one.
    ([], 0) where there is none: a lone `---` is a divider.
    """
    first = next((i for i, line in enumerate(source[:20]) if line.strip()), None)
    if first is None or source[first].strip() not in ("---", _TOML):
        return [], 0
    inside = source[first + 1 : first + 1 + _MAX_LINES]
    if source[first].strip() == _TOML:
        return _toml(inside, first + 1)
    end = next((i for i, line in enumerate(inside) if line.strip() in ("---", "...")), None)
    pairs = _pairs(inside[:end]) if end is not None else None
    return (pairs, first + end + 2) if pairs and end is not None else ([], 0)


def _toml(inside: Sequence[str], start: int) -> tuple[list[tuple[str, str | list[str]]], int]:
    """The same of a front matter in TOML, as Hugo has it; its lines begin at `start`."""
    end = next((i for i, line in enumerate(inside) if line.strip() == _TOML), None)
    try:
        table = tomllib.loads("\n".join(inside[:end])) if end is not None else {}
    except (ValueError, RecursionError):
        return [], 0
    texts = {key: value for key, value in table.items() if isinstance(value, (str, list, date))}
    if "title" not in texts:
        return [], 0
    pairs = [
        (key, [one for one in value if isinstance(one, str)] if isinstance(value, list) else str(value))
        for key, value in texts.items()
    ]
    return (pairs, start + end + 1) if pairs and end is not None else ([], 0)


def _pairs(block: Sequence[str]) -> list[tuple[str, str | list[str]]] | None:
    """The pairs of `block`, or None where it is no front matter."""
    pairs: list[tuple[str, str | list[str]]] = []
    nested = None  # the key whose value is an object
    for line in _whole(block):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _KEY.match(line.rstrip())
        if match:
            pairs.append((_scalar(match["key"]), _value((match["value"] or "").strip())))
        elif not pairs:
            return None
        elif item := _ITEM.match(line):
            key, value = pairs[-1]
            items = value if isinstance(value, list) else [value] if value else []
            pairs[-1] = (key, [*items, _scalar(item["value"].strip())] if len(items) < 100 else items)
        elif line[:1] in " \t" and not pairs[-1][1] and (inner := _KEY.match(line.strip())):
            # Of an object under a key its name is the value: author: name: 甲.
            nested = pairs[-1][0]
            if inner["key"] == "name":
                pairs[-1] = (nested, _scalar((inner["value"] or "").strip()))
        elif line[:1] in " \t" and nested == pairs[-1][0]:
            continue
        elif line[:1] in " \t":
            key, value = pairs[-1]
            if isinstance(value, str):
                block_sign = value in ("|", ">", "|-", ">-", "|+", ">+")
                pairs[-1] = (key, line.strip() if block_sign else f"{value} {line.strip()}".strip()[:8192])
        else:
            return None
    return pairs


def _whole(block: Sequence[str]) -> Iterator[str]:
    """The lines of `block`; a list in brackets that is printed over several is one."""
    kept = ""
    for line in block:
        kept = f"{kept} {line.strip()}" if kept else line
        if not _OPEN_LIST.search(kept) or kept.count("[") <= kept.count("]"):
            yield kept
            kept = ""
    if kept:
        yield kept


def _value(text: str) -> str | list[str]:
    if text.startswith("[") and text.endswith("]") and not text.startswith("[["):
        return [_scalar(part.strip()) for part in text[1:-1].split(",") if part.strip()]
    return _scalar(text)


def _scalar(text: str) -> str:
    if len(text) > 1 and text[0] == text[-1] == '"':
        return _DOUBLE.sub(lambda match: _UNESCAPED.get(match[1], match[1]), text[1:-1])
    if len(text) > 1 and text[0] == text[-1] == "'":
        return text[1:-1].replace("''", "'")
    return text if not text.startswith(("#", "&", "*")) else ""
