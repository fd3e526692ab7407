from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

import pytest

from crawler.sources import sidecar
from crawler.sources.sidecar import Sidecar, SidecarRow, read_sidecar

if TYPE_CHECKING:
    from pathlib import Path

ROW = SidecarRow(
    file="2020/a.html", url="https://mp.weixin.qq.com/s/x", title="题", account="甲", published="2020-02-28 07:30"
)
HEADERS = ["文件名", "原文链接", "文章名", "公众号", "发布时间"]
CELLS = ["2020/a.html", "https://mp.weixin.qq.com/s/x", "题", "甲", "2020-02-28 07:30"]


def table(tmp_path: Path, content: str, name: str = "meta.csv", encoding: str = "utf-8") -> Sidecar:
    path = tmp_path / name
    path.write_text(content, encoding=encoding)
    return read_sidecar(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_tables(tmp_path: Path, encoding: str, delimiter: str) -> None:
    content = "\r\n".join(delimiter.join(cells) for cells in (HEADERS, CELLS))
    assert table(tmp_path, content, encoding=encoding).row_of("2020/a.html") == ROW


@pytest.mark.parametrize(
    "content",
    [
        json.dumps([dict(zip(HEADERS, CELLS, strict=True))]),
        json.dumps({CELLS[0]: dict(zip(HEADERS[1:], CELLS[1:], strict=True))}),
        json.dumps(dict(zip(HEADERS, CELLS, strict=True))) + "\n" + json.dumps({"file": "b.html", "title": "二"}),
        "\ufeff" + json.dumps(dict(zip(HEADERS, CELLS, strict=True))),
    ],
    ids=["array", "by file", "lines", "one"],
)
def test_json(tmp_path: Path, content: str) -> None:
    assert table(tmp_path, content, "meta.json").row_of("2020/a.html") == ROW


@pytest.mark.parametrize(
    "headers",
    [
        ["file", "url", "title", "account", "published_at"],
        ["File Name", "Source-URL", "TITLE", "nickname", "publish time"],
        ["文件", "链接", "标题", "公众号名称", "发布日期"],
    ],
)
def test_names_of_columns(tmp_path: Path, headers: list[str]) -> None:
    assert table(tmp_path, ",".join(headers) + "\n" + ",".join(CELLS)).row_of("2020/a.html") == ROW


def test_numbers_of_json_are_as_written(tmp_path: Path) -> None:
    row = table(tmp_path, '[{"file": "a", "date": 1582848000, "title": null}]', "m.json").row_of("a.html")
    assert row == SidecarRow(file="a", published="1582848000")


@pytest.mark.parametrize(
    "path", ["2020/a.html", "x/2020/a.html", "2020/a.txt", "2020/a.html.gz", "2020/A.html", "a.html"]
)
def test_paths_names_and_stems_that_are_found(path: str) -> None:
    assert Sidecar([ROW]).row_of(path) == ROW


@pytest.mark.parametrize("path", ["2019/a.html", "b.html", "a/b", ""])
def test_paths_that_are_not(path: str) -> None:
    assert Sidecar([ROW]).row_of(path) is None


@pytest.mark.parametrize("file", ["a.html", "./a.html", "x\\a.html", "x/a.html", "a", "A.HTML"])
def test_how_rows_may_name_a_file(file: str) -> None:
    row = SidecarRow(file=file, title="题")
    assert Sidecar([row]).row_of("x/a.html") == row


def test_the_row_that_names_most_of_the_path_goes_first() -> None:
    rows = [
        SidecarRow(file="a.html", title="一"),
        SidecarRow(file="x/a.html", title="二"),
        SidecarRow(file="a", title="三"),
    ]
    assert Sidecar(rows).row_of("x/a.html") == rows[1]
    assert Sidecar(rows).row_of("y/a.html") == rows[0]
    assert Sidecar(rows).row_of("y/a.txt") is None


def test_different_rows_about_one_file_are_not_used_and_said_once(caplog: pytest.LogCaptureFixture) -> None:
    rows = [SidecarRow(file="a.html", title="一"), SidecarRow(file="a.html", title="二")]
    found = Sidecar(rows)
    with caplog.at_level(logging.WARNING):
        assert found.row_of("a.html") is None
        assert found.row_of("a.html") is None
    assert [record.message for record in caplog.records] == [
        "sidecar: 2 different rows are about a.html; none of them is used"
    ]


def test_equal_rows_about_one_file_are_one() -> None:
    rows = [SidecarRow(file="a.html", title="一"), SidecarRow(file="a.html", title="一")]
    assert Sidecar(rows).row_of("a.html") == rows[0]


def test_without_a_column_for_files_the_title_is_the_name(tmp_path: Path) -> None:
    found = table(tmp_path, "标题,公众号\n春天/来了,甲\n")
    assert found.row_of("春天_来了.txt") == SidecarRow(file="春天_来了", title="春天/来了", account="甲")


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        ("", "m.csv", "has no rows"),
        ("file,title\n", "m.csv", "has no rows"),
        ("a,b\n1,2\n", "m.csv", "no column that names the file; it may be called one of: file"),
        ("[1, 2]", "m.json", "no array of objects"),
        ('{"file": ', "m.json", "cannot be read"),
        ("[" * 100_000, "m.json", "cannot be read"),
        ('file,title\n"never closed' + "x" * 1_100_000, "m.csv", "row 1"),
    ],
)
def test_a_table_that_cannot_be_used_says_why(tmp_path: Path, content: str, name: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        table(tmp_path, content, name)


def test_a_table_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="cannot be read: No such file"):
        read_sidecar(tmp_path / "m.csv")


def test_a_table_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sidecar, "_MAX_BYTES", 3)
    with pytest.raises(ValueError, match="larger than"):
        table(tmp_path, "file,title\na,b\n")
