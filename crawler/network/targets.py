"""URLs that a user names: as an argument, in a file, on standard input; and how the frontier writes them."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.exits import ArgumentError
from crawler.network.policy import shown
from crawler.processors import MAX_URL
from crawler.urls import parse_article_url, strip_reader, unwrap

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crawler.network.policy import UrlPolicy

STANDARD_INPUT = "-"
_ARTICLES = frozenset({"long", "short", "temporary", "preview"})
_URL = re.compile(r"https?://[^\s\"'<>]+", re.IGNORECASE)
_WECHAT = ("weixin.qq.com", "wechat.com")


def frontier_url(url: str) -> str:
    """`url` as the frontier has it: an article's canonical URL, any other less fragment and what tells who reads it.

    The page behind a verification page stands for it.
    """
    parsed = parse_article_url(url)
    parsed = unwrap(parsed) if parsed else None
    if parsed is not None and parsed.form in _ARTICLES:
        return parsed.canonical
    plain = strip_reader(url.strip()).partition("#")[0]
    if parsed is not None and plain.startswith("http://"):
        plain = "https://" + plain.removeprefix("http://")
    return plain


def named_urls(url: str | None, list_file: str | None, policy: UrlPolicy) -> list[str]:
    """The URLs of the arguments `url` (one, or several with blanks between) and `list`, each once, in order.

    A list has one URL a line; empty lines and lines that begin with `#` say nothing.

    Raises:
        ArgumentError: a file cannot be read, or a URL may not be fetched; it says which.
    """
    given = [(f"url {shown(word)}", word) for word in (url or "").split()]
    if list_file:
        given += _lines(list_file)
    found: dict[str, None] = {}
    for where, text in given:
        made = frontier_url(text)
        refusal = "it is too long" if len(made) > MAX_URL else policy.refusal(made)
        if refusal:
            raise ArgumentError(f"{where} may not be fetched: {refusal}")
        found[made] = None
    return list(found)


def _lines(name: str) -> Iterable[tuple[str, str]]:
    try:
        text = sys.stdin.read() if name == STANDARD_INPUT else Path(name).expanduser().read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ArgumentError(f"list={name} cannot be read: {error}") from error
    where = "standard input" if name == STANDARD_INPUT else name
    return (
        (f"line {number} of {where}", line.strip())
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip() and not line.lstrip().startswith("#")
    )


def without_tokens(arguments: dict[str, str]) -> dict[str, str]:
    """A spider's arguments as they may be written down: no name or password, nothing that tells who reads.

    Of a URL that is not WeChat's the whole query goes: what a feed calls its key, nobody can know.
    """
    return {name: _URL.sub(lambda found: without_token(found[0]), value) for name, value in arguments.items()}


def without_token(url: str) -> str:
    """A URL as it may be written down; see `without_tokens`."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return "https://…"
    netloc = parts.netloc.rpartition("@")[2]
    plain = parts._replace(netloc=netloc, fragment="").geturl()
    if host.endswith(_WECHAT):
        return frontier_url(plain)
    return plain.partition("?")[0] + ("?…" if parts.query else "")
