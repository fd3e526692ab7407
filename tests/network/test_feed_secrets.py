"""Keys of feeds: told from what is harmless, stored nowhere, sent where they belong."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from running import scrapy
from site_on_loopback import Answer, Site

from crawler.exits import ArgumentError
from crawler.network.feed_secrets import check_places, filled, secret_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from running import Ended

FEED = "https://rss.example.org/feed.xml?"
SECRET = "sEcReT0123456789"  # noqa: S105 - none


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("token=abcd", "token"),
        ("limit=20&access_token=aaaaaaaa", "access_token"),
        ("Api-Key=12345678", "Api-Key"),
        ("password=hunter", "password"),
        ("key=a1b2c3d4e5", "key"),
        ("key=ILoveMyOwnHub", "key"),
        ("code=5d41402abc4b2a76b9719d911017c592", "code"),
        ("x=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", "x"),
    ],
)
def test_a_secret_is_told(query: str, name: str) -> None:
    assert secret_in(FEED + query) == name


@pytest.mark.parametrize(
    "query",
    [
        "",
        "limit=20&mode=fulltext&sort=new",
        "key=title",
        "key=createdAt",
        "code=utf-8",
        "auth=no",
        "session=1",
        "hash=none",
        "__biz=MzAwMDAwMDAwMQ==",
        "id=5f3c2a1b9d8e7f6a5b4c3d2e",
        "uuid=123e4567-e89b-12d3-a456-426614174000",
        "q=%E9%9B%86%E5%B8%82&page=2",
        "token={TOKEN}&key={KEY}",
    ],
)
def test_what_is_harmless_is_no_secret(query: str) -> None:
    assert secret_in(FEED + query) is None


@given(st.text(max_size=60))
def test_no_url_makes_it_fail(text: str) -> None:
    secret_in(text)
    secret_in(FEED + text)


@given(st.text(min_size=1, max_size=40).filter(lambda text: text.strip() == text and text.isprintable()))
def test_what_is_filled_in_is_one_value_whatever_it_holds(value: str) -> None:
    url = filled(FEED + "limit=2&token={TOKEN}&x=1", "", {"FEED_TOKEN": value})
    assert dict(parse_qsl(urlsplit(url).query)) == {"limit": "2", "token": value, "x": "1"}


@pytest.mark.parametrize(
    "url",
    [
        "https://{HOST}/feed?x=1",
        "https://h/{KEY}/feed",
        FEED + "token={token}",
        FEED + "x={A",
        FEED + "x=A}",
        FEED + "x={}",
    ],
)
def test_a_place_is_the_value_of_a_parameter(url: str) -> None:
    with pytest.raises(ValueError, match="a place"):
        check_places(url)
    with pytest.raises(ArgumentError):
        filled(url, "", {"FEED_HOST": "x", "FEED_KEY": "x", "FEED_A": "x"})


def test_the_file_must_be_the_owners_own_and_what_it_should_be(tmp_path: Path) -> None:
    file = tmp_path / "credentials.toml"
    url = FEED + "token={TOKEN}"
    file.write_text(f'[feed]\nTOKEN = "{SECRET}"\n')
    file.chmod(0o644)
    with pytest.raises(ArgumentError, match="chmod 600"):
        filled(url, str(file), {})
    file.chmod(0o600)
    assert filled(url, str(file), {}) == FEED + f"token={SECRET}"
    for text, said in (
        ("[feed]\n", "there is no value for {TOKEN}"),
        ('feed = "x"', "no table"),
        ('x = "1"', "none of"),
    ):
        file.write_text(text)
        with pytest.raises(ArgumentError, match=said):
            filled(url, str(file), {})


def source(database: Path, *words: str) -> Ended:
    return scrapy("source", *words, "-s", f"DATABASE={database}")


def test_a_url_with_a_secret_is_refused_and_says_what_to_do(tmp_path: Path) -> None:
    database = tmp_path / "articles.db"
    ended = source(database, "add", "feed", f"{FEED}token={SECRET}")
    assert (ended.code, "{KEY}" in ended.err, SECRET in ended.out + ended.err) == (2, True, False), ended.err
    assert source(database, "add", "feed", FEED + "limit=20&key=title").code == 0
    assert source(database, "add", "feed", FEED + "token={TOKEN}").code == 0


def test_what_an_older_release_stored_is_not_printed(tmp_path: Path) -> None:
    database = tmp_path / "articles.db"
    assert source(database, "add", "feed", FEED + "x=1").code == 0
    with closing(sqlite3.connect(database)) as db, db:
        db.execute("UPDATE sources SET target = ?", (f"{FEED}token={SECRET}",))
    for words in (["source", "list"], ["source", "list", "--json"], ["schedule"], ["schedule", "--json"], ["doctor"]):
        ended = scrapy(*words, "-s", f"DATABASE={database}")
        assert SECRET not in ended.out + ended.err, words
    assert "holds a secret" in scrapy("schedule", "-s", f"DATABASE={database}").out


def test_the_key_is_sent_and_stands_nowhere_else(
    site: Site, fetch: Callable[..., Ended], database: Path, tmp_path: Path
) -> None:
    body = b'{"version": "https://jsonfeed.org/version/1.1", "items": []}'
    site.answers[f"/feed.xml?token={SECRET}"] = Answer(body=body, media_type="application/feed+json")
    file = tmp_path / "credentials.toml"
    file.write_text(f'[feed]\nTOKEN = "{SECRET}"\n')
    file.chmod(0o600)
    assert source(database, "add", "feed", FEED + "token={TOKEN}").code == 0
    log = tmp_path / "log"
    words = ["-s", f"CREDENTIALS={file}", "-s", f"LOG_FILE={log}", "-s", "LOG_LEVEL=DEBUG"]
    ended = fetch(*words, spider="due")
    assert (ended.code, site.paths) == (0, ["/robots.txt", f"/feed.xml?token={SECRET}"]), ended.err
    url = FEED + "token={TOKEN}"
    by_environment = fetch("-a", f"url={url}", spider="feed", FEED_TOKEN=SECRET)
    missing = fetch("-a", f"url={url}", spider="feed")
    assert (by_environment.code, missing.code, "FEED_TOKEN" in missing.err) == (0, 5, True), missing.err
    printed = scrapy("schedule", "-s", f"DATABASE={database}", "-s", f"CREDENTIALS={file}").out
    assert f"CREDENTIALS={file}" in printed
    dump = scrapy("export", "--tables", tmp_path / "tables", "--format", "csv", "-s", f"DATABASE={database}")
    assert json.loads(dump.out)
    said = ended.out + ended.err + by_environment.err + missing.err + printed
    for place in (database, log, *(tmp_path / "tables").rglob("*.csv")):
        assert SECRET.encode() not in place.read_bytes()
    assert SECRET not in said
