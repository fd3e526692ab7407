from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.fixturing import Made, Maker, NotPossibleError
from crawler.items import Article, Capture, Notice
from crawler.pages.document import Limits
from crawler.scrub.shape import differences, shape_of, surviving_values, survivors
from crawler.scrub.vocabulary import Vocabulary
from pipelines.boilerplate import load_rules

PROJECT = Path(__file__).parents[3]
FIXTURES = PROJECT / "fixtures"
MAKER = Maker(load_rules(), Limits(), [])
CHOSEN = [
    *sorted(FIXTURES.glob("pages/article-20*.html")),
    *sorted(FIXTURES.glob("pages/notice-v*.html")),
    *(FIXTURES / "pages" / f"{name}.html" for name in ("picture-2025", "text-2025", "share-2019", "history-profile")),
    *sorted(FIXTURES.glob("dumps/*.txt")),
    *sorted(FIXTURES.glob("markdown/*.md")),
    *(FIXTURES / "records" / f"{name}.json" for name in ("html", "chinese")),
    *(FIXTURES / "listings" / f"{name}.json" for name in ("getmsg", "publish_page")),
    *sorted(FIXTURES.glob("mhtml/*.mhtml")),
]


def capture(content: str | bytes) -> Capture:
    return Capture(
        uri="file:///x",
        name="x",
        content=content.encode() if isinstance(content, str) else content,
        captured_at=datetime(2026, 1, 2, tzinfo=UTC),
        captured_at_source="mtime",
    )


def made(content: str | bytes, *phrases: str) -> Made:
    return Maker(MAKER.rules, Limits(), list(phrases)).make(capture(content))


@pytest.mark.parametrize(
    "path", [path for path in CHOSEN if not path.name.endswith(".expected.json")], ids=lambda p: p.name
)
def test_a_fixture_made_of_a_fixture_keeps_its_shape(path: Path) -> None:
    again = MAKER.make(capture(path.read_bytes()))
    assert again.differs == []
    assert MAKER.make(capture(path.read_bytes())).text == again.text


PAGE = r"""<!DOCTYPE html><html><head><meta charset="utf-8">
<meta property="og:title" content="石桥边的铁匠铺 &amp; iPot">
<meta property="og:description" content="铁匠老龚今年七十有二"></head><body id="activity-detail">
<div id="js_article"><h1 class="rich_media_title" id="activity-name">石桥边的铁匠铺 &amp; iPot</h1>
<a id="js_name">云溪旧事</a><div class="rich_media_content" id="js_content">
<p>铁匠老龚今年<b>七十</b>有二，还在打 Damascus 刀。电话 13912345678，云溪旧事采访了他。</p>
<p><img data-src="https://mmbiz.qpic.cn/mmbiz_png/AbCdEfGhIjKl0123/640?wx_fmt=png" data-w="1080" data-ratio="0.5"></p>
<p><a href="https://mp.weixin.qq.com/s/ZxCvBnMaSdFgHjKlQwErTy">上一篇</a></p>
<p>点击上方蓝字关注云溪旧事</p>
<p>编辑：龚 满 仓</p></div></div>
<script>var biz = "MzkwMDAxMDAwMQ==" || ""; var mid = "2247480001" || ""; var idx = "1" || "";
var nickname = htmlDecode("云溪旧事"); var user_name = "gh_0123456789ab"; var ct = "1700000000";
var msg_title = '石桥边的铁匠铺 \x26amp; iPot'.html(false);
var msg_desc = "铁匠老龚今年七十有二";
var pass_ticket = "qwertyuiop";
var json = {"name":"\u4e91\u6eaa\u65e7\u4e8b","raw":"\x3cp\x3e铁匠老龚今年七十有二\x3c/p\x3e"};
</script></body></html>"""


def test_nothing_of_a_page_is_left_but_its_form() -> None:
    fixture = made(PAGE)
    assert fixture.differs == []
    for gone in (
        "铁匠", "老龚", "云溪", "iPot", "Damascus", "13912345678", "AbCdEfGh", "ZxCvBnMa", "MzkwMDAxMDAwMQ",
        "2247480001", "gh_0123456789ab", "1700000000", "满", "qwertyuiop", "\\u4e91",
    ):  # fmt: skip
        assert gone not in fixture.text, gone
    for kept in ("点击上方蓝字关注", "编辑：", 'data-w="1080"', 'id="js_content"', "wx_fmt=png", "mmbiz.qpic.cn"):
        assert kept in fixture.text, kept


def test_equal_texts_stay_equal_in_every_form() -> None:
    found = made(PAGE).reading.found
    assert isinstance(found, Article)
    name, title, digest = found.account.name, found.title, found.digest
    assert name
    assert title
    assert digest
    text = made(PAGE).text
    assert text.count(title.replace("&", "&amp;")) == 2
    assert title.replace("&", r"\x26amp;") in text
    assert found.full_text.replace("\n", "").startswith(digest)
    assert text.count(digest) == 3
    assert f"，{name}" in found.full_text
    assert f"关注{name}" in found.full_text
    assert "".join(f"\\u{ord(char):04x}" for char in name) in text


def test_a_phrase_that_is_missed_can_be_kept() -> None:
    page = PAGE.replace("</p></div></div>", "</p><p>石桥边上见不见不散哦朋友们</p></div></div>")
    assert "石桥边上见不见不散哦朋友们" not in made(page).text
    assert "石桥边上见不见不散哦朋友们" in made(page, "石桥边上见不见不散哦朋友们").text


def test_big_scripts_that_say_nothing_go() -> None:
    bundle = "<script>" + "function f(a){return a+1};" * 20_000 + "</script>"
    fixture = made(PAGE.replace("</body>", bundle + "</body>"))
    assert fixture.differs == []
    assert len(fixture.text) < 10_000


def test_a_notice_keeps_its_sentence_and_loses_its_account() -> None:
    page = (FIXTURES / "pages" / "notice-violation.html").read_bytes()
    before, fixture = MAKER.read(capture(page), page.decode()), made(page)
    assert isinstance(before.found, Notice)
    assert isinstance(fixture.reading.found, Notice)
    assert fixture.reading.found.detail == before.found.detail
    assert before.found.account.name
    assert before.found.account.name not in fixture.text


def test_json_in_json_is_rewritten_and_its_keys_stay() -> None:
    record = json.dumps(
        {
            "title": "石桥边的铁匠铺子",
            "account": "云溪旧事",
            "content": "铁匠老龚今年七十有二，还在打刀。",
            "extra": '{"k": "打铁要趁热火来"}',
        }
    )
    fixture = json.loads(made(record).text)
    assert list(fixture) == ["title", "account", "content", "extra"]
    assert list(json.loads(fixture["extra"])) == ["k"]
    assert "打铁" not in fixture["extra"]


@pytest.mark.parametrize("content", [b"%PDF-1.7\n\x00\x01", b"PK\x03\x04\x00\x00", b""])
def test_what_is_no_text_makes_no_fixture(content: bytes) -> None:
    with pytest.raises(NotPossibleError, match="no text"):
        made(content)


def test_a_rejected_page_makes_a_fixture_that_is_rejected_alike() -> None:
    fixture = made(
        "<html><head><title>邻村的网站首页</title></head><body><p>别处的一张网页，不是公众号文章。</p></body></html>"
    )
    assert fixture.differs == []
    assert "邻村的网站" not in fixture.text


HAN = st.text("渡口边的老船工今年七十有二还在摆渡河水很急", min_size=9, max_size=60)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(HAN, st.sampled_from(["<p>", "，", "\n", "&nbsp;", "<b>", " END ", "\\x3cp\\x3e"])),
        min_size=1,
        max_size=6,
    )
)
def test_no_long_run_of_the_original_is_left(pieces: list[tuple[str, str]]) -> None:
    body = "".join(run + mark for run, mark in pieces)
    before = PAGE.replace("铁匠老龚今年<b>七十</b>有二", body)
    after = made(before).text
    assert survivors([run for run, _ in pieces], [after], [], Vocabulary(())) == []


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=400))
def test_any_text_makes_a_fixture_or_says_why_not(text: str) -> None:
    fixture: Made | None = None
    with suppress(NotPossibleError):
        fixture = made(text.encode("utf-8", "replace"))
    assert fixture is None or fixture.text == made(text.encode("utf-8", "replace")).text


def test_survivors_are_runs_that_nobody_owns() -> None:
    before = "铁匠老龚今年七十有二了"
    assert survivors([before], ["x" + before[:7] + "y"], [], Vocabulary(())) == []
    assert survivors([before], ["x" + before[:8] + "y"], [], Vocabulary(())) == [before[:8]]
    assert survivors([before], [before], [before], Vocabulary(())) == []
    assert (
        survivors(
            ["微信扫一扫关注该公众号"], ["微信扫一扫关注该公众号"], [], Vocabulary(["微信扫一扫", "关注该公众号"])
        )
        == []
    )


def test_surviving_values_are_told_but_for_short_ones() -> None:
    assert surviving_values(["gh_0123456789ab", "1", "龚某"], "a gh_0123456789ab 1 龚某", []) == ["gh_0123456789ab"]
    assert surviving_values(["weixin_open"], "weixin_open", ["weixin_open"]) == []


def test_differences_name_what_differs() -> None:
    whole = MAKER.read(capture(""), PAGE)
    less = MAKER.read(
        capture(""), PAGE.replace("data-src=", "data-x=").replace('var user_name = "gh_0123456789ab";', "")
    )
    told = differences(whole, less)
    assert any(sentence.startswith("media: 1") for sentence in told)
    assert any("account.ghid" in sentence for sentence in told)
    assert differences(whole, whole) == []
    assert shape_of(whole)["removed"]
