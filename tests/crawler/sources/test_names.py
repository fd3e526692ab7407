from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.sources import names, tars, zips
from crawler.sources.sniff import kind_of


@pytest.mark.parametrize(
    "name",
    [
        ".DS_Store", "._a.html", "a.PNG", "b.jpeg", "c.css", "d.js", "e.woff2", "f.mp3", "g.mp4", "h.expected.json",
        "articles.db", "articles.db-wal", "articles.db.lock", "Thumbs.db", "desktop.ini",
    ],
)  # fmt: skip
def test_ignored_files(name: str) -> None:
    assert names.is_ignored_file(name)


@pytest.mark.parametrize(
    "name", ["a.html", "db", "notes.dba.txt", "png", "a.png.html", "a.json", "expected.json", "a.pdf"]
)
def test_files_that_are_read(name: str) -> None:
    assert not names.is_ignored_file(name)


def test_a_folder_is_ignored_by_its_name_alone() -> None:
    assert names.is_ignored_folder(".git")
    assert names.is_ignored_folder("__MACOSX")
    assert not names.is_ignored_folder("Node.js")


def test_a_page_and_its_folder_belong_together() -> None:
    assert names.is_ignored_path("x/a_files/b.html", {"x/a"})
    assert not names.is_ignored_path("x/a_files/b.html", {"a"})
    assert not names.is_ignored_path("x/_files/b.html", {"x/"})
    assert names.is_ignored_path("a.files/b.html", {"a"})


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("文章/标题.html".encode(), "文章/标题.html"),
        ("文章/标题.html".encode("gbk"), "文章/标题.html"),
        ("文章/標題.html".encode("gb18030"), "文章/標題.html"),
        (b"plain.html", "plain.html"),
        (b"\xff\xff.txt", "\xa0\xa0.txt"),
    ],
)
def test_names_without_an_encoding_are_recovered(raw: bytes, name: str) -> None:
    assert names.recovered(raw) == name


def test_a_zip_of_chinese_windows_shows_its_names() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("??????.html", b"x")
    data = out.getvalue().replace(b"??????", "标题甲".encode("gbk"))
    assert [entry.name for entry in zips.entries(io.BytesIO(data))] == ["标题甲.html"]


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("a\\b.html", "a/b.html"),
        ("../../etc/passwd", "../../etc/passwd"),
        ("a\nb\x1b[31m.html", "a b[31m.html"),
        ("", "-"),
        ("\udcff.html", "\ufffd.html"),
        ("a" * 5000, "a" * 1024),
    ],
)
def test_labels(given_name: str, shown: str) -> None:
    assert names.label(given_name) == shown


@given(st.text())
def test_labels_can_be_stored_and_shown_on_one_line(name: str) -> None:
    shown = names.label(name)
    assert shown
    assert shown.encode("utf-8")
    assert len(shown.splitlines()) <= 1 or not {"\n", "\r", "\x00"} & set(shown)
    assert names.label(shown) == shown


def test_member_uris_escape_what_would_part_them() -> None:
    assert names.member_uri("file:///a.zip", ("b!/c d.html", "3")) == "file:///a.zip!/b%21/c%20d.html!/3"
    assert names.member_uri("file:///a.html", ()) == "file:///a.html"


@pytest.mark.parametrize(
    ("path", "stem"),
    [
        ("a/b.html", "a/b"), ("a/b.html.gz", "a/b"), ("a/3.15 晚会", "a/3.15 晚会"), ("版本 2.0", "版本 2.0"),
        ("a.HTML", "a"), ("x/.html", "x/.html"), ("a.gz", "a"), ("a.txt.txt", "a.txt"),
    ],
)  # fmt: skip
def test_stem(path: str, stem: str) -> None:
    assert names.stem(path) == stem


def test_page_stem() -> None:
    assert names.page_stem("a.HTM") == "a"
    assert names.page_stem("a.txt") is None


@pytest.mark.parametrize("media_type", ["image/webp", "text/css", "application/javascript", "font/woff2", "video/mp4"])
def test_media_types_that_are_no_captures(media_type: str) -> None:
    assert names.is_ignored_media_type(media_type)


def test_media_types_that_are() -> None:
    assert not names.is_ignored_media_type("text/html")
    assert not names.is_ignored_media_type("application/json")


@pytest.mark.parametrize(
    ("head", "name", "kind"),
    [
        (b"\x1f\x8b\x08\x00", "a.html", "gzip"),
        (b"\x28\xb5\x2f\xfd", "a", "zstd"),
        (b"\x50\x2a\x4d\x18\x04", "a", "zstd"),
        (b"PK\x03\x04", "a.txt", "zip"),
        (b"\xef\xbb\xbf  [ {", "a", "json_array"),
        (b'{"a"', "a.json", "json"),
        (b'{"a"', "a.jsonl.gz", "json_lines"),
        (b"a,b\n1,2", "A.CSV", "table"),
        (b"a\tb\n1\t2", "a.tsv.zst", "table"),
        (b"prose only\nmore, of it", "a.csv", "single"),
        (b"<html>a,b", "a.csv", "single"),
        (b"a,\x00", "a.csv", "single"),
        (b"\xff\xfea\x00\t\x00", "a.csv", "table"),
        (b"a,b\n", "a.txt", "single"),
        (b"\r\nWARC/1.0\r\n", "a", "warc"),
        (b"", "a.csv", "single"),
    ],
)
def test_kinds_are_told_from_bytes(head: bytes, name: str, kind: str) -> None:
    assert kind_of(head, name) == kind


def old_tar() -> bytes:
    """A header as before POSIX: no magic, only a checksum."""
    block = bytearray(512)
    block[:5] = b"a.txt"
    block[100:136] = b"000644 \x00000000 \x00000000 \x0000000000003 "
    block[136:148] = b"00000000000 "
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\x00 " % sum(block)
    return bytes(block) + b"abc".ljust(512, b"\x00") + b"\x00" * 1024


def test_an_old_tar_is_told_by_its_checksum() -> None:
    assert kind_of(old_tar(), "a") == "tar"
    found = [
        (entry.name, entry.content.read(10), entry.modified)
        for entry in tars.entries(io.BytesIO(old_tar()), ())
        if entry
    ]
    assert found == [("a.txt", b"abc", None)]
    assert kind_of(b"a" * 512, "a.tar") == "single"
