"""Code stays whatever it says; prose in a code block at a text's end does not."""

from __future__ import annotations

import pytest
from river import BODY

from crawler.items import Mark
from pipelines.boilerplate import load_rules, split

RULES = load_rules()
FOOT = "往期推荐\n• 老街的裁缝铺\n• 一碗汤圆的来历\n长按识别二维码关注我们"


def test_a_foot_set_in_a_code_block_goes() -> None:
    assert split(f"{BODY}\n```\n{FOOT}\n```", rules=RULES).body.rstrip("\n`") == BODY
    text = f"{BODY}\n{FOOT}"
    code = Mark(kind="code", start=len(BODY) + 1, end=len(text))
    assert split(text, marks=[code], rules=RULES).body == BODY


@pytest.mark.parametrize(
    "code",
    [
        'print("长按识别二维码关注我们")',
        "# 长按识别二维码关注我们",
        "qr --text 关注我们 --out a.png",
        "标题 = 关注我们;",
    ],
)
def test_code_stays(code: str) -> None:
    text = f"{BODY}\n```\n{code}\n```"
    assert split(text, rules=RULES).body == text


@pytest.mark.parametrize(
    "code",
    ["用户：怎么领取？\n助手：关注公众号，后台回复水车", "公众号文章\n├── 往期推荐\n└── 关注我们", "开始\n↓\n关注我们"],
)
def test_what_shows_something_stays(code: str) -> None:
    text = f"{BODY}\n```\n{code}\n```"
    assert split(text, rules=RULES).body == text


def test_a_block_above_more_of_the_text_stays() -> None:
    text = f"{BODY}\n```\n{FOOT}\n```\n上面就是机器人写的话，读者一看便知。"
    assert split(text, rules=RULES).body == text


def test_a_table_stays() -> None:
    text = f"{BODY}\n长按识别二维码关注我们"
    table = Mark(kind="table", start=len(BODY) + 1, end=len(text), value="1.1.1")
    assert split(text, marks=[table], rules=RULES).body == text


def test_prose_in_a_code_block_in_the_middle_stays() -> None:
    text = f"```\n长按识别二维码关注我们\n```\n{BODY}"
    assert split(text, rules=RULES).body == text
