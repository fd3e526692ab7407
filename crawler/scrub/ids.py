"""Ids, numbers, dates, e-mail addresses and URLs in raw text, replaced wherever they stand, escaped or not."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from crawler.scrub.fakes import BIZ, DATE, HAN, NEUTRAL, kept_suffixes
from crawler.urls import is_private

if TYPE_CHECKING:
    from crawler.scrub.fakes import Faker

# Where a URL ends in raw text: at a quote, a tag or white space, however they are escaped.
_URL_CHAR = (
    rf"(?:(?!\\x2[27]|\\x3[ce]|\\x0a|&quot;|&#0?39;|&[lg]t;|&nbsp;|\\x26(?:amp;)*(?:quot|[lg]t|nbsp);|\\[\"'nrt]|\\u00[23][27ceCE])"
    rf"[^\s\"'<>`()\[\]{{}}|，。；、：！？）（”“》《{HAN}])"
)
URL = re.compile(
    r"(?P<scheme>https?(?::|%3A)(?:\\?/|%2F){2}|(?<![:\w/])\\?/\\?/)"
    r"(?P<host>[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}\.){1,6}[A-Za-z]{2,12})(?![A-Za-z0-9-])"
    rf"(?P<rest>(?:(?::\d{{1,5}})?(?:\\?/|[?#]|%2F|%3F){_URL_CHAR}{{0,4000}})?)",
    re.IGNORECASE,
)
EMAIL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,60}@[A-Za-z0-9-]{1,60}(?:\.[A-Za-z0-9-]{1,30}){1,4}")
_ESCAPE = r"%[0-9A-Fa-f]{2}|\\x[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|&(?:#\d{1,7}|#x[0-9A-Fa-f]{1,6}|[A-Za-z]{2,8});"
_URL_TOKEN = re.compile(rf"{_ESCAPE}|\.?[A-Za-z0-9_~*-]+|[^A-Za-z0-9]")
_PAIR = re.compile(
    r"(?P<before>&amp;|\\x26(?:amp;)*|\\u0026|%26|&|\?|%3F)(?P<name>[A-Za-z0-9_]{1,40})(?:=|%3D)[^&\\%#]{0,2000}",
    re.IGNORECASE,
)
_ID = re.compile(
    rf"{_ESCAPE}|(?P<date>{DATE.pattern})|(?P<ghid>gh_[0-9a-f]{{8,16}})|(?P<word>[A-Za-z0-9_-]{{6,}})|(?P<digits>(?<![.#\d])\d{{6,}})"
)
# Percent-encoded UTF-8, perhaps of a percent-encoded text, and ASCII between.
_HIGH = re.compile(r"(?:%(?:25)?[89A-Fa-f][0-9A-Fa-f])(?:%(?:25)?[0-9A-Fa-f]{2})*")
_MOST_ESCAPED = 2
_NUMBER = re.compile(r"(?<![.\d])\d{6,}")
_LOWER, _UPPER, _DIGIT = re.compile("[a-z]"), re.compile("[A-Z]"), re.compile(r"\d")
_HEX = re.compile(r"[0-9a-f]{16,}\Z|[0-9A-F]{16,}\Z")
_PRIVATE = re.compile(
    r"\b(?P<name>[A-Za-z_]{3,24})(?P<middle>[\"']?\s{0,4}[=:]\s{0,4}(?:JsDecode\()?)(?P<quote>[\"'])[^\"'\\\n]{1,2000}(?P=quote)"
)
# Names that also mean other things in a script.
_COMMON = frozenset({"key", "code", "token", "ticket", "srcid", "version"})


def fake_id(token: str, faker: Faker) -> str:
    """The fake of a token that looks like an id; else `token`."""
    if token.startswith("gh_"):
        return "gh_" + faker.hex(token[3:])
    if token.isdigit():
        return faker.number(token) if len(token) > 5 else token
    if BIZ.fullmatch(token) and (biz := faker.biz(token)):
        return biz
    if _HEX.match(token) and _DIGIT.search(token):
        return faker.hex(token)
    return token


def looks_random(token: str, least: int) -> bool:
    """Whether `token` is made of capitals, small letters and digits in a mix, at least `least` of them."""
    marks = sum(bool(mark.search(token)) for mark in (_LOWER, _UPPER, _DIGIT))
    return len(token) >= least and marks == 3


def scrub_ids(text: str, faker: Faker) -> str:
    """`text` (markup or code) with the ids in it faked; words stay."""

    def replaced(match: re.Match[str]) -> str:
        if match["date"]:
            return DATE.sub(faker.date, match[0])
        token = match["word"] or match["ghid"] or match["digits"]
        is_fraction = match.start() > 0 and match.string[match.start() - 1] in ".#" and match[0][0].isdigit()
        if not token or is_fraction:
            return match[0]
        made = fake_id(token, faker)
        if made != token:
            return made
        if looks_random(token, 18):
            return faker.word(token)
        return _NUMBER.sub(lambda number: faker.number(number[0]), token)

    return _ID.sub(replaced, text)


def is_reader(name: str) -> bool:
    """Whether a script or record gives under `name` what identifies a reader."""
    return name.lower() not in _COMMON and is_private(name.lower())


def without_reader(text: str) -> str:
    """`text` (a page) with what scripts assign to names that identify a reader emptied."""
    return _PRIVATE.sub(_without_private, text)


def _without_private(match: re.Match[str]) -> str:
    if not is_reader(match["name"]):
        return match[0]
    return f"{match['name']}{match['middle']}{match['quote']}{match['quote']}"


def scrub_url(match: re.Match[str], faker: Faker) -> str:
    """A match of `URL` with everything faked that names a page, a picture, an account or a reader."""
    host = faker.host(match["host"])
    rest = _PAIR.sub(lambda pair: _pair(pair, wechat=host == match["host"]), match["rest"])
    fake = _fake_of_ours if host == match["host"] else _fake_of_others
    return match["scheme"] + host + _URL_TOKEN.sub(lambda token: fake(token[0], faker), rest)


def _pair(match: re.Match[str], *, wechat: bool) -> str:
    if not is_private(match["name"], wechat=wechat):
        return match[0]
    return match["before"] if match["before"] in {"?", "%3F"} else ""


def _fake_of_ours(token: str, faker: Faker) -> str:
    if not token[-1].isalnum() and len(token) == 1:
        return token
    made = fake_id(token, faker)
    if made != token or token[0] in "%\\&.":
        return made
    if (
        looks_random(token, 10)
        or len(token) > 30
        or (len(token) > 15 and _UPPER.search(token) and _LOWER.search(token))
    ):
        return faker.word(token)
    if len(token) > 9 and _DIGIT.search(token) and _LOWER.search(token):
        return faker.word(token) if "_" not in token[1:4] else token[:4] + faker.word(token[4:])
    return token


def _fake_of_others(token: str, faker: Faker) -> str:
    if token[0] in "%\\&" or (token[0] == "." and token[1:].lower() in kept_suffixes()):
        return token
    return faker.word(token) if len(token) > 2 else token


def tokens_of_url(url: str) -> list[str]:
    """What in `url` tells one page, picture or account from another: long tokens that are no plain words."""
    tokens = re.findall(r"[A-Za-z0-9_-]{10,}", url)
    return [token for token in tokens if looks_random(token, 10) or len(token) > 30 or token.isdigit()]


def scrub_escaped(text: str, faker: Faker) -> str:
    """`text` with what stands in it percent-encoded, once or twice, and is no ASCII, replaced by neutral ideographs."""

    def replaced(match: re.Match[str]) -> str:
        told = match[0]
        for _ in range(_MOST_ESCAPED):
            told = unquote(told, errors="replace")
        made = quote(re.sub(r"[^\x00-\x7f]+", lambda run: faker.han(run[0]), told))
        return made if match[0][1:3] != "25" else quote(made)

    return _HIGH.sub(replaced, text)


def scrub_email(match: re.Match[str], faker: Faker) -> str:
    """A match of `EMAIL` as an address at example.com."""
    name = match[0].partition("@")[0]
    return faker.word(name) + "@example.com"


@lru_cache(maxsize=1)
def kept_units() -> frozenset[str]:
    """Characters that stay behind a number."""
    return frozenset(NEUTRAL["units"])
