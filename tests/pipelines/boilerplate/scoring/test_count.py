"""Counting: what stands in boilerplate weighs more than what stands in bodies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.boilerplate.scoring import count
from pipelines.boilerplate.scoring.samples import read_samples

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

ARTICLE = """\
@ 窑 | 窑边夜话 | 第{n}窑
- 窑火烧了{n}天，开窑那天镇上的人都来看。
- 师傅先取出一只碗，对着光看了很久。
f 喜欢窑边夜话就点个星标
c 文字：周禾
p 预览时标签不可点
"""


def _folder(folder: Path) -> Path:
    for name in ("a", "b"):
        (folder / f"{name}.txt").write_text("\n".join(ARTICLE.format(n=n) for n in range(6)), "utf-8")
    return folder


def test_weights_are_of_where_pairs_stand(tmp_path: Path) -> None:
    pairs = count.count(read_samples(_folder(tmp_path)), "d")
    assert pairs.samples == "d"
    assert pairs.weights["星标"] > 1
    assert pairs.weights["师傅"] < -0.5
    assert "不可" not in pairs.weights, "what pages print is told by rules"
    assert pairs.kind("点个星标") == "follow_prompt"
    assert pairs.kind("文字：林渡") == "credits"
    assert max(map(abs, pairs.weights.values())) <= count.MOST


def test_the_digest_is_of_samples_and_of_the_way_to_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = _folder(tmp_path)
    before = count.digest_of(folder)
    assert count.digest_of(folder) == before
    monkeypatch.setattr(count, "MOST", count.MOST + 1)
    assert count.digest_of(folder) != before
    monkeypatch.undo()
    (folder / "a.txt").write_text("", "utf-8")
    assert count.digest_of(folder) != before


def test_trying_prints_what_goes_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(count, "FOLDER", _folder(tmp_path))
    monkeypatch.setattr("sys.argv", ["count", "--try"])
    assert count.main() == 0
    printed = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in printed] == ["a.txt", "b.txt"]
    assert all("rules alone: goes " in line and "and wording: goes 1.000" in line for line in printed), printed
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.txt", "b.txt"]
