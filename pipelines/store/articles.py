"""An article's row and lists, made from its captures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from crawler.items import Article
from crawler.times import beijing_day, utc_text
from crawler.urls import key_of, parse_article_url
from pipelines.store import accounts, duplicates, raw, revisions
from pipelines.store.fold import Folded, Observation, fold

if TYPE_CHECKING:
    from sqlite3 import Connection

    from crawler.items import Repost
    from pipelines.store.revisions import RevisionText

HEADLINE_LENGTH = 80  # code points of a first sentence that stands for a title
_SENTENCE_END = re.compile(r"[。！？!?；;\n]")


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Article)


def pack_reading(article: Article) -> bytes:
    """What a reader found, less what a revision holds (full text, marks, split), in zstd of JSON."""
    apart = ("full_text", "marks", "split")
    values = {name: getattr(article, name) for name in Article.__dataclass_fields__ if name not in apart}
    return raw.pack(_encoder.encode(values))


def unpack_reading(packed: bytes) -> Article:
    """The inverse of `pack_reading`; the full text is empty."""
    return _decoder.decode(raw.unpack(packed))


def observations(db: Connection, article_id: int) -> list[Observation]:
    """Every capture's view of an article."""
    rows = db.execute(
        "SELECT uri, sha256, captured_at, reading, revision_id FROM captures "
        "WHERE article_id = ? AND reading IS NOT NULL",
        (article_id,),
    )
    return [
        Observation(
            uri=row[0],
            sha256=row[1],
            captured_at=row[2],
            article=unpack_reading(row[3]),
            revision_id=row[4],
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class NewArticle:
    """An article of which one capture is known, and no notice."""

    seen: Observation  # of no revision yet
    text: RevisionText
    account_id: int | None


def insert(db: Connection, key: str, new: NewArticle, now: str) -> int:
    """Writes the row of a new article, and says its id; `complete` does the rest once the capture's row is whole."""
    at = new.seen.captured_at
    values = _columns(fold([new.seen]), new.text, new.account_id, ("available", at, at), now)
    # A row that names another before that is there has SQLite look through this whole table when the other is written.
    values |= {"key": key, "first_seen_at": now, "revision_id": None}
    names, holes = ", ".join(values), ", ".join(f":{name}" for name in values)
    return int(db.execute(f"INSERT INTO articles ({names}) VALUES ({holes}) RETURNING id", values).fetchone()[0])


def complete(db: Connection, article_id: int, new: NewArticle, revision_id: int) -> None:
    """Writes what hangs on a new article, whose revision is there."""
    db.execute("UPDATE articles SET revision_id = ? WHERE id = ?", (revision_id, article_id))
    _put_lists(db, article_id, new.seen)
    _put_urls(db, article_id, [new.seen])
    duplicates.link(db, article_id)


def refold(db: Connection, article_id: int, now: str) -> None:
    """Writes an article's row and lists anew from its captures.

    The key stays; identity is decided elsewhere.
    """
    seen = observations(db, article_id)
    folded = fold(seen)
    text = revisions.load(db, folded.top.revision_id)
    values = _columns(folded, text, accounts.find(db, folded.account), status_of(db, article_id), now)
    assignments = ", ".join(f"{name} = :{name}" for name in values)
    db.execute(
        f"UPDATE articles SET {assignments}, first_seen_at = min(first_seen_at, :updated_at) WHERE id = :id",
        values | {"id": article_id},
    )
    for table in ("links", "media", "album_articles", "reposts", "urls"):
        db.execute(f"DELETE FROM {table} WHERE article_id = ?", (article_id,))
    _put_lists(db, article_id, folded.top)
    _put_urls(db, article_id, seen)
    duplicates.link(db, article_id)


def _columns(
    folded: Folded, text: RevisionText, account_id: int | None, status: tuple[str, str, str | None], now: str
) -> dict[str, Any]:
    """What an article's row says, but for its key, when it was first seen, and duplicates."""
    article = folded.article
    body = text.body
    return {
        "account_id": account_id,
        "kind": article.kind,
        "title": article.title,
        "headline": article.title or first_sentence(body) or first_sentence(text.full_text),
        "author": article.author,
        "digest": article.digest,
        "url": article.url,
        "source_url": article.source_url,
        "cover_url": article.cover_url,
        "published_at": utc_text(article.published_at) if article.published_at else None,
        "published_on": beijing_day(article.published_at) if article.published_at else None,
        "published_precision": article.published_precision,
        "published_source": article.published_source,
        "is_original": article.is_original,
        "ip_region": article.ip_region,
        "body": body,
        "char_count": text.fingerprint.char_count,
        "content_hash": text.fingerprint.content_hash,
        "status": status[0],
        "status_at": status[1],
        "last_available_at": status[2],
        "evidence": article.evidence,
        "revision_id": folded.top.revision_id,
        "rules_version": text.rules_version,
        "declaration": article.declaration,
        "is_title_modified": article.is_title_modified,
        "modified_at": utc_text(article.modified_at) if article.modified_at else None,
        "is_paid": article.is_paid,
        "comment_id": article.comment_id,
        "last_seen_at": now,
        "updated_at": now,
    }


def _put_lists(db: Connection, article_id: int, top: Observation) -> None:
    """Writes what hangs on an article and comes whole from its best capture; nothing does yet."""
    article = top.article
    db.executemany(
        "INSERT INTO links VALUES (?, ?, ?, ?, ?, ?)",
        [
            (article_id, position, link.url, link.text, link.kind, _key_of_url(link.url))
            for position, link in enumerate(article.links)
        ],
    )
    db.executemany(
        "INSERT INTO media VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (article_id, position, m.kind, m.url, m.media_id, m.title, m.width, m.height, m.duration, m.size)
            for position, m in enumerate(article.media)
        ],
    )
    for album in article.albums:
        key = f"album:{album.album_id}" if album.album_id else f"title:{album.title}"
        album_id = put_album(db, key, album.album_id, album.title, album.url, album.size, top.captured_at)
        db.execute("INSERT OR IGNORE INTO album_articles VALUES (?, ?, ?)", (album_id, article_id, album.position))
    if article.repost:
        _put_repost(db, article_id, article.repost)


def _put_urls(db: Connection, article_id: int, seen: list[Observation]) -> None:
    """Writes the URLs that lead to an article, which has none yet: all that any of its captures shows."""
    db.executemany(
        "INSERT OR IGNORE INTO urls VALUES (?, ?, ?)",
        [(alias.url, article_id, alias.form) for one in seen for alias in one.article.urls],
    )


def put_album(
    db: Connection, key: str, album_id: str | None, title: str, url: str | None, size: int | None, at: str
) -> int:
    """The row of an album: the latest capture's title, the largest size and smallest URL that any capture gives."""
    row = db.execute(
        "INSERT INTO albums (key, album_id, title, url, size, seen_at) VALUES (?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (key) DO UPDATE SET "
        "title = iif((excluded.seen_at, excluded.title) > (seen_at, title), excluded.title, title), "
        "url = min(coalesce(url, excluded.url), coalesce(excluded.url, url)), "
        "size = max(coalesce(size, excluded.size), coalesce(excluded.size, size)), "
        "seen_at = max(seen_at, excluded.seen_at) RETURNING id",
        (key, album_id, title, url, size, at),
    ).fetchone()
    return int(row[0])


def _put_repost(db: Connection, article_id: int, repost: Repost) -> None:
    source_key = f"mp:{repost.biz}:{repost.mid}:{repost.idx}" if repost.biz and repost.mid and repost.idx else None
    db.execute(
        "INSERT INTO reposts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            article_id,
            repost.kind,
            source_key or (_key_of_url(repost.url) if repost.url else None),
            repost.account,
            repost.biz,
            repost.ghid,
            repost.author,
            repost.title,
            repost.url,
        ),
    )


def _key_of_url(url: str) -> str | None:
    parsed = parse_article_url(url)
    return key_of(parsed) if parsed else None


def status_of(db: Connection, article_id: int) -> tuple[str, str, str | None]:
    """An article's status, since when, and when it was last seen whole: by the times captures were taken.

    Of two captures of one moment the notice counts.
    """
    events = db.execute(
        """SELECT captured_at AS at, 0 AS notice, 'available' AS status FROM captures
             WHERE article_id = :id AND reading IS NOT NULL
           UNION ALL
           SELECT seen_at, 1, reason FROM notices WHERE article_id = :id
             AND reason NOT IN ('expired', 'verification', 'bad_parameters', 'system_error', 'client_only')
           ORDER BY at, notice, status""",
        {"id": article_id},
    ).fetchall()
    status = events[-1][2]
    since = events[-1][0]
    for at, _, reason in reversed(events):
        if reason != status:
            break
        since = at
    last_available = max((at for at, notice, _ in events if not notice), default=None)
    return status, since, last_available


def first_sentence(text: str) -> str:
    """The first sentence of `text`, cut at `HEADLINE_LENGTH` code points; "" of an empty text."""
    start = text[: HEADLINE_LENGTH * 2].strip()
    match = _SENTENCE_END.search(start, 1)
    sentence = start[: match.end()].strip() if match else start
    return sentence if len(sentence) <= HEADLINE_LENGTH else sentence[: HEADLINE_LENGTH - 1] + "…"
