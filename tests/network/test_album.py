"""The spider `album` as users run it, and how its pages go on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from site_on_loopback import Answer, Site

from crawler.network.album_task import last_place, page_url

if TYPE_CHECKING:
    from collections.abc import Callable

    from running import Ended

    Rows = Callable[..., list[tuple[Any, ...]]]

BIZ = "MzAwMDAwMDAwMQ=="
URL = f"https://mp.weixin.qq.com/mp/appmsgalbum?__biz={BIZ}&action=getalbum&album_id=1234567890123456789"


def listed(numbers: range, *, more: bool) -> bytes:
    """A page of the album."""
    articles = [
        {
            "title": f"第{number}篇",
            "url": f"http://mp.weixin.qq.com/s?__biz={BIZ}&mid={1000 + number}&idx=2&sn={'0' * 32}#rd",
            "msgid": str(1000 + number),
            "itemidx": "2",
            "create_time": str(1714521600 + number),
        }
        for number in numbers
    ]
    answer = {"article_list": articles, "continue_flag": "1" if more else "0", "base_info": {"title": "集市"}}
    return json.dumps({"base_resp": {"ret": 0}, "getalbum_resp": answer}).encode()


def path(after: tuple[str, str] | None = None) -> str:
    """What the site is asked for a page of the album."""
    return page_url("1234567890123456789", BIZ, after).removeprefix("https://mp.weixin.qq.com")


def test_an_album_is_read_page_by_page_and_its_articles_wait(
    site: Site, fetch: Callable[..., Ended], rows: Rows
) -> None:
    site.answers[path()] = Answer(body=listed(range(20), more=True), media_type="application/json")
    site.answers[path(("1019", "2"))] = [
        Answer(status=429, headers=(("Retry-After", "1"),)),
        Answer(body=listed(range(20, 25), more=False), media_type="application/json"),
    ]
    ended = fetch("-a", f"url={URL}&scene=1#wechat_redirect", spider="album")
    assert (ended.code, ended.report["listing"], ended.report["waiting"]) == (0, 2, 25), ended.err
    assert site.paths == ["/robots.txt", path(), path(("1019", "2")), path(("1019", "2"))]
    assert rows("SELECT state, count(*), min(url) FROM frontier GROUP BY 1") == [
        ("pending", 25, f"https://mp.weixin.qq.com/s?__biz={BIZ}&mid=1000&idx=2&sn={'0' * 32}")
    ]
    assert rows("SELECT count(DISTINCT key) FROM listed") == [(25,)]
    again = fetch("-a", f"url={URL}", spider="album")
    assert (again.code, again.report["waiting"], again.report["stored"]) == (0, 25, 0)


@pytest.mark.parametrize(
    ("body", "code", "said"),
    [
        (
            b'{"base_resp": {"ret": 0}, "getalbum_resp": {"base_info": {}, "continue_flag": "0"}}',
            5,
            "names no articles",
        ),
        (b"<html><body><p>no</p></body></html>", 5, "names no articles"),
        (b'{"base_resp": {"ret": 200013, "err_msg": "freq control"}}', 3, "frequency control"),
    ],
)
def test_what_is_no_album_is_no_empty_one(
    site: Site, fetch: Callable[..., Ended], rows: Rows, body: bytes, code: int, said: str
) -> None:
    site.answers[path()] = Answer(body=body, media_type="application/json")
    ended = fetch("-a", f"url={URL}", spider="album")
    assert (ended.code, said in ended.err) == (code, True), ended.err
    assert rows("SELECT count(*) FROM captures") == [(0,)]


def test_an_album_that_goes_in_circles_ends(site: Site, fetch: Callable[..., Ended]) -> None:
    for after in (None, ("1002", "2")):
        site.answers[path(after)] = Answer(body=listed(range(3), more=True), media_type="application/json")
    ended = fetch("-a", f"url={URL}", spider="album")
    assert (ended.code, len(site.paths)) == (5, 3)
    assert "gives no way on" in ended.err


def test_robots_are_obeyed_and_wrong_use_is_told(site: Site, fetch: Callable[..., Ended]) -> None:
    site.answers["/robots.txt"] = Answer(body=b"User-agent: *\nDisallow: /\n", media_type="text/plain")
    ended = fetch("-a", f"url={URL}", spider="album")
    assert (ended.code, site.paths) == (3, ["/robots.txt"])
    for words in (
        [],
        ["-a", "url=https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv"],
        ["-a", f"url={URL}", "-a", "fetch=1"],
    ):
        assert fetch(*words, spider="album").code == 2


@given(st.binary() | st.recursive(st.none() | st.text(), st.lists).map(lambda value: json.dumps(value).encode()))
def test_any_bytes_have_a_last_place_or_none(content: bytes) -> None:
    assert last_place(content) is None
    assert last_place(listed(range(1, 3), more=True)) == ("1002", "2")
