"""What the user says of a capture fills what the capture leaves open, and never overrules it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler import processors
from crawler.pages.assemble import moment
from crawler.pages.identity import leads_to
from crawler.text import compact
from crawler.times import beijing_day

if TYPE_CHECKING:
    from crawler.items import Article, Hints, Reading

# Characters that file systems refuse, which people replace in titles used as file names.
_UNSAFE = str.maketrans("", "", '\\/:*?"<>|：？／＼｜＊“”＜＞_-–—. ')


def apply_hints(reading: Reading, article: Article) -> None:
    """Fills title, account, time and URL of `article`; a hint that the capture contradicts is a warning."""
    hints = reading.capture.hints
    sources: dict[str, str] = dict(hints.sources)
    title = processors.plain_line(hints.title) if hints.title else None
    if title and article.title is None:
        article.title = title
        reading.sources["title"] = sources.get("title", "sidecar")
    elif title and article.title and not _same(title, article.title):
        reading.warnings.append(f"{_from(sources, 'title')} says the title is {title!r}, not {article.title!r}")
    account = processors.plain_line(hints.account) if hints.account else None
    if account and article.account.name is None:
        article.account.name = account
        reading.sources["account.name"] = sources.get("account", "sidecar")
    elif account and article.account.name and not _same(account, article.account.name):
        reading.warnings.append(
            f"{_from(sources, 'account')} says the account is {account!r}, not {article.account.name!r}"
        )
    _published(reading, article, hints, sources.get("published", "sidecar"))
    _url(reading, article, hints, _from(sources, "url"))


def _published(reading: Reading, article: Article, hints: Hints, source: str) -> None:
    if not hints.published:
        return
    when = moment(hints.published)
    if when is None:
        reading.warnings.append(f"{source}: {hints.published!r} is no time that can be read")
    elif article.published_at is None:
        article.published_at, article.published_precision = when
        article.published_source = "path" if source == "path" else "sidecar"
        reading.sources["published_at"] = source
    elif beijing_day(when[0]) != beijing_day(article.published_at):
        reading.warnings.append(
            f"{source} says it was published on {beijing_day(when[0])}, not {beijing_day(article.published_at)}"
        )


def _url(reading: Reading, article: Article, hints: Hints, source: str) -> None:
    found = leads_to(hints.url)
    if hints.url and found is None:
        reading.warnings.append(f"{source}: {hints.url[:200]!r} is no URL of an article")
    elif found and article.url is None:
        article.url = found.canonical
        reading.sources["url"] = source
    elif found and article.url:
        own = leads_to(article.url)
        if own and own.form == found.form and own.canonical != found.canonical:
            reading.warnings.append(f"{source} says the URL is {found.canonical}, not {own.canonical}")


def _from(sources: dict[str, str], field: str) -> str:
    return sources.get(field, "sidecar")


def _same(one: str, other: str) -> bool:
    """Whether two names are the same but for what file names cannot hold or cut off."""
    a, b = (compact(text).translate(_UNSAFE).casefold() for text in (one, other))
    shorter, longer = sorted((a, b), key=len)
    return a == b or (len(shorter) >= 10 and longer.startswith(shorter))
