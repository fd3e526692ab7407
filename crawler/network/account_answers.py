"""An account's list: the URLs that ask for it, and what an answer is. Pure."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlencode

from crawler.urls import HOST

if TYPE_CHECKING:
    from collections.abc import Mapping

Answer = Literal["list", "expired", "throttled", "other"]
_DATA = tomllib.loads(Path(__file__).with_name("account.toml").read_text("utf-8"))
_REFUSED: dict[str, list[str]] = _DATA["refused"]
_SUCCESS = "0"


def page_url(form: str, biz: str, begin: int, values: Mapping[str, str]) -> str:
    """The URL of a page of an account's list, its session (`values`) in it.

    Args:
        form: `publish_page` or `getmsg`.
        biz: of the account.
        begin: how many publications to pass over.
        values: the credentials.
    """
    of_form = _DATA[form]
    asked = dict(of_form["values"])
    if form == "publish_page":
        asked |= {"begin": str(begin), "count": str(of_form["count"]), "fakeid": biz, "token": values["token"]}
    else:
        asked |= {"__biz": biz, "offset": str(begin), "count": str(of_form["count"])}
        asked |= {name: values.get(name, "") for name in ("uin", "key", "pass_ticket", "appmsg_token")}
    return f"https://{HOST}{of_form['path']}?{urlencode(asked)}"


def answer_of(content: bytes) -> tuple[Answer, str]:
    """What an answer is, and in a few words why it is no list.

    `list` only where the answer itself says that it succeeded: an empty list is believed then, and only then. A web
    page in place of JSON is what a session that is over gets.
    """
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        is_page = content.lstrip()[:1] == b"<"
        return ("expired", "a web page came") if is_page else ("other", "what came is no JSON")
    if not isinstance(value, dict):
        return "other", "what came is no list"
    code = _code(value)
    if code in _REFUSED["expired"]:
        return "expired", f"ret {code}"
    if code in _REFUSED["throttled"]:
        return "throttled", f"ret {code}"
    if code != _SUCCESS:
        return "other", f"ret {code}" if code else "the answer does not say that it succeeded"
    return "list", ""


def next_begin(form: str, content: bytes, begin: int) -> int | None:
    """Where the next page of a list begins; None at its end. `content` is an answer that is a list."""
    value = json.loads(content)
    if form == "getmsg":
        after = value.get("next_offset")
        is_more = str(value.get("can_msg_continue")) == "1"
        return after if is_more and isinstance(after, int) and after > begin else None
    page = _opened(value.get("publish_page"))
    rows = page.get("publish_list")
    count = len(rows) if isinstance(rows, list) else 0
    total = page.get("total_count")
    is_over = isinstance(total, int) and begin + count >= total
    # The site may give fewer than were asked for in the middle: only none at all is the end.
    return begin + count if count and not is_over else None


def _code(value: dict[str, Any]) -> str:
    base = value.get("base_resp")
    code = base.get("ret") if isinstance(base, dict) and "ret" in base else value.get("ret")
    return str(code)[:20] if isinstance(code, (int, str)) and not isinstance(code, bool) else ""


def _opened(value: Any) -> dict[str, Any]:
    """`publish_page`, which is JSON in a string."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return {}
    return value if isinstance(value, dict) else {}
