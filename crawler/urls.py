"""A URL of mp.weixin.qq.com: which form it has, which article it leads to, how it is written once.

What the parameters mean is data (urls.toml). Nothing here raises; nothing private gets into a canonical URL.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, unquote, urlsplit

from crawler import processors, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from crawler.items import UrlForm

HOST = "mp.weixin.qq.com"
CAPTCHA_PATH = "/mp/wappoc_appmsgcaptcha"

_DATA = tomllib.loads(Path(__file__).with_name("urls.toml").read_text("utf-8"))
_READER = frozenset(_DATA["reader"]["names"])
_READER_PREFIXES = tuple(_DATA["reader"]["prefixes"])
_WECHAT_READER = frozenset(_DATA["reader"]["wechat_names"])
_NOISE = frozenset(_DATA["noise"]["names"])
_NOISE_PREFIXES = tuple(_DATA["noise"]["prefixes"])
_OLD_NAMES: dict[str, str] = _DATA["old_names"]
_HOSTS = "|".join(map(re.escape, _DATA["reader"]["wechat_hosts"]))
_WECHAT_HOST = re.compile(rf"//(?:[^/?#&\s]*[.@])?(?:{_HOSTS})\.?(?=[:/?#]|\Z)", re.IGNORECASE)
_ESCAPED_AMPERSAND = re.compile(r"(?:\\x26|\\u0026|&)(?:amp;|#38;|#x26;)*")
# A token is 22 characters long; others may come, but not file names or words.
_SHORT_PATH = re.compile(r"/s/([-_A-Za-z0-9]{10,64})/?\Z")
_UNSAFE = re.compile(r"[\s<>\"\x00-\x1f\x7f]")
_NAME_SAFE = "-._~!$'()*,;:@/?"
_VALUE_SAFE = _NAME_SAFE + "="
_PATH_SAFE = "/-._~!$'()*,;:@=&"
_NESTED = 3  # URLs within URLs that are looked into


class _Form(NamedTuple):
    form: UrlForm
    paths: tuple[str, ...]
    needs: tuple[str, ...]
    keep: tuple[str, ...]


_FORMS = tuple(
    _Form(entry["form"], tuple(entry["paths"]), tuple(entry["needs"]), tuple(entry["keep"])) for entry in _DATA["form"]
)


def _matching(pattern: str) -> Callable[[object], str | None]:
    compiled = re.compile(pattern)
    return lambda value: str(value) if compiled.fullmatch(str(value)) else None


_VALUES: dict[str, Callable[[object], str | None]] = {
    "__biz": processors.biz,
    "mid": processors.positive_number,
    "idx": processors.positive_number,
    "sn": processors.hexadecimal,
} | {name: _matching(pattern) for name, pattern in _DATA["values"].items()}


@dataclass(frozen=True, slots=True)
class ParsedUrl:
    """A URL of mp.weixin.qq.com.

    `canonical` is the one way in which it is written and stored: https, no fragment, only what says which
    page is meant, in a fixed order. Parsing it gives the same `ParsedUrl` again.
    """

    form: UrlForm
    canonical: str
    biz: str | None = None
    mid: str | None = None
    idx: str | None = None
    sn: str | None = None
    token: str | None = None  # of /s/<token>


def parse_article_url(url: str) -> ParsedUrl | None:
    """What `url` leads to, or None where it is no URL of mp.weixin.qq.com.

    Accepts http, no scheme, a whole URL that was escaped once more, and the HTML, JavaScript and percent
    escapes of its separators. Pages that are no article have the form `profile`, `album`, `captcha`, `other`.
    """
    return _parse(url, _NESTED)


def article_key(biz: str | None, mid: str | None, idx: str | None) -> str | None:
    """`mp:<biz>:<mid>:<idx>`, an article's identity; None unless all three are good values."""
    good = (processors.biz(biz), processors.positive_number(mid), processors.positive_number(idx))
    return f"mp:{good[0]}:{good[1]}:{good[2]}" if all(good) else None


def key_of(parsed: ParsedUrl) -> str | None:
    """The key of the article that a URL leads to: `mp:…`, else `short:<token>`, else None."""
    key = article_key(parsed.biz, parsed.mid, parsed.idx)
    if key is None and parsed.token is not None:
        return f"short:{parsed.token}"
    return key


def unwrap(parsed: ParsedUrl) -> ParsedUrl | None:
    """The page that a verification page stands in front of; `parsed` itself for every other form.

    None where the verification page's URL does not say.
    """
    if parsed.form != "captcha":
        return parsed
    target = parsed.canonical.partition("?target_url=")[2]
    return parse_article_url(unquote(target)) if target else None


def strip_reader(url: str) -> str:
    """`url` (any, also one within a URL) without the parameters that tell who was reading.

    HTML and JavaScript escapes of `&` are undone; everything else stays as it was written.
    """
    plain = _undo_escapes(url)
    return _strip(plain, bool(_WECHAT_HOST.search(plain)) or "//" not in plain, _NESTED)


def is_private(name: str, *, wechat: bool = True) -> bool:
    """Whether a parameter of that name tells who was reading, on WeChat's own hosts or on any."""
    plain = unquote(name).strip().lower()
    if plain in _READER or plain.startswith(_READER_PREFIXES):
        return True
    return wechat and plain in _WECHAT_READER


def _undo_escapes(url: str) -> str:
    """`url` with the escapes undone that HTML, JavaScript and JSON put on `&` and `/`.

    Not html.unescape(): it makes `×tamp=` of `&timestamp=`, which is undone here too.
    """
    plain = re.sub(r"\\+/", "/", url).replace("\u00d7tamp=", "&timestamp=")
    return _ESCAPED_AMPERSAND.sub("&", plain)


def _strip(url: str, wechat: bool, depth: int, *, nested: bool = False) -> str:
    first, *rest = re.split(r"([?&#])", url)
    if nested and "=" in first and "/" not in first:
        first, rest = "", ["", first, *rest]
    kept, opener = [first], ""
    for separator, pair in zip(rest[::2], rest[1::2], strict=True):
        if separator != "&":
            opener = separator
        if is_private(pair.partition("=")[0], wechat=wechat):
            continue
        kept.append((opener or separator) + _strip_value(pair, wechat, depth))
        opener = ""
    return "".join(kept).removeprefix("&" if nested and not first else "")


def _strip_value(pair: str, wechat: bool, depth: int) -> str:
    name, equals, value = pair.partition("=")
    inner = unquote(value)
    if depth == 0 or "%" not in value or "=" not in inner:
        return pair
    stripped = _strip(inner, wechat or bool(_WECHAT_HOST.search(inner)), depth - 1, nested=True)
    return pair if stripped == inner else name + equals + quote(stripped, safe="", errors="replace")


@lru_cache(maxsize=64)
def _parse(url: str, depth: int) -> ParsedUrl | None:
    if len(url) > processors.MAX_URL:
        return None
    plain = _undo_escapes(text.storable(url).strip())
    if re.match(r"https?%3a", plain, re.IGNORECASE):
        plain = _undo_escapes(unquote(plain))
    if plain[: len(HOST)].lower() == HOST:
        plain = f"https://{plain}"
    elif plain.startswith("//"):
        plain = f"https:{plain}"
    if _UNSAFE.search(plain):
        return None
    try:
        parts = urlsplit(plain)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or port not in {None, 80, 443}:
        return None
    # The whole authority less the port: a name and password before the host are none of WeChat's.
    if parts.netloc.lower().partition(":")[0] != HOST:
        return None
    path = re.sub(r"/{2,}", "/", unquote(parts.path)) or "/"
    parsed = _recognise(path, parts.query, depth)
    return parsed if len(parsed.canonical) <= processors.MAX_URL else None


def _recognise(path: str, query: str, depth: int, *, undo: bool = True) -> ParsedUrl:
    if path == CAPTCHA_PATH:
        return _captcha(query, depth)
    values = _good_values(_pairs(query))
    short = _SHORT_PATH.match(path)
    if short:
        return _short(short[1], values)
    bare = path.rstrip("/") or "/"
    for entry in _FORMS:
        if bare in entry.paths and all(name in values for name in entry.needs):
            return _formed(entry.form, bare, {name: values[name] for name in entry.keep if name in values})
    return _other(path, query, depth, undo=undo)


def _formed(form: UrlForm, path: str, values: dict[str, str]) -> ParsedUrl:
    article = form in {"long", "preview", "temporary"}
    return ParsedUrl(
        form=form,
        canonical=_written("/s" if article else path, values.items()),
        biz=values.get("__biz"),
        mid=values.get("mid"),
        idx=values.get("idx"),
        sn=values.get("sn"),
    )


def _short(token: str, values: dict[str, str]) -> ParsedUrl:
    preview = {name: value for name, value in values.items() if name == "tempkey"}
    return ParsedUrl(
        form="preview" if preview else "short",
        canonical=_written(f"/s/{token}", preview.items()),
        token=token,
    )


def _captcha(query: str, depth: int) -> ParsedUrl:
    raw = query.partition("target_url=")[2]
    # Where the target was put in unescaped, its own parameters look like the captcha's.
    given = raw if "://" in raw.partition("&")[0] else unquote(raw.partition("&")[0])
    target = _parse(given, depth - 1) if depth > 0 else None
    if target and target.form == "captcha":
        target = unwrap(target)
    canonical = f"https://{HOST}{CAPTCHA_PATH}"
    if target:
        canonical += f"?target_url={quote(target.canonical, safe='')}"
    return ParsedUrl(form="captcha", canonical=canonical)


def _other(path: str, query: str, depth: int, *, undo: bool) -> ParsedUrl:
    """Another page, or an article's URL whose separators were escaped: those are undone once."""
    given = ((unquote(name), unquote(value)) for name, value in _raw_pairs(query))
    pairs = sorted(
        (name, _strip(value, wechat=True, depth=_NESTED, nested=True))
        for name, value in given
        if not is_private(name) and not _is_noise(name)
    )
    if undo:
        inner_path, _, inner_query = path.partition("?")
        rebuilt = "&".join([inner_query, *(f"{name}={value}" for name, value in pairs)])
        undone = _recognise(inner_path, rebuilt.partition("#")[0], depth, undo=False)
        if undone.form != "other":
            return undone
    return ParsedUrl(form="other", canonical=_written(path, pairs))


def _written(path: str, pairs: Iterable[tuple[str, str]]) -> str:
    query = "&".join(quote(name, safe=_NAME_SAFE) + "=" + quote(value, safe=_VALUE_SAFE) for name, value in pairs)
    return f"https://{HOST}{quote(path, safe=_PATH_SAFE)}" + (f"?{query}" if query else "")


def _raw_pairs(query: str) -> Iterator[tuple[str, str]]:
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        if name:
            yield name, value


def _pairs(query: str) -> Iterator[tuple[str, str]]:
    for name, value in _raw_pairs(query):
        plain = unquote(name)
        yield _OLD_NAMES.get(plain, plain), unquote(value)


def _good_values(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Name -> the first value that is one."""
    good: dict[str, str] = {}
    for name, value in pairs:
        check = _VALUES.get(name)
        checked = check(value) if check and name not in good else None
        if checked is not None:
            good[name] = checked
    return good


def _is_noise(name: str) -> bool:
    plain = unquote(name).lower()
    return plain in _NOISE or plain.startswith(_NOISE_PREFIXES)
