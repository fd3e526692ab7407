"""Feeds: parsing is pure; the spider `feed` is run as users run it."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from running import PROJECT, SCRAPY, environment
from site_on_loopback import Answer, Site

from crawler.exits import ArgumentError
from crawler.items import Article, Listing, Notice
from crawler.network.feed_captures import captures_of
from crawler.network.feed_hosts import allowing
from crawler.network.feeds import Feed, FeedError, parse
from crawler.network.policy import UrlPolicy, origin_of
from crawler.pages import read
from crawler.pages.feed import is_content, is_laid_out
from pipelines.store.projection import projection_digest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from running import Ended

    Rows = Callable[..., list[tuple[Any, ...]]]

URL = "https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStU{}"
TEXT = "<p>今天的集市上来了一位卖糖人的老师傅。</p><p>他一吹一捏，小猴子就活了过来。</p>"
NOW = datetime(2024, 5, 1, 8, tzinfo=UTC)
RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>集市小报</title><link>https://example.org/</link>{}</channel></rss>"""


def item(number: int, content: str = "", description: str = "摘要", more: str = "") -> str:
    """An item of RSS."""
    encoded = f"<content:encoded><![CDATA[{content}]]></content:encoded>" if content else ""
    return (
        f"<item><title>第{number}篇</title><link>{URL.format(number)}</link><description><![CDATA[{description}]]>"
        f"</description><pubDate>Wed, 01 May 2024 08:00:0{number} +0800</pubDate>{encoded}{more}</item>"
    )


def rss(*items: str) -> bytes:
    """A feed in RSS 2.0."""
    return RSS.format("".join(items)).encode()


ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>集市小报</title><entry><title>第1篇</title>
<link rel="self" href="https://example.org/1"/><link href="{URL.format(1)}"/><id>1</id>
<published>2024-05-01T08:00:01+08:00</published><author><name>集市小报</name></author>
<content type="html">{TEXT.replace("<", "&lt;")}</content></entry></feed>""".encode()
JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "集市小报",
        "items": [
            {
                "id": "1",
                "url": URL.format(1),
                "title": "第1篇",
                "date_published": "2024-05-01T00:00:01Z",
                "content_html": TEXT,
            }
        ],
    }
).encode()
RDF = f"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>集市小报</title></channel><item><title>第1篇</title><link>{URL.format(1)}</link>
<dc:date>2024-05-01T08:00:01+08:00</dc:date><content:encoded><![CDATA[{TEXT}]]></content:encoded></item></rdf:RDF>""".encode()
OPML = (
    b'<opml version="2.0"><body><outline text="a"><outline xmlUrl="https://a.example.org/f"/></outline></body></opml>'
)


# --- parsing ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", [rss(item(1, TEXT)), ATOM, JSON_FEED, RDF], ids=["rss", "atom", "json", "rdf"])
def test_each_form_gives_the_same_article(body: bytes) -> None:
    kept = captures_of(parse(body), "https://example.org/feed", "example.org/feed", NOW, "http")
    ((capture, url),) = kept.entries
    article = read(capture).found
    assert isinstance(article, Article)
    assert (article.key, article.title, article.account.name) == ("short:AbCdEfGhIjKlMnOpQrStU1", "第1篇", "集市小报")
    assert (article.evidence, article.published_at) == ("feed", datetime(2024, 5, 1, 0, 0, 1, tzinfo=UTC))
    assert article.full_text == "今天的集市上来了一位卖糖人的老师傅。\n他一吹一捏，小猴子就活了过来。"
    assert (url, capture.uri) == (URL.format(1), "https://example.org/feed!/AbCdEfGhIjKlMnOpQrStU1")
    assert kept.listing is not None
    listing = read(kept.listing).found
    assert isinstance(listing, Listing)
    assert [entry.key for entry in listing.entries] == ["short:AbCdEfGhIjKlMnOpQrStU1"]


def test_the_same_entry_gives_the_same_bytes_whenever_it_is_read() -> None:
    first = captures_of(parse(rss(item(1, TEXT))), "u", "n", NOW, "http").entries
    built = rss(item(2, TEXT), item(1, TEXT)).replace(
        b"<link>https://example.org/", b"<lastBuildDate>x</lastBuildDate>"
    )
    with pytest.raises(FeedError, match="broken XML"):
        parse(built)
    later = captures_of(parse(rss(item(2, TEXT), item(1, TEXT))), "u", "n", datetime.now(UTC), "http").entries
    assert later[1][0].content == first[0][0].content


@pytest.mark.parametrize(
    ("content", "description", "is_whole"),
    [
        (TEXT, "摘要", True),
        ("", TEXT, True),  # where a server puts the article
        ("", f"<style>.a{{}}</style><div class=rich_media_content id=js_content>{TEXT}", True),
        ("", "<p>摘要</p>", False),
        ("", "今天的集市上来了一位卖糖人的老师傅。", False),
        ("第1篇", "摘要", False),
        ("<p>摘要</p>", "摘要", False),
        ("获取全文失败，请重试~", "", False),
        ("<p> </p>", "", False),
        ('<p><img src="https://mmbiz.qpic.cn/a/0"></p>', "", True),  # an article of pictures
        (f"&lt;![CDATA[{TEXT}]]&gt;", "", True),
    ],
)
def test_content_is_told_from_a_digest_and_from_an_excuse(content: str, description: str, is_whole: bool) -> None:
    body = rss(item(1, content, description))
    if content.startswith("&lt;"):
        body = (
            body.replace(b"<![CDATA[&lt;", b"&lt;")
            .replace(b"]]&gt;]]>", b"]]&gt;")
            .replace(TEXT.encode(), TEXT.replace("<", "&lt;").encode())
        )
    kept = captures_of(parse(body), "u", "n", NOW, "http")
    assert (len(kept.entries), len(kept.without_content)) == ((1, 0) if is_whole else (0, 1))


def test_a_notice_in_place_of_the_article_is_a_notice() -> None:
    ((capture, _),) = captures_of(parse(rss(item(1, "<p>该内容已被发布者删除</p>"))), "u", "n", NOW, "http").entries
    notice = read(capture).found
    assert isinstance(notice, Notice)
    assert (notice.reason, notice.key) == ("deleted", "short:AbCdEfGhIjKlMnOpQrStU1")


def test_a_feed_of_several_accounts_names_none_of_them() -> None:
    both = rss(item(1, TEXT, more="<dc:creator>甲</dc:creator>"), item(2, TEXT, more="<dc:creator>乙</dc:creator>"))
    for body in (both, rss(item(1, TEXT)).replace("集市小报".encode(), b"WeWe-RSS")):
        for capture, _ in captures_of(parse(body), "u", "n", NOW, "http").entries:
            article = read(capture).found
            assert isinstance(article, Article)
            assert article.account.name is None


@pytest.mark.parametrize(
    "fault",
    ["a & b", "&nbsp;", "\x08", "&copy;", "&nonsense;"],
    ids=["ampersand", "nbsp", "control", "copy", "unknown"],
)
def test_what_servers_get_wrong_is_mended(fault: str) -> None:
    feed = parse(rss(item(1, TEXT)).replace("<title>第1篇".encode(), f"<title>第{fault}1篇".encode()))
    assert len(feed.entries) == 1
    assert feed.entries[0].content == TEXT


BOMB = b'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><rss><channel><title>&b;</title></channel></rss>'
FILE = b'<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss><channel><title>&a;</title></channel></rss>'


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "empty"),
        (b"<html><body>no</body></html>", "a web page"),
        (b"<svg/>", "'svg'"),
        (b"plain", "neither XML nor JSON"),
        (b"{}", "`items`"),
        (b'{"items": [', "broken JSON"),
        (b'{"items": ' + b"[" * 100_000, "nested too deeply"),
        (rss(item(1, TEXT))[:-40], "broken XML"),
        (BOMB, "entities"),
        (FILE, "entities"),
        (b"<rss>" * 5000, "broken XML"),
    ],
)
def test_what_is_no_feed_says_why(body: bytes, said: str) -> None:
    with pytest.raises(FeedError, match=said):
        parse(body)


@given(st.binary() | st.text().map(str.encode) | st.text().map(lambda text: rss(item(1, text.replace("]]>", "")))))
def test_any_bytes_are_a_feed_or_an_error(body: bytes) -> None:
    try:
        feed = parse(body)
    except FeedError:
        return
    for capture, _ in captures_of(feed, "u", "n", NOW, "http").entries:
        assert read(capture).found


def test_an_opml_names_feeds_each_once_and_the_declared_encoding_holds() -> None:
    assert parse(OPML.replace(b"</outline>", b'<outline xmlUrl="https://a.example.org/f"/></outline>')) == Feed(
        kind="opml", feeds=("https://a.example.org/f",)
    )
    gbk = RSS.replace("utf-8", "gbk").format(item(1, TEXT)).encode("gbk")
    assert parse(gbk) == parse(rss(item(1, TEXT)))
    assert parse(rss(item(1, TEXT)).decode().encode("utf-16")) == parse(rss(item(1, TEXT)))


@given(st.text())
def test_content_and_layout_of_any_text_are_told(text: str) -> None:
    assert is_content(text) in {True, False}
    assert not is_content(text, title=text) or "<" in text or "&" in text
    assert is_laid_out(text) in {True, False}


# --- which feeds may be asked for ---------------------------------------------------------------------------------

POLICY = UrlPolicy(frozenset({"mp.weixin.qq.com"}))


def test_a_feed_allows_its_own_origin_and_nothing_else() -> None:
    policy = allowing(POLICY, "https://rss.example.org:8443/feed?key=1", [])
    assert policy.refusal("https://rss.example.org:8443/other") is None
    for url in ("https://rss.example.org/feed", "http://rss.example.org:8443/", "https://a@rss.example.org:8443/"):
        assert policy.refusal(url)
    own = allowing(POLICY, "http://127.0.0.1:4000/feeds/all.atom", ["127.0.0.1:4000"])
    assert own.refusal("http://127.0.0.1:4000/feeds/a") is None
    assert own.refusal("http://127.0.0.1:4001/feeds/a")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://rss.example.org/f", "FEED_HOSTS=rss.example.org"),
        ("http://127.0.0.1:4000/f", "FEED_HOSTS=127.0.0.1:4000"),
        ("https://10.0.0.1/f", "at an address"),
        ("https://localhost/f", "at an address"),
        ("https://a:b@rss.example.org/f", "no URL of a feed"),
        ("file:///etc/passwd", "no URL of a feed"),
        ("x", "no URL of a feed"),
    ],
)
def test_other_feeds_are_refused_with_what_to_do(url: str, said: str) -> None:
    with pytest.raises(ArgumentError, match=said):
        allowing(POLICY, url, [])


def test_origins_are_written_once() -> None:
    assert origin_of("HTTPS://A.example.org:443/b?c#d") == "https://a.example.org"
    assert origin_of("http://[::1]:80/") == "http://[::1]"
    assert origin_of("ftp://a/") == origin_of("https://[::1") == origin_of("") == ""


# --- the spider ---------------------------------------------------------------------------------------------------

XML = "application/rss+xml; charset=utf-8"


def projected(database: Path) -> str:
    """What a database says, whenever it was derived."""
    with closing(sqlite3.connect(database)) as db:
        return projection_digest(db)


def test_a_feed_is_read_its_contents_stored_and_the_rest_left_pending(
    site: Site, fetch: Callable[..., Ended], rows: Rows, database: Path
) -> None:
    secret = "sEcReT0123456789"  # noqa: S105 - none
    site.answers["/robots.txt"] = Answer(body=b"User-agent: *\nDisallow: /s/\n", media_type="text/plain")
    body = rss(item(1, TEXT), item(2), f"<item><link>https://example.org/{secret[:3]}</link></item>")
    site.answers[f"/feed.xml?token={secret}"] = Answer(body=body, media_type=XML)
    words = ["-a", f"url=https://rss.example.org/feed.xml?token={secret}"]
    ended = fetch(*words, spider="feed")
    assert ended.code == 0, ended.err
    assert (ended.report["stored"], ended.report["listing"], ended.report["ignored"]) == (1, 1, 1)
    assert site.paths == ["/robots.txt", f"/feed.xml?token={secret}"], "the site of the articles is not asked"
    assert rows("SELECT url, state FROM frontier") == [(URL.format(2), "pending")]
    assert rows("SELECT evidence FROM articles") == [("feed",)]
    assert rows("SELECT key FROM missing") == [("short:AbCdEfGhIjKlMnOpQrStU2",)]
    again = fetch(*words, spider="feed")
    assert (again.report["seen_before"], again.report["stored"]) == (2, 0)
    assert secret not in ended.out + ended.err + again.err
    for file in database.parent.glob("articles.db*"):
        assert secret.encode() not in file.read_bytes()


def test_one_feed_that_fails_does_not_stop_the_next(site: Site, fetch: Callable[..., Ended], rows: Rows) -> None:
    site.answers["/broken"] = Answer(body=rss(item(1, TEXT))[:-60], media_type=XML)
    site.answers["/good"] = Answer(body=rss(item(2, TEXT)), media_type=XML)
    site.answers["/list"] = Answer(
        body=b'<opml><outline xmlUrl="https://rss.example.org/good"/><outline xmlUrl="https://evil.example.org/x"/></opml>'
    )
    urls = " ".join(f"https://rss.example.org/{name}" for name in ("gone", "broken", "list"))
    ended = fetch("-a", f"url={urls}", spider="feed")
    assert (ended.code, ended.report["failed"], ended.report["stored"]) == (5, 3, 1)
    for said in ("/gone: the site answered 404", "/broken: it is broken XML", "evil.example.org"):
        assert said in ended.err
    assert site.paths.count("/good") == 1
    assert rows("SELECT count(*) FROM frontier") == [(0,)]


def test_a_server_of_ones_own_is_asked_where_it_is_named(site: Site, fetch: Callable[..., Ended]) -> None:
    site.answers["/feeds/all.atom"] = Answer(body=ATOM, media_type="application/atom+xml")
    words = ["-a", f"url={site.url}/feeds/all.atom", "-s", "REPLAY_SERVER=", "-s", "CONTACT=me@example.org"]
    refused = fetch(*words, spider="feed")
    assert (refused.code, site.asked) == (2, [])
    assert "FEED_HOSTS=127.0.0.1:" in refused.err
    ended = fetch(*words, "-s", f"FEED_HOSTS={site.url.removeprefix('http://')}", spider="feed")
    assert (ended.code, ended.report["stored"]) == (0, 1), ended.err


def test_a_file_is_read_without_the_network_and_derived_again_from_its_entries(
    site: Site, fetch: Callable[..., Ended], rows: Rows, tmp_path: Path, database: Path
) -> None:
    (tmp_path / "feed.json").write_bytes(JSON_FEED)
    ended = fetch("-a", f"path={tmp_path / 'feed.json'}", spider="feed")
    assert (ended.code, ended.report["stored"], ended.err, site.asked) == (0, 1, "", [])
    assert rows("SELECT captured_at_source, outcome FROM captures ORDER BY uri") == [
        ("mtime", "listing"),
        ("mtime", "stored"),
    ]
    before = projected(database)
    again = subprocess.run(
        [*SCRAPY, "renormalize", "--jobs", "1", "-s", f"DATABASE={database}"],
        cwd=PROJECT,
        env=environment(),
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert (again.returncode, projected(database)) == (0, before), again.stderr
    for words in ([], ["-a", "path=/no/such/file"], ["-a", f"path={tmp_path / 'articles.db'}"]):
        assert fetch(*words, spider="feed").code == 2


def test_a_file_needs_no_contact_and_what_it_would_fetch_does(
    site: Site, fetch: Callable[..., Ended], tmp_path: Path
) -> None:
    """Nothing is asked for, so nobody need be able to answer; and nothing could be, whatever the file names."""
    (tmp_path / "feed.xml").write_bytes(rss(item(1, TEXT), item(2)))
    (tmp_path / "feeds.opml").write_text('<opml><body><outline xmlUrl="https://rss.example.org/f"/></body></opml>')
    nobody = ["-s", "REPLAY_SERVER="]
    ended = fetch("-a", f"path={tmp_path / 'feed.xml'}", *nobody, spider="feed")
    assert (ended.code, ended.report["stored"], ended.report["waiting"]) == (0, 1, 1), ended.err
    for words in (
        ["-a", f"path={tmp_path / 'feeds.opml'}"],
        ["-a", f"path={tmp_path / 'feed.xml'}", "-a", "fetch=yes"],
    ):
        ended = fetch(*words, *nobody, spider="feed")
        assert (ended.code, "CONTACT" in ended.err, site.asked) == (2, True, [])
