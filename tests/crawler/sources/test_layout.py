from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.sources.layout import FromPath, Layout

USUAL = "{year}/{account}/{date} - {title}"


@pytest.mark.parametrize(
    ("layout", "path", "told"),
    [
        (
            USUAL,
            "2020/河边 日报/2020-02-28 - 春天 - 来了.txt",
            FromPath(account="河边 日报", title="春天 - 来了", published="2020-02-28"),
        ),
        (USUAL, "2020/甲/20200228 - 题.html.gz", FromPath(account="甲", title="题", published="2020-02-28")),
        (USUAL, "2020/甲/2020年2月8日 - 3.15 晚会", FromPath(account="甲", title="3.15 晚会", published="2020-02-08")),
        (
            "{account}_{title}_{date}",
            "甲_一_二_2020.2.8.html",
            FromPath(account="甲", title="一_二", published="2020-02-08"),
        ),
        (
            "{date}_{time}_{title}.txt",
            "2020-02-28_0730_题.txt",
            FromPath(title="题", published="2020-02-28 07:30"),
        ),
        ("{date} {time} {title}", "2020-02-28 7-30-05 题", FromPath(title="题", published="2020-02-28 07:30:05")),
        ("{year}-{month}/{day} {title}", "2020-2/8 题.md", FromPath(title="题", published="2020-02-08")),
        ("{year}/{title}", "2020/题.md", FromPath(title="题")),
        ("{date} {title}", "2020-13-01 题", FromPath(title="题")),
        (
            "{title}-{url_token}",
            "题-AbCdEfGhIjKlMnOpQrStUv.html",
            FromPath(title="题", url="https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv"),
        ),
        ("{account}/{account} {title}", "甲/甲 题", FromPath(account="甲", title="题")),
        ("./{title}/", "题.txt", FromPath(title="题")),
        ("{{x}} {title}", "{x} 题", FromPath(title="题")),
        ("re\u0301sume\u0301 {title}", "r\u00e9sum\u00e9 题", FromPath(title="题")),
    ],
)
def test_what_paths_tell(layout: str, path: str, told: FromPath) -> None:
    assert Layout(layout).read(path) == told


@pytest.mark.parametrize(
    ("layout", "path"),
    [
        (USUAL, "甲/2020-02-28 - 题.txt"),
        (USUAL, "x/2020/甲/2020-02-28 - 题.txt"),
        (USUAL, "2020/甲/题.txt"),
        ("{account}/{account} {title}", "甲/乙 题"),
        ("{title}", "a/b"),
        ("{title}", ""),
        ("a.b {title}", "aXb 题"),
    ],
)
def test_paths_that_do_not_fit_tell_nothing(layout: str, path: str) -> None:
    assert Layout(layout).read(path) is None


def test_a_path_given_itself_is_compared_by_its_last_parts() -> None:
    layout = Layout(USUAL)
    path = "/home/x/2020/甲/2020-02-28 - 题.txt"
    assert layout.read(path, in_folder=False) == FromPath(account="甲", title="题", published="2020-02-28")


@pytest.mark.parametrize(
    "layout", ["{author}/{title}", "{}", "{0}", "{title", "title}", "{title:>3}", "{title!r}", "plain", ""]
)
def test_a_layout_that_cannot_be_used_says_what_is_known(layout: str) -> None:
    with pytest.raises(ValueError, match=r"\{year\}.*\{account\}"):
        Layout(layout)


@given(st.text(), st.booleans())
def test_any_path_can_be_read(path: str, in_folder: bool) -> None:
    told = Layout("{title}").read(path, in_folder=in_folder)
    assert told is None or told.title is None or told.title in unicodedata.normalize("NFC", path)


@given(st.text())
def test_any_layout_is_used_or_refused(pattern: str) -> None:
    try:
        layout = Layout(pattern)
    except ValueError:
        return
    assert "{" in pattern
    layout.read("2020/甲/2020-02-28 - 题.txt")


def test_a_hostile_path_is_told_quickly() -> None:
    assert Layout("{account} - {title} - {date}").read(" - " * 20_000) is None
