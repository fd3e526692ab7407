from __future__ import annotations

import pytest

from pipelines.similarity.shingles import LONGEST, SHINGLE, shingle_list


@pytest.mark.parametrize("length", [0, 1, 5, 6, 255, 256, 259, 260, 261, 516, 517, 1000, LONGEST, LONGEST + 9])
def test_shingles_are_the_runs_of_a_text_in_order(length: int) -> None:
    text = "".join(chr(0x4E00 + place % 20_000) for place in range(length))
    cut = text[:LONGEST]
    runs = [cut[start : start + SHINGLE] for start in range(len(cut) - SHINGLE + 1)]
    assert shingle_list(text) == (runs or [text])
