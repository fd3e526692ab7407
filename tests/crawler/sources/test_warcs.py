from __future__ import annotations

import gzip
import io
import zlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from crawler.sources.containers import Member, members
from crawler.sources.limits import SourceLimits

if TYPE_CHECKING:
    from crawler.items import Ignored

PAGE = "<html>正文</html>".encode()
URL = "https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv"
SMALL = SourceLimits(max_bytes=5000, max_total=2**30)


def record(
    body: bytes = PAGE, *, kind: str = "response", status: str = "200 OK", url: str = URL, more: str = "", **fields: str
) -> bytes:
    """One uncompressed record; `more` are HTTP header lines, `fields` those of the record."""
    http = f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\n{more}\r\n".encode()
    block = http + body if kind == "response" else body
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2020-02-28T12:34:56Z\r\n"
    head += "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in fields.items())
    return head.encode() + f"Content-Length: {len(block)}\r\n\r\n".encode() + block + b"\r\n\r\n"


def read(data: bytes, limits: SourceLimits | None = None) -> list[Member | Ignored]:
    return list(members(io.BytesIO(data), "a.warc", limits))


def pages(data: bytes, limits: SourceLimits | None = None) -> list[Member]:
    return [member for member in read(data, limits) if isinstance(member, Member)]


def test_a_response_is_a_page_with_its_url_and_time() -> None:
    (page,) = pages(record())
    assert page == Member(
        path=("0",),
        content=PAGE,
        kind="response",
        captured_at=datetime(2020, 2, 28, 12, 34, 56, tzinfo=UTC),
        url=URL,
        media_type="text/html",
    )


def test_other_records_are_counted() -> None:
    data = b"".join(
        [
            record(kind="warcinfo", url=""),
            record(kind="request"),
            record(kind="revisit"),
            record(status="404 Not Found"),
            record(status="302 Found"),
            record(url="dns:mp.weixin.qq.com"),
            record().replace(b"text/html; charset=utf-8", b"image/webp".ljust(24)),
            record(),
        ]
    )
    found = read(data)
    assert [type(member).__name__ for member in found] == ["Ignored"] * 7 + ["Member"]


def test_resources_are_pages() -> None:
    (page,) = pages(record(kind="resource", Content_Type="text/html"))
    assert (page.content, page.media_type) == (PAGE, "text/html")


def test_offsets_are_those_of_the_records() -> None:
    one, two = record(), record(PAGE * 2)
    assert [page.path for page in pages(one + two)] == [("0",), (str(len(one)),)]
    first = gzip.compress(one)
    assert [page.path for page in pages(first + gzip.compress(two))] == [("0",), (str(len(first)),)]
    # All records in one gzip member: only the unpacked bytes have offsets.
    assert [page.path for page in pages(gzip.compress(one + two))] == [("0",), (str(len(one)),)]


def test_an_archive_is_read_as_warcio_reads_it() -> None:
    data = b"".join(
        gzip.compress(record(PAGE * number, kind=kind, url=f"https://mp.weixin.qq.com/s/{number}"))
        for number, kind in enumerate(["warcinfo", "response", "request", "response", "resource"])
    )
    archive = ArchiveIterator(io.BytesIO(data))
    expected = []
    for entry in archive:
        content = entry.content_stream().read()
        if entry.rec_type in {"response", "resource"}:
            offset = str(archive.get_record_offset())
            expected.append(((offset,), entry.rec_headers["WARC-Target-URI"], content))
    assert [(page.path, page.url, page.content) for page in pages(data)] == expected


def chunked(body: bytes) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:5], body[5:])) + b"0\r\n\r\n"


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzip.compress(PAGE)),
        ("gzip", PAGE),  # decoded by whoever wrote the archive
        ("br", brotli.compress(PAGE)),
        ("br", PAGE),
        ("zstd", zstandard.compress(PAGE)),
        ("deflate", zlib.compress(PAGE)),
        ("deflate", raw_deflate(PAGE)),
        ("deflate", PAGE),
        ("identity", PAGE),
    ],
)
def test_content_encodings_are_undone(coding: str, body: bytes) -> None:
    assert pages(record(body, more=f"Content-Encoding: {coding}\r\n"))[0].content == PAGE
    more = f"Content-Encoding: {coding}\r\nTransfer-Encoding: chunked\r\n"
    assert pages(record(chunked(body), more=more))[0].content == PAGE


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzip.compress(b" " * 400_000)),
        ("br", brotli.compress(b" " * 400_000)),
        ("zstd", zstandard.compress(b" " * 400_000)),
        ("deflate", zlib.compress(b" " * 400_000)),
        ("identity", b" " * 5001),
    ],
)
def test_a_body_over_the_limit_is_refused_and_the_next_read(coding: str, body: bytes) -> None:
    found = pages(record(body, more=f"Content-Encoding: {coding}\r\n") + record(), SMALL)
    assert [page.problem.reason if page.problem else page.content for page in found] == ["oversize", PAGE]


def test_a_record_over_the_limit_is_passed_over() -> None:
    found = pages(record(b" " * 2_000_000) + record(), SMALL)
    assert [page.problem.reason if page.problem else page.content for page in found] == ["oversize", PAGE]


def test_a_cut_off_body_is_no_page() -> None:
    broken = record(gzip.compress(PAGE)[:-4], more="Content-Encoding: gzip\r\n")
    short = record(WARC_Truncated="length")
    found = pages(broken + short + record())
    assert [page.problem.reason if page.problem else page.content for page in found] == ["corrupt", "truncated", PAGE]


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_an_archive_cut_off_gives_its_pages_and_one_rejection(pack: object) -> None:
    whole: bytes = pack(record()) + pack(record(bytes(range(256)) * 9))  # type: ignore[operator]
    first, last = pages(whole[:-40])
    assert first.content == PAGE
    assert last.problem is not None
    assert (last.path, last.problem.reason) == ((), "truncated")


@pytest.mark.parametrize(
    "rest",
    [
        b"garbage\r\n",
        b"WARC/1.0\r\nWARC-Type: response\r\n\r\n",
        b"WARC/1.0\r\nContent-Length: -1\r\n\r\n",
        b"WARC/1.0\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n",
        b"WARC/1.0\r\nX: " + b"y" * 100_000 + b"\r\n",
        b"WARC/1.0\r\n" + b"X: y\r\n" * 300,
    ],
)
def test_damaged_heads_end_the_archive(rest: bytes) -> None:
    first, last = pages(record() + rest)
    assert first.content == PAGE
    assert last.problem is not None
    assert last.problem.reason == "corrupt"


@pytest.mark.parametrize("date", ["", "yesterday", "99999-01-01"])
def test_a_time_that_is_none(date: str) -> None:
    (page,) = pages(record().replace(b"2020-02-28T12:34:56Z", date.encode()))
    assert page.captured_at is None


def test_a_status_that_is_none_is_corrupt() -> None:
    (page,) = pages(record(status="two hundred"))
    assert page.problem is not None
    assert page.problem.reason == "corrupt"


@given(st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), max_size=10), st.booleans())
def test_damaged_archives_never_raise(changes: list[tuple[int, int]], is_packed: bool) -> None:
    data = bytearray(record() + record(chunked(PAGE), more="Transfer-Encoding: chunked\r\n"))
    if is_packed:
        data = bytearray(gzip.compress(bytes(data), mtime=0))
    for at, value in changes:
        data[at % len(data)] = value
    assert read(bytes(data), SMALL)
