from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.pages import media

IMAGE = "https://mmbiz.qpic.cn/mmbiz_png/fixture/640?wx_fmt=png"


def test_an_image_has_the_address_that_the_page_loads_late() -> None:
    found = media.image(
        {
            "data-src": f"{IMAGE}&amp;from=appmsg",
            "src": "data:image/gif;base64,AA",
            "data-w": "600",
            "data-ratio": "1.5",
        }
    )
    assert found is not None
    assert (found.url, found.width, found.height) == (f"{IMAGE}&from=appmsg", 600, 900)


@pytest.mark.parametrize(
    "attributes",
    [
        {},
        {"src": "data:image/svg+xml,%3Csvg/%3E"},
        {"src": "https://res.wx.qq.com/mpres/htmledition/images/icon/emotion/0.gif"},
        {"class": "rich_emoji", "src": IMAGE},
        {"style": "display: none", "src": IMAGE},
    ],
)
def test_icons_and_placeholders_are_no_images(attributes: dict[str, str | None]) -> None:
    assert media.image(attributes) is None


def test_an_image_that_was_saved_into_the_page_has_no_address() -> None:
    found = media.image({"src": "data:image/png;base64," + "A" * 2000, "data-w": "10"})
    assert found is not None
    assert found.url is None
    local = media.image({"src": "./a_files/640.png", "data-croporisrc": IMAGE})
    assert local is not None
    assert local.url == IMAGE


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("246000", 246.0),
        ("246", 246.0),
        ("3:21", 201.0),
        ("1:00:01", 3601.0),
        ("0", None),
        ("", None),
        ("x", None),
        (None, None),
    ],
)
def test_lengths_of_players(written: str | None, seconds: float | None) -> None:
    assert media.duration(written) == seconds


def test_a_videos_ratio_is_width_to_height() -> None:
    found = media.video({"data-mpvid": "wxv_1", "data-w": "1280", "data-ratio": "1.7777777"})
    assert found is not None
    assert (found.media_id, found.width, found.height) == ("wxv_1", 1280, 720)


def test_a_video_by_its_address_and_a_frame_that_is_none() -> None:
    found = media.video({"data-src": "https://v.qq.com/iframe/preview.html?vid=a0000fixture&auto=0"})
    assert found is not None
    assert found.media_id == "a0000fixture"
    assert media.video({"data-src": "/cgi-bin/readtemplate?t=vote/vote-new_tmpl"}) is None
    assert media.video({"data-src": "https://example.com/map"}) is None


def test_links_of_every_kind() -> None:
    def kind(**attributes: str) -> str | None:
        found = media.anchor({name.replace("_", "-"): value for name, value in attributes.items()}, "text")
        return found.kind if found else None

    assert kind(href="https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv") == "article"
    assert (
        kind(href="http://mp.weixin.qq.com/s?__biz=MzkwMDAxMDAwMQ==&amp;mid=1&amp;idx=1&amp;sn=0123456789abcdef")
        == "article"
    )
    assert kind(href="https://mp.weixin.qq.com/mp/appmsgalbum?album_id=1") == "link"
    assert kind(href="https://example.com/s/x") == "link"
    assert kind(href="mailto:a@example.com") == "link"
    assert kind(data_miniprogram_appid="wx1", href="") == "program"
    assert kind(href="https://example.com", topic_id="1") == "topic"
    assert kind(href="javascript:void(0);") is None
    assert kind(href="javascript:;", data_href="https://example.com/") == "link"
    assert kind(href="#top") is None
    assert kind() is None


def test_a_program_is_opened_by_its_scheme() -> None:
    found = media.program({"data-miniprogram-appid": "wx1", "data-miniprogram-path": "pages/a?b=1"}, "name")
    assert found is not None
    assert found.url == "weixin://dl/business/?appid=wx1&path=pages/a%3Fb%3D1"


def test_an_account_without_a_usable_id_gives_no_link() -> None:
    assert media.account({"data-id": "not base64"}, "name") is None


attributes = st.dictionaries(
    st.sampled_from(
        [
            "src",
            "data-src",
            "href",
            "data-href",
            "style",
            "class",
            "data-w",
            "data-ratio",
            "width",
            "play_length",
            "vid",
            "data-id",
            "data-miniprogram-appid",
            "source_size",
            "name",
            "music_name",
            "singer",
        ]
    ),
    st.none()
    | st.text(max_size=30)
    | st.sampled_from(["https://[", "http://mp.weixin.qq.com/s/x", "1e999", "0", "９", "-1"]),
)


@settings(deadline=None)
@given(attributes)
def test_nothing_raises(given_attributes: dict[str, str | None]) -> None:
    for read in (media.image, media.voice, media.music, media.video):
        read(given_attributes)
    for link in (media.anchor, media.program, media.account):
        found = link(given_attributes, "text")
        assert found is None or found.url
