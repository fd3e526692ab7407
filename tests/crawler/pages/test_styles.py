from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.pages import styles


@pytest.mark.parametrize(
    ("style", "field", "value"),
    [
        ("display: none;", "is_hidden", True),
        ("color:red;DISPLAY:none !important", "is_hidden", True),
        ("visibility: hidden", "is_invisible", True),
        ("display:inline-block", "is_block", False),
        ("display: block", "is_block", True),
        ("font-size: 12px", "size", (12.0, "px")),
        ("font-size:0.8em;", "size", (0.8, "em")),
        ("font-size: 0", "size", (0.0, "px")),
        ("font-size: larger", "size", None),
        ("color: rgb(136, 136, 136);", "color", (136, 136, 136)),
        ("color:rgba(0,0,0,.5)", "color", (0, 0, 0)),
        ("color: #888", "color", (136, 136, 136)),
        ("color:#3f3f3f", "color", (63, 63, 63)),
        ("background-color: #fff", "color", None),
        ("font-weight: bold", "is_bold", True),
        ("font-weight:400", "is_bold", False),
        ("border-top: 1px solid #ccc", "draws_line", True),
        ("border-top: 0px solid", "draws_line", False),
        ("border-top: 1px none", "draws_line", False),
        ("height: 2px; background-color: #000", "draws_line", True),
        ("height: 200px; background-color: #000", "draws_line", False),
        ('background-image: url("https://mmbiz.qpic.cn/a?b=1&c=2");', "image", "https://mmbiz.qpic.cn/a?b=1&c=2"),
        ("background:url(//mmbiz.qpic.cn/a) no-repeat", "image", "//mmbiz.qpic.cn/a"),
        ("background-image: url(data:image/png;base64,AAAA)", "image", None),
    ],
)
def test_declarations(style: str, field: str, value: object) -> None:
    assert getattr(styles.parse(style), field) == value


def test_pixels_of_relative_sizes() -> None:
    assert styles.pixels((1.5, "em"), 10.0) == 15.0
    assert styles.pixels((80.0, "%"), 20.0) == 16.0
    assert styles.pixels((1.0, "rem"), 20.0) == styles.DEFAULT_SIZE
    assert styles.pixels((12.0, "pt"), 20.0) == 16.0
    assert styles.pixels(None, 20.0) == 20.0


def test_pale_is_a_grey_that_stands_back() -> None:
    assert styles.is_pale((153, 153, 153), (51, 51, 51))
    assert not styles.is_pale((153, 153, 153), (140, 140, 140))
    assert not styles.is_pale((200, 30, 30), (51, 51, 51))
    assert not styles.is_pale((255, 255, 255), (51, 51, 51))
    assert not styles.is_pale(None, (51, 51, 51))


@settings(deadline=None)
@given(st.text() | st.text(alphabet="font-size:color#rgb();url0123456789 "))
def test_nothing_raises(style: str) -> None:
    assert isinstance(styles.parse(style), styles.Style)


def test_a_huge_style_is_cut() -> None:
    assert styles.parse("color:red;" * 100_000 + "display:none").is_hidden is False
