"""Files of samples: read as written, refused where they are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pipelines.boilerplate.scoring.samples import CODES, FOLDER, SampleError, read_file, read_samples

if TYPE_CHECKING:
    from pathlib import Path

WRITTEN = """\
@ 集市 | 集市小报 | 早市开了 | 今天
f 点击上方蓝字
- 天还没亮，集市已经开了。
e+ 你家那边几点开？

@ 渡口 | 渡口记事 | 起雾
- 船工把缆绳解开。
"""


def _file(folder: Path, text: str) -> Path:
    file = folder / "some.txt"
    file.write_text(text, "utf-8")
    return file


def test_lines_pieces_and_kinds(tmp_path: Path) -> None:
    market, ferry = read_file(_file(tmp_path, WRITTEN))
    assert (market.account, market.title) == ("集市小报", "早市开了 | 今天")
    assert market.full_text == "点击上方蓝字\n天还没亮，集市已经开了。你家那边几点开？"
    kinds = market.kinds()
    assert len(kinds) == len(market.full_text)
    assert kinds[:6] == ["follow_prompt"] * 6
    assert kinds[6] is None
    assert set(kinds[7:19]) == {None}
    assert set(kinds[19:]) == {"engagement"}
    assert ferry.lines == [[("船工把缆绳解开。", None)]]


def test_all_files_of_a_folder_in_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt"):
        (tmp_path / name).write_text(f"@ x | {name} | t\n- 一\n", "utf-8")
    (tmp_path / "notes.md").write_text("no sample", "utf-8")
    assert [sample.account for sample in read_samples(tmp_path)] == ["a.txt", "b.txt"]


@pytest.mark.parametrize(
    "text",
    ["- 没有文章\n", "@ a | b | c\n? 没有这种\n", "@ a | b | c\n没有记号\n", "@ a | b\n- 没有标题\n"],
    ids=["no article", "no such code", "no code", "no title"],
)
def test_what_is_no_sample_is_refused_by_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(SampleError, match=r"some\.txt:\d: write "):
        list(read_file(_file(tmp_path, text)))


def test_the_samples_can_be_read_and_are_of_every_kind() -> None:
    samples = read_samples(FOLDER)
    kinds = {kind for sample in samples for pieces in sample.lines for _, kind in pieces}
    assert kinds == set(CODES.values())
    assert all(any(kind is None for pieces in s.lines for _, kind in pieces) for s in samples), "each has a body"
