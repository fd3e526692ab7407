"""Pages that say an article cannot be shown: told by their sentences and marks (notices.toml).

Articles about WeChat print the same sentences, so all of this is asked only of a page without content.
"""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

from crawler import processors as p
from crawler.items import Account, Notice, NoticeReason
from crawler.loaders import AccountLoader
from crawler.pages.content import read_content
from crawler.pages.page import PLACES, plain
from crawler.urls import article_key, key_of, parse_article_url, unwrap

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

    from crawler.pages.page import Page

MAX_LENGTH = 1500  # characters of a page's text; one that shows more is no notice
MAX_DETAIL = 300
_LETTER = 0.25  # of an ideograph
_MANY = 20  # elements of one name that a notice has at most
_IGNORED = re.compile(r"[\W_]+")
_TITLES = (
    ".weui-msg__title, .mesg-block, .global_error_msg, .text_area .title, .page_msg .title, h2.title, #js_verify_title"
)
_AREAS = (".weui-msg__text-area", ".mesg-block", ".global_error_msg", ".page_msg", ".text_area", ".weui-msg")
# WeUI is anybody's; these are not.
_OWN_AREAS = ".mesg-block, .global_error_msg"
_TARGETS = re.compile(rb"target_?[uU]rl\s*[=:]\s*(?:[\"']|encodeURIComponent\([\"'])?([^\"'\s<>;]{8,2048})")


class Verdict(NamedTuple):
    """What a notice says: why, whether to ask again, and the sentence itself."""

    reason: NoticeReason
    retryable: bool
    detail: str


class _Rule(NamedTuple):
    reason: NoticeReason
    retryable: bool
    is_general: bool
    phrases: tuple[str, ...]
    marks: tuple[bytes, ...]


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("notices.toml").read_text("utf-8"))


@lru_cache(maxsize=1)
def _rules() -> tuple[dict[int, str], tuple[_Rule, ...]]:
    data = _table()
    fold = {ord(old): new for old, new in zip(data["fold"]["from"], data["fold"]["to"], strict=True)}
    rules = tuple(
        _Rule(
            entry["reason"],
            entry["retryable"],
            entry.get("general", False),
            tuple(_folded(phrase, fold) for phrase in entry["phrases"]),
            tuple(mark.encode() for mark in entry["marks"]),
        )
        for entry in data["notice"]
    )
    return fold, rules


@lru_cache(maxsize=1)
def _said() -> re.Pattern[str]:
    """All that notices say, folded; the longest first."""
    fold, rules = _rules()
    said = {phrase for rule in rules for phrase in rule.phrases}
    said.update(_folded(word, fold) for word in _table()["beside"]["words"])
    return re.compile("|".join(map(re.escape, sorted(said, key=lambda phrase: (-len(phrase), phrase)))))


def left_of(text: str) -> float:
    """How much of `text` is nothing that notices say: in ideographs, of other letters four count as one."""
    rest = _said().sub("", _folded(text, _rules()[0]))
    return sum(_LETTER if character.isascii() else 1 for character in rest)


def notice_of_text(text: str, *, ours: bool = True) -> Verdict | None:
    """What a page's visible text says, if it is a notice; None for a longer text or another one.

    For dumps: only of a dump that holds nothing else. `ours`: the text is WeChat's by other marks; otherwise
    sentences that any site prints (a system error, an expired link) do not count.
    """
    if len(text) > MAX_LENGTH:
        return None
    fold, rules = _rules()
    folded = _folded(text, fold)
    for rule in rules:
        if rule.is_general and not ours:
            continue
        for phrase in rule.phrases:
            if phrase in folded:
                return Verdict(rule.reason, rule.retryable, _sentence(text, phrase, fold))
    return None


def read_notice(page: Page, *, ours: bool) -> Notice | None:
    """The notice that a page without content is, or None. `ours`: it is a page of WeChat's by other marks."""
    verdict = _verdict(page, ours=ours)
    if verdict is None:
        return None
    url, key = _asked_for(page)
    target = page.first(["js transferTargetLink"])
    return Notice(
        reason=verdict.reason,
        retryable=verdict.retryable,
        detail=verdict.detail,
        url=url,
        key=key,
        account=_account(page),
        target_url=p.url(target.value) if target else None,
    )


def _verdict(page: Page, *, ours: bool) -> Verdict | None:
    area = next((node for selector in _AREAS if (node := page.tree.css_first(selector)) is not None), None)
    ours = ours or page.tree.css_first(_OWN_AREAS) is not None
    shown = read_content(page.tree.body).full_text if page.tree.body is not None else ""
    head = page.text_of_title()
    if len(shown) > MAX_LENGTH:
        return None
    title = " ".join(page.text(node) for node in page.tree.css(_TITLES)[:_MANY])
    for text in (title, shown, head, *_written(page)):
        verdict = notice_of_text(text, ours=ours)
        if verdict is not None:
            return verdict._replace(detail=_detail(area) or verdict.detail)
    if page.first(["js transferTargetLink"]):
        return _of_reason("migrated", shown)
    return _by_marks(page, shown)


def _by_marks(page: Page, shown: str) -> Verdict | None:
    sources = [page.markup.html, *page.markup.scripts]
    for rule in _rules()[1]:
        for mark in rule.marks:
            if any(mark in source for source in sources):
                return Verdict(rule.reason, rule.retryable, shown.replace("\n", " ")[:MAX_DETAIL] or mark.decode())
    return None


def _of_reason(reason: NoticeReason, detail: str) -> Verdict:
    retryable = next(rule.retryable for rule in _rules()[1] if rule.reason == reason)
    return Verdict(reason, retryable, detail.replace("\n", " ")[:MAX_DETAIL])


def _written(page: Page) -> list[str]:
    """What the page's scripts write into it: some notices are nowhere else."""
    nodes = [node for node in (page.tree.head, page.tree.body) if node is not None]
    return [page.text_of_markup(written) for node in nodes for written in page.writes_in(node)]


def _detail(area: LexborNode | None) -> str:
    return read_content(area).full_text.replace("\n", " ")[:MAX_DETAIL] if area is not None else ""


def _asked_for(page: Page) -> tuple[str | None, str | None]:
    """The article that was asked for, as far as the page itself tells: canonical URL, key."""
    ids = [page.first([f"js {name}"]) for name in ("biz", "mid", "idx")]
    if all(ids):
        key = article_key(*(found.value if found else None for found in ids))
        if key:
            return None, key
    candidates = [found.value for found in page.find(["js target_url", "js targetUrl", "js msg_link", "meta og:url"])]
    for source in (page.markup.html, *page.markup.scripts):
        candidates += [unquote(match[1].decode("utf-8", "replace")) for match in _TARGETS.finditer(source)]
    for candidate in candidates + ([page.saved_from] if page.saved_from else []):
        parsed = parse_article_url(plain(candidate))
        parsed = unwrap(parsed) if parsed else None
        if parsed and (key := key_of(parsed)):
            return parsed.canonical, key
    return None, None


def _account(page: Page) -> Account:
    loader = AccountLoader()
    for value in page.values.objects("cgiData"):
        for field, name in (("name", "nick_name"), ("ghid", "user_name"), ("alias", "alias"), ("biz", "biz")):
            given = value.get(name)
            loader.add(field, plain(given) if isinstance(given, str) else None, f"cgiData.{name}")
    for field, places in PLACES["account"].items():
        for found in page.find(places):
            if loader.add(field, found.value, found.source):
                break
    account: Account = loader.load_item()
    return account


def _folded(text: str, fold: dict[int, str]) -> str:
    return _IGNORED.sub("", text.casefold()).translate(fold)


def _sentence(text: str, phrase: str, fold: dict[int, str]) -> str:
    """The lines of `text` that hold `phrase`."""
    for line in text.splitlines():
        if phrase in _folded(line, fold):
            return line.strip()[:MAX_DETAIL]
    return " ".join(text.split())[:MAX_DETAIL]
