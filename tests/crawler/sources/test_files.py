"""From what a user names to captures: order, names, URIs, times, hints, and what cannot be read."""

from __future__ import annotations

import gzip
import io
import os
import sys
import tracemalloc
import zipfile
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Literal

import pytest

from crawler.items import NO_HINTS, Capture, FileSeen, Hints, Ignored
from crawler.sources import FileSource, SourceLimits, captures

if TYPE_CHECKING:
    from pathlib import Path

PAGE = "<html>正文</html>".encode()
MODIFIED = datetime(2020, 2, 28, 12, 34, 56, tzinfo=UTC)


def put(path: Path, content: bytes = PAGE) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (MODIFIED.timestamp(), MODIFIED.timestamp()))
    return path


def zipped(files: dict[str, bytes], moment: tuple[int, int, int, int, int, int] = (1980, 1, 1, 0, 0, 0)) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, moment), content)
    return out.getvalue()


def read(*paths: Path, **options: Any) -> list[Capture | FileSeen | Ignored]:
    return list(FileSource(list(paths), **options))


def captured(*paths: Path, **options: Any) -> list[Capture]:
    return [found for found in read(*paths, **options) if isinstance(found, Capture)]


def test_a_file_is_a_capture_and_then_seen(tmp_path: Path) -> None:
    path = put(tmp_path / "文 a#1.html")
    uri = path.as_uri()
    status = path.stat()
    assert read(path) == [
        Capture(
            uri=uri,
            name="文 a#1.html",
            content=PAGE,
            captured_at=MODIFIED,
            captured_at_source="mtime",
            file_uri=uri,
        ),
        FileSeen(uri=uri, size=len(PAGE), mtime_ns=status.st_mtime_ns, captures=1),
    ]


def test_a_folder_gives_its_files_in_order_with_names_relative_to_it(tmp_path: Path) -> None:
    for name in ("b/2.html", "a.html", "b/1.png", "b.html"):
        put(tmp_path / name)
    found = read(tmp_path)
    assert [type(entry).__name__ for entry in found] == ["Capture", "FileSeen"] * 2 + [
        "Ignored",
        "Capture",
        "FileSeen",
    ]
    assert [entry.name for entry in found if isinstance(entry, Capture)] == ["a.html", "b.html", "b/2.html"]
    assert FileSource([tmp_path]).total() == 3


def test_members_have_names_uris_and_counts(tmp_path: Path) -> None:
    path = put(tmp_path / "x/a.zip", zipped({"甲/b c.html": PAGE, "d.jsonl": b"{}\n{}\n", "e.png": b"x"}))
    *found, seen = read(tmp_path)
    assert [(entry.uri.removeprefix(path.as_uri()), entry.name) for entry in found if isinstance(entry, Capture)] == [
        ("!/%E7%94%B2/b%20c.html", "x/a.zip!/甲/b c.html"),
        ("!/d.jsonl!/1", "x/a.zip!/d.jsonl!/1"),
        ("!/d.jsonl!/2", "x/a.zip!/d.jsonl!/2"),
    ]
    assert isinstance(seen, FileSeen)
    assert (seen.captures, seen.ignored) == (3, 1)
    assert {entry.file_uri for entry in found if isinstance(entry, Capture)} == {path.as_uri()}


def test_a_known_file_is_not_opened_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put(tmp_path / "a.html")
    status = path.stat()
    asked = []

    def known(uri: str, size: int, mtime_ns: int) -> int:
        asked.append((uri, size, mtime_ns))
        return 7

    monkeypatch.setattr(captures, "_opener", None)
    expected = FileSeen(uri=path.as_uri(), size=status.st_size, mtime_ns=status.st_mtime_ns, captures=7, again=True)
    assert read(path, known=known) == [expected]
    assert asked == [(path.as_uri(), status.st_size, status.st_mtime_ns)]


def test_times_of_members(tmp_path: Path) -> None:
    early = put(tmp_path / "early.zip", zipped({"a.html": PAGE}, (2019, 3, 1, 8, 30, 0)))
    unset = put(tmp_path / "unset.zip", zipped({"a.html": PAGE}))
    late = put(tmp_path / "late.zip", zipped({"a.html": PAGE}, (2024, 1, 1, 0, 0, 0)))
    assert [capture.captured_at for capture in captured(early, unset, late)] == [
        datetime(2019, 3, 1, 0, 30, tzinfo=UTC),
        MODIFIED,
        MODIFIED,
    ]


def test_a_web_archive_tells_url_and_time(tmp_path: Path) -> None:
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE
    record = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Date: 2021-01-02T03:04:05Z\r\n"
        "WARC-Target-URI: https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv?pass_ticket=secret&scene=1\r\n"
        f"Content-Length: {len(http)}\r\n\r\n"
    ).encode() + http + b"\r\n\r\n"  # fmt: skip
    (found,) = captured(put(tmp_path / "a.warc.gz", gzip.compress(record)))
    assert found.url == "https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv?scene=1"
    assert (found.captured_at, found.captured_at_source) == (datetime(2021, 1, 2, 3, 4, 5, tzinfo=UTC), "warc")
    assert found.media_type == "text/html"
    assert found.uri.endswith("a.warc.gz!/0")


def test_the_layout_reads_paths(tmp_path: Path) -> None:
    put(tmp_path / "2020/甲/2020-02-28 - 题.txt")
    put(tmp_path / "2020/甲.zip", zipped({"2020-02-29 - 二.txt": PAGE}))
    put(tmp_path / "2020/乙/2020-03-01 - x.jsonl", b"{}\n{}\n")
    put(tmp_path / "other.txt")
    found = {capture.name: capture.hints for capture in captured(tmp_path, layout="{year}/{account}/{date} - {title}")}
    path: tuple[tuple[str, Literal["path"]], ...] = (("title", "path"), ("account", "path"), ("published", "path"))
    assert found == {
        "2020/甲/2020-02-28 - 题.txt": Hints(title="题", account="甲", published="2020-02-28", sources=path),
        "2020/甲.zip!/2020-02-29 - 二.txt": Hints(title="二", account="甲", published="2020-02-29", sources=path),
        "2020/乙/2020-03-01 - x.jsonl!/1": Hints(account="乙", sources=(("account", "path"),)),
        "2020/乙/2020-03-01 - x.jsonl!/2": Hints(account="乙", sources=(("account", "path"),)),
        "other.txt": NO_HINTS,
    }  # fmt: skip


def test_the_sidecar_wins_over_the_path_and_is_no_capture(tmp_path: Path) -> None:
    put(tmp_path / "in/甲/题.txt")
    put(tmp_path / "in/b.zip", zipped({"c/d.txt": PAGE}))
    sidecar = put(tmp_path / "in/meta.csv", "文件,标题,发布时间\n题.txt,春天,2020-02-28\nc/d.txt,二,\n".encode())
    found = {
        capture.name: capture.hints
        for capture in captured(tmp_path / "in", layout="{account}/{title}", sidecar=sidecar)
    }
    assert found == {
        "甲/题.txt": Hints(
            title="春天",
            account="甲",
            published="2020-02-28",
            sources=(("title", "sidecar"), ("account", "path"), ("published", "sidecar")),
        ),
        "b.zip!/c/d.txt": Hints(title="二", account="c", sources=(("title", "sidecar"), ("account", "path"))),
    }


def test_a_list_names_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "work/x/a.html")
    put(tmp_path / "lists/b.html")
    put(tmp_path / "far/c.html")
    put(tmp_path / "first.html")
    lines = ["\ufeffx/a.html", "", "b.html\r", str(tmp_path / "far"), str(tmp_path / "far/c.html"), "gone.html"]
    listed = put(tmp_path / "lists/list.txt", "\n".join(lines).encode())
    monkeypatch.chdir(tmp_path / "work")
    source = FileSource([tmp_path / "first.html"], list_file=listed)
    found = [entry for entry in source if isinstance(entry, Capture)]
    assert [capture.name for capture in found] == ["first.html", "x/a.html", "b.html", "c.html", "c.html", "gone.html"]
    assert found[-1].problem is not None
    assert (found[-1].problem.reason, found[-1].content) == ("unreadable", b"")
    assert source.total() == 6


def test_a_list_on_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put(tmp_path / "a.html")
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(str(path).encode() + b"\n")))
    source = FileSource(list_file="-")
    assert source.total() is None
    assert [entry.name for entry in source if isinstance(entry, Capture)] == ["a.html"]


def test_a_layout_reads_what_a_list_names(tmp_path: Path) -> None:
    path = put(tmp_path / "2020/甲/题.txt")
    listed = put(tmp_path / "list", str(path).encode())
    (found,) = captured(list_file=listed, layout="{year}/{account}/{title}")
    assert (found.hints.account, found.hints.title) == ("甲", "题")


@pytest.mark.parametrize(
    "options", [{"paths": ["/nowhere"]}, {"paths": ["/nowhere/*.html"]}, {"paths": [""]}, {"list_file": "/nowhere"}]
)
def test_nothing_to_read_is_said_before_anything_is_read(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="nothing to read at"):
        FileSource(**options)


def test_an_empty_folder_is_no_fault(tmp_path: Path) -> None:
    assert read(tmp_path) == []


def problem(found: list[Capture | FileSeen | Ignored]) -> tuple[str, str]:
    (capture,) = found
    assert isinstance(capture, Capture)
    assert capture.problem is not None
    assert capture.content == b""
    return capture.problem.reason, capture.problem.detail


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.html")
    assert problem(read(tmp_path)) == ("unreadable", "it is no file but a pipe; save what it gives to a file first")


def test_a_pipe_that_takes_a_files_place_is_not_waited_for(tmp_path: Path) -> None:
    path = put(tmp_path / "a.html")

    def known(*_: object) -> None:
        path.unlink()
        os.mkfifo(path)

    assert problem(read(tmp_path, known=known))[0] == "unreadable"


def test_a_link_that_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / "a.html").symlink_to("gone")
    reason, detail = problem(read(tmp_path))
    assert reason == "unreadable"
    assert "what it leads to is gone" in detail


def test_a_file_that_may_not_be_read_is_tried_again_next_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "a.html")

    def refuse(path: str, flags: int) -> int:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(captures, "_opener", refuse)
    reason, detail = problem(read(tmp_path))
    assert reason == "unreadable"
    assert "no permission" in detail


def test_a_folder_that_may_not_be_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").mkdir()
    scan = os.scandir

    def refuse(path: Path) -> object:
        if path.name == "a":
            raise PermissionError(13, "Permission denied")
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    reason, detail = problem(read(tmp_path))
    assert reason == "unreadable"
    assert "the folder cannot be listed: no permission" in detail


def test_a_file_that_changes_while_it_is_read_is_not_taken(tmp_path: Path) -> None:
    path = put(tmp_path / "a.html")

    def known(*_: object) -> None:
        path.write_bytes(PAGE * 2)

    reason, detail = problem(read(path, known=known))
    assert reason == "unreadable"
    assert "changed while it was read" in detail


def test_a_container_that_changes_while_it_is_read_is_told_at_its_end(tmp_path: Path) -> None:
    path = put(tmp_path / "a.jsonl", b"{}\n{}\n")
    found = []
    for entry in FileSource([path]):
        found.append(entry)
        path.write_bytes(b"{}\n" * 3)
    assert not [entry for entry in found if isinstance(entry, FileSeen)]
    assert problem(found[-1:])[0] == "unreadable"


def test_a_disk_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "a.html")

    def fail(*_: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("crawler.sources.containers.members", fail)
    assert problem(read(tmp_path)) == ("unreadable", "the system does not give it: Input/output error")


def test_a_file_over_the_limit_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    with path.open("wb") as file:
        file.truncate(2**34)  # sparse: it takes no room
    # Nor is it seen: under a larger limit the next run reads it.
    assert problem(read(path, limits=SourceLimits(max_bytes=1000)))[0] == "oversize"


def test_a_file_that_cannot_be_unpacked_is_seen(tmp_path: Path) -> None:
    path = put(tmp_path / "a.html.gz", gzip.compress(PAGE)[:-5])
    capture, seen = read(path)
    assert problem([capture])[0] == "truncated"
    assert isinstance(seen, FileSeen)
    assert seen.captures == 1


@pytest.mark.skipif(sys.platform == "darwin", reason="its file system takes no such names")
def test_strange_times_and_names_of_files(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode("标题".encode("gbk") + b"\n.html")
    path.write_bytes(PAGE)
    os.utime(path, (-1, -(2**40)))
    (capture,) = captured(tmp_path)
    assert capture.name == "\ufffd\ufffd\ufffd\ufffd .html"
    assert capture.uri == tmp_path.as_uri() + "/%B1%EA%CC%E2%0A.html"
    assert capture.captured_at.tzinfo is UTC


def test_a_path_that_goes_back_has_one_uri(tmp_path: Path) -> None:
    path = put(tmp_path / "a/b.html")
    (tmp_path / "x").mkdir()
    assert captured(tmp_path / "x/../a/b.html")[0].uri == path.as_uri()


def test_reading_many_members_takes_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "many.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3000):
            archive.writestr(f"{number}.html", PAGE + b" " * 20_000)
    tracemalloc.start()
    count = sum(1 for entry in FileSource([path]) if isinstance(entry, Capture))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 3000
    assert peak < 3_000_000


def test_reading_again_gives_the_same(tmp_path: Path) -> None:
    put(tmp_path / "a.html")
    put(tmp_path / "b.zip", zipped({"c.html": PAGE}))
    source = FileSource([tmp_path])
    assert list(source) == list(source)
