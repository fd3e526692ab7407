"""An account's publications, read through the user's own session with WeChat."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from crawler import processors
from crawler.exits import ArgumentError
from crawler.network.account_task import AccountTask
from crawler.network.credentials import credentials
from crawler.network.list_spider import ListSpider
from crawler.network.policy import shown
from crawler.urls import parse_article_url

if TYPE_CHECKING:
    from collections.abc import Iterator


class AccountSpider(ListSpider):
    """Reads the list of what an account has published; the articles wait in the frontier.

    Arguments (`-a NAME=VALUE`): `biz` of the account, or a URL that has it, several with blanks between; `all=yes`
    reads to the end of the list, also beyond what an earlier run has read; `fetch=yes` fetches the articles too.
    The session comes from WECHAT_TOKEN, WECHAT_COOKIE, ... of the environment, or from the file CREDENTIALS.
    """

    name = "account"
    arguments = ListSpider.arguments | {"biz", "all"}

    def tasks(self) -> Iterator[AccountTask]:
        """The accounts that the user names. Raises ArgumentError."""
        words = (self.given.get("biz") or "").split()
        if not words:
            raise ArgumentError("say which account: -a biz=..., the base64 after __biz= in the URLs of its articles")
        if self.given.get("all", "no") not in {"yes", "no"}:
            raise ArgumentError(f"all={self.given['all']}: say yes or no")
        session = credentials(self.settings.get("CREDENTIALS") or "", os.environ)
        for word in words:
            yield AccountTask(biz=biz_of(word), session=session, to_the_end=self.given.get("all") == "yes")


def biz_of(word: str) -> str:
    """The biz that a word is, or that a URL has. Raises ArgumentError."""
    parsed = parse_article_url(word) if "//" in word else None
    biz = processors.biz(parsed.biz if parsed else word)
    if biz is None:
        raise ArgumentError(f"{shown(word)} is no account's biz, the base64 after __biz= in the URLs of its articles")
    return biz
