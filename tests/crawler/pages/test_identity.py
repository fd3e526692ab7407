from __future__ import annotations

from urllib.parse import quote

import pytest

from crawler.items import Account, Article, Notice
from crawler.pages.identity import identify, identify_notice
from crawler.text import compact_hash
from tests.crawler.pages.making import capture

BIZ = "MzAwMDAwMDAwMQ=="
LONG = f"https://mp.weixin.qq.com/s?__biz={BIZ}&mid=2650000001&idx=1"
SN = "00112233445566778899aabbccddeeff"
SHORT = "https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv"
CAPTCHA = f"https://mp.weixin.qq.com/mp/wappoc_appmsgcaptcha?poc_token=x&target_url={quote(SHORT, safe='')}"


@pytest.mark.parametrize(
    ("url", "asked", "key"),
    [
        (LONG, None, f"mp:{BIZ}:2650000001:1"),
        (None, LONG + "&sn=" + SN + "&scene=1#rd", f"mp:{BIZ}:2650000001:1"),
        (SHORT, LONG, f"mp:{BIZ}:2650000001:1"),
        (SHORT, None, "short:AbCdEfGhIjKlMnOpQrStUv"),
        (None, CAPTCHA, "short:AbCdEfGhIjKlMnOpQrStUv"),
        (None, None, "text:" + compact_hash("甲 乙")),
        ("https://example.org/s/AbCdEfGhIjKlMnOpQrStUv", None, "text:" + compact_hash("甲乙")),
        ("https://mp.weixin.qq.com/mp/profile_ext?action=home&__biz=" + BIZ, None, "text:" + compact_hash("甲乙")),
    ],
)
def test_key(url: str | None, asked: str | None, key: str) -> None:
    article = Article(url=url, full_text="甲\n乙")
    assert identify(article, capture("x", url=asked)) == []
    assert article.key == key


def test_the_pages_own_ids_win_and_a_foreign_url_is_no_alias() -> None:
    article = Article(biz=BIZ, mid="2650000001", idx="1", full_text="甲")
    warnings = identify(article, capture("x", url=LONG.replace("2650000001", "2650000009")))
    assert article.key == f"mp:{BIZ}:2650000001:1"
    assert [url.url for url in article.urls] == [LONG]
    assert len(warnings) == 1


def test_ids_of_another_account_are_not_taken_over() -> None:
    article = Article(biz="MzAwMDAwMDAwMg==", full_text="甲")
    warnings = identify(article, capture("x", url=LONG))
    assert article.biz == "MzAwMDAwMDAwMg=="
    assert len(warnings) == 1


def test_every_url_form_is_an_alias_without_what_tells_the_reader() -> None:
    article = Article(url=f"{LONG}&sn={SN}&pass_ticket=secret", full_text="甲")
    identify(article, capture("x", url=SHORT))
    assert [(url.form, url.url) for url in article.urls] == [("long", f"{LONG}&sn={SN}"), ("short", SHORT)]
    assert article.account.biz == BIZ


def test_a_notice_is_about_the_article_that_was_asked_for() -> None:
    notice = Notice(reason="deleted", retryable=False, detail="", account=Account())
    identify_notice(notice, capture("x", url=LONG + "&chksm=c"))
    assert (notice.url, notice.key) == (LONG, f"mp:{BIZ}:2650000001:1")


def test_a_notices_own_url_comes_first() -> None:
    notice = Notice(reason="deleted", retryable=False, detail="", url=SHORT)
    identify_notice(notice, capture("x", url=LONG))
    assert notice.key == "short:AbCdEfGhIjKlMnOpQrStUv"


def test_a_notice_without_any_url_is_about_nothing_known() -> None:
    notice = Notice(reason="deleted", retryable=False, detail="")
    identify_notice(notice, capture("x"))
    assert (notice.url, notice.key) == (None, None)
