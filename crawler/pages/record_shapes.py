"""Where in a JSON value the records of articles stand, and where in a record its fields (record_shapes.toml)."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.pages import fields

if TYPE_CHECKING:
    from collections.abc import Iterator

_DATA = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
_WRAPPERS: tuple[str, ...] = tuple(_DATA["wrappers"])
_MERGED = frozenset(_DATA["merged"])
_PICTURES = frozenset(_DATA["pictures"])
_OF_PART = frozenset(_DATA["part"])
_ONE_VALUE = frozenset(_DATA["one_value"])
_LISTINGS = frozenset(_DATA["listings"])
_SHARED = frozenset(_DATA["shared"])
_OF_CONTENT: dict[str, str] = _DATA["content"]
_OF_ACCOUNT: dict[str, str] = _DATA["account"]
_CONTENTS = frozenset({"content", "content_html"})  # fields
_TELLING = frozenset({"title", "url"})  # one of these beside a content makes a record
_DEEPEST = 6  # lists and objects around a record
_FOUND_WORD = re.compile(r"<em\b[^<>]{0,64}>([^<>]*)</em>")  # what a search marks in a title


def unwrapped(value: Any) -> dict[str, Any] | None:
    """The object that holds the fields of one record: the value itself, its only member, or one wrapped inside it."""
    for _ in range(3):
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        if not isinstance(value, dict):
            return None
        inner = next((value[name] for name in _WRAPPERS if isinstance(value.get(name), (dict, list))), None)
        if inner is None and _is_titled(value.get("content")):
            inner = {name: one for name, one in value.items() if name != "content"} | value["content"]
        if inner is None or any(_field(name) == "content" for name in value if isinstance(value[name], str)):
            return value
        value = inner
    return value if isinstance(value, dict) else None


def within(value: Any) -> list[dict[str, Any]]:
    """The records in the lists and objects of an answer: `{"data": {"list": [{"title": ..., "content": ...}]}}`.

    Each with what stands beside the list and says of which account it is. None of a record that is one itself.
    """
    row = unwrapped(value)
    return [] if row is not None and is_record(row) else list(_within(value, {}, _DEEPEST))


def _within(value: Any, shared: dict[str, Any], depth: int) -> Iterator[dict[str, Any]]:
    if not depth or not isinstance(value, (dict, list)):
        return
    members = value
    if isinstance(value, dict):
        shared = shared | {name: one for name, one in value.items() if _field(name) in _SHARED}
        members = [one for name, one in value.items() if name not in _LISTINGS]
    objects = [one for one in members if isinstance(one, dict)]
    if len(objects) == len(members) and any(map(is_record, objects)):
        yield from (_with_shared(row, shared) for row in objects)
        return
    for member in members:
        yield from _within(member, shared, depth - 1)


def _with_shared(row: dict[str, Any], shared: dict[str, Any]) -> dict[str, Any]:
    own = {_field(name) for name in row}
    return {name: one for name, one in shared.items() if _field(name) not in own} | row


def is_record(value: dict[str, Any]) -> bool:
    """Whether an object has an article's title or address, and a text."""
    return any(_field(name) in _TELLING for name in value) and any(
        _field(name) in _CONTENTS and (one.strip() if isinstance(one, str) else one) for name, one in value.items()
    )


def flat(row: dict[str, Any]) -> dict[str, Any]:
    """`row` with what `content`, `account`, `metadata` and `meta` hold, where they are objects, beside its own fields.

    Its own fields come first. Of a content in parts (`[{"type": "text", "content": …}]`) the texts are one list.
    Marks of a search (`<em>`) go from the title.
    """
    result: dict[str, Any] = {}
    inner: dict[str, Any] = {}
    for name, given in row.items():
        folded, value = fields.fold(name), _plain(given)
        if folded == "content" and isinstance(value, dict):
            inner |= next(({known: value[key]} for key, known in _OF_CONTENT.items() if value.get(key)), {})
        elif folded == "content" and isinstance(value, list):
            parts = [_text_of(part) for part in value]
            result[name] = parts if any(parts) and None not in parts else value
        elif folded == "account" and isinstance(value, dict):
            inner |= {_OF_ACCOUNT[key]: one for key, one in value.items() if key in _OF_ACCOUNT}
        elif folded in _MERGED and isinstance(value, dict):
            inner |= value
        elif folded == "accountid" and str(value).startswith("gh_"):
            inner["ghid"] = value
        else:
            result[name] = value
        if _field(name) == "title" and isinstance(value, str):
            result[name] = without_found_words(value)
    own = {_field(name) or name for name in result}
    own |= _CONTENTS if own & _CONTENTS else set()
    return result | {name: one for name, one in inner.items() if (_field(name) or name) not in own}


def without_found_words(title: str) -> str:
    """`title` without the marks (`<em>`) in which a search shows the words that it found."""
    return _FOUND_WORD.sub(r"\1", title)


def _is_titled(value: Any) -> bool:
    """Whether `value` is an object with a title among its fields."""
    return isinstance(value, dict) and any(_field(name) == "title" for name in value)


def _field(name: str) -> str | None:
    """The field that `name` is a name of."""
    return fields.field_names().by_name.get(fields.fold(name))


def _plain(value: Any) -> Any:
    """`{"$date": {"$numberLong": "1777593600000"}}`, as MongoDB exports values, as the value itself."""
    while isinstance(value, dict) and len(value) == 1 and (name := next(iter(value))) in _ONE_VALUE:
        value = value[name]
    return value


def _text_of(part: Any) -> Any:
    """The text of one part of a content; "" of a picture, None where it is another kind of object."""
    if not isinstance(part, dict):
        return part
    texts = [part[name] for name in ("text", "content") if isinstance(part.get(name), str) and part[name].strip()]
    known = set(part) <= _OF_PART
    if texts and known:
        return texts[0]
    return "" if part.get("type") in _PICTURES and known else None
