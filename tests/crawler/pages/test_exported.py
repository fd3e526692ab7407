"""Exports of this project read back: what they say is believed as far as it proves itself."""

from __future__ import annotations

import html
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.items import Article, Credit, Reading, Rejected, Span
from crawler.pages import read
from crawler.pages.exported_slip import Removed, Slip, parse_slip, rebuild
from crawler.text import compact, compact_hash, join_lines
from tests.crawler.pages.making import capture

URL = "https://mp.weixin.qq.com/s?__biz=MzAwMDAwMDAwMQ==&mid=7&idx=1"
BODY = "清晨的河面上起了薄雾。\n渡船慢慢靠了岸。"
TAIL = "\n长按二维码关注我们"


def slip(**changes: Any) -> dict[str, Any]:
    cut = {
        "start": len(BODY),
        "end": len(BODY + TAIL),
        "kind": "follow_prompt",
        "rule": "follow_prompt.scan",
        "text": TAIL,
    }
    after = len(compact(BODY))
    given_ = {
        "text_hash": compact_hash(BODY + TAIL),
        "boilerplate": [cut | {"after": after}],
        "credits": [{"role": "编辑", "name": "林渡"}],
    }
    return given_ | changes


def markdown(body: str = BODY, slip_: object = None, **values: str) -> Reading:
    head = {"title": "渡船", "url": URL, "rules_version": "1.0", "archive": "gzh-archive/1"} | values
    front = "\n".join(f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in head.items())
    end = "" if slip_ is None else f"\n\n<!-- gzh-archive slip: {json.dumps(slip_)} -->"
    text = body.replace("\n", "\n\n")
    return read(capture(f"---\n{front}\n---\n\n# 渡船\n\n{text}{end}\n".encode()))


def article(reading: Reading) -> Article:
    assert isinstance(reading.found, Article), reading.found
    return reading.found


def test_body_and_slip_give_the_full_text_and_its_split() -> None:
    reading = markdown(slip_=slip())
    found = article(reading)
    assert (found.title, found.full_text, found.evidence) == ("渡船", BODY + TAIL, "export")
    assert found.key == "mp:MzAwMDAwMDAwMQ==:7:1"
    assert found.split is not None
    assert found.split.rules_version == "1.0"
    assert found.split.spans == (
        Span(start=len(BODY), end=len(BODY + TAIL), kind="follow_prompt", rule="follow_prompt.scan"),
    )
    assert found.split.credits == (Credit(role="编辑", name="林渡"),)
    assert (reading.template, reading.warnings) == ("archive-markdown", [])


def test_without_a_slip_the_text_is_what_stands_there() -> None:
    found = article(markdown())
    assert (found.full_text, found.split) == (BODY, None)


@pytest.mark.parametrize(
    ("given_", "evidence"),
    [
        ("page", "export"),
        ("export", "export"),
        ("feed", "feed"),
        ("record", "record"),
        ("dump", "dump"),
        ("text", "text"),
        ("proof", "export"),
    ],
)
def test_no_export_is_better_evidence_than_one(given_: str, evidence: str) -> None:
    assert article(markdown(evidence=given_)).evidence == evidence


def test_the_marker_makes_it_an_export() -> None:
    plain = markdown(archive="something else")
    assert plain.template == "markdown-front-matter"
    assert article(plain).split is None


@pytest.mark.parametrize(
    "changes",
    [
        {"text_hash": "0" * 64},
        {"boilerplate": [{"start": 0, "end": 1, "kind": "contact", "rule": "contact.x", "text": "甲", "after": 0}]},
    ],
)
def test_a_text_that_is_not_what_was_exported_counts_as_it_stands(changes: dict[str, Any]) -> None:
    reading = markdown(slip_=slip(**changes))
    assert (article(reading).full_text, article(reading).split) == (BODY, None)
    assert "edited" in reading.warnings[0]


@pytest.mark.parametrize(
    "given_",
    [
        "no json",
        [],
        {"boilerplate": [{"start": 0}]},
        {"boilerplate": [{"start": 2, "end": 1, "kind": "contact", "rule": "contact.x", "text": "甲", "after": 0}]},
        {"boilerplate": [{"start": 0, "end": 1, "kind": "nonsense", "rule": "contact.x", "text": "甲", "after": 0}]},
        {"boilerplate": [{"start": 0, "end": 1, "kind": "contact", "rule": "\x1b[31m", "text": "甲", "after": 0}]},
        {"boilerplate": [{"start": 0, "end": 9, "kind": "contact", "rule": "contact.x", "text": "甲", "after": 0}]},
        {"boilerplate": [{"start": -1, "end": 0, "kind": "contact", "rule": "contact.x", "text": "甲", "after": 0}]},
    ],
)
def test_a_slip_that_cannot_be_used_is_none(given_: object) -> None:
    assert parse_slip(given_) is None
    assert parse_slip(json.dumps(given_)) is None
    assert article(markdown(slip_=given_)).full_text == BODY


def test_what_a_slip_says_passes_the_readers_own_checks() -> None:
    cleaned = parse_slip(
        {
            "credits": [{"role": "编\x1b辑", "name": "林\n渡"}, {"role": "", "name": "\u200b"}],
            "media": [{"kind": "video", "url": "javascript:1", "title": "\x1b海"}],
            "links": [
                {"url": "javascript:1", "text": "a"},
                {"url": "https://example.org", "text": "\x00b"},
                {"url": "weixin://dl/x", "text": ""},
            ],
            "albums": [{"album_id": "1", "title": "\x07"}, {"album_id": None, "title": "集", "url": "file:///x"}],
            "repost": {"kind": "reprint", "biz": "x", "mid": "1", "url": "data:x", "account": "\x1b报", "ghid": "gh"},
        }
    )
    assert cleaned is not None
    assert cleaned.credits == [Credit(role="编辑", name="林 渡")]
    assert cleaned.media is not None
    assert (cleaned.media[0].url, cleaned.media[0].title) == (None, "海")
    assert cleaned.links is not None
    assert [(link.url, link.text) for link in cleaned.links] == [("https://example.org", "b"), ("weixin://dl/x", "")]
    assert [(album.title, album.url) for album in cleaned.albums] == [("集", None)]
    assert cleaned.repost is not None
    assert (cleaned.repost.biz, cleaned.repost.mid, cleaned.repost.url) == (None, "1", None)
    assert (cleaned.repost.account, cleaned.repost.ghid) == ("报", None)


def test_a_text_of_control_characters_is_not_rebuilt() -> None:
    cut = Removed(start=0, end=2, kind="contact", rule="contact.x", text="\x1b\n")
    assert rebuild("甲", Slip(text_hash=compact_hash("\x1b\n甲"), boilerplate=[cut])) is None


@settings(max_examples=400)
@given(st.lists(st.text("甲乙 丙a", min_size=1, max_size=8), min_size=1, max_size=8), st.data())
def test_cuts_go_back_where_they_were(given_: list[str], data: st.DataObject) -> None:
    text = join_lines(given_)
    edges = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6, unique=True)))
    cuts, body, at, letters = [], "", 0, 0
    for start, end in zip(edges[::2], edges[1::2], strict=False):
        body += text[at:start]
        letters = len(compact(body))
        cuts.append(
            Removed(start=start, end=end, kind="contact", rule="contact.x", text=text[start:end], after=letters)
        )
        at = end
    body += text[at:]
    slip_ = Slip(text_hash=compact_hash(text), boilerplate=cuts)
    whole = rebuild(body, slip_)
    assert whole is not None
    assert whole[0] == text
    assert [(s.start, s.end) for s in whole[1]] == [(c.start, c.end) for c in cuts]
    # A format may join lines, or break them: the same letters, other white space.
    joined = rebuild(join_lines([body.replace("\n", " ")]), slip_)
    if joined is not None:
        assert compact(joined[0]) == compact(text)
        assert [compact(joined[0][s.start : s.end]) for s in joined[1]] == [compact(c.text) for c in cuts]


def test_html_is_told_by_its_meta_element() -> None:
    values = {
        "title": "渡船",
        "url": URL,
        "archive": "gzh-archive/1",
        "rules_version": "1.0",
        "slip": json.dumps(slip()),
    }
    meta = html.escape(json.dumps(values), quote=True)
    body = "".join(f"<p>{line}</p>" for line in BODY.split("\n"))
    image = '<a class="gzh-image" href="https://mmbiz.qpic.cn/1/640" rel="x">[图片]</a>'
    head = f'<!DOCTYPE html><html><head><meta name="gzh-archive" content="{meta}"></head>'
    page = f'{head}<body><div id="gzh-body">{body}{image}</div>'
    reading = read(capture(page.encode()))
    found = article(reading)
    assert (found.full_text, found.key, reading.template) == (BODY + TAIL, "mp:MzAwMDAwMDAwMQ==:7:1", "archive-html")
    assert [medium.url for medium in found.media] == ["https://mmbiz.qpic.cn/1/640"]
    other = page.replace("gzh-archive/1", "gzh-archive/9")
    assert read(capture(other.encode())).template != "archive-html"


def test_a_record_is_told_by_its_marker_and_keeps_its_kind() -> None:
    row = {"archive": "gzh-archive/1", "title": "渡船", "kind": "text", "body": BODY, "url": URL, **slip()}
    reading = read(capture(json.dumps(row).encode()))
    assert (article(reading).kind, article(reading).full_text) == ("text", BODY + TAIL)
    row["body"] = "\x1b清晨\x00\n\n 河 面 "
    del row["boilerplate"], row["text_hash"]
    assert article(read(capture(json.dumps(row).encode()))).full_text == "清晨\n河 面"
    row["body"] = ["清晨"]
    assert isinstance(read(capture(json.dumps(row).encode())).found, Rejected)


def test_text_is_told_by_its_head() -> None:
    head = f"标题：渡船：续\n公众号：河报\n发布时间：2024-05-01\n原文链接：{URL}\n存档：gzh-archive/1\n{'─' * 24}\n"
    reading = read(capture(f"{head}{BODY}\n".encode()))
    found = article(reading)
    assert (found.title, found.account.name, found.full_text) == ("渡船：续", "河报", BODY)
    assert (found.published_precision, reading.template) == ("day", "archive-text")
    assert read(capture(f"{head.replace('gzh-archive/1', '别的')}{BODY}".encode())).template != "archive-text"


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=60))
def test_whatever_an_export_says_it_is_read(body: str, value: str, given_: str) -> None:
    row = {
        "archive": "gzh-archive/1",
        "title": value,
        "account": value,
        "url": value,
        "published_at": value,
        "body": body,
    }
    slip_ = {"text_hash": compact_hash(body), "credits": [{"role": given_, "name": value}]}
    for content in (
        json.dumps(row | slip_).encode(),
        f"---\narchive: gzh-archive/1\ntitle: {value}\n---\n{body}\n<!-- gzh-archive slip: {given_} -->".encode(
            "utf-8", "replace"
        ),
        f"存档：gzh-archive/1\n标题：{value}\n{'─' * 24}\n{body}\ngzh-archive slip: {given_}".encode(
            "utf-8", "replace"
        ),
    ):
        found = read(capture(content)).found
        assert type(found).__name__ != "Rejected" or found.reason != "reader_error", found  # type: ignore[union-attr]
