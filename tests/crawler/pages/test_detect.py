from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.pages.detect import kind_of
from crawler.pages.document import Document
from tests.crawler.pages.making import capture

KINDS = {
    "html": [
        "<!DOCTYPE html><html></html>",
        "\n\n<HTML><body>",
        "<!-- saved from url=(0042)https://example.org/ -->\n<!DOCTYPE html>",
        "<?xml version='1.0'?><html xmlns='a'>",
        "<section><p>一段</p></section>",
        '<div class="rich_media"><p>一段 **不是** 标记</p></div>',
    ],
    "mhtml": ["From: <Saved by Blink>\nMIME-Version: 1.0\nContent-Type: multipart/related;\n boundary=x\n\n--x"],
    "json": ['{"title": "甲"}', "[1, 2]", '{"a": 1}\n{"a": 2}\n', "[" * 100_000 + "]" * 100_000],
    "markdown": [
        "# 标题\n\n正文",
        "\n\n#  标题   \n 账号   2024-01-01 10:00",
        "---\ntitle: 甲\n---\n正文",
        "Title: 甲\n\nURL Source: https://example.org/\n\nMarkdown Content:\n正文",
        "正文\n\n![](https://example.org/a.png)",
        "见[此处](https://example.org/)。",
        "**粗**的和\n> 引用的",
        "<p align=center>x</p>\n\n## 小节\n\n![](a.png)",
    ],
    "text": [
        "一段文字。",
        "#话题# 不是标题",
        "[通知] 放假三天",
        "{并非 JSON}",
        "---\n分隔线之后",
        "a < b 且 b > c",
        "## 只有小节号",
        "Title: 信\n没有别的",
    ],
}


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in KINDS.items() for text in texts])
def test_kind_is_told_from_the_content(kind: str, text: str) -> None:
    assert kind_of(Document(capture=capture(text), utf8=text.encode(), encoding="utf-8")) == kind


@given(st.text())
def test_every_text_has_a_kind(text: str) -> None:
    utf8 = text.encode("utf-8", "replace")
    assert kind_of(Document(capture=capture(utf8), utf8=utf8, encoding="utf-8")) in {*KINDS}
