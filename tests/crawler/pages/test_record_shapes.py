"""Records whose fields stand in objects of their own, as tools and interfaces give them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crawler.pages.record_shapes import flat, within, without_found_words
from crawler.times import utc_text
from tests.crawler.pages.making import article, listing, rejected

URL = "https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv"
HTML = "<p>铜门环磨得发亮。</p><p>敲门的人换了三代。</p>"
TEXT = "铜门环磨得发亮。\n敲门的人换了三代。"
FIELDS = {"title": "门环", "author": "石见", "link": URL}


def text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


@pytest.mark.parametrize(
    "record",
    [
        {"code": 200, "data": {"content": FIELDS | {"content_noencode": HTML}}},
        {"success": True, "metadata": FIELDS, "content": {"html": HTML, "text": "门环 铜门环磨得发亮。"}},
        {"meta": FIELDS, "text": TEXT},
        FIELDS | {"content": {"markdown": TEXT}},
        FIELDS | {"content": [{"type": "text", "content": line} for line in TEXT.split("\n")]},
        {"_index": "a", "_source": FIELDS | {"content": TEXT}},
        FIELDS | {"title": "<em>门</em>环", "content": TEXT},
    ],
)
def test_fields_and_text_are_found_where_they_stand(record: dict[str, Any]) -> None:
    found = article(text(record))
    assert (found.title, found.author, found.url, found.full_text) == ("门环", "石见", URL, TEXT)


def test_an_account_may_be_an_object() -> None:
    account = {"name": "檐下", "alias": "yanxiayuedu", "id": "gh_0123456789ab"}
    found = article(text(FIELDS | {"content": TEXT, "account": account})).account
    assert (found.name, found.alias, found.ghid) == ("檐下", "yanxiayuedu", "gh_0123456789ab")


def test_an_extractors_names() -> None:
    record = {
        "account_name": "檐下", "account_alias": "yanxiayuedu", "account_id": "gh_0123456789ab",
        "account_biz": "MzA3MDM3NjE5NQ==", "msg_has_copyright": True, "msg_content": HTML, "msg_author": "石见",
        "msg_sn": "ed2f165e36707b45e4fdc01ad959d3d3", "msg_idx": 1, "msg_mid": 2650000001, "msg_title": "门环",
        "msg_link": URL, "msg_publish_time": "2026-05-01T00:00:00.000Z",
    }  # fmt: skip
    found = article(text({"done": True, "code": 0, "data": record}))
    assert (found.title, found.author, found.full_text, found.is_original) == ("门环", "石见", TEXT, True)
    assert (found.biz, found.mid, found.idx) == ("MzA3MDM3NjE5NQ==", "2650000001", "1")
    assert (found.account.ghid, found.account.alias) == ("gh_0123456789ab", "yanxiayuedu")


@pytest.mark.parametrize("time", [{"$date": "2026-05-01T00:00:00Z"}, {"$date": {"$numberLong": "1777593600000"}}])
def test_values_as_mongodb_exports_them(time: dict[str, Any]) -> None:
    found = article(text(FIELDS | {"content": TEXT, "publish_time": time}))
    assert found.published_at is not None
    assert utc_text(found.published_at) == "2026-05-01T00:00:00Z"


@pytest.mark.parametrize("nothing", ["nan", "None", "null"])
def test_what_a_table_writes_for_nothing_is_no_text(nothing: str) -> None:
    assert listing(text(FIELDS | {"content": nothing})).entries[0].title == "门环"
    assert rejected(text({"title": "门环", "content": nothing})).reason == "no_content"


def test_what_the_publishers_search_answers_is_a_listing() -> None:
    link = (
        "http://mp.weixin.qq.com/s?__biz=MzA3MDM3NjE5NQ==&mid=2650000001&idx=2&sn=63ff14b6c93b0056b27bc8bfec3a7613#rd"
    )
    item = {"aid": "2650000001_2", "appmsgid": 2650000001, "itemidx": 2, "link": link, "title": "<em>门</em>环"}
    entry = listing(text({"app_msg_cnt": 1, "app_msg_list": [item | {"create_time": 1777593600}]})).entries[0]
    assert (entry.title, entry.key) == ("门环", "mp:MzA3MDM3NjE5NQ==:2650000001:2")


def test_a_records_own_fields_come_first() -> None:
    assert flat({"title": "甲", "meta": {"title": "乙", "url": URL}}) == {"title": "甲", "url": URL}
    assert without_found_words('<em class="highlight">甲</em> < 乙 <emx>') == "甲 < 乙 <emx>"


@pytest.mark.parametrize(
    "inner",
    [
        {"metadata": {"text": "别的。", "title": "别的"}},
        {"meta": {"html": "<p>别的。</p>", "url": f"{URL}b"}},
        {"account": {"name": "别的"}, "公众号": "檐下"},
        {"msg_content": "别的。"},
        {"app_msg_list": []},
    ],
)
def test_what_the_record_says_itself_is_kept(inner: dict[str, Any]) -> None:
    found = article(text(FIELDS | {"content": TEXT} | inner))
    assert (found.title, found.url, found.full_text) == ("门环", URL, TEXT)
    assert found.account.name in {None, "檐下"}


@pytest.mark.parametrize("part", [{"type": "text", "value": "第一段。"}, {"children": [{"text": "第一段。"}]}])
def test_parts_of_which_one_is_not_understood_are_told(part: dict[str, Any]) -> None:
    assert rejected(text(FIELDS | {"content": [part, {"text": "第二段。"}]})).reason == "unknown"


ROWS = [{"title": "门环", "content": "铜。"}, {"title": "门槛", "content_html": "<p>木。</p>"}]


@pytest.mark.parametrize(
    "answer",
    [
        {"data": {"list": ROWS}},
        {"items": [{"content": {"news_item": ROWS[:1]}, "id": 1}, {"content": {"news_item": ROWS[1:]}, "id": 2}]},
        {"https://example.org/1": ROWS[0], "https://example.org/2": ROWS[1]},
        {"result": [[ROWS[0]], [ROWS[1]]]},
    ],
)
def test_records_inside_an_answer(answer: dict[str, Any]) -> None:
    assert within(answer) == ROWS


def test_what_stands_beside_a_list_says_whose_its_records_are() -> None:
    own = ROWS[1] | {"nickname": "檐上"}
    found = within({"公众号": "檐下", "page": 1, "articles": [ROWS[0], own]})
    assert found == [{"公众号": "檐下"} | ROWS[0], own]


@pytest.mark.parametrize(
    "value",
    [
        ROWS[0] | {"related": ROWS},  # a record itself
        {"data": ROWS[0], "related": ROWS},
        {"title": "门环", "content": [{"type": "text", "content": "铜。", "url": "a"}]},
        {"list": [{"comm_msg_info": {}, "app_msg_ext_info": ROWS[0] | {"multi_app_msg_item_list": ROWS}}]},
        {"list": [{"title": "门环", "link": URL}, {"title": "门槛", "content": " "}]},  # no text in any
        {"a": {"b": {"c": {"d": {"e": {"f": {"g": ROWS}}}}}}},  # deeper than answers are
        ["铜", 1, None],
    ],
)
def test_no_records_inside(value: Any) -> None:
    assert within(value) == []


def test_the_best_form_of_a_content_is_taken() -> None:
    content = {"text": "铜门环磨得发亮。敲门的人换了三代。", "markdown": "**铜门环**磨得发亮。\n\n敲门的人换了三代。"}
    assert article(text(FIELDS | {"content": content})).full_text == TEXT
