from __future__ import annotations

import json
from typing import Any

import pytest

from tests.crawler.pages.making import listing, notice, reading

LONG = "http://mp.weixin.qq.com/s?__biz=MzAwMDAwMDAwMQ==&mid=2650000001&idx={idx}&sn=00112233445566778899aabbccddeeff&chksm=c#rd"


def message(title: str = "头条", **common: Any) -> dict[str, Any]:
    return {
        "comm_msg_info": {"id": 1, "type": 49, "datetime": 1583020800, "status": 2} | common,
        "app_msg_ext_info": {
            "title": title,
            "content_url": LONG.format(idx=1).replace("/", "\\/").replace("&", "&amp;"),
            "del_flag": 1,
            "multi_app_msg_item_list": [{"title": "次条", "content_url": LONG.format(idx=2), "del_flag": 4}],
        },
    }


def getmsg(*messages: dict[str, Any], **outer: Any) -> str:
    return json.dumps({"ret": 0, "general_msg_list": json.dumps({"list": list(messages)})} | outer)


def test_getmsg_names_every_article_of_a_message() -> None:
    found = listing(getmsg(message(), can_msg_continue=1, next_offset=10))
    assert [(entry.title, entry.key, entry.is_deleted) for entry in found.entries] == [
        ("头条", "mp:MzAwMDAwMDAwMQ==:2650000001:1", False),
        ("次条", "mp:MzAwMDAwMDAwMQ==:2650000001:2", True),
    ]
    assert found.entries[0].url == LONG.format(idx=1).replace("http:", "https:").partition("&chksm")[0]
    assert (found.kind, found.account.biz, found.has_more, found.next_offset) == (
        "getmsg",
        "MzAwMDAwMDAwMQ==",
        True,
        "10",
    )


@pytest.mark.parametrize(
    "form",
    [
        json.dumps,
        lambda rows: json.dumps({"list": rows}),
        lambda rows: "\n".join(json.dumps(row) for row in rows),
        lambda rows: json.dumps({"general_msg_list": {"list": rows}}),
    ],
)
def test_the_messages_may_come_without_their_envelope(form: Any) -> None:
    assert [entry.title for entry in listing(form([message("甲"), message("乙")])).entries] == [
        "甲",
        "次条",
        "乙",
        "次条",
    ]


def test_a_message_that_was_withdrawn_names_deleted_articles() -> None:
    assert all(entry.is_deleted for entry in listing(getmsg(message(status=7))).entries)


def test_a_message_of_text_names_nothing() -> None:
    assert listing(getmsg({"comm_msg_info": {"type": 1, "content": "你好"}})).entries == []


def test_publish_page_in_its_layers() -> None:
    info = {"sent_info": {"time": 1583020800}, "appmsgex": [{"title": "甲", "link": LONG.format(idx=1), "itemidx": 1}]}
    rows = [
        {"publish_info": json.dumps(info).replace('"', "&quot;")},
        {"publish_info": ""},
        {"publish_info": "{broken"},
    ]
    page = json.dumps({"total_count": 3, "publish_list": rows})
    found = listing(json.dumps({"base_resp": {"ret": 0}, "publish_page": page}))
    assert [(entry.title, entry.key) for entry in found.entries] == [("甲", "mp:MzAwMDAwMDAwMQ==:2650000001:1")]
    assert (found.kind, found.has_more) == ("publish_page", False)


def test_an_article_named_twice_in_one_message_is_listed_once() -> None:
    item = {"title": "甲", "link": LONG.format(idx=1), "itemidx": 1}
    rows = [{"publish_info": {"appmsgex": [item], "appmsg_info": [item | {"content_url": item["link"]}]}}]
    assert len(listing(json.dumps({"publish_list": rows})).entries) == 1


def test_an_album_of_one_article_is_an_object() -> None:
    item = {
        "title": "甲",
        "url": LONG.format(idx=1),
        "msgid": "2650000001",
        "itemidx": "1",
        "create_time": "1583020800",
    }
    found = listing(json.dumps({"getalbum_resp": {"article_list": item, "continue_flag": "0"}}))
    assert [entry.key for entry in found.entries] == ["mp:MzAwMDAwMDAwMQ==:2650000001:1"]
    assert (found.kind, found.has_more, found.next_offset) == ("album", False, None)


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        ({"ret": -3, "errmsg": "no session"}, "log in"),
        ({"base_resp": {"ret": 200003, "err_msg": "invalid session"}}, "log in"),
        ({"base_resp": {"ret": 200013, "err_msg": "freq control"}}, "wait"),
        ({"base_resp": {"ret": 99, "err_msg": "something"}}, "something"),
        ({"ret": -3, "errmsg": "no session", "general_msg_list": '{"list":[]}'}, "log in"),
    ],
)
def test_a_refusal_is_a_notice_and_never_an_empty_listing(answer: dict[str, Any], word: str) -> None:
    found = notice(json.dumps(answer))
    assert (found.reason, found.retryable) == ("verification", True)
    assert word in found.detail


def test_an_account_without_articles_is_an_empty_listing() -> None:
    assert listing(getmsg(can_msg_continue=0)).entries == []


@pytest.mark.parametrize(
    "value",
    [
        {"general_msg_list": "{"},
        {"general_msg_list": {"list": [None, 1, "x", {"app_msg_ext_info": 3}, {"comm_msg_info": []}]}},
        {"publish_list": [None, {"publish_info": {"appmsgex": {"a": 1}, "sent_info": 4}}]},
        {"article_list": None},
        {"getalbum_resp": {"article_list": [{"title": ["x"], "url": {"a": 1}}], "base_info": 3}},
        {"base_resp": []},
        {"ret": {}, "errmsg": {}},
    ],
)
def test_broken_shapes_are_harmless(value: object) -> None:
    assert getattr(reading(json.dumps(value)).found, "reason", "") != "reader_error"
