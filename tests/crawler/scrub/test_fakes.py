from __future__ import annotations

import base64
import re

from hypothesis import given
from hypothesis import strategies as st

from crawler.scrub.fakes import DATE, NEUTRAL, Faker
from crawler.scrub.ids import EMAIL, URL, fake_id, scrub_email, scrub_ids, scrub_url, tokens_of_url, without_reader

FAKER = Faker("seed")
HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=40)


@given(HAN)
def test_han_keeps_its_length_and_none_of_its_characters_in_place(run: str) -> None:
    made = FAKER.han(run)
    assert len(made) == len(run)
    assert all(new != old and new in NEUTRAL["han"] for new, old in zip(made, run, strict=True))
    assert made == FAKER.han(run)


@given(st.from_regex(r"[A-Za-z0-9_-]{1,40}", fullmatch=True))
def test_a_word_keeps_its_classes(token: str) -> None:
    made = FAKER.word(token)
    assert re.sub("[a-z]", "a", re.sub("[A-Z]", "A", re.sub("[0-9]", "0", made))) == re.sub(
        "[a-z]", "a", re.sub("[A-Z]", "A", re.sub("[0-9]", "0", token))
    )


@given(st.integers(10_000_000, 9_999_999_999))
def test_a_biz_becomes_the_biz_of_the_number_that_its_decimal_becomes(decimal: int) -> None:
    biz = base64.b64encode(str(decimal).encode()).decode()
    made = FAKER.biz(biz)
    assert made is not None
    assert base64.b64decode(made).decode() == FAKER.number(str(decimal))
    assert fake_id(biz.rstrip("="), FAKER) == made.rstrip("=")


def test_what_is_no_biz_has_no_fake() -> None:
    assert FAKER.biz("MzkwMDAx!") is None
    assert FAKER.biz("Mountainview") is None


def test_times_move_by_whole_days_all_alike() -> None:
    moved = int(FAKER.number("1700000000")) - 1_700_000_000
    assert moved == FAKER.days * 86_400
    assert int(FAKER.number("1700000000000")) == 1_700_000_000_000 + moved * 1000
    assert DATE.sub(FAKER.date, "2024年2月30日") == "2024年2月30日"
    assert DATE.sub(FAKER.date, "2024-02-29 08:00").endswith(" 08:00")
    assert DATE.sub(FAKER.date, "2024-02-29") != "2024-02-29"


def test_two_seeds_make_two_fakes() -> None:
    assert Faker("a").han("渡口边的老渡船") != Faker("b").han("渡口边的老渡船")


def test_hosts_that_readers_look_at_stay() -> None:
    assert FAKER.host("mp.weixin.qq.com") == "mp.weixin.qq.com"
    assert FAKER.host("notqq.com") != "notqq.com"
    assert FAKER.host("shop.somewhere.cn").endswith(".example.com")


def url(text: str) -> str:
    return URL.sub(lambda match: scrub_url(match, FAKER), text)


def test_an_article_url_keeps_its_form() -> None:
    made = url(
        "https://mp.weixin.qq.com/s?__biz=MzkwMDAxMDAwMQ==&amp;mid=2247480001&amp;idx=1"
        "&amp;sn=0123456789abcdef0123456789abcdef&amp;scene=21&amp;pass_ticket=abcDEF123&amp;uin=Nzc3#rd"
    )
    assert re.fullmatch(
        r"https://mp\.weixin\.qq\.com/s\?__biz=M[A-Za-z0-9]{13}==&amp;mid=\d{10}&amp;idx=1"
        r"&amp;sn=[0-9a-f]{32}&amp;scene=21#rd",
        made,
    )
    assert "MzkwMDAxMDAwMQ" not in made
    assert "2247480001" not in made


def test_a_url_ends_where_its_escaped_quote_ends() -> None:
    raw = r"data-src=\x22https://mmbiz.qpic.cn/mmbiz_png/AbCdEfGhIjKlMn123/640?wx_fmt=png\x26amp;from=appmsg\x22 data-w"
    made = url(raw)
    assert made.startswith(r"data-src=\x22https://mmbiz.qpic.cn/mmbiz_png/")
    assert made.endswith(r"/640?wx_fmt=png\x26amp;from=appmsg\x22 data-w")
    assert "AbCdEfGhIjKlMn123" not in made


def test_a_url_inside_a_url_is_faked_alike() -> None:
    plain = url("https://mp.weixin.qq.com/s?__biz=MzkwMDAxMDAwMQ==&mid=2247480001")
    inner = url("https%3A%2F%2Fmp.weixin.qq.com%2Fs%3F__biz%3DMzkwMDAxMDAwMQ%3D%3D%26mid%3D2247480001")
    biz, mid = re.findall(r"M[A-Za-z0-9]{13}|\d{10}", plain)
    assert biz in inner
    assert mid in inner


def test_other_sites_keep_only_their_form() -> None:
    made = url("见https://shop.somewhere.cn/people/wang-xiaoming.html?id=778899，")
    assert "wang" not in made
    assert "somewhere" not in made
    assert made.startswith("见https://site-")
    assert ".html?" in made
    assert made.endswith("，")


def test_ids_in_code_are_faked_and_words_stay() -> None:
    made = scrub_ids(
        'var user_name = "gh_0123456789ab"; var mid = "2247480001"; var w = 0.5625000001; c = "#336699";', FAKER
    )
    assert "gh_0123456789ab" not in made
    assert "2247480001" not in made
    assert made.startswith('var user_name = "gh_')
    assert "0.5625000001" in made
    assert "#336699" in made


def test_what_identifies_a_reader_is_emptied() -> None:
    assert without_reader('var pass_ticket = "abcd"; window.wxtoken = "777";') == (
        'var pass_ticket = ""; window.wxtoken = "";'
    )


def test_an_address_is_at_example_com() -> None:
    made = EMAIL.sub(lambda match: scrub_email(match, FAKER), "投稿tougao@somewhere.cn。")
    assert re.fullmatch(r"投稿[a-z]{6}@example\.com。", made)


def test_tokens_that_tell_pictures_apart() -> None:
    assert tokens_of_url("https://mmbiz.qpic.cn/mmbiz_png/AbCdEfGhIj12/640?wx_fmt=png") == ["AbCdEfGhIj12"]


@given(st.text(max_size=300))
def test_nothing_raises(text: str) -> None:
    assert isinstance(scrub_ids(url(text), FAKER), str)
