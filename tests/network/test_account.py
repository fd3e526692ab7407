"""The spider `account` as users run it: its session goes nowhere, and its end never looks like an empty list."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from site_on_loopback import Answer, Site

from crawler.exits import ArgumentError
from crawler.network.account_answers import answer_of, next_begin, page_url
from crawler.network.credentials import credentials

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from running import Ended

    Rows = Callable[..., list[tuple[Any, ...]]]

BIZ = "MzAwMDAwMDAwMQ=="
TOKEN, SESSION = "1234567890", "sEcReT0123456789"
PUBLISHER = {"WECHAT_TOKEN": TOKEN, "WECHAT_COOKIE": f"slave_sid={SESSION}; a=b"}
APP = {"WECHAT_KEY": SESSION, "WECHAT_UIN": "MTIzNDU2Nzg5", "WECHAT_PASS_TICKET": SESSION + "/+="}


def published(numbers: range, total: int, note: str = "") -> Answer:
    """A page of the publisher's own list, JSON in strings in JSON."""
    rows = [
        {
            "publish_info": json.dumps(
                {
                    "sent_info": {"time": 1714521600 + number},
                    "appmsgex": [
                        {
                            "title": f"第{number}篇{note}",
                            "link": f"https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrS{number:03}",
                            "itemidx": 1,
                            "appmsgid": 1000 + number,
                        }
                    ],
                }
            )
        }
        for number in numbers
    ]
    page = json.dumps({"total_count": total, "publish_list": rows})
    return answer({"base_resp": {"ret": 0, "err_msg": "ok"}, "publish_page": page})


def sent(numbers: range, *, after: int | None) -> Answer:
    """A page of the list that the app shows."""
    messages = [
        {
            "comm_msg_info": {"datetime": 1714521600 + number, "status": 2, "fakeid": "3000000001"},
            "app_msg_ext_info": {
                "title": f"第{number}篇",
                "content_url": f"http://mp.weixin.qq.com/s?__biz={BIZ}&amp;mid={1000 + number}&amp;idx=1",
                "del_flag": 1,
            },
        }
        for number in numbers
    ]
    more = {"can_msg_continue": 1, "next_offset": after} if after else {"can_msg_continue": 0}
    return answer({"ret": 0, "errmsg": "ok", "general_msg_list": json.dumps({"list": messages}), **more})


def answer(value: object) -> Answer:
    """An answer in JSON."""
    return Answer(body=json.dumps(value).encode(), media_type="application/json")


def path(form: str, begin: int) -> str:
    """What the site is asked for a page."""
    given = {name.removeprefix("WECHAT_").lower(): value for name, value in (PUBLISHER | APP).items()}
    return page_url(form, BIZ, begin, given).removeprefix("https://mp.weixin.qq.com")


def test_the_publishers_list_is_read_until_nothing_new_comes(
    site: Site, fetch: Callable[..., Ended], rows: Rows
) -> None:
    site.answers[path("publish_page", 0)] = published(range(20), 45)
    site.answers[path("publish_page", 20)] = published(range(20, 40), 45)
    site.answers[path("publish_page", 40)] = published(range(40, 45), 45)
    words = ["-a", f"biz={BIZ}"]
    ended = fetch(*words, spider="account", **PUBLISHER)
    assert (ended.code, ended.report["listing"], ended.report["waiting"]) == (0, 3, 45), ended.err
    assert {asked.cookie for asked in site.asked if asked.path != "/robots.txt"} == {PUBLISHER["WECHAT_COOKIE"]}
    assert {asked.cookie for asked in site.asked if asked.path == "/robots.txt"} == {None}
    assert rows("SELECT state, count(*) FROM frontier GROUP BY 1") == [("pending", 45)]
    site.asked.clear()
    assert fetch(*words, spider="account", **PUBLISHER).code == 0
    assert len(site.paths) == 2, "the first page names nothing new"
    site.asked.clear()
    assert fetch(*words, "-a", "all=yes", spider="account", **PUBLISHER).code == 0
    assert len(site.paths) == 4


def test_a_list_that_broke_off_is_read_to_its_end_by_the_next_run(
    site: Site, fetch: Callable[..., Ended], rows: Rows
) -> None:
    site.answers[path("getmsg", 0)] = sent(range(10), after=10)
    site.answers[path("getmsg", 10)] = [Answer(status=500), sent(range(10, 15), after=None)]
    words = ["-a", f"biz=https://mp.weixin.qq.com/s?__biz={BIZ}&mid=1&idx=1&sn={'0' * 32}"]
    ended = fetch(*words, spider="account", **APP)
    assert (ended.code, "answered 500" in ended.err) == (5, True)
    assert fetch(*words, spider="account", **APP).code == 0
    assert rows("SELECT count(*) FROM frontier") == [(15,)]
    assert rows("SELECT name, biz FROM accounts")[0][1] == BIZ


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (answer({"ret": -3, "errmsg": "no session", "cookie_count": 0}), "log in again"),
        (answer({"base_resp": {"ret": 200003, "err_msg": "invalid session"}}), "log in again"),
        (
            answer({"base_resp": {"ret": 200003}, "publish_page": '{"publish_list": [], "total_count": 0}'}),
            "log in again",
        ),
        (Answer(body="<html><body>请登录</body></html>".encode()), "log in again"),
        (answer({"base_resp": {"ret": 200013, "err_msg": "freq control"}}), "left alone until"),
    ],
)
def test_a_session_that_is_over_or_throttled_is_3_and_no_empty_list(
    site: Site, fetch: Callable[..., Ended], rows: Rows, given: Answer, said: str
) -> None:
    site.answers[path("publish_page", 0)] = given
    ended = fetch("-a", f"biz={BIZ}", spider="account", **PUBLISHER)
    assert (ended.code, said in ended.err) == (3, True), ended.err
    assert rows("SELECT count(*) FROM captures") == [(0,)]
    site.asked.clear()
    later = fetch("-a", f"biz={BIZ}", spider="account", **PUBLISHER)
    assert (later.code, bool(site.asked)) == (3, said == "log in again"), "a throttled site is left alone"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (answer({"base_resp": {"ret": 0}, "publish_page": '{"publish_list": [], "total_count": 0}'}), 0),
        (answer({"publish_page": '{"publish_list": [], "total_count": 0}'}), 5),
        (answer({"base_resp": {"ret": 0}}), 5),
        (answer([]), 5),
    ],
)
def test_an_empty_list_is_believed_where_the_answer_says_success(
    site: Site, fetch: Callable[..., Ended], given: Answer, code: int
) -> None:
    site.answers[path("publish_page", 0)] = given
    ended = fetch("-a", f"biz={BIZ}", spider="account", **PUBLISHER)
    assert ended.code == code, ended.err


def test_the_session_stands_nowhere(site: Site, fetch: Callable[..., Ended], database: Path, tmp_path: Path) -> None:
    file, log = tmp_path / "session.toml", tmp_path / "run.log"
    file.write_text(f'key = "{SESSION}"\nuin = "MTIzNDU2Nzg5"\npass_ticket = "{SESSION}/+="\ncookie = "a={SESSION}"\n')
    file.chmod(0o644)
    words = ["-a", f"biz={BIZ}", "-s", f"CREDENTIALS={file}", "-s", "LOG_LEVEL=DEBUG", "-s", f"LOG_FILE={log}"]
    refused = fetch(*words, spider="account")
    assert (refused.code, "chmod 600" in refused.err, site.asked) == (2, True, [])
    file.chmod(0o600)
    value = json.loads(sent(range(3), after=None).body) | {"echo": f"key={SESSION}"}
    site.answers[path("getmsg", 0)] = answer(value)
    ended = fetch(*words, spider="account")
    assert (ended.code, ended.report["listing"]) == (0, 1), ended.err
    for written in (log.read_text(), ended.out, ended.err, refused.err):
        assert SESSION not in written
        assert "MTIzNDU2Nzg5" not in written
    for kept in database.parent.glob("articles.db*"):
        assert SESSION.encode() not in kept.read_bytes()


def test_a_redirect_to_another_site_gets_no_cookie(site: Site, fetch: Callable[..., Ended]) -> None:
    site.answers[path("publish_page", 0)] = Answer(status=302, headers=(("Location", "https://other.example.org/a"),))
    fetch("-a", f"biz={BIZ}", "-s", "ALLOWED_HOSTS=mp.weixin.qq.com,other.example.org", spider="account", **PUBLISHER)
    assert [asked.cookie for asked in site.asked if asked.path == "/a"] == [None]


# --- the pure parts -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("environ", [{}, {"WECHAT_TOKEN": TOKEN}, {"WECHAT_KEY": "a", "WECHAT_UIN": "b"}])
def test_a_session_that_is_not_whole_is_refused(environ: dict[str, str]) -> None:
    with pytest.raises(ArgumentError, match="WECHAT_TOKEN") as caught:
        credentials("", environ)
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize(
    "text", [f'token = "{SESSION}', f'tokn = "{SESSION}"', f'token = "{SESSION}\\r\\nX: y"', "\xff"]
)
def test_a_file_that_cannot_be_used_is_told_without_its_words(tmp_path: Path, text: str) -> None:
    file = tmp_path / "session.toml"
    file.write_bytes(text.encode("latin-1"))
    file.chmod(0o600)
    with pytest.raises(ArgumentError) as caught:
        credentials(str(file), {})
    assert SESSION not in str(caught.value)
    with pytest.raises(ArgumentError, match="cannot be read"):
        credentials(str(tmp_path / "none"), {})


def test_credentials_are_never_printed() -> None:
    session = credentials("", PUBLISHER)
    assert SESSION not in repr(session)
    assert session.secrets() == {TOKEN.encode(), SESSION.encode(), PUBLISHER["WECHAT_COOKIE"].encode()}


def test_a_page_is_asked_for_with_the_session_in_it() -> None:
    asked = parse_qs(urlsplit("https://mp.weixin.qq.com" + path("getmsg", 20)).query)
    assert (asked["offset"], asked["__biz"], asked["pass_ticket"]) == (["20"], [BIZ], [SESSION + "/+="])


@given(
    st.binary()
    | st.recursive(
        st.none() | st.text() | st.integers(),
        lambda inner: (
            st.dictionaries(
                st.sampled_from(
                    [
                        "ret",
                        "base_resp",
                        "publish_page",
                        "publish_list",
                        "next_offset",
                        "can_msg_continue",
                        "total_count",
                    ]
                ),
                inner,
            )
            | st.lists(inner)
        ),
    ).map(lambda value: json.dumps(value).encode())
)
def test_any_answer_is_told_and_a_list_ends_or_goes_on(content: bytes) -> None:
    kind, why = answer_of(content)
    assert (kind == "list") == (why == "")
    if kind == "list":
        for form in ("publish_page", "getmsg"):
            after = next_begin(form, content, 7)
            assert after is None or after > 7
