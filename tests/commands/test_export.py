"""`scrapy export` as users run it."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest
from archives import capture_of, make_database
from running import page

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from running import Ended

KEY = "mp:MzAwMDAwMDAwMQ==:1001:1"
NAMES = [f"2018-05-01 集市小报 - 第{n}篇集市见闻.md" for n in range(3)]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three pages and a dump; no test writes it."""
    dump = "微信号\nsomepaper\n功能介绍\n每日新闻\n清晨的河面上起了薄雾，渡船慢慢靠了岸。\n阅读原文"
    captures = [*(capture_of(page(n), f"{n}.html") for n in range(3)), capture_of(dump, "dump.txt")]
    return make_database(tmp_path_factory.mktemp("export") / "articles.db", captures)


@pytest.fixture
def export(scrapy: Callable[..., Ended], database: Path) -> Callable[..., Ended]:
    """Runs `scrapy export` on that database."""

    def run(*words: str | Path) -> Ended:
        return scrapy("export", *words, "-s", f"DATABASE={database}")

    return run


def test_a_folder_of_markdown_can_be_crawled_again(
    export: Callable[..., Ended], crawl: Callable[..., Ended], database: Path, tmp_path: Path
) -> None:
    ended = export("--output", f"{tmp_path}/out/")
    assert (ended.code, ended.err) == (0, "")
    assert {name: ended.report[name] for name in ("written", "unchanged", "edited", "gone", "pruned")} == {
        "written": 4,
        "unchanged": 0,
        "edited": 0,
        "gone": 0,
        "pruned": 0,
    }
    names = sorted(path.name for path in (tmp_path / "out").glob("*.md"))
    assert names[:3] == NAMES
    text = (tmp_path / "out" / NAMES[1]).read_text("utf-8")
    assert f'key: "{KEY}"' in text
    assert "# 第1篇集市见闻" in text
    again = crawl(tmp_path / "out", database=tmp_path / "again.db")
    assert (again.code, again.report["stored"], again.report["rejected"]) == (0, 4, 0)
    both = tmp_path / "both.db"
    both.write_bytes(database.read_bytes())
    same = crawl(tmp_path / "out", database=both)
    assert (same.report["stored"], same.report["revised"], same.report["unchanged"]) == (0, 0, 4)


def test_only_what_changed_since_the_last_export(export: Callable[..., Ended], tmp_path: Path) -> None:
    out = f"{tmp_path}/out/"
    assert export("--output", out, "--changed-since", "last").code == 2
    assert export("--output", out, "--account", "集市小报").report["written"] == 3
    assert export("--output", out, "--account", "集市小报", "--changed-since", "last").report["written"] == 0
    other = export("--output", out, "--changed-since", "last")
    assert (other.code, "other articles" in other.err) == (2, True)
    assert export("--output", out, "--changed-since", "2999-01-01").report["unchanged"] == 0
    (tmp_path / "out" / NAMES[0]).write_text("notiert", "utf-8")
    edited = export("--output", out, "--account", "集市小报")
    assert (edited.report["edited"], "--overwrite" in edited.err) == (1, True)
    assert export("--output", out, "--account", "集市小报", "--overwrite").report["written"] == 1


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ((), ["第0篇集市见闻", "第1篇集市见闻", "第2篇集市见闻", None]),
        (("糖人",), ["第0篇集市见闻", "第1篇集市见闻", "第2篇集市见闻"]),
        (("薄雾", "OR", "第1篇"), ["第1篇集市见闻", None]),
        (("--key", KEY), ["第1篇集市见闻"]),
        (
            ("--until", "2018-05-01", "--kind", "article", "--status", "available", "--unique"),
            ["第0篇集市见闻", "第1篇集市见闻", "第2篇集市见闻"],
        ),
        (("--since", "2018-05-02"), []),
    ],
)
def test_words_and_filters_choose(
    export: Callable[..., Ended], words: tuple[str, ...], titles: list[str | None]
) -> None:
    ended = export(*words, "--format", "jsonl", "--output", "-")
    assert (ended.code, ended.err) == (0, "")
    assert [json.loads(line).get("title") for line in ended.out.splitlines()] == titles


@pytest.mark.parametrize("name", ["a.csv", "a.md", "a.html", "a.txt"])
def test_one_file_by_its_name(export: Callable[..., Ended], tmp_path: Path, name: str) -> None:
    ended = export("--output", tmp_path / name)
    assert ended.report == {"file": str(tmp_path / name), "articles": 4}
    text = (tmp_path / name).read_text("utf-8")
    assert text.count("第1篇集市见闻") >= 1
    assert "薄雾" in text
    if name == "a.csv":
        rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
        assert len(rows) == 4


def test_a_published_copy_answers_the_commands(
    export: Callable[..., Ended], scrapy: Callable[..., Ended], tmp_path: Path
) -> None:
    ended = export("--tables", "--format", "sqlite", tmp_path / "tables")
    assert (ended.code, ended.err, ended.report["format"]) == (0, "", "sqlite")
    database = f"DATABASE={tmp_path / 'tables' / 'articles.db'}"
    assert "第1篇集市见闻" in scrapy("show", KEY, "-s", database).out
    assert scrapy("search", "糖人", "-s", database).out.count("\n") == 3
    assert scrapy("export", "--output", "-", "--key", KEY, "-s", database).code == 0
    assert "not kept" in scrapy("raw", KEY, "-s", database).err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], "--output"),
        (["--output", "-", "--bogus"], "unknown option --bogus"),
        (["--output", "-", "--format", "parquet"], "--tables"),
        (["--output", "-", "--account", "集市"], "did you mean 集市小报"),
        (["--output", "-", "--key", "mp:no:1:1"], "no article mp:no:1:1"),
        (["--output", "-", "--changed-since", "gestern"], "2024-05-01"),
        (["--output", "-", "--prune"], "folders"),
        (["--tables"], "DIR"),
        (["--tables", "--format", "markdown", "a"], "parquet"),
    ],
)
def test_wrong_use_is_2_with_what_is_right(export: Callable[..., Ended], words: list[str], sentence: str) -> None:
    ended = export(*words)
    assert (ended.code, ended.out) == (2, "")
    assert sentence in ended.err


def test_what_cannot_be_written_is_1_with_a_sentence(export: Callable[..., Ended], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    for words in (
        ["--output", f"{tmp_path}/file/"],
        ["--output", tmp_path / "none" / "a.md"],
        ["--tables", tmp_path / "file"],
    ):
        ended = export(*words)
        assert (ended.code, len(ended.err.splitlines())) == (1, 1)
