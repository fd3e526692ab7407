"""Pages as Datasette gives them, asked without a browser."""

from __future__ import annotations

import re
import sqlite3
import zlib
from contextlib import closing
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from shelf import COPY, HOSTILE, LANTERN, LANTERN_TITLE

from crawler.items import Credit
from pipelines.browse.article import by_role
from pipelines.browse.metadata import DATABASE, hidden_columns
from pipelines.store.schema import named_queries, relations

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

OURS = [
    "/",
    "/-/accounts",
    "/-/tables",
    "/-/find",
    "/-/find?q=%E6%B8%A1",
    f"/-/article/{LANTERN}",
    "/-/article/nothing",
]


@pytest.mark.parametrize("path", OURS)
def test_pages_for_readers_load_nothing_and_run_nothing(ask: Callable[..., Any], path: str) -> None:
    answer = ask(path)
    assert answer.status_code == (404 if path.endswith("nothing") else 200)
    policy = answer.headers["content-security-policy"]
    assert "script-src" not in policy
    assert policy.startswith("default-src 'none'; style-src 'self'; img-src 'self';")
    assert "<script" not in answer.text
    assert not re.search(r"\s(?:style|on[a-z]+)=", answer.text)
    assert re.findall(r'(?:src|href)="(?:https?:)?//[^"]*"[^>]*', answer.text) == re.findall(
        r'href="https?://[^"]*" rel="noreferrer[^>]*', answer.text
    )


def test_the_reading_page_has_the_body_and_what_surrounds_it(ask: Callable[..., Any]) -> None:
    text = ask(f"/-/article/{LANTERN}").text
    body, about = text.split('<aside class="about"')
    assert LANTERN_TITLE in body
    assert re.search("<h[2-6]>一根竹子，十二道工序</h", body)
    assert "<blockquote>" in body
    assert "<li>每天先扫地，再碰刀。</li>" in body
    assert '<a class="gzh-image" href="https://mmbiz.qpic.cn/' in body
    assert "<img" not in text
    assert "关注我们" not in body, "what was removed is folded away"
    assert "No longer available: deleted" in body
    assert "Last seen whole" in body
    assert "<dt>编辑</dt><dd>陈桥</dd>" in body
    assert "follow_prompt" in about
    assert "关注我们" in about
    assert "2 revisions" in about
    assert "3 captures" in about
    assert f'href="/-/article/{COPY}"' in about
    assert len(set(re.findall(r'href="/-/raw/[0-9a-f]{64}"', about))) == 3


@pytest.mark.parametrize(
    "reference",
    [
        LANTERN,
        quote(LANTERN, safe=""),
        "1",
        quote("https://mp.weixin.qq.com/s?__biz=MzAwMDAwMDAxMQ==&mid=2650001001&idx=1", safe=""),
    ],
)
def test_an_article_is_found_by_key_id_and_url(ask: Callable[..., Any], reference: str) -> None:
    assert ask(f"/-/article/{reference}").status_code == 200


def test_a_revision_shows_what_changed_and_what_was_removed(ask: Callable[..., Any]) -> None:
    text = ask(f"/-/article/{LANTERN}/revision/2").text
    assert "<del>三</del><ins>五</ins>" in text
    assert '<del data-kind="follow_prompt" title="follow_prompt: ' in text
    assert "What changed" not in ask(f"/-/article/{LANTERN}/revision/1").text


@pytest.mark.parametrize("number", ["0", "3", "01", "x", "1;2", "9" * 40])
def test_a_revision_that_is_not_there_is_404(ask: Callable[..., Any], number: str) -> None:
    answer = ask(f"/-/article/{LANTERN}/revision/{number}")
    assert (answer.status_code, "there are 1 to 2" in answer.text) == (404, True)


def test_the_bytes_come_as_a_file_whatever_they_are(ask: Callable[..., Any], database: Path) -> None:
    page = ask(f"/-/article/{HOSTILE}").text
    sha256 = re.findall(r"/-/raw/([0-9a-f]{64})", page)[0]
    answer = ask(f"/-/raw/{sha256}")
    assert answer.content == (database.parent / "shelf" / "hostile.html").read_bytes()
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == f'attachment; filename="{sha256}.bin"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"].startswith("sandbox")


@pytest.mark.parametrize("sha256", ["0" * 64, "x", "0" * 63, "%2e%2e%2f", "0" * 64 + "%00", "%27 OR 1"])
def test_bytes_that_are_not_there_are_404(ask: Callable[..., Any], sha256: str) -> None:
    assert ask(f"/-/raw/{sha256}").status_code == 404


def test_hostile_text_is_text(ask: Callable[..., Any]) -> None:
    for path in (
        f"/-/article/{HOSTILE}",
        f"/-/article/{HOSTILE}/revision/1",
        "/",
        "/-/find?account=江边晨报",
        "/-/find?q=cmd",
    ):
        text = ask(path).text
        assert "<script>window" not in text
        assert "&lt;script&gt;" in text.replace("&lt;<mark>script</mark>&gt;", "&lt;script&gt;")
        assert not re.search(r'href="(?:javascript|data|vbscript):', text, re.IGNORECASE)
        assert "onerror" not in text
        title = re.search(r"<h1.*?</h1>|<a class=\"title\".*?</a>", text, re.DOTALL)
        assert title
        assert not re.search("[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069]", title[0])


def test_a_search_marks_what_it_found_and_repeats_the_question_harmlessly(ask: Callable[..., Any]) -> None:
    text = ask("/-/find?q=走马灯").text
    assert "<mark>走马灯</mark>" in text
    assert "2 articles" in text
    evil = ask("/-/find?q=" + quote('"><script>x</script>')).text
    assert "<script>x" not in evil
    assert "Nothing was found." in evil


def test_the_first_page_shows_what_is_there_and_what_is_gone(ask: Callable[..., Any]) -> None:
    text = ask("/").text
    assert "<b>33</b> articles" in text
    assert 'aria-label="Articles by month, 2024-01 to 2025-05: 33 in all, most in 2025-01: 5.' in text
    assert re.search(r"What disappeared.*deleted", text, re.DOTALL)
    assert "stored 33 · revised 1 · notice 1 · rejected 1" in text


def test_every_table_view_and_query_opens(ask: Callable[..., Any], database: Path) -> None:
    with closing(sqlite3.connect(database)) as db:
        names = [name for name in relations(db) if not name.startswith(("search_spaced", "sqlite_"))]
    for name in [*names, *named_queries()]:
        answer = ask(f"/{DATABASE}/{name}")
        assert answer.status_code == 200, name
        assert 'name="_search"' not in answer.text, "Datasette's own search would find nothing"
        assert 'action="/-/find"' in answer.text


def test_a_table_that_is_not_there_is_said_here_and_not_in_the_terminal(
    ask: Callable[..., Any], capfd: pytest.CaptureFixture[str]
) -> None:
    answer = ask(f"/{DATABASE}/nothing")
    assert (answer.status_code, "Table not found" in answer.text, "/assets/tables.css" in answer.text) == (
        404,
        True,
        True,
    )
    assert capfd.readouterr() == ("", "")


def test_tables_do_not_show_what_is_heavy_and_link_to_what_can_be_read(ask: Callable[..., Any]) -> None:
    for table, columns in hidden_columns().items():
        rows = ask(f"/{DATABASE}/{table}.json?_shape=array").json()
        assert not any(set(columns) & set(row) for row in rows), table
    assert f'href="/-/article/{LANTERN}"' in ask(f"/{DATABASE}/disappeared").text
    assert 'href="/-/raw/' in ask(f"/{DATABASE}/captures").text
    assert ask(f"/{DATABASE}/raw.json?_shape=array&_col=bytes").json()[0]["bytes"]


def test_tables_for_spreadsheets_have_no_formula(ask: Callable[..., Any]) -> None:
    rows = ask(f"/{DATABASE}/article_list.csv?_size=max&_dl=on").text
    assert ",'=cmd|" in rows
    assert ",=cmd|" not in rows


@pytest.mark.parametrize(
    "sql", ["delete from articles", "pragma journal_mode=delete", "attach 'x' as y", "select 1; drop table articles"]
)
def test_sql_of_readers_reads(ask: Callable[..., Any], sql: str) -> None:
    assert ask(f"/{DATABASE}.json?sql={quote(sql)}").status_code in (400, 403)
    assert ask(f"/{DATABASE}.json?_shape=array&sql=select+count(*)+as+n+from+articles").json() == [{"n": 33}]


def test_nothing_of_the_database_changes(ask: Callable[..., Any], database: Path) -> None:
    before = zlib.crc32(database.read_bytes())
    for path in (*OURS, f"/{DATABASE}/article_list", f"/{DATABASE}/articles/1"):
        ask(path)
    assert ask("/-/find", method="post").status_code == 405
    assert zlib.crc32(database.read_bytes()) == before


def test_names_are_grouped_by_role() -> None:
    given = [Credit(role="编辑", name="甲"), Credit(role="图", name="乙"), Credit(role="编辑", name="丙")]
    assert by_role(given) == [("编辑", ["甲", "丙"]), ("图", ["乙"])]
