"""What a difference is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.similarity.changes import changes_of, skeleton


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("，", "。", []),
        ("ＡＢＣ", "abc", []),
        ("", "“”", []),
        ("120", "3451", ["number"]),
        ("120", "121", ["digit"]),
        ("8月26日", "11月30日", ["number", "number"]),
        ("2024年8月26日", "2019年9月30日", ["number", "number"]),
        ("CVE-2024-1234", "CVE-2023-98765", ["number"]),
        ("第三期", "第十二期", ["number"]),
        ("周一", "周五", ["number"]),
        ("张大伟", "李小红", ["name"]),
        ("Nimbus", "Falcon", ["name"]),
        ("Microsoft", "Microsft", ["slip"]),
        ("看", "见", ["slip"]),
        ("看", "", ["slip"]),
        ("再看一眼", "", ["addition"]),
        ("12", "1的", ["slip"]),
        ("审定王由李", "审定张由赵", ["slip", "slip"]),
        ("清早的渡口还没有人，雾从江面上漫过来", "他把缆绳绕了三圈，又蹲下来点起一支烟", ["passage"]),
    ],
)
def test_a_change_is_called_by_its_name(one: str, other: str, expected: list[str]) -> None:
    assert changes_of(one, other) == expected
    assert changes_of(other, one) == expected


@given(st.text(max_size=120), st.text(max_size=120))
def test_anything_can_be_judged(one: str, other: str) -> None:
    changes_of(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("渡口周报（第12期）", "渡口周报（第103期）"),
        ("2024年5月3日通报", "2023年11月20日通报"),
        ("早报 周一", "早报 周三"),
    ],
)
def test_the_titles_of_a_series_have_one_skeleton(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)
