"""What the documents show is run: queries, Python, and the commands for what people have from other tools."""

from __future__ import annotations

import contextlib
import io
import json
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from archives import FIXTURES, captures_in, make_database
from running import PROJECT, environment, page

DOCS = PROJECT / "docs"
BIN = Path(sys.executable).parent


def blocks(document: str, language: str, under: str = "") -> list[str]:
    """The code of a language in a document, or in what stands under one of its headings."""
    text = (DOCS / document).read_text("utf-8")
    if under:
        text = text.partition(f"\n## {under}\n")[2].partition("\n## ")[0]
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def fixtures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_database(tmp_path_factory.mktemp("documents") / "saved.db", captures_in(FIXTURES))


def test_twenty_queries_run_and_most_find_something_in_the_fixtures(fixtures: Path) -> None:
    (block,) = blocks("database.md", "sql")
    queries = [query.strip() for query in block.split("\n\n")]
    assert len(queries) >= 20
    found = 0
    with closing(sqlite3.connect(f"{fixtures.as_uri()}?mode=ro", uri=True)) as db:
        for query in queries:
            assert query.startswith("-- ")
            assert query.endswith(";")
            found += bool(db.execute(query).fetchall())
    assert found >= 14


@pytest.mark.parametrize("number", range(5))
def test_python_of_the_read_api_runs(fixtures: Path, number: int) -> None:
    examples = blocks("api.md", "python")
    assert len(examples) == 5
    # One example may use what an earlier one imported, as a reader would.
    imports = "\n".join(line for code in examples for line in code.splitlines() if line.startswith("from "))
    code = f"{imports}\n{examples[number]}".replace('"saved.db"', repr(str(fixtures)))
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, f"docs/api.md:{number}", "exec"), {})  # noqa: S102 - the document's own code
    assert out.getvalue().strip()


def test_links_between_documents_lead_somewhere() -> None:
    for document in ("export.md", "api.md", "migrate.md"):
        for target in re.findall(r"\]\(([a-z/]+\.md)\)", (DOCS / document).read_text("utf-8")):
            assert (DOCS / target).exists(), (document, target)


def run_block(heading: str, home: Path) -> list[dict[str, object]]:
    """Runs the commands under a heading of migrate.md as a user whose home is `home`; gives the crawls' reports."""
    (block,) = blocks("migrate.md", "console", heading)
    reports = []
    for command in re.findall(r"^\$ (.*?)(?=^\$ |\Z)", block, re.MULTILINE | re.DOTALL):
        line = command.replace(".venv/bin/", f"{BIN}/").replace("saved.db", f"{home}/saved.db")
        done = subprocess.run(
            ["bash", "-c", line],
            cwd=PROJECT,
            env=environment(HOME=str(home)),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode in (0, 5), (line, done.stderr)
        if "crawl files" in line:
            reports.append(json.loads(done.stdout.splitlines()[-1]))
    return reports


def ask(home: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(home / "saved.db")) as db:
        return db.execute(query).fetchall()


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


BODY = "清晨的河面上起了薄雾，渡船慢慢靠了岸。船工把缆绳抛上石阶，卖豆花的老人已经摆好了担子。"
URL = "http://mp.weixin.qq.com/s?__biz=MzAwMDAwMDAwMQ==&mid=1001&idx=1&sn=0123456789abcdef0123456789abcdef"


def exporter(home: Path) -> None:
    write(home / "exporter/html/渡船/index.html", page(1, BODY))
    write(home / "exporter/html/渡船/assets/17000000000.1.png", "")
    row = {
        "aid": "1002_1",
        "appmsgid": 1002,
        "itemidx": 1,
        "link": URL.replace("1001", "1002"),
        "title": "第二篇",
        "digest": "摘要",
        "cover": "https://mmbiz.qpic.cn/mmbiz_jpg/a/640",
        "create_time": 1714521600,
        "update_time": 1714521600,
        "author_name": "林渡",
        "copyright_stat": 1,
        "copyright_type": 1,
        "item_show_type": 0,
        "appmsg_album_infos": [],
        "fakeid": "MzAwMDAwMDAwMQ==",
        "_accountName": "集市小报",
        "readNum": 120,
        "oldLikeNum": 7,
    }
    write(
        home / "exporter/微信公众号文章.json",
        json.dumps([row | {"content": f"{BODY}二"}, row | {"link": URL, "title": "一"}]),
    )
    write(
        home / "exporter/markdown/集市小报/2024-05-03 第三篇.md",
        f"第三篇\n===\n\n{BODY}三\n\n![](https://mmbiz.qpic.cn/mmbiz_jpg/b/640)",
    )


def test_wechat_article_exporter(tmp_path: Path) -> None:
    exporter(tmp_path)
    html, listed, markdown = run_block("wechat-article-exporter", tmp_path)
    assert (html["stored"], html["rejected"]) == (1, 0)
    assert (listed["stored"], listed["listing"], listed["rejected"]) == (1, 1, 0)
    assert (markdown["stored"], markdown["rejected"]) == (1, 0)
    rows = ask(tmp_path, "SELECT title, account, published_on, author FROM article_list ORDER BY published_on")
    assert [row[:3] for row in rows] == [
        ("第1篇集市见闻", "集市小报", "2018-05-01"),
        ("第二篇", "集市小报", "2024-05-01"),
        ("第三篇", "集市小报", "2024-05-03"),
    ]
    assert rows[1][3] == "林渡"
    assert ask(tmp_path, "SELECT reads, likes FROM metrics") == [(120, 7)]


def test_wewe_rss(tmp_path: Path) -> None:
    (tmp_path / "wewe-rss").mkdir()
    with closing(sqlite3.connect(tmp_path / "wewe-rss" / "wewe-rss.db")) as db:
        db.executescript(
            """
            CREATE TABLE feeds (id TEXT PRIMARY KEY, mp_name TEXT, mp_cover TEXT, mp_intro TEXT, status INTEGER,
              sync_time INTEGER, update_time INTEGER, created_at DATETIME, updated_at DATETIME, has_history INTEGER);
            CREATE TABLE articles (id TEXT PRIMARY KEY, mp_id TEXT, title TEXT, pic_url TEXT, publish_time INTEGER,
              created_at DATETIME, updated_at DATETIME);
            INSERT INTO feeds VALUES ('MP_WXS_3000000001', '集市小报', '', '每日见闻', 1, 0, 0, NULL, NULL, 1);
            INSERT INTO articles
              VALUES ('AbCdEfGhIjKlMnOpQrStUv', 'MP_WXS_3000000001', '渡船', '', 1714521600, NULL, NULL);
            """
        )
    (report,) = run_block("wewe-rss", tmp_path)
    assert (report["listing"], report["rejected"]) == (1, 0)
    assert ask(tmp_path, "SELECT account, title, published_at, url FROM missing") == [
        ("集市小报", "渡船", "2024-05-01T00:00:00Z", "https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv")
    ]


def test_we_mp_rss(tmp_path: Path) -> None:
    (tmp_path / "we-mp-rss").mkdir()
    with closing(sqlite3.connect(tmp_path / "we-mp-rss" / "db.db")) as db:
        db.executescript(
            """
            CREATE TABLE feeds (id TEXT PRIMARY KEY, mp_name TEXT, mp_cover TEXT, mp_intro TEXT, status INTEGER,
              sync_time INTEGER, update_time INTEGER, created_at DATETIME, updated_at DATETIME, faker_id TEXT);
            CREATE TABLE articles (id TEXT PRIMARY KEY, mp_id TEXT, title TEXT, pic_url TEXT, url TEXT,
              description TEXT, status INTEGER, publish_time INTEGER, created_at DATETIME,
              updated_at DATETIME, is_export INTEGER, is_read INTEGER, is_favorite INTEGER, content TEXT);
            INSERT INTO feeds VALUES ('MP_WXS_1', '集市小报', '', '', 1, 0, 0, NULL, NULL, 'MzAwMDAwMDAwMQ==');
            """
        )
        rows = [
            ("a", "渡船", URL, f"<section><p>{BODY}</p><p>长按二维码关注我们</p></section>"),
            ("b", "未取", URL.replace("1001", "1002"), None),
            ("c", "也未取", URL.replace("1001", "1003"), ""),
        ]
        for key, title, url, content in rows:
            db.execute(
                "INSERT INTO articles (id, mp_id, title, pic_url, url, description, publish_time, content) "
                "VALUES (?, 'MP_WXS_1', ?, '', ?, '', 1714521600, ?)",
                (key, title, url, content),
            )
        db.commit()
    texts, named = run_block("we-mp-rss", tmp_path)
    assert (texts["stored"], texts["rejected"]) == (1, 0)
    assert (named["listing"], named["rejected"]) == (2, 0)
    assert ask(tmp_path, "SELECT key, title, account FROM article_list") == [
        ("mp:MzAwMDAwMDAwMQ==:1001:1", "渡船", "集市小报")
    ]
    assert ask(tmp_path, "SELECT body FROM articles") == [(BODY,)]
    assert {row[0] for row in ask(tmp_path, "SELECT title FROM missing")} == {"未取", "也未取"}


@pytest.mark.parametrize(
    ("byline", "image", "account", "day"),
    [
        ("原创 林渡  集市小报  2024-05-01 08:00", "", "集市小报", "2024-05-01"),
        ("林渡 集市小报 2024-05-01 08:00", '![](https://mmbiz.qpic.cn/a/640 "")', "集市小报", "2024-05-01"),
        ("林渡 集市小报 2024-05-01 08:00", "", None, None),
    ],
)
def test_wechatmp2markdown(tmp_path: Path, byline: str, image: str, account: str | None, day: str | None) -> None:
    write(tmp_path / "wechatmp2markdown/渡船/渡船.md", f"# 渡船  \n{byline}  \n  \n{BODY}  \n{image}  \n")
    write(tmp_path / "wechatmp2markdown/渡船/0123abc.png", "")
    (report,) = run_block("wechatmp2markdown", tmp_path)
    assert (report["stored"], report["rejected"]) == (1, 0)
    (row,) = ask(tmp_path, "SELECT title, account, published_on FROM article_list")
    assert row == ("渡船", account, day)


def test_wechatdownload(tmp_path: Path) -> None:
    root = tmp_path / "wechatDownload"
    write(root / "集市小报/20240501渡船.html", page(1, BODY))
    cover, account = "![cover_image](https://mmbiz.qpic.cn/a/0)", "[ 集市小报 ](javascript:void\\(0\\);)"
    dump = f"{cover}\n\n#  渡船二\n\n原创  林渡  {account}\n\n__ _ _ _ _\n\n{BODY}二\n"
    write(root / "集市小报/20240502渡船二.md", dump)
    url = URL.replace("1001", "1003").replace("&", "&amp;") + "&amp;scene=27#wechat_redirect"
    table = f"title,url,time,like_num,read_num,share_num,comment_count\n渡船三,{url},2024-05-03 08:00:00,1,2,3,4\n"
    write(root / "2024-05-04-080000.csv", table)
    write(root / "集市小报/20240501渡船.pdf", "%PDF-1.7")
    (report,) = run_block("wechatDownload", tmp_path)
    assert (report["stored"], report["listing"], report["rejected"]) == (2, 1, 1)
    rows = ask(tmp_path, "SELECT title, account, published_on FROM article_list ORDER BY published_on")
    assert rows == [("第1篇集市见闻", "集市小报", "2018-05-01"), ("渡船二", "集市小报", "2024-05-02")]
    assert ask(tmp_path, "SELECT title, published_at FROM missing") == [("渡船三", "2024-05-03T00:00:00Z")]


def test_a_folder_with_a_table_beside_it(tmp_path: Path) -> None:
    write(tmp_path / "archive/001.txt", BODY)
    table = f"文件名,文章名,公众号,发布时间,链接\n001.txt,渡船,集市小报,2024年5月1日,{URL}\n"
    (tmp_path / "archive" / "目录.csv").write_text(table, "gb18030")
    (report,) = run_block("Folders with a table beside them", tmp_path)
    assert (report["stored"], report["rejected"]) == (1, 0)
    assert ask(tmp_path, "SELECT key, title, account, published_on FROM article_list") == [
        ("mp:MzAwMDAwMDAwMQ==:1001:1", "渡船", "集市小报", "2024-05-01")
    ]


def test_every_heading_with_commands_is_tested(request: pytest.FixtureRequest) -> None:
    text = (DOCS / "migrate.md").read_text("utf-8")
    headings = [h for h in re.findall(r"^## (.+)$", text, re.MULTILINE) if blocks("migrate.md", "console", h)]
    own = request.path.read_text("utf-8")
    assert len(headings) == 6
    assert [heading for heading in headings if f'run_block("{heading}"' not in own] == []
