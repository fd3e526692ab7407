"""Puts captures where they belong: finds, makes, joins and parts articles as `claims.group_claims` says."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.times import beijing_day
from pipelines.store import articles, duplicates, notices, revisions, textkeys
from pipelines.store.claims import Claim, Group, best_key, group_claims, is_of_page

if TYPE_CHECKING:
    from collections.abc import Callable, Container
    from sqlite3 import Connection

    from crawler.items import Article
    from pipelines.store.revisions import RevisionText


STATE = "identity"
# What joins captures beside their keys; another one has it done anew.
VERSION = 1


def claimed_keys(article: Article) -> list[str]:
    """Every key that a capture of `article` claims, the article's own first."""
    return list(dict.fromkeys([article.key, *(alias.key for alias in article.urls if alias.key)]))


@dataclass(slots=True, kw_only=True)
class Placement:
    """Where a capture went."""

    article_id: int
    is_new: bool
    touched: set[int]  # other articles that lost or won captures and have to be folded anew
    keys: frozenset[str]  # every key whose article may be another one now
    is_alone: bool = False  # a new one that nothing in the database is linked with
    conflict: str | None = None  # the key that unlike texts claim


def place(
    db: Connection, capture_id: int, article: Article, text: RevisionText, now: str, *, make: Callable[[str], int]
) -> Placement:
    """Finds or makes the article that a new capture is of; regroups where its keys or its text say so.

    The capture's row is there and has no article yet. `make` writes the row of an article with the key that it is
    given and says its id: where the capture is linked with nothing, and so is all that is known of the article.
    """
    keys = claimed_keys(article)
    own = _claim_of(capture_id, None, article, keys, text)
    db.executemany("INSERT INTO capture_keys VALUES (?, ?)", [(key, capture_id) for key in keys])
    _note_text(db, own, text)
    if not _partners(db, own, text, known={capture_id}):
        holders = _holders(db, keys)
        if not holders and not _claimed_before(db, keys, capture_id):
            article_id = make(keys[0])
            _put_keys(db, article_id, keys)
            return Placement(article_id=article_id, is_new=True, touched=set(), keys=frozenset(keys), is_alone=True)
        if len(holders) == 1 and _simply_joins(db, article, text.fingerprint.text_hash, next(iter(holders))):
            article_id = holders.pop()
            _put_keys(db, article_id, keys)
            return Placement(article_id=article_id, is_new=False, touched=set(), keys=frozenset(keys))
    return _place_anew(db, own, text, article.key, now)


def partners(db: Connection, capture_id: int) -> set[int]:
    """The captures that a stored one is linked with by nothing but its text."""
    claim, text = _claim(db, capture_id)
    return {partner.capture_id for partner, _ in _partners(db, claim, text, known={capture_id})}


def settle(db: Connection, capture_id: int, now: str) -> None:
    """Puts a stored capture, and what is linked with it, where they belong now that another one has changed."""
    claims = _linked_claims(db, *_claim(db, capture_id))
    placed = _regroup(db, claims, now).placed
    notices.link(db, sorted({key for claim in claims for key in claim.keys}))
    for article_id in sorted(set(placed.values())):
        articles.refold(db, article_id, now)


def ensure(db: Connection, now: str) -> None:
    """Joins by text what an older release did not, once; before a run writes."""
    row = db.execute("SELECT value FROM state WHERE name = ?", (STATE,)).fetchone()
    if row and json.loads(row[0]) == VERSION:
        return
    captures = [row[0] for row in db.execute("SELECT id FROM captures WHERE reading IS NOT NULL ORDER BY id")]
    db.execute("BEGIN IMMEDIATE")
    try:
        db.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", (STATE, json.dumps(VERSION)))
        db.execute("DELETE FROM text_keys")
        for capture_id in captures:
            _note_text(db, *_claim(db, capture_id))
        several = db.execute("SELECT article_id FROM revisions GROUP BY article_id HAVING count(*) > 1").fetchall()
        for (article_id,) in several:
            revisions.number(db, article_id)
        for capture_id in captures:
            if partners(db, capture_id):
                settle(db, capture_id, now)
        db.commit()
    except BaseException:
        db.rollback()
        raise


def _note_text(db: Connection, claim: Claim, text: RevisionText) -> None:
    role = _role(claim)
    if role:
        textkeys.put(db, claim.capture_id, role, claim.account_names, text.fingerprint)


def _role(claim: Claim) -> textkeys.Role | None:
    if claim.is_page:
        return "page"
    return "text" if claim.claims_only_text else None


def _partners(
    db: Connection, claim: Claim, text: RevisionText, *, known: Container[int]
) -> list[tuple[Claim, RevisionText]]:
    """The pages that a text is of, or the texts that are of a page, whatever keys they claim; less those `known`."""
    role = _role(claim)
    if role is None or not claim.account_names:
        return []
    other: textkeys.Role = "text" if role == "page" else "page"
    found = []
    for number in sorted(textkeys.find(db, other, claim.account_names, text.fingerprint)):
        if number in known:
            continue
        partner, its_text = _claim(db, number)
        pair = (claim, partner) if role == "text" else (partner, claim)
        if is_of_page(*pair):
            found.append((partner, its_text))
    return found


def _holders(db: Connection, keys: list[str]) -> set[int]:
    marks = ",".join("?" * len(keys))
    return {row[0] for row in db.execute(f"SELECT article_id FROM keys WHERE key IN ({marks})", keys)}


def _claimed_before(db: Connection, keys: list[str], capture_id: int) -> bool:
    marks = ",".join("?" * len(keys))
    row = db.execute(
        f"SELECT 1 FROM capture_keys WHERE key IN ({marks}) AND capture_id != ? LIMIT 1", (*keys, capture_id)
    ).fetchone()
    return row is not None


def _simply_joins(db: Connection, article: Article, text_hash: str, article_id: int) -> bool:
    """Is it plain, without looking at the other captures' texts, that this capture is of that article?"""
    key, evidence = db.execute("SELECT key, evidence FROM articles WHERE id = ?", (article_id,)).fetchone()
    if article.key.startswith("text:"):
        # Its only claim is its text, which the article has, and no capture of that text is of another.
        elsewhere = db.execute(
            "SELECT 1 FROM capture_keys AS k JOIN captures AS c ON c.id = k.capture_id "
            "WHERE k.key = ? AND c.article_id != ? LIMIT 1",
            (article.key, article_id),
        ).fetchone()
        return bool(key == article.key) and elsewhere is None
    if article.evidence == "page" and evidence == "page":
        others = db.execute(
            "SELECT 1 FROM captures WHERE article_id = ? AND evidence != 'page' LIMIT 1", (article_id,)
        ).fetchone()
        return others is None and key == best_key({key, *claimed_keys(article)})
    known = db.execute(
        "SELECT 1 FROM revisions WHERE article_id = ? AND text_hash = ?", (article_id, text_hash)
    ).fetchone()
    return known is not None and bool(key == best_key({key, *claimed_keys(article)}))


def _place_anew(db: Connection, own: Claim, text: RevisionText, key: str, now: str) -> Placement:
    """Divides all captures that are linked with a new one anew; `key` is the one that the new one would go by."""
    claims = _linked_claims(db, own, text)
    moved = _regroup(db, claims, now)
    group = next(group for group in moved.groups if any(claim is own for claim in group.claims))
    article_id = moved.placed[group.key]
    others = {moved.placed[g.key] for g in moved.groups if any(claim is not own for claim in g.claims)}
    return Placement(
        article_id=article_id,
        is_new=article_id in moved.made,
        touched=others - {article_id},
        keys=frozenset(key for claim in claims for key in claim.keys),
        conflict=key if group.key.startswith("text:") and group.key != key else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Regrouped:
    groups: list[Group]
    placed: dict[str, int]  # the row of each group, by its key
    made: set[int]  # the rows that are new


def _regroup(db: Connection, claims: list[Claim], now: str) -> _Regrouped:
    """Divides claims into articles, and moves those that are elsewhere now; the articles are to be folded after."""
    groups = group_claims(claims)
    before = {claim.article_id for claim in claims if claim.article_id is not None}
    homes = _homes(db, groups)
    for article_id in before:
        # Keys are given out anew. A text key that no group has any more is retired: it resolves to the heir.
        db.execute("DELETE FROM keys WHERE article_id = ? AND key NOT LIKE 'text:%'", (article_id,))
        db.execute("UPDATE articles SET key = 'moving:' || id WHERE id = ?", (article_id,))
    placed: dict[str, int] = {}
    for group in groups:
        home = homes[group.key]
        placed[group.key] = article_id = _new_article(db, group.key, now) if home is None else home
        db.execute("UPDATE articles SET key = ? WHERE id = ?", (group.key, article_id))
        _put_keys(db, article_id, sorted(group.keys))
        for claim in group.claims:
            if claim.article_id not in (None, article_id):
                revisions.move(db, claim.capture_id, article_id)
    for article_id in sorted(before - set(placed.values())):
        heirs = [placed[group.key] for group in groups if any(claim.article_id == article_id for claim in group.claims)]
        retire(db, article_id, heirs[0])
    made = {placed[group.key] for group in groups if homes[group.key] is None}
    return _Regrouped(groups=groups, placed=placed, made=made)


def _homes(db: Connection, groups: list[Group]) -> dict[str, int | None]:
    """For each group (by its key) the row it takes: that of its key, or one of its captures'; None: a new one."""
    homes: dict[str, int | None] = {}
    taken: set[int] = set()
    for group in groups:
        home = _row_of_key(db, group.key)
        if home is None or home in taken:
            own = {claim.article_id for claim in group.claims if claim.article_id is not None}
            home = min(own - taken, default=None)
        if home is not None:
            taken.add(home)
        homes[group.key] = home
    return homes


def _linked_claims(db: Connection, start: Claim, text: RevisionText) -> list[Claim]:
    """Every capture linked with `start`, whose text is `text`: by a key or text of both, or an article of both."""
    claims = {start.capture_id: start}
    pending = [(start, text)]
    while pending:
        claim, own_text = pending.pop()
        linked = {row[0] for key in claim.keys for row in _claimants(db, key)}
        linked |= {
            row[0]
            for row in db.execute(
                "SELECT id FROM captures WHERE article_id = ? AND reading IS NOT NULL", (claim.article_id,)
            )
        }
        found = _partners(db, claim, own_text, known=claims) + [
            _claim(db, number) for number in sorted(linked - claims.keys())
        ]
        for other, its_text in found:
            if other.capture_id not in claims:
                claims[other.capture_id] = other
                pending.append((other, its_text))
    return [claims[number] for number in sorted(claims)]


def _claimants(db: Connection, key: str) -> list[tuple[int]]:
    return db.execute("SELECT capture_id FROM capture_keys WHERE key = ?", (key,)).fetchall()


def _claim(db: Connection, capture_id: int) -> tuple[Claim, RevisionText]:
    article_id, packed = db.execute("SELECT article_id, reading FROM captures WHERE id = ?", (capture_id,)).fetchone()
    keys = [row[0] for row in db.execute("SELECT key FROM capture_keys WHERE capture_id = ?", (capture_id,))]
    text = revisions.captured_text(db, capture_id)
    return _claim_of(capture_id, article_id, articles.unpack_reading(packed), keys, text), text


def _claim_of(capture_id: int, article_id: int | None, article: Article, keys: list[str], text: RevisionText) -> Claim:
    return Claim(
        capture_id=capture_id,
        proven=article.evidence == "page",
        keys=frozenset(keys),
        article_id=article_id,
        full_text=text.full_text,
        body=text.body,
        account_names=textkeys.account_names(article.account),
        title=article.title,
        published_on=beijing_day(article.published_at) if article.published_at else None,
    )


def _row_of_key(db: Connection, key: str) -> int | None:
    row = db.execute("SELECT id FROM articles WHERE key = ?", (key,)).fetchone()
    return int(row[0]) if row else None


def _new_article(db: Connection, key: str, now: str) -> int:
    """The row of an article that is to be folded after."""
    row = db.execute(
        "INSERT INTO articles (key, kind, headline, body, char_count, content_hash, status, status_at, evidence, "
        "rules_version, first_seen_at, last_seen_at, updated_at) "
        "VALUES (?, 'article', '', '', 0, '', 'available', ?, 'text', '', ?, ?, ?) RETURNING id",
        (key, now, now, now, now),
    ).fetchone()
    return int(row[0])


def _put_keys(db: Connection, article_id: int, keys: list[str]) -> None:
    db.executemany(
        "INSERT INTO keys VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET article_id = excluded.article_id",
        [(key, article_id) for key in keys],
    )


def retire(db: Connection, article_id: int, heir: int | None) -> None:
    """Deletes an article's row that has no captures left; the keys it went by are `heir`'s, if there is one."""
    duplicates.remove(db, article_id)
    if heir is None:
        db.execute("DELETE FROM keys WHERE article_id = ?", (article_id,))
    else:
        db.execute("UPDATE keys SET article_id = ? WHERE article_id = ?", (heir, article_id))
    for table in ("notices", "captures"):  # of captures only those of notices are left here
        db.execute(f"UPDATE {table} SET article_id = ? WHERE article_id = ?", (heir, article_id))
    for table in ("urls", "links", "media", "album_articles", "reposts"):
        db.execute(f"DELETE FROM {table} WHERE article_id = ?", (article_id,))
    db.execute("DELETE FROM articles WHERE id = ?", (article_id,))
