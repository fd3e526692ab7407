"""The same few characters over and over, behind each opening that leads to another reader."""

from __future__ import annotations

import pytest
from fuzzing import capture_of

from crawler.items import Rejected
from crawler.pages.document import Limits
from pipelines.boilerplate.ruleset import load_rules
from pipelines.derive import Deriver

LENGTH = 60_000
OPENINGS = {
    "html": '<html><body><div id="js_content">',
    "script": '<html><body><div id="js_content">x</div><script>var biz = "MzAwMDAwMDAwMQ==";',
    "data": "<html><script>window.cgiDataNew = {",
    "style": '<html><body><div id="js_content"><p style="',
    "markdown": "# t\n",
    "front matter": "---\ntitle: a\n",
    "dump": "微信号\nabcdef\n功能介绍\n",
    "text": "字",
    "record": '{"title":"a","content":"',
}
UNITS = (
    *" \t\na0<>[](\"'/=-*_`&#|\\{:",
    *("a ", " \n", "：", "2024-01-02 ", "字 ", "<a ", "<!--", "](", "![", "a=", "url(", "var a=", "//", "/*", "rgb("),
    *("http://a", "\u200b", "A\u0300", "编辑：", "长按", "*a", "1.", "扫码", "微信号", "。\n"),
)


@pytest.mark.parametrize("opening", OPENINGS.values(), ids=OPENINGS)
def test_no_flood_keeps_a_reader_or_the_rules_for_ever(opening: str) -> None:
    deriver = Deriver(Limits(max_seconds=60), load_rules())
    for unit in UNITS:
        content = (opening + unit * (LENGTH // len(unit))).encode()
        found = deriver.derive(capture_of(content)).found
        if isinstance(found, Rejected):
            assert found.reason != "reader_error", (unit, found.detail)
            assert "did not end" not in found.detail, unit
