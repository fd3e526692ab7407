from __future__ import annotations

from pathlib import Path

import pytest

from crawler.items import Article, Rejected
from crawler.times import utc_text
from tests.crawler.pages.making import reading

ARCHIVE = (Path(__file__).parents[3] / "fixtures" / "mhtml" / "blink.mhtml").read_bytes()


def test_the_archives_own_url_and_time_are_used() -> None:
    read = reading(ARCHIVE)
    assert isinstance(read.found, Article)
    assert read.capture.url == "https://mp.weixin.qq.com/s/BvCxZaQwErTyUiOpLkJhGf"
    assert read.captured_at is not None
    assert (utc_text(read.captured_at), read.captured_at_source) == ("2023-01-19T02:15:00Z", "page")
    assert read.media_type == "multipart/related"


def test_the_page_that_the_archive_is_of_is_read_wherever_it_stands() -> None:
    other = b"\r\nContent-Type: text/html\r\nContent-Location: https://example.org/frame\r\n\r\n<p>frame</p>\r\n"
    boundary = ARCHIVE.split(b'boundary="')[1].split(b'"')[0]
    first = ARCHIVE.index(b"--" + boundary)
    moved = ARCHIVE[:first] + b"--" + boundary + other + ARCHIVE[first:]
    assert isinstance(reading(moved).found, Article)


HEAD = b"MIME-Version: 1.0\nContent-Type: multipart/related"


@pytest.mark.parametrize(
    "content",
    [
        HEAD + b'; boundary="x"\n\n--x\nContent-Type: text/css\n\na{}\n--x--\n',
        HEAD + b'; boundary="x"\n\n',
        HEAD + b"\n\nno boundary",
        HEAD + b'; boundary="x"\n\n--x\nContent-Type: text/html\n\n\n--x--\n',
    ],
)
def test_an_archive_without_a_page_is_rejected(content: bytes) -> None:
    found = reading(content).found
    assert isinstance(found, Rejected)
    assert found.reason in ("corrupt", "empty")


@pytest.mark.parametrize("cut", range(0, len(ARCHIVE), 97))
def test_a_cut_off_archive_is_read_or_refused(cut: int) -> None:
    found = reading(ARCHIVE[:cut]).found
    assert getattr(found, "reason", None) != "reader_error", found
