from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.reading import article, page, read_html

BIZ = "MzkwMDAxMDAwMQ=="
LINK = "http://mp.weixin.qq.com/s?__biz=MzkwMDAxMDAwMQ==&amp;mid=2650000001&amp;idx=2&amp;sn=0f1e2d3c4b5a69788796a5b4c3d2e1f0#rd"


def test_a_page_without_values_in_scripts_is_read_from_its_elements() -> None:
    found = article(page("<p>字</p>", item=""))
    assert (found.title, found.account.name, found.full_text) == ("石桥旧事", "河湾街坊", "字")
    assert (found.biz, found.published_at, found.is_original) == (None, None, None)


def test_ids_that_the_scripts_leave_open_are_in_the_pages_url() -> None:
    found = article(page("<p>字</p>", item="", scripts=f'var mid = "" || ""; var msg_link = "{LINK}";'))
    assert (found.biz, found.mid, found.idx, found.sn) == (BIZ, "2650000001", "2", "0f1e2d3c4b5a69788796a5b4c3d2e1f0")
    assert found.account.biz == BIZ


def test_another_accounts_url_does_not_fill_ids() -> None:
    found = article(page("<p>字</p>", item='var biz = "MzkwMDAyMDAwMg==";', scripts=f'var msg_link = "{LINK}";'))
    assert (found.biz, found.mid) == ("MzkwMDAyMDAwMg==", None)


def test_the_advertisers_account_and_a_librarys_null_are_not_the_articles() -> None:
    scripts = (
        'var list = { nick_name: "广告", user_name: "gh_0000000000ad" }; var biz = null; var mid = "";'
        'var nickname = htmlDecode("河湾&amp;街坊"); var user_name = "gh_0123456789ab"; var mid = "2650000001" || "";'
    )
    found = article(page("<p>字</p>", scripts=scripts))
    assert (found.account.name, found.account.ghid, found.biz, found.mid) == (
        "河湾&街坊",
        "gh_0123456789ab",
        BIZ,
        "2650000001",
    )


@pytest.mark.parametrize(
    ("scripts", "title"),
    [
        ("var msg_title = '甲 &quot;乙&quot;'.html(false);", '甲 "乙"'),
        ('var msg_title = "甲\\x26amp;乙";', "甲&乙"),
        ("var msg_title = '用 &amp;lt;b&amp;gt; 加粗'.html(false);", "用 &lt;b&gt; 加粗"),
        ('var msg_title = "" || "";', "石桥旧事"),
        ('var msg_title = "分享图片";', "石桥旧事"),
    ],
)
def test_titles_and_their_layers_of_escapes(scripts: str, title: str) -> None:
    assert article(page("<p>字</p>", scripts=scripts)).title == title


@pytest.mark.parametrize(
    ("scripts", "head", "moment", "precision"),
    [
        ('var ct = "1583060645"; var publish_time = "2020-03-01";', "", (2020, 3, 1, 11, 4, 5), "second"),
        ('var ct = ""; var oriCreateTime = "1583060645" * 1;', "", (2020, 3, 1, 11, 4, 5), "second"),
        ('var create_time = "1583060645" * 1;', "", (2020, 3, 1, 11, 4, 5), "second"),
        ('var ct = "0"; var createTime = "2020-03-01 19:04";', "", (2020, 3, 1, 11, 4), "minute"),
        ('var publish_time = "2020-03-01" || "";', "", (2020, 2, 29, 16), "day"),
        ('(function(){var t="1583064245",n="1583060645",s="2020-03-01";})()', "", (2020, 3, 1, 11, 4, 5), "second"),
        (
            "",
            '<meta property="article:published_time" content="2020-03-01T19:04:05+08:00">',
            (2020, 3, 1, 11, 4, 5),
            "second",
        ),
        ('var ct = "999";', "", None, None),
    ],
)
def test_times(scripts: str, head: str, moment: tuple[int, ...] | None, precision: str | None) -> None:
    found = article(page("<p>字</p>", scripts=scripts, head=head))
    assert found.published_at == (datetime(*moment, tzinfo=UTC) if moment else None)  # type: ignore[arg-type, misc]
    assert found.published_precision == precision
    assert found.published_source == ("page" if moment else None)


def test_a_time_in_words_is_a_warning_and_no_time() -> None:
    reading = read_html(page("<p>字</p>").replace('id="publish_time">', 'id="publish_time">昨天'))
    assert reading.warnings == ["the time is printed in words only: 昨天"]


def test_every_value_says_where_it_stood() -> None:
    reading = read_html(page("<p>字</p>", scripts='var ct = "1583060645"; d.title = "乙";'))
    assert reading.sources["title"] == "d.title"
    assert reading.sources["published_at"] == "var ct"
    assert reading.sources["account.name"] == "#js_name"
    assert reading.sources["biz"] == "var biz"


@pytest.mark.parametrize(
    ("scripts", "kind"),
    [
        ('var item_show_type = "0";', "article"),
        ('var item_show_type = "11";', "article"),
        ("window.item_show_type = '8' || '';", "picture"),
        ("window.item_show_type = '10' || '';", "text"),
        ('_g.item_show_type = "5";', "video"),
        ("window.item_show_type = '7';", "audio"),
        ("window.item_show_type = '6';", "music"),
        ("window.item_show_type = '17';", "short"),
        ("", "article"),
        ('var others = { item_show_type: "8" };', "article"),
    ],
)
def test_kinds(scripts: str, kind: str) -> None:
    assert article(page("<p>字</p>", scripts=scripts, head='<meta name="description" content="短">')).kind == kind


def test_an_unknown_kind_is_read_as_an_article_with_a_warning() -> None:
    reading = read_html(page("<p>字</p>", scripts="window.item_show_type = '42';"))
    assert reading.warnings == ["item_show_type 42 is not known; read as an article"]


@pytest.mark.parametrize(
    ("scripts", "body", "original"),
    [
        ('var _copyright_stat = "1";', "", True),
        ('var _copyright_stat = "0";', "", False),
        ('var copyright_stat = "2" * 1;', "", False),
        ("window.copyright_info = { copyright_stat: '11' };", "", True),
        ("", '<span id="copyright_logo">原创</span>', True),
        ("", '<span id="copyright_logo"></span>', None),
    ],
)
def test_original_or_not(scripts: str, body: str, original: bool | None) -> None:
    whole = page("<p>字</p>", scripts=scripts).replace('<a id="js_name">', f'{body}<a id="js_name">')
    assert article(whole).is_original is original


@pytest.mark.parametrize(
    ("wording", "region"),
    [
        ("{countryName: '中国', countryId: '156', provinceName: '云南'}", "云南"),
        ("{countryName: '新加坡', countryId: '702', provinceName: ''}", "新加坡"),
        ("{countryName: '', countryId: '', provinceName: ''}", None),
    ],
)
def test_regions(wording: str, region: str | None) -> None:
    assert article(page("<p>字</p>", scripts=f"window.ip_wording = {wording};")).ip_region == region


def test_readers_counts_only_where_they_are_known() -> None:
    bar = "window.appmsg_bar_data = { old_like_count: '3' * 1, share_count: '0' * 1, comment_count: '' * 1 };"
    found = article(page("<p>字</p>", scripts=f'{bar} var read_num_new = "10万+";')).metrics
    assert found is not None
    assert (found.reads, found.likes, found.shares, found.comments) == (100_000, 3, 0, None)
    assert article(page("<p>字</p>", scripts='var read_num = "0" * 1; var like_num = "" * 1;')).metrics is None


def test_a_picture_page_of_before_the_data_object() -> None:
    scripts = """window.item_show_type = '8' || '';
      window.__init = function (xml) { (function (_g) { var d = _g.cgiData;
        d.title = (xml ? getXmlValue('title.DATA') : '屋顶').html(false);
        d.desc = xml ? getXmlValue('desc.DATA') : '风\\x0a帆';
      })(window); };
      window.picture_page_info_list = [{ cdn_url: 'https://mmbiz.qpic.cn/a/0?x=1\\x26amp;y=2', width: '10' * 1 }, ];"""
    found = article(page("", scripts=scripts))
    assert (found.kind, found.title, found.full_text) == ("picture", "屋顶", "风\n帆")
    assert [(item.url, item.width) for item in found.media] == [("https://mmbiz.qpic.cn/a/0?x=1&y=2", 10)]


def test_a_text_post_without_a_title_of_its_own_has_none() -> None:
    data = (
        "window.cgiDataNew = { item_show_type: '10' * 1, title: '今天晴', text_page_info: { is_user_title: '%s' * 1 }, "
        "content_noencode: '今天晴\\x0a出门' };"
    )
    assert article(page("", title="", item="", scripts=data % "0")).title is None
    assert article(page("", title="", item="", scripts=data % "1")).title == "今天晴"


def test_the_content_may_be_in_a_script_alone() -> None:
    data = "window.cgiDataNew = { item_show_type: '0' * 1, content_noencode: JsDecode('\\x3cp\\x3e一\\x3c/p\\x3e二') };"
    assert article(page("", scripts=data)).full_text == "一\n二"
    written = '<script>document.write("一\\n二 & 三".replace(/x/, "y"))</script>'
    assert article(page(written)).full_text == "一\n二 & 三"


def test_a_damaged_page_is_repaired_with_a_warning() -> None:
    whole = page("<p>字</p>", scripts='var ct = "1583060645";')
    reading = read_html(whole.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n"))
    assert reading.warnings == ["the page's quotes were escaped once too often; one layer was undone"]
    found = article(whole.replace('"', '\\"').replace("\n", "\\n"))
    assert (found.title, found.full_text, found.biz) == ("石桥旧事", "字", BIZ)
    assert found.published_at == datetime(2020, 3, 1, 11, 4, 5, tzinfo=UTC)


def test_a_page_that_ends_in_its_content_is_read_with_a_warning() -> None:
    whole = page("<p>第一段</p><p>第二段</p>")
    reading = read_html(whole[: whole.index("第二段") + 2])
    assert reading.warnings == ["the page ends in the middle; what it has was read"]


def test_an_article_about_a_notice_is_an_article() -> None:
    found = article(page("<p>为什么会看到“该内容已被发布者删除”和“环境异常”？</p>"))
    assert found.full_text.startswith("为什么")


def test_singlefile_says_where_and_when() -> None:
    noted = (
        "<!--\n Page saved with SingleFile \n url: https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv \n "
        "saved date: Tue Jul 09 2024 21:33:53 GMT+0800 (x)\n-->"
    )
    reading = read_html(page("<p>字</p>").replace("<head>", f"<head>{noted}"))
    assert (reading.captured_at, reading.captured_at_source) == (datetime(2024, 7, 9, 13, 33, 53, tzinfo=UTC), "page")
    assert (
        article(page("<p>字</p>").replace("<head>", f"<head>{noted}")).url
        == "https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv"
    )


def test_a_link_in_running_text_gives_an_export_no_identity() -> None:
    export = (
        '<html><body><h1>题</h1><article><p>{}<a href="https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv">{}</a></p>'
        '<img src="https://mmbiz.qpic.cn/a/0"></article></body></html>'
    )
    assert article(export.format("正如上一篇所说，", "那一篇")).url is None
    assert article(export.format("", "原文链接")).url == "https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv"
    assert article(export.format("原文链接：", "点我")).evidence == "export"


def test_of_two_content_areas_the_one_with_the_text_counts() -> None:
    assert (
        article(
            page("<p>字</p>").replace('<div id="js_article"', '<div id="js_content"></div><div id="js_article"')
        ).full_text
        == "字"
    )
