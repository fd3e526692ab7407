"""What a user says of a source, in the one form that is stored; what cannot be used raises ValueError."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from crawler import processors
from crawler.durations import duration_text, parse_duration
from crawler.network.feed_secrets import check_places, secret_in
from crawler.network.targets import without_token
from crawler.sources.layout import Layout
from crawler.text import tidy_line
from crawler.urls import parse_article_url, strip_reader
from pipelines.store import rechecks

if TYPE_CHECKING:
    from collections.abc import Callable
    from sqlite3 import Connection

    from pipelines.store.sources import Source


def files_target(word: str) -> str:
    """A file, folder or glob, absolute; it need not be there yet."""
    path = os.path.abspath(os.path.expanduser(word))  # noqa: PTH100, PTH111 - a glob is no path to be resolved
    if not word.strip() or not path.isprintable():
        raise ValueError(f"{path!r} has characters that cannot be printed; a crontab cannot hold it")
    return path


def album_target(word: str) -> str:
    """An album's URL, canonical."""
    parsed = parse_article_url(word)
    if parsed is None or parsed.form != "album" or "album_id=" not in parsed.canonical:
        raise ValueError(f"{word!r} is no album: its URL is https://mp.weixin.qq.com/mp/appmsgalbum?...&album_id=...")
    return parsed.canonical


def account_target(word: str) -> str:
    """An account's biz; any URL that has it will do."""
    parsed = parse_article_url(word) if "//" in word else None
    biz = processors.biz(parsed.biz if parsed else word)
    if biz is None:
        raise ValueError(f"{word!r} is no account's biz, the base64 after __biz= in the URLs of its articles")
    return biz


def feed_target(word: str) -> str:
    """A feed's URL, without what tells who reads."""
    url = strip_reader(word.strip())
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    if (
        parts.scheme not in ("http", "https")
        or not parts.hostname
        or not url.isprintable()
        or len(url) > processors.MAX_URL
    ):
        raise ValueError(f"{word.partition('?')[0]!r} is no URL of a feed; it begins with https://")
    if parts.username or parts.password:
        raise ValueError("a feed's URL is stored and printed, so it may hold no name and password")
    check_places(url)
    if (name := secret_in(url)) is not None:
        raise ValueError(
            f"the value of {tidy_line(name)[:40]!r} looks like a secret, and a feed's URL is stored and printed: write "
            f"{{KEY}} in its place, and the value under [feed] into the file CREDENTIALS (docs/network.md)"
        )
    return url


def holds_secret(source: Source) -> bool:
    """Is there in a source's URL what looks like a secret? An older release stored it."""
    return source.kind == "feed" and secret_in(source.target) is not None


def shown_target(source: Source) -> str:
    """A source's target as it may be printed."""
    return without_token(source.target) if holds_secret(source) else source.target


def times_in_a_row(count: int) -> str:
    """How often a source failed, in words."""
    return "once" if count == 1 else f"{count} times in a row"


def recheck_target(db: Connection, account: str | None) -> str:
    """A key of the one account that a biz, ghid, alias or name means; `rechecks.EVERY_ACCOUNT` for None."""
    if account is None:
        return rechecks.EVERY_ACCOUNT
    keys = rechecks.account_key(db, account)
    if not keys:
        raise ValueError(f"no account is called {account!r}; the view account_summary has all, and their biz")
    if len(keys) > 1:
        raise ValueError(f"{account!r} may mean {', '.join(keys)}; name one of them")
    return keys[0]


def recheck_options(at: str | None) -> dict[str, Any]:
    """The ages at which articles are looked at again, ascending."""
    ages = sorted({parse_duration(word) for word in at.split(",")}) if at else ()
    return {"at": [duration_text(age) for age in ages] or list(rechecks.DEFAULT_AT)}


def files_options(layout: str | None, sidecar: str | None) -> dict[str, Any]:
    """A layout that can be read, a table that is there."""
    made = {}
    if layout:
        Layout(layout)
        made["layout"] = layout
    if sidecar:
        path = Path(sidecar).expanduser().resolve()
        if not path.is_file():
            raise ValueError(f"there is no table {path}")
        made["sidecar"] = str(path)
    return made


TARGETS: dict[str, Callable[[str], str]] = {
    "files": files_target,
    "album": album_target,
    "account": account_target,
    "feed": feed_target,
}
