from __future__ import annotations

import tomllib
from pathlib import Path
from typing import get_args

import pytest

from crawler.items import NoticeReason
from crawler.pages import notice as notices
from crawler.pages.notice import MAX_LENGTH, notice_of_text
from tests.reading import article, notice, page, read_html, rejected

DATA = tomllib.loads(Path(notices.__file__).with_name("notices.toml").read_text("utf-8"))
PHRASES = [(entry["reason"], phrase) for entry in DATA["notice"] for phrase in entry["phrases"]]


def weui(title: str, *, script: str = "") -> str:
    return (
        '<!DOCTYPE html><html><head><link href="//res.wx.qq.com/a.css"><title></title></head>'
        '<body id="activity-detail">'
        f'<div class="weui-msg"><div class="weui-msg__text-area"><h2 class="weui-msg__title">{title}</h2></div></div>'
        f"<script>{script}</script></body></html>"
    )


def test_every_reason_of_the_contract_has_an_entry_and_no_other() -> None:
    reasons = [entry["reason"] for entry in DATA["notice"]]
    assert sorted(reasons) == sorted(get_args(NoticeReason))
    assert all(isinstance(entry["retryable"], bool) for entry in DATA["notice"])


@pytest.mark.parametrize(("reason", "phrase"), PHRASES)
def test_every_phrase_gives_its_own_reason(reason: str, phrase: str) -> None:
    found = notice(weui(phrase))
    assert (found.reason, found.detail) == (reason, phrase)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("该内容已被发布者删除", "deleted"),
        ("  The content has been\n deleted by the author. ", "deleted"),
        ("該內容已被發佈者刪除", "deleted"),
        ("此账号已被屏蔽， 内容无法查看", "account_blocked"),
        ("此帳號已自主註銷，內容無法查看", "account_closed"),
        ("當前環境異常，完成驗證後即可繼續訪問。", "verification"),
        ("鏈接已過期", "expired"),
    ],
)
def test_wordings(text: str, reason: str) -> None:
    found = notice_of_text(text)
    assert found is not None
    assert found.reason == reason


def test_a_longer_text_is_no_notice() -> None:
    assert notice_of_text("该内容已被发布者删除" + "字" * MAX_LENGTH) is None
    assert notice_of_text("今天天气很好") is None
    assert notice_of_text("") is None


def test_what_any_site_prints_counts_only_on_wechats_pages() -> None:
    assert notice_of_text("系统错误", ours=False) is None
    assert notice_of_text("该内容已被发布者删除", ours=False) is not None
    bare = "<html><head><title>x</title></head><body><p>{}</p></body></html>"
    assert rejected(bare.format("链接已过期")).reason == "foreign"
    assert notice(bare.format("此内容因违规无法查看")).reason == "violation"
    assert (
        notice(bare.format("系统错误"), url="https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv").reason
        == "system_error"
    )


def test_a_violation_names_the_account() -> None:
    script = "window.cgiData = { del_reason_id: '10001', user_name: 'gh_5a5a5a5a5a5a', nick_name: '百灵&amp;草木', };"
    found = notice(weui("此内容因违规无法查看", script=script))
    assert (found.account.ghid, found.account.name, found.retryable) == ("gh_5a5a5a5a5a5a", "百灵&草木", False)


def test_a_migrated_article_says_where_it_went() -> None:
    script = "var transferTargetLink = 'https://mp.weixin.qq.com/s?__biz=MzI=\\x26amp;mid=1\\x26amp;idx=1';"
    assert (
        notice(weui("该公众号已迁移", script=script)).target_url == "https://mp.weixin.qq.com/s?__biz=MzI=&mid=1&idx=1"
    )
    assert notice(weui("", script=script)).reason == "migrated"


@pytest.mark.parametrize(
    "script",
    [
        'var target_url = "https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv?scene=1";',
        "window.cgiData = { target_url: 'https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv' };",
        "u = '/mp/wappoc_appmsgcaptcha?target_url=https%3A%2F%2Fmp.weixin.qq.com%2Fs%2FAbCdEfGhIjKlMnOpQrStUv';",
        'var msg_link = "https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv";',
    ],
)
def test_a_verification_page_tells_what_was_asked_for(script: str) -> None:
    found = notice(weui("环境异常", script=script))
    assert (found.reason, found.retryable) == ("verification", True)
    assert (found.url, found.key) == (
        "https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv",
        "short:AbCdEfGhIjKlMnOpQrStUv",
    )


def test_a_verification_page_that_shows_nothing_is_told_by_its_marks() -> None:
    assert notice(weui("", script="PAGE_MID='mmbizwap:secitptpage/verify.html'")).reason == "verification"


def test_ids_of_the_page_are_the_articles_key() -> None:
    script = 'var biz = "MzkwMDAxMDAwMQ=="; var mid = "7"; var idx = "1";'
    assert notice(weui("该内容已被发布者删除", script=script)).key == "mp:MzkwMDAxMDAwMQ==:7:1"


def test_a_notice_where_the_content_was() -> None:
    saved = (
        '<html><body><div id="js_article"><div id="js_content"><p>该内容已被发布者删除</p></div></div></body></html>'
    )
    assert notice(saved).reason == "deleted"
    assert article(page("<p>该内容已被发布者删除</p>")).full_text == "该内容已被发布者删除"


def test_the_template_is_named() -> None:
    assert read_html(weui("参数错误")).template == "notice"
