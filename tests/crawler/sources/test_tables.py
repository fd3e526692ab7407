from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.sources import records, tables
from crawler.sources.limits import DamagedError
from crawler.sources.sniff import kind_of

LIMIT = 10_000


def rows(data: bytes, limit: int = LIMIT) -> list[dict[str, str | list[str]]]:
    return list(tables.rows(io.BufferedReader(io.BytesIO(data)), limit))


TEXT = '标题,正文\n甲,"一行\n又一行，""引"""\n乙,\n'
ROWS = [{"标题": "甲", "正文": '一行\n又一行，"引"'}, {"标题": "乙", "正文": ""}]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_encodings_of_spreadsheets(encoding: str) -> None:
    assert rows(TEXT.encode(encoding)) == ROWS


@pytest.mark.parametrize("delimiter", ["\t", ";"])
def test_delimiters(delimiter: str) -> None:
    assert rows(TEXT.replace(",", delimiter).encode()) == ROWS


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_line_above_the_header_may_tell_the_delimiter(delimiter: str) -> None:
    assert rows(f"sep={delimiter}\r\n{TEXT.replace(',', delimiter)}".encode()) == ROWS


def test_headers_that_are_empty_or_twice_get_names() -> None:
    assert rows(b"a,,a\n1,2,3\n") == [{"a": "1", "column_2": "2", "a_3": "3"}]


def test_a_header_over_two_lines() -> None:
    assert rows(b'"a\nb",c\n1,2\n') == [{"a\nb": "1", "c": "2"}]


def test_cells_beyond_the_header_are_kept_and_empty_rows_left_out() -> None:
    assert rows(b"a,b\n1,2,3,4\n,\n\n5\n") == [{"a": "1", "b": "2", "_more": ["3", "4"]}, {"a": "5"}]


def test_a_field_as_long_as_an_article() -> None:
    long = "文" * 200_000
    assert rows(f"a,b\n{long},1\n".encode(), 300_000) == [{"a": long, "b": "1"}]


@pytest.mark.parametrize("data", [b'a,b\n1,2\n"never closed' + b"\nx,y" * 5000, b"a,b\n1,2\n" + b"x" * 20_000])
def test_a_row_without_end_is_a_fault_of_its_number(data: bytes) -> None:
    found = tables.rows(io.BufferedReader(io.BytesIO(data)), LIMIT)
    assert next(found) == {"a": "1", "b": "2"}
    with pytest.raises(tables.TableError, match="row 2"):
        next(found)


@pytest.mark.parametrize("end", ['3,"4', '3,"4\n5\n', '"'])
def test_a_table_that_ends_inside_quotes_is_cut_off(end: str) -> None:
    found = tables.rows(io.BufferedReader(io.BytesIO(b"a,b\n1,2\n" + end.encode())), LIMIT)
    assert next(found) == {"a": "1", "b": "2"}
    with pytest.raises(tables.TableError, match="row 2") as raised:
        next(found)
    assert raised.value.is_cut_off


@pytest.mark.parametrize("end", ['3,"4"', '3,4"\n', '3,"4\n5"\n', '3"\n5,6'])
def test_quotes_that_are_no_end(end: str) -> None:
    assert len(rows(b"a,b\n1,2\n" + end.encode())) > 1


def test_a_damaged_character_is_replaced() -> None:
    assert rows(b"a,b\n" + "文".encode() * 30_000 + b"\xff,1\n", 200_000)[0]["b"] == "1"


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ("文字".encode(), "utf-8"),
        ("文字".encode()[:-1], "utf-8"),
        ("文字".encode("gbk"), "gb18030"),
        (b"\xef\xbb\xbfa", "utf-8-sig"),
        (b"\xff\xfea\x00", "utf-16"),
        (b"", "utf-8"),
    ],
)
def test_encoding_of(head: bytes, encoding: str) -> None:
    assert tables.encoding_of(head) == encoding


@given(st.binary(max_size=300))
def test_any_bytes_are_rows_or_a_fault(data: bytes) -> None:
    try:
        found = rows(data, 100)
    except tables.TableError:
        return
    assert all(isinstance(key, str) for row in found for key in row)


def array(data: bytes, limit: int = LIMIT) -> list[records.Record]:
    return list(records.array(io.BufferedReader(io.BytesIO(data)), (), limit))


def test_an_array_keeps_each_record_as_it_is_written() -> None:
    data = '\ufeff [ {"a": "[{\\"}]", "n": 1.50 } ,\n{"标题": "甲"} ]\n'.encode()
    assert [record.content for record in array(data)] == [b'{"a": "[{\\"}]", "n": 1.50 }', '{"标题": "甲"}'.encode()]


def test_an_array_in_gb18030() -> None:
    assert json.loads(array('[{"标题": "乗"}]'.encode("gb18030"))[0].content) == {"标题": "乗"}


def test_an_array_longer_than_what_is_read_at_a_time() -> None:
    given_records = [{"n": number, "text": "文" * 3000} for number in range(200)]
    data = json.dumps(given_records, ensure_ascii=False).encode()
    assert [json.loads(record.content) for record in array(data)] == given_records


def test_what_is_no_object_in_an_array_is_a_problem_of_its_own() -> None:
    found = array(b'[{"a": 1}, [2], {"a": 3}]')
    assert [record.problem and record.problem.reason for record in found] == [None, "corrupt", None]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'[{"a": 1}, {"a": 2', "truncated"),
        (b'[{"a": 1}', "truncated"),
        (b'[{"a": 1} {"a": 2}]', "corrupt"),
        (b'[{"a": 1}, {"a": "' + b"x" * 400_000 + b'"}]', "oversize"),
        (b'[{"a": 1}, ' + b'{"a":' * 1500, "corrupt"),
    ],
)
def test_an_array_that_ends_or_breaks_gives_what_is_before(data: bytes, reason: str) -> None:
    found = records.array(io.BufferedReader(io.BytesIO(data)), ("x",), LIMIT)
    assert next(found).content == b'{"a": 1}'
    with pytest.raises(DamagedError) as raised:
        list(found)
    assert (raised.value.problem.reason, raised.value.owner) == (reason, ("x",))


def test_a_record_over_the_limit_is_refused_and_the_next_read() -> None:
    found = array(b'[{"a": "' + b"x" * (LIMIT + 1) + b'"}, {"a": 2}]')
    assert [record.problem and record.problem.reason for record in found] == ["oversize", None]


def lines(data: bytes, limit: int = LIMIT) -> list[tuple[int, bytes | str]]:
    found = records.lines(io.BufferedReader(io.BytesIO(data)), limit)
    return [(record.number, record.problem.reason if record.problem else record.content) for record in found]


def test_lines_that_are_bad_do_not_stop_the_others() -> None:
    data = b'\xef\xbb\xbf{"a": 1}\r\n\nnot JSON\n[1]\n{"a": "' + b"x" * (LIMIT + 1) + b'"}\n{"a": 2}\n{"a": 3'
    assert lines(data) == [
        (1, b'{"a": 1}'),
        (3, "corrupt"),
        (4, "corrupt"),
        (5, "oversize"),
        (6, b'{"a": 2}'),
        (7, "truncated"),
    ]


def test_a_line_nested_too_deep_is_corrupt() -> None:
    assert lines(b'{"a":' * 2000 + b"1" + b"}" * 2000 + b"\n", 100_000)[0][1] == "corrupt"


@pytest.mark.parametrize("name", ["table.csv", "table.txt", "table", "table.txt.gz"])
@pytest.mark.parametrize("header", ["标题,公众号,发布时间,正文", "title\tcontent", '"标题";"正文";"备注"'])
def test_a_table_of_records_is_told_by_its_first_line(name: str, header: str) -> None:
    assert kind_of(f"{header}\n渡口,船,水,桥\n".encode(), name) == "table"


@pytest.mark.parametrize(
    "text",
    [
        "标题,正文\n",  # nothing follows
        "渡口的船,今天没有来\n河水涨了,桥也淹了\n",
        "标题：渡口的船\n正文：今天没有来\n",
        "标题,河,船,水,桥,正文\n渡口\n",
        "正文,正文\n渡口\n",
    ],
)
def test_a_text_is_no_table(text: str) -> None:
    assert kind_of(text.encode(), "table.txt") == "single"
