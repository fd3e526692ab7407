"""Albums (合集): public collections of an account's articles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.exits import ArgumentError
from crawler.network.album_task import AlbumTask
from crawler.network.list_spider import ListSpider

if TYPE_CHECKING:
    from collections.abc import Iterator


class AlbumSpider(ListSpider):
    """Reads albums, page by page; their articles wait in the frontier.

    Arguments (`-a NAME=VALUE`): `url` the URL of an album, or several with blanks between; `fetch=yes` fetches the
    articles too.
    """

    name = "album"
    arguments = ListSpider.arguments | {"url"}

    def tasks(self) -> Iterator[AlbumTask]:
        """The albums that the user names. Raises ArgumentError."""
        urls = (self.given.get("url") or "").split()
        if not urls:
            raise ArgumentError("say which album: -a url='https://mp.weixin.qq.com/mp/appmsgalbum?...&album_id=...'")
        yield from (AlbumTask(url=url) for url in urls)
