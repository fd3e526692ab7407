"""Headings of the articles themselves are known, with or without a number before them."""

from __future__ import annotations

import pytest

from pipelines.boilerplate.fold import fold_core
from pipelines.boilerplate.headings import is_heading, without_number


@pytest.mark.parametrize(
    "line", ["修复建议", "一、事件背景", "0x05 参考链接", "3.2 漏洞概述", "（二）活动时间", "第三章 附录", "PoC"]
)
def test_a_heading_is_known(line: str) -> None:
    assert is_heading(fold_core(line))


@pytest.mark.parametrize("line", ["", "修复建议已经写在公告里", "关注我们", "06", "建议"])
def test_anything_else_is_none(line: str) -> None:
    assert not is_heading(fold_core(line))


def test_the_number_goes_and_the_rest_stays() -> None:
    assert without_number("0x01漏洞概述") == "漏洞概述"
    assert without_number("三、背景") == "背景"
    assert without_number("背景") == "背景"
    assert without_number("06") == ""
