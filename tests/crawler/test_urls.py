from __future__ import annotations

from urllib.parse import parse_qsl, quote, unquote, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crawler.urls import (
    ParsedUrl,
    article_key,
    is_private,
    key_of,
    parse_article_url,
    strip_reader,
    unwrap,
)

BIZ = "MzAwMDAwMDAwMQ=="
SN = "0123456789abcdef0123456789abcdef"
LONG = f"https://mp.weixin.qq.com/s?__biz={BIZ}&mid=2247483650&idx=2&sn={SN}"
KEY = f"mp:{BIZ}:2247483650:2"
SHORT_PART = "AbCdEfGhIjKlMnOpQr-_12"
SHORT = f"https://mp.weixin.qq.com/s/{SHORT_PART}"


def parsed(url: str) -> ParsedUrl:
    found = parse_article_url(url)
    assert found is not None
    return found


@pytest.mark.parametrize(
    "url",
    [
        LONG,
        LONG.replace("https:", "http:"),
        LONG.replace("https:", ""),
        LONG.removeprefix("https://"),
        LONG.replace("https://mp.weixin", "HTTPS://MP.Weixin"),
        LONG.replace(".com/", ".com:443/"),
        LONG.replace("/s?", "//s?"),
        LONG.replace("/s?", "/s/?"),
        LONG.replace("&", "&amp;"),
        LONG.replace("&", "&amp;amp;"),
        LONG.replace("&", "\\x26amp;"),
        LONG.replace("&", "\\x26"),
        LONG.replace("&", "\\u0026"),
        LONG.replace("/", "\\/"),
        LONG.replace("&", "&#38;"),
        LONG.replace("&", "%26"),
        LONG.replace("=&", "%3D&").replace("==", "%3D%3D"),
        LONG.replace("==&", "&"),
        LONG.replace("?", "%3F").replace("&", "%26"),
        quote(LONG, safe=""),
        f"{LONG}#rd",
        f"{LONG}&chksm=ab12&scene=27#wechat_redirect",
        f"{LONG}&pass_ticket=x&key=y&uin=z",
        f"https://mp.weixin.qq.com/mp/appmsg/show?__biz={BIZ}&appmsgid=2247483650&itemidx=2&sign={SN}",
        f"https://mp.weixin.qq.com/s?sn={SN.upper()}&idx=2&mid=2247483650&__biz={BIZ}",
        f"https://mp.weixin.qq.com/s?mid=&idx=&__biz=&{LONG.partition('?')[2]}",
        f"  {LONG}\n",
    ],
)
def test_every_way_to_write_a_long_url_is_one(url: str) -> None:
    found = parsed(url)
    assert found == ParsedUrl("long", LONG, BIZ, "2247483650", "2", SN, None)
    assert key_of(found) == KEY


def test_a_long_url_without_sn_has_its_key() -> None:
    found = parsed(LONG.replace(f"&sn={SN}", "") + "&scene=1")
    assert found.canonical == f"https://mp.weixin.qq.com/s?__biz={BIZ}&mid=2247483650&idx=2"
    assert (found.sn, key_of(found)) == (None, KEY)


def test_a_long_url_without_idx_leads_to_an_article_but_has_no_key() -> None:
    found = parsed(f"https://mp.weixin.qq.com/s?__biz={BIZ}&mid=2247483650")
    assert (found.form, key_of(found)) == ("long", None)


@pytest.mark.parametrize("wrong", ["null", "MTIz!", "YWJj", "", "%FF"])
def test_a_biz_that_is_none_gives_no_identity(wrong: str) -> None:
    found = parsed(f"https://mp.weixin.qq.com/s?__biz={wrong}&mid=1&idx=1")
    assert (found.form, found.biz, key_of(found)) == ("other", None, None)


@pytest.mark.parametrize("more", ["", "/", "?scene=1&pass_ticket=x", "#rd", "?__biz=AAA&mid=1", "?nwr_flag=1"])
def test_a_short_url_drops_everything_else(more: str) -> None:
    assert parsed(SHORT + more) == ParsedUrl("short", SHORT, token=SHORT_PART)


def test_a_short_url_is_a_provisional_key() -> None:
    assert key_of(parsed(SHORT)) == f"short:{SHORT_PART}"


def test_preview_of_a_short_url_keeps_its_tempkey() -> None:
    found = parsed(f"{SHORT}?tempkey=MTIzX2Fi&scene=1")
    assert found == ParsedUrl("preview", f"{SHORT}?tempkey=MTIzX2Fi", token=SHORT_PART)


def test_preview_of_a_long_url_keeps_ids_and_tempkey() -> None:
    found = parsed(f"{LONG}&chksm=1&tempkey=MTIzX2Fi#rd")
    assert (found.form, found.canonical) == ("preview", f"{LONG}&tempkey=MTIzX2Fi")
    assert key_of(found) == KEY


def test_preview_without_ids_has_no_key() -> None:
    found = parsed("https://mp.weixin.qq.com/s?tempkey=MTIzX2Fi")
    assert (found.form, key_of(found)) == ("preview", None)


@pytest.mark.parametrize(
    "query",
    [
        "src=11&timestamp=1580000000&ver=2150&signature=a*b-C.d&new=1",
        "new=1&signature=a*b-C.d&ver=2150&timestamp=1580000000&src=11&scene=4",
        "src=11\u00d7tamp=1580000000&ver=2150&signature=a*b-C.d&new=1",
    ],
)
def test_temporary_url_in_one_order(query: str) -> None:
    found = parsed(f"http://mp.weixin.qq.com/s?{query}#rd")
    assert found == ParsedUrl(
        "temporary",
        "https://mp.weixin.qq.com/s?src=11&timestamp=1580000000&ver=2150&signature=a*b-C.d&new=1",
    )
    assert key_of(found) is None


@pytest.mark.parametrize(
    ("url", "form", "canonical"),
    [
        (
            f"https://mp.weixin.qq.com/mp/profile_ext?scene=124&__biz={BIZ}&action=home&uin=1&key=2",
            "profile",
            f"https://mp.weixin.qq.com/mp/profile_ext?action=home&__biz={BIZ}",
        ),
        (
            f"https://mp.weixin.qq.com/mp/homepage?hid=3&__biz={BIZ}&sn=1",
            "profile",
            f"https://mp.weixin.qq.com/mp/homepage?__biz={BIZ}&hid=3",
        ),
        (
            f"https://mp.weixin.qq.com/mp/appmsgalbum?album_id=1234567890&__biz={BIZ}&action=getalbum&scene=1",
            "album",
            f"https://mp.weixin.qq.com/mp/appmsgalbum?action=getalbum&__biz={BIZ}&album_id=1234567890",
        ),
        ("https://mp.weixin.qq.com", "other", "https://mp.weixin.qq.com/"),
        (
            "http://mp.weixin.qq.com/mp/rumor?b=2&action=info&lang=zh_CN&a=%E4%B8%80#x",
            "other",
            "https://mp.weixin.qq.com/mp/rumor?a=%E4%B8%80&action=info&b=2",
        ),
        ("https://mp.weixin.qq.com/s/index.html", "other", "https://mp.weixin.qq.com/s/index.html"),
    ],
)
def test_pages_that_are_no_article(url: str, form: str, canonical: str) -> None:
    found = parsed(url)
    assert (found.form, found.canonical, key_of(found)) == (form, canonical, None)


@pytest.mark.parametrize("target", [quote(LONG + "&scene=1#rd", safe=""), LONG, quote(quote(LONG, safe=""), safe="")])
@pytest.mark.parametrize("before", ["poc_token=secret&", ""])
def test_a_verification_page_tells_what_was_asked_for(target: str, before: str) -> None:
    found = parsed(f"https://mp.weixin.qq.com/mp/wappoc_appmsgcaptcha?{before}target_url={target}")
    assert (found.form, key_of(found)) == ("captcha", None)
    assert "secret" not in found.canonical
    assert unwrap(found) == parsed(LONG)


def test_a_verification_page_before_another_is_looked_through() -> None:
    captcha = "https://mp.weixin.qq.com/mp/wappoc_appmsgcaptcha?target_url="
    found = parsed(captcha + quote(captcha + quote(SHORT, safe=""), safe=""))
    assert unwrap(found) == parsed(SHORT)


@pytest.mark.parametrize("target", ["", "?poc_token=1", "?target_url=", "?target_url=https://example.org/"])
def test_a_verification_page_that_does_not_say(target: str) -> None:
    found = parsed(f"https://mp.weixin.qq.com/mp/wappoc_appmsgcaptcha{target}")
    assert found.canonical == "https://mp.weixin.qq.com/mp/wappoc_appmsgcaptcha"
    assert unwrap(found) is None


def test_unwrap_leaves_other_forms() -> None:
    assert unwrap(parsed(SHORT)) == parsed(SHORT)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "s",
        "/s/abc",
        LONG.replace("mp.weixin", "evil-mp.weixin"),
        LONG.replace("qq.com", "qq.com.example.org"),
        LONG.replace("https://", "https://example.org@") + "x",
        LONG.replace("mp.weixin.qq.com", "user:pw@mp.weixin.qq.com"),
        LONG.replace("mp.weixin.qq.com", "mp.weixin.qq.com@example.org"),
        LONG.replace(".com/", ".com./"),
        LONG.replace(".com/", ".com:8080/"),
        LONG.replace(".com/", ".com:x/"),
        LONG.replace("https:", "ftp:"),
        LONG.replace("https:", "javascript:"),
        f"see {LONG}",
        f"{SHORT} and more",
        "https://[mp.weixin.qq.com/s",
        LONG + "&x=" + "a" * 9000,
        "https://mp.weixin.qq.com/" + "文" * 2000,
    ],
)
def test_urls_of_other_places_are_none(url: str) -> None:
    assert parse_article_url(url) is None


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ((BIZ, "1", "1"), f"mp:{BIZ}:1:1"),
        ((BIZ.rstrip("="), "1", "1"), f"mp:{BIZ}:1:1"),
        ((None, "1", "1"), None),
        ((BIZ, "0", "1"), None),
        ((BIZ, "1", None), None),
        ((BIZ, "", ""), None),
    ],
)
def test_article_key(given: tuple[str | None, str | None, str | None], key: str | None) -> None:
    assert article_key(*given) == key


@pytest.mark.parametrize(
    ("url", "left"),
    [
        (f"{LONG}&pass_ticket=a&scene=1#rd", f"{LONG}&scene=1#rd"),
        (f"{LONG}&amp;key=a&amp;uin=b&amp;x=1", f"{LONG}&x=1"),
        ("https://mp.weixin.qq.com/s/a?key=1", "https://mp.weixin.qq.com/s/a"),
        ("https://mp.weixin.qq.com/s/a?key=1&b=2", "https://mp.weixin.qq.com/s/a?b=2"),
        ("https://mp.weixin.qq.com/s/a?key=1#rd", "https://mp.weixin.qq.com/s/a#rd"),
        ("https://mp.weixin.qq.com/s/a#key=1&b=2", "https://mp.weixin.qq.com/s/a#b=2"),
        ("https://mp.weixin.qq.com/s/a?pass%5Fticket=1", "https://mp.weixin.qq.com/s/a"),
        ("https://mp.weixin.qq.com/s/a?sharer_shareid=1&SHARER_new=2", "https://mp.weixin.qq.com/s/a"),
        ("/s?a=1&uin=2", "/s?a=1"),
        # Elsewhere `key` may say which page is meant; a pass_ticket nowhere does.
        ("https://example.org/?key=1&pass_ticket=2", "https://example.org/?key=1"),
        ("https://example.org/plain?a=%41&b", "https://example.org/plain?a=%41&b"),
        (
            "https://example.org/go?to=https%3A%2F%2Fmp.weixin.qq.com%2Fs%2Fa%3Fkey%3D1%26b%3D2",
            "https://example.org/go?to=https%3A%2F%2Fmp.weixin.qq.com%2Fs%2Fa%3Fb%3D2",
        ),
        ("https://example.org/go?x=pass_ticket%3D1%26b%3D2", "https://example.org/go?x=b%3D2"),
        (
            "https://example.org/go?to=https://mp.weixin.qq.com/s/a?key=1",
            "https://example.org/go?to=https://mp.weixin.qq.com/s/a",
        ),
    ],
)
def test_strip_reader(url: str, left: str) -> None:
    assert strip_reader(url) == left


NOISE = st.sampled_from(["scene", "chksm", "pass_ticket", "key", "uin", "sharer_shareid", "fasttmpl_flag", "lang"])
NOISE_PAIRS = st.lists(st.tuples(NOISE, st.text("abcXYZ019%._-", max_size=12)), max_size=6)
TOKENS = st.text("abcdefXYZ0189-_", min_size=22, max_size=22)
ARTICLES = st.one_of(
    TOKENS.map(lambda token: f"https://mp.weixin.qq.com/s/{token}"),
    st.tuples(st.integers(1, 2**40), st.integers(1, 8)).map(
        lambda ids: f"https://mp.weixin.qq.com/s?__biz={BIZ}&mid={ids[0]}&idx={ids[1]}&sn={SN}"
    ),
    st.integers(1, 2**33).map(lambda time: f"https://mp.weixin.qq.com/s?src=3&timestamp={time}&ver=1&signature=x*-y"),
    st.integers(1, 2**33).map(
        lambda album: f"https://mp.weixin.qq.com/mp/appmsgalbum?action=getalbum&__biz={BIZ}&album_id={album}"
    ),
)


@st.composite
def noisy_urls(draw: st.DrawFn) -> tuple[str, str]:
    """A canonical URL, and the same as it may stand in a page."""
    url = draw(ARTICLES)
    base, _, query = url.partition("?")
    pairs = [pair for pair in query.split("&") if pair] + ["=".join(pair) for pair in draw(NOISE_PAIRS)]
    pairs = draw(st.permutations(pairs))
    joint = draw(st.sampled_from(["&", "&amp;", "\\x26amp;", "\\x26"]))
    fragment = draw(st.sampled_from(["", "#rd", "#wechat_redirect"]))
    noisy = base + ("?" if pairs else "") + joint.join(pairs) + fragment
    return url, noisy.replace("https:", draw(st.sampled_from(["http:", "https:", ""])))


@given(noisy_urls())
def test_noise_changes_neither_key_nor_canonical(urls: tuple[str, str]) -> None:
    url, noisy = urls
    assert parsed(noisy) == parsed(url)
    assert parsed(url).canonical == url


URL_TEXT = st.one_of(
    st.text(),
    st.text("/s?&=#%:.@\\;x26amp_keytokenuinABC 0139×").map(lambda tail: "https://mp.weixin.qq.com/" + tail),
    st.lists(
        st.tuples(
            st.sampled_from(["__biz", "mid", "idx", "key", "a", "tempkey", "target_url", "pass_ticket", "x%3Dy"]),
            st.one_of(
                st.text(max_size=8),
                st.sampled_from([BIZ, "1", "%26key%3D1", "%2526uin%253D1", LONG, quote(LONG)]),
            ),
        )
    ).map(lambda pairs: "https://mp.weixin.qq.com/mp/wappoc_appmsgcaptcha?" + "&".join(map("=".join, pairs))),
    st.lists(
        st.tuples(
            st.sampled_from(["__biz", "mid", "idx", "key", "a", "tempkey", "pass_ticket", "x%3Dy", "%26uin"]),
            st.one_of(
                st.text(max_size=8),
                st.sampled_from([BIZ, "1", "%26key%3D1", "%2526uin%253D1", LONG, quote(LONG)]),
            ),
        )
    ).map(lambda pairs: "https://mp.weixin.qq.com/s?" + "&".join(map("=".join, pairs))),
)


def names_in(url: str, depth: int = 3) -> set[str]:
    """Names of parameters in a URL, also of URLs within it."""
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    found = {name for name, _ in pairs}
    for _, value in pairs if depth else []:
        found |= names_in(value, depth - 1) if value.startswith("http") else set()
    return found


@given(URL_TEXT)
@example("https://mp.weixin.qq.com/s?a=%2526__biz%3D")
def test_canonical_is_stable_and_private(url: str) -> None:
    found = parse_article_url(url)
    if found is not None:
        assert parse_article_url(found.canonical) == found
        assert not [name for name in names_in(found.canonical) if is_private(name)]
        assert found.canonical.isascii()


@given(URL_TEXT)
def test_strip_reader_is_stable_and_takes_all(url: str) -> None:
    left = strip_reader(url)
    assert strip_reader(left) == left
    head, _, tail = left.partition("?")
    assert not [pair for pair in tail.split("&") if is_private(pair.partition("=")[0], wechat="//" not in head)]
    assert len(unquote(left)) <= len(unquote(url))
