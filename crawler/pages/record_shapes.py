"""Objects that hold an article's fields in further objects -> one object with all of them under known names."""

from __future__ import annotations

import re
from typing import Any

from crawler.pages import fields

_MERGED = ("metadata", "meta")  # objects of fields beside the text
# In an object named after a field: the inner name -> the name it is known by.
_OF_CONTENT = {"html": "content_html", "markdown": "content_markdown", "md": "content_md", "text": "content_text"}
_OF_ACCOUNT = {"name": "account_name", "alias": "account_alias", "intro": "account_intro", "biz": "biz", "id": "ghid"}
_CONTENTS = frozenset({"content", "content_html"})  # fields
_PICTURES = frozenset({"image", "img", "picture", "photo"})  # types of parts
_OF_MONGO = frozenset({"$date", "$numberLong", "$numberInt", "$numberDouble", "$oid"})
_FOUND_WORD = re.compile(r"<em\b[^<>]{0,64}>([^<>]*)</em>")  # what a search marks in a title


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
            inner |= {_OF_CONTENT[key]: text for key, text in value.items() if key in _OF_CONTENT}
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
        if fields.field_names().by_name.get(folded) == "title" and isinstance(value, str):
            result[name] = without_found_words(value)
    names = fields.field_names().by_name
    own = {names.get(fields.fold(name), name) for name in result}
    own |= _CONTENTS if own & _CONTENTS else set()
    return result | {name: one for name, one in inner.items() if names.get(fields.fold(name), name) not in own}


def without_found_words(title: str) -> str:
    """`title` without the marks (`<em>`) in which a search shows the words that it found."""
    return _FOUND_WORD.sub(r"\1", title)


def _plain(value: Any) -> Any:
    """`{"$date": {"$numberLong": "1777593600000"}}`, as MongoDB exports values, as the value itself."""
    while isinstance(value, dict) and len(value) == 1 and (name := next(iter(value))) in _OF_MONGO:
        value = value[name]
    return value


def _text_of(part: Any) -> Any:
    """The text of one part of a content; "" of a picture, None where it is another kind of object."""
    if not isinstance(part, dict):
        return part
    texts = [part[name] for name in ("text", "content") if isinstance(part.get(name), str) and part[name].strip()]
    known = set(part) <= {"type", "text", "content", "src", "url", "alt", "id"}
    if texts and known:
        return texts[0]
    return "" if part.get("type") in _PICTURES and known else None
