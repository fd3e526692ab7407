from __future__ import annotations

import codecs
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.items import Rejected
from crawler.pages.decode import decode, foreign_format, magics
from crawler.pages.document import Document, Limits
from tests.crawler.pages.making import capture

CHINESE = "沿着河堤走三里，有一座没有名字的桥。\n桥下的水很浅，孩子们在那里捉虾。\n"
CHANCE = random.Random(1).randbytes(3000)
TRADITIONAL = "沿著河堤走三里，有一座沒有名字的橋。\n橋下的水很淺，孩子們在那裡捉蝦。\n"


def document(content: bytes, **values: Any) -> Document:
    found = decode(capture(content, **values), Limits())
    assert isinstance(found, Document), found
    return found


def reason(content: bytes, limits: Limits | None = None) -> str:
    found = decode(capture(content), limits or Limits())
    assert isinstance(found, Rejected), found
    assert found.detail
    return found.reason


@pytest.mark.parametrize(
    ("encoding", "text"),
    [("utf-8", CHINESE), ("utf-8-sig", CHINESE), ("gb18030", CHINESE), ("gbk", CHINESE), ("big5", TRADITIONAL),
     ("utf-16", CHINESE), ("utf-16-le", "abc\n" + CHINESE), ("utf-16-be", "abc\n" + CHINESE), ("utf-32", CHINESE)],
)  # fmt: skip
def test_reads_an_encoding_that_nothing_declares(encoding: str, text: str) -> None:
    read = document(text.encode(encoding))
    assert read.text == text
    assert read.warnings == []


@pytest.mark.parametrize("label", ["gb2312", "GBK", "gb18030"])
def test_a_declared_chinese_encoding_is_read_as_the_largest_of_them(label: str) -> None:
    page = f'<html><head><meta charset="{label}"></head><body>镕和㐂</body></html>'
    assert document(page.encode("gb18030")).text == page


def test_the_encoding_declared_by_the_container_is_used() -> None:
    assert document(TRADITIONAL.encode("big5"), media_type="text/plain; charset=big5").encoding == "big5hkscs"


def test_a_wrong_declaration_does_not_spoil_utf_8() -> None:
    page = f'<meta charset="gb2312">{CHINESE}'
    read = document(page.encode())
    assert (read.text, read.encoding) == (page, "utf-8")


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_character_cut_off_at_the_end_is_dropped_with_a_warning(encoding: str) -> None:
    read = document(CHINESE.strip().encode(encoding)[:-1])
    assert CHINESE.startswith(read.text)
    assert len(read.warnings) == 1


def test_a_few_broken_places_in_utf_8_are_replaced_with_a_warning() -> None:
    content = (CHINESE * 10).encode().replace("虾".encode(), b"\xff\xfe", 1)
    read = document(content)
    assert read.encoding == "utf-8"
    assert read.text.count("\ufffd") == 2
    assert read.warnings


def test_a_saved_http_header_is_no_text() -> None:
    assert document(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nabc").text == "abc"


@pytest.mark.parametrize(
    "content", [b"", b" \r\n\t", "\u3000\n\u200b".encode(), codecs.BOM_UTF8, codecs.BOM_UTF16_LE + b" \0"]
)
def test_nothing_to_see_is_empty(content: bytes) -> None:
    assert reason(content) == "empty"


@pytest.mark.parametrize("content", [b"\0" * 500, bytes(range(256)) * 8, CHANCE, b"abc\x01\x02\x03\x04" * 99])
def test_bytes_that_are_no_text_are_binary(content: bytes) -> None:
    assert reason(content) == "binary"


def test_more_than_the_limit_is_oversize_and_not_cut() -> None:
    assert reason(b"abcd", Limits(max_bytes=3)) == "oversize"


@pytest.mark.parametrize("magic", magics(), ids=lambda magic: magic.name)
def test_every_foreign_format_is_told_with_advice(magic: Any) -> None:
    for start in magic.starts:
        content = b"\0" * magic.offset + start + b"...." + magic.contains + b"...."
        found = decode(capture(content), Limits())
        assert isinstance(found, Rejected)
        assert found.reason == "foreign"
        assert magic.advice in found.detail


@pytest.mark.parametrize("text", ["RIFF 是一种格式", "ID3 决策树", "BZh 是谁", "MZ 世代", "PK 赛开始了"])
def test_text_that_begins_like_a_format_is_text(text: str) -> None:
    assert foreign_format(text.encode()) is None


@given(st.text(min_size=1).filter(lambda text: text.strip()))
def test_utf_8_is_read_back_or_refused_for_its_controls(text: str) -> None:
    utf8 = text.replace("\0", "").encode("utf-8", "replace")  # every other byte zero would be UTF-16
    found = decode(capture(utf8), Limits())
    if isinstance(found, Document):
        assert found.text.lstrip("\ufeff") == utf8.decode().lstrip("\ufeff")
    else:
        assert found.reason in ("empty", "binary", "foreign")


@given(st.binary(max_size=300))
def test_any_bytes_become_valid_utf_8_or_a_reason(content: bytes) -> None:
    found = decode(capture(content), Limits())
    if isinstance(found, Document):
        assert found.utf8.decode("utf-8") == found.text
    else:
        assert found.reason in ("empty", "binary", "foreign")
