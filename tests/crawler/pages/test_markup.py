from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.pages.markup import is_escaped, take_out_scripts, undo_escapes


def test_scripts_are_taken_out_and_numbered() -> None:
    found = take_out_scripts(
        b'<p>a</p><script src="x"></script><script>var a = "<p>";</script><b>c</b><script>d</script>'
    )
    assert found.scripts == [b'var a = "<p>";', b"d"]
    assert found.html == b'<p>a</p><script src="x"></script><script>0</script><b>c</b><script>1</script>'
    assert not found.is_cut


def test_a_script_in_a_comment_is_part_of_the_comment() -> None:
    page = b"<!-- <script> --><p>kept</p><!--[if IE]><script>x</script><![endif]--><script>y</script>"
    found = take_out_scripts(page)
    assert found.scripts == [b"y"]
    assert b"<p>kept</p>" in found.html


def test_capitals_as_internet_explorer_saved_them() -> None:
    found = take_out_scripts(b"<BODY><SCRIPT>a</SCRIPT><P>b</P></BODY>")
    assert found.scripts == [b"a"]
    assert b"<P>b</P>" in found.html


def test_elements_that_only_begin_like_a_script_are_none() -> None:
    assert take_out_scripts(b"<scripture>a</scripture>").scripts == []


@pytest.mark.parametrize(
    "page", [b"<p>a</p><script>var b", b"<p>a</p><script", b"<p>a</p><!-- b", b'<p>a</p><script x="']
)
def test_a_page_that_ends_in_a_script_or_comment_is_cut(page: bytes) -> None:
    found = take_out_scripts(page)
    assert found.is_cut
    assert found.html.startswith(b"<p>a</p>")


@settings(deadline=None)
@given(
    st.lists(st.sampled_from([b"<script>", b"</script>", b"<!--", b"-->", b"<p>", b"x", b"<SCRIPT >", b"</SCRIPT>"]))
)
def test_nothing_is_lost(pieces: list[bytes]) -> None:
    page = b"".join(pieces)
    found = take_out_scripts(page)
    rebuilt = found.html
    for number, script in reversed(list(enumerate(found.scripts))):
        before, mark, after = rebuilt.rpartition(b">%d<" % number)
        rebuilt = before + b">" + script + b"<" + after if mark else rebuilt + script
    if not found.is_cut:
        assert rebuilt == page


def test_damage_is_told_and_undone() -> None:
    page = '<div id="js_content" class="a">\n<p title="b">引号 \\ "x"</p>\n<i class="c"></i><i class="d"></i></div>'
    damaged = page.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").encode()
    assert is_escaped(damaged)
    assert undo_escapes(damaged).decode() == page
    assert not is_escaped(page.encode())
    assert not is_escaped(b'<a href=\\"x\\">one slip</a>' + b' class="fine"' * 9)


@settings(deadline=None)
@given(st.binary())
def test_nothing_raises(page: bytes) -> None:
    assert isinstance(is_escaped(page), bool)
    assert len(undo_escapes(page)) <= len(page)
    assert len(take_out_scripts(page).html) <= len(page) + 20 * page.count(b"<")
