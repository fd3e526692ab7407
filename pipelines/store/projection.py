"""The canonical projection: what two databases must have in common to be called the same.

Every table with keys instead of ids, without run ids and times of reading, in a fixed order. Tests of order,
of merging and of killed runs compare it.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from sqlite3 import Connection

_ACCOUNT = (
    "(SELECT k.key FROM account_keys AS k WHERE k.account_id = {} ORDER BY "
    "CASE substr(k.key, 1, 4) WHEN 'biz:' THEN 0 WHEN 'ghid' THEN 1 WHEN 'alia' THEN 2 ELSE 3 END, k.key LIMIT 1)"
)
_ARTICLE = "(SELECT x.key FROM articles AS x WHERE x.id = {})"
_CAPTURE = "(SELECT x.uri || ' ' || x.sha256 FROM captures AS x WHERE x.id = {})"
_REVISION = "(SELECT x.number FROM revisions AS x WHERE x.id = {})"

QUERIES: dict[str, str] = {
    "accounts": f"SELECT {_ACCOUNT.format('t.id')}, biz, ghid, alias, name, intro, label, first_seen_at, "
    "last_seen_at FROM accounts AS t",
    "account_keys": f"SELECT key, {_ACCOUNT.format('t.account_id')} FROM account_keys AS t",
    "account_names": f"SELECT {_ACCOUNT.format('t.account_id')}, name, first_seen_at, last_seen_at "
    "FROM account_names AS t",
    "account_values": f"SELECT {_ACCOUNT.format('t.account_id')}, field, value, first_seen_at, last_seen_at "
    "FROM account_values AS t",
    "articles": f"SELECT key, {_ACCOUNT.format('t.account_id')}, kind, title, headline, author, digest, url, "
    "source_url, cover_url, published_at, published_on, published_precision, published_source, is_original, "
    f"ip_region, body, char_count, content_hash, {_ARTICLE.format('t.duplicate_of')}, duplicate_kind, similarity, "
    f"status, status_at, last_available_at, evidence, {_REVISION.format('t.revision_id')}, rules_version, declaration, "
    "is_title_modified, modified_at, is_paid, comment_id FROM articles AS t",
    # Which capture made an article or a revision is a matter of the order of reading.
    "captures": "SELECT uri, name, CASE WHEN outcome IN ('stored', 'revised', 'unchanged') THEN 'article' "
    f"ELSE outcome END, reason, detail, {_ARTICLE.format('t.article_id')}, {_REVISION.format('t.revision_id')}, "
    "sha256, media_type, template, captured_at, captured_at_source, url, context, evidence, account, sources, warnings "
    "FROM captures AS t",
    "raw": "SELECT sha256, size FROM raw",
    "files": "SELECT uri, size, mtime_ns, captures, rejected, ignored FROM files",
    "revisions": f"SELECT {_ARTICLE.format('t.article_id')}, number, {_CAPTURE.format('t.capture_id')}, title, "
    "full_text, text_hash, content_hash, char_count, seen_at, rules_version, change FROM revisions AS t",
    "boilerplate": f'SELECT {_ARTICLE.format("t.article_id")}, {_REVISION.format("t.revision_id")}, start, "end", '
    "kind, rule, text FROM boilerplate AS t",
    "credits": f"SELECT {_ARTICLE.format('t.article_id')}, {_REVISION.format('t.revision_id')}, position, role, name "
    "FROM credits AS t",
    # A text key that an article once went by is history of reading; it resolves, but proves nothing.
    "keys": f"SELECT key, {_ARTICLE.format('t.article_id')} FROM keys AS t "
    f"WHERE key NOT LIKE 'text:%' OR key = {_ARTICLE.format('t.article_id')}",
    "urls": f"SELECT url, {_ARTICLE.format('t.article_id')}, form FROM urls AS t",
    "links": f"SELECT {_ARTICLE.format('t.article_id')}, position, url, text, kind, target_key FROM links AS t",
    "media": f"SELECT {_ARTICLE.format('t.article_id')}, position, kind, url, media_id, title, width, height, "
    "duration, size FROM media AS t",
    "albums": "SELECT key, album_id, title, url, size, seen_at FROM albums",
    "album_articles": "SELECT (SELECT x.key FROM albums AS x WHERE x.id = t.album_id), "
    f"{_ARTICLE.format('t.article_id')}, position FROM album_articles AS t",
    "similar": f"SELECT min({_ARTICLE.format('t.a')}, {_ARTICLE.format('t.b')}), "
    f"max({_ARTICLE.format('t.a')}, {_ARTICLE.format('t.b')}), similarity, kind FROM similar AS t",
    "reposts": f"SELECT {_ARTICLE.format('t.article_id')}, kind, source_key, source_account, source_biz, source_ghid, "
    "source_author, source_title, source_url FROM reposts AS t",
    "notices": f"SELECT {_CAPTURE.format('t.capture_id')}, url, key, {_ARTICLE.format('t.article_id')}, "
    f"{_ACCOUNT.format('t.account_id')}, reason, retryable, detail, target_url, seen_at FROM notices AS t",
    "listed": f"SELECT {_CAPTURE.format('t.capture_id')}, position, key, url, title, digest, author, cover_url, "
    f"published_at, is_deleted, {_ACCOUNT.format('t.account_id')}, album_id FROM listed AS t",
    "metrics": f"SELECT {_ARTICLE.format('t.article_id')}, {_CAPTURE.format('t.capture_id')}, seen_at, reads, likes, "
    "shares, comments FROM metrics AS t",
    "frontier": "SELECT url, state FROM frontier",
    "sources": "SELECT kind, target, every, paused, options FROM sources",
}


def projection(db: Connection) -> Iterator[str]:
    """The projection's lines: `table<TAB>JSON array`, tables and rows in a fixed order."""
    for table, query in QUERIES.items():
        columns = len(db.execute(f"SELECT * FROM ({query}) LIMIT 0").description)
        order = ", ".join(str(number) for number in range(1, columns + 1))
        for row in db.execute(f"{query} ORDER BY {order}"):
            values = [value.decode("utf-8") if isinstance(value, bytes) else value for value in row]
            yield f"{table}\t{json.dumps(values, ensure_ascii=False)}"


def projection_digest(db: Connection) -> str:
    """SHA-256 (hex) of the projection."""
    digest = hashlib.sha256()
    for line in projection(db):
        digest.update(line.encode("utf-8", "surrogatepass") + b"\n")
    return digest.hexdigest()
