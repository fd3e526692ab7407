"""Which article a capture is of. Decided from the set of captures that claim a key, never from their order.

A page (evidence `page`) proves the keys that it claims: all pages that share a key are one article. Any other
capture only says so (a labelled URL in a dump, in Markdown, in a record), and is believed where its text is a
version of what the key's pages say; without a page, where all that claim the key are versions of one text.
Otherwise the key is in conflict and each of them is an article of its own under `text:`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.text import compact_hash
from pipelines.store import duplicates, revisions
from pipelines.store.likeness import alike

if TYPE_CHECKING:
    from sqlite3 import Connection

    from crawler.items import Article

_RANK = {"mp": 0, "short": 1, "text": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One capture's say in whose capture it is."""

    capture_id: int
    proven: bool
    keys: frozenset[str]
    article_id: int | None
    full_text: str

    @property
    def text_key(self) -> str:
        """The key of its own text, for want of a better."""
        return "text:" + compact_hash(self.full_text)

    @property
    def claims_only_text(self) -> bool:
        """Has it nothing but its text to go by?"""
        return all(key.startswith("text:") for key in self.keys)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Captures of one article, and its key."""

    key: str
    claims: tuple[Claim, ...]


def claimed_keys(article: Article) -> list[str]:
    """Every key that a capture of `article` claims, the article's own first."""
    return list(dict.fromkeys([article.key, *(alias.key for alias in article.urls if alias.key)]))


def best_key(keys: frozenset[str] | set[str]) -> str:
    """The key that an article with all of `keys` goes by."""
    return min(keys, key=lambda key: (_RANK.get(key.split(":", 1)[0], 9), key))


def group_claims(claims: list[Claim]) -> list[Group]:
    """Divides captures that are linked by the keys they claim into articles: a pure function of their set."""
    proven = _connected([claim for claim in claims if claim.proven and not claim.claims_only_text])
    said = [claim for claim in claims if not claim.proven and not claim.claims_only_text]
    members = [list(group) for group in proven]
    loose = [claim for claim in claims if claim.claims_only_text]
    for claim in said:
        homes = [group for group, pages in zip(members, proven, strict=True) if _shares_key(claim, pages)]
        home = next(
            (g for g, p in zip(members, proven, strict=True) if _shares_key(claim, p) and _like_any(claim, p)),
            None,
        )
        if home is not None:
            home.append(claim)
        elif homes:
            loose.append(claim)
    strays = [claim for claim in said if not any(_shares_key(claim, pages) for pages in proven)]
    for group in _connected(strays):
        if all(
            alike(a.full_text, b.full_text) for i, a in enumerate(group) for b in group[:i] if a.text_key != b.text_key
        ):
            members.append(group)
        else:
            loose.extend(group)
    by_text: dict[str, list[Claim]] = {}
    for claim in loose:
        by_text.setdefault(claim.text_key, []).append(claim)
    groups = [Group(key=best_key(_all_keys(group)), claims=tuple(group)) for group in members]
    groups.extend(Group(key=key, claims=tuple(group)) for key, group in sorted(by_text.items()))
    return groups


def _all_keys(claims: list[Claim]) -> set[str]:
    proven = [claim for claim in claims if claim.proven]
    return {key for claim in proven or claims for key in claim.keys}


def _shares_key(claim: Claim, group: list[Claim]) -> bool:
    return any(claim.keys & other.keys for other in group)


def _like_any(claim: Claim, group: list[Claim]) -> bool:
    return any(alike(claim.full_text, other.full_text) for other in group)


def _connected(claims: list[Claim]) -> list[list[Claim]]:
    """Claims that share keys, directly or through others, together; in the order of their smallest key."""
    groups: list[tuple[set[str], list[Claim]]] = []
    for claim in claims:
        keys, members = set(claim.keys), [claim]
        apart = []
        for other_keys, others in groups:
            if other_keys & keys:
                keys |= other_keys
                members = others + members
            else:
                apart.append((other_keys, others))
        groups = [*apart, (keys, members)]
    return [members for _, members in sorted(groups, key=lambda group: min(group[0]))]


@dataclass(slots=True, kw_only=True)
class Placement:
    """Where a capture went."""

    article_id: int
    is_new: bool
    touched: set[int]  # other articles that lost or won captures and have to be folded anew
    keys: frozenset[str]  # every key whose article may be another one now
    conflict: str | None = None  # the key that unlike texts claim


def place(db: Connection, capture_id: int, article: Article, text_hash: str, now: str) -> Placement:
    """Finds or makes the article that a new capture is of; regroups where its keys say so.

    The capture's row is there and has no article yet.
    """
    keys = claimed_keys(article)
    db.executemany("INSERT INTO capture_keys VALUES (?, ?)", [(key, capture_id) for key in keys])
    holders = _holders(db, keys)
    contested = not holders and _claimed_before(db, keys, capture_id)
    if not holders and not contested:
        return Placement(
            article_id=_new_article(db, keys[0], keys, now), is_new=True, touched=set(), keys=frozenset(keys)
        )
    if len(holders) == 1 and _simply_joins(db, article, text_hash, next(iter(holders))):
        article_id = holders.pop()
        _put_keys(db, article_id, keys)
        return Placement(article_id=article_id, is_new=False, touched=set(), keys=frozenset(keys))
    return _regroup(db, capture_id, article, now)


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
        # Its only claim is its text, which the article has.
        return bool(key == article.key)
    if article.evidence == "page" and evidence == "page":
        others = db.execute(
            "SELECT 1 FROM captures WHERE article_id = ? AND evidence != 'page' LIMIT 1", (article_id,)
        ).fetchone()
        return others is None and key == best_key({key, *claimed_keys(article)})
    known = db.execute(
        "SELECT 1 FROM revisions WHERE article_id = ? AND text_hash = ?", (article_id, text_hash)
    ).fetchone()
    return known is not None and bool(key == best_key({key, *claimed_keys(article)}))


def _regroup(db: Connection, capture_id: int, article: Article, now: str) -> Placement:
    """Divides all captures that are linked with this one anew, and moves those that are elsewhere now."""
    claims = _linked_claims(db, capture_id, article)
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
        placed[group.key] = article_id = _new_article(db, group.key, [], now) if home is None else home
        db.execute("UPDATE articles SET key = ? WHERE id = ?", (group.key, article_id))
        is_text = group.key.startswith("text:")
        _put_keys(db, article_id, [group.key] if is_text else sorted(_all_keys(list(group.claims))))
        for claim in group.claims:
            if claim.article_id not in (None, article_id):
                revisions.move(db, claim.capture_id, article_id)
    for article_id in sorted(before - set(placed.values())):
        heirs = [placed[group.key] for group in groups if any(claim.article_id == article_id for claim in group.claims)]
        retire(db, article_id, heirs[0])
    own = next(group for group in groups if any(claim.capture_id == capture_id for claim in group.claims))
    changed = {placed[group.key] for group in groups if any(claim.capture_id != capture_id for claim in group.claims)}
    return Placement(
        article_id=placed[own.key],
        is_new=homes[own.key] is None,
        touched=changed - {placed[own.key]},
        keys=frozenset(key for claim in claims for key in claim.keys),
        conflict=article.key if own.key.startswith("text:") and own.key != article.key else None,
    )


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


def _linked_claims(db: Connection, capture_id: int, article: Article) -> list[Claim]:
    """Every capture that is linked with this one: by a key that both claim, or by an article that both are of."""
    own = Claim(
        capture_id=capture_id,
        proven=article.evidence == "page",
        keys=frozenset(claimed_keys(article)),
        article_id=None,
        full_text=article.full_text,
    )
    claims = {capture_id: own}
    pending = {row[0] for key in own.keys for row in _claimants(db, key)} - {capture_id}
    while pending:
        other = pending.pop()
        claims[other] = _claim(db, other)
        linked = {row[0] for key in claims[other].keys for row in _claimants(db, key)}
        linked |= {
            row[0]
            for row in db.execute(
                "SELECT id FROM captures WHERE article_id = ? AND reading IS NOT NULL", (claims[other].article_id,)
            )
        }
        pending |= linked - claims.keys()
    return [claims[number] for number in sorted(claims)]


def _claimants(db: Connection, key: str) -> list[tuple[int]]:
    return db.execute("SELECT capture_id FROM capture_keys WHERE key = ?", (key,)).fetchall()


def _claim(db: Connection, capture_id: int) -> Claim:
    evidence, article_id = db.execute(
        "SELECT evidence, article_id FROM captures WHERE id = ?", (capture_id,)
    ).fetchone()
    keys = db.execute("SELECT key FROM capture_keys WHERE capture_id = ?", (capture_id,))
    return Claim(
        capture_id=capture_id,
        proven=evidence == "page",
        keys=frozenset(row[0] for row in keys),
        article_id=article_id,
        full_text=revisions.captured_text(db, capture_id).full_text,
    )


def _row_of_key(db: Connection, key: str) -> int | None:
    row = db.execute("SELECT id FROM articles WHERE key = ?", (key,)).fetchone()
    return int(row[0]) if row else None


def _new_article(db: Connection, key: str, keys: list[str], now: str) -> int:
    row = db.execute(
        "INSERT INTO articles (key, kind, headline, body, char_count, content_hash, status, status_at, evidence, "
        "rules_version, first_seen_at, last_seen_at, updated_at) "
        "VALUES (?, 'article', '', '', 0, '', 'available', ?, 'text', '', ?, ?, ?) RETURNING id",
        (key, now, now, now, now),
    ).fetchone()
    _put_keys(db, int(row[0]), keys)
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
    db.execute("DELETE FROM similar WHERE ? IN (a, b)", (article_id,))
    db.execute("DELETE FROM articles WHERE id = ?", (article_id,))
