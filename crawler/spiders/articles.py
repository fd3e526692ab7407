"""Articles by their URLs: those that the user names, else those that are due in the frontier."""

from __future__ import annotations

from crawler.network.spider import NetworkSpider


class ArticlesSpider(NetworkSpider):
    """Fetches articles.

    Arguments (`-a NAME=VALUE`): `url` one URL, or several with blanks between; `list` a file of URLs, one a line, `-`
    for standard input; without either, what is due in the frontier. `again=yes` asks once more for what was answered.
    """

    name = "articles"
    arguments = NetworkSpider.arguments | {"url", "list"}
    takes_due = True
