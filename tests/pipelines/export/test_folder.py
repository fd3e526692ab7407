"""A folder of exported files: brought up to date, never at the cost of what somebody wrote."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest
from archives import capture_of, captures_in, make_database
from running import page

from pipelines.archive import Archive, Filters
from pipelines.export.folder import STATE, ExportError, Report, export_folder, load_state, write_pieces
from pipelines.export.formats import Options
from pipelines.store import reading

if TYPE_CHECKING:
    from pathlib import Path


def quiet(done: int, total: int) -> None:
    """No progress is shown."""


LATER = "2026-02-02T00:00:00Z"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return make_database(tmp_path / "a.db", [capture_of(page(n), f"{n}.html") for n in range(3)])


def export(database: Path, folder: Path, *, changed_since: str | None = None, **options: bool) -> Report:
    with Archive.open(database) as archive:
        ids = reading.article_ids(archive.connection, Filters(changed_since=changed_since))
        return export_folder(archive, ids, folder, Options(format="markdown"), filters={}, progress=quiet, **options)


def files(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in sorted(folder.iterdir()) if path.name != STATE}


def test_a_file_an_article_and_the_second_time_nothing(database: Path, tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "out"
    assert export(database, folder).written == 3
    first = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.iterdir() if path.name != STATE}
    assert sorted(first) == [f"2018-05-01 集市小报 - 第{n}篇集市见闻.md" for n in range(3)]
    report = export(database, folder)
    assert (report.written, report.unchanged) == (0, 3)
    assert {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in folder.iterdir() if p.name != STATE} == first


def test_the_same_archive_gives_the_same_bytes(database: Path, tmp_path: Path) -> None:
    export(database, tmp_path / "one")
    export(database, tmp_path / "two")
    one, two = ({p.name: p.read_bytes() for p in (tmp_path / name).iterdir()} for name in ("one", "two"))
    assert one == two


def test_only_what_changed_is_written(database: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    export(database, folder)
    make_database(database, [capture_of(page(7), "7.html")], now=LATER)
    state = load_state(folder)
    assert state is not None
    report = export(database, folder, changed_since=LATER)
    assert (report.written, report.unchanged, len(files(folder))) == (1, 0, 4)
    newer = load_state(folder)
    assert newer is not None
    assert (state.changed_until, newer.changed_until) == ("2026-01-01T00:00:00Z", LATER)


def test_a_file_that_somebody_changed_is_left_alone(database: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    names = [f"2018-05-01 集市小报 - 第{n}篇集市见闻.md" for n in range(3)]
    (folder / names[1]).write_text("我自己的笔记", "utf-8")
    assert export(database, folder).edited == [names[1]]
    (folder / names[0]).write_text("也改了", "utf-8")
    assert export(database, folder).edited == [names[0], names[1]]
    assert files(folder)[names[1]] == "我自己的笔记"
    assert export(database, folder, overwrite=True).written == 2
    assert "集市" in files(folder)[names[0]]


def test_an_article_that_is_renamed_takes_its_file_along(database: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    export(database, folder)
    # Another article of that day, account and title: both names get a suffix, whichever was there first.
    twin = page(1).replace('"1001"', '"2001"').replace("第1篇：", "又一篇：")
    make_database(database, [capture_of(twin, "twin.html")], now=LATER)
    report = export(database, folder, changed_since=LATER)
    assert report.written == 2
    names = [name for name in files(folder) if "第1篇" in name]
    assert len(names) == 2
    assert all(len(name) == len("2018-05-01 集市小报 - 第1篇集市见闻.md") + 9 for name in names)
    fresh = tmp_path / "fresh"
    export(database, fresh)
    assert files(fresh) == files(folder)


def test_articles_that_are_no_more_are_told_and_pruned(database: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    export(database, folder)
    smaller = make_database(tmp_path / "b.db", [capture_of(page(n), f"{n}.html") for n in range(2)])
    gone = "2018-05-01 集市小报 - 第2篇集市见闻.md"
    assert export(smaller, folder).gone == {gone: None}
    assert gone in files(folder)
    assert export(smaller, folder, prune=True).pruned == 1
    assert gone not in files(folder)
    assert export(smaller, folder).gone == {}


def test_pruning_spares_what_somebody_changed(database: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    export(database, folder)
    gone = folder / "2018-05-01 集市小报 - 第2篇集市见闻.md"
    gone.write_text("我自己的笔记", "utf-8")
    smaller = make_database(tmp_path / "b.db", [capture_of(page(n), f"{n}.html") for n in range(2)])
    assert export(smaller, folder, prune=True).pruned == 0
    assert gone.read_text("utf-8") == "我自己的笔记"


def test_a_folder_has_one_format(database: Path, tmp_path: Path) -> None:
    export(database, tmp_path / "out")
    with Archive.open(database) as archive, pytest.raises(ExportError, match="as markdown"):
        export_folder(archive, [], tmp_path / "out", Options(format="html"), filters={}, progress=quiet)


@pytest.mark.parametrize(
    "damage",
    [
        "",
        "{}",
        "[]",
        '{"format": "markdown", "filter": {}, "changed_until": null, "files": {"k": {"name": "../x", "sha256": ""}}}',
    ],
)
def test_a_damaged_or_hostile_state_is_refused(database: Path, tmp_path: Path, damage: str) -> None:
    folder = tmp_path / "out"
    export(database, folder)
    (folder / STATE).write_text(damage, "utf-8")
    with pytest.raises(ExportError, match=r"damaged.*remove it"):
        export(database, folder)


def test_the_state_is_no_capture(database: Path, tmp_path: Path) -> None:
    export(database, tmp_path / "out")
    assert len(captures_in(tmp_path / "out")) == 3
    assert json.loads((tmp_path / "out" / STATE).read_text("utf-8"))["archive"] == "gzh-archive/1"


def test_a_write_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    target = tmp_path / "a.md"
    target.write_text("alt", "utf-8")

    def pieces() -> list[bytes]:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        write_pieces(target, (piece for _ in range(1) for piece in pieces()))
    assert [path.name for path in tmp_path.iterdir()] == ["a.md"]
    assert target.read_text("utf-8") == "alt"


def test_a_folder_can_be_moved(database: Path, tmp_path: Path) -> None:
    export(database, tmp_path / "out")
    shutil.move(tmp_path / "out", tmp_path / "elsewhere")
    assert export(database, tmp_path / "elsewhere").unchanged == 3
