from __future__ import annotations

import logging
import os
import sys
from typing import TYPE_CHECKING

import pytest

from crawler.items import Ignored
from crawler.sources import walk

if TYPE_CHECKING:
    from pathlib import Path


def make(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")


def found(given_path: Path | str, **options: frozenset[Path]) -> list[str]:
    return [entry.name for entry in walk.found(str(given_path), **options) if isinstance(entry, walk.FoundFile)]


def ignored(given_path: Path) -> int:
    return sum(entry.count for entry in walk.found(str(given_path)) if isinstance(entry, Ignored))


def test_the_order_is_that_of_the_paths_as_bytes(tmp_path: Path) -> None:
    make(tmp_path, "b/c.html", "b-a.html", "b.html", "a/z/1.txt", "a/y.txt", "B.html", "文/a.html", "é.html")
    names = found(tmp_path)
    assert names == sorted(names, key=os.fsencode)
    assert len(names) == 8


def test_ignored_files_and_folders_are_counted_by_file(tmp_path: Path) -> None:
    make(
        tmp_path,
        "a.html",
        "a_files/x.html",
        "a_files/img/y.png",
        "b.png",
        ".git/config",
        "Vue.js/b.html",
        "c_files/d.html",
    )
    assert found(tmp_path) == ["Vue.js/b.html", "a.html", "c_files/d.html"]
    assert ignored(tmp_path) == 4


def test_what_is_named_itself_is_read_whatever_it_is_called(tmp_path: Path) -> None:
    make(tmp_path, "a.png")
    assert found(tmp_path / "a.png") == ["a.png"]
    assert not next(iter(walk.found(str(tmp_path / "a.png")))).in_folder  # type: ignore[union-attr]


def test_files_to_skip(tmp_path: Path) -> None:
    make(tmp_path, "a.html", "meta.csv")
    assert found(tmp_path, skip=frozenset({tmp_path / "meta.csv"})) == ["a.html"]


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("*.html", ["a.html"]),
        ("**/*.html", ["a.html", "x/b.html", "x/y/c.html"]),
        ("**", ["a.html", "x/b.html", "x/d.txt", "x/y/c.html", "x/z/e.txt"]),
        ("x/**", ["x/b.html", "x/d.txt", "x/y/c.html", "x/z/e.txt"]),
        ("*/**", ["x/b.html", "x/d.txt", "x/y/c.html", "x/z/e.txt"]),
        ("**/**/c.html", ["x/y/c.html"]),
        ("x/**/c.html", ["x/y/c.html"]),
        ("x/?", ["x/y/c.html", "x/z/e.txt"]),
        ("x/[y]/*", ["x/y/c.html"]),
        ("*/*.txt", ["x/d.txt"]),
        ("nothing*", []),
        ("a.html/*", []),
        ("*/nothing/*", []),
    ],
)
def test_globs(tmp_path: Path, pattern: str, names: list[str]) -> None:
    make(tmp_path, "a.html", "x/b.html", "x/y/c.html", "x/d.txt", "x/z/e.txt", ".hidden/f.html")
    below = [entry.path.relative_to(tmp_path).as_posix() for entry in walk.found(f"{tmp_path}/{pattern}")
             if isinstance(entry, walk.FoundFile)]  # fmt: skip
    assert below == names
    assert walk.is_there(f"{tmp_path}/{pattern}") is bool(names)


def test_a_relative_glob(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "a1.html", "a2.html")
    monkeypatch.chdir(tmp_path)
    assert found("a?.html") == ["a1.html", "a2.html"]


def test_a_name_with_brackets_is_a_name_first(tmp_path: Path) -> None:
    make(tmp_path, "a[1].html", "a1.html")
    assert found(tmp_path / "a[1].html") == ["a[1].html"]


def test_links_to_files_are_followed_and_links_to_folders_are_not(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    make(tmp_path, "in/a.html", "out/b.html")
    (tmp_path / "in/link.html").symlink_to(tmp_path / "out/b.html")
    (tmp_path / "in/loop").symlink_to(tmp_path / "in")
    (tmp_path / "in/elsewhere").symlink_to(tmp_path / "out")
    (tmp_path / "in/self").symlink_to("self")
    with caplog.at_level(logging.WARNING):
        assert found(tmp_path / "in") == ["a.html", "link.html", "self"]
    assert "elsewhere is a link to a folder" in caplog.text
    assert ignored(tmp_path / "in") == 2
    (tmp_path / "top").symlink_to(tmp_path / "in")
    assert "a.html" in found(tmp_path / "top")


@pytest.mark.skipif(sys.platform == "darwin", reason="its paths have at most 1024 bytes")
def test_a_folder_nested_deeper_than_the_stack(tmp_path: Path) -> None:
    depth = 1200
    descriptors = [os.open(tmp_path, os.O_RDONLY)]
    for _ in range(depth):
        os.mkdir("d", dir_fd=descriptors[-1])
        descriptors.append(os.open("d", os.O_RDONLY, dir_fd=descriptors[-1]))
        os.close(descriptors[-2])
    innermost = descriptors[-1]
    os.close(os.open("a.html", os.O_CREAT | os.O_WRONLY, dir_fd=innermost))
    try:
        (name,) = found(tmp_path)
    finally:
        # What removes the folder of a test goes down by recursion.
        os.unlink("a.html", dir_fd=innermost)
        for _ in range(depth):
            above = os.open("..", os.O_RDONLY, dir_fd=innermost)
            os.close(innermost)
            os.rmdir("d", dir_fd=above)
            innermost = above
        os.close(innermost)
    assert name.count("/") == depth


def test_a_folder_that_may_not_be_listed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "a/x.html", "b.html")
    scan = os.scandir

    def refuse(path: Path) -> object:
        if path.name == "a":
            raise PermissionError(13, "Permission denied")
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert [type(entry).__name__ for entry in walk.found(str(tmp_path))] == ["Unlisted", "FoundFile"]


@pytest.mark.parametrize("given_path", ["", "/nowhere/at/all", "a\x00b", "x" * 5000, "*" * 300])
def test_what_is_not_there(given_path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert found(given_path) == []
    assert given_path == "" or not walk.is_there(given_path)
