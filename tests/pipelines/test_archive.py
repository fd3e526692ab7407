"""The read API."""

from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from archives import capture_of, make_database
from readings import article_reading, notice_reading
from running import page

from crawler.items import Account
from pipelines.archive import Archive, Filters
from pipelines.search.query import QueryError
from pipelines.store.database import DatabaseError

if TYPE_CHECKING:
    from pathlib import Path

KEY = "mp:MzAwMDAwMDAwMQ==:1001:1"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    captures = [capture_of(page(number), f"{number}.html") for number in range(3)]
    made = make_database(tmp_path / "a.db", captures)
    other = article_reading("other", "别处的河", account=Account(name="河报"), evidence="dump", title="河")
    gone = notice_reading("gone", "deleted", key=KEY, day=900)
    return make_database(made, [other, gone])


def test_an_article_is_found_by_key_url_and_id(database: Path) -> None:
    with Archive.open(database) as archive:
        url = "https://mp.weixin.qq.com/s?__biz=MzAwMDAwMDAwMQ==&mid=1001&idx=1&scene=21#rd"
        found = [archive.article(reference) for reference in (KEY, url)]
        assert found[0] is not None
        assert found[0] == found[1]
        assert archive.article("mp:no:1:1") is None
        assert archive.article("1") is not None
        with pytest.raises(KeyError):
            archive.article_by_id(99)


def test_a_record_has_what_the_database_has(database: Path) -> None:
    with Archive.open(str(database)) as archive:
        article = archive.article(KEY)
        assert article is not None
        assert (article.key, article.kind, article.title) == (KEY, "article", "第1篇集市见闻")
        assert article.account is not None
        assert (article.account.label, article.account.ghid) == ("集市小报", "gh_0123456789ab")
        assert article.published_at == datetime(2018, 5, 1, 0, 0, 1, tzinfo=UTC)
        assert article.published_on == date(2018, 5, 1)
        assert (article.status, article.evidence, article.duplicate_of) == ("deleted", "page", None)
        assert "长按" not in article.body
        assert "长按" in article.full_text
        assert [removal.text.strip() for removal in article.boilerplate] == ["长按二维码关注我们"]
        assert article.boilerplate[0].kind == "follow_prompt"
        assert [(r.number, r.full_text) for r in article.revisions] == [(1, article.full_text)]
        assert [c.outcome for c in article.captures] == ["notice", "stored"] or len(article.captures) == 2
        assert article.raw() == page(1).encode()
        assert (article.links, article.media, article.albums, article.repost, article.credits) == ([], [], [], None, [])
        assert article.marks() == []


@pytest.mark.parametrize(
    ("terms", "titles"),
    [
        ({}, ["第0篇集市见闻", "第1篇集市见闻", "第2篇集市见闻", "河"]),
        ({"account": "集市小报"}, ["第0篇集市见闻", "第1篇集市见闻", "第2篇集市见闻"]),
        ({"account": "gh_0123456789ab", "statuses": ("deleted",)}, ["第1篇集市见闻"]),
        ({"account": "无此号"}, []),
        ({"since": "2018-05-02"}, []),
        ({"until": "2018-05-01", "kinds": ("article",)}, ["第0篇集市见闻", "第1篇集市见闻", "第2篇集市见闻"]),
        ({"kinds": ("video",)}, []),
        ({"keys": (KEY, "mp:no:1:1")}, ["第1篇集市见闻"]),
        ({"unique": True, "account": "河报"}, ["河"]),
        ({"changed_since": "2030-01-01T00:00:00Z"}, []),
    ],
)
def test_filters_choose(database: Path, terms: dict[str, Any], titles: list[str]) -> None:
    with Archive.open(database) as archive:
        assert [article.title for article in archive.articles(**terms)] == titles
        assert [article.title for article in archive.articles(Filters(**terms))] == titles


def test_search_gives_articles_the_best_first(database: Path) -> None:
    with Archive.open(database) as archive:
        hits = archive.search("糖人")
        assert len(hits) == 3
        assert all("糖人" in hit.snippet for hit in hits)
        assert [hit.article.title for hit in archive.search("糖人", keys=(KEY,))] == ["第1篇集市见闻"]
        assert len(archive.search("糖人", limit=2)) == 2
        assert archive.search("没有这样的词") == []
        with pytest.raises(QueryError):
            archive.search("")


def test_it_is_read_only_and_says_what_is_wrong(database: Path, tmp_path: Path) -> None:
    with Archive.open(database) as archive, pytest.raises(sqlite3.OperationalError, match="readonly"):
        archive.connection.execute("DELETE FROM articles")
    with pytest.raises(DatabaseError, match="scrapy crawl files"):
        Archive.open(tmp_path / "none.db")
    (tmp_path / "text.db").write_text("kein SQLite, " * 100, "utf-8")
    with pytest.raises(DatabaseError, match="damaged or no SQLite"):
        Archive.open(tmp_path / "text.db")
