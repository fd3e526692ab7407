from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.pages.values import ScriptValues

NAMES = frozenset({"biz", "mid", "ct", "title", "cgiData", "vid", "nickname"})


def values(*scripts: str) -> ScriptValues:
    return ScriptValues([script.encode() for script in scripts], NAMES)


def test_every_owner_has_its_own_values() -> None:
    found = values('var title = "a";', 'window.title = "b";', 'd.title = "c"; _g.title = "d"; cgiData.title = "e"')
    assert found.text("var", "title") == "a"
    assert found.text("window", "title") == "b"
    # Whose `d` it is cannot be told: pages call the same object by all three names.
    assert sorted(str(value) for value in found.all("d", "title")) == ["c", "d", "e"]
    assert [source for _, source in found.texts("title")] == ["var title", "window.title", *["d.title"] * 3]


def test_the_first_value_that_says_something_counts() -> None:
    found = values('var biz = null; var biz = "" || "";', 'var biz = ""||"MzI=";')
    assert found.text("var", "biz") == "MzI="
    assert found.all("var", "biz") == [None, "", "MzI="]


def test_libraries_are_not_searched() -> None:
    library = 'var __INLINE_SCRIPT__ = (function () { var biz = "MzI="; })();'
    minified = '!function(e){var mid="1"}(window)'
    found = values(library, minified, '(function(e,t){var ct="1"})(1,2)', "x" * 400_000 + ';var nickname = "n";')
    assert [found.text("var", name) for name in ("biz", "mid", "ct", "nickname")] == [None] * 4


def test_other_names_and_comparisons_are_no_assignments() -> None:
    found = values('var other = "x"; if (window.title == "y") {} my_d.title = "z"; scope.d.title = "w";')
    assert found.text("window", "title") is None
    assert found.text("d", "title") is None
    assert found.all("var", "other") == []


def test_minified_lists_are_read_where_nothing_else_is() -> None:
    found = values('var a=1,biz="MzI=",mid="2650000001",ct="1561299713";')
    assert (found.text("var", "biz"), found.text("var", "ct")) == ("MzI=", "1561299713")


def test_the_data_object_is_found_in_its_script_and_what_stands_around_it_read_too() -> None:
    found = values(
        "(function() {\n try {\n window.cgiDataNew = { title: JsDecode('\\x3c灯\\x3e'), mid: '7' * 1 };\n"
        ' } catch (e) {}\n window.ct = "1561299713"; })();'
    )
    assert found.data is not None
    assert found.data.text("title") == "<灯>"
    assert found.data.text("mid") == "7"
    assert found.text("window", "ct") == "1561299713"
    assert values("var a = 1;").data is None


def test_objects_and_properties_of_cgi_data() -> None:
    found = values("window.cgiData = { vid: '', title: 'a' };", "window.cgiData.vid = 'wxv_1';")
    assert list(found.objects("cgiData")) == [{"vid": "", "title": "a"}]
    assert found.text("d", "vid") == "wxv_1"


def test_times_handed_to_the_function_that_prints_them() -> None:
    assert values('var e=0,t="1561300000",n="1561299713",s="2019-06-23";').svr_times() == ("1561299713", "2019-06-23")
    assert values("var a;").svr_times() is None


@settings(deadline=None)
@given(st.lists(st.text(alphabet="var windo.dtlebizcgDaNw={}'\",;: ", max_size=80)))
def test_nothing_raises(scripts: list[str]) -> None:
    found = values(*scripts, *("window.cgiDataNew = {" + script for script in scripts))
    assert isinstance(found.text("var", "biz"), (str, type(None)))
    assert isinstance(list(found.texts("title")), list)
    assert (found.data is None) == (not scripts)
