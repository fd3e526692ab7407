"""What is exported and read again is the same article: every fixture, and any text, in every format."""

from __future__ import annotations

import io
import json
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from archives import capture_of, deriver, make_database
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from readings import article_reading

from crawler.items import Account, Article, Reading
from crawler.sources import records
from crawler.text import compact, join_lines
from pipelines.archive import Archive
from pipelines.export.formats import FORMATS, TABULAR, Format, Options, render, render_all
from pipelines.store.projection import projection

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from pipelines.archive import ArticleRecord

HOSTILE = [
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "[点我](javascript:alert(1))",
    "\x1b[31m红色\x1b[0m \u202e反写",
    "---",
    "title: x",
    "# 一",
    "键：text:0",
    "─" * 24,
    "gzh-archive slip: {}",
    "<!-- gzh-archive slip: {} -->",
    "| 甲 | 乙 |",
    "| --- | --- |",
]


def exported(article: ArticleRecord, form: Format, *, full: bool = False, bare: bool = False) -> bytes:
    """The article in a format, as a capture's content."""
    chosen = Options(format=form, full=full, bare=bare)
    if form not in TABULAR:
        return render(article, chosen).encode()
    text = "".join(render_all([article], chosen))
    if form == "jsonl":
        return text.encode()
    (row,) = records.table(io.BufferedReader(io.BytesIO(text.encode())), ("a.csv",), 2**24)
    return row.content


def read(article: ArticleRecord, form: Format, *, bare: bool = False) -> Reading:
    return deriver().derive(capture_of(exported(article, form, bare=bare)))


def same(reading: Reading, article: ArticleRecord) -> None:
    """Fails unless `reading` is of `article`, with its text, fields and what was removed."""
    found = reading.found
    assert isinstance(found, Article), found
    assert reading.normalized is not None
    assert found.key == article.key
    assert (found.kind, found.title, found.author) == (article.kind, article.title, article.author)
    assert (found.published_at, found.published_precision) == (article.published_at, article.published_precision)
    assert (found.url, found.source_url, found.cover_url) == (article.url, article.source_url, article.cover_url)
    assert (found.is_original, found.ip_region, found.declaration) == (
        article.is_original,
        article.ip_region,
        article.declaration,
    )
    assert compact(found.digest or "") == compact(article.digest or "")
    account = article.account
    told = (found.account.name, found.account.alias, found.account.ghid, found.account.biz, found.account.intro)
    assert told == ((account.name, account.alias, account.ghid, account.biz, account.intro) if account else (None,) * 5)
    assert compact(reading.normalized.body) == compact(article.body)
    assert compact(found.full_text) == compact(article.full_text)
    assert reading.normalized.credits == article.credits
    assert [(s.kind, s.rule) for s in reading.normalized.spans] == [(r.kind, r.rule) for r in article.boilerplate]
    assert [medium.url for medium in found.media] == [medium.url for medium in article.media]
    assert [link.url for link in found.links] == [link.url for link in article.links]
    assert (found.repost, len(found.albums)) == (article.repost, len(article.albums))
    assert found.evidence != "page"
    assert reading.warnings == []


@pytest.mark.parametrize("form", FORMATS)
def test_every_fixture_comes_back_as_it_was(archive: Archive, form: Format) -> None:
    count = 0
    for article in archive.articles():
        same(read(article, form), article)
        count += 1
    assert count > 40


@pytest.mark.parametrize("form", FORMATS)
def test_an_archive_of_exports_has_the_same_articles(archive: Archive, form: Format, tmp_path: Path) -> None:
    keys = {article.key: article.content_hash for article in archive.articles()}
    captures = [
        replace(capture_of(exported(article, form)), uri=f"file:///{number}")
        for number, article in enumerate(archive.articles())
    ]
    with Archive.open(make_database(tmp_path / "again.db", captures)) as again:
        assert {article.key: article.content_hash for article in again.articles()} == keys


@pytest.mark.parametrize("form", FORMATS)
def test_exports_of_an_archive_add_nothing_to_it(
    database: Path, archive: Archive, form: Format, tmp_path: Path
) -> None:
    captures = [
        replace(capture_of(exported(article, form)), uri=f"file:///{number}")
        for number, article in enumerate(archive.articles())
    ]
    both = tmp_path / "both.db"
    both.write_bytes(database.read_bytes())
    make_database(both, captures)
    with Archive.open(both) as again:
        for article in archive.articles():
            other = again.article(article.key)
            assert other is not None
            assert (other.body, other.evidence) == (article.body, article.evidence)
            assert [r.text_hash for r in other.revisions] == [r.text_hash for r in article.revisions]


@pytest.mark.parametrize("form", FORMATS)
def test_with_other_rules_an_export_is_split_anew(archive: Archive, form: Format) -> None:
    article = next(a for a in archive.articles() if a.boilerplate and a.evidence == "page")
    content = exported(article, form)
    other = content.replace(article.rules_version.encode(), b"0.0.0+other")
    assert other != content
    reading = deriver().derive(capture_of(other))
    assert isinstance(reading.found, Article)
    assert reading.normalized is not None
    assert reading.normalized.rules_version == article.rules_version
    assert compact(reading.found.full_text) == compact(article.full_text)


@pytest.mark.parametrize("form", ["markdown", "html", "text"])
def test_an_export_that_was_edited_counts_as_it_stands(archive: Archive, form: Format) -> None:
    article = next(a for a in archive.articles() if a.boilerplate and len(a.body) > 40 and a.key.startswith("mp:"))
    word = article.body.split("\n")[0][:6]
    content = exported(article, form).decode().replace(word, "改过的字")
    reading = deriver().derive(capture_of(content))
    assert isinstance(reading.found, Article)
    assert reading.found.key == article.key
    assert "改过的字" in reading.found.full_text
    assert "edited" in reading.warnings[0]


@pytest.mark.parametrize("form", FORMATS)
def test_full_exports_hold_the_full_text_and_bare_ones_the_body_alone(archive: Archive, form: Format) -> None:
    article = next(a for a in archive.articles() if a.boilerplate and a.evidence == "page")
    removed = compact(article.boilerplate[-1].text)[:8]
    full, bare = exported(article, form, full=True).decode(), exported(article, form, bare=True).decode()
    assert removed in compact(full)
    assert removed not in compact(bare)
    reading = read(article, form, bare=True)
    assert isinstance(reading.found, Article)
    assert compact(reading.found.full_text) == compact(article.body)
    assert reading.warnings == []


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., ArticleRecord]:
    """Makes an archive with one article of this text."""
    folder = tmp_path_factory.mktemp("made")

    def make(text: str, tail: str, title: str | None, account: str | None) -> ArticleRecord:
        reading = article_reading(
            "a",
            text,
            tail=tail,
            title=title,
            account=Account(name=account) if account else None,
            key=None,
            evidence="dump",
        )
        assert isinstance(reading.found, Article)
        reading.found.links, reading.found.media = [], []
        assert reading.normalized is not None
        reading.normalized.rules_version = deriver_version()
        path = Path(tempfile.mkdtemp(dir=folder)) / "a.db"
        archive = Archive.open(make_database(path, [reading]))
        return next(archive.articles())

    return make


def deriver_version() -> str:
    text = deriver().derive(capture_of("清晨的河面上起了薄雾，渡船慢慢靠了岸。"))
    assert text.normalized is not None
    return text.normalized.rules_version


SLOW_ORDER = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.generate,))
SLOW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
lines = st.lists(
    st.sampled_from(HOSTILE) | st.text("甲乙丙 ab`#-_*[]<>|.1", max_size=16) | st.text(max_size=12), max_size=6
)


@SLOW
@given(lines, lines, st.sampled_from([*HOSTILE, "集市", "x" * 3000]), st.sampled_from(["集市小报", "=报", None]))
def test_any_text_comes_back_in_every_format(
    made: Callable[..., ArticleRecord], text: list[str], tail: list[str], title: str, account: str | None
) -> None:
    body, rest = join_lines(["清晨", *text, "靠了岸"]), join_lines(tail)
    article = made(body, rest, join_lines([title]) or None, account)
    for form in FORMATS:
        same(read(article, form), article)


def test_hostile_text_is_harmless_in_every_format(made: Callable[..., ArticleRecord]) -> None:
    article = made(join_lines(HOSTILE), "", join_lines(HOSTILE[:1]), join_lines([HOSTILE[1]]))
    for form in FORMATS:
        content = exported(article, form).decode()
        assert "\x1b" not in content
    assert "<script" not in exported(article, "markdown").decode().partition("\n# ")[2]
    assert "<script" not in exported(article, "html").decode()
    for form in FORMATS:
        found = read(article, form).found
        assert isinstance(found, Article)
        assert found.links == []
    cells = json.loads(exported(article, "csv"))
    assert cells["account"].startswith("'=")
    assert cells["body"].startswith("<script>")


@SLOW_ORDER
@given(st.randoms(use_true_random=False))
def test_captures_and_their_exports_in_any_order_give_the_same_database(database: Path, random: Random) -> None:
    with Archive.open(database) as archive:
        chosen = [a for a in archive.articles() if a.evidence in ("page", "dump") and a.boilerplate][:4]
        captures = []
        for number, article in enumerate(chosen):
            raw = article.raw()
            assert raw is not None
            contents = [raw, *(exported(article, form) for form in FORMATS), exported(article, "markdown", full=True)]
            contents.append(exported(article, "text").replace(article.body[:5].encode(), "改过的字".encode()))
            captures += [
                replace(capture_of(content), uri=f"file:///{number}/{place}") for place, content in enumerate(contents)
            ]
    made = []
    for _ in range(2):
        random.shuffle(captures)
        with tempfile.TemporaryDirectory() as folder:
            path = make_database(Path(folder) / "a.db", captures)
            with Archive.open(path) as archive:
                made.append(list(projection(archive.connection)))
    assert made[0] == made[1]


def test_controls_in_a_careless_database_do_not_get_out(tmp_path: Path) -> None:
    path = make_database(tmp_path / "a.db", [article_reading("a", "清晨的河面", title="渡船")])
    with closing(sqlite3.connect(path)) as db:
        db.execute(
            "UPDATE articles SET title = ?, headline = ?, author = ?", ("\x1b[2J\x9b渡", "\x1b[2J\x9b渡", "\x07林")
        )
        db.commit()
    with Archive.open(path) as archive:
        (article,) = archive.articles()
        for form in FORMATS:
            made = "".join(render_all([article], Options(format=form)))
            made += render(article, Options(format=form)) if form not in TABULAR else ""
            assert not set(made) & set("\x1b\x9b\x07"), form
            assert "渡" in made
